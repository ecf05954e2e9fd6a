"""The orders of ticket lists: every one is walked in an index, in stretches where it needs several.

The place of a ticket in a list is one whole number. All orders go down these numbers but
``oldest``, which goes up.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.domain.list_places import FAR, LEVELS
from helpdesk_tui.domain.tickets import Sort, SortKey


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an order that one index holds: its place is ``base`` plus or minus a column."""

    column: str
    low: int
    """The lowest place in it …"""
    high: int
    """… and the place that is above all in it."""
    where: str = ""
    index: str = ""
    base: int = 0
    is_mirrored: bool = False
    """The place grows as the column falls."""

    @property
    def place(self) -> str:
        """The place as an expression of SQL."""
        if self.is_mirrored:
            return f"{self.base} - {self.column}"
        return f"{self.base} + {self.column}" if self.base else self.column

    def value(self, at: int) -> int:
        """Return what the column holds at a place."""
        return self.base - at if self.is_mirrored else at - self.base


_WHOLE = -FAR
_STRETCHES: dict[Sort, tuple[Stretch, ...]] = {
    Sort.NEWEST: (Stretch("last_message_at", _WHOLE, FAR),),
    Sort.OLDEST: (Stretch("last_message_at", _WHOLE, FAR),),
    Sort.CREATED: (Stretch("created_at", _WHOLE, FAR, index="ticket_created"),),
    Sort.WAITING: (
        Stretch(
            "waiting_since", FAR // 2, FAR + 1, "waiting_since IS NOT NULL", "ticket_waiting", FAR,
            is_mirrored=True,
        ),
        Stretch("last_message_at", _WHOLE, FAR // 2, "waiting_since IS NULL"),
    ),
    Sort.PRIORITY: tuple(
        Stretch(
            "last_message_at", level * FAR, (level + 1) * FAR, f"priority = '{name}'",
            "ticket_priority", level * FAR,
        )
        for name, level in reversed(LEVELS.items())
    ),
}  # fmt: skip
_LEVEL = " ".join(f"WHEN '{name}' THEN {level}" for name, level in LEVELS.items())
PLACES: dict[Sort, str] = {
    Sort.NEWEST: "last_message_at",
    Sort.OLDEST: "last_message_at",
    Sort.CREATED: "created_at",
    Sort.WAITING: f"coalesce({FAR} - waiting_since, last_message_at)",
    Sort.PRIORITY: f"CASE priority {_LEVEL} END * {FAR} + last_message_at",
}
"""The place of a ticket in each order, as an expression of SQL."""
PLAIN = (Sort.NEWEST, Sort.OLDEST)
"""Orders that the indexes of the views themselves have."""


def stretches_of(sort: Sort, beyond: SortKey | None, *, descending: bool) -> list[Stretch]:
    """Return the parts of an order that lie beyond a place, in the order of the walk."""
    parts = [
        part
        for part in _STRETCHES[sort]
        if beyond is None or (beyond.at >= part.low if descending else beyond.at < part.high)
    ]
    return parts if descending else parts[::-1]


def stretch_sql(
    part: Stretch, scope: str, columns: str, beyond: SortKey | None, *, descending: bool
) -> tuple[str, dict[str, object]]:
    """Return the statement (and its parameters) that reads a stretch beyond a place.

    Args:
        part: the stretch.
        scope: the condition on tickets.
        columns: what is read behind place and id.
        beyond: where to start; None or outside of the stretch for its beginning.
        descending: towards lower places.
    """
    down = descending is not part.is_mirrored
    order, id_order = ("DESC" if down else "ASC"), ("DESC" if descending else "ASC")
    where = " AND ".join(one for one in (scope, part.where) if one)
    params: dict[str, object] = {}
    if beyond is not None and part.low <= beyond.at < part.high:
        params = {"place_at": part.value(beyond.at), "place_id": beyond.id}
        sign, id_sign = ("<" if down else ">"), ("<" if descending else ">")
        if sign == id_sign:
            where += f" AND ({part.column}, id) {sign} (:place_at, :place_id)"
        else:
            where += (
                f" AND {part.column} {sign}= :place_at"
                f" AND ({part.column} {sign} :place_at OR id {id_sign} :place_id)"
            )
    source = "ticket"
    if part.index and "spam = 0 AND merged_into IS NULL" in scope:
        source += f" INDEXED BY {part.index}"
    return (
        f"SELECT {part.place}, id, {columns} FROM {source} WHERE {where}"
        f" ORDER BY {part.column} {order}, id {id_order} LIMIT :limit"
    ), params
