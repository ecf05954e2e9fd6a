"""The phone channels of the sample desk: everything works there, and nothing leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.providers import PROVIDER, Carrier
from helpdesk_tui.domain.messaging.templates import TemplateFound

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.services.desk import Desk

_TEMPLATES = (
    TemplateFound(
        "order_update",
        "en",
        "approved",
        "Hi {{1}}, your order {{2}} has left our warehouse today. Reply here if anything is amiss.",
    ),
    TemplateFound(
        "still_there", "en", "approved", "Hi {{1}}, did this answer your question? We are here."
    ),
)


def open_phones(desk: Desk) -> None:
    """Switch SMS, WhatsApp and Instagram on, with a carrier that carries nothing anywhere."""
    for account in desk.admin.channels():
        if CHANNELS[account.channel].is_messaging:
            _open(desk, account)


def _open(desk: Desk, account: Account) -> None:
    spec = CHANNELS[account.channel]
    settings: dict[str, Any] = {PROVIDER: Carrier.SANDBOX.value}
    if spec.human_window is not None:
        settings["human_agent"] = True
    desk.admin.set_channel_settings(account.id, settings)
    desk.admin.set_channel_state(account.id, enabled=True)
    for template in _TEMPLATES if spec.has_templates else ():
        desk.templates.add(account, template)
