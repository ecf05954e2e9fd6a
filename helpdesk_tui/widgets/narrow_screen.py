"""A screen that paints what has changed without going through all that has not.

The library goes through every line of every widget that shares a container with one that changed.
Two lines of a list are moved at each key: rail, thread and sidebar have nothing to do with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class NarrowCompositor(Compositor):
    """Asks widgets only for lines that are to be painted, and only those that lie there."""

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Yield each widget that is seen inside of a region, front to back: where, and its lines.

        The lines are cut to the region; columns are not, as they are divided where widgets meet.
        """
        wanted = crop if crop is not None else self.size.region
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if not seen or not seen.overlaps(wanted):
                continue
            lines = seen.intersection(Region(seen.x, wanted.y, seen.width, wanted.height))
            yield region, lines, widget.render_lines(lines.translate(-region.offset))


class NarrowScreen(Screen[None]):
    """A screen of many panes, of which mostly one changes."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
