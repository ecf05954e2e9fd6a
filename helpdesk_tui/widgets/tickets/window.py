"""The part of a ticket list that is in memory: a run of rows around the cursor.

A list may hold a million tickets; pages come by keyset. The window knows at which place of the
whole list its first row stands, exactly near the ends and by estimate after a jump.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.tickets import Sort, SortKey, TicketPage, TicketRow

KEEP = 600
"""Rows kept in memory at most; the far end is dropped beyond this."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a change of some rows did to the window."""

    changed: frozenset[int]
    """Tickets drawn differently at the same place."""
    moved: bool
    """True if rows came, went or changed places: everything is to be drawn again."""
    added: frozenset[int]
    """Tickets that are in the list now and were not before."""


@dataclass(slots=True)
class TicketWindow:
    """A contiguous run of rows of a list, and where it stands in the whole."""

    sort: Sort = Sort.NEWEST
    start: int = 0
    """Index in the list of the first row."""
    height: int = 0
    """Rows of the whole list."""
    rows: list[TicketRow] = field(default_factory=list)
    at_top: bool = True
    at_end: bool = True
    _places: dict[int, int] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Index in the list just after the last row."""
        return self.start + len(self.rows)

    def row_at(self, index: int) -> TicketRow | None:
        """Return the row at an index of the list, or None where it is not loaded."""
        place = index - self.start
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def index_of(self, ticket_id: int | None) -> int | None:
        """Return the index in the list of a ticket, or None if it is not in the window."""
        if ticket_id is None:
            return None
        if len(self._places) != len(self.rows):
            self._places = {row.id: place for place, row in enumerate(self.rows)}
        place = self._places.get(ticket_id)
        return None if place is None else self.start + place

    def find(self, ticket_id: int | None) -> TicketRow | None:
        """Return the row of a ticket of the window."""
        index = self.index_of(ticket_id)
        return None if index is None else self.row_at(index)

    def first_key(self) -> SortKey | None:
        """Return the key that the page before ends at."""
        return self.key_of(self.rows[0]) if self.rows else None

    def last_key(self) -> SortKey | None:
        """Return the key that the next page starts after."""
        return self.key_of(self.rows[-1]) if self.rows else None

    def show_first(self, page: TicketPage, height: int) -> None:
        """Hold the first page of the list."""
        self._set(page.rows)
        self.start, self.at_top, self.at_end = 0, True, not page.has_more
        self.height = len(self.rows) if self.at_end else max(height, len(self.rows))

    def show_last(self, page: TicketPage, height: int) -> None:
        """Hold the last page of the list."""
        self._set(page.rows)
        self.at_end, self.at_top = True, not page.has_more
        self.height = len(self.rows) if self.at_top else max(height, len(self.rows))
        self.start = self.height - len(self.rows)

    def show_middle(self, page: TicketPage, index: int, height: int) -> None:
        """Hold a page from somewhere inside, whose first row stands at about ``index``."""
        self._set(page.rows)
        self.at_top, self.at_end = False, not page.has_more
        self.height = max(height, len(self.rows))
        self.start = max(0, min(index, self.height - len(self.rows)))
        if self.at_end:
            self.start = self.height - len(self.rows)

    def extend_after(self, page: TicketPage) -> None:
        """Add the page that follows the last row."""
        known = {row.id for row in self.rows[-len(page.rows) :]} if page.rows else set()
        self._set([*self.rows, *(row for row in page.rows if row.id not in known)])
        self.at_end = not page.has_more
        self.height = self.end if self.at_end else max(self.height, self.end + 1)
        self._drop_head()

    def extend_before(self, page: TicketPage) -> int:
        """Add the page that precedes the first row; return by how much indexes moved.

        After a jump the start is an estimate: when the true top is reached, all indexes shift.
        """
        known = {row.id for row in self.rows[: len(page.rows)]} if page.rows else set()
        fresh = [row for row in page.rows if row.id not in known]
        self._set([*fresh, *self.rows])
        self.at_top = not page.has_more
        before = self.start - len(fresh)
        self.start = 0 if self.at_top else max(1, before)
        shift = self.start - before
        if shift and self.at_end:
            self.height = self.end
        self.height = max(self.height, self.end)
        self._drop_tail()
        return shift

    def recount(self, height: int) -> bool:
        """Take the number of rows of the whole list as it was read anew; True if it is another.

        What changes beyond the window by the hundred is not laid over it row by row.
        """
        if self.at_end and not self.at_top:
            return False  # the place of the window itself would be another
        before = self.height
        # read before or after a row came in: from the top on, as many as there are is all of them
        self.at_end = (self.at_end or self.at_top) and height <= self.end
        self.height = max(height, self.end if self.at_end else self.end + 1)
        return self.height != before

    def _set(self, rows: Sequence[TicketRow]) -> None:
        self.rows = list(rows)
        self._places = {}

    def _drop_head(self) -> None:
        extra = len(self.rows) - KEEP
        if extra > 0:
            self._set(self.rows[extra:])
            self.start += extra
            self.at_top = False

    def _drop_tail(self) -> None:
        if len(self.rows) > KEEP:
            self._set(self.rows[:KEEP])
            self.at_end = False

    def key_of(self, row: TicketRow) -> SortKey:
        """Return the place of a row in the order of its list."""
        return place_of(row, self.sort)

    def _before(self, one: SortKey, other: SortKey) -> bool:
        return one < other if self.sort is Sort.OLDEST else one > other

    def merge(
        self, rows: Mapping[int, TicketRow | None], *, pinned: int | None, insert: bool
    ) -> Merged:
        """Lay current rows over the window; None means that the ticket left this list.

        The pinned ticket (the one under the cursor) never leaves its place by this: it is only
        drawn anew. ``insert`` is False for lists whose order this window cannot know (searches).
        """
        changed: set[int] = set()
        added: set[int] = set()
        moved = False
        for ticket_id, row in rows.items():
            old = self.find(ticket_id)
            if old is not None and row is not None and row.version < old.version:
                continue  # read before what is shown: answers may overtake each other
            if old is not None and row is not None and self._stays(old, row, pinned, insert):
                if row != old:
                    self.rows[self._place(ticket_id)] = row
                    changed.add(ticket_id)
                continue
            if old is not None and ticket_id != pinned:
                self._remove(ticket_id)
                moved = True
            if row is not None and insert and ticket_id != pinned:
                moved |= self._insert(row)
                if old is None or self._before(self.key_of(row), self.key_of(old)):
                    added.add(ticket_id)
        return Merged(frozenset(changed), moved, frozenset(added))

    def _stays(self, old: TicketRow, row: TicketRow, pinned: int | None, insert: bool) -> bool:
        return self.key_of(old) == self.key_of(row) or row.id == pinned or not insert

    def replace(self, row: TicketRow) -> bool:
        """Put newer values in the place of a ticket; False if it is not here."""
        if self.index_of(row.id) is None:
            return False
        self.rows[self._place(row.id)] = row
        return True

    def remove(self, ticket_id: int) -> None:
        """Take a ticket out, as one that left the list."""
        if self.index_of(ticket_id) is not None:
            self._remove(ticket_id)

    def _place(self, ticket_id: int) -> int:
        index = self.index_of(ticket_id)
        if index is None:
            raise KeyError(ticket_id)
        return index - self.start

    def _remove(self, ticket_id: int) -> None:
        del self.rows[self._place(ticket_id)]
        self._places = {}
        self.height = max(self.height - 1, self.end)

    def _insert(self, row: TicketRow) -> bool:
        """Put a row at its place; return True if something visible of the window moved."""
        key = self.key_of(row)
        self.height += 1
        if self.rows and not self.at_top and self._before(key, self.key_of(self.rows[0])):
            self.start += 1
            return True
        if self.rows and not self.at_end and self._before(self.key_of(self.rows[-1]), key):
            return False
        place = next(
            (at for at, one in enumerate(self.rows) if self._before(key, self.key_of(one))),
            len(self.rows),
        )
        self.rows.insert(place, row)
        self._places = {}
        return True
