"""Attachments: what counts as one, its label, its bytes and their hash."""

from __future__ import annotations

import hashlib
import re

from helpdesk_tui.domain.mail import MailAttachment
from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.mime import Part, decoded, file_name
from helpdesk_tui.mail.words import header_text

MAX_LABEL = 200
UNKNOWN = "application/octet-stream"
_MAX_SUFFIX = 20
_SEPARATORS = re.compile(r"[/\\\uff0f\uff3c\u2044\u2215\u29f8\u29f5]")
_HEAD = 65_536
_HEAD_END = re.compile(rb"\n\r?\n")
_SUBJECT = re.compile(rb"\n[^:]+:[ \t]*((?:[^\r\n]++|\r?\n[ \t])*+)")
_FOLDED = re.compile(rb"\r?\n")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,100}")
_TEXTS = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html",
          "text/watch-html", "message/delivery-status", "text/rfc822-headers")  # fmt: skip
_FOR_MACHINES = ("text/x-amp-html", "text/watch-html", "message/delivery-status",
                 "text/rfc822-headers")  # fmt: skip
_NAMED_ID = re.compile(r"[^@\s]{1,100}\.[^@\s]{1,20}(?=@)")


def label_of(name: str) -> str:
    """Return the label of a file: the last component of its name, one harmless short line."""
    last = _SEPARATORS.split(clean(name))[-1]
    label = " ".join(last.split())
    if label.strip(". ") == "":
        return ""
    if len(label) <= MAX_LABEL:
        return label
    stem, dot, suffix = label.rpartition(".")
    if not dot or len(suffix) > _MAX_SUFFIX:
        return label[:MAX_LABEL]
    return f"{stem[: MAX_LABEL - len(suffix) - 1]}.{suffix}"


def kind_of(name: str) -> str:
    """Return a media type as it is safe to keep: itself, or the one that says nothing."""
    return name if _TYPE.fullmatch(name) else UNKNOWN


def is_text_body(part: Part) -> bool:
    """Tell whether a part is shown as (part of) the message rather than kept as a file."""
    if part.kind not in _TEXTS:
        return part.is_root and part.kind.startswith("text/") and not part.disposition
    if part.is_root:
        return not (part.disposition == "attachment" and file_name(part))
    if part.disposition == "attachment":
        return False
    if part.kind.startswith("message/") or part.kind == "text/rfc822-headers":
        return True
    return not file_name(part)


def readable(parts: list[Part]) -> list[Part]:
    """Leave out what machines read, if there is text for people beside it."""
    texts = [part for part in parts if part.kind not in _FOR_MACHINES]
    return texts or parts


def content_id(part: Part) -> str:
    """Return the Content-ID of a part without its brackets."""
    value = part.headers.first(b"content-id")
    return clean(header_text(value[:1000])).strip(" <>") if value else ""


def attachment_of(part: Part, defects: list[str], *, referenced: bool) -> MailAttachment:
    """Return the attachment that a part is.

    Args:
        part: A leaf part that is no body.
        defects: Takes the codes of what was wrong with it.
        referenced: Whether the HTML body shows it by its Content-ID.
    """
    data = decoded(part, defects)
    kind = kind_of(part.kind)
    label = label_of(file_name(part))
    if kind == "message/rfc822" and not label:
        label = _mail_label(data)
    cid = content_id(part)
    if not label and (named := _NAMED_ID.match(cid)):
        # mail programs make the id of a picture from its file name
        label = label_of(named[0])
    inline = bool(cid) and (part.disposition == "inline" or referenced)
    return MailAttachment(
        filename=label,
        content_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        inline=inline,
        content_id=cid,
        data=data,
    )


def canonical_hash(part: Part, attachment: MailAttachment) -> str:
    """Return a hash of a file that does not change with the line ends a transport makes."""
    encoding = part.headers.first(b"content-transfer-encoding").lower()
    if encoding.startswith(b"base64"):
        return attachment.sha256
    data = attachment.data.replace(b"\r\n", b"\n").rstrip(b"\n")
    if len(data) == attachment.size:
        return attachment.sha256
    return hashlib.sha256(data).hexdigest()


def _mail_label(data: bytes) -> str:
    """Name an attached mail after its subject."""
    head = _HEAD_END.split(b"\n" + data[:_HEAD].lstrip(), 1)[0]
    at = head.lower().find(b"\nsubject:")
    found = _SUBJECT.match(head, at) if at >= 0 else None
    subject = header_text(_FOLDED.sub(b"", found[1])[:2000]).strip() if found else ""
    subject = label_of(_SEPARATORS.sub("-", subject))
    return f"{subject[: MAX_LABEL - 4].rstrip() or 'message'}.eml"
