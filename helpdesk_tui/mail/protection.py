"""Signed and encrypted mail (S/MIME, OpenPGP), shown for what it is; nothing is checked or opened.

What is merely wrapped into a signature (RFC 8551 signed-data) is unwrapped, so that it can be read.
"""

from __future__ import annotations

from helpdesk_tui.domain.mail import MailAttachment, Notice, NoticeKind
from helpdesk_tui.mail.headers import split_head
from helpdesk_tui.mail.mime import MAX_PARTS, Part, decoded, file_name, split_parts

MAX_WRAPS = 3
"""Signatures around signatures that are unwrapped."""
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_UNKNOWN = "application/octet-stream"
_SMIME_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_PGP_SIGNATURE = "application/pgp-signature"
_PGP_PARTS = ("application/pgp-encrypted", _PGP_SIGNATURE, "application/pgp-keys")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_ENVELOPED = (bytes.fromhex("06092a864886f70d010703"),
              bytes.fromhex("060b2a864886f70d0109100117"))  # fmt: skip
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SEQUENCE, _SET, _INTEGER, _OID, _OCTETS = 0x30, 0x31, 0x02, 0x06, 0x04
_IN_OCTETS, _CONTEXT = 0x24, 0xA0
_INDEFINITE = -1
_MAX_STEPS = 100_000
_MAX_HEAD = 65_536


def is_technical(file: MailAttachment) -> bool:
    """Tell whether a file only protects a mail, or holds what is shown as the mail already."""
    if file.content_type in (*_SMIME_SIGNATURES, *_PGP_PARTS):
        return True
    name = file.filename.lower()
    if file.content_type in _SMIME or name.endswith((".p7m", ".p7s")):
        return name.endswith(".p7s") or _is_mail(signed_content(file.data))
    return False


def _is_mail(content: bytes) -> bool:
    """Tell whether what a signature is wrapped around is a mail; people sign documents too."""
    head = content[:_MAX_HEAD]
    return b"content-type" in split_head(head, 0, len(head), [])[0]


def unwrapped(parts: tuple[Part, ...], defects: list[str]) -> tuple[Part, ...]:
    """Return the parts of a mail, each S/MIME one followed by the parts it is wrapped around."""
    if not any(_is_smime(part) for part in parts):
        return parts
    out: list[Part] = []
    todo = [(part, 0) for part in reversed(parts)]
    while todo:
        part, depth = todo.pop()
        inner: tuple[Part, ...] = ()
        if depth < MAX_WRAPS and _is_smime(part):
            content = signed_content(decoded(part, defects))
            if content:
                inner = _parts_of(content, part, defects)
        if len(out) + len(todo) + len(inner) > MAX_PARTS:
            defects.append("too-many-parts")
            inner = ()
        out.append(part)
        todo.extend((each, depth + 1) for each in reversed(inner))
    return tuple(out)


def _is_smime(part: Part) -> bool:
    """Tell an S/MIME part by its type, or by the name its type was lost of (RFC 8551, 3.2.1)."""
    if part.kind in _SMIME:
        return True
    return part.kind == _UNKNOWN and file_name(part).lower().endswith((".p7m", ".p7s"))


def _parts_of(content: bytes, outer: Part, defects: list[str]) -> tuple[Part, ...]:
    """Return the parts of a mail's content; its alternatives are none of the outer mail's."""
    if not _is_mail(content):
        return ()
    headers, body = split_head(content, 0, len(content), defects)
    parts, _ = split_parts(content, headers, body, defects)
    shift = 2 * MAX_PARTS * (1 + outer.alternative)
    return tuple(
        part._replace(
            is_root=part.is_root and outer.is_root,
            alternative=outer.alternative or (part.alternative and part.alternative + shift),
        )
        for part in parts
    )


def protection_of(parts: tuple[Part, ...], text: str) -> tuple[Notice, ...]:
    """Return what protects a mail or a part of it, each way once."""
    found: dict[tuple[NoticeKind, str], None] = {}
    for part in parts:
        way = _way_of(part)
        if way is not None:
            found.setdefault(way)
    if "-----BEGIN PGP " in text:
        if _PGP_MESSAGE in text:
            found.setdefault((NoticeKind.ENCRYPTED, "pgp"))
        if _PGP_SIGNED in text:
            found.setdefault((NoticeKind.SIGNED, "pgp"))
    return tuple(Notice(kind, (("scheme", scheme),)) for kind, scheme in found)


