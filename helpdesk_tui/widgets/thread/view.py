"""The messages of a ticket, drawn line by line from a layout that is made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal

from textual import events
from textual.geometry import Size
from textual.strip import Strip

from helpdesk_tui.domain.messages import AttachmentRow, MessageRow, Thread
from helpdesk_tui.domain.pictures import Look
from helpdesk_tui.widgets.ink import Ink, Palette, Span
from helpdesk_tui.widgets.pixels.layer import layer_of
from helpdesk_tui.widgets.thread.files import file_beside, file_meant
from helpdesk_tui.widgets.thread.layout import (
    FIRST_LINES,
    BodyCache,
    Hit,
    Layout,
    LayoutOptions,
    lay_out,
)
from helpdesk_tui.widgets.thread.lines import ThreadLines
from helpdesk_tui.widgets.thread.paint import Frame, paint_line
from helpdesk_tui.widgets.thread.runs import run_beside
from helpdesk_tui.widgets.words.thread import seconds_left

if TYPE_CHECKING:
    from helpdesk_tui.domain.query.hits import Wanted

_MORE_LINES = 500


class ThreadView(ThreadLines, can_focus=True):
    """Shows one thread. Scrolls by line, selects messages and files, unfolds quotes."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._thread: Thread | None = None
        self._layout = Layout([], {}, {})
        self._cache = BodyCache()
        self._options = LayoutOptions(80, now(), zone)
        self._palette: tuple[str, Palette] | None = None
        self._strips: dict[tuple[int, int, int, int], Strip] = {}
        self._selected = 0
        self._file = 0
        self._asked_before = 0
        self._loading = False
        self._sticks = True

    # -- what is shown --------------------------------------------------------------------------

    @property
    def thread(self) -> Thread | None:
        """The thread on screen."""
        return self._thread

    @property
    def is_at_end(self) -> bool:
        """True while the last line is visible."""
        return self.scroll_offset.y >= self.last_offset

    def show(self, thread: Thread, *, follow: bool = False) -> None:
        """Show a thread; the same ticket again keeps the place that is being read.

        Args:
            thread: the values to draw.
            follow: go to the newest message (the agent just wrote it).
        """
        same = self._thread is not None and self._thread.ticket.row.id == thread.ticket.row.id
        anchor = self._anchor() if same else None
        before, top, chosen = self._layout.lines, self.scroll_offset.y, self._selected
        self._loading = False
        self._thread = thread
        # bodies never change, but another ticket needs the memory more
        if not same:
            self._cache.clear()
            self._options = replace(
                self._options, unfolded=frozenset(), limits={}, events_open=False,
                runs=frozenset(), pictures={},
            )  # fmt: skip
            self._file = self._asked_before = 0
        self._lay_out()
        if not same or follow or self._selected not in self._layout.starts:
            self._selected = thread.messages[-1].id if thread.messages else 0
        if anchor is None or follow:
            self._scroll_to_newest()
        else:
            self._restore(anchor)
        if same and (top, chosen) == (self.scroll_offset.y, self._selected):
            self.draw_changed(before, self._layout.lines)
        else:
            self.refresh()

    def name_agents(self, agents: Mapping[int, str]) -> None:
        """Take the names of agents, for events."""
        if dict(agents) != dict(self._options.agents):
            self._options = replace(self._options, agents=dict(agents))
            self._lay_anew()

    @property
    def pictures(self) -> Mapping[int, Look]:
        """The looks that were taken at files, by the file they are of."""
        return self._options.pictures

    def forget_pictures(self) -> None:
        """Draw no thumbnail, until they are shown again."""
        if self._options.pictures:
            self._lay_anew(pictures={})

    def show_pictures(self, pictures: Mapping[int, Look]) -> None:
        """Draw thumbnails where their files stand; what is being read stays where it is."""
        sticks = self.is_at_end
        self._lay_anew(pictures={**self._options.pictures, **pictures})
        if sticks:
            self._scroll_to_newest()

    def show_loading(self) -> None:
        """Show a quiet placeholder until the thread is here."""
        self._thread, self._layout, self._loading = None, Layout([], {}, {}), True
        self._selected = self._file = 0
        self._strips.clear()
        self.fit(Size(self._width, 1))
        self.refresh()

    def show_nothing(self) -> None:
        """Show an empty pane: no ticket is chosen."""
        self.show_loading()
        self._loading = False

    @property
    def _width(self) -> int:
        return max(10, self.scrollable_content_region.width)

    def _lay_out(self) -> None:
        if self._thread is None:
            return
        self._options = replace(self._options, width=self._width, now=self._now())
        self._layout = lay_out(self._thread, self._options, self._cache)
        self._strips.clear()
        self.fit(Size(self._width, len(self._layout.lines)))

    def tick(self) -> None:
        """Draw ages and countdowns anew; only lines that changed are written."""
        if self._thread is None:
            return
        before = self._layout.lines
        self._lay_out()
        self.draw_changed(before, self._layout.lines)

    @property
    def counts_down(self) -> bool:
        """True while a message on screen can still be taken back."""
        return any(seconds_left(message, self._now()) for message in self._messages()[-5:])

    def _anchor(self) -> tuple[int, int]:
        return self._layout.anchor(self.scroll_offset.y)

    def _restore(self, anchor: tuple[int, int]) -> None:
        owner, offset = anchor
        self.jump(self._layout.starts.get(owner, 0) + offset)

    def _scroll_to_newest(self) -> None:
        """Show the end; a newest message that is longer than the screen from its start."""
        messages = self._messages()
        start = self._layout.starts.get(messages[-1].id, 0) if messages else 0
        self.jump(min(self.last_offset, max(0, start - 1)))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Keep the selection on screen, and ask for older messages near the top."""
        super().watch_scroll_y(old_value, new_value)
        if self._thread is None:
            return
        before, self._sticks = self._sticks, self.is_at_end
        if self._sticks and not before:
            self.post_message(self.EndReached())
        self._select_visible()
        if new_value < 3 and old_value > new_value:
            self.ask_older()

    def ask_older(self) -> None:
        """Ask for the messages before the first one shown, once."""
        before = self._thread.older if self._thread else None
        if before is not None and before != self._asked_before:
            self._asked_before = before
            self.post_message(self.OlderWanted(before))

    def on_resize(self) -> None:
        """Wrap anew at another width, and stay at the place that is being read."""
        if self._thread is None:
            return
        sticks, anchor = self._sticks or not self._layout.lines, self._anchor()
        if self._options.width != self._width:
            self._lay_out()
        if sticks:
            self._scroll_to_newest()
        else:
            self._restore(anchor)

    @property
    def selected(self) -> MessageRow | None:
        """The selected message."""
        return self._message(self._selected)

    @property
    def selected_file(self) -> AttachmentRow | None:
        """The file that ``o`` and ``S`` act on: selected, of the selected message, or newest."""
        return file_meant(self._messages(), self.selected, self._file)

    def select_next(self, step: Literal[1, -1]) -> None:
        """Select the next or previous message and bring it on screen."""
        ids = list(self._layout.starts)
        if not ids:
            return
        at = ids.index(self._selected) + step if self._selected in ids else len(ids) - 1
        if at < 0:
            self.ask_older()
        self._pick(ids[max(0, min(at, len(ids) - 1))])

    def select(self, message_id: int) -> None:
        """Select a message that is shown, and bring it on screen."""
        if message_id in self._layout.starts:
            self._pick(message_id)

    def select_file(self, step: Literal[1, -1]) -> None:
        """Select the next or previous file of the thread."""
        beside = file_beside(self._messages(), self.selected, self._file, step)
        if beside is not None:
            file, message = beside
            self._pick(message)
            self._file = file
            self.refresh()

    def mark(self, wanted: tuple[Wanted, ...], message: int = 0) -> None:
        """Mark the words of a search, and go to the message that holds them."""
        if wanted != self._options.wanted:
            self._lay_anew(wanted=wanted)
        if message in self._layout.starts:
            self._pick(message)

    def _pick(self, message: int) -> None:
        self._selected, self._file = message, 0
        start, end = self._layout.starts[message], self._layout.ends[message]
        top, height = self.scroll_offset.y, self.size.height
        if start < top or end > top + height:
            self.jump(start - 1 if end - start >= height else min(start - 1, end - height // 2))
            if not self.scroll_offset.y <= start < self.scroll_offset.y + height:
                self.jump(start - 1)
        self.refresh()

    def _select_visible(self) -> None:
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        on_screen = self._layout.visible(top, bottom)
        if self._selected not in on_screen and on_screen:
            above = self._layout.starts.get(self._selected, top) < top
            self._selected, self._file = on_screen[0] if above else on_screen[-1], 0
            self.refresh()

    def toggle_fold(self, message: int = 0) -> None:
        """Show or hide what is folded of a message (the selected one): quotes, its end, events."""
        target = message or self._selected
        row = self._message(target)
        if row is None or row.folds:
            self._lay_anew(unfolded=self._options.unfolded ^ {target})
        elif self._layout.has_more(target):
            self.show_more(target)
        elif not message and (run := run_beside(self._layout, target)):
            self.toggle_run(run)

    def toggle_all_folds(self) -> None:
        """Show all quotes and events of the thread, or hide them again."""
        opened = bool(self._options.unfolded) or self._options.events_open
        shown = frozenset(one.id for one in self._messages() if one.folds and not opened)
        self._lay_anew(unfolded=shown, events_open=not opened, runs=frozenset())

    def toggle_run(self, first: int) -> None:
        """Show or fold one long run of events, by its first event."""
        self._lay_anew(runs=self._options.runs ^ {first})

    def show_more(self, message: int) -> None:
        """Show more lines of a long message."""
        limits = dict(self._options.limits)
        limits[message] = limits.get(message, FIRST_LINES) + _MORE_LINES
        self._lay_anew(limits=limits)

    def _messages(self) -> tuple[MessageRow, ...]:
        return self._thread.messages if self._thread else ()

    def _message(self, id: int) -> MessageRow | None:
        return next((one for one in self._messages() if one.id == id), None)

    def _lay_anew(self, **changes: object) -> None:
        anchor = self._anchor()
        self._options = replace(self._options, **changes)  # type: ignore[arg-type]
        self._lay_out()
        self._restore(anchor)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked line stands for, and select its message."""
        index = event.y + self.scroll_offset.y
        if not 0 <= index < len(self._layout.lines):
            return
        line = self._layout.lines[index]
        if line.owner and line.owner != self._selected:
            self._selected, self._file = line.owner, 0
            self.refresh()
        if line.hit is not None:
            self._act(line.hit)

    def _act(self, hit: Hit) -> None:
        on_one = {"fold": self.toggle_fold, "more": self.show_more, "events": self.toggle_run}
        if hit.kind in on_one:
            on_one[hit.kind](hit.id)
        elif hit.kind == "older":
            self.ask_older()
        elif hit.kind == "links":
            self.post_message(self.LinksChosen())
        elif hit.kind == "file":
            self._file = hit.id
            self.refresh()
            file = self.selected_file
            if file is not None:
                self.post_message(self.FileChosen(file))

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        name = self.app.theme
        if self._palette is None or self._palette[0] != name:
            self._palette = name, Palette.of(self.app.theme_variables)
            self._strips.clear()
        return self._palette[1]

    def watch_has_focus(self, value: bool) -> None:
        """Show or hide the selection."""
        super().watch_has_focus(value)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        if self._thread is not None and self._options.width != self._width:
            self.call_later(self._lay_anew)  # wrapped before the pane had its width
        palette = self.palette
        index, width = y + self.scroll_offset.y, self.size.width
        if not 0 <= index < len(self._layout.lines):
            waiting: list[Span] = [("  ·  ·  ·", Ink.DIM)] if self._loading and y == 1 else []
            return palette.strip(waiting, width)
        line = self._layout.lines[index]
        picked = self.has_focus and line.owner != 0 and line.owner == self._selected
        layer = layer_of(self.app)
        key = (index, self.has_focus + picked, self._file, layer.version if layer else 0)
        strip = self._strips.get(key)
        if strip is None or strip.cell_length != width:
            chosen = self.selected_file if picked else None
            strip = self._strips[key] = paint_line(
                line,
                palette,
                Frame(width, self._options.measure, layer),
                picked=picked,
                chosen=chosen.id if chosen else 0,
                entered=self.has_focus,
            )
        return strip
