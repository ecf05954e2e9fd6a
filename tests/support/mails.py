"""Parsed and received mails for tests, made by hand or from bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from helpdesk_tui.db.blobs import pack
from helpdesk_tui.domain.mail import Address, MailAttachment, MailClass, ParsedMail
from helpdesk_tui.domain.received import Received
from helpdesk_tui.mail.parse import content_hash, parse_mail

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""When mails come in unless a test says otherwise."""


def people(*addresses: str) -> tuple[Address, ...]:
    """Return addresses without names."""
    return tuple(Address("", address) for address in addresses)


def make_mail(sender: str = "lena@example.net", **fields: Any) -> ParsedMail:
    """Return a parsed mail to support; ``to``, ``cc`` and ``reply_to`` may be plain addresses."""
    for name in ("to", "cc", "reply_to"):
        if name in fields:
            given = fields[name]
            fields[name] = people(*([given] if isinstance(given, str) else given))
    for name in ("references", "in_reply_to"):
        if isinstance(fields.get(name), str):
            fields[name] = tuple(fields[name].split())
    name = fields.pop("name", sender.partition("@")[0].title())
    values: dict[str, Any] = {
        "message_id": "", "in_reply_to": (), "references": (), "sender": Address(name, sender),
        "reply_to": (), "to": people("support@shop.example"), "cc": (), "delivered_to": (),
        "original_senders": (), "date": AT, "subject": "Where is my parcel?",
        "text": "Hello, where is my parcel?", "folds": (), "has_html": False, "links": (),
        "attachments": (), "mail_class": MailClass.HUMAN, "bounce": None, "auth": None,
        "instance": "", "markers": (), "is_forward": False, "evidence": (), "defects": (),
        **fields,
    }  # fmt: skip
    if "content_hash" not in values:
        values["content_hash"] = content_hash(
            sender, values["date"], values["subject"], values["text"],
            tuple(file.sha256 for file in values["attachments"]),
        )  # fmt: skip
    return ParsedMail(**values)


def make_file(name: str = "label.pdf", data: bytes = b"%PDF-1.4", **fields: Any) -> MailAttachment:
    """Return an attachment."""
    values: dict[str, Any] = {
        "content_type": "application/pdf", "inline": False, "content_id": "", **fields,
    }  # fmt: skip
    digest = hashlib.sha256(data).hexdigest()
    return MailAttachment(filename=name, size=len(data), sha256=digest, data=data, **values)


def receive(mail: ParsedMail, *, uid: int = 0, at: datetime = AT) -> Received:
    """Return a hand-made mail as it comes from a mailbox."""
    raw = f"{mail.message_id} {mail.content_hash}".encode("utf-8", "replace")
    digest = hashlib.sha256(raw).hexdigest()
    files = [pack(file.sha256, file.data) for file in mail.attachments]
    return Received(mail, digest, len(raw), (pack(digest, raw), *files), uid, at)


def receive_raw(raw: bytes, *, uid: int = 0, at: datetime = AT) -> Received:
    """Return the bytes of a mail as they come from a mailbox."""
    mail = parse_mail(raw)
    digest = hashlib.sha256(raw).hexdigest()
    files: Sequence[Any] = [pack(file.sha256, file.data) for file in mail.attachments]
    return Received(mail, digest, len(raw), (pack(digest, raw), *files), uid, at)
