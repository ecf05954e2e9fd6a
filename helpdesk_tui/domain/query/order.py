"""The order that a query asks for itself."""

from __future__ import annotations

from datetime import datetime

from helpdesk_tui.domain.query.parsing import QueryError, parse_query
from helpdesk_tui.domain.tickets import Sort


def order_of(query: str, otherwise: Sort, now: datetime) -> Sort:
    """Return the order that a query asks for itself, with ``sort:``, or else another."""
    if "sort:" not in query:
        return otherwise
    try:
        return parse_query(query, now=now).sort or otherwise
    except QueryError:
        return otherwise