def _way_of(part: Part) -> tuple[NoticeKind, str] | None:
    if not part.kind.startswith("application/"):
        return None
    if part.kind in _SMIME_SIGNATURES:
        return NoticeKind.SIGNED, "smime"
    if part.kind == _PGP_SIGNATURE:
        return NoticeKind.SIGNED, "pgp"
    if part.kind == "application/pgp-encrypted":
        return NoticeKind.ENCRYPTED, "pgp"
    return _smime_way(part) if _is_smime(part) else None


def _smime_way(part: Part) -> tuple[NoticeKind, str] | None:
    """Tell by its own label what an S/MIME part is, else by its first bytes."""
    label = part.params.get("smime-type", "").lower()
    if file_name(part).lower().endswith(".p7s"):
        return NoticeKind.SIGNED, "smime"
    if label in ("enveloped-data", "authenveloped-data"):
        return NoticeKind.ENCRYPTED, "smime"
    head = decoded(part._replace(body=part.body[:400]), [])[:60]
    if label == "signed-data" or (_SIGNED_DATA in head and label != "certs-only"):
        is_mail = part.is_root or _is_mail(signed_content(decoded(part, [])))
        return (NoticeKind.SIGNED, "smime") if is_mail else None
    if any(kind in head for kind in _ENVELOPED):
        return NoticeKind.ENCRYPTED, "smime"
    return None


class _DerError(ValueError):
    """Bytes that are no ASN.1, or not the structure that was looked for."""


def signed_content(data: bytes) -> bytes:
    """Return what a CMS signed-data structure (RFC 5652) is wrapped around; nothing if none."""
    try:
        return _content(data)
    except _DerError:
        return b""


def _content(data: bytes) -> bytes:
    at, end = _enter(data, 0, len(data), _SEQUENCE)
    at = _after(data, at, end, _OID)
    if not data[: at + 1].count(_SIGNED_DATA):
        raise _DerError
    at, end = _enter(data, at, end, _CONTEXT)
    at, end = _enter(data, at, end, _SEQUENCE)
    at = _after(data, _after(data, at, end, _INTEGER), end, _SET)
    at, end = _enter(data, at, end, _SEQUENCE)
    at = _after(data, at, end, _OID)
    at, end = _enter(data, at, end, _CONTEXT)
    return _octets(data, at, end)


def _head(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Return tag, start and length of the value at a place."""
    if at + 2 > end:
        raise _DerError
    tag, size = data[at], data[at + 1]
    at += 2
    if tag & 0x1F == 0x1F:
        raise _DerError  # tags of several bytes do not occur here
    if size < 0x80:
        return tag, at, size
    if size == 0x80:
        return tag, at, _INDEFINITE
    count = size & 0x7F
    if count > 4 or at + count > end:
        raise _DerError
    return tag, at + count, int.from_bytes(data[at : at + count], "big")


def _enter(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    """Return the range inside a value; one of no stated length may reach to the outer end."""
    tag, start, length = _head(data, at, end)
    if tag != wanted:
        raise _DerError
    return start, end if length == _INDEFINITE else min(end, start + length)


def _after(data: bytes, at: int, end: int, wanted: int) -> int:
    """Return where the value behind the one at a place begins."""
    tag, start, length = _head(data, at, end)
    if tag != wanted:
        raise _DerError
    if length != _INDEFINITE:
        return start + length
    open_values = 1
    at = start
    for _ in range(_MAX_STEPS):
        tag, start, length = _head(data, at, end)
        if tag == 0 and length == 0:
            open_values -= 1
            at = start
            if open_values == 0:
                return at
        elif length == _INDEFINITE:
            open_values += 1
            at = start
        else:
            at = start + length
    raise _DerError


def _octets(data: bytes, at: int, end: int) -> bytes:
    """Return a string of octets, which long ones are cut into pieces for."""
    tag, start, length = _head(data, at, end)
    if tag == _OCTETS and length != _INDEFINITE:
        return data[start : min(end, start + length)]
    if tag != _IN_OCTETS:
        raise _DerError
    at, end = start, end if length == _INDEFINITE else min(end, start + length)
    pieces: list[bytes] = []
    for _ in range(_MAX_STEPS):
        if at >= end:
            break
        tag, start, length = _head(data, at, end)
        if tag != _OCTETS or length == _INDEFINITE:
            break
        pieces.append(data[start : min(end, start + length)])
        at = start + length
    return b"".join(pieces)
