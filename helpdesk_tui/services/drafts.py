"""Drafts: unsent text and files, saved while they are typed."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as rows
from helpdesk_tui.db.blobs import Packed, pack, put_blobs
from helpdesk_tui.db.drafts import DraftKey, StoredFile
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.filenames import safe_name
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import AttachmentRow, Draft, DraftKind
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.media.outgoing import cleaned

if TYPE_CHECKING:
    import sqlite3

_MOST_TO_SHRINK = 30_000_000
"""Bytes of a picture in a draft that can still be made smaller."""
BETWEEN = "\n\n* * *\n\n"
"""Stands between what is being written and what came to the draft from elsewhere."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,100}")


@dataclass(frozen=True, slots=True)
class ReadyFiles:
    """Files made ready for the store outside of any transaction."""

    rows: tuple[StoredFile, ...] = ()
    """(name, content type, size, SHA-256)."""
    blobs: tuple[Packed, ...] = ()

    @property
    def sizes(self) -> list[tuple[str, int]]:
        """Return (name, size) of each."""
        return [(row[0], row[2]) for row in self.rows]


def ready(files: Sequence[OutgoingFile]) -> ReadyFiles:
    """Hash, name and pack files; their bytes are stored with ``put_blobs``."""
    rows: list[StoredFile] = []
    blobs: list[Packed] = []
    for file in files:
        sha256 = hashlib.sha256(file.data).hexdigest()
        name = safe_name(file.filename.replace("\\", "/").rpartition("/")[2])
        rows.append((name, file_type(name, file.content_type), len(file.data), sha256))
        blobs.append(pack(sha256, file.data))
    return ReadyFiles(tuple(rows), tuple(blobs))


def file_type(name: str, given: str = "") -> str:
    """Return the content type of a file: the given one if it is any, else by its name."""
    if _TYPE.fullmatch(given):
        return given
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def check_sizes(channel: str, sizes: Sequence[tuple[str, int]]) -> None:
    """Refuse files that the channel cannot carry together.

    Raises:
        UsageError: ``attachment.too-large`` with the numbers.
    """
    limit = CHANNELS[channel].attachment_limit
    total = sum(size for _, size in sizes)
    if total > limit:
        raise UsageError(
            "attachment.too-large", name=sizes[-1][0], size=total, limit=limit, channel=channel
        )


def check_count(channel: str, count: int) -> None:
    """Refuse more files than one message of the channel carries.

    Raises:
        UsageError: ``attachment.too-many`` with the numbers.
    """
    limit = CHANNELS[channel].files_limit
    if 0 < limit < count:
        raise UsageError("attachment.too-many", count=count, limit=limit, channel=channel)


