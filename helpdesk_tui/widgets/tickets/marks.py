"""Which tickets of a list are marked: one by one, or all of the list but some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpdesk_tui.domain.tickets import TicketRow, ViewFilter


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked, as an action takes it."""

    versions: dict[int, int] = field(default_factory=dict)
    """Tickets marked one by one, in the versions they were shown in."""
    whole: ViewFilter | None = None
    """The list that is marked as a whole, however long it is."""
    left_out: frozenset[int] = frozenset()
    """Tickets of the whole list that are not meant."""


@dataclass(slots=True)
class Marks:
    """The marks of one list; rows need not be in memory to stay marked."""

    versions: dict[int, int] = field(default_factory=dict)
    is_whole: bool = False
    total: int = 0
    """Tickets of the whole list, where it is marked."""
    is_more: bool = False
    """There are more than the total says; they are being counted."""
    left_out: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many tickets are marked."""
        return max(0, self.total - len(self.left_out)) if self.is_whole else len(self.versions)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to act on."""
        return self.is_whole or bool(self.versions)

    def has(self, ticket_id: int) -> bool:
        """Tell whether a ticket is marked."""
        return ticket_id not in self.left_out if self.is_whole else ticket_id in self.versions

    def toggle(self, row: TicketRow) -> None:
        """Mark a ticket, or take its mark off."""
        if not self.has(row.id):
            self.add([row])
        elif self.is_whole:
            self.left_out.add(row.id)
        else:
            del self.versions[row.id]

    def add(self, rows: Iterable[TicketRow]) -> None:
        """Mark tickets."""
        self.add_versions({row.id: row.version for row in rows})

    def add_versions(self, versions: dict[int, int]) -> None:
        """Mark tickets in the versions they were shown in."""
        if self.is_whole:
            self.left_out -= versions.keys()
        else:
            self.versions |= versions

    def mark_all(self, total: int, *, is_more: bool = False) -> None:
        """Mark the whole list, however much of it is in memory."""
        self.clear()
        self.is_whole, self.total, self.is_more = True, total, is_more

    def clear(self) -> None:
        """Take all marks off."""
        self.versions.clear()
        self.left_out.clear()
        self.is_whole, self.total, self.is_more = False, 0, False

    def shown(self, rows: Iterable[TicketRow]) -> None:
        """Know that marked tickets are now seen as these rows say."""
        if self.versions:
            for row in rows:
                if row.id in self.versions:
                    self.versions[row.id] = row.version

    def taken(self, where: ViewFilter) -> Marked:
        """Return what is marked in a list."""
        if self.is_whole:
            return Marked(whole=where, left_out=frozenset(self.left_out))
        return Marked(dict(self.versions))
