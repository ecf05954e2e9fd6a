"""Conditions about states: what ``is:`` asks."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk_tui.db.reads.people_conditions import assigned, named, names_in, tagged
from helpdesk_tui.db.reads.piece import OF_TICKET, Asker, Piece, Sources
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.query.parsing import Term

REOPENED = "FROM activity WHERE activity.ticket_id = ticket.id AND kind = 'ticket.reopened'"


def state_condition(asker: Asker, term: Term) -> Piece:
    """Ask for any of some states."""
    pieces = [_state(asker, value) for value in term.values]
    if len(pieces) == 1:
        return pieces[0]
    sources: Sources = ()
    if all(piece.sources for piece in pieces):
        sources = (tuple(select for piece in pieces for select in piece.sources[0]),)
    sql = " OR ".join(f"({piece.sql})" for piece in pieces)
    return Piece(sql, any(piece.is_heavy for piece in pieces), sources)


def _state(asker: Asker, value: str) -> Piece:
    if value in _STATES:
        where, is_indexed = _STATES[value]
        return Piece(where, sources=asker.within(where) if is_indexed else ())
    return _OWN_STATES[value](asker)


_STATES = {
    "open": ("status = 'open'", True),
    "snoozed": ("status = 'snoozed'", True),
    "closed": ("status = 'closed'", True),
    "unread": ("unread = 1", True),
    "read": ("unread = 0", False),
    "spam": ("spam = 1", True),
    "merged": ("merged_into IS NOT NULL", True),
    "unassigned": ("assignee_id IS NULL", True),
    "waiting": ("waiting_since IS NOT NULL", True),
    "automatic": ("automatic = 1", False),
}
"""States that columns tell, and whether an index holds them."""


def _mine(asker: Asker) -> Piece:
    return assigned(asker, [] if asker.agent_id is None else [asker.agent_id])


def _overdue(asker: Asker) -> Piece:
    limits = " ".join(
        f"WHEN '{spec.name}' THEN {int(spec.overdue_after.total_seconds()) * 1_000_000}"
        for spec in CHANNELS.values()
    )
    # as the timer that is shown: it starts again when somebody asks for patience
    return Piece(
        "waiting_since IS NOT NULL AND max(waiting_since, coalesce(held_at, 0))"
        f" <= {int(asker.now)} - CASE channel {limits} END",
        sources=asker.within("waiting_since IS NOT NULL"),
    )


def _of_agent(asker: Asker, table: str) -> Piece:
    whose = f"agent_id = {asker.bind(asker.agent_id)}"
    if table == "draft" and asker.agent_id is None:
        whose = "1"
    return Piece(
        f"EXISTS (SELECT 1 FROM {table} WHERE {table}.ticket_id = ticket.id AND {whose})",
        sources=((f"SELECT ticket_id FROM {table} WHERE {whose}",),),
    )


def _delivered(listed: str, state: str) -> Piece:
    where = f"delivery IN ({listed}) AND delivery IN ({state})"
    return Piece(
        f"EXISTS (SELECT 1 {OF_TICKET} AND {where})",
        is_heavy=True,
        sources=((f"SELECT ticket_id FROM message WHERE {where}",),),
    )


def _vip(asker: Asker) -> Piece:
    return tagged(asker, [*named(names_in(asker, "tag"), "vip", prefix=False)])


def _chat(where: str) -> Piece:
    return Piece(
        f"EXISTS (SELECT 1 FROM chat WHERE chat.ticket_id = ticket.id AND {where})",
        sources=((f"SELECT ticket_id FROM chat WHERE {where}",),),
    )


_OWN_STATES: dict[str, Callable[[Asker], Piece]] = {
    "mine": _mine,
    "overdue": _overdue,
    "draft": lambda asker: _of_agent(asker, "draft"),
    "mentioned": lambda asker: _of_agent(asker, "mention"),
    "watched": lambda asker: _of_agent(asker, "watch"),
    "scheduled": lambda asker: _delivered("'queued', 'sending', 'scheduled'", "'scheduled'"),
    "failed": lambda asker: _delivered("'failed', 'unknown'", "'failed', 'unknown'"),
    "reopened": lambda asker: Piece(f"EXISTS (SELECT 1 {REOPENED})", is_heavy=True),
    "vip": _vip,
    "ai": lambda _: _chat("responder IN ('answering', 'solved', 'elsewhere')"),
    "chatting": lambda _: _chat("ended_at IS NULL AND offline_since IS NULL"),
    "left": lambda _: _chat("ended_at IS NULL AND offline_since IS NOT NULL"),
}
