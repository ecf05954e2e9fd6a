"""A list with a search line above it: what is typed there leaves only the rows that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.beside.side_screen import ListScreen
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import _

R = TypeVar("R")


class SearchedListScreen(ListScreen[R, None], Generic[R]):
    """Subclasses say which rows fit, in :meth:`narrow`."""

    SEARCH_HINT: ClassVar[str] = ""

    DEFAULT_CSS = """
    SearchedListScreen #side-pane { width: 45%; max-width: 64; height: 1fr; }
    SearchedListScreen.-narrow #side-pane { width: 1fr; max-width: 100%; }
    SearchedListScreen.-narrow.-on-page #side-pane { display: none; }
    SearchedListScreen #side-pane RowList { width: 1fr; max-width: 100%; height: 1fr; }
    SearchedListScreen #side-search, SearchedListScreen #side-search.-textual-compact {
        display: none; padding: 0 2; background: $raised;
    }
    SearchedListScreen #side-search.-open { display: block; }
    """

    def parts(self) -> Iterable[Widget]:
        """Return the search, the list and the page."""
        search = CleanInput("", _(self.SEARCH_HINT), id="side-search")
        search.first = self._leaves_search
        return (Vertical(search, self.list, id="side-pane"), self.page)

    def narrow(self) -> None:
        """Show the rows that fit what is searched for; subclasses say."""
        raise NotImplementedError

    @property
    def search_line(self) -> CleanInput:
        """Where it is typed."""
        return self.query_one("#side-search", CleanInput)

    @property
    def searched(self) -> str:
        """What is searched for."""
        return self.search_line.value.strip()

    def open_search(self) -> None:
        """Show the line and type into it."""
        self.search_line.add_class("-open")
        self.search_line.focus()

    def leave(self) -> None:
        """Leave the page, then the search, then the screen."""
        if not self.on_page and self.search_line.value:
            self._close_search()
        else:
            self.moves()["app.back"]()

    def _close_search(self) -> None:
        self.search_line.value = ""
        self.search_line.remove_class("-open")

    def _leaves_search(self, event: events.Key) -> bool:
        """Go back to the list. True: not to be typed."""
        if event.key not in ("escape", "enter", "down", "tab"):
            return False
        if event.key == "escape" or not self.searched:
            self._close_search()
        self.list.focus()
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list as it is typed."""
        event.stop()
        self.list.start_anew()
        self.narrow()

    def change(self, do: Callable[[], object], said: str, after: Callable[[], None]) -> None:
        """Change something in a thread, say so, and read the rows again, also if it failed."""

        def done(_answer: object) -> None:
            self.footer.say(said)
            after()

        def failed(error: HelpdeskError) -> None:
            self.refuse(error)
            self.load()

        self.start(do, done, failed, group=f"{self.PLACE}-change")
