"""Files and text on their way out: looked over, made smaller or blacked out before they leave."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as rows
from helpdesk_tui.db.blobs import get_blob, pack, put_blobs
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.db.reads.thread_words import (
    customers_among,
    load_known_addresses,
    load_words,
)
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.media.limits import Finding, findings_of, limits_of
from helpdesk_tui.domain.media.metadata import BrokenPicture, without_metadata
from helpdesk_tui.domain.media.personal_data import (
    PersonalData,
    addresses,
    personal_data,
    strange_addresses,
    without_known,
)
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.setting.media import asks_personal_data, removes_metadata, soft_limit

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.services.media.redacting import Redacted, Region
    from helpdesk_tui.services.media.shrinking import Shrunk

log = logging.getLogger(__name__)

_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class LookedOver:
    """What is to be known before a message is queued."""

    findings: tuple[Finding, ...]
    """About its files; refusals first."""
    personal: tuple[PersonalData, ...]
    """What in it looks like somebody's private data."""
    wants_words: bool
    """There are files and no text: a line of context would help."""

    @property
    def refusal(self) -> Finding | None:
        """Why it cannot be sent at all, if so."""
        return next((each for each in self.findings if each.is_refusal), None)


def cleaned(store: Store, files: Sequence[OutgoingFile]) -> list[OutgoingFile]:
    """Return files as they leave: pictures without metadata, unless the desk keeps it.

    What cannot be cleaned, as it is broken or of a rare type, leaves as it is.
    """
    if not any(_may_tell(file) for file in files):
        return list(files)
    with store.read() as connection:
        if not removes_metadata(load_desk_settings(connection)):
            return list(files)
    return [_cleaned(file) if _may_tell(file) else file for file in files]


class OutgoingMedia:
    """Looks over what an agent is about to send, and mends it; every call blocks."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def look_over(self, ticket_id: int, text: str, files: Sequence[AttachmentRow]) -> LookedOver:
        """Return what is to be known of a message before it is queued.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            settings = load_desk_settings(connection)
            channel = rows.channel_of(connection, ticket_id)
            if channel is None:
                raise NotFound("ticket.missing", id=ticket_id)
            info = load_messaging(connection, ticket_id)
            limits = limits_of(channel, info.provider if info is not None else "")
            personal: tuple[PersonalData, ...] = ()
            if asks_personal_data(settings):
                personal = _personal(connection, ticket_id, text, files)
        return LookedOver(
            findings_of(limits, files, soft_limit=soft_limit(settings)),
            personal,
            wants_words=bool(files) and not text.strip(),
        )

    def bytes_of(self, file: AttachmentRow) -> bytes:
        """Return the bytes of a file of a draft; raises NotFound ``blob.missing``."""
        with self._store.read() as connection:
            return get_blob(connection, self._store.paths, file.sha256)

    def shrink(self, files: Sequence[AttachmentRow], most: int) -> dict[int, Shrunk]:
        """Return the pictures among files made small enough that all fit together, by file id.

        Nothing is stored; pictures that are small enough are left out.

        Raises:
            UsageError: why it cannot be done, see :mod:`helpdesk_tui.services.media.shrinking`.
        """
        from helpdesk_tui.services.media.shrinking import shares, shrink

        pictures = [file for file in files if file.content_type.lower().startswith("image/")]
        if not pictures:
            raise UsageError("media.cannot-shrink", limit=most)
        rest = sum(file.size for file in files) - sum(file.size for file in pictures)
        rooms = shares([file.size for file in pictures], rest, most)
        return {
            file.id: shrink(self.bytes_of(file), room)
            for file, room in zip(pictures, rooms, strict=True)
            if room < file.size
        }

    def redact(self, file: AttachmentRow, regions: Sequence[Region]) -> Redacted:
        """Return a picture with regions blacked out; nothing is stored.

        Raises:
            UsageError: why it cannot be done, see :mod:`helpdesk_tui.services.media.redacting`.
        """
        from helpdesk_tui.services.media.redacting import redact

        return redact(self.bytes_of(file), regions)

    def put(self, file: AttachmentRow, data: bytes, content_type: str) -> AttachmentRow:
        """Let a file of the agent's draft have other bytes; the former ones stay in the store.

        Raises:
            NotFound: ``attachment.missing`` if it is not in a draft of this agent.
        """
        name = _named(file.filename, content_type)
        sha256 = hashlib.sha256(data).hexdigest()
        changed = replace(
            file, filename=name, content_type=content_type, size=len(data), sha256=sha256
        )
        with self._store.write() as connection:
            put_blobs(connection, self._store.paths, [pack(sha256, data)])
            self._change(connection, changed)
        return changed

    def put_back(self, file: AttachmentRow) -> AttachmentRow:
        """Give a file of a draft the bytes again that it had before.

        Args:
            file: The file as it was.

        Raises:
            NotFound: ``attachment.missing`` if it is not in a draft of this agent.
        """
        with self._store.write() as connection:
            self._change(connection, file)
        return file

    def _change(self, connection: sqlite3.Connection, file: AttachmentRow) -> None:
        if self._actor.agent_id is None:
            raise NotAllowed("agent.missing")
        if not rows.change_file(connection, file, self._actor.agent_id):
            raise NotFound("attachment.missing", id=file.id)

    def files(self, ticket_id: int, kind: DraftKind) -> tuple[AttachmentRow, ...]:
        """Return the files of the agent's draft."""
        key = DraftKey(ticket_id, self._actor.agent_id or 0, kind)
        with self._store.read() as connection:
            return rows.load_files(connection, key)


def _personal(
    connection: sqlite3.Connection, ticket_id: int, text: str, files: Sequence[AttachmentRow]
) -> tuple[PersonalData, ...]:
    places = [(text, ""), *((file.filename, file.filename) for file in files)]
    found = [each for written, where in places for each in personal_data(written, where)]
    named = {address for written, _ in places for address, _, _ in addresses(written)}
    if named:
        others = customers_among(connection, sorted(named))
        known = load_known_addresses(connection, ticket_id) if others else frozenset()
        for written, where in places:
            found += strange_addresses(written, known, others, where)
    if not found:
        return ()
    return without_known(found, load_words(connection, ticket_id))


def _may_tell(file: OutgoingFile) -> bool:
    return (
        file.data[:4] in (b"\x89PNG", b"RIFF", b"GIF8")
        or file.data[:3] == b"\xff\xd8\xff"
        or file.data[4:8] == b"ftyp"
    )


def _cleaned(file: OutgoingFile) -> OutgoingFile:
    from helpdesk_tui.domain.media.sniffing import content_type

    kind = content_type(file.data[:_HEAD], file.filename)
    try:
        data = without_metadata(file.data, kind)
    except BrokenPicture:
        log.info("a picture to be sent is broken and leaves as it is")
        return file
    if data is None or data is file.data:
        return file
    return replace(file, data=data)


def _named(name: str, content_type: str) -> str:
    """Return the name of a picture that has become one of another type."""
    ending = {"image/jpeg": ".jpg", "image/png": ".png"}.get(content_type, "")
    path = PurePosixPath(name)
    fits = {".jpg": (".jpg", ".jpeg"), ".png": (".png",)}.get(ending, ())
    if not ending or path.suffix.lower() in fits:
        return name
    return f"{path.stem}{ending}"
