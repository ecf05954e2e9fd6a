"""What the screens beside the inbox share: a title line, a body, a footer, keys by the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.inbox.key_presses import action_of
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.chords import Chords
from helpdesk_tui.widgets.footer import Footer
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import BY_ID, SHARED, Group, Scope
from helpdesk_tui.widgets.line_page import LinePage, PageLines
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.too_small import NEEDED_COLUMNS, NEEDED_ROWS, TooSmall
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A")
Handlers = Mapping[str, Callable[[], object]]


class TitleLine(Painted):
    """The one line at the top: what is shown, and how much of it."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    TitleLine { height: 1; width: 100%; dock: top; background: $raised; }
    """

    def __init__(self, title: str, signs: Signs) -> None:
        super().__init__()
        self._title = title
        self._signs = signs
        self._state: tuple[str, Ink] = ("", Ink.SOFT)

    def say(self, text: str, ink: Ink = Ink.SOFT) -> None:
        """Show something at the right end."""
        if (text, ink) != self._state:
            self._state = text, ink
            self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        left: list[Span] = [(f" {self._signs.plain(self._title)}", Ink.HEADING)]
        text, ink = self._state
        return spread(left, [(f"{self._signs.plain(text)} ", ink)], self.size.width)


class SideScreen(Jobs, Screen[T]):
    """A screen over the inbox; ``q`` leads back. Subclasses give parts and handlers."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - the library reads it from the class
        (0, "-narrow"),
        (100, "-medium"),
        (140, "-wide"),
    ]
    DEFAULT_CSS = """
    SideScreen { layers: base cover; background: $background; }
    SideScreen #side-body { height: 1fr; }
    SideScreen.-tiny TooSmall { display: block; }
    """
    TITLE_TEXT: ClassVar[str] = ""
    SCOPE: ClassVar[Scope] = Scope.DESK
    GROUP: ClassVar[Group] = Group.APP
    PLACE: ClassVar[str] = "list"
    """Which keys the footer shows."""

    def __init__(self, keymap: Keymap, signs: Signs) -> None:
        super().__init__()
        self.keymap = keymap
        self.signs = signs
        own = {name: keys for name, keys in keymap.items() if BY_ID[name].scope is self.SCOPE}
        shared = {name: keys for name, keys in keymap.items() if name.startswith(SHARED)}
        self._chords = Chords({**own, **shared}, frozenset(Scope))
        self.title_line = TitleLine(_(self.TITLE_TEXT), signs)
        self.footer = Footer({**own, **shared}, signs=signs)
        self.footer.show(self.PLACE)

    def compose(self) -> ComposeResult:
        """Lay out the title, the body and the footer."""
        yield self.title_line
        with Horizontal(id="side-body"):
            yield from self.parts()
        yield self.footer
        yield TooSmall()

    def parts(self) -> Iterable[Widget]:
        """Return what stands in the body; subclasses say."""
        raise NotImplementedError

    def handlers(self) -> Handlers:
        """Return what each action does; subclasses say."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Cover everything while the terminal is too small to work in."""
        tiny = event.size.width < NEEDED_COLUMNS or event.size.height < NEEDED_ROWS
        self.set_class(tiny, "-tiny")

    def on_key(self, event: events.Key) -> None:
        """Give a key to the action it stands for, through the key table."""
        if action := action_of(event, self._chords, self.footer):
            self.perform(action)

    def perform(self, action: str) -> None:
        """Do an action by its id; nothing happens where it has no meaning."""
        self.footer.say("")
        if action in ("app.help", "app.help-anywhere"):
            self._show_help()
        elif action == "app.quit":
            self.app.call_later(self.app.action_quit)
        elif (handler := self.handlers().get(action)) is not None:
            handler()

    def _show_help(self) -> None:
        from helpdesk_tui.screens.help import HelpScreen

        groups = (self.GROUP, Group.MOVE, Group.APP)
        usable = {*self.handlers(), "app.help", "app.quit"}
        keymap = {name: keys for name, keys in self.keymap.items() if name in usable}
        self.app.push_screen(HelpScreen(keymap, self.signs, groups))

    def refuse(self, error: HelpdeskError) -> None:
        """Say in the footer's place why something was not done."""
        self.notify(sentence(error), severity="warning", markup=False)


