"""Unread numbers of saved views: counted a few at a time, remembered in between."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from helpdesk_tui.domain.views import SavedView, ViewUnread
from helpdesk_tui.services.views import Views

_ALL = 0.15
"""Seconds that counting may take at a time."""


class ViewCounts:
    """The unread numbers of saved views, counted a few at a time and remembered."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._known: dict[tuple[int, int], ViewUnread] = {}
        self._next = 0

    def numbers(self, views: Iterable[SavedView]) -> dict[int, ViewUnread]:
        """Return the numbers that are known, as they were counted last."""
        return {
            view.id: self._known[view.id, view.version]
            for view in views
            if (view.id, view.version) in self._known
        }

    def refresh(self, views: Iterable[SavedView], *, budget: float = _ALL) -> bool:
        """Count anew for a moment at most; False if the rest has to wait for the next call."""
        order = list(views)
        end = monotonic() + budget
        start = self._next if self._next < len(order) else 0
        for done, view in enumerate(order[start:] + order[:start]):
            if monotonic() >= end:
                self._next = (start + done) % len(order)
                return False
            self._known[view.id, view.version] = self._views.unread(view)
        alive = {(view.id, view.version) for view in order}
        self._known = {key: count for key, count in self._known.items() if key in alive}
        self._next = 0
        return True
