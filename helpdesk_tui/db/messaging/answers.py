"""Answers to keywords on their way out: they belong to no ticket, and leave once at most."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.times import from_us, to_us

_PER_DAY = 3
"""Answers that one address gets in a day: two machines must not talk for ever."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeywordAnswer:
    """An answer to be sent."""

    id: int
    account_id: int
    address: str
    text: str
    command: str
    attempts: int
    created_at: datetime


def may_answer_command(
    connection: sqlite3.Connection, account: int, address: str, now: datetime
) -> bool:
    """Tell whether the keywords of somebody are still answered today."""
    wanted = {"account": account, "address": address, "since": to_us(now - _DAY)}
    given = connection.execute(
        "SELECT (SELECT count(*) FROM keyword_answer WHERE channel_account_id = :account"
        " AND address = :address AND created_at > :since)"
        " + (SELECT count(*) FROM message JOIN contact"
        "  ON contact.channel_account_id = :account AND contact.address = :address"
        "  WHERE message.ticket_id = contact.ticket_id AND message.direction = 'outbound'"
        "  AND message.sent_at > :since"
        f"  AND instr(' ' || message.flags || ' ', ' {Flag.KEYWORD_ANSWER} '))",
        wanted,
    ).fetchone()
    return int(given[0]) < _PER_DAY


def queue_answer(
    connection: sqlite3.Connection, account: int, address: str, text: str, now: datetime,
    *, command: str,
) -> None:  # fmt: skip
    """Queue an answer to somebody who has no ticket."""
    connection.execute(
        "INSERT INTO keyword_answer (channel_account_id, address, command, text, state,"
        " created_at, due_at, attempts, provider_id, error_code)"
        " VALUES (:account, :address, :command, :text, 'queued', :now, :now, 0, '', '')",
        {"account": account, "address": address, "command": command, "text": text,
         "now": to_us(now)},
    )  # fmt: skip


def load_due_answers(
    connection: sqlite3.Connection, account: int, now: datetime, limit: int
) -> list[KeywordAnswer]:
    """Return the answers that may leave now, oldest first."""
    found = connection.execute(
        "SELECT id, channel_account_id, address, text, command, attempts, created_at"
        " FROM keyword_answer"
        " WHERE state = 'queued' AND channel_account_id = :account AND due_at <= :now"
        " ORDER BY id LIMIT :limit",
        {"account": account, "now": to_us(now), "limit": limit},
    )
    return [
        KeywordAnswer(row[0], row[1], row[2], row[3], row[4], row[5], from_us(row[6]))
        for row in found
    ]


def next_due_answer(connection: sqlite3.Connection, account: int) -> datetime | None:
    """Return when the next answer may leave; None where none waits."""
    row = connection.execute(
        "SELECT min(due_at) FROM keyword_answer WHERE state = 'queued'"
        " AND channel_account_id = :account",
        {"account": account},
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def save_answer(
    connection: sqlite3.Connection, answer_id: int, state: str, *, former: str,
    provider_id: str = "", error_code: str = "", due_at: datetime | None = None,
) -> bool:  # fmt: skip
    """Move an answer from one state to another; False if it was not in that one."""
    done = connection.execute(
        "UPDATE keyword_answer SET state = :state, error_code = :code, due_at = :due,"
        " provider_id = CASE WHEN :provider = '' THEN provider_id ELSE :provider END,"
        " attempts = attempts + (:state = 'sending') WHERE id = :id AND state = :former",
        {
            "id": answer_id, "state": state, "former": former, "code": error_code,
            "provider": provider_id, "due": None if due_at is None else to_us(due_at),
        },
    )  # fmt: skip
    return done.rowcount == 1


def give_up_sending(connection: sqlite3.Connection, account: int) -> int:
    """Call unknown what was being sent when a worker died; return how much that was."""
    done = connection.execute(
        "UPDATE keyword_answer SET state = 'unknown', due_at = NULL"
        " WHERE state = 'sending' AND channel_account_id = :account",
        {"account": account},
    )
    return done.rowcount


def is_answer(connection: sqlite3.Connection, account: int, provider_id: str) -> bool:
    """Tell whether a message that the provider shows is an answer of ours to a keyword."""
    row = connection.execute(
        "SELECT 1 FROM keyword_answer WHERE channel_account_id = :account"
        " AND provider_id = :id AND provider_id != ''",
        {"account": account, "id": provider_id},
    ).fetchone()
    return row is not None
