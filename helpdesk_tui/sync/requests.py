"""Jobs that screens and commands ask of the worker."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Check, Job
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.jobs import (
    ACTION_PREVIEW,
    ADDRESS_TEST,
    CHANNEL_TEST,
    INTAKE_TICKET,
    ORDER_FIND,
    SOURCE_TEST,
    SYNC_NOW,
    Jobs,
)
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.address_tests import send_test
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.delivery import failure
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.parser import ParserProcess
from helpdesk_tui.sync.receiving import Password

log = logging.getLogger(__name__)
_LOOK_EVERY = 60.0
_ROUND_LIMIT = 540.0


class JobLoop(Loop):
    """Takes jobs one by one; woken when the store changes."""

    def __init__(
        self,
        store: Store,
        owner: str,
        running: RunningAccounts,
        deliver: Callable[[], dict[str, Any]],
        password: Password,
    ) -> None:
        super().__init__("jobs")
        self._store = store
        self._jobs = Jobs(store, SYSTEM)
        self._accounts = Accounts(store, SYSTEM)
        self._owner = owner
        self._running = running
        self._deliver = deliver
        self._password = password

    def store_changed(self) -> None:
        """Look for what is to be done now."""
        self.wake()

    def step(self) -> float:
        """Do what waits."""
        while not self.stopping.is_set():
            # what would be changed is worked out beside: nobody waits for it behind a long round
            job = self._jobs.claim(self._owner, besides=ACTION_PREVIEW)
            if job is None:
                break
            self._do(job)
        return _LOOK_EVERY

    def _do(self, job: Job) -> None:
        kinds: dict[str, Callable[[Job], dict[str, Any]]] = {
            SYNC_NOW: self._sync_now,
            CHANNEL_TEST: self._channel_test,
            ADDRESS_TEST: self._address_test,
            INTAKE_TICKET: self._intake_ticket,
            SOURCE_TEST: self._source_test,
            ORDER_FIND: self._order_find,
        }
        # whatever else happens in it, a job that did not end well has failed, and says so at once
        result: dict[str, Any] = {"code": "job.failed"}
        has_failed = True
        try:
            do = kinds.get(job.kind)
            if do is None:
                raise NotFound("job.unknown", kind=job.kind)
            result = do(job)
            has_failed = False
        except HelpdeskError as error:
            values = {key: str(value) for key, value in error.values.items()}
            result = {"code": error.code, "values": values}
        finally:
            self._jobs.finish(job, result, failed=has_failed)

    def _sync_now(self, job: Job) -> dict[str, Any]:
        name = str(job.arguments.get("channel", ""))
        self._accounts.enabled(name)
        self._running.refresh()
        rounds = [
            (fetcher.account.name, fetcher.ask_round())
            for fetcher in self._running.fetchers()
            if name in ("", fetcher.account.name)
        ]
        received, errors = Summary(), []
        for account, asked in rounds:
            self._wait(asked.done)
            received += asked.received
            if asked.error is not None:
                errors.append(failure(account, asked.error))
        sent = self._deliver()
        return {**asdict(received), **sent, "errors": [*errors, *sent["errors"]]}

    def _wait(self, done: threading.Event) -> None:
        deadline = time.monotonic() + _ROUND_LIMIT
        while not (done.wait(0.1) or self.stopping.is_set() or time.monotonic() > deadline):
            pass

    def _address_test(self, job: Job) -> dict[str, Any]:
        return send_test(self._store, str(job.arguments.get("address", "")), self._password)

    def _intake_ticket(self, job: Job) -> dict[str, Any]:
        wanted, agent = job.arguments, job.arguments.get("agent")
        address = str(wanted.get("address", ""))
        customer = Address(str(wanted.get("name", "")), address) if address else None
        actor = SYSTEM if agent is None else Actor(ActorKind.AGENT, int(agent))
        # it brings the whole reading of mail, which only its own process needs otherwise
        from helpdesk_tui.sync.intake_tickets import make_ticket

        with ParserProcess() as parser:
            ticket = make_ticket(self._store, actor, parser, int(wanted["intake"]), customer)
        return {"ticket": ticket}

    def _channel_test(self, job: Job) -> dict[str, Any]:
        account = self._accounts.named(str(job.arguments.get("channel", "")))
        checks = adapter_of(account.channel).test(account, self._password)
        return _told(checks)

    def _source_test(self, job: Job) -> dict[str, Any]:
        # a desk without sources never needs what asks them
        from helpdesk_tui.sync.commerce.trying import try_kept

        return _told(try_kept(self._store, str(job.arguments.get("source", ""))))

    def _order_find(self, job: Job) -> dict[str, Any]:
        from helpdesk_tui.sync.commerce.order_finding import find_order

        wanted = job.arguments
        is_found = find_order(self._store, int(wanted["profile"]), str(wanted["name"]))
        return {"found": is_found}


def _told(checks: Sequence[Check]) -> dict[str, Any]:
    """Return the steps of a test as the result of a job."""
    return {
        "checks": [
            {"name": check.name, "ok": check.ok, "code": check.code,
             "values": {key: str(value) for key, value in check.values.items()}}
            for check in checks
        ]
    }  # fmt: skip
