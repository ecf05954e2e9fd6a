"""Values that travel with received mail: where it came from, its bytes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.text import fold

Packed = tuple[str, int, str, bytes]
"""Bytes to keep: (SHA-256, size unpacked, codec ``plain`` or ``zlib``, as packed)."""


@dataclass(frozen=True, slots=True)
class Received:
    """One received mail, parsed, with the bytes to keep of it."""

    parsed: ParsedMail
    raw_sha256: str
    raw_size: int
    blobs: tuple[Packed, ...]
    """The raw mail and its attachments."""
    uid: int
    """Its place in the folder; 0 where the source has none."""
    received_at: datetime
    """When the mail server got it: what lists and threads are ordered by."""
    searched: tuple[str, str, str] | None = None
    """What :func:`searched` says of the mail, where that was asked before storing."""


def searched(mail: ParsedMail) -> tuple[str, str, str]:
    """Return subject, text and file names of a mail as the search index sees them."""
    names = " ".join([file.filename for file in mail.attachments])
    return fold(mail.subject), fold(mail.text), fold(names)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a batch comes from."""

    account_id: int | None = None
    address: str = ""
    """The mailbox's own address: the recipient where a mail names no support address."""
    folder: str = ""
    """With an account: the cursor of this folder moves with the batch."""
    validity: int = 0
    position: int = 0
    """The cursor is moved at least this far, also when the batch holds no mail of that place."""
    history: bool = False
    """Old mail: its messages get ids below those of live ones."""
    expected: int = 0
    """History: how many mails are to come in all, for the block of ids."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of received mails: each counts once in ``seen`` and in one other field."""

    seen: int = 0
    tickets: int = 0
    messages: int = 0
    duplicates: int = 0
    rejected: int = 0
    automatic: int = 0
    bounces: int = 0
    failed: int = 0

    def __add__(self, other: Summary) -> Summary:
        return Summary(**{
            part.name: getattr(self, part.name) + getattr(other, part.name)
            for part in fields(Summary)
        })  # fmt: skip
