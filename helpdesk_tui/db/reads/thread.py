"""One opened ticket: its header, its newest messages, and the events between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpdesk_tui.db.messaging.short_links import load_followed
from helpdesk_tui.db.notices import unpacked_notices
from helpdesk_tui.db.reads.chats import load_chat
from helpdesk_tui.db.reads.merging import load_offered
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.db.reads.rows import COLUMNS, assemble
from helpdesk_tui.db.watching import load_watchers
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.folds import unpacked_folds
from helpdesk_tui.domain.messages import (
    AttachmentRow,
    AuthorKind,
    Delivery,
    Direction,
    EventRow,
    FileState,
    MessageRow,
    ShortLinkRow,
)
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.times import from_us

EVENT_LIMIT = 500
"""Events loaded with one page of a thread, the newest."""

_MESSAGE = (
    "id, ticket_id, direction, channel, author_kind, author_name, sender, text, folds, has_html,"
    " sent_at, received_at, delivery, error_code, error_text, due_at, automatic, external_id,"
    " recipients, copies, flags, links, notices, blind_copies, template,"
    " (SELECT name FROM campaign_send WHERE id = message.campaign_send_id)"
)
ATTACHMENT = ", ".join(
    f"attachment.{part}"
    for part in (
        "id", "filename", "content_type", "size", "sha256", "inline", "state", "error_code",
        "source != ''",
    )
)  # fmt: skip
"""The columns that :func:`attachment_of` reads."""
_DETAIL = (
    "created_at, profile_id, customer_address, recipient, snooze_keep, closed_at, merged_into,"
    " flags, automatic, offer"
)
_NOISE = ("ticket.read", "ticket.unread", "note.added", "chat.held")
"""Activity that a thread shows otherwise or not at all, beside all of ``message.*``."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a thread is loaded: messages from ``first`` up to before ``before``."""

    first: int
    before: int | None
    is_whole: bool
    """True if nothing older is left."""


def load_detail(
    connection: sqlite3.Connection, ticket_id: int, agent_id: int | None
) -> TicketDetail | None:
    """Return the header of a ticket, or None if there is none of this number."""
    found = connection.execute(
        f"SELECT {COLUMNS}, {_DETAIL} FROM ticket WHERE id = :ticket", {"ticket": ticket_id}
    ).fetchone()
    if found is None:
        return None
    width = len(COLUMNS.split(","))
    row = assemble(connection, [found[:width]], agent_id)[0]
    created, profile, address, recipient, keep, closed, merged, flags, automatic, offer = found[
        width:
    ]
    return TicketDetail(
        row=row,
        created_at=from_us(created),
        customer_id=profile,
        customer_address=address,
        recipient=recipient,
        snooze_keep=keep == 1,
        closed_at=None if closed is None else from_us(closed),
        merged_into=merged,
        flags=tuple(flags.split()),
        automatic=automatic == 1,
        reply_to=_reply_to(connection, ticket_id),
        offer=offer,
        watchers=tuple(load_watchers(connection, ticket_id).values()),
        offered=load_offered(connection, ticket_id, offer) if offer else None,
        chat=load_chat(connection, ticket_id) if CHANNELS[row.channel].is_live else None,
        messaging=load_messaging(connection, ticket_id)
        if CHANNELS[row.channel].is_messaging
        else None,
    )


def _reply_to(connection: sqlite3.Connection, ticket_id: int) -> str:
    found = connection.execute(
        "SELECT reply_to FROM message WHERE ticket_id = :ticket AND direction = 'inbound'"
        " ORDER BY id DESC LIMIT 1",
        {"ticket": ticket_id},
    ).fetchone()
    return "" if found is None else str(found[0])


def find_window(
    connection: sqlite3.Connection, ticket_id: int, *, before: int | None, limit: int
) -> Window:
    """Return the part of a thread that holds its last ``limit`` messages before a message.

    Notes do not count; those between the counted messages belong to the part.
    """
    bound = "" if before is None else " AND id < :before"
    ends = connection.execute(
        f"SELECT id FROM message WHERE ticket_id = :ticket AND direction != 'note'{bound}"
        " ORDER BY id DESC LIMIT 2 OFFSET :skip",
        {"ticket": ticket_id, "before": before, "skip": limit - 1},
    ).fetchall()
    if len(ends) < 2:
        return Window(0, before, is_whole=True)
    return Window(int(ends[0][0]), before, is_whole=False)


def count_from(connection: sqlite3.Connection, ticket_id: int, message_id: int) -> int:
    """Return how many messages besides notes stand in a ticket from one on, and one before it."""
    found = connection.execute(
        "SELECT count(*) + 1 FROM message"
        " WHERE ticket_id = :ticket AND direction != 'note' AND id >= :first",
        {"ticket": ticket_id, "first": message_id},
    )
    return int(found.fetchone()[0])


def load_messages(
    connection: sqlite3.Connection, ticket_id: int, window: Window
) -> tuple[MessageRow, ...]:
    """Return the messages of a part of a thread, oldest first."""
    bound = "" if window.before is None else " AND id < :before"
    found = connection.execute(
        f"SELECT {_MESSAGE} FROM message WHERE ticket_id = :ticket AND id >= :first{bound}"
        " ORDER BY id",
        {"ticket": ticket_id, "first": window.first, "before": window.before},
    ).fetchall()
    found.sort(key=lambda raw: (raw[11], raw[0]))
    return _with_files(connection, found)


def load_message(connection: sqlite3.Connection, message_id: int) -> MessageRow | None:
    """Return one message, or None if there is none of this number."""
    found = connection.execute(
        f"SELECT {_MESSAGE} FROM message WHERE id = :message", {"message": message_id}
    ).fetchall()
    return _with_files(connection, found)[0] if found else None


