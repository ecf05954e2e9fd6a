"""Waiting for the test of a support address, as a worker where none runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from helpdesk_tui.domain.accounts import AddressTest
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.sync import worker

_LOOK_EVERY = 0.25
_END_WITHIN = 5.0


def watch_test(
    root: Path,
    addresses: Addresses,
    job_id: int,
    report: Callable[[AddressTest], None],
    *,
    channel: str = "",
    stop: threading.Event | None = None,
) -> AddressTest:
    """Wait until a test is over; blocks.

    Where no worker runs for the store, this process works as one meanwhile.

    Args:
        root: The folder of the store.
        addresses: Tells how far the test is.
        job_id: The test that was asked for.
        report: Called with each look at it.
        channel: The only mailbox to work for, if this process has to.
        stop: Ends the waiting; the test goes on without it.

    Raises:
        HelpdeskError: what kept this process from working.
    """
    helper = _Helper(root, channel)
    stop = stop or threading.Event()
    helper.start()
    try:
        while True:
            test = addresses.test_progress(job_id)
            report(test)
            if test.stage.is_over or stop.is_set():
                # the worker sees it within seconds; whoever waited here need not wait for that
                addresses.expire()
                return test
            if helper.error is not None:
                raise helper.error
            stop.wait(_LOOK_EVERY)
    finally:
        helper.end()


class _Helper:
    """A worker in a thread; while another one holds the lock it only waits for it to leave."""

    def __init__(self, root: Path, channel: str) -> None:
        self.error: HelpdeskError | None = None
        self._root = root
        self._channel = channel
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="address test", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def end(self) -> None:
        """Stop working and wait for it."""
        self._stop.set()
        self._thread.join(_END_WITHIN)

    def _work(self) -> None:
        try:
            worker.run(self._root, channel=self._channel, stop=self._stop)
        except HelpdeskError as error:
            self.error = error
        except OSError as error:
            self.error = StoreError("store.unwritable", path=str(self._root), reason=str(error))
