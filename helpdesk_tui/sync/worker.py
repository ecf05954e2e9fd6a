"""The worker: fetches, sends and wakes for one store, one process at a time."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.chat.timers import ChatTimers
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.setup import sweep_files
from helpdesk_tui.services.triage import Triage
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.channels.registry import adapters
from helpdesk_tui.sync.commerce.action_loop import ActionLoop
from helpdesk_tui.sync.commerce.context_loop import ContextLoop, stored_secrets
from helpdesk_tui.sync.commerce.previewing import PreviewLoop
from helpdesk_tui.sync.delivery import DeliveryLoop, combined
from helpdesk_tui.sync.lease import WorkerLock
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.notify import notify_service
from helpdesk_tui.sync.once import ask_worker, sync_once
from helpdesk_tui.sync.passwords import stored_passwords
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relays import RelaysLoop
from helpdesk_tui.sync.requests import JobLoop
from helpdesk_tui.sync.responder.loop import ResponderLoop
from helpdesk_tui.sync.responder.pages_loop import PagesLoop
from helpdesk_tui.sync.team_mail import TeamMailLoop

log = logging.getLogger(__name__)

WATCH_EVERY = 0.1
_REFRESH_EVERY = 1.0
_RENEW_EVERY = 15.0
_STOP_WITHIN = 0.9
_MAX_SLEEP = 60.0
_TEST_POLL = 5.0
_RESPONDER_THREADS = 6
"""Chats that may wait for a language model or a webhook beside each other."""


def run(
    root: Path,
    *,
    once: bool = False,
    channel: str | None = None,
    stop: threading.Event | None = None,
    password: Password | None = None,
) -> dict[str, Any]:
    """Work for a store until told to stop, or for one round; blocks.

    Signals that end a process end the work cleanly, where this runs in the main thread.

    Args:
        root: The folder of the store, whose schema is up to date.
        once: Poll every channel once, deliver what is due, return. While another worker is at
            work, that one is asked to do it.
        channel: Only the channel account of this name.
        stop: Ends the work when it is set.
        password: Gives the passwords of accounts; those kept for this store if not given.

    Returns:
        What was done: the counts of received and sent mail, and ``errors``.

    Raises:
        HelpdeskError: if the store cannot be used or the channel is unknown.
    """
    stop = stop or threading.Event()
    secrets_of = password if password is not None else stored_passwords(root)
    store = Store(root)
    lock = WorkerLock(store.paths.sync_lock)
    try:
        with _ended_by_signals(stop):
            Accounts(store, SYSTEM).enabled(channel or "")
            if once:
                asked = None if lock.take() else ask_worker(store, channel or "", stop, lock.take)
                if asked is not None:
                    return asked
                return sync_once(store, channel or "", stop, secrets_of)
            if not lock.wait(stop):
                return {}
            sweep_files(root)
            return Worker(store, stop, channel or "", secrets_of).run()
    finally:
        lock.free()
        store.close()


@contextmanager
def _ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """Set ``stop`` at SIGTERM, SIGINT and SIGHUP while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    former = {
        number: signal.signal(number, end)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


class Worker:
    """The service: threads for every account, for sending, for jobs; watches the store."""

    def __init__(
        self, store: Store, stop: threading.Event, channel: str, password: Password
    ) -> None:
        self._store = store
        self._stop = stop
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._reports = Accounts(store, SYSTEM)
        self._triage = Triage(store, SYSTEM)
        self._addresses = Addresses(store, SYSTEM)
        self._accounts = RunningAccounts(store, password, channel)
        # a loop for each channel: nobody in a chat waits behind a slow mail server
        self._deliveries = [
            DeliveryLoop(store, self.owner, password, adapter=adapter, channel=channel)
            for adapter in adapters()
        ]
        self._jobs = JobLoop(store, self.owner, self._accounts, self._deliver_now, password)
        self._team_mail = TeamMailLoop(store, password)
        self._responder = ResponderLoop(store, threads=_RESPONDER_THREADS)
        self._pages = PagesLoop(store)
        self._relays = RelaysLoop(store, password)
        source_secret = stored_secrets(store.paths.root)
        self._customers = ContextLoop(store, source_secret)
        self._actions = ActionLoop(store, self.owner, source_secret)
        self._previews = PreviewLoop(store, self.owner, source_secret)
        self._chat_timers = ChatTimers(store)
        self._next_chat_timer = 0.0
        self._next_refresh = 0.0
        self._next_renewal = 0.0
        self._next_wake = 0.0
        self._next_test = 0.0
        self._changed = True

    def run(self) -> dict[str, Any]:
        """Work until told to stop; returns within a second of that."""
        for loop in self._loops():
            loop.start()
        notify_service("READY=1")
        log.info("worker %s began", self.owner)
        try:
            self._watch()
        finally:
            notify_service("STOPPING=1")
            self._end()
        return {}

    def _loops(self) -> list[Loop]:
        """Return the threads that are of no single account."""
        return [
            *self._deliveries, self._jobs, self._team_mail, self._responder, self._pages,
            self._relays, self._customers, self._actions, self._previews,
        ]  # fmt: skip

    def _deliver_now(self) -> dict[str, Any]:
        return combined([each.deliver_now() for each in self._deliveries])

    def _watch(self) -> None:
        """Notice commits of others within a tenth of a second, and whose time has come."""
        seen = -1
        while not self._stop.is_set():
            try:
                version = self._store.data_version()
                if version != seen:
                    seen = version
                    self._changed = True
                    for loop in self._loops():
                        loop.store_changed()
                    self._accounts.store_changed()
                self._housekeeping()
            except StoreError as error:
                log.error("the store does not answer: %s", error)
                self._stop.wait(_REFRESH_EVERY)
            self._stop.wait(WATCH_EVERY)

    def _housekeeping(self) -> None:
        now = time.monotonic()
        if self._changed and now >= self._next_refresh:
            self._changed = False
            self._next_refresh = now + _REFRESH_EVERY
            self._next_wake = self._next_test = self._next_chat_timer = 0.0
            self._accounts.refresh()
            self._store.checkpoint()
        if now >= self._next_wake:
            self._next_wake = now + self._wake_tickets()
        if now >= self._next_chat_timer:
            self._next_chat_timer = now + self._run_chat_timers()
        if now >= self._next_test:
            self._next_test = now + self._watch_tests()
        if now >= self._next_renewal:
            self._next_renewal = now + _RENEW_EVERY
            self._reports.lease("sync", self.owner)
            notify_service("WATCHDOG=1")

    def _wake_tickets(self) -> float:
        """Open tickets whose snooze has ended; return the seconds until the next one."""
        self._triage.wake_due()
        following = self._triage.next_wake()
        if following is None:
            return _MAX_SLEEP
        return min(_MAX_SLEEP, max(0.0, following.timestamp() - time.time()))

    def _run_chat_timers(self) -> float:
        """Tell who writes too late, queue follow-ups; return the seconds until the next one."""
        following = self._chat_timers.run_due(utc_now())
        if following is None:
            return _MAX_SLEEP
        return min(_MAX_SLEEP, max(0.1, following.timestamp() - time.time()))

    def _watch_tests(self) -> float:
        """Let tests of addresses fail that are overdue; return the seconds until the next look.

        While one is waited for, mailboxes that tell no news are asked more often.
        """
        due = self._addresses.expire()
        if due is None:
            return _MAX_SLEEP
        for fetcher in self._accounts.fetchers():
            if not fetcher.has_idle:
                fetcher.wake()
        return min(_TEST_POLL, max(0.1, due.timestamp() - time.time()))

    def _end(self) -> None:
        loops = [*self._loops(), *self._accounts.stop()]
        for loop in loops:
            loop.stop()
        deadline = time.monotonic() + _STOP_WITHIN
        for loop in loops:
            if not loop.join(max(0.0, deadline - time.monotonic())):
                log.warning("%s did not end in time", loop.name)
