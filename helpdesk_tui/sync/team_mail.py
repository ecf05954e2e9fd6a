"""Sending the mail that tells the team of new tickets: a thread of its own, beside the customers'.

Nobody waits for it: a slow mail server holds up neither replies nor receiving.
"""

from __future__ import annotations

import logging
import time

from helpdesk_tui.db.store import Store
from helpdesk_tui.db.team_mail import Mail
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.team_mail import Prepared, TeamMail
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import Rejected
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0
_STORE_PAUSE = 10.0


class TeamMailLoop(Loop):
    """Gathers new tickets and sends the mails that are due; woken when the store changes."""

    def __init__(self, store: Store, password: Password, *, now: Clock = utc_now) -> None:
        super().__init__("team mail")
        self._accounts = Accounts(store, SYSTEM)
        self._mails = TeamMail(store, now=now)
        self._password = password

    def store_changed(self) -> None:
        """Look for new tickets now."""
        self.wake()

    def step(self) -> float:
        """Do what is due; return the seconds until the next mail is."""
        try:
            self.deliver()
            due = self._mails.next_due()
        except StoreError as error:
            log.error("%s: %s", self.name, error)
            return _STORE_PAUSE
        if due is None:
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.5, due.timestamp() - time.time()))

    def deliver(self) -> None:
        """Gather new tickets and send the mails that are due; blocks.

        Raises:
            StoreError: if the store cannot be read or written; nothing is lost.
        """
        self._mails.gather()
        due = self._mails.due()
        account = self._account() if due else None
        if account is None:
            return
        for row in due:
            if self.stopping.is_set():
                return
            self._deliver(row, account)

    def _account(self) -> Account | None:
        """Return the mailbox that the team's mail leaves from: the first that is switched on."""
        return next((each for each in self._accounts.all(EMAIL.name) if each.enabled), None)

    def _deliver(self, row: Mail, account: Account) -> None:
        prepared = self._mails.prepare(row, account)
        if prepared is None:
            return
        try:
            self._send(prepared, account)
        except StoreError:
            raise
        except Rejected as error:
            log.warning("a mail to the team was refused: %s", error.code)
            self._mails.failed(prepared, error.code)
        except HelpdeskError as error:
            log.warning("a mail to the team did not leave: %s", error.code)
            self._mails.later(prepared, error.code)
        else:
            self._mails.sent(prepared)

    def _send(self, prepared: Prepared, account: Account) -> None:
        """Send one mail, without an envelope sender if the server takes that: nothing comes back.

        Raises:
            HelpdeskError: if it did not leave, or perhaps did.
        """
        # whoever has nothing to send needs nothing of what sends
        from helpdesk_tui.sync.channels.email.smtp import Mailer

        settings = read_settings(account.settings, account.address)
        secret = self._password(account, "smtp") if settings.smtp_user else ""
        raw = compose_mail(prepared.mail)
        people = [each.addr for each in prepared.mail.to]
        mailer = Mailer(settings, secret)
        try:
            try:
                mailer.send("", people, raw, _nothing)
            except Rejected:
                mailer.send(account.address, people, raw, _nothing)
        finally:
            mailer.close()


def _nothing() -> None:
    """Take note of nothing: the mail is noted as under way before it is begun."""
