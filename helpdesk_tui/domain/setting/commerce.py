"""The settings of customer context: who may change orders, and whether that is carried out."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.commerce.actions import Mode
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.setting.values import Kind, Setting

SHOP_ACTIONS = "shop-actions"
SHOP_ACTIONS_ROLE = "shop-actions-role"
_MODES: Mapping[str, str] = {
    Mode.ON: "orders and subscriptions are changed",
    Mode.DRY_RUN: "everything is checked and shown, nothing is changed",
    Mode.OFF: "orders and subscriptions are only shown",
}
_ROLES: Mapping[str, str] = {
    Role.SUPPORT: "every agent",
    Role.MANAGER: "managers and above",
    Role.ADMIN: "administrators and owners",
    Role.OWNER: "owners",
}


def mode_of(held: Held) -> Mode:
    """Return whether changes are carried out; a value that means nothing is the careful one."""
    found = text_in(held, SHOP_ACTIONS) or Mode.ON
    return Mode(found) if found in _MODES else Mode.OFF


def role_of(held: Held) -> Role:
    """Return the weakest role that may change orders and subscriptions."""
    found = text_in(held, SHOP_ACTIONS_ROLE) or Role.SUPPORT
    return Role(found) if found in _ROLES else Role.OWNER


COMMERCE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        SHOP_ACTIONS,
        "whether orders and subscriptions can be changed from here",
        read.one_of(_MODES),
        Mode.ON,
        kind=Kind.CHOICE,
        choices=_MODES,
    ),
    Setting(
        SHOP_ACTIONS_ROLE,
        "who may change orders and subscriptions",
        read.one_of(_ROLES),
        Role.SUPPORT,
        kind=Kind.CHOICE,
        choices=_ROLES,
    ),
)