def load_attachment(connection: sqlite3.Connection, attachment_id: int) -> AttachmentRow | None:
    """Return what is known of one attachment, or None if there is none of this number."""
    found = connection.execute(
        f"SELECT {ATTACHMENT} FROM attachment WHERE id = :attachment",
        {"attachment": attachment_id},
    ).fetchone()
    return None if found is None else attachment_of(found)


def load_raw_key(connection: sqlite3.Connection, message_id: int) -> str | None:
    """Return the SHA-256 of a message as it came in or went out; empty where none was kept."""
    found = connection.execute(
        "SELECT raw_sha256 FROM message WHERE id = :message", {"message": message_id}
    ).fetchone()
    return None if found is None else str(found[0])


def load_events(
    connection: sqlite3.Connection, ticket_id: int, *, since: int | None, until: int | None
) -> tuple[EventRow, ...]:
    """Return the shown events of a ticket, oldest first.

    Args:
        connection: inside a read transaction.
        ticket_id: whose events.
        since: microseconds of the oldest moment; None goes back to the beginning.
        until: microseconds of the first moment that is left out; None leaves out nothing.
    """
    noise = ", ".join(f"'{kind}'" for kind in _NOISE)
    bounds = ("" if since is None else " AND at >= :since") + (
        "" if until is None else " AND at < :until"
    )
    found = connection.execute(
        "SELECT activity.id, at, kind, actor_kind, agent.name, before, after FROM activity"
        " LEFT JOIN agent ON agent.id = activity.agent_id"
        f" WHERE ticket_id = :ticket AND kind NOT IN ({noise})"
        " AND (kind NOT LIKE 'message.%' OR kind = 'message.unscheduled')"
        f"{bounds} ORDER BY activity.id DESC LIMIT :limit",
        {"ticket": ticket_id, "since": since, "until": until, "limit": EVENT_LIMIT},
    ).fetchall()
    events = [_event(raw) for raw in reversed(found)]
    if any(event.kind == "ticket.team" for event in events):
        teams: dict[int, str] = dict(connection.execute("SELECT id, name FROM team").fetchall())
        events = [_with_team(event, teams) for event in events]
    return tuple(events)


def _with_team(event: EventRow, teams: Mapping[int, str]) -> EventRow:
    """Return an event with the name of the team it gave a ticket to; the log holds its id."""
    team_id = event.after.get("team_id")
    name = teams.get(team_id) if isinstance(team_id, int) else None
    return event if name is None else replace(event, after={**event.after, "team": name})


def _event(raw: tuple[Any, ...]) -> EventRow:
    return EventRow(
        id=raw[0],
        at=from_us(raw[1]),
        kind=raw[2],
        actor_kind=raw[3],
        actor_name=raw[4] or "",
        before=json.loads(raw[5]),
        after=json.loads(raw[6]),
    )


def _with_files(
    connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]]
) -> tuple[MessageRow, ...]:
    files: dict[int, list[AttachmentRow]] = {}
    if found:
        marks = ",".join([str(raw[0]) for raw in found])
        for message, *raw in connection.execute(
            f"SELECT message_id, {ATTACHMENT} FROM attachment WHERE message_id IN ({marks})"
            " ORDER BY id"
        ):
            files.setdefault(message, []).append(attachment_of(raw))
    links = _short_links(connection, found)
    return tuple([_message(raw, files.get(raw[0], ()), links.get(raw[0], ())) for raw in found])


def _short_links(
    connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]]
) -> Mapping[int, Sequence[ShortLinkRow]]:
    """Return the short links of those messages that may have some."""
    ours = [
        raw[0] for raw in found
        if raw[2] == "outbound" and "://" in raw[7] and raw[3] in CHANNELS
        and CHANNELS[raw[3]].is_messaging
    ]  # fmt: skip
    return load_followed(connection, ours) if ours else {}


def attachment_of(raw: Sequence[Any]) -> AttachmentRow:
    """Return an attachment by its columns."""
    return AttachmentRow(
        id=raw[0],
        filename=raw[1],
        content_type=raw[2],
        size=raw[3],
        sha256=raw[4],
        inline=raw[5] == 1,
        state=FileState(raw[6]),
        error_code=raw[7],
        is_remote=raw[8] == 1,
    )


def _message(
    raw: tuple[Any, ...], files: Sequence[AttachmentRow], links: Sequence[ShortLinkRow]
) -> MessageRow:
    return MessageRow(
        id=raw[0],
        ticket_id=raw[1],
        direction=Direction(raw[2]),
        channel=raw[3],
        author_kind=AuthorKind(raw[4]),
        author_name=raw[5],
        sender=raw[6],
        text=raw[7],
        folds=unpacked_folds(raw[8]),
        has_html=raw[9] == 1,
        sent_at=from_us(raw[10]),
        received_at=from_us(raw[11]),
        delivery=Delivery(raw[12]),
        error_code=raw[13],
        error_text=raw[14],
        due_at=None if raw[15] is None else from_us(raw[15]),
        automatic=raw[16] == 1,
        external_id=raw[17],
        to=_texts(raw[18]),
        cc=_texts(raw[19]),
        flags=tuple(raw[20].split()),
        links=_pairs(raw[21]),
        attachments=tuple(files),
        notices=unpacked_notices(raw[22]),
        bcc=_texts(raw[23]),
        template=str(json.loads(raw[24])["name"]) if raw[24] else "",
        attributed_to=raw[25] or "",
        short_links=tuple(links),
    )


def _texts(packed: str) -> tuple[str, ...]:
    return () if packed == "[]" else tuple(json.loads(packed))


def _pairs(packed: str) -> tuple[tuple[str, str], ...]:
    if packed == "[]":
        return ()
    return tuple([(address, host) for address, host in json.loads(packed)])
