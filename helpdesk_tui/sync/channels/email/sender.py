"""Replies leave as mail: rendered, handed to the SMTP server, and filed in Sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.mail import OutgoingMail
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.mail.html_twin import html_of
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.channels.sending import Outgoing, Taken
from helpdesk_tui.sync.filing import Filing
from helpdesk_tui.sync.receiving import Password

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.email.smtp import Mailer, Sent

log = logging.getLogger(__name__)


class MailSender:
    """Sends mail over connections that are kept for one round."""

    @property
    def keeps_order(self) -> bool:
        """Mail takes ways of its own: it may overtake another anyhow."""
        return False

    def __init__(self, store: Store, password: Password) -> None:
        self._accounts = Accounts(store, SYSTEM)
        self._password = password
        self._filing = Filing(Outbox(store, SYSTEM), password)
        self._mailers: dict[int, Mailer] = {}
        self._limits: dict[int, int] = {}

    def is_ready(self, account: Account) -> bool:
        """Tell whether to try: each mail finds out by itself."""
        return True

    def send(self, outgoing: Outgoing) -> Taken:
        """Send one mail; automatic ones without an envelope sender, if the server takes that.

        So no other machine answers them, and what they cause does not come back.
        """
        key, outbox = outgoing.claim.message_id, outgoing.outbox
        raw = outbox.rendered(key, outgoing.owner, rendered_mail)
        mail = outbox.outgoing(key)
        if mail.automatic:
            try:
                return _taken(self._send_as("", mail, raw, outgoing))
            except Rejected as error:
                log.info("message %s: no empty sender here: %s", key, error.code)
        return _taken(self._send_as(mail.sender.addr, mail, raw, outgoing))

    def holds(self, account: Account, external_id: str) -> bool:
        """Tell whether the Sent folder holds a mail; raises HelpdeskError."""
        return self._filing.holds(account, external_id)

    def after_round(self, accounts: Mapping[int, Account], stop: threading.Event) -> None:
        """File what is not filed."""
        self._filing.run(accounts, stop)

    def pause(self) -> float:
        """Return the seconds until a copy that failed should be tried again."""
        return self._filing.pause()

    def end_round(self) -> None:
        """Say goodbye to the mail servers."""
        while self._mailers:
            self._mailers.popitem()[1].close()

    def interrupt(self) -> None:
        """Cut the connection to the Sent folder; a mail on its way out is finished."""
        self._filing.close()

    def close(self) -> None:
        """Drop the connections."""
        self._filing.close()

    def _send_as(self, sender: str, mail: OutgoingMail, raw: bytes, outgoing: Outgoing) -> Sent:
        people = (*mail.to, *mail.cc, *mail.bcc)
        mailer = self._mailer(outgoing.account)
        try:
            return mailer.send(
                sender,
                list(dict.fromkeys(each.addr for each in people)),
                raw,
                lambda: outgoing.outbox.begin_data(outgoing.claim.message_id, outgoing.owner),
                envelope_id="" if mail.automatic else mail.message_id,
            )
        finally:
            self._note_limit(outgoing.account, mailer.size_limit)

    def _note_limit(self, account: Account, limit: int) -> None:
        """Remember what the server takes: larger replies are refused before they are queued."""
        if limit and self._limits.get(account.id) != limit:
            self._limits[account.id] = limit
            self._accounts.takes_up_to(account, limit)

    def _mailer(self, account: Account) -> Mailer:
        if account.id not in self._mailers:
            # most rounds have nothing to send, and need nothing of what sends
            from helpdesk_tui.sync.channels.email.smtp import Mailer

            try:
                settings = read_settings(account.settings, account.address)
                secret = self._password(account, "smtp") if settings.smtp_user else ""
            except HelpdeskError as error:
                # a setting can be mended: no reason to give a mail up
                raise Retry(error.code, reason=str(error)) from error
            self._mailers[account.id] = Mailer(settings, secret)
        return self._mailers[account.id]


def _taken(sent: Sent) -> Taken:
    refused = ", ".join(f"{each.address} ({each.code} {each.text})" for each in sent.refused)
    return Taken("smtp.some-refused" if refused else "", refused)


def rendered_mail(mail: OutgoingMail) -> bytes:
    """Return the bytes of a mail, plain text with its simple HTML twin."""
    return compose_mail(replace(mail, html=mail.html or html_of(mail.text)))
