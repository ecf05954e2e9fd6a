"""Every condition of a query as SQL about ``ticket``, with ways to find the few it holds for."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk_tui.db.reads import people_conditions as people
from helpdesk_tui.db.reads import shop_conditions as shop
from helpdesk_tui.db.reads.people_conditions import as_like
from helpdesk_tui.db.reads.piece import FILES, OF_TICKET, Asker, Piece, between
from helpdesk_tui.db.reads.state_conditions import REOPENED, state_condition
from helpdesk_tui.db.reads.text_match import Clause, clauses_of
from helpdesk_tui.domain.query.parsing import Term
from helpdesk_tui.domain.query.pattern import matches
from helpdesk_tui.domain.times import to_us

_STATUS_LIST = "status IN ('open', 'snoozed', 'closed')"


def condition_of(asker: Asker, term: Term) -> Piece:
    """Return what a term asks of a ticket.

    Raises:
        QueryError: if it names somebody or something that is not in the store.
    """
    found = _pattern(asker, term) if term.op == ":~" else _MAKERS[term.field](asker, term)
    return found.negated() if term.negated else found


def _channel(asker: Asker, term: Term) -> Piece:
    where = f"channel IN ({asker.marks(term.values)})"
    return Piece(where, sources=asker.within(where))


def _file(asker: Asker, term: Term) -> Piece:
    """Ask for a file name with ``*`` in it; words of the pattern come first from the index."""
    patterns = [value + ("*" if term.prefix else "") for value in term.values]
    tests = " OR ".join(
        f"fold(filename) LIKE {asker.bind(as_like(pattern))} ESCAPE '\\'" for pattern in patterns
    )
    sources = []
    if len(patterns) == 1:
        for words in _whole_words(patterns[0]):
            mark = asker.bind(words.match)
            sources.append((
                "SELECT (SELECT ticket_id FROM message WHERE message.id = message_fts.rowid)"
                f" FROM message_fts WHERE message_fts MATCH {mark}",
            ))  # fmt: skip
    return Piece(f"EXISTS (SELECT 1 {FILES} AND ({tests}))", True, tuple(sources))


def _whole_words(pattern: str) -> list[Clause]:
    """Return what the index holds of every file that a pattern matches: its whole words."""
    parts, found = pattern.split("*"), []
    for number, part in enumerate(parts):
        words = part
        if number > 0:  # a word behind a * may be the end of a longer one
            words = part.lstrip(
                "".join(char for char in set(part) if char.isalnum() or char == "_")
            )
        is_start = number < len(parts) - 1
        term = Term("file", (words,), False, is_start, 0)
        found += clauses_of([term], ())
    return found


_HOLDS = {
    "attachment": "has_media = 1",
    "image": f"EXISTS (SELECT 1 {FILES} AND content_type LIKE 'image/%')",
    "video": f"EXISTS (SELECT 1 {FILES} AND content_type LIKE 'video/%')",
    "voice": f"EXISTS (SELECT 1 {FILES} AND content_type LIKE 'audio/%')",
    "link": f"EXISTS (SELECT 1 {OF_TICKET} AND (links != '[]' OR text LIKE '%http_://%'"
    " OR text LIKE '%http://%'))",
    "note": f"EXISTS (SELECT 1 {OF_TICKET} AND direction = 'note')",
}


def _has(asker: Asker, term: Term) -> Piece:
    bought = [value for value in term.values if value in shop.HELD]
    tests = [_HOLDS[value] for value in term.values if value in _HOLDS]
    if not tests:
        return shop.holds(asker, term, bought)
    if bought:
        tests.append(shop.holds(asker, term, bought).sql)
    return Piece(" OR ".join(tests), is_heavy=any("EXISTS" in test for test in tests))


def _size(asker: Asker, term: Term) -> Piece:
    return Piece(between(asker, f"(SELECT max(size) {FILES})", term), is_heavy=True)


def _messages(asker: Asker, term: Term) -> Piece:
    return Piece(between(asker, "message_count", term))


def _reopens(asker: Asker, term: Term) -> Piece:
    return Piece(between(asker, f"(SELECT count(*) {REOPENED})", term), is_heavy=True)


def _priority(asker: Asker, term: Term) -> Piece:
    where = f"priority IN ({asker.marks(term.values)})"
    return Piece(where, sources=asker.within(f"{_STATUS_LIST} AND {where}"))


_TIMES = {
    "created": "created_at",
    "updated": "last_message_at",
    "closed": "closed_at",
    "waiting": "waiting_since",
    "snoozed": "snoozed_until",
    "heard": f"(SELECT max(received_at) {OF_TICKET} AND direction = 'inbound' AND automatic = 0)",
    "answered": f"(SELECT max(sent_at) {OF_TICKET} AND direction = 'outbound'"
    " AND author_kind = 'agent' AND ' ' || message.flags || ' ' NOT LIKE '% holding %'"
    " AND ' ' || message.flags || ' ' NOT LIKE '% answered-outside %')",
}
_STATE_OF = {"snoozed": "status = 'snoozed'", "waiting": "waiting_since IS NOT NULL"}
"""What else holds of a ticket with such a time."""


def _span(asker: Asker, term: Term) -> Piece:
    what, span = _TIMES[term.field], term.span
    tests = [_STATE_OF[term.field]] if term.field in _STATE_OF else []
    if span is not None and span.start is not None:
        tests.append(f"{what} >= {asker.bind(to_us(span.start))}")
    if span is not None and span.end is not None:
        tests.append(f"{what} < {asker.bind(to_us(span.end))}")
    where = " AND ".join(tests)
    if what.startswith("("):
        return Piece(where, is_heavy=True)
    return Piece(where, sources=() if term.field == "closed" else asker.within(where))


_PATTERNS = {
    "from": f"EXISTS (SELECT 1 {OF_TICKET} AND matches({{}}, author_name || ' ' || sender))",
    "to": f"EXISTS (SELECT 1 {OF_TICKET} AND matches({{}}, recipients || ' ' || copies))",
    "cc": f"EXISTS (SELECT 1 {OF_TICKET} AND matches({{}}, copies))",
    "subject": f"EXISTS (SELECT 1 {OF_TICKET} AND matches({{}}, message.subject))",
    "file": f"EXISTS (SELECT 1 {FILES} AND matches({{}}, filename))",
    "customer": "matches({}, customer_name || ' ' || customer_address)",
    "email": "EXISTS (SELECT 1 FROM identity WHERE identity.profile_id = ticket.profile_id"
    " AND kind = 'email' AND matches({}, value))",
    "inbox": "matches({}, recipient)",
}


def _pattern(asker: Asker, term: Term) -> Piece:
    asker.connection.create_function("matches", 2, matches, deterministic=True)
    return Piece(_PATTERNS[term.field].format(asker.bind(term.values[0])), is_heavy=True)


_MAKERS: dict[str, Callable[[Asker, Term], Piece]] = {
    "is": state_condition, "assignee": people.assignee, "team": people.team, "by": people.by,
    "to": people.to, "cc": people.cc, "customer": people.customer, "email": people.email,
    "phone": people.phone, "channel": _channel, "inbox": people.inbox,
    "campaign": people.campaign, "file": _file, "has": _has,
    "larger": _size, "smaller": _size, "tag": people.tag, "priority": _priority,
    "segment": shop.segment, "total": shop.total, "ltv": shop.number, "churn": shop.number,
    "orders": shop.number, "messages": _messages, "reopens": _reopens,
    **dict.fromkeys(_TIMES, _span),
}  # fmt: skip
