"""Saved views: a query with a name, a status filter, an order, and perhaps a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.domain.tickets import Sort, Status, View, ViewFilter

SHARED = 0
"""The owner of a view that everybody sees."""
PINS = tuple("123456789")
"""The keys that open views."""
BUILT_IN_PINS: Mapping[str, View] = dict(zip(PINS, View, strict=False))
"""The keys of the views every desk has, where no saved view took them."""
SORTS = (Sort.NEWEST, Sort.OLDEST, Sort.WAITING, Sort.PRIORITY)
"""The orders a view can have."""
MANY = 99
"""Unread tickets that are counted; more are shown as ``99+``."""
_NAME_LETTERS = 40
_RESERVED = frozenset({*(view.value for view in View), "my inbox", "all tickets"})

BUILT_IN_QUERIES: Mapping[View, str] = {
    View.MINE: "assignee:me",
    View.UNASSIGNED: "assignee:none",
    View.ALL: "",
    View.SPAM: "is:spam",
}
"""What the built-in views are as queries."""


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """What a view shall be."""

    name: str
    query: str
    is_shared: bool = False
    status: Status | None = Status.OPEN
    """The status filter it opens with; None for any."""
    sort: Sort = Sort.NEWEST
    pin: str = ""
    """``1`` to ``9``: the key that opens it; empty for none."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as it is kept."""

    id: int
    agent_id: int
    """Whose it is; 0 for a view that everybody sees."""
    name: str
    query: str
    status: Status | None
    sort: Sort
    position: int
    pin: str
    version: int

    @property
    def is_shared(self) -> bool:
        """Whether everybody sees it."""
        return self.agent_id == SHARED

    @property
    def where(self) -> ViewFilter:
        """The list it opens."""
        return ViewFilter(View.ALL, self.status, None, self.query, self.sort, self.id)

    @property
    def draft(self) -> ViewDraft:
        """What it is, without whose and where it is."""
        return ViewDraft(
            self.name, self.query, self.is_shared, self.status, self.sort, self.pin
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ViewUnread:
    """How many unread tickets a saved view holds, as far as they were counted."""

    count: int
    is_partial: bool = False
    """True if the time was up before all were counted."""

    @property
    def badge(self) -> str:
        """The number as it stands beside the name; nothing for none."""
        if self.count > MANY:
            return f"{MANY}+"
        if self.is_partial:
            return f"{self.count}+" if self.count else "…"
        return str(self.count) if self.count else ""


UNCOUNTED = ViewUnread(0, is_partial=True)
"""What is said of a view before it is counted."""


def view_name(text: str) -> str:
    """Return a name as it is kept.

    Raises:
        UsageError: ``view.bad-name`` or ``view.reserved-name``.
    """
    name = " ".join(clean(text).split())
    if not name or len(name) > _NAME_LETTERS:
        raise UsageError("view.bad-name", name=name[:_NAME_LETTERS], most=_NAME_LETTERS)
    if fold(name) in _RESERVED:
        raise UsageError("view.reserved-name", name=name)
    return name


def pin_key(text: str) -> str:
    """Return the key a view is pinned to; empty for none.

    Raises:
        UsageError: ``view.bad-pin``.
    """
    pin = text.strip()
    if pin in ("", "none"):
        return ""
    if pin not in PINS:
        raise UsageError("view.bad-pin", pin=clean(text))
    return pin


def pinned(views: Iterable[SavedView]) -> dict[str, View | SavedView]:
    """Return what each key opens: one's own view before a shared one, before a built-in one."""
    found: dict[str, View | SavedView] = dict(BUILT_IN_PINS)
    for view in sorted(views, key=lambda one: (not one.is_shared, -one.position)):
        if view.pin in PINS:
            found[view.pin] = view
    return dict(sorted(found.items()))


def find_view(views: Iterable[SavedView], name: str) -> SavedView | None:
    """Return the view of a name, whatever its case and accents; one's own before a shared one."""
    wanted = fold(" ".join(name.split()))
    fitting = [view for view in views if fold(view.name) == wanted]
    return min(fitting, key=lambda view: view.is_shared, default=None)
