"""A condition of a query as SQL about ``ticket``, and what conditions are made from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from helpdesk_tui.domain.query.fields import like
from helpdesk_tui.domain.query.parsing import QueryError, Term

Sources = tuple[tuple[str, ...], ...]
OF_TICKET = "FROM message WHERE message.ticket_id = ticket.id"
FILES = "FROM message JOIN attachment ON message_id = message.id WHERE ticket_id = ticket.id"
_KNOWN_SHOWN = 30
"""Names listed with an error about an unknown one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A condition."""

    sql: str
    is_heavy: bool = False
    """It looks into messages or the log."""
    sources: Sources = ()
    """Ways to find all tickets it holds for: each some selects of ids, taken together."""

    def negated(self) -> Piece:
        """Return the opposite."""
        return Piece(f"NOT coalesce(({self.sql}), 0)", self.is_heavy)


@dataclass(slots=True)
class Asker:
    """What conditions are made for: whose query it is, and where values are bound."""

    connection: sqlite3.Connection
    text: str
    agent_id: int | None
    now: int
    params: dict[str, object]
    scopes: tuple[str, ...]

    def bind(self, value: object) -> str:
        """Add a parameter and return its mark."""
        name = f"q{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def marks(self, values: tuple[object, ...] | list[object]) -> str:
        """Bind several values."""
        return ", ".join(self.bind(value) for value in values)

    def within(self, where: str) -> Sources:
        """Return the way to the tickets that fulfil a condition which an index holds."""
        return (tuple(f"SELECT id FROM ticket WHERE {scope} AND {where}" for scope in self.scopes),)

    def unknown(self, term: Term, code: str, known: list[str], value: str) -> QueryError:
        """Return the error about a name that is not in the store."""
        meant = like(value.removeprefix("@"), tuple(known))
        shown = tuple(known[:_KNOWN_SHOWN])
        return QueryError(
            f"{code}-like" if meant else code, text=self.text, position=term.position,
            known=shown, value=value, like=meant,
        )  # fmt: skip


def between(asker: Asker, what: str, term: Term) -> str:
    """Return the condition that a number is within the bounds of a term."""
    bounds = term.bounds
    tests = []
    if bounds is not None and bounds.low is not None:
        tests.append(f"{what} >= {asker.bind(bounds.low)}")
    if bounds is not None and bounds.high is not None:
        tests.append(f"{what} <= {asker.bind(bounds.high)}")
    return " AND ".join(tests)
