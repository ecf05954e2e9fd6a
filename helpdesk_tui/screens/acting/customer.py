"""What is done about the customer of a ticket: blocked, linked, and all their tickets listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.customers import PersonRow
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.acting.steps import Step
from helpdesk_tui.screens.inbox.actions import Act, InboxActions
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.people import shown_address

if TYPE_CHECKING:
    from helpdesk_tui.screens.dialogs.person import Found, PersonChoice
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_WORDS = re.compile(r"[\w@.+-]+")
_MOST_HITS = 30
_People = tuple[PersonRow, tuple[PersonRow, ...], tuple[PersonRow, ...]]
"""A customer, who may be the same person, and who is linked already."""


class CustomerDesk:
    """Acts on the customer of the ticket under the cursor."""

    def __init__(
        self, screen: InboxScreen, data: InboxData, desk: Desk, actions: InboxActions
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._actions = actions

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "ticket.block": self.block,
            "customer.link": self.link,
            "customer.history": self.history,
        }

    @property
    def _ticket(self) -> int | None:
        row = self._screen.tickets.cursor_row
        return None if row is None else row.id

    # blocking --------------------------------------------------------------------------------

    def block(self) -> None:
        """Ask before the sender is blocked, or let through again."""
        ticket = self._ticket
        if ticket is None:
            return

        def ask(found: tuple[str, bool]) -> None:
            address, is_blocked = found
            if not address:
                self._screen.footer.say(_("its customer has no address that could be blocked"))
            elif is_blocked:
                self._unblock(address)
            else:
                self._ask_to_block(address)

        self._screen.ask(lambda: self._desk.blocks.sender(ticket), ask, group="ask")

    def _ask_to_block(self, address: str) -> None:
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.blocks.block(ids, versions=seen)

        def answer(yes: bool | None) -> None:
            if yes:
                said = _("#{id} {address} is blocked")
                values = {"address": shown_address(address)}
                self._actions.do(Act(verb, said, _blocked, values))

        body = _(
            "What comes from this address from now on is kept, but lies read in Spam, rings nowhere"
            " and gets no automatic answer. What is here already stays as it is. “Block the"
            " sender, or unblock” in the palette lets it through again, and so does z."
        )
        title = _("Block {address}?").format(address=shown_address(address))
        question = self._about_all(title, body, _blocked)
        self._screen.app.push_screen(ConfirmDialog(*question, _("block")), answer)

    def _unblock(self, address: str) -> None:
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.blocks.unblock(ids, versions=seen)

        def answer(yes: bool | None) -> None:
            if yes:
                said = _("#{id} {address} is let through again")
                values = {"address": shown_address(address)}
                self._actions.do(Act(verb, said, _let_through, values))

        body = _("It is blocked. Later mail from this address would make tickets again.")
        title = _("Let {address} through?").format(address=shown_address(address))
        question = self._about_all(title, body, _let_through)
        self._screen.app.push_screen(ConfirmDialog(*question, _("unblock")), answer)

    def _about_all(self, title: str, body: str, many: Callable[[int], str]) -> tuple[str, str]:
        """Return a question, which says of marked tickets how many senders it is about."""
        marks = self._screen.tickets.marks
        if not marks.is_any:
            return title, body
        count = number(marks.count)
        title = ngettext("{count} ticket?", "{count} tickets?", marks.count).format(count=count)
        then = _("Then {so}:").format(so=many(marks.count).format(count=count))
        return title, f"{then}\n\n{body}"

    # one person, several profiles ------------------------------------------------------------

    def link(self) -> None:
        """Ask which other profile is the same person."""
        ticket = self._ticket
        if ticket is None:
            return
        desk = self._desk

        def read() -> _People:
            profile = desk.threads.detail(ticket).customer_id
            person = desk.people.person(profile)
            hits = self._named(person.name)
            return person, desk.people.alike(profile, hits), desk.people.linked(profile)

        def ask(found: _People) -> None:
            from helpdesk_tui.screens.dialogs.person import PersonDialog

            person, alike, linked = found

            def look(typed: str, show: Found) -> None:
                self._screen.start(
                    lambda: desk.people.alike(person.id, self._named(typed)),
                    show,
                    lambda _error: None,
                    group="look",
                    exclusive=True,
                )

            def chosen(choice: PersonChoice | None) -> None:
                if choice is not None:
                    self._link(ticket, person, choice)

            self._screen.app.push_screen(PersonDialog(person, alike, linked, look), chosen)

        self._screen.ask(read, ask, group="ask")

    def _named(self, name: str) -> list[int]:
        """Return profiles whose tickets a name or an address leads to."""
        from helpdesk_tui.services.facts import ticket_facts

        words = " ".join(_WORDS.findall(clean(name)))
        if not words:
            return []
        where = ViewFilter(View.ALL, query=f'from:"{words}"')
        try:
            rows = self._desk.inbox.page(where, limit=_MOST_HITS).rows
        except HelpdeskError:
            return []  # a name that cannot be searched for finds nobody
        facts = ticket_facts(self._desk.store, [row.id for row in rows])
        return [one.customer_id for one in facts.values()]

    def _link(self, ticket_id: int, person: PersonRow, choice: PersonChoice) -> None:
        other = choice.person
        name = clean(other.name) or shown_address(other.email) or clean(other.phone)

        def work() -> Change:
            if choice.is_linked:
                return self._desk.people.unlink(other.id)
            return self._desk.people.link(other.id, person.id)

        def done(change: Change) -> None:
            linked, parted = _("#{id} linked with {name}"), _("#{id} parted from {name}")
            said = (parted if choice.is_linked else linked).format(id=ticket_id, name=name)
            others = tuple(dict.fromkeys((*change.changed, ticket_id)))
            step = Step(change.change_id, ticket_id, said, others=others)
            self._actions.did(step)
            self._data.refresh(others, counts=False)
            self._screen.panes.tickets_changed(set(others))

        self._screen.start(work, done, group="write")

    # history ---------------------------------------------------------------------------------

    def history(self) -> None:
        """List all tickets of this customer, on every channel; ``q`` goes back."""
        ticket = self._ticket
        if ticket is None:
            return

        def show(profile: int) -> None:
            self._screen.panes.go("list")
            self._data.search(f"customer:#{profile}", self._screen.complain)

        self._screen.ask(lambda: self._desk.threads.detail(ticket).customer_id, show, group="ask")


def _blocked(count: int) -> str:
    return ngettext(
        "the sender of {count} ticket is blocked",
        "the senders of {count} tickets are blocked",
        count,
    )


def _let_through(count: int) -> str:
    return ngettext(
        "the sender of {count} ticket is let through again",
        "the senders of {count} tickets are let through again",
        count,
    )
