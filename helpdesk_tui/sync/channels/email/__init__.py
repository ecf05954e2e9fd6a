"""The e-mail channel: IMAP in, SMTP out.

What it offers is imported at its first use: fetching mail needs nothing of what sends it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.email.checks import check_account as test
    from helpdesk_tui.sync.channels.email.imap import Mailbox
    from helpdesk_tui.sync.channels.email.settings import EmailSettings, read_settings
    from helpdesk_tui.sync.channels.email.smtp import Mailer

__all__ = ["EmailSettings", "Mailbox", "Mailer", "read_settings", "test"]

_HOMES = {
    "EmailSettings": ("settings", "EmailSettings"),
    "Mailbox": ("imap", "Mailbox"),
    "Mailer": ("smtp", "Mailer"),
    "read_settings": ("settings", "read_settings"),
    "test": ("checks", "check_account"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    module, attribute = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
