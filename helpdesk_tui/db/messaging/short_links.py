"""Short links in messages of ours: where they lead, whether the relay knows them, who came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from helpdesk_tui.domain.messages import ShortLinkRow
from helpdesk_tui.domain.times import from_us, to_us

_UNPUBLISHED = """
    SELECT s.code, s.url FROM short_link s JOIN message m ON m.id = s.message_id
    WHERE s.published = 0 AND m.channel_account_id IN (SELECT value FROM json_each(:accounts))
    ORDER BY s.code LIMIT :most
"""
_COUNT = """
    SELECT count(*) FROM short_link s JOIN message m ON m.id = s.message_id
    WHERE s.published = 1 AND m.channel_account_id IN (SELECT value FROM json_each(:accounts))
"""
_FORGET = """
    UPDATE short_link SET published = 0 WHERE published = 1 AND message_id IN
        (SELECT id FROM message
         WHERE channel_account_id IN (SELECT value FROM json_each(:accounts)))
"""


def add_link(connection: sqlite3.Connection, code: str, message_id: int, url: str) -> bool:
    """Keep a link; False if its code is taken."""
    added = connection.execute(
        "INSERT OR IGNORE INTO short_link (code, message_id, url, clicks, published)"
        " VALUES (:code, :message, :url, 0, 0)",
        {"code": code, "message": message_id, "url": url},
    )
    return added.rowcount == 1


def load_links(connection: sqlite3.Connection, message_id: int) -> list[tuple[str, str, bool]]:
    """Return the links of a message as (code, where it leads, whether the relay knows it)."""
    found = connection.execute(
        "SELECT code, url, published FROM short_link WHERE message_id = :message ORDER BY rowid",
        {"message": message_id},
    )
    return [(row[0], row[1], row[2] == 1) for row in found]


def load_base(connection: sqlite3.Connection, account_id: int) -> str:
    """Return what the short links of an account begin with: a domain of the brand, or the relay."""
    row = connection.execute(
        "SELECT coalesce(nullif(json_extract(settings, '$.links'), ''),"
        " json_extract(settings, '$.relay'), '') FROM channel_account WHERE id = :account"
        " AND coalesce(json_extract(settings, '$.relay'), '') != ''",
        {"account": account_id},
    ).fetchone()
    return "" if row is None else str(row[0])


def load_unpublished(
    connection: sqlite3.Connection, accounts: Sequence[int], most: int
) -> dict[str, str]:
    """Return links in messages of some accounts that their relay does not know yet."""
    wanted = {"accounts": json.dumps(list(accounts)), "most": most}
    found = connection.execute(_UNPUBLISHED, wanted)
    return {row[0]: row[1] for row in found}


def set_published(connection: sqlite3.Connection, codes: Sequence[str]) -> None:
    """Note that the relay knows links."""
    connection.executemany(
        "UPDATE short_link SET published = 1 WHERE code = ?", [(code,) for code in codes]
    )


def count_published(connection: sqlite3.Connection, accounts: Sequence[int]) -> int:
    """Return how many links the relay of some accounts should know."""
    row = connection.execute(_COUNT, {"accounts": json.dumps(list(accounts))})
    return int(row.fetchone()[0])


def set_unpublished(connection: sqlite3.Connection, accounts: Sequence[int]) -> None:
    """Note that the relay of some accounts knows no links."""
    connection.execute(_FORGET, {"accounts": json.dumps(list(accounts))})


def add_clicks(connection: sqlite3.Connection, clicks: Sequence[tuple[str, datetime]]) -> None:
    """Count clicks, oldest first; those that were counted before are left out."""
    for code, at in clicks:
        connection.execute(
            "UPDATE short_link SET clicks = clicks + 1, last_click_at = :at,"
            " first_click_at = coalesce(first_click_at, :at)"
            " WHERE code = :code AND (last_click_at IS NULL OR last_click_at < :at)",
            {"code": code, "at": to_us(at)},
        )


def touch_tickets(connection: sqlite3.Connection, codes: Sequence[str]) -> None:
    """Let those who look at a ticket see that a link in it was followed."""
    connection.execute(
        "UPDATE ticket SET version = version + 1 WHERE id IN (SELECT message.ticket_id"
        " FROM short_link JOIN message ON message.id = short_link.message_id"
        " WHERE short_link.code IN (SELECT value FROM json_each(:codes)))",
        {"codes": json.dumps(list(codes))},
    )


def load_followed(
    connection: sqlite3.Connection, message_ids: Sequence[int]
) -> dict[int, list[ShortLinkRow]]:
    """Return the links that messages left with in short, and how often each was followed.

    What left with its long links, since the relay did not know the short ones in time, has none.
    """
    found = connection.execute(
        "SELECT s.message_id, s.url, s.clicks, s.last_click_at FROM short_link s"
        " WHERE s.message_id IN (SELECT value FROM json_each(:messages)) AND EXISTS"
        " (SELECT 1 FROM message_part p WHERE p.message_id = s.message_id"
        "  AND p.text LIKE '%/l/' || s.code || '%') ORDER BY s.rowid",
        {"messages": json.dumps(list(message_ids))},
    )
    links: dict[int, list[ShortLinkRow]] = {}
    for message, url, clicks, at in found:
        row = ShortLinkRow(url, clicks, None if at is None else from_us(at))
        links.setdefault(message, []).append(row)
    return links
