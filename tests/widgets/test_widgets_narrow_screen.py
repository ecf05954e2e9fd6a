"""What changed is painted as if all was painted, and nobody else is asked for lines."""

from __future__ import annotations

import random
from typing import Any

import pyte
import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.widgets.narrow_screen import NarrowCompositor, NarrowScreen

COLUMNS, ROWS = 60, 20


class Lines(Widget):
    """Lines of text, of which single ones change."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(**options)
        self.said = [f"{name} {y}" for y in range(40)]
        self.asked: list[Region] = []

    def say(self, y: int, text: str) -> None:
        """Change a line."""
        self.said[y] = text
        self.refresh(Region(0, y, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Note what is asked for."""
        self.asked.append(crop)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        text = self.said[y] if y < len(self.said) else ""
        return Strip([Segment(text)]).adjust_cell_length(self.size.width)


class Panes(NarrowScreen):
    """Panes beside and above each other, one of which is scrolled."""

    DEFAULT_CSS = """
    #head { height: 1; }
    #left { width: 15; }
    #scroll { height: 8; border: round; }
    #long { height: 40; }
    #over { layer: over; width: 10; height: 3; offset: 25 4; }
    Panes { layers: base over; }
    """

    def compose(self) -> ComposeResult:
        """Lay them out."""
        yield Lines("head", id="head")
        with Horizontal():
            yield Lines("left", id="left")
            with Vertical():
                with VerticalScroll(id="scroll"):
                    yield Lines("long", id="long")
                yield Lines("right", id="right")
        yield Lines("over", id="over")


class Program(App[None]):
    """Shows the panes, on a terminal of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = pyte.Screen(COLUMNS, ROWS)

    def get_default_screen(self) -> Panes:
        """Return the screen."""
        return Panes()

    def _display(self, screen: Any, renderable: Any) -> None:
        """Take in what is written to the terminal."""
        if renderable is not None:
            feed(self.shown, renderable, self)

    def whole(self) -> list[str]:
        """Return what a terminal shows on which all is painted anew."""
        fresh = pyte.Screen(COLUMNS, ROWS)
        feed(fresh, self.screen._compositor.render_full_update(), self)
        return list(fresh.display)


def feed(screen: pyte.Screen, update: Any, app: App[None]) -> None:
    """Let a terminal show an update of a picture."""
    if hasattr(update, "render_segments"):
        pyte.Stream(screen).feed(update.render_segments(app.console))


async def test_changes_look_as_if_all_was_painted() -> None:
    app, chance = Program(), random.Random(7)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        panes = list(app.screen.query(Lines))
        scroll = app.screen.query_one("#scroll")
        for turn in range(80):
            for _ in range(chance.randint(1, 3)):
                chance.choice(panes).say(chance.randrange(12), f"{turn} 漢字 é {'x' * (turn % 30)}")
            if turn % 7 == 0:
                scroll.scroll_to(y=chance.randrange(30), animate=False)
            await pilot.pause()
            if turn % 10 == 9:
                assert list(app.shown.display) == app.whole()
    assert any("漢" in line for line in app.shown.display)


async def test_only_those_who_changed_are_asked_for_lines() -> None:
    app = Program()
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause()
        panes = {str(each.id): each for each in app.screen.query(Lines)}
        for each in panes.values():
            each.asked.clear()
        panes["left"].say(3, "here")
        await pilot.pause()
        asked = {name: each.asked for name, each in panes.items() if each.asked}
    assert asked == {"left": [Region(0, 3, 15, 1)]}


async def test_what_lies_under_others_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Program()
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        panes = {str(each.id): each for each in app.screen.query(Lines)}
        over = panes["over"]
        for width, height, is_seen in ((10, 3, True), (COLUMNS, 12, False)):
            over.styles.width, over.styles.height = width, height
            over.styles.offset = (25, 4) if is_seen else (0, 0)
            await pilot.pause()
            panes["long"].asked.clear()
            drawn = app.whole()
            assert bool(panes["long"].asked) is is_seen
            with monkeypatch.context() as patched:
                patched.setattr(NarrowCompositor, "_get_renders", Compositor._get_renders)
                assert app.whole() == drawn


async def test_a_size_told_again_lays_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app, laid_out = Program(), []
    reflow = Compositor.reflow

    def noted(compositor: Compositor, parent: Widget, size: Size) -> object:
        laid_out.append(size)
        return reflow(compositor, parent, size)

    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(Compositor, "reflow", noted)
        for columns, is_news in ((COLUMNS, False), (COLUMNS + 9, True)):
            size = Size(columns, ROWS)
            app.screen.post_message(Resize(size, size))
            await pilot.pause()
            assert bool(laid_out) is is_news
