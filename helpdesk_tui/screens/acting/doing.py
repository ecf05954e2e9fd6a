"""How an action is done: to the ticket under the cursor, to marked ones, or to a whole list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.screens.acting.after_action import AfterAction
from helpdesk_tui.screens.acting.in_order import InOrder, Task
from helpdesk_tui.screens.acting.long_runs import LongRuns, Run
from helpdesk_tui.screens.acting.steps import Step, UndoStack
from helpdesk_tui.services.bulk import CHUNK, Report, Targets, Verb
from helpdesk_tui.widgets.tickets.marks import Marked
from helpdesk_tui.widgets.words.errors import sentence, sentence_of
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_ROW_BY_ROW = 200
"""Changed tickets up to which the list is mended row by row."""
AS_WANTED = ("ticket.already", "ticket.not-tagged", "ticket.not-watched", "ticket.not-blocked")
"""How codes of tickets begin that were as wanted before."""
_NAME, _SUBJECT = 18, 34
"""Characters of a ticket in a sample."""

Rows = dict[int, TicketRow | None]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to one ticket or to many, and again with ``.``."""

    verb: Verb
    said: str
    """What the footer says of it, with ``{id}`` for the number of the ticket."""
    many: Callable[[int], str]
    """The same of so many tickets, with ``{count}`` for their number."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What else is filled in."""
    moves_on: bool = False
    """The ticket leaves the list: the cursor goes on to the next one."""
    then: str = ""
    """Where the cursor goes on to, if this is said; else as the agent has set it."""
    done: Callable[[Sequence[int]], object] = lambda _changed: None
    """Hears which tickets it has changed, once it was told what was done."""

    def one(self, ticket_id: int) -> str:
        """Return what was done to a ticket."""
        return self.said.format(id=ticket_id, **self.values)

    def counted(self, count: int) -> str:
        """Return what was done to how many tickets."""
        return self.many(count).format(count=number(count), **self.values)


@dataclass(frozen=True, slots=True)
class Left:
    """What an action left as it was, and why."""

    said: str
    tickets: tuple[tuple[int, str], ...] = ()


