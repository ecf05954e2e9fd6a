"""A worker that an interface started ends when that interface is gone, however it went.

The interface holds one end of a pipe and never writes; the system closes it with the process, so
that its end is noticed after a kill as well. What leaves within a minute is sent before; other
interfaces that are still open find no worker and start one of their own.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.outbox import Outbox

_PATIENCE = 60.0
"""Seconds for what was to leave in a moment."""
_LOOK_EVERY = 0.2


def watch_starter(root: Path, pipe: int, stop: threading.Event) -> None:
    """Set ``stop`` once nobody holds the other end of a pipe; returns at once."""
    watch = threading.Thread(
        target=_watch, args=(root, pipe, stop), name="lifeline", daemon=True
    )  # fmt: skip
    watch.start()


def _watch(root: Path, pipe: int, stop: threading.Event) -> None:
    try:
        while os.read(pipe, 1024):
            pass
        _let_out(root, stop)
    except (OSError, StoreError):
        # without its starter or its store a worker has nothing to stay for
        return
    finally:
        stop.set()


def _let_out(root: Path, stop: threading.Event) -> None:
    """Wait while something is about to leave."""
    store = Store(root)
    try:
        outbox = Outbox(store)
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            due = outbox.next_due()
            if due is None or due > datetime.now(UTC) + timedelta(seconds=_PATIENCE):
                return
            if stop.wait(_LOOK_EVERY):
                return
    finally:
        store.close()
