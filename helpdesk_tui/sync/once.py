"""One round for scripts: poll every channel, deliver what is due, say what was done."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError, RemoteError
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.chat.timers import ChatTimers
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.jobs import SYNC_NOW, Jobs
from helpdesk_tui.services.triage import Triage
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.registry import adapters
from helpdesk_tui.sync.commerce.action_loop import ActionLoop
from helpdesk_tui.sync.commerce.context_loop import stored_secrets
from helpdesk_tui.sync.delivery import DeliveryLoop, combined, failure
from helpdesk_tui.sync.receiving import Password, ReceiveLoop
from helpdesk_tui.sync.relays import RelaysLoop
from helpdesk_tui.sync.team_mail import TeamMailLoop

_ASK_EVERY = 0.1
_WATCH_EVERY = 0.02
"""Seconds between two looks whether to stop."""
_ASK_FOR = 600.0
_TRIES = 2


def sync_once(
    store: Store, channel: str, stop: threading.Event, password: Password
) -> dict[str, Any]:
    """Do one round in this process, which holds the worker's lock; blocks."""
    received, errors = Summary(), []
    owner = f"once:{os.getpid()}:{secrets.token_hex(4)}"
    wanted = Accounts(store, SYSTEM).enabled(channel)
    errors += _tell_relays(store, password)
    rounds = [
        (adapter, adapter.receiver(account, store, password))
        for adapter in adapters()
        for account in wanted
        if account.channel == adapter.spec.name
    ]
    for _, fetcher in rounds:
        threading.Thread(target=_stop_with, args=(stop, fetcher), daemon=True).start()
        error = _fetch(fetcher)
        received += fetcher.summary
        if error is not None:
            errors.append(failure(fetcher.account.name, error))
    Triage(store, SYSTEM).wake_due()
    Addresses(store, SYSTEM).expire()
    ChatTimers(store).run_due(utc_now())
    ActionLoop(store, owner, stored_secrets(store.paths.root)).once()
    team = TeamMailLoop(store, password)
    team.deliver()
    team.finish()
    sent = [_deliver(store, owner, password, adapter, channel) for adapter in adapters()]
    for adapter, fetcher in rounds:
        errors += _tell(adapter, fetcher, store, password)
        fetcher.stop()
        fetcher.finish()
    _switch_off(store, password, channel)
    return {**asdict(received), **combined(sent, errors)}


def _tell_relays(store: Store, password: Password) -> list[dict[str, Any]]:
    """Publish webhooks before anybody asks for what came to them."""
    relays = RelaysLoop(store, password)
    try:
        relays.once()
    except HelpdeskError as error:
        return [failure("relay", error)]
    finally:
        relays.finish()
    return []


def _tell(
    adapter: Adapter, fetcher: ReceiveLoop, store: Store, password: Password
) -> list[dict[str, Any]]:
    """Do once what stands beside receiving; where that failed, nothing would come of it."""
    if not fetcher.healthy.is_set():
        return []
    errors = []
    for loop in adapter.beside(fetcher, store, password):
        try:
            loop.once()
        except HelpdeskError as error:
            errors.append(failure(fetcher.account.name, error))
        loop.finish()
    return errors


def _switch_off(store: Store, password: Password, channel: str) -> None:
    """Give accounts that are switched off one try to tell that they are."""
    for adapter in adapters():
        for account in Accounts(store, SYSTEM).all(adapter.spec.name):
            if not account.enabled and channel in ("", account.name):
                for loop in adapter.switched_off(account, store, password):
                    loop.step()
                    loop.finish()


def _deliver(
    store: Store, owner: str, password: Password, adapter: Adapter, channel: str
) -> dict[str, Any]:
    delivery = DeliveryLoop(store, owner, password, adapter=adapter, channel=channel)
    try:
        return delivery.deliver_now()
    finally:
        delivery.finish()


def _stop_with(stop: threading.Event, fetcher: ReceiveLoop) -> None:
    while not fetcher.stopping.is_set():
        if stop.wait(_WATCH_EVERY):
            fetcher.stop()


def _fetch(fetcher: ReceiveLoop) -> HelpdeskError | None:
    """Fetch, with a second try after trouble that may pass; return what went wrong for good."""
    error: HelpdeskError | None = None
    for _ in range(_TRIES):
        error = fetcher.attempt()
        if error is None:
            break
        wait = fetcher.failed(error)
        if not isinstance(error, RemoteError) or wait > _ASK_FOR:
            break
        if fetcher.stopping.wait(min(wait, 1.0)):
            break
    return error


def ask_worker(
    store: Store, channel: str, stop: threading.Event, take_over: Callable[[], bool]
) -> dict[str, Any] | None:
    """Let the worker that holds the lock do the round, and wait for what came of it.

    Args:
        store: Where it is asked.
        channel: Only the channel account of this name; empty: all.
        stop: Ends the waiting.
        take_over: Tries to take the worker's lock.

    Returns:
        What was done; None if the worker has ended before, and its lock has been taken.

    Raises:
        RemoteError: ``sync.busy`` if it does not answer in time.
    """
    jobs = Jobs(store, SYSTEM)
    job_id = jobs.ask(SYNC_NOW, {"channel": channel})
    deadline = time.monotonic() + _ASK_FOR
    while time.monotonic() < deadline and not stop.is_set():
        # taken first: what a worker has done stands in the store before it lets go of the lock
        is_gone = take_over()
        job = jobs.load(job_id)
        if job.state in (JobState.DONE, JobState.FAILED):
            return {"errors": [], **job.result}
        if is_gone:
            return None
        stop.wait(_ASK_EVERY)
    raise RemoteError("sync.busy")
