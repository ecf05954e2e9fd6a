"""The e-mail channel: IMAP in, SMTP out."""

from __future__ import annotations

from helpdesk_tui.sync.channels.email.checks import check_account as test
from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import EmailSettings, read_settings
from helpdesk_tui.sync.channels.email.smtp import Mailer

__all__ = ["EmailSettings", "Mailbox", "Mailer", "read_settings", "test"]
