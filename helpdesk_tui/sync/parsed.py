"""What the parser process hands back for one mail: all that storing it needs, ready to write."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from helpdesk_tui.db.blobs import ROW_LIMIT, Packed, compressed, pack
from helpdesk_tui.domain.mail import MailAttachment, ParsedMail
from helpdesk_tui.domain.received import searched

_DENSE = ("image/jpeg", "image/png", "image/webp", "image/heic", "video/", "audio/",
          "application/zip", "application/gzip")  # fmt: skip
"""Kinds of files that are compressed already."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed mail with its bytes packed for the blob table."""

    mail: ParsedMail
    """The attachments' ``data`` is empty here: their bytes are in ``blobs``."""
    raw_sha256: str
    raw_size: int
    raw_codec: str
    """``zlib``, or ``plain`` for a mail so large that it becomes a file."""
    raw_packed: bytes
    blobs: tuple[Packed, ...]
    """The attachments, in the order of ``mail.attachments``."""
    searched: tuple[str, str, str]
    """Subject, text and file names as the search index sees them."""

    @property
    def raw(self) -> Packed:
        """The mail's own bytes in the form in which the blob table takes them."""
        return self.raw_sha256, self.raw_size, self.raw_codec, self.raw_packed


def _packed(attachment: MailAttachment) -> Packed:
    if attachment.content_type.startswith(_DENSE):
        return attachment.sha256, attachment.size, "plain", attachment.data
    return pack(attachment.sha256, attachment.data)


def packed_mail(raw: bytes, mail: ParsedMail) -> Parsed:
    """Return a parsed mail together with its packed bytes."""
    large = len(raw) > ROW_LIMIT
    return Parsed(
        mail=replace(mail, attachments=tuple(replace(a, data=b"") for a in mail.attachments))
        if mail.attachments
        else mail,
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        raw_size=len(raw),
        raw_codec="plain" if large else "zlib",
        raw_packed=raw if large else compressed(raw),
        blobs=tuple(_packed(attachment) for attachment in mail.attachments),
        searched=searched(mail),
    )
