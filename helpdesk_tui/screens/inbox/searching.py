"""Searching: the line for the query, what completes it, what was searched for before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.query.history import SEARCH_HISTORY, remembered, with_search
from helpdesk_tui.domain.subjects import typed_number
from helpdesk_tui.screens.inbox.search_results import SearchResults
from helpdesk_tui.widgets.query_line import Answer
from helpdesk_tui.widgets.search_line import SearchLine
from helpdesk_tui.widgets.words.errors import sentence

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.jobs import Jobs
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.opening import Loaded


class Searching:
    """The searches of one inbox screen; the store is asked in threads only."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._is_final = False
        self._is_anew = False
        self._history: tuple[str, ...] = ()
        self.results = SearchResults(screen, data, desk)
        self.go_to: Callable[[int], None] = lambda _: None
        """Goes into a ticket by its number."""

    # the line --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for words to search for, above the list."""
        self._screen.panes.go("list")
        if self._screen.query(SearchLine):
            if not self._is_final:
                return
            # what was asked for is still being looked for: its line must not be taken for this one
            self._is_anew = True
        self._screen.start(self._stored, self._remember, lambda _error: None, group="history")
        self._screen.call_next(self._mount)

    async def _mount(self) -> None:
        await self._screen.query(SearchLine).remove()
        line = SearchLine(self._data.where.query, self.complete, self._history)
        await self._screen.query_one("#list-pane").mount(line, after=self._screen.head)
        line.focus_input()

    def complete(self, text: str, cursor: int, answer: Answer) -> None:
        """Ask what could stand at a place of a query; the newest question is answered."""
        ask_completion(self._screen, self._desk, text, cursor, answer)

    def asked(self, query: str, *, is_final: bool) -> None:
        """Search; ``is_final`` also goes to what was found."""
        self._is_final, self._is_anew = is_final, False
        wanted = query.strip()
        number = typed_number(wanted) if is_final and wanted.startswith("#") else None
        if number is not None:
            self._screen.query(SearchLine).remove()
            self._screen.panes.go("list")
            self.go_to(number)
        elif wanted:
            self._data.search(wanted, self._failed)
            if is_final:
                # what is typed from here on is meant for what was found, not for the line
                self._screen.tickets.focus()
        else:
            self.end()

    def _failed(self, error: HelpdeskError) -> None:
        """Say what is wrong with the query, where it was typed."""
        if self._is_anew or (not self._is_final and error.code == "query.unfinished"):
            return
        position = error.values.get("position", 0)
        for line in self._screen.query(SearchLine):
            line.show_trouble(sentence(error), position if isinstance(position, int) else 0)
            line.focus_input()

    def end(self) -> None:
        """Put the line away; what was found stays."""
        self._is_final = False
        self._screen.tickets.focus()
        self._screen.query(SearchLine).remove()

    def shown(self, loaded: Loaded) -> None:
        """A list is on the screen: if it was searched for, the line has done its work."""
        self.results.shown(loaded)
        if self._is_final and not loaded.where.takes_new:
            if self._is_anew:
                self._is_final = False
            else:
                self.end()
            self._keep(loaded.where.query)

    # what was searched for -------------------------------------------------------------------

    def _stored(self) -> object:
        found: object = self._desk.settings.get(SEARCH_HISTORY)
        return found

    def _remember(self, stored: object) -> None:
        self._history = remembered(stored)
        for line in self._screen.query(SearchLine):
            line.line.history = self._history

    def _keep(self, query: str) -> None:
        """Keep a search among the agent's own, so that it can be brought back."""
        self._history = with_search(self._history, query)
        if self._desk.actor.agent_id is None:
            return
        settings = self._desk.settings

        def work() -> None:
            # another window of the same agent may have added some
            known = remembered(settings.get(SEARCH_HISTORY))
            settings.set(SEARCH_HISTORY, list(with_search(known, query)))

        self._screen.start(work, lambda _done: None, lambda _error: None, group="history-write")


def ask_completion(jobs: Jobs, desk: Desk, text: str, cursor: int, answer: Answer) -> None:
    """Ask the store what could stand at a place of a query; a later question overtakes it."""
    jobs.start(
        lambda: desk.inbox.searches.complete(text, cursor),
        answer,
        lambda _error: None,  # typing goes on without proposals
        group="completion",
        exclusive=True,
    )


def searching(screen: InboxScreen, data: InboxData, desk: Desk) -> Searching:
    """Return the searches of a screen; they are made once."""
    if screen.searching is None:
        screen.searching = Searching(screen, data, desk)
    return screen.searching
