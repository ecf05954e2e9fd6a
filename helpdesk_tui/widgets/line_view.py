"""Scrolled lines that never make the screen lay itself out anew."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


class LineView(ScrollView):
    """A widget that draws its own lines; how many there are concerns nobody but its scrollbar."""

    def fit(self, size: Size) -> None:
        """Take the size of all lines together."""
        if size != self.virtual_size:
            # setting it the usual way lays out the whole screen: one more picture for each ticket
            self.set_reactive(LineView.virtual_size, size)
            self._scroll_update(size)

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # the library would draw the scrollbar anew after each layout of the screen
        if (size, size - self.styles.gutter.totals) == (self._size, self._container_size):
            return False
        return super()._size_updated(size, virtual_size, container_size, layout)
