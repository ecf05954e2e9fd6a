"""Which part of a picture is looked at: how close, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace

_STEP = 1.5
_CLOSEST = 16.0
_PAN = 0.25
"""Part of the window that one step moves it by."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window on a picture; its middle is given in parts of the whole."""

    zoom: float = 1.0
    """1 shows the whole picture."""
    x: float = 0.5
    y: float = 0.5

    def closer(self) -> Window:
        """Return a window on less of the picture."""
        return replace(self, zoom=min(_CLOSEST, self.zoom * _STEP))._inside()

    def farther(self) -> Window:
        """Return a window on more of it, on the whole at last."""
        zoom = self.zoom / _STEP
        return Window() if zoom < 1.01 else replace(self, zoom=zoom)._inside()

    def moved(self, across: float, down: float) -> Window:
        """Return a window beside this one, by so many steps."""
        step = _PAN / self.zoom
        return replace(self, x=self.x + across * step, y=self.y + down * step)._inside()

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the part of a picture of this size, as left, top, right and bottom."""
        half = 0.5 / self.zoom
        left, right = int((self.x - half) * width), round((self.x + half) * width)
        top, bottom = int((self.y - half) * height), round((self.y + half) * height)
        return (
            max(0, left),
            max(0, top),
            min(width, max(right, left + 1)),
            min(height, max(bottom, top + 1)),
        )

    def _inside(self) -> Window:
        half = 0.5 / self.zoom
        return replace(self, x=min(1 - half, max(half, self.x)), y=min(1 - half, max(half, self.y)))
