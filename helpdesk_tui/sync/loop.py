"""A thread that works step by step, waits between the steps, and ends at once when told to."""

from __future__ import annotations

import logging
import threading

log = logging.getLogger(__name__)


class Loop:
    """Runs :meth:`step` until it is stopped; subclasses say what a step is."""

    _AFTER_CRASH = 30.0

    def __init__(self, name: str) -> None:
        self.name = name
        self.stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """Let the next step begin now."""
        self._wake.set()

    def stop(self) -> None:
        """Tell the loop to end; returns at once."""
        self.stopping.set()
        self._wake.set()
        self.interrupt()

    def join(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def interrupt(self) -> None:
        """Cut short what the current step waits for."""

    def store_changed(self) -> None:
        """Somebody has changed the store: loops that work for it wake, the others wait on."""

    def once(self) -> None:
        """Do what a single round for scripts needs of it; raises HelpdeskError."""

    def step(self) -> float:
        """Do the work that is due; return the seconds until the next step."""
        raise NotImplementedError

    def finish(self) -> None:
        """Clean up in the loop's own thread."""

    def _run(self) -> None:
        try:
            while not self.stopping.is_set():
                self._wake.wait(self._one_step())
                self._wake.clear()
        finally:
            self.finish()

    def _one_step(self) -> float:
        try:
            return self.step()
        except Exception:
            # whatever is wrong with one loop must not silence it for good, nor the others
            log.exception("%s failed", self.name)
            return self._AFTER_CRASH