class Doing:
    """Does acts, tells what came of them, and remembers them for ``z`` and ``.``."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk, stack: UndoStack) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._stack = stack
        self._order = InOrder()
        self.after = AfterAction(screen, desk)
        self.runs = LongRuns(screen)
        self.last: Act | None = None
        self.left = Left("")
        self.go_to: Callable[[int], None] = lambda _id: None
        """Goes into a ticket by its number."""

    def in_order(self, task: Task) -> None:
        """Do something after all that was asked for before."""
        self._order.add(task)

    def do(self, act: Act, row: TicketRow | None = None) -> None:
        """Do something to a ticket; without one to those marked, or else the one at the cursor."""
        self.last = act
        tickets = self._screen.tickets
        if row is not None:
            self._one(act, row)
            return
        if not tickets.marks.is_any:
            if tickets.cursor_row is not None:
                self._one(act, tickets.cursor_row)
            return
        where = tickets.where or self._data.where
        marked = tickets.marks.taken(where)
        if marked.whole is not None:
            self._ask(act, marked)
        else:
            self._many(act, Targets.of(marked.versions), where)

    # one -------------------------------------------------------------------------------------

    def _one(self, act: Act, row: TicketRow) -> None:
        where = self._data.where
        # the next ticket is shown before the store has answered; the row leaves when it has
        stays = act.moves_on and self.after.go_on(act.then)

        def work() -> tuple[Report, Rows]:
            report = self._desk.bulk.run(act.verb, Targets([row.id]))
            return report, self._desk.inbox.rows([row.id], where)

        def done(report: Report, rows: Rows) -> None:
            if not report.changed:
                code = report.skipped[0][1] if report.skipped else "ticket.unchanged"
                self._screen.footer.say(f"#{row.id} {sentence_of(code, id=row.id)}")
                return
            said = act.one(row.id)
            self._stack.push(Step(report.change_id, row.id, said))
            self._screen.footer.say(_("{said} · z undo").format(said=said))
            act.done(report.changed)
            if stays:
                self._data.refresh([row.id])
                self._screen.panes.tickets_changed({row.id})
            else:
                self.settle(row.id, rows[row.id], where)

        self._start(work, done)

    def _start(
        self, work: Callable[[], tuple[Report, Rows]], done: Callable[[Report, Rows], object]
    ) -> None:
        """Work in a thread, in the order of the keys."""

        def begin(over: Callable[[], None]) -> None:
            def ended(got: tuple[Report, Rows]) -> None:
                done(*got)
                over()

            def failed(error: HelpdeskError) -> None:
                self._screen.complain(error)
                over()

            self._screen.start(work, ended, failed, group="write")

        self._order.add(begin)

    def settle(self, ticket_id: int, current: TicketRow | None, where: ViewFilter) -> None:
        """Show a ticket as it is after a change of our own."""
        if where == self._data.where:
            if current is None:
                self._screen.tickets.drop(ticket_id)
            else:
                self._screen.tickets.merge({ticket_id: current}, insert=where.takes_new)
        self._data.refresh_counts()
        self._screen.panes.tickets_changed({ticket_id})

    # many ------------------------------------------------------------------------------------

    def _many(self, act: Act, targets: Targets, where: ViewFilter) -> None:
        tickets = self._screen.tickets
        tickets.mark(lambda marks: marks.clear())
        if act.moves_on and where == self._data.where:
            tickets.next_unmarked(frozenset(targets.ids))
        if len(targets) > CHUNK:
            self.runs.start(
                Run(
                    act.counted(len(targets)),
                    len(targets),
                    lambda told, stop: self._desk.bulk.run(act.verb, targets, told=told, stop=stop),
                    lambda report: self._done_long(act, report, where),
                )
            )
            return

        def work() -> tuple[Report, Rows]:
            report = self._desk.bulk.run(act.verb, targets)
            return report, self._desk.inbox.rows(list(report.changed), where)

        def done(report: Report, rows: Rows) -> None:
            self.show_rows(rows, where)
            self._tell(act, report)

        self._start(work, done)

    def _done_long(self, act: Act, report: Report, where: ViewFilter) -> None:
        self._tell(act, report)
        self.show_changed(report.changed, where)

    def show_changed(self, changed: Sequence[int], where: ViewFilter) -> None:
        """Show what many tickets have become: row by row, or the list anew."""
        if where != self._data.where:
            self._data.refresh_counts()
        elif len(changed) > _ROW_BY_ROW:
            self._data.reload(keep=self._screen.tickets.cursor_id)
        else:
            self._screen.start(
                lambda: self._desk.inbox.rows(list(changed), where),
                lambda rows: self.show_rows(rows, where),
                group="rows",
            )
        self._screen.panes.tickets_changed(set(changed))

    def show_rows(self, rows: Rows, where: ViewFilter) -> None:
        """Lay rows over the list; tickets that left it go, and others move up."""
        tickets = self._screen.tickets
        self._data.refresh_counts()
        self._screen.panes.tickets_changed(set(rows))
        if where != self._data.where:
            return
        tickets.merge(rows, insert=where.takes_new)
        tickets.drop_left()
        if tickets.window.rows:
            tickets.fill()
        else:
            self._data.reload()

    def _tell(self, act: Act, report: Report) -> None:
        """Say what came of it; tickets that were left are named, nothing else is interrupted."""
        said = act.counted(len(report.changed))
        if report.changed:
            first = report.changed[0]
            step = Step(report.change_id, first, said, count=len(report.changed))
            self._stack.push(step)
        named = tuple(each for each in report.skipped if not each[1].startswith(AS_WANTED))
        parts = [said]
        if not report.is_whole:
            parts.append(_("stopped after {seen} of {total}").format(
                seen=number(report.seen), total=number(report.total)))  # fmt: skip
        if report.error is not None:
            parts.append(sentence(report.error))
        if already := len(report.skipped) - len(named):
            parts.append(_("{count} were already").format(count=number(already)))
        if named:
            parts.append(_("{count} left, gk shows why").format(count=number(len(named))))
        if report.changed:
            parts.append(_("z undo"))
        self._screen.footer.say(" · ".join(parts))
        self.left = Left(said, named)
        if named and self._is_free:
            self.show_left()

    @property
    def _is_free(self) -> bool:
        """Whether the agent is in the list with nothing open: a dialog steals nothing then."""
        return (
            self._screen.is_current
            and self._screen.panes.current == "list"
            and not (self._screen.query("SearchLine"))
        )

    def show_left(self) -> None:
        """List what the last action on many tickets left as it was."""
        if not self.left.tickets:
            self._screen.footer.say(_("the last action left nothing out"))
            return
        from helpdesk_tui.screens.dialogs.left import LeftDialog

        def chosen(ticket_id: int | None) -> None:
            if ticket_id is not None:
                self.go_to(ticket_id)

        self._screen.app.push_screen(LeftDialog(self.left.said, self.left.tickets), chosen)

    # a whole list ----------------------------------------------------------------------------

    def _ask(self, act: Act, marked: Marked) -> None:
        """Show how many tickets it really is and some of them, and ask."""
        where = marked.whole or self._data.where
        bulk = self._desk.bulk

        def look() -> tuple[Targets, tuple[TicketRow, ...]]:
            targets = bulk.everything(where, left_out=marked.left_out)
            return targets, bulk.sample(targets)

        def ask(got: tuple[Targets, tuple[TicketRow, ...]]) -> None:
            targets, rows = got
            self._screen.footer.say("")
            if not targets.ids:
                self._screen.footer.say(_("no ticket is in this list any more"))
                return
            from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

            title = ngettext("{count} ticket?", "{count} tickets?", len(targets))
            body = _sample_text(act.counted(len(targets)), rows, len(targets))
            dialog = ConfirmDialog(title.format(count=number(len(targets))), body, _("does it"))
            self._screen.app.push_screen(
                dialog, lambda yes: self._many(act, targets, where) if yes else None
            )

        self._screen.footer.say(_("counting …"))
        self._screen.ask(look, ask, group="ask")

    def stop(self) -> None:
        """Ask whether to stop what is being done to many tickets."""
        if not self.runs.ask_to_stop():
            self._screen.footer.say(_("nothing runs that could be stopped"))

    def repeat(self) -> None:
        """Do the last act again, to what is marked or under the cursor now."""
        if self.last is None:
            self._screen.footer.say(_("nothing was done yet that could be done again"))
        else:
            self.do(self.last)


def _sample_text(then: str, rows: Sequence[TicketRow], total: int) -> str:
    lines = [_("Then {so}:").format(so=then), ""]
    lines += [
        f"#{row.id}  {shorten(clean(row.customer_name), _NAME)}"
        f"  {shorten(clean(row.subject), _SUBJECT)}"
        for row in rows
    ]
    if total > len(rows):
        lines.append(_("and {count} more").format(count=number(total - len(rows))))
    lines += ["", _("What changes before it gets there is left out and named. z takes it back.")]
    return "\n".join(lines)
