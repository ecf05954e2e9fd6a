"""Keeps the sidebar up with what the store knows of a customer, and asks for what is old.

Nothing here is done while keys are pressed: a ticket is shown once they rest. Everything is read
in threads; the network is the worker's.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.context import CustomerContext, EventFilter
from helpdesk_tui.domain.commerce.wants import BESIDE, OPENED, REFRESH
from helpdesk_tui.domain.errors import HelpdeskError

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.customers import Profile
    from helpdesk_tui.domain.ticket_details import TicketDetail
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.widgets.sidebar import Sidebar

log = logging.getLogger(__name__)

_AWAITED = 15.0
"""Seconds in which an answer is looked for more often, after it was asked for."""
_READ_AFTER = 1.0
"""Seconds on a ticket from which on it is being read, also while the cursor only passes by."""
_NEAR = 2
"""Tickets above and below the cursor whose customers are fetched ahead."""
_KEPT = 50
"""Customers that are shown again without being read first."""
_MINUTE = 60.0


class ContextDesk:
    """Fills the sidebar of one inbox screen."""

    def __init__(self, screen: InboxScreen, desk: Desk, sidebar: Sidebar) -> None:
        self._screen = screen
        self._desk = desk
        self._sidebar = sidebar
        self._kept: OrderedDict[int, tuple[int, CustomerContext]] = OrderedDict()
        self._on: tuple[TicketDetail, Profile] | None = None
        self._read: Timer | None = None
        self._seen_version = -1
        self._awaited_until = 0.0
        self._ahead: tuple[int, EventFilter | None, tuple[int, CustomerContext]] | None = None
        """What was read together with a thread: customer, filter, what is known."""
        self.filter: EventFilter | None = None
        """Which events are shown, for all customers alike; None: all."""
        screen.set_interval(_MINUTE, self._tick)

    @property
    def shown(self) -> tuple[TicketDetail, Profile] | None:
        """Whose sidebar it is."""
        return self._on

    @property
    def known(self) -> CustomerContext | None:
        """What is known of the customer on screen."""
        kept = self._kept.get(self._on[1].id) if self._on is not None else None
        return None if kept is None else kept[1]

    # showing ---------------------------------------------------------------------------------

    def read(self, profile_id: int) -> None:
        """Read a customer whose ticket is about to be shown; runs in the thread that reads it."""
        wanted = self.filter
        try:
            self._ahead = profile_id, wanted, self._known_of(profile_id, wanted)
        except (HelpdeskError, ValueError, TypeError, LookupError, ArithmeticError, OSError):
            # the ticket can be answered all the same
            log.warning("what is known of a customer cannot be read", exc_info=True)
            self._ahead = None

    def _known_of(self, profile_id: int, wanted: EventFilter | None) -> tuple[int, CustomerContext]:
        reads = self._desk.customer_context
        # the stamp first: what comes between both is shown by the next look
        return reads.stamp(profile_id), reads.load(profile_id, wanted)

    def show(self, detail: TicketDetail, profile: Profile) -> None:
        """Show the customer of a ticket that is on the screen, new or read anew."""
        is_same = self._on is not None and self._on[1].id == profile.id
        self._on = detail, profile
        ahead = self._ahead
        if ahead is not None and ahead[:2] == (profile.id, self.filter):
            self._keep(profile.id, ahead[2])
        self._paint()
        if not is_same:
            self._want(detail.row.id, profile.id)

    def _keep(self, profile_id: int, found: tuple[int, CustomerContext]) -> None:
        before = self._kept.get(profile_id)
        if before is not None and self._is_on(profile_id) and _is_mended(before[1], found[1]):
            self._ask(profile_id, OPENED, ())
        self._kept[profile_id] = found
        self._kept.move_to_end(profile_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Show nobody."""
        self._on = None
        self._stop_reading()
        self._sidebar.clear()

    def _paint(self) -> None:
        if self._on is not None:
            name = self.filter.name if self.filter is not None else ""
            self._sidebar.show(*self._on, self.known, name)

    def _load(self, profile_id: int) -> None:
        """Read a customer anew, and draw what is different."""
        wanted = self.filter

        def show(found: tuple[int, CustomerContext]) -> None:
            if wanted == self.filter:
                self._keep(profile_id, found)
                if self._is_on(profile_id):
                    self._paint()

        def failed(_error: HelpdeskError) -> None:
            if self._is_on(profile_id):
                self._paint()  # the ticket and the person are known all the same

        self._screen.start(
            lambda: self._known_of(profile_id, wanted), show, failed,
            group="context", exclusive=True,
        )  # fmt: skip

    def _is_on(self, profile_id: int) -> bool:
        return self._on is not None and self._on[1].id == profile_id

    def filter_by(self, wanted: EventFilter | None) -> None:
        """Show other events from now on."""
        self.filter = wanted
        self._kept.clear()
        if self._on is not None:
            self._load(self._on[1].id)

    # what is old -----------------------------------------------------------------------------

    def _want(self, ticket_id: int, profile_id: int) -> None:
        """Ask for this customer and for those beside; soon the scarce parts, too."""
        self._stop_reading()
        near = self._near(ticket_id)
        pane = self._screen.panes.thread
        rank = OPENED if pane is not None and pane.entered == ticket_id else BESIDE

        def ask() -> None:
            if not self._is_on(profile_id):
                return
            self._ask(profile_id, rank, near)
            if rank != OPENED:
                read = partial(self._ask, profile_id, OPENED, ())
                self._read = self._screen.set_timer(_READ_AFTER, read)

        # first the picture
        self._screen.call_after_refresh(ask)

    def _near(self, ticket_id: int) -> tuple[int, ...]:
        """Return the tickets next to one in the list, the nearest first."""
        rows = [row.id for row in self._screen.tickets.window.rows]
        if ticket_id not in rows:
            return ()
        at = rows.index(ticket_id)
        places = [place for by in range(1, _NEAR + 1) for place in (at + by, at - by)]
        return tuple([rows[place] for place in places if 0 <= place < len(rows)])

    def _ask(self, profile_id: int, rank: int, near: tuple[int, ...]) -> None:
        desk = self._desk

        def ask() -> None:
            from helpdesk_tui.services.facts import ticket_facts

            if desk.customer_context.want([profile_id], rank):
                self._awaited_until = monotonic() + _AWAITED
            if near:
                facts = ticket_facts(desk.store, near)
                beside = [facts[one].customer_id for one in near if one in facts]
                desk.customer_context.want(list(dict.fromkeys(beside)), BESIDE)

        self._screen.start(ask, _nothing, _nothing, group="context-want")

    def entered(self, ticket_id: int) -> None:
        """A ticket was gone into: all of its customer is wanted."""
        if self._on is not None and self._on[0].row.id == ticket_id:
            self._stop_reading()
            self._ask(self._on[1].id, OPENED, ())

    def refresh(self) -> bool:
        """Let the sources be asked anew, however fresh their word is; False for nobody."""
        if self._on is not None:
            self._ask(self._on[1].id, REFRESH, ())
        return self._on is not None

    def _stop_reading(self) -> None:
        if self._read is not None:
            self._read.stop()
            self._read = None

    # live ------------------------------------------------------------------------------------

    @property
    def is_awaited(self) -> bool:
        """Whether something was asked for just now that may come at any moment."""
        return monotonic() < self._awaited_until and bool(self._sidebar.display)

    def look(self) -> None:
        """See whether a source has told something new; runs in the thread that watches."""
        version, on = self._desk.changes.version, self._on
        if version == self._seen_version or on is None or not self._sidebar.display:
            return
        self._seen_version = version
        profile_id = on[1].id
        kept = self._kept.get(profile_id)
        if kept is not None and self._desk.customer_context.stamp(profile_id) != kept[0]:
            self._screen.post_message(self._screen.Finished(lambda: self._load(profile_id)))

    def _tick(self) -> None:
        """Let ages move on; what became old meanwhile is wanted again."""
        self._sidebar.tick()
        pane = self._screen.panes.thread
        if self._on is not None and pane is not None and pane.entered == self._on[0].row.id:
            self._ask(self._on[1].id, OPENED, ())


def _is_mended(before: CustomerContext, now: CustomerContext) -> bool:
    """Return whether a source that could not be asked can be by now, or with more to ask by."""
    well = {one.id for one in now.sources if not one.error_code}
    known = {source for source, _match in before.matches}
    return any(one.error_code and one.id in well for one in before.sources) or any(
        source not in known for source, _match in now.matches
    )


def _nothing(_answer: object) -> None:
    """Take an answer that changes nothing: customers are wanted as a courtesy."""
