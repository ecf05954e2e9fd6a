"""Merging and splitting by key: what is asked, what is shown then, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.merging import Candidate
from helpdesk_tui.domain.messages import Direction, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.acting.steps import Step
from helpdesk_tui.widgets.words.errors import sentence, sentence_of
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.thread import ago
from helpdesk_tui.widgets.wrap import shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.actions import InboxActions
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.menu import Choice
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.merging import Split

_Rows = dict[int, TicketRow | None]
_GROUP = "merge"
_MOST_MERGED = 100
"""Tickets that become part of one at once."""
_MOST_NAME = 18
"""Cells of a name in the title of a small menu."""


class MergeDesk:
    """Merges, splits and takes apart the ticket under the cursor."""

    def __init__(
        self,
        screen: InboxScreen,
        data: InboxData,
        desk: Desk,
        actions: InboxActions,
        go_to: Callable[[int], None],
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._actions = actions
        self._go_to = go_to

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "ticket.merge": self.merge,
            "ticket.split": self.split,
            "ticket.keep-apart": self.keep_apart,
            "ticket.unmerge": self.unmerge,
        }

    # merging ---------------------------------------------------------------------------------

    def merge(self) -> None:
        """Ask which ticket the one under the cursor, or the marked ones, become part of."""
        if self._screen.tickets.marks.is_any:
            self._merge_marked()
            return
        ticket_id = self._current
        if ticket_id is None:
            return
        from helpdesk_tui.screens.dialogs.merge import MergeDialog

        reads = self._desk.merge_reads

        def look(number: int, found: Callable[[Candidate | None], None]) -> None:
            self._screen.start(lambda: reads.candidate(ticket_id, number), found, group=_GROUP)

        def chosen(into: int | None) -> None:
            if into is not None:
                self.merge_into([ticket_id], into)

        def ask(candidates: Sequence[Candidate]) -> None:
            dialog = MergeDialog([ticket_id], candidates, self._screen.now(), look)
            self._screen.app.push_screen(dialog, chosen)

        self._screen.ask(lambda: reads.candidates(ticket_id), ask, group="ask")

    def _merge_marked(self) -> None:
        """Ask which of the marked tickets, or another of their customer, stays."""
        marks, reads = self._screen.tickets.marks, self._desk.merge_reads
        versions = dict(marks.versions)
        if marks.is_whole or len(versions) > _MOST_MERGED:
            most = _("at most {count} marked tickets can be merged at once")
            self._screen.footer.say(most.format(count=_MOST_MERGED))
            return
        first, *others = versions
        from helpdesk_tui.screens.dialogs.merge import MergeDialog

        def load() -> list[Candidate]:
            marked = [reads.candidate(first, each) for each in others]
            found = [each for each in marked if each is not None]
            if not any(each.refusal for each in found):
                # whichever stays, it may be the first one too
                mine = reads.candidate(others[0], first) if others else None
                found = ([mine] if mine is not None else []) + found
                found += [each for each in reads.candidates(first) if each.row.id not in versions]
            return found

        def look(number: int, found: Callable[[Candidate | None], None]) -> None:
            self._screen.start(lambda: reads.candidate(first, number), found, group=_GROUP)

        def chosen(into: int | None) -> None:
            if into is not None:
                going = {each: version for each, version in versions.items() if each != into}
                self._screen.tickets.mark(lambda marks: marks.clear())
                self.merge_into(list(going), into, versions=going)

        def ask(candidates: list[Candidate]) -> None:
            refused = next((each for each in candidates if each.refusal
                            and each.row.id in versions), None)  # fmt: skip
            if refused is not None:
                self._screen.footer.say(sentence_of(refused.refusal, id=refused.row.id))
                return
            dialog = MergeDialog(list(versions), candidates, self._screen.now(), look)
            dialog.about = self._actions.about
            self._screen.app.push_screen(dialog, chosen)

        self._screen.ask(load, ask, group="ask")

    def merge_into(
        self, ids: Sequence[int], into: int, *, versions: Mapping[int, int] | None = None
    ) -> None:
        """Make tickets part of another, in one change; what may not be is said."""
        where, panes = self._data.where, self._screen.panes
        if panes.thread is not None and panes.thread.is_writing:
            panes.thread.writing.put_away()  # what was written moves along

        def work() -> tuple[Change, _Rows]:
            change = self._desk.merging.merge(ids, into, versions=versions)
            return change, self._desk.inbox.rows([*ids, into], where)

        def done(got: tuple[Change, _Rows]) -> None:
            change, rows = got
            if not change.changed:
                self._refuse(change)
                return
            first, count = change.changed[0], len(change.changed)
            others = count - 1
            one = _("#{id} merged into #{into}")
            more = ngettext(
                "#{id} and {count} more merged into #{into}",
                "#{id} and {count} more merged into #{into}",
                others,
            )
            said = (more if count > 1 else one).format(id=first, count=others, into=into)
            if change.skipped:
                left = _("{count} left as they were").format(count=len(change.skipped))
                said = f"{said} · {left}"
            self._actions.did(Step(change.change_id, first, said, others=(*change.changed, into)))
            self._after_merge(rows, into, where)
            self._screen.start(
                lambda: self._desk.merging.bring_drafts(change.changed),
                lambda moved: panes.tickets_changed({into}) if moved else None,
                group=_GROUP,
            )

        self._screen.start(work, done, group="write")

    def _after_merge(self, rows: _Rows, into: int, where: ViewFilter) -> None:
        """Go on: from the thread to the ticket it stands in now, from the list to the next."""
        panes, tickets = self._screen.panes, self._screen.tickets
        self._data.refresh_counts()
        if where == self._data.where:
            tickets.merge(rows, insert=not where.query)
            target = rows.get(into)
            if panes.current != "list" and target is not None:
                self._data.show_at(target)
                panes.enter(into)
            tickets.drop_left()
        panes.tickets_changed(set(rows))

    def _refuse(self, change: Change) -> None:
        ticket_id, code = change.skipped[0] if change.skipped else (0, "ticket.unchanged")
        self._screen.footer.say(f"#{ticket_id} {sentence_of(code, id=ticket_id)}")

    # splitting -------------------------------------------------------------------------------

    def split(self) -> None:
        """Ask how much of the thread becomes a ticket of its own."""
        pane = self._screen.panes.thread
        thread = pane.thread if pane is not None else None
        if pane is None or thread is None or self._screen.panes.current != "thread":
            self._screen.footer.say(
                _("enter the ticket first: % splits from the chosen message on")
            )
            return
        choices = _split_choices(thread.ticket, thread.messages, pane.view.selected)
        if not choices:
            self._screen.footer.say(_("no message is chosen"))
            return
        from helpdesk_tui.screens.menu import Menu

        menu = Menu(self._split_title(pane.view.selected), choices, opened_by="ticket.split")

        def split(choice: tuple[int, bool] | None) -> None:
            if choice is not None:
                self._split(thread.ticket.row.id, choice[0], following=choice[1])

        self._screen.app.push_screen(menu, split)

    def _split_title(self, chosen: MessageRow | None) -> str:
        if chosen is None:
            return _("split")
        by = shorten_cells(clean(chosen.author_name or chosen.sender), _MOST_NAME)
        return _("split · chosen: {by}, {age}").format(
            by=by, age=ago(chosen.received_at, self._screen.now())
        )

    def _split(self, ticket_id: int, message_id: int, *, following: bool) -> None:
        where = self._data.where

        def work() -> tuple[Split, _Rows]:
            made = self._desk.merging.split(message_id, following=following)
            return made, self._desk.inbox.rows([ticket_id, made.ticket_id], where)

        def done(got: tuple[Split, _Rows]) -> None:
            made, rows = got
            said = _("#{id} split: the rest is #{rest}").format(id=ticket_id, rest=made.ticket_id)
            step = Step(made.change.change_id, ticket_id, said, others=(ticket_id, made.ticket_id))
            self._actions.did(step)
            self._data.refresh_counts()
            new = rows.get(made.ticket_id)
            if where == self._data.where and new is not None:
                self._screen.tickets.merge(rows, insert=not where.query)
                self._data.show_at(new)
                self._screen.panes.enter(new.id)
            else:
                self._go_to(made.ticket_id)

        self._screen.start(work, done, self._say, group="write")

    # offers ----------------------------------------------------------------------------------

    def keep_apart(self) -> None:
        """Decline what is offered over the thread."""
        pane = self._screen.panes.thread
        ticket = pane.thread.ticket if pane is not None and pane.thread is not None else None
        if ticket is None or ticket.offered is None:
            self._screen.footer.say(_("nothing is offered here: this ticket stands by itself"))
            return
        ticket_id = ticket.row.id

        def done(change: Change) -> None:
            if change.changed:
                said = _("#{id} stays as it is").format(id=ticket_id)
                step = Step(change.change_id, ticket_id, said, others=(ticket_id,))
                self._actions.did(step)
            self._screen.panes.tickets_changed({ticket_id})

        self._screen.start(lambda: self._desk.merging.decline(ticket_id), done, group="write")

    # taking out ------------------------------------------------------------------------------

    def unmerge(self) -> None:
        """Ask which of the tickets that were merged into this one is taken out again."""
        ticket_id = self._current
        if ticket_id is None:
            return
        from helpdesk_tui.screens.dialogs.merge import UnmergeDialog

        def load() -> tuple[TicketRow, ...]:
            reads = self._desk.merge_reads
            return reads.parts(reads.standing(ticket_id) or ticket_id)

        def chosen(part: int | None) -> None:
            if part is not None:
                self._take_out(part, ticket_id)

        def ask(parts: tuple[TicketRow, ...]) -> None:
            if parts:
                dialog = UnmergeDialog(parts, self._screen.now())
                self._screen.app.push_screen(dialog, chosen)
            else:
                self._screen.footer.say(
                    _("nothing was merged into #{ticket_id}").format(ticket_id=ticket_id)
                )

        self._screen.ask(load, ask, group="ask")

    def _take_out(self, part: int, ticket_id: int) -> None:
        where = self._data.where

        def work() -> tuple[Change, _Rows]:
            change = self._desk.merging.unmerge(part)
            return change, self._desk.inbox.rows([part, ticket_id], where)

        def done(got: tuple[Change, _Rows]) -> None:
            change, rows = got
            said = _("#{id} taken out again").format(id=part)
            step = Step(change.change_id, part, said, others=(part, ticket_id))
            self._actions.did(step)
            if where == self._data.where:
                self._screen.tickets.merge(rows, insert=not where.query)
            self._data.refresh_counts()
            self._screen.panes.tickets_changed({part, ticket_id})

        self._screen.start(work, done, self._say, group="write")

    # -----------------------------------------------------------------------------------------

    @property
    def _current(self) -> int | None:
        """The ticket under the cursor; one that left the list meanwhile is still on screen."""
        row, pane = self._screen.tickets.cursor_row, self._screen.panes.thread
        if row is not None:
            return row.id
        return pane.ticket_id if pane is not None and pane.ticket_id else None

    def _say(self, error: HelpdeskError) -> None:
        self._screen.footer.say(sentence(error))


def _split_choices(
    ticket: TicketDetail, messages: Sequence[MessageRow], chosen: MessageRow | None
) -> list[Choice[tuple[int, bool]]]:
    """Return how the thread can be split: as offered first, then from the chosen message."""
    from helpdesk_tui.screens.menu import Choice

    choices: list[Choice[tuple[int, bool]]] = []
    offered = ticket.offered
    if offered is not None and offered.kind == "split":
        subject = clean(offered.subject) or _("no subject")
        choices.append(
            Choice(
                "f",
                _("all from “{subject}” on").format(subject=subject),
                (offered.id, True),
                _("offered"),
            )
        )
    if chosen is None or chosen.direction is Direction.NOTE:
        return choices
    later = sum(each.id > chosen.id for each in messages)
    choices.append(Choice("o", _("only this message"), (chosen.id, False)))
    if later:
        label = _("this message and all later ones ({count})").format(count=later)
        choices.append(Choice("a", label, (chosen.id, True)))
    return choices
