"""What values are called that stand as codes in the store, in JSON and in queries.

People read these words; scripts read the codes, which are the same in every language. A code of a
newer program is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.accounts import AccountState, AddressState
from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.widgets.words.language import N_, _, pgettext
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.words.view_names import status_name

_ROLES: Mapping[str, str] = N_(
    {
        Role.SUPPORT: "support",
        Role.MANAGER: "manager",
        Role.ADMIN: "admin",
        Role.OWNER: "owner",
    },
    context="role",
)
_ADDRESSES: Mapping[str, str] = N_(
    {
        AddressState.PENDING: "pending",
        AddressState.VERIFIED: "verified",
        AddressState.FAILING: "failing",
        AddressState.OFF: "off",
    },
    context="address",
)
_CHANNELS: Mapping[str, str] = N_(
    {
        AccountState.NEW: "new",
        AccountState.OK: "ok",
        AccountState.RETRYING: "retrying",
        AccountState.STOPPED: "stopped",
        "off": "off",
    },
    context="channel",
)
_DELIVERIES: Mapping[str, str] = N_(
    {
        Delivery.RECEIVED: "received",
        Delivery.DRAFT: "draft",
        Delivery.SCHEDULED: "scheduled",
        Delivery.QUEUED: "queued",
        Delivery.SENDING: "sending",
        Delivery.SENT: "sent",
        Delivery.DELIVERED: "delivered",
        Delivery.READ: "read",
        Delivery.FAILED: "failed",
        Delivery.UNKNOWN: "unknown",
    },
    context="message",
)


def role_name(role: str) -> str:
    """Return what a role is called."""
    return _said("role", _ROLES, role)


def address_state_name(state: str) -> str:
    """Return what the state of a support address is called."""
    return _said("address", _ADDRESSES, state)


def channel_state_name(state: str, *, is_on: bool = True) -> str:
    """Return what the state of a channel is called; one that is switched off is off."""
    return _said("channel", _CHANNELS, state if is_on else "off")


def delivery_name(delivery: str) -> str:
    """Return what the state of a message is called."""
    return _said("message", _DELIVERIES, delivery)


def ticket_state_name(status: str, *, is_spam: bool = False) -> str:
    """Return what the status of a ticket is called; spam is neither open nor closed."""
    if is_spam:
        return _("spam")
    return status_name(Status(status)) if status in tuple(Status) else clean(status)


def value_name(field: str, value: str, kind: str) -> str:
    """Return what a value of the log is called.

    Args:
        field: the name of the value, such as ``status``.
        value: its code.
        kind: what was done, such as ``address.state``: a state is a channel's or an address's.
    """
    if field == "state":
        of_address = kind.startswith("address.")
        return address_state_name(value) if of_address else channel_state_name(value)
    if field == "status":
        return ticket_state_name(value)
    names = {"priority": priority_name, "role": role_name, "delivery": delivery_name}
    return names[field](value) if field in names else clean(value)


def _said(context: str, names: Mapping[str, str], code: str) -> str:
    return pgettext(context, names[code]) if code in names else clean(code)
