"""What the keys do to the marked tickets, or else to the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.snoozing.snooze import zone_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import TicketRow, View
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.acting.chats import ClosingHint
from helpdesk_tui.screens.acting.doing import Act as Act
from helpdesk_tui.screens.acting.doing import Doing
from helpdesk_tui.screens.acting.marking import marked_words
from helpdesk_tui.screens.acting.steps import Step, UndoStack
from helpdesk_tui.screens.acting.undoing import Undoing
from helpdesk_tui.services.bulk import Verb as Verb
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.snooze_moments import moment_words
from helpdesk_tui.widgets.words.thread import shown_address

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
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
        self._closing = ClosingHint(screen, desk)

    def do(self, act: Act, row: TicketRow | None = None) -> None:
        """Do something to a ticket; without one to those marked, or else the one at the cursor."""
        self.doing.do(act, row)

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
        """Close the ticket and go on to the next; a chat ends a moment later."""
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.close(ids, versions=seen),
                _("#{id} closed"),
                many=lambda count: ngettext(
                    "{count} ticket is closed", "{count} tickets are closed", count
                ),
                moves_on=True,
                done=self._closing.begin,
            )
        )

    def reopen(self) -> None:
        """Open a closed or snoozed ticket."""
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.reopen(ids, versions=seen),
                _("#{id} reopened"),
                many=lambda count: ngettext(
                    "{count} ticket is open again", "{count} tickets are open again", count
                ),
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
                _("#{id} is yours"),
                many=lambda count: ngettext(
                    "{count} ticket is yours", "{count} tickets are yours", count
                ),
            )
        )

    def mark_unread(self) -> None:
        """Mark the ticket unread and leave it, since entering it would mark it read."""
        self._screen.panes.go("list")
        self.do(
            Act(
                lambda desk, ids, seen: desk.triage.mark_unread(ids, versions=seen),
                _("#{id} is unread"),
                many=lambda count: ngettext(
                    "{count} ticket is unread", "{count} tickets are unread", count
                ),
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
                    _("#{id} is no spam"),
                    many=lambda count: ngettext(
                        "{count} ticket is no spam", "{count} tickets are no spam", count
                    ),
                    moves_on=True,
                )
            )
        else:
            self.do(
                Act(
                    lambda desk, ids, seen: desk.triage.spam(ids, versions=seen),
                    _("#{id} is spam"),
                    many=lambda count: ngettext(
                        "{count} ticket is spam", "{count} tickets are spam", count
                    ),
                    moves_on=True,
                )
            )

    def snooze_until(self, until: datetime | None, *, keep: bool, zone: str) -> None:
        """Put the ticket to sleep and go on to the next; no moment is until they reply."""
        when = ""
        if until is not None:
            when = moment_words(until, self._screen.now(), zone_of(zone))
        said = _("#{id} sleeps until {when}") if when else _("#{id} sleeps until they reply")

        def many(count: int) -> str:
            if not when:
                return ngettext(
                    "{count} ticket sleeps until they reply",
                    "{count} tickets sleep until they reply",
                    count,
                )
            return ngettext(
                "{count} ticket sleeps until {when}", "{count} tickets sleep until {when}", count
            )

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.snooze(ids, until, keep=keep, zone=zone, versions=seen)

        self.do(Act(verb, said, many, {"when": when}, moves_on=True))

    def assign_to(self, agent_id: int | None, name: str) -> None:
        """Give the ticket to somebody, or to nobody; one given away is left behind."""
        said = _("#{id} goes to {name}") if agent_id is not None else _("#{id} is unassigned")

        def many(count: int) -> str:
            if agent_id is None:
                return ngettext(
                    "{count} ticket is unassigned", "{count} tickets are unassigned", count
                )
            return ngettext("{count} ticket goes to {name}", "{count} tickets go to {name}", count)

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.assign(ids, agent_id, versions=seen)

        leaves = agent_id != self._desk.actor.agent_id
        self.do(Act(verb, said, many, {"name": name}, moves_on=leaves))

    def change_tags(self, add: list[str], remove: list[str]) -> None:
        """Add and take away tags, in one change."""
        if not (add or remove):
            return

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.retag(ids, add, remove, versions=seen)

        def many(count: int) -> str:
            if add:
                return ngettext("{count} ticket is tagged", "{count} tickets are tagged", count)
            return ngettext("{count} ticket lost tags", "{count} tickets lost tags", count)

        self.do(Act(verb, _("#{id} is tagged") if add else _("#{id} lost tags"), many))

    def set_customer(self, customer: Address) -> None:
        """Say whose ticket it is: it goes to that person's profile, and replies go there."""
        said = _("#{id} is the ticket of {address}")

        def many(count: int) -> str:
            return ngettext(
                "{count} ticket is of {address}", "{count} tickets are of {address}", count
            )

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            changes = [
                desk.customers.set_customer(each, customer.addr, customer.name) for each in ids
            ]
            return Change(
                changes[0].change_id,
                tuple(each for change in changes for each in change.changed),
                tuple(each for change in changes for each in change.skipped),
            )

        self.do(Act(verb, said, many, {"address": shown_address(customer.addr)}))

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
