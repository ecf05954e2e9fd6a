"""Hits in context: the message that made a ticket be found, and what of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.search_sql import id_list, newest_match
from helpdesk_tui.db.reads.text_match import Clause, phrase
from helpdesk_tui.domain.query.hits import Hit, Wanted, marked, snippet, wanted_of
from helpdesk_tui.domain.query.parsing import Query

_ORDER = ("body", "subject", "files", "people")
"""Where a hit is shown from, where words stand in several places."""
_COLUMNS = {"subject": "subject", "people": "people", "files": "files"}


def load_hits(
    connection: sqlite3.Connection,
    criteria: Criteria,
    query: Query,
    tickets: Sequence[int],
    width: int,
) -> dict[int, Hit]:
    """Return what was found in some tickets, as far as words were looked for."""
    wanted = wanted_of(query)
    match = criteria.match or _any_of(wanted)
    if match is None:
        return {}
    newest = newest_match(connection, match, tickets)
    found = connection.execute(
        "SELECT id, ticket_id, direction, subject, text, author_name || ' ' || sender,"
        " coalesce((SELECT group_concat(filename, ' ') FROM attachment"
        " WHERE message_id = message.id), '')"
        f" FROM message WHERE id IN ({id_list(newest.values())})"
    )
    hits = {}
    for message, ticket, direction, subject, body, people, files in found:
        texts = {"subject": subject, "body": body, "people": people, "files": files}
        place = "body"
        ranges: tuple[tuple[int, int], ...] = ()
        for name in _ORDER:
            ranges = marked(texts[name], wanted, name)
            if ranges:
                place = name
                break
        shown = snippet(texts[place], ranges, width)
        hits[ticket] = Hit(ticket, message, place, direction == "note", shown)
    return hits


def _any_of(wanted: Sequence[Wanted]) -> Clause | None:
    """Return what finds a message with any of the words, for queries where no one must be."""
    parts = []
    for one in wanted:
        words = phrase(" ".join(one.words), prefix=one.prefix)
        places = " ".join(one.places)
        parts.append(f"{{{places}}} : {words}" if places else words)
    return Clause(" OR ".join(parts)) if parts else None
