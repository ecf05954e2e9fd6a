"""The files of a whole ticket."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.db.reads.thread import ATTACHMENT, attachment_of
from helpdesk_tui.domain.media.shelf import ShelvedFile
from helpdesk_tui.domain.messages import Direction
from helpdesk_tui.domain.times import from_us

_AHEAD = 4


def load_files(connection: sqlite3.Connection, ticket_id: int, limit: int) -> list[ShelvedFile]:
    """Return the newest files that somebody chose to send in a ticket, newest first."""
    found = connection.execute(
        "SELECT message.id, message.direction, message.author_name, message.received_at,"
        f" {ATTACHMENT} FROM attachment JOIN message ON message.id = attachment.message_id"
        " WHERE message.ticket_id = :ticket AND attachment.inline = 0"
        " ORDER BY message.received_at DESC, message.id DESC, attachment.id LIMIT :limit",
        {"ticket": ticket_id, "limit": limit},
    ).fetchall()
    return [
        ShelvedFile(attachment_of(raw[_AHEAD:]), raw[0], Direction(raw[1]), raw[2], from_us(raw[3]))
        for raw in found
    ]
