"""What the keys do to the marked tickets, or else to the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.snooze import zone_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import View
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.doing import Act as Act
from helpdesk_tui.screens.doing import Doing
from helpdesk_tui.screens.marking import marked_words
from helpdesk_tui.screens.undo import Step, UndoStack
from helpdesk_tui.screens.undoing import Undoing
from helpdesk_tui.services.bulk import Verb as Verb
from helpdesk_tui.widgets.language import _
from helpdesk_tui.widgets.snooze_moments import moment_words
from helpdesk_tui.widgets.thread_words import shown_address

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox import InboxScreen
    from helpdesk_tui.screens.inbox_data import InboxData
    from helpdesk_tui.services.desk import Desk


class InboxActions:
    """Acts on tickets, and takes back what was done."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        stack = UndoStack()
        self.doing = Doing(screen, data, desk, stack)
        self.undoing = Undoing(screen, data, desk, self.doing, stack)
        self.doing.runs.take_back = self.undoing.undo

    def do(self, act: Act) -> None:
        """Do something to the marked tickets, or else to the one under the cursor."""
        self.doing.do(act)

    def did(self, step: Step) -> None:
        """Remember a change that was made elsewhere on this screen, for ``z``."""
        self.undoing.did(step)

    def undo(self) -> None:
        """Take back a reply that has not left yet, else the newest change of this session."""
        self.undoing.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.undoing.redo()

    def was_queued(
        self, ticket_id: int, message_id: int, at: datetime | None = None, then: str = ""
    ) -> None:
        """Go on after a reply was sent; ``z`` takes it back while it has not left."""
        self.undoing.was_queued(ticket_id, message_id, at, then)

    @property
    def about(self) -> str:
        """What the next action is about, where it is more than the ticket under the cursor."""
        marks = self._screen.tickets.marks
        return marked_words(marks, tickets=True) if marks.is_any else ""

    # verbs -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the ticket and go on to the next."""
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.close(ids, versions=seen),
                _("closed"),
                moves_on=True,
                many=_("are closed"),
            )
        )

    def reopen(self) -> None:
        """Open a closed or snoozed ticket."""
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.reopen(ids, versions=seen),
                _("reopened"),
                many=_("are open again"),
            )
        )

    def take(self) -> None:
        """Assign the ticket to the agent at this desk."""
        me = self._desk.actor.agent_id
        if me is None:
            self._screen.complain_text(_("no agent is named: start with --agent NAME"))
            return
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.assign(ids, me, versions=seen),
                _("is yours"),
                many=_("are yours"),
            )
        )

    def mark_unread(self) -> None:
        """Mark the ticket unread and leave it, since entering it would mark it read."""
        self._screen.panes.go("list")
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.mark_unread(ids, versions=seen),
                _("is unread"),
                many=_("are unread"),
            )
        )

    def toggle_spam(self) -> None:
        """Move the ticket to Spam, or out of it; marked ones as the list they stand in says."""
        tickets = self._screen.tickets
        row, where = tickets.cursor_row, tickets.where
        in_spam = where is not None and where.view is View.SPAM
        if in_spam if tickets.marks.is_any else row is not None and row.spam:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.not_spam(ids, versions=seen),
                    _("is no spam"),
                    moves_on=True,
                    many=_("are no spam"),
                )
            )
        else:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.spam(ids, versions=seen),
                    _("is spam"),
                    moves_on=True,
                    many=_("are spam"),
                )
            )

    def snooze_until(self, until: datetime | None, *, keep: bool, zone: str) -> None:
        """Put the ticket to sleep and go on to the next; no moment is until they reply."""
        if until is None:
            said, many = _("sleeps until they reply"), _("sleep until they reply")
        else:
            when = moment_words(until, self._screen.now(), zone_of(zone))
            said = _("sleeps until {when}").format(when=when)
            many = _("sleep until {when}").format(when=when)

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.snooze(ids, until, keep=keep, zone=zone, versions=seen)

        self.do(Act(verb, said, moves_on=True, many=many))

    def assign_to(self, agent_id: int | None, name: str) -> None:
        """Give the ticket to somebody, or to nobody; one given away is left behind."""
        said, many = _("is unassigned"), _("are unassigned")
        if agent_id is not None:
            said = _("goes to {name}").format(name=name)
            many = _("go to {name}").format(name=name)

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.assign(ids, agent_id, versions=seen)

        self.do(Act(verb, said, moves_on=agent_id != self._desk.actor.agent_id, many=many))

    def change_tags(self, add: list[str], remove: list[str]) -> None:
        """Add and take away tags, in one change."""
        if not (add or remove):
            return

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.retag(ids, add, remove, versions=seen)

        said, many = (_("is tagged"), _("are tagged")) if add else (_("lost tags"), "")
        self.do(Act(verb, said, many=many))

    def set_customer(self, customer: Address) -> None:
        """Say whose ticket it is: it goes to that person's profile, and replies go there."""
        said = _("is the ticket of {address}").format(address=shown_address(customer.addr))
        many = _("are tickets of {address}").format(address=shown_address(customer.addr))

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            changes = [
                desk.customers.set_customer(each, customer.addr, customer.name) for each in ids
            ]
            return Change(
                changes[0].change_id,
                tuple(each for change in changes for each in change.changed),
                tuple(each for change in changes for each in change.skipped),
            )

        self.do(Act(verb, said, many=many))

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
