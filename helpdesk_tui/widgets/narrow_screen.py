"""A screen that paints what has changed without going through all that has not.

The library goes through every line of every widget that shares a container with one that changed.
Two lines of a list are moved at each key: rail, thread and sidebar have nothing to do with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip


class NarrowCompositor(Compositor):
    """Asks widgets only for lines that are to be painted, and only those that lie there."""

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Yield each widget that is seen inside of a region, front to back: where, and its lines.

        The lines are cut to the region; columns are not, as they are divided where widgets meet.
        What others lie upon is not drawn: whoever is in front has drawn those cells already.
        """
        screen = self.size.region
        wanted = crop if crop is not None else screen
        # of each line the cells that nobody has drawn yet, as bits
        free = dict.fromkeys(wanted.line_range, (1 << screen.width) - 1)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip).intersection(screen)
            if not seen or not seen.overlaps(wanted):
                continue
            cells = ((1 << seen.width) - 1) << seen.x
            lines = [y for y in seen.line_range if free.get(y, 0) & cells]
            if not lines:
                continue
            for y in lines:
                free[y] &= ~cells
            part = Region(seen.x, lines[0], seen.width, lines[-1] - lines[0] + 1)
            yield region, part, widget.render_lines(part.translate(-region.offset))


class NarrowScreen(Screen[None]):
    """A screen of many panes, of which mostly one changes."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()

    def _screen_resized(self, size: Size) -> None:
        # at the start its size is told several times: it is laid out for it already
        if size != self._compositor.size or size != self.size:
            super()._screen_resized(size)
