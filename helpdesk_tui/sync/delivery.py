"""Sending what is due in one channel: one thread, one message at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from helpdesk_tui.db.outbox import Claimed
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, StoreError
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.errors import AuthFailed, NotYet, Retry, Uncertain, Undecided
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.channels.sending import Outgoing
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import AUTH_TRIES, Password

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0
_STORE_PAUSE = 5.0
_OVERDUE = 1.0
_COUNTS = ("sent", "not_sent", "unknown")
_LOOKS = 3
"""Times to look for a message that may have left, as its trace may come late."""
_LOOK_FOR = 600.0
"""Seconds after which a message stays unknown, if it cannot be looked for."""


class DeliveryLoop(Loop):
    """Sends what is due in one channel, one by one; woken when the store changes."""

    def __init__(
        self,
        store: Store,
        owner: str,
        password: Password,
        *,
        adapter: Adapter | None = None,
        channel: str = "",
        look_again_after: float = 2.0,
    ) -> None:
        """Make the loop.

        Args:
            store: The store.
            owner: What this worker claims messages as.
            password: Gives the secrets of accounts.
            adapter: The channel; e-mail if not given.
            channel: Only the channel account of this name.
            look_again_after: Seconds between two looks for a message that may have left.
        """
        self._adapter = adapter or adapter_of(EMAIL.name)
        super().__init__(f"delivery {self._adapter.spec.name}")
        self.owner = owner
        self.done: Counter[str] = Counter()
        """How many left, failed, stay unknown, or wait for a better moment."""
        self.errors: list[dict[str, Any]] = []
        self._accounts = Accounts(store, SYSTEM)
        self._outbox = Outbox(store, SYSTEM)
        self._channel = channel
        self._look_again_after = look_again_after
        self._sender = self._adapter.sender(store, password)
        self._refusals: Counter[int] = Counter()
        self._trouble = Backoff(first=_STORE_PAUSE, longest=60.0)
        self._unsettled: dict[int, _Unsettled] = {}
        self._one_at_a_time = threading.Lock()

    def store_changed(self) -> None:
        """Look for what is to be done now."""
        self.wake()

    def step(self) -> float:
        """Send what is due; return the seconds until the next is due."""
        try:
            self.deliver()
            self._trouble.clear()
            return self._until_next()
        except StoreError as error:
            log.error("%s: %s", self.name, error)
            return self._trouble.next()

    def deliver(self) -> None:
        """Send what is due now and do what follows from it; blocks.

        Raises:
            StoreError: if the store cannot be read or written; nothing is lost.
        """
        with self._one_at_a_time:
            try:
                accounts = {each.id: each for each in self._wanted()}
                self._recover()
                self._settle(accounts)
                self._send_due(accounts)
                self._sender.after_round(accounts, self.stopping)
            finally:
                self._sender.end_round()

    def _wanted(self) -> list[Account]:
        found = self._accounts.enabled(channel=self._adapter.spec.name)
        return [one for one in found if self._channel in ("", one.name)]

    def deliver_now(self) -> dict[str, Any]:
        """Send what is due, in the thread of the caller; return what was done."""
        before, known = Counter(self.done), len(self.errors)
        self.deliver()
        counts = {name: self.done[name] - before[name] for name in _COUNTS}
        return {**counts, "errors": self.errors[known:]}

    def finish(self) -> None:
        """Drop the connections."""
        self._sender.close()

    def interrupt(self) -> None:
        """Cut short what is waited for; a message on its way out is finished."""
        self._sender.interrupt()

    def _until_next(self) -> float:
        waits = [_LONGEST_SLEEP, self._sender.pause()]
        following = self._outbox.next_due(channel=self._adapter.spec.name)
        if following is not None:
            left = following.timestamp() - time.time()
            # what is due and was not taken belongs to an account that is off or out of reach
            waits.append(left if left > 0 else _OVERDUE)
        if self._unsettled:
            waits.append(self._look_again_after)
        return min(waits)

    def _send_due(self, accounts: dict[int, Account]) -> None:
        for account in accounts.values():
            while not self.stopping.is_set() and self._sender.is_ready(account):
                # one claim at a time: what waits behind a slow server stays free to be taken back
                claims = self._outbox.claim_due(
                    self.owner,
                    account_id=account.id,
                    limit=1,
                    in_order=self._sender.keeps_order,
                )
                if not claims:
                    break
                self._deliver(claims[0], account)

    def _deliver(self, claim: Claimed, account: Account) -> None:
        """Send one claimed message; one that somebody else has by now is theirs to note."""
        try:
            self._attempt(claim, account)
        except Conflict as error:
            log.warning("message %s: %s", claim.message_id, error.code)

    def _attempt(self, claim: Claimed, account: Account) -> None:
        """Send one claimed message and note how it went."""
        key = claim.message_id
        try:
            taken = self._sender.send(Outgoing(claim, account, self.owner, self._outbox))
        except (Conflict, StoreError):
            # nothing was noted: the claim is lost or runs out, and what happened is found out then
            raise
        except NotYet as error:
            self._outbox.postpone(claim, self.owner, timedelta(seconds=error.after), error.code)
            return
        except Undecided as error:
            self._outbox.unknown(key, self.owner, error.code)
            self.done["unknown"] += 1
            return
        except Uncertain as error:
            self._unsettled[key] = _Unsettled(claim, error.code)
            self._settle({account.id: account})
            return
        except HelpdeskError as error:
            self._not_sent(claim, account, error)
            return
        self._refusals[account.id] = 0
        self._outbox.sent(key, self.owner, filed=taken.is_filed, code=taken.code, text=taken.text)
        self.done["sent"] += 1

    def _not_sent(self, claim: Claimed, account: Account, error: HelpdeskError) -> None:
        """Queue a message again, or let it fail, as the error says."""
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
            self._outbox.retry_later(
                claim,
                self.owner,
                error.code,
                text,
                after=after or None,
                is_live=self._adapter.spec.is_live or self._adapter.spec.is_messaging,
            )
        else:
            self._outbox.failed(claim.message_id, self.owner, error.code, text)

    def _recover(self) -> None:
        """Take over messages that a dead worker may have sent.

        This process holds the lock of the one worker, so every other claim is a dead one's.
        """
        lost = self._outbox.recover(
            self.owner, others_are_dead=True, channel=self._adapter.spec.name
        )
        for claim in lost:
            self._unsettled.setdefault(claim.message_id, _Unsettled(claim, "outbox.uncertain"))

    def _settle(self, accounts: dict[int, Account]) -> None:
        """Decide about messages that may have left: they did if the other side has them."""
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
        """Note what became of a message; False if that cannot be told yet."""
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
        """Look for it a few times; where that cannot be done, it does not count as a look."""
        while case.looks < _LOOKS:
            if case.looks and self.stopping.wait(self._look_again_after):
                return False
            try:
                if self._sender.holds(account, case.claim.external_id):
                    return True
            except HelpdeskError as error:
                log.warning("%s cannot be asked: %s", account.name, error.code)
                return False
            case.looks += 1
        return False


@dataclass(slots=True)
class _Unsettled:
    """A message that may have left."""

    claim: Claimed
    code: str
    looks: int = 0
    began: float = field(default_factory=time.monotonic)


def combined(
    sent: Sequence[Mapping[str, Any]], errors: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return what several channels have sent as one summary, behind errors of before."""
    counts = {name: sum(one[name] for one in sent) for name in _COUNTS}
    return {**counts, "errors": [*errors, *(error for one in sent for error in one["errors"])]}


def failure(name: str, error: HelpdeskError) -> dict[str, Any]:
    """Return an error of a channel as summaries and job results show it."""
    values = {key: str(value) for key, value in error.values.items()}
    return {"channel": name, "code": error.code, "values": values}
