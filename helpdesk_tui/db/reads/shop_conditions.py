"""Conditions about what connected sources know of a customer: worth, segments, orders."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.db.reads.piece import Asker, Piece, between
from helpdesk_tui.domain.commerce.order_names import order_name
from helpdesk_tui.domain.query.parsing import QueryError, Term
from helpdesk_tui.domain.text import fold

HELD = {"order": "orders", "subscription": "subscriptions"}
"""Values of ``has:`` that sources tell, by the column that counts them."""
_MOST_SEGMENTS = 200
_MOST_ORDERS = 200
_LAST = "\U0010ffff"


def number(asker: Asker, term: Term) -> Piece:
    """Ask for a number of the customer: worth, risk, how many orders."""
    _check(asker, term)
    return _of_worth(between(asker, f"customer_value.{term.field}", term))


def holds(asker: Asker, term: Term, values: Sequence[str]) -> Piece:
    """Ask for customers who have bought something, or get something again and again."""
    _check(asker, term)
    return _of_worth(" OR ".join(f"customer_value.{HELD[value]} > 0" for value in values))


def _of_worth(where: str) -> Piece:
    return Piece(
        "EXISTS (SELECT 1 FROM customer_value"
        f" WHERE customer_value.profile_id = ticket.profile_id AND ({where}))",
        sources=((
            "SELECT ticket.id FROM customer_value JOIN ticket"
            f" ON ticket.profile_id = customer_value.profile_id WHERE {where}",
        ),),
    )  # fmt: skip


def segment(asker: Asker, term: Term) -> Piece:
    """Ask for segments and lists by name; of several sources it is any that is called so."""
    _check(asker, term)
    names: list[object] = []
    for value in term.values:
        found = _segments(asker, value, prefix=term.prefix)
        if not found:
            known = asker.connection.execute(
                "SELECT DISTINCT name FROM customer_segment ORDER BY folded LIMIT :limit",
                {"limit": _MOST_SEGMENTS},
            )
            raise asker.unknown(term, "query.unknown-segment", [row[0] for row in known], value)
        names += found
    where = f"customer_segment.folded IN ({asker.marks(names)})"
    return Piece(
        "EXISTS (SELECT 1 FROM customer_segment"
        f" WHERE customer_segment.profile_id = ticket.profile_id AND {where})",
        sources=((
            "SELECT ticket.id FROM customer_segment JOIN ticket"
            f" ON ticket.profile_id = customer_segment.profile_id WHERE {where}",
        ),),
    )  # fmt: skip


def _segments(asker: Asker, value: str, *, prefix: bool) -> list[str]:
    wanted = fold(value)
    same = asker.connection.execute(
        "SELECT 1 FROM customer_segment WHERE folded = :name LIMIT 1", {"name": wanted}
    ).fetchone()
    if same is not None or not prefix:
        return [wanted] if same is not None else []
    found = asker.connection.execute(
        "SELECT DISTINCT folded FROM customer_segment WHERE folded >= :low AND folded < :high"
        " ORDER BY folded LIMIT :limit",
        {"low": wanted, "high": wanted + _LAST, "limit": _MOST_SEGMENTS},
    )
    return [str(row[0]) for row in found]


def total(asker: Asker, term: Term) -> Piece:
    """Ask for customers with an order of some amount."""
    _check(asker, term)
    return _of_orders(between(asker, "order_snapshot.total", term))


def order(asker: Asker, term: Term) -> Piece | None:
    """Ask for customers whose order is called so; None where no shop has such an order."""
    tests: list[object] = []
    for position, value in enumerate(term.values):
        name = order_name(value)
        is_start = term.prefix and position == len(term.values) - 1
        where = "name >= :name AND name < :high" if is_start else "name = :name"
        found = asker.connection.execute(
            f"SELECT DISTINCT profile_id FROM order_snapshot WHERE {where} LIMIT :limit",
            {"name": name, "high": name + _LAST, "limit": _MOST_ORDERS},
        ).fetchall() if name else []  # fmt: skip
        tests += [int(row[0]) for row in found]
    if not tests:
        return None
    marks = asker.marks(tests)
    where = (
        f"ticket.profile_id IN ({_standing_for(f'SELECT id FROM profile WHERE id IN ({marks})')})"
    )
    return Piece(where, sources=((f"SELECT id FROM ticket WHERE {where}",),))


def _of_orders(where: str) -> Piece:
    bought = f"SELECT order_snapshot.profile_id FROM order_snapshot WHERE {where}"
    linked = (
        "SELECT profile.id FROM profile WHERE profile.merged_into IS NOT NULL AND EXISTS"
        f" (SELECT 1 FROM order_snapshot WHERE order_snapshot.profile_id = profile.id AND {where})"
    )
    others = _standing_for(linked)
    return Piece(
        "EXISTS (SELECT 1 FROM order_snapshot"
        f" WHERE order_snapshot.profile_id = ticket.profile_id AND {where})"
        f" OR ticket.profile_id IN ({others})",
        sources=((
            f"SELECT id FROM ticket WHERE profile_id IN ({bought})",
            f"SELECT id FROM ticket WHERE profile_id IN ({others})",
        ),),
    )  # fmt: skip


def _standing_for(profiles: str) -> str:
    """Return a select of those who stand for some profiles: orders stay with a linked one."""
    return (
        f"WITH RECURSIVE up(id) AS ({profiles} UNION SELECT profile.merged_into FROM profile"
        " JOIN up ON profile.id = up.id WHERE profile.merged_into IS NOT NULL) SELECT id FROM up"
    )


def _check(asker: Asker, term: Term) -> None:
    """Refuse a question that nobody can answer: nothing found would read as nobody there."""
    if asker.connection.execute("SELECT 1 FROM source LIMIT 1").fetchone() is None:
        raise QueryError(
            "query.no-shop", text=asker.text, position=term.position, known=(),
            field=term.field, value=",".join(term.values),
        )  # fmt: skip
