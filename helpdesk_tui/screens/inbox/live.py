"""Watches what other processes do: changes of the store, colleagues, the worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.changes import Changes
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.flow import FlowState, flow_of
from helpdesk_tui.domain.setting.interface import INTERFACE
from helpdesk_tui.screens.inbox.presence_watch import PresenceWatch, VisitorWatch
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.status_line import flow_words

if TYPE_CHECKING:
    import subprocess

    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.ringing import Told

log = logging.getLogger(__name__)

EVERY = 0.1
"""Seconds between two looks at the store; each costs microseconds."""
_SOON = EVERY / 4
"""The same while somebody waits for what is about to come."""
_AFTER_A_FAULT = 5.0
"""Seconds of rest after something nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something done every so many looks."""

    ticks: int
    run: Callable[[], None]
    is_awaited: Callable[[], bool] = lambda: False
    """Tells whether somebody waits for it: then it is done at every look, and they are more."""


class LiveWatch:
    """A thread that looks at the store ten times a second and tells what moved."""

    def __init__(
        self,
        poll: Callable[[], Changes | None],
        changed: Callable[[Changes], None],
        tasks: tuple[Task, ...] = (),
    ) -> None:
        self._poll = poll
        self._changed = changed
        self._tasks = tasks
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="live", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and wait until the thread is out of the store."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _watch(self) -> None:
        tick = 0
        while not self._stop.is_set():
            left = EVERY
            try:
                self._look()
                for task in self._tasks:
                    if tick % task.ticks == 0:
                        task.run()
                left = self._look_soon()
            except HelpdeskError:
                # a store that is busy or away for a moment is looked at again
                self._stop.wait(1.0)
            except Exception:
                # the screen would stand still for ever without anybody being told
                if not self._stop.is_set():
                    log.exception("watching the store failed; it goes on")
                self._stop.wait(_AFTER_A_FAULT)
            tick += 1
            self._stop.wait(left)

    def _look(self) -> None:
        changes = self._poll()
        if changes is not None:
            self._changed(changes)

    def _look_soon(self) -> float:
        """Look more often while somebody waits; return the seconds left until all is done."""
        left = EVERY
        while left > _SOON:
            awaited = [task for task in self._tasks if task.is_awaited()]
            if not awaited or self._stop.wait(_SOON):
                break
            left -= _SOON
            self._look()
            for task in awaited:
                task.run()
        return left


class LiveDesk:
    """Keeps an inbox screen in touch with everything outside this process."""

    def __init__(
        self,
        desk: Desk,
        screen: InboxScreen,
        *,
        starts_worker: bool,
        tell: Callable[[Told], None] = lambda told: None,
    ) -> None:
        self._desk = desk
        self._screen = screen
        self._starts_worker = starts_worker
        self._tell = tell
        self._worker: subprocess.Popen[bytes] | None = None
        self._settings: dict[str, object] | None = None
        self._settings_read_at = -1
        self._files_read_at: tuple[int, object] = (-1, None)
        self._watch = LiveWatch(
            self._poll,
            self._changed,
            (
                Task(2, self._ring),
                Task(20, self._look_at_sync),
                Task(3, PresenceWatch(desk, screen).look),
                Task(1, VisitorWatch(desk, screen).look),
                Task(1, screen.panes.look_at_customer, screen.panes.awaits_customer),
                Task(30, self._look_at_rejected),
                Task(5, self._look_at_settings),
                Task(5, self._look_at_files),
            ),
        )

    def start(self) -> None:
        """Begin."""
        self._watch.start()

    def stop(self) -> None:
        """End; a worker that we started ends with us, once it sent what is about to leave."""
        self._watch.stop()
        self._let_go()

    def _let_go(self) -> None:
        """Close our end of the pipe by which the worker knows that we live."""
        if self._worker is not None and self._worker.stdin is not None:
            self._worker.stdin.close()

    def _poll(self) -> Changes | None:
        return self._desk.changes.poll()

    def _changed(self, changes: Changes) -> None:
        self._screen.post_message(self._screen.StoreChanged(changes))
        self._desk.ringing.saw(changes)

    def _ring(self) -> None:
        told = self._desk.ringing.due()
        if told is not None:
            self._screen.post_message(self._screen.Finished(lambda: self._tell(told)))

    def _look_at_rejected(self) -> None:
        from helpdesk_tui.screens.beside.mail_desk import show_rejected

        count = self._desk.intake.count()
        self._screen.post_message(self._screen.Finished(lambda: show_rejected(self._screen, count)))

    def _look_at_settings(self) -> None:
        """Follow settings that a command or another window of the agent changed."""
        version = self._desk.changes.version
        if version == self._settings_read_at:
            return
        self._settings_read_at = version
        before, values = self._settings, self._desk.settings.chosen(INTERFACE)
        self._settings = values
        if before is None or before == values:
            return
        from helpdesk_tui.screens.beside.settings_desk import SettingsDesk

        follow = SettingsDesk(self._screen, self._desk).follow
        self._screen.post_message(self._screen.Finished(lambda: follow(values)))

    def _look_at_files(self) -> None:
        """Follow files that a command put to the draft that is being written."""
        pane = self._screen.panes.thread
        files = pane.writing.files if pane is not None and pane.is_mounted else None
        where = files.where if files is not None else None
        if files is None or where is None:
            return
        at = self._desk.changes.version, where
        if at == self._files_read_at:
            return
        self._files_read_at = at
        found = self._desk.outgoing.files(*where)
        self._screen.post_message(self._screen.Finished(lambda: files.found(where, found)))

    def _look_at_sync(self) -> None:
        from helpdesk_tui.services.auto_answers import answers_held
        from helpdesk_tui.services.worker_state import start_worker, worker_running

        accounts = [one for one in self._desk.admin.channels() if one.enabled]
        running = worker_running(self._desk.store.paths)
        if not running and self._starts_worker and not self._has_child:
            self._let_go()
            self._worker = start_worker(self._desk.store.paths.root)
        words = sync_words(accounts, running=running, held=answers_held(self._desk.store))
        self._screen.post_message(self._screen.SyncSeen(*words))

    @property
    def _has_child(self) -> bool:
        """True while the worker we started lives; one that ended is started again."""
        return self._worker is not None and self._worker.poll() is None


_FLOW_INKS = {
    FlowState.NONE: Ink.DIM,
    FlowState.STOPPED: Ink.BAD,
    FlowState.GOOD: Ink.GOOD,
}


def sync_words(accounts: Sequence[Account], *, running: bool, held: str = "") -> tuple[str, Ink]:
    """Return what the header says of the flow of mail, and how serious it is.

    Args:
        accounts: The channel accounts that are switched on.
        running: Whether the worker runs.
        held: The inbox that gave too many automatic answers within an hour.
    """
    flow = flow_of(accounts, running=running, held=held)
    return flow_words(flow), _FLOW_INKS.get(flow.state, Ink.WAITING)
