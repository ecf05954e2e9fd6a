"""Sending what is due, and filing copies: one thread, one mail at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.outbox import Claimed
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, StoreError
from helpdesk_tui.domain.mail import OutgoingMail
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.mail.html_twin import html_of
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from helpdesk_tui.sync.filing import Filing
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.mailbox import AUTH_TRIES, Password

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.email.smtp import Mailer, Sent

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0
_STORE_PAUSE = 5.0
_OVERDUE = 1.0
_LOOKS = 3
"""Times to look into Sent for a mail that may have left, as its copy may come late."""
_LOOK_FOR = 600.0
"""Seconds after which a mail stays unknown, if Sent cannot be looked into."""


class DeliveryLoop(Loop):
    """Sends what is due, one mail after the other; woken when the store changes."""

    def __init__(
        self,
        store: Store,
        owner: str,
        password: Password,
        *,
        channel: str = "",
        look_again_after: float = 2.0,
    ) -> None:
        super().__init__("delivery")
        self.owner = owner
        self.done: Counter[str] = Counter()
        """How many left, failed, stay unknown, or wait for a better moment."""
        self.errors: list[dict[str, Any]] = []
        self._accounts = Accounts(store, SYSTEM)
        self._outbox = Outbox(store, SYSTEM)
        self._password = password
        self._channel = channel
        self._look_again_after = look_again_after
        self._filing = Filing(self._outbox, password)
        self._mailers: dict[int, Mailer] = {}
        self._refusals: Counter[int] = Counter()
        self._limits: dict[int, int] = {}
        self._trouble = Backoff(first=_STORE_PAUSE, longest=60.0)
        self._unsettled: dict[int, _Unsettled] = {}
        self._one_at_a_time = threading.Lock()

    def step(self) -> float:
        """Send what is due and file copies; return the seconds until the next is due."""
        try:
            self.deliver()
            self._trouble.clear()
            return self._until_next()
        except StoreError as error:
            log.error("%s: %s", self.name, error)
            return self._trouble.next()

    def deliver(self) -> None:
        """Send what is due now and file what is not filed; blocks.

        Raises:
            StoreError: if the store cannot be read or written; nothing is lost.
        """
        with self._one_at_a_time:
            try:
                accounts = {each.id: each for each in self._accounts.enabled(self._channel)}
                self._recover()
                self._settle(accounts)
                self._send_due(accounts)
                self._filing.run(accounts, self.stopping)
            finally:
                self._close_mailers()

    def deliver_now(self) -> dict[str, Any]:
        """Send what is due, in the thread of the caller; return what was done."""
        before, known = Counter(self.done), len(self.errors)
        self.deliver()
        counts = {name: self.done[name] - before[name] for name in ("sent", "not_sent", "unknown")}
        return {**counts, "errors": self.errors[known:]}

    def finish(self) -> None:
        """Drop the connections."""
        self._filing.close()

    def interrupt(self) -> None:
        """Cut the connection to the Sent folder; a mail on its way out is finished."""
        self._filing.close()

    def _until_next(self) -> float:
        waits = [_LONGEST_SLEEP, self._filing.pause()]
        following = self._outbox.next_due()
        if following is not None:
            left = following.timestamp() - time.time()
            # what is due and was not taken belongs to an account that is switched off
            waits.append(left if left > 0 else _OVERDUE)
        if self._unsettled:
            waits.append(self._look_again_after)
        return min(waits)

    def _send_due(self, accounts: dict[int, Account]) -> None:
        for account in accounts.values():
            while not self.stopping.is_set():
                # one claim at a time: what waits behind a slow server stays free to be taken back
                claims = self._outbox.claim_due(self.owner, account_id=account.id, limit=1)
                if not claims:
                    break
                self._deliver(claims[0], account)

    def _deliver(self, claim: Claimed, account: Account) -> None:
        """Send one claimed mail; one that somebody else has by now is theirs to note."""
        try:
            self._attempt(claim, account)
        except Conflict as error:
            log.warning("message %s: %s", claim.message_id, error.code)

    def _attempt(self, claim: Claimed, account: Account) -> None:
        """Send one claimed mail and note how it went."""
        key = claim.message_id
        try:
            sent = self._send(claim, account)
        except (Conflict, StoreError):
            # nothing was noted: the claim is lost or runs out, and what happened is found out then
            raise
        except Uncertain as error:
            self._unsettled[key] = _Unsettled(claim, error.code)
            self._settle({account.id: account})
            return
        except HelpdeskError as error:
            self._not_sent(claim, account, error)
            return
        self._refusals[account.id] = 0
        refused = ", ".join(f"{each.address} ({each.code} {each.text})" for each in sent.refused)
        self._outbox.sent(
            key, self.owner, code="smtp.some-refused" if refused else "", text=refused
        )
        self.done["sent"] += 1

    def _send(self, claim: Claimed, account: Account) -> Sent:
        """Send one mail; automatic ones without an envelope sender, if the server takes that.

        So no other machine answers them, and what they cause does not come back.
        """
        raw = self._outbox.rendered(claim.message_id, self.owner, rendered_mail)
        mail = self._outbox.outgoing(claim.message_id)
        if mail.automatic:
            try:
                return self._send_as("", mail, raw, claim, account)
            except Rejected as error:
                log.info("message %s: no empty sender here: %s", claim.message_id, error.code)
        return self._send_as(mail.sender.addr, mail, raw, claim, account)

    def _send_as(
        self, sender: str, mail: OutgoingMail, raw: bytes, claim: Claimed, account: Account
    ) -> Sent:
        people = (*mail.to, *mail.cc, *mail.bcc)
        mailer = self._mailer(account)
        try:
            return mailer.send(
                sender,
                list(dict.fromkeys(each.addr for each in people)),
                raw,
                lambda: self._outbox.begin_data(claim.message_id, self.owner),
                envelope_id="" if mail.automatic else mail.message_id,
            )
        finally:
            self._note_limit(account, mailer.size_limit)

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

    def _close_mailers(self) -> None:
        while self._mailers:
            self._mailers.popitem()[1].close()

    def _not_sent(self, claim: Claimed, account: Account, error: HelpdeskError) -> None:
        """Queue a mail again, or let it fail, as the error says."""
        text = str(error.values.get("text", "") or error.values.get("reason", ""))
        if isinstance(error, AuthFailed):
            self._refusals[account.id] += 1
        hopeless = isinstance(error, AuthFailed) and self._refusals[account.id] >= AUTH_TRIES
        log.warning("message %s was not sent: %s", claim.message_id, error.code)
        self.errors.append(failure(account.name, error))
        del self.errors[:-50]
        self.done["not_sent"] += 1
        if isinstance(error, Retry | AuthFailed) and not hopeless:
            after = timedelta(seconds=error.after) if isinstance(error, Retry) else None
            self._outbox.retry_later(claim, self.owner, error.code, text, after=after or None)
        else:
            self._outbox.failed(claim.message_id, self.owner, error.code, text)

    def _recover(self) -> None:
        """Take over mails that a dead worker may have sent.

        This process holds the lock of the one worker, so every other claim is a dead one's.
        """
        for claim in self._outbox.recover(self.owner, others_are_dead=True):
            self._unsettled.setdefault(claim.message_id, _Unsettled(claim, "outbox.uncertain"))

    def _settle(self, accounts: dict[int, Account]) -> None:
        """Decide about mails that may have left: they did if Sent holds them."""
        for key, case in list(self._unsettled.items()):
            account = accounts.get(case.claim.account_id or 0)
            if account is None and self._channel:
                continue
            try:
                settled = self._decide(key, case, account)
            except Conflict as error:
                # kept, it would hold up all that is due, round after round
                log.warning("message %s: %s", key, error.code)
                settled = True
            if settled:
                del self._unsettled[key]

    def _decide(self, key: int, case: _Unsettled, account: Account | None) -> bool:
        """Note what became of a mail; False if that cannot be told yet."""
        if account is not None and self._look(account, case):
            self._outbox.sent(key, self.owner, filed=True)
            self.done["sent"] += 1
            return True
        if account is None or case.looks >= _LOOKS or case.began + _LOOK_FOR < time.monotonic():
            self._outbox.unknown(key, self.owner, case.code)
            self.done["unknown"] += 1
            return True
        self._outbox.keep(key, self.owner, phase="data")
        return False

    def _look(self, account: Account, case: _Unsettled) -> bool:
        """Look into Sent a few times; a folder that cannot be seen does not count as a look."""
        while case.looks < _LOOKS:
            if case.looks and self.stopping.wait(self._look_again_after):
                return False
            try:
                if self._filing.holds(account, case.claim.external_id):
                    return True
            except HelpdeskError as error:
                log.warning("Sent of %s cannot be looked into: %s", account.name, error.code)
                return False
            case.looks += 1
        return False


@dataclass(slots=True)
class _Unsettled:
    """A mail that may have left."""

    claim: Claimed
    code: str
    looks: int = 0
    began: float = field(default_factory=time.monotonic)


def rendered_mail(mail: OutgoingMail) -> bytes:
    """Return the bytes of a mail, plain text with its simple HTML twin."""
    return compose_mail(replace(mail, html=mail.html or html_of(mail.text)))


def failure(name: str, error: HelpdeskError) -> dict[str, Any]:
    """Return an error of a channel as summaries and job results show it."""
    values = {key: str(value) for key, value in error.values.items()}
    return {"channel": name, "code": error.code, "values": values}