class Drafts:
    """The drafts of one agent; every call blocks.

    Raises:
        NotAllowed: ``agent.missing`` if no agent acts.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def _key(self, ticket_id: int, kind: DraftKind) -> DraftKey:
        if self._actor.agent_id is None:
            raise NotAllowed("agent.missing")
        return DraftKey(ticket_id, self._actor.agent_id, DraftKind(kind))

    def load(self, ticket_id: int, kind: DraftKind) -> Draft | None:
        """Return this agent's draft in a ticket, or None."""
        key = self._key(ticket_id, kind)
        with self._store.read() as connection:
            return rows.load_draft(connection, key)

    def save(self, ticket_id: int, kind: DraftKind, text: str, *, base: str | None = None) -> str:
        """Keep the text as it is now; without text and files the draft goes away.

        Args:
            ticket_id: The ticket.
            kind: Which draft.
            text: What is written.
            base: What the draft was when it was read or saved last; what came to it since from
                elsewhere then stays, below the text. None: nobody else writes here.

        Returns:
            What stands in the store below the text.

        Raises:
            NotFound: ``ticket.missing``.
        """
        key = self._key(ticket_id, kind)
        with self._store.write() as connection:
            self._check_ticket(connection, ticket_id)
            stored = rows.load_draft(connection, key) if base is not None else None
            added = _added(base or "", stored.text, text) if stored is not None else ""
            rows.save_draft(connection, key, f"{text}{added}", self._now())
        return added

    def discard(self, ticket_id: int, kind: DraftKind) -> None:
        """Throw a draft away, files included."""
        key = self._key(ticket_id, kind)
        with self._store.write() as connection:
            rows.delete_draft(connection, key)

    def restore(self, draft: Draft) -> None:
        """Bring back a draft that was thrown away; what was begun since stays above it.

        Raises:
            NotFound: ``ticket.missing``.
        """
        key = self._key(draft.ticket_id, draft.kind)
        files = [(file.filename, file.content_type, file.size, file.sha256) for file in draft.files]
        with self._store.write() as connection:
            self._check_ticket(connection, draft.ticket_id)
            since = rows.load_draft(connection, key)
            typed = since.text if since is not None else ""
            text = f"{typed}{BETWEEN}{draft.text}" if typed.strip() else draft.text
            rows.add_files(connection, key, files)
            rows.save_draft(connection, key, text, self._now())
            rows.save_macros(connection, key, draft.macros)

    def attach(
        self, ticket_id: int, kind: DraftKind, name: str, data: bytes, content_type: str = ""
    ) -> AttachmentRow:
        """Add a file to a draft, making the draft if need be.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: ``attachment.too-large``, or ``attachment.too-many`` in a reply.
        """
        key = self._key(ticket_id, kind)
        file = ready(cleaned(self._store, [OutgoingFile(name, content_type, data)]))
        with self._store.write() as connection:
            channel = self._check_ticket(connection, ticket_id)
            there = [
                (each.filename, each.content_type, each.size, each.sha256)
                for each in rows.load_files(connection, key)
            ]
            if not _may_shrink(channel, file.rows[0]):
                rest = [each for each in there if not _may_shrink(channel, each)]
                check_sizes(channel, [(each[0], each[2]) for each in (*rest, *file.rows)])
            if kind is not DraftKind.NOTE:
                check_count(channel, len(there) + 1)
            put_blobs(connection, self._store.paths, file.blobs)
            draft = rows.load_draft(connection, key)
            file_id = rows.add_files(connection, key, file.rows)[0]
            rows.save_draft(connection, key, draft.text if draft else "", self._now())
        filename, found_type, size, sha256 = file.rows[0]
        return AttachmentRow(file_id, filename, found_type, size, sha256, inline=False)

    def detach(self, file_id: int) -> None:
        """Take a file off its draft.

        Raises:
            NotFound: ``attachment.missing`` if it is not in a draft of this agent.
        """
        agent = self._key(0, DraftKind.REPLY).agent_id
        with self._store.write() as connection:
            key = rows.delete_file(connection, file_id, agent)
            if key is None:
                raise NotFound("attachment.missing", id=file_id)
            draft = rows.load_draft(connection, key)
            rows.save_draft(connection, key, draft.text if draft else "", self._now())

    def all(self) -> list[tuple[Draft, TicketRow]]:
        """Return this agent's drafts with their tickets, newest first."""
        agent = self._key(0, DraftKind.REPLY).agent_id
        with self._store.read() as connection:
            drafts = [
                draft
                for key in rows.load_keys(connection, agent)
                if (draft := rows.load_draft(connection, key)) is not None
            ]
            ids = list({draft.ticket_id for draft in drafts})
            tickets = {row.id: row for row in rows.load_tickets(connection, ids, agent)}
        return [(draft, tickets[draft.ticket_id]) for draft in drafts]

    @staticmethod
    def _check_ticket(connection: sqlite3.Connection, ticket_id: int) -> str:
        channel = rows.channel_of(connection, ticket_id)
        if channel is None:
            raise NotFound("ticket.missing", id=ticket_id)
        return channel


def _may_shrink(channel: str, file: StoredFile) -> bool:
    """Tell whether a file that is too large to be sent can be made small enough in its draft."""
    is_picture = file[1].startswith("image/") and file[2] <= _MOST_TO_SHRINK
    return is_picture and CHANNELS[channel].is_messaging


def _added(base: str, stored: str, text: str) -> str:
    """Return what has come to a draft since it was ``base`` and is not in the new text."""
    if stored == base or not stored.strip() or stored in text:
        return ""
    if base and stored.startswith(base):
        more = stored[len(base) :]
        return "" if more in text else more
    return f"{BETWEEN}{stored}" if text.strip() else stored
