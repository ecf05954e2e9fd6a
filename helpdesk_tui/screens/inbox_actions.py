"""What the keys do to the ticket under the cursor: one change each, then the next ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.type_ahead import Writing
from helpdesk_tui.screens.undo import Step, UndoStack
from helpdesk_tui.widgets.language import _
from helpdesk_tui.widgets.thread_words import shown_address
from helpdesk_tui.widgets.wording import sentence_of

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox import InboxScreen
    from helpdesk_tui.screens.inbox_data import InboxData
    from helpdesk_tui.services.desk import Desk

Verb = Callable[["Desk", Sequence[int], "Mapping[int, int] | None"], Change]
"""Changes tickets: the desk, their ids, and the versions they were shown in (skips newer ones)."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to one ticket or to many, and again with ``.``."""

    verb: Verb
    said: str
    """What the footer says of it, after the number of the ticket."""
    moves_on: bool = False
    """The ticket leaves the list: the cursor goes on to the next one."""


_LEAVES_WITHIN = float(max(channel.undo_seconds for channel in CHANNELS.values()))
"""Seconds after which nothing that was sent can be taken back."""


class InboxActions:
    """Acts on single tickets through the desk's triage."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._undo = UndoStack()

    # verbs -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the ticket and go on to the next."""
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.close(ids, versions=seen),
                _("closed"),
                moves_on=True,
            )
        )

    def reopen(self) -> None:
        """Open a closed or snoozed ticket."""
        self.do(Act(lambda desk, ids, seen: desk.triage.reopen(ids, versions=seen), _("reopened")))

    def take(self) -> None:
        """Assign the ticket to the agent at this desk."""
        me = self._desk.actor.agent_id
        if me is None:
            self._screen.complain_text(_("no agent is named: start with --agent NAME"))
            return
        self.do(
            Act(lambda desk, ids, seen: desk.triage.assign(ids, me, versions=seen), _("is yours"))
        )

    def mark_unread(self) -> None:
        """Mark the ticket unread and leave it, since entering it would mark it read."""
        self._screen.panes.go("list")
        self.do(
            Act(lambda desk, ids, seen: desk.triage.mark_unread(ids, versions=seen), _("is unread"))
        )

    def toggle_spam(self) -> None:
        """Move the ticket to Spam, or out of it."""
        row = self._screen.tickets.cursor_row
        if row is not None and row.spam:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.not_spam(ids, versions=seen),
                    _("is no spam"),
                    moves_on=True,
                )
            )
        else:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.spam(ids, versions=seen),
                    _("is spam"),
                    moves_on=True,
                )
            )

    def snooze_until(self, until: datetime, *, keep: bool, zone: str) -> None:
        """Put the ticket to sleep and go on to the next."""
        said = f"sleeps until {until.astimezone(self._screen.zone):%d %b %H:%M}"

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.snooze(ids, until, keep=keep, zone=zone, versions=seen)

        self.do(Act(verb, said, moves_on=True))

    def assign_to(self, agent_id: int | None, name: str) -> None:
        """Give the ticket to somebody, or to nobody; one given away is left behind."""
        said = _("goes to {name}").format(name=name) if agent_id is not None else _("is unassigned")

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.assign(ids, agent_id, versions=seen)

        self.do(Act(verb, said, moves_on=agent_id != self._desk.actor.agent_id))

    def change_tags(self, add: list[str], remove: list[str]) -> None:
        """Add and take away tags."""
        if add:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.tag(ids, add, versions=seen), _("is tagged")
                )
            )
        if remove:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.untag(ids, remove, versions=seen),
                    _("lost tags"),
                )
            )

    def set_customer(self, customer: Address) -> None:
        """Say whose ticket it is: it goes to that person's profile, and replies go there."""
        said = _("is the ticket of {addr}").format(addr=shown_address(customer.addr))

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.customers.set_customer(ids[0], customer.addr, customer.name)

        self.do(Act(verb, said))

    def did(self, step: Step) -> None:
        """Remember a change that was made elsewhere on this screen, for ``z``."""
        self._undo.push(step)
        about = f"#{step.ticket_id} " if step.ticket_id else ""
        self._screen.footer.say(_("{about}{said} · z undo").format(about=about, said=step.said))

    # how a verb is done ----------------------------------------------------------------------

    def do(self, act: Act) -> None:
        """Do something to the ticket under the cursor."""
        row = self._screen.tickets.cursor_row
        if row is None:
            return
        where = self._data.where
        if act.moves_on:
            # the next ticket is shown before the store has answered; the row leaves when it has
            tickets = self._screen.tickets
            _unused = tickets.move(1) or tickets.move(-1)

        def work() -> tuple[Change, TicketRow | None]:
            change = act.verb(self._desk, [row.id], None)
            return change, self._desk.inbox.rows([row.id], where)[row.id]

        def done(result: tuple[Change, TicketRow | None]) -> None:
            change, current = result
            if not change.changed:
                self._skipped(row, change)
                return
            self._undo.push(Step(change.change_id, row.id, act.said))
            self._screen.footer.say(_("#{id} {said} · z undo").format(id=row.id, said=act.said))
            self._settled(row.id, current, where)

        self._screen.start(work, done, group="write")

    def _settled(self, ticket_id: int, current: TicketRow | None, where: ViewFilter) -> None:
        """Show a ticket as it is after a change of our own."""
        if where == self._data.where:
            if current is None:
                self._screen.tickets.drop(ticket_id)
            else:
                self._screen.tickets.merge({ticket_id: current}, insert=where.takes_new)
        self._data.refresh_counts()
        self._screen.panes.tickets_changed({ticket_id})

    def _skipped(self, row: TicketRow, change: Change) -> None:
        code = change.skipped[0][1] if change.skipped else "ticket.unchanged"
        self._screen.footer.say(f"#{row.id} {sentence_of(code, id=row.id)}")

    # taking back -----------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back a reply that has not left yet, else the newest change of this session."""
        thread = self._screen.panes.thread
        if thread is not None and self._screen.panes.current == "thread":
            taken = thread.take_back()
            if taken:
                self._undo.forget(taken)
                return
        step = self._undo.pop()
        if step is None:
            self._screen.footer.say(_("nothing to undo"))
        elif step.back is not None:
            step.back()
        elif step.message_id:
            self._take_back(step)
        else:
            self._undo_change(step)

    def was_queued(self, ticket_id: int, message_id: int) -> None:
        """Go on after a reply was sent; ``z`` takes it back while it has not left."""
        self._undo.push(Step("", ticket_id, "reply", message_id))
        said = _("#{ticket_id} reply leaves in a moment · z takes it back").format(
            ticket_id=ticket_id
        )
        self._screen.footer.say(said, seconds=_LEAVES_WITHIN)
        where = self._data.where
        self._screen.start(
            lambda: self._desk.inbox.rows([ticket_id], where)[ticket_id],
            lambda current: self._settled(ticket_id, current, where),
            group="write",
        )

    def _take_back(self, step: Step) -> None:
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
            self._screen.footer.say(
                _("#{ticket_id} {value} taken back").format(
                    ticket_id=step.ticket_id, value=writing.value
                )
            )
            self._settled(step.ticket_id, current, where)
            if current is not None and where == self._data.where:
                self._data.show_at(current)
                self._screen.panes.enter(step.ticket_id)
                self._screen.panes.write_when_loaded(step.ticket_id, writing)

        self._screen.start(work, done, group="write")

    def _undo_change(self, step: Step) -> None:
        where = self._data.where

        def work() -> tuple[Change, TicketRow | None]:
            change = self._desk.triage.undo(step.change_id)
            return change, self._desk.inbox.rows([step.ticket_id], where)[step.ticket_id]

        def done(result: tuple[Change, TicketRow | None]) -> None:
            change, current = result
            if change.changed:
                note = (
                    " · " + _("{count} left: changed since").format(count=len(change.kept))
                    if change.kept
                    else ""
                )
                self._screen.footer.say(
                    _("#{ticket_id} undone: {said}{note}").format(
                        ticket_id=step.ticket_id, said=step.said, note=note
                    )
                )
            else:
                code = change.skipped[0][1] if change.skipped else "undo.changed-since"
                told = sentence_of(code, id=step.ticket_id)
                self._screen.footer.say(f"#{step.ticket_id} {told}")
            self._settled(step.ticket_id, current, where)
            if step.others:
                self._data.refresh(step.others, counts=False)
                self._screen.panes.tickets_changed(set(step.others))
            if current is not None and where == self._data.where:
                self._data.show_at(current)

        self._screen.start(work, done, group="write")

    # copying ---------------------------------------------------------------------------------

    def copy_id(self) -> None:
        """Put the number of the ticket on the clipboard."""
        row = self._screen.tickets.cursor_row
        if row is not None:
            self._copy(f"#{row.id}")

    def copy_title(self) -> None:
        """Put number and subject of the ticket on the clipboard."""
        row = self._screen.tickets.cursor_row
        if row is not None:
            self._copy(f"#{row.id} {clean(row.subject)}")

    def _copy(self, text: str) -> None:
        self._screen.app.copy_to_clipboard(text)
        self._screen.footer.say(_("copied {text}").format(text=text))