class ListScreen(SideScreen[T], Generic[R, T]):
    """A list at the left and the page of the row under the cursor; one of them where it is narrow.

    Subclasses read the rows, and draw a row and the page.
    """

    ANEW: ClassVar[float] = 5.0
    """Seconds between two looks at what changed meanwhile."""

    DEFAULT_CSS = """
    ListScreen RowList { width: 45%; max-width: 64; }
    ListScreen LinePage { width: 1fr; border-left: solid $rules; }
    ListScreen.-narrow RowList { width: 1fr; max-width: 100%; }
    ListScreen.-narrow LinePage { display: none; border-left: none; }
    ListScreen.-narrow.-on-page LinePage { display: block; }
    ListScreen.-narrow.-on-page RowList { display: none; }
    """

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(keymap, signs)
        self._desk = desk
        self._now = now
        self._zone = zone
        self._shown: int | None = None
        self._is_read = False
        self.list: RowList[R] = RowList(
            self.row_lines, self.row_key, lines=2, signs=signs, id="side-list"
        )
        self.page = LinePage(signs=signs, id="side-page")

    def parts(self) -> Iterable[Widget]:
        """Return the list and the page."""
        return (self.list, self.page)

    def on_mount(self) -> None:
        """Read the rows, and again every few seconds."""
        self.list.notice = RowList.Notice(_("Looking …"))
        self.list.focus()
        self.load()
        self.set_interval(self.ANEW, self.load)

    def load(self) -> None:
        """Read the rows in the background and show them; subclasses say."""
        raise NotImplementedError

    def read(self, job: Callable[[], A], show: Callable[[A], object], *, group: str) -> None:
        """Read rows with ``job`` and ``show`` them; early keys wait for the first ones."""

        def first(found: A) -> None:
            show(found)
            self._is_read = True

        if self._is_read:
            self.start(job, show, self.refuse, group=group, exclusive=True)
        else:
            self.ask(job, first, self.refuse, group=group, exclusive=True)

    def row_lines(self, row: R, width: int, picked: bool) -> Sequence[Sequence[Span]]:
        """Return the two lines of a row; subclasses say."""
        raise NotImplementedError

    def row_key(self, row: R) -> int:
        """Return what a row is known by; subclasses say."""
        raise NotImplementedError

    def page_lines(self, row: R) -> Callable[[int], PageLines]:
        """Return what makes the page of a row for a width; subclasses say."""
        raise NotImplementedError

    def show_page(self) -> None:
        """Show the page of the row under the cursor; the same one stays where it is scrolled to."""
        row = self.list.current
        key = None if row is None else self.row_key(row)
        stays, self._shown = key == self._shown, key
        make: Callable[[int], PageLines] = _no_lines
        if row is not None:
            make = self.page_lines(row)
        self.page.show(make, keep_place=stays)

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Show the row under the cursor."""
        self.show_page()

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Go into the page by a click, where it is not beside the list."""
        self.go(to_page=True)

    @property
    def on_page(self) -> bool:
        """Whether the page has the keys."""
        return self.focused is self.page

    @property
    def is_narrow(self) -> bool:
        """Whether one of list and page is shown at a time."""
        return self.has_class("-narrow")

    def moves(self) -> dict[str, Callable[[], object]]:
        """Return what the keys of movement do."""
        return {
            "move.down": partial(self._line, 1),
            "move.up": partial(self._line, -1),
            "move.first": partial(self._line, -1_000_000),
            "move.last": partial(self._line, 1_000_000),
            "move.half-down": partial(self._share, 0.5),
            "move.half-up": partial(self._share, -0.5),
            "move.page-down": partial(self._share, 1.0),
            "move.page-up": partial(self._share, -1.0),
            "pane.next": self._other_pane,
            "pane.previous": self._other_pane,
            "pane.right": partial(self.go, to_page=True),
            "pane.left": partial(self.go, to_page=False),
            "app.back": self._back,
        }

    def go(self, *, to_page: bool) -> None:
        """Give the page or the list the keys, and show it where only one fits."""
        self.set_class(to_page, "-on-page")
        (self.page if to_page else self.list).focus()

    def _line(self, by: int) -> None:
        if self.on_page:
            self.page.scroll_relative(y=by, animate=False)
        else:
            self.list.move(by)

    def _share(self, share: float) -> None:
        if self.on_page:
            self.page.scroll_relative(y=round(self.page.size.height * share), animate=False)
        else:
            self.list.move(round(self.list.page_rows * share) or 1)

    def _other_pane(self) -> None:
        self.go(to_page=not self.on_page)

    def _back(self) -> None:
        if self.on_page:
            self.go(to_page=False)
        else:
            self.dismiss(None)


def _no_lines(width: int) -> PageLines:
    return []
