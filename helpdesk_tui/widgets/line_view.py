"""Scrolled lines that never make the screen lay itself out anew."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView


class LineView(ScrollView):
    """A widget that draws its own lines; how many there are concerns nobody but its scrollbar."""

    def fit(self, size: Size) -> None:
        """Take the size of all lines together."""
        if size != self.virtual_size:
            # setting it the usual way lays out the whole screen: one more picture for each ticket
            self.set_reactive(LineView.virtual_size, size)
            self._scroll_update(size)

    @property
    def last_offset(self) -> int:
        """The first line on screen when the last one is in sight."""
        return max(0, self.virtual_size.height - self.size.height)

    def jump(self, line: int) -> None:
        """Bring a line to the top, as far as there are lines below it."""
        target = max(0, min(line, self.last_offset))
        self.scroll_to(y=target, animate=False, force=True, immediate=True)

    def draw_changed(self, before: Sequence[object], after: Sequence[object]) -> None:
        """Write the lines that differ from what is on the screen, at the same place."""
        top = self.scroll_offset.y
        if len(before) != len(after):
            self.refresh()
        for index in range(top, min(len(before), len(after), top + self.size.height)):
            if before[index] != after[index]:
                self.refresh(Region(0, index - top, self.size.width, 1))

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # the library would draw the scrollbar anew after each layout of the screen
        if (size, size - self.styles.gutter.totals) == (self._size, self._container_size):
            return False
        return super()._size_updated(size, virtual_size, container_size, layout)
