"""Taking back and doing again: changes of one ticket or of many, and replies that wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.screens.acting.doing import Doing, Rows
from helpdesk_tui.screens.acting.long_runs import Run
from helpdesk_tui.screens.acting.steps import Step, UndoStack
from helpdesk_tui.screens.composing.type_ahead import Writing
from helpdesk_tui.services.bulk import CHUNK, Report
from helpdesk_tui.widgets.keymap import shown
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number, short_moment

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_LEAVES_WITHIN = float(max(channel.undo_seconds for channel in CHANNELS.values()))
"""Seconds after which nothing that was sent can be taken back."""

_Over = Callable[[], None]


class Undoing:
    """What ``z`` and ``Z`` do."""

    def __init__(
        self, screen: InboxScreen, data: InboxData, desk: Desk, doing: Doing, stack: UndoStack
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._doing = doing
        self._stack = stack
        self._waits = False
        self.from_log: Callable[[], None] | None = None
        """What ``z`` does once nothing of this session is left to undo."""

    def did(self, step: Step) -> None:
        """Remember a change that was made elsewhere on this screen."""
        self._stack.push(step)
        self._screen.footer.say(_("{said} · z undo").format(said=step.said))

    def undo(self) -> None:
        """Take back a reply that has not left yet, else the newest change of this session."""
        thread = self._screen.panes.thread
        if thread is not None and thread.writing.off.is_untold:
            self._waits = True  # it is meant for what was sent just now
            return
        in_thread = thread is not None and self._screen.panes.current == "thread"
        if thread is not None and thread.live.is_closing:
            in_thread = False  # what is meant is the end of the chat, not what was said before it
        if thread is not None and self._has_moved_on(thread.ticket_id):
            in_thread = False  # another ticket is about to be shown, and this one must come back
        if thread is not None and in_thread and not self._stack.goes_its_own_way:
            taken = thread.deliveries.take_back()
            if taken:
                self._stack.forget(taken)
                self._stack.undone(Step("", thread.ticket_id, "reply", taken))
                return
        running = self._doing.runs.current
        if running is not None and running.can_take_back:
            # what it has done so far is the newest change
            running.takes_back = True
            self._doing.runs.stop()
            return
        self._doing.in_order(self._newest)

    def _has_moved_on(self, shown: int) -> bool:
        """Tell whether the reply that was sent last has led from its ticket to the next one."""
        cursor = self._screen.tickets.cursor_id
        return cursor not in (None, shown) and self._stack.is_reply_in(shown)

    def sent_off(self, *, is_queued: bool) -> None:
        """Take back what was sent just now, if that was asked for before it was there."""
        waits, self._waits = self._waits, False
        if self._screen.panes.thread is not None:
            self._screen.panes.thread.writing.off.is_untold = False
        if waits and is_queued:
            self.undo()

    def _newest(self, over: _Over) -> None:
        step = self._stack.pop()
        if step is None:
            if self.from_log is not None:
                self.from_log()
            else:
                self._screen.footer.say(_("nothing to undo"))
            over()
        elif step.back is not None:
            step.back()
            over()
        elif step.message_id:
            self._take_back(step, over)
        else:
            self._turn(step, over, redoes=False)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._doing.in_order(self._last_undone)

    def _last_undone(self, over: _Over) -> None:
        step = self._stack.pop_undone()
        if step is None:
            self._screen.footer.say(_("nothing to do again"))
            over()
        elif not step.change_id:
            said = _("#{id} what was taken back is a draft again: send it from there")
            self._screen.footer.say(said.format(id=step.ticket_id))
            over()
        else:
            self._turn(step, over, redoes=True)

    # changes ---------------------------------------------------------------------------------

    def _turn(self, step: Step, over: _Over, *, redoes: bool) -> None:
        """Take a change back; taking back an undo does it again."""
        if step.count > CHUNK:
            self._turn_many(step, redoes=redoes)
            over()
            return
        where = self._data.where
        ids = list(dict.fromkeys((step.ticket_id, *step.others)))

        def work() -> tuple[Report, Rows]:
            report = self._desk.bulk.undo(step.change_id)
            wanted = ids if step.count == 1 else list(report.changed)
            return report, self._desk.inbox.rows(wanted, where)

        def done(got: tuple[Report, Rows]) -> None:
            report, rows = got
            self._tell(step, report, redoes=redoes)
            self._show(step, report, rows, where)
            over()

        def failed(error: HelpdeskError) -> None:
            self._screen.complain(error)
            over()

        self._screen.start(work, done, failed, group="write")

    def _turn_many(self, step: Step, *, redoes: bool) -> None:
        where = self._data.where
        word = _("doing again: {said}") if redoes else _("taking back: {said}")

        def done(report: Report) -> None:
            self._tell(step, report, redoes=redoes)
            self._doing.show_changed(report.changed, where)

        self._doing.runs.start(
            Run(
                word.format(said=step.said),
                step.count,
                lambda told, stop: self._desk.bulk.undo(step.change_id, told=told, stop=stop),
                done,
                can_take_back=False,
            )
        )

    def _tell(self, step: Step, report: Report, *, redoes: bool) -> None:
        if not report.changed:
            about = f"#{step.ticket_id} " if step.count == 1 else ""
            code = report.skipped[0][1] if report.skipped else "undo.changed-since"
            self._screen.footer.say(about + sentence_of(code, id=step.ticket_id))
            return
        back = Step(
            report.change_id, step.ticket_id, step.said, others=step.others, count=step.count
        )
        remember, again = (
            (self._stack.redone, self._stack.undone)
            if redoes
            else (self._stack.undone, self._stack.redone)
        )
        remember(back)
        parts = [
            (_("done again: {said}") if redoes else _("undone: {said}")).format(said=step.said)
        ]
        if not report.is_whole:
            again(step)  # the rest of it can still be taken back
            parts.append(_("stopped after {seen} of {total}").format(
                seen=number(report.seen), total=number(report.total)))  # fmt: skip
        changed_since = {ticket for ticket, _field in report.kept}
        if changed_since:
            parts.append(_("{count} left: changed since").format(count=len(changed_since)))
        self._screen.footer.say(" · ".join(parts))

    def _show(self, step: Step, report: Report, rows: Rows, where: ViewFilter) -> None:
        current = rows.get(step.ticket_id)
        if step.count == 1:
            self._doing.settle(step.ticket_id, rows[step.ticket_id], where)
            if step.others:
                self._data.refresh(step.others, counts=False)
                self._screen.panes.tickets_changed(set(step.others))
        else:
            self._doing.show_rows(rows, where)
        if current is not None and report.changed and where == self._data.where:
            self._data.show_at(current)

    # replies ---------------------------------------------------------------------------------

    def was_queued(
        self, ticket_id: int, message_id: int, at: datetime | None = None, then: str = ""
    ) -> None:
        """Go on after a reply was sent; ``z`` takes it back while it has not left.

        Args:
            ticket_id: the ticket that was answered.
            message_id: the reply.
            at: when it leaves, if not in a moment.
            then: where the cursor goes on to; empty is by the setting, if it left the list.
        """
        self._stack.push(Step("", ticket_id, "reply", message_id))
        thread = self._screen.panes.thread
        if at is None and then == Then.STAY and thread is not None and thread.is_writing:
            key = shown(self._screen.keymap.get("composer.take-back", ("ctrl+u",))[0])
            said = _("#{id} reply leaves in a moment · {key} takes it back").format(
                id=ticket_id, key=key
            )
        elif at is None:
            said = _("#{id} reply leaves in a moment · z takes it back").format(id=ticket_id)
        else:
            moment = short_moment(at.astimezone(self._screen.zone), self._screen.now().year)
            said = _("#{id} reply leaves {moment} · z takes it back").format(
                id=ticket_id, moment=moment
            )
        self._screen.footer.say(said, seconds=_LEAVES_WITHIN)
        where = self._data.where

        def look(over: _Over) -> None:
            def done(current: TicketRow | None) -> None:
                self._after_reply(ticket_id, current, where, then)
                over()

            def failed(error: HelpdeskError) -> None:
                self._screen.complain(error)
                over()

            self._screen.start(
                lambda: self._desk.inbox.rows([ticket_id], where)[ticket_id],
                done,
                failed,
                group="write",
            )

        # who takes the reply back at once must not be overtaken by how the list was before
        self._doing.in_order(look)
        if then:
            self._doing.after.go_on(then)

    def noted(self, ticket_id: int, note_id: int) -> None:
        """Go on after a note was added; ``z`` takes it back."""
        back = partial(self._take_note_back, ticket_id, note_id)
        self._stack.push(Step("", ticket_id, "note", back=back))
        self._screen.footer.say(_("#{id} note added · z takes it back").format(id=ticket_id))

    def _take_note_back(self, ticket_id: int, note_id: int) -> None:
        def done(_ticket: int) -> None:
            panes, said = self._screen.panes, _("#{id} note taken back")
            self._stack.undone(Step("", ticket_id, "note"))
            self._screen.footer.say(said.format(id=ticket_id))
            self._data.refresh([ticket_id])
            panes.enter(ticket_id)
            panes.tickets_changed({ticket_id})
            panes.write_when_loaded(ticket_id, Writing.NOTE)

        self._screen.start(lambda: self._desk.replies.take_note_back(note_id), done, group="write")

    def _after_reply(
        self, ticket_id: int, current: TicketRow | None, where: ViewFilter, then: str
    ) -> None:
        is_left = current is None and self._screen.tickets.cursor_id == ticket_id
        if is_left and self._doing.after.go_on(then):
            self._data.refresh([ticket_id])
        else:
            self._doing.settle(ticket_id, current, where)

    def _take_back(self, step: Step, over: _Over) -> None:
        where = self._data.where

        def work() -> tuple[Draft, TicketRow | None]:
            draft = self._desk.replies.undo_send(step.message_id)
            return draft, self._desk.inbox.rows([step.ticket_id], where)[step.ticket_id]

        def done(result: tuple[Draft, TicketRow | None]) -> None:
            draft, current = result
            is_forward = draft.kind is DraftKind.FORWARD
            writing = Writing.FORWARD if is_forward else Writing.REPLY
            if self._screen.panes.thread is not None:
                self._screen.panes.thread.writing.recall(draft)
            said = _("#{id} forward taken back") if is_forward else _("#{id} reply taken back")
            self._screen.footer.say(said.format(id=step.ticket_id))
            self._stack.undone(step)
            self._doing.settle(step.ticket_id, current, where)
            panes = self._screen.panes
            is_listed = current is not None and where == self._data.where
            if current is not None and is_listed:
                self._data.show_at(current)
            if is_listed or (panes.thread is not None and panes.thread.ticket_id == step.ticket_id):
                panes.enter(step.ticket_id)
                panes.write_when_loaded(step.ticket_id, writing)
            over()

        def failed(error: HelpdeskError) -> None:
            self._screen.complain(error)
            over()

        self._screen.start(work, done, failed, group="write")
