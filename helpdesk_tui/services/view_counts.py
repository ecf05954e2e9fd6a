"""Unread numbers of saved views: counted a few at a time, remembered in between."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from helpdesk_tui.domain.views import SavedView, ViewUnread
from helpdesk_tui.services.views import Views

_BUDGET = 0.1
"""Seconds that counting may take at a time."""


class ViewCounts:
    """The numbers of some views as they were counted last."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._known: dict[tuple[int, int], ViewUnread] = {}
        self._pending: list[int] = []

    def numbers(self, views: Iterable[SavedView]) -> dict[int, ViewUnread]:
        """Return the numbers that are known; those of a view that was changed are not."""
        return {
            view.id: self._known[view.id, view.version]
            for view in views
            if (view.id, view.version) in self._known
        }

    def refresh(
        self, views: Iterable[SavedView], *, anew: bool = True, budget: float = _BUDGET
    ) -> bool:
        """Count for a moment at most, those first that have waited longest.

        Args:
            views: All views.
            anew: Count all of them, since something changed; else only what is left to count.
            budget: Seconds.

        Returns:
            Whether all are counted; if not, the next call goes on.
        """
        by_id = {view.id: view for view in views}
        left = [number for number in self._pending if number in by_id]
        if anew:
            left += [number for number in by_id if number not in left]
        end = monotonic() + budget
        while left and monotonic() < end:
            view = by_id[left.pop(0)]
            self._known[view.id, view.version] = self._views.unread(view)
        self._pending = left
        alive = {(view.id, view.version) for view in by_id.values()}
        self._known = {key: count for key, count in self._known.items() if key in alive}
        return not left
