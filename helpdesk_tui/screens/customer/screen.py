"""A customer on a screen of their own: facts at the left, the timeline, and an entry to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from helpdesk_tui.domain.commerce.context import CustomerContext, EventFilter
from helpdesk_tui.domain.commerce.timeline import RANKS, Entry, Place, TimelinePage
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.beside.searched_list import SearchedListScreen
from helpdesk_tui.screens.beside.side_screen import Handlers
from helpdesk_tui.screens.customer.row_keys import RowKeys
from helpdesk_tui.screens.customer.tabs import EVENTS, FACTS, KINDS, PLACES, TABS, Asked
from helpdesk_tui.widgets.ink import Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.sidebar.person import name_of
from helpdesk_tui.widgets.sidebar.standing import label_of
from helpdesk_tui.widgets.sidebar.targets import Target
from helpdesk_tui.widgets.sidebar.view import Sidebar
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.tab_line import TabLine
from helpdesk_tui.widgets.timeline_lines import entry_lines, entry_page
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.domain.commerce.changing import Person
    from helpdesk_tui.services.desk import Desk

_PAGE, _MOST = 60, 600
"""Entries that are read at a time, and that stay loaded when the list is read anew."""


class CustomerScreen(SearchedListScreen[Entry]):
    """All that happened between a customer and the shop, on all channels and at all sources."""

    TITLE_TEXT: ClassVar[str] = N_("Customer")
    SCOPE: ClassVar[Scope] = Scope.PROFILE
    GROUP: ClassVar[Group] = Group.PROFILE
    PLACE: ClassVar[str] = "profile"
    SEARCH_HINT: ClassVar[str] = N_("words in messages, orders and events")

    DEFAULT_CSS = """
    CustomerScreen TabLine { dock: top; margin: 1 0 0 0; }
    CustomerScreen Sidebar { width: 38; border-right: solid $rules; display: none; }
    CustomerScreen.-wide Sidebar { display: block; }
    CustomerScreen.-on-facts Sidebar {
        display: block; width: 1fr; max-width: 76; border-right: none;
    }
    CustomerScreen.-on-facts #side-pane, CustomerScreen.-on-facts LinePage { display: none; }
    CustomerScreen.-wide.-on-facts Sidebar { width: 38; border-right: solid $rules; }
    CustomerScreen.-wide.-on-facts #side-pane, CustomerScreen.-wide.-on-facts LinePage {
        display: block;
    }
    """

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        profile_id: int,
        ticket_id: int | None = None,
        tab: str = "all",
        target: Target | None = None,
        go_to: Callable[[int], object] = lambda _ticket: None,
    ) -> None:
        super().__init__(desk, keymap, signs, now=now, zone=zone)
        self._profile_id = profile_id
        self._ticket_id = ticket_id
        self._wanted_target = target
        self._person: Profile | None = None
        self._known: CustomerContext | None = None
        self._next: Place | None = None
        self._asked_more = False
        self._filter: EventFilter | None = None
        """Which events the tab of events shows; None: all."""
        self.tabs = TabLine(TABS, id="profile-tabs")
        self.tabs.at = PLACES.index(tab)
        self.facts = Sidebar(
            now=now, zone=zone, is_plain=signs.ascii_only, is_whole=True, id="profile-facts"
        )
        self._row_keys = RowKeys(self, desk, go_to)
        self.facts.chosen = self._row_keys.choose

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock, for the dialogs over it."""
        return self._now

    @property
    def whose(self) -> Person:
        """Whose orders and subscriptions they are, for the dialogs."""
        from helpdesk_tui.domain.commerce.changing import Person

        name = name_of(self._person) if self._person is not None else ""
        return Person(self._profile_id, name, self._ticket_id)

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the desk."""
        return self._zone

    def parts(self) -> Iterable[Widget]:
        """Return the tabs, the facts, the list and the page."""
        return (self.tabs, self.facts, *super().parts())

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        moves = {name: self._or_facts(name, do) for name, do in self.moves().items()}
        return {
            **moves,
            "app.back": self._leave,
            "profile.open": self._row_keys.open,
            "profile.search": self.open_search,
            "profile.events": self.ask_events,
            "profile.next-tab": lambda: self.to_tab(self.tabs.at + 1),
            "profile.previous-tab": lambda: self.to_tab(self.tabs.at - 1),
            "profile.copy": self._row_keys.copy,
            "profile.browser": self._row_keys.follow,
        }

    # facts -----------------------------------------------------------------------------------

    @property
    def on_facts(self) -> bool:
        """Whether the facts have the keys."""
        return self.focused is self.facts

    def _or_facts(self, name: str, do: Callable[[], object]) -> Callable[[], object]:
        """Return what a key of movement does, also among the facts."""
        height = self.facts.size.height or 1
        there: dict[str, Callable[[], object]] = {
            "move.down": lambda: self.facts.move(1),
            "move.up": lambda: self.facts.move(-1),
            "move.first": lambda: self.facts.move(-_MOST * height),
            "move.last": lambda: self.facts.move(_MOST * height),
            "move.half-down": lambda: self.facts.page(0.5),
            "move.half-up": lambda: self.facts.page(-0.5),
            "move.page-down": lambda: self.facts.page(1.0),
            "move.page-up": lambda: self.facts.page(-1.0),
            "pane.next": self._from_facts,
            "pane.right": self._from_facts,
            "pane.left": lambda: None,
        }
        elsewhere: dict[str, Callable[[], object]] = {
            "pane.left": self._to_left,
            "pane.previous": self._to_left,
        }

        def act() -> object:
            if self.on_facts and name in there:
                return there[name]()
            return elsewhere.get(name, do)()

        return act

    def _to_left(self) -> None:
        if self.on_page:
            self.go(to_page=False)
        elif self.facts.display:
            self.facts.focus()
        else:
            self.to_tab(FACTS)

    def _from_facts(self) -> None:
        if self.tabs.at == FACTS:
            self.to_tab(0)
        self.go(to_page=False)

    def open_search(self) -> None:
        """Search what happened; facts are few, and stand there whole."""
        self._from_facts()
        super().open_search()

    def _leave(self) -> None:
        if self.on_facts and self.has_class("-wide"):
            self.go(to_page=False)
        elif self.on_facts:
            self.dismiss(None)
        else:
            self.leave()

    # reading ---------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Read who it is beside the list."""
        super().on_mount()
        self._read_person()
        self.to_tab(self.tabs.at)

    def _read_person(self) -> None:
        desk, profile = self._desk, self._profile_id

        def read() -> tuple[Profile, CustomerContext]:
            return desk.threads.profile(profile), desk.customer_context.load(profile)

        def show(found: tuple[Profile, CustomerContext]) -> None:
            is_first = self._known is None
            self._person, self._known = found
            self.facts.show(None, self._person, self._known)
            self._say_who()
            if is_first:
                self.list.refresh()
                self.show_page()

        self.start(read, show, self.refuse, group="profile-person", exclusive=True)

    def _say_who(self) -> None:
        """Say whose they are, and which events where not all are shown."""
        name = name_of(self._person) if self._person is not None else ""
        kinds = clean(self._filter.name) if self._filter and self.tabs.at == EVENTS else ""
        self.title_line.say(" · ".join([part for part in (name, kinds) if part]))

    def ask_events(self) -> None:
        """Ask which events are shown, and show them."""
        from helpdesk_tui.screens.customer.filtering import Filtering

        def chosen(wanted: EventFilter | None) -> None:
            self._filter = wanted
            self.to_tab(EVENTS)

        if known := self._known:
            Filtering(self, self._desk, chosen, self.footer.say).ask(known.metrics, self._filter)

    def load(self) -> None:
        """Read the list again: as many entries as are shown."""
        limit = max(_PAGE, min(len(self.list.rows), _MOST))
        asked = self._asked()
        read = partial(self._page, asked, None, limit)
        self.read(read, partial(self._show, asked), group="profile")
        if self._known is not None:
            self._read_person()

    def _asked(self) -> Asked:
        metrics = self._filter.metrics if self._filter and self.tabs.at == EVENTS else ()
        return PLACES[self.tabs.at], self.searched, metrics

    def _page(self, asked: Asked, before: Place | None, limit: int) -> TimelinePage:
        place, words, metrics = asked
        return self._desk.timeline.page(
            self._profile_id, kinds=KINDS[place], search=words, metrics=metrics,
            before=before, limit=limit,
        )  # fmt: skip

    def _show(self, asked: Asked, page: TimelinePage) -> None:
        if asked != self._asked():
            return
        self._next, self._asked_more = page.next, False
        news = _("Nothing like this.") if asked[1] or asked[2] else _("Nothing happened yet.")
        self.list.notice = RowList.Notice(news, _("Back: press q"))
        if page.entries != self.list.rows or not page.entries:
            self.list.show(page.entries)
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        """Stand on what was chosen in the sidebar."""
        target, self._wanted_target = self._wanted_target, None
        if target is None:
            return
        for entry in self.list.rows:
            value = entry.value
            if value is not None and (value.id, entry.source_id) == (target.id, target.source_id):
                self.list.select(self.row_key(entry))
                return

    def show_in(self, tab: str, target: Target | None = None) -> None:
        """Open a tab, and stand on something in it."""
        self._wanted_target = target
        self.to_tab(PLACES.index(tab))

    def narrow(self) -> None:
        """Search anew: every word must stand in an entry."""
        self.load()

    def on_row_list_more_wanted(self, message: RowList.MoreWanted) -> None:
        """Read older entries."""
        before, asked = self._next, self._asked()
        if before is None or self._asked_more:
            return
        self._asked_more = True

        def add(page: TimelinePage) -> None:
            if asked == self._asked():
                self._next, self._asked_more = page.next, False
                self.list.show((*self.list.rows, *page.entries))

        self.start(lambda: self._page(asked, before, _PAGE), add, group="profile-more")

    # drawing ---------------------------------------------------------------------------------

    def row_lines(self, row: Entry, width: int, picked: bool) -> tuple[list[Span], list[Span]]:
        """Return an entry of the list."""
        return entry_lines(
            row, width, self._now(), self._zone, self._label(row), is_plain=self.signs.ascii_only
        )

    def row_key(self, row: Entry) -> int:
        """Return what an entry is known by: its number among all kinds."""
        return row.id * len(RANKS) + RANKS.index(row.kind)

    def page_lines(self, row: Entry) -> Callable[[int], PageLines]:
        """Return what makes the page of an entry."""
        now, zone, label, plain = self._now(), self._zone, self._label(row), self.signs.ascii_only
        return lambda width: entry_page(row, width, now, zone, label, is_plain=plain)

    def _label(self, entry: Entry) -> str:
        return label_of(self._known, entry.source_id) if self._known is not None else ""

    # keys ------------------------------------------------------------------------------------

    def to_tab(self, place: int) -> None:
        """Open a tab; the last one has the facts where they do not stand beside the list."""
        self.tabs.open(place % len(PLACES))
        self.list.start_anew()
        is_facts = self.tabs.at == FACTS
        self.set_class(is_facts, "-on-facts")
        if is_facts:
            self.facts.focus()
        elif self.on_facts or self.focused is None:
            self.go(to_page=False)
        self._say_who()
        self.load()

    def on_tab_line_picked(self, message: TabLine.Picked) -> None:
        """Open the tab that was clicked."""
        self.to_tab(message.place)
