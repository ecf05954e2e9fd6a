"""What takes long enough to show how far it is: beside the agent's work, and stopped by a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.acting.in_order import InOrder
from helpdesk_tui.widgets.keymap import shown
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.bulk import Report, Told
    from helpdesk_tui.widgets.run_line import RunLine

_EVERY = 0.1
"""Seconds between two pictures of the progress."""


@dataclass(slots=True)
class Run:
    """Something done to many tickets."""

    said: str
    total: int
    work: Callable[[Told, Event], Report]
    done: Callable[[Report], object]
    can_take_back: bool = True
    """``z`` meanwhile stops it and takes back what was done; an undo is only stopped."""
    stop: Event = field(default_factory=Event)
    seen: int = 0
    takes_back: bool = False
    """What it did is undone once it has stopped."""


class LongRuns:
    """Runs one of them at a time; the others wait."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._order = InOrder()
        self._waiting: list[Run] = []
        self._line: RunLine | None = None
        self._next_look = 0.0
        self.current: Run | None = None
        self.take_back: Callable[[], object] = lambda: None
        """Undoes the newest change."""

    def start(self, run: Run) -> None:
        """Begin when all before is done."""
        self._waiting.append(run)
        self._order.add(lambda over: self._begin(run, over))
        self._show()

    def stop(self) -> None:
        """Stop what runs after the transaction it is in."""
        if self.current is not None:
            self.current.stop.set()
            self._show()

    def stop_all(self) -> None:
        """Stop everything: the program ends."""
        for run in self._waiting:
            run.stop.set()
        self.stop()

    @property
    def words(self) -> str:
        """What runs and how far it is; empty for nothing."""
        return self._line.words if self._line is not None and self.current is not None else ""

    def _begin(self, run: Run, over: Callable[[], None]) -> None:
        self._waiting.remove(run)
        self.current = run
        self._mount(run)

        def told(seen: int, total: int) -> None:
            now = time.monotonic()
            if now >= self._next_look:
                self._next_look = now + _EVERY
                self._screen.post_message(self._screen.Finished(lambda: self._told(run, seen)))

        def ended() -> None:
            self.current = None
            self._take_away()

        def done(report: Report) -> None:
            ended()
            run.done(report)
            over()
            if run.takes_back and report.changed:
                self.take_back()

        def failed(error: HelpdeskError) -> None:
            ended()
            self._screen.complain(error)
            over()

        self._screen.start(lambda: run.work(told, run.stop), done, failed, group="bulk")

    def _told(self, run: Run, seen: int) -> None:
        run.seen = seen
        self._show()

    def _show(self) -> None:
        run = self.current
        if run is not None and self._line is not None:
            self._line.show(run.seen, len(self._waiting), is_stopping=run.stop.is_set())

    def _mount(self, run: Run) -> None:
        from helpdesk_tui.widgets.run_line import RunLine

        self._take_away()
        keys = self._screen.keymap.get("action.stop", ())
        key = shown(keys[0]) if keys else ":"
        self._line = RunLine(run.said, run.total, key, signs=self._screen.signs)
        self._screen.mount(self._line, after="#body")

    def _take_away(self) -> None:
        if self._line is not None:
            self._line.remove()
            self._line = None

    def ask_to_stop(self) -> bool:
        """Ask whether to stop what runs; False if nothing does."""
        if self.current is None:
            return False
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def answer(yes: bool | None) -> None:
            if yes:
                self.stop()

        body = _("{so_far}. It goes on while you decide; what is done stays done, z undoes it.")
        dialog = ConfirmDialog(_("Stop?"), body.format(so_far=self.words), _("stops"))
        self._screen.app.push_screen(dialog, answer)
        return True
