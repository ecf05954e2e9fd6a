"""The outbox: what waits, is scheduled, is on its way or did not arrive, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.messages import Delivery, Draft
from helpdesk_tui.domain.outbox import OutboxRow
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.outbox import counts_down, outbox_lines, outbox_page

if TYPE_CHECKING:
    from helpdesk_tui.screens.dialogs.snooze import SnoozeChoice


@dataclass(frozen=True, slots=True)
class OutboxAnswer:
    """Where to go from the outbox."""

    ticket_id: int
    message_id: int
    taken_back: Draft | None = None
    """What was taken back and is written on."""


class OutboxScreen(ListScreen[OutboxRow, OutboxAnswer]):
    """The messages at the left, the one under the cursor at the right."""

    TITLE_TEXT: ClassVar[str] = N_("Outbox")
    SCOPE: ClassVar[Scope] = Scope.OUTBOX
    GROUP: ClassVar[Group] = Group.OUTBOX
    PLACE: ClassVar[str] = "outbox"
    ANEW: ClassVar[float] = 1.0
    _everybody = False

    def row_lines(self, row: OutboxRow, width: int, picked: bool) -> Sequence[Sequence[Span]]:
        """Return a row of the list."""
        return outbox_lines(row, width, self._now(), self._zone, self.signs, picked=picked)

    def row_key(self, row: OutboxRow) -> int:
        """Return what a row is known by."""
        return row.message_id

    def page_lines(self, row: OutboxRow) -> Callable[[int], PageLines]:
        """Return what makes the page of a message."""
        return lambda width: outbox_page(row, width, self._now(), self._zone)

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "outbox.open": self._open,
            "outbox.take-back": self._take_back,
            "outbox.send-now": self._send_now,
            "outbox.reschedule": self._reschedule,
            "outbox.retry": self._retry,
            "outbox.was-sent": self._was_sent,
            "outbox.everybody": self._toggle_everybody,
        }

    # the list --------------------------------------------------------------------------------

    def load(self) -> None:
        """Read what has not left."""
        everybody = self._everybody
        self.read(
            lambda: self._desk.replies.outbox(everybody=everybody),
            lambda rows: self._show(rows) if everybody == self._everybody else None,
            group="outbox",
        )

    def _show(self, rows: tuple[OutboxRow, ...]) -> None:
        self.list.notice = RowList.Notice(
            _("Everything has left."),
            _("Replies wait here until they leave, and stay if they do not. Back: press q"),
        )
        now = self._now()
        counted = any(counts_down(row, now) for row in rows)
        if rows != self.list.rows or not rows:
            self.list.show(rows)
            self.show_page()
        elif counted:
            self.list.refresh()
            self.show_page()
        trouble = sum(row.delivery in (Delivery.FAILED, Delivery.UNKNOWN) for row in rows)
        whose = _("everybody's") if self._everybody else _("mine")
        waiting = len(rows) - trouble
        said = ngettext("{count} waits", "{count} wait", waiting).format(count=waiting)
        if trouble:
            said += " · " + _("{count} in trouble").format(count=trouble)
        self.title_line.say(f"{whose} · {said}", Ink.BAD if trouble else Ink.SOFT)

    def _toggle_everybody(self) -> None:
        self._everybody = not self._everybody
        self.load()

    # what is done with a row -----------------------------------------------------------------

    def _open(self) -> None:
        row = self.list.current
        if row is not None:
            self.dismiss(OutboxAnswer(row.ticket_id, row.message_id))

    def _take_back(self) -> None:
        row = self.list.current
        if row is None:
            return
        self.start(
            lambda: self._desk.replies.undo_send(row.message_id),
            lambda draft: self.dismiss(OutboxAnswer(row.ticket_id, 0, draft)),
            self.refuse,
            group="outbox-act",
        )

    def _send_now(self) -> None:
        self._act(lambda row: self._desk.replies.send_now(row.message_id), _("leaves now"))

    def _retry(self) -> None:
        def again(row: OutboxRow) -> None:
            if row.delivery is Delivery.UNKNOWN:
                self._desk.replies.resolve(row.message_id, sent=False)
            else:
                self._desk.replies.retry(row.message_id)

        self._act(again, _("is tried again"))

    def _was_sent(self) -> None:
        self._act(
            lambda row: self._desk.replies.resolve(row.message_id, sent=True), _("counts as sent")
        )

    def _reschedule(self) -> None:
        row = self.list.current
        if row is None:
            return
        if row.delivery is not Delivery.SCHEDULED:
            self.footer.say(_("only a scheduled reply has a moment to change"))
            return
        from helpdesk_tui.screens.dialogs.schedule import ScheduleDialog

        def chosen(when: SnoozeChoice | None) -> None:
            if when is not None and when.until is not None:
                until = when.until
                self._act(
                    lambda _row: self._desk.replies.reschedule(row.message_id, until),
                    _("has another moment"),
                )

        def ask(language: object) -> None:
            dialog = ScheduleDialog(self._now(), self._desk.zone, language=str(language or ""))
            self.app.push_screen(dialog, chosen)

        self.ask(
            lambda: self._desk.settings.get(LANGUAGE, ""), ask, self.refuse, group="outbox-ask"
        )

    def _act(self, job: Callable[[OutboxRow], None], said: str) -> None:
        row = self.list.current
        if row is None:
            return

        def done(_unused: None) -> None:
            self.footer.say(f"#{row.ticket_id} {said}")
            self.load()

        self.start(lambda: job(row), done, self.refuse, group="outbox-act")
