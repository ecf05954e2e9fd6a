"""The bytes of an outgoing mail: the same value always gives the same bytes.

Built line by line rather than by the standard generator, which draws random boundaries and turns
long message ids into encoded words. Nothing of the value can add a header line: addresses with
line breaks are refused, subjects and names become one line, ids of no valid form are left out.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from datetime import UTC
from email.utils import format_datetime

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.mail import Address, OutgoingFile, OutgoingMail
from helpdesk_tui.domain.pictures import KINDS
from helpdesk_tui.mail.text_part import text_part

MAX_REFERENCES = 20
_MAX_LINE = 76
_WORD_BYTES = 42
"""Bytes of text in one encoded word, so that it stays below 75 characters."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ADDR = re.compile(
    r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|\"[ !#-\[\]-~]{1,62}\")@([^\s@<>\"]+)"
)
_DOMAIN = re.compile(r"\[[0-9A-Za-z:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_ID = re.compile(r"[!-;=?-~]{1,994}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,100}")
_MAX_SIMPLE = 60
_ODD = re.compile(r'["\\]|=\?')
"""What a quoted name would have to escape, or what would be read as an encoded word."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def compose_mail(mail: OutgoingMail) -> bytes:
    """Return the finished message: CRLF, no line over 998 characters, 7-bit clean.

    Raises:
        UsageError: An address is none (``bad-address``), there is no recipient
            (``no-recipient``), or the message id has no valid form (``bad-message-id``).
    """
    if not mail.to and not mail.cc:
        raise UsageError("no-recipient")
    if not _ID.fullmatch(mail.message_id) or "@" not in mail.message_id:
        raise UsageError("bad-message-id", id=_one_line(mail.message_id)[:80])
    content = _content(mail)
    return b"\r\n".join([*_headers(mail), content])


def _headers(mail: OutgoingMail) -> list[bytes]:
    lines = [_people("From", (mail.sender,))]
    lines += [
        _people(name, people) for name, people in (("To", mail.to), ("Cc", mail.cc)) if people
    ]
    if mail.reply_to is not None:
        lines.append(_people("Reply-To", (mail.reply_to,)))
    lines.append(_text_header("Subject", mail.subject))
    lines.append(f"Date: {format_datetime(mail.date.astimezone(UTC))}")
    lines.append(f"Message-ID: <{mail.message_id}>")
    lines += _id_header("In-Reply-To", (mail.in_reply_to,))
    lines += _id_header("References", mail.references)
    if _TOKEN.fullmatch(mail.instance):
        lines.append(f"X-Helpdesk-Instance: {mail.instance}")
    if mail.automatic:
        lines.append("Auto-Submitted: auto-replied")
        lines.append("Precedence: auto_reply")
        lines.append("X-Auto-Response-Suppress: All")
    lines.append("MIME-Version: 1.0")
    return [line.encode("ascii") for line in lines]


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _encoded_words(text: str) -> list[str]:
    """Return a text as encoded words that each hold whole characters."""
    words: list[str] = []
    chunk = b""
    for char in text:
        data = char.encode("utf-8")
        if len(chunk) + len(data) > _WORD_BYTES:
            words.append(_encoded_word(chunk))
            chunk = b""
        chunk += data
    words.append(_encoded_word(chunk))
    return words


def _encoded_word(data: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(data, newline=False).decode('ascii')}?="


def _text_header(name: str, text: str) -> str:
    """Return an unstructured header, folded at its spaces or encoded."""
    text = _one_line(text)
    words = text.split(" ")
    if not text.isascii() or "=?" in text or any(len(word) > _MAX_LINE - 12 for word in words):
        words = _encoded_words(text)
    return _folded(f"{name}:", words)


def _folded(start: str, words: list[str]) -> str:
    """Join words with spaces, beginning a new line where one would grow too long."""
    lines = [start]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _MAX_LINE and lines[-1] != start:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _address(address: Address) -> str:
    """Return the address itself, checked; the domain in its ASCII form.

    Raises:
        UsageError: It is no address, or holds a line break or another control character.
    """
    match = _ADDR.fullmatch(address.addr)
    domain = match[1] if match else ""
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if match is None or not domain or not _DOMAIN.fullmatch(domain):
        raise UsageError("bad-address", address=_one_line(address.addr)[:120])
    return f"{address.addr[: match.start(1)]}{domain}"


def _people(header: str, people: tuple[Address, ...]) -> str:
    words: list[str] = []
    for number, person in enumerate(people):
        comma = "," if number + 1 < len(people) else ""
        addr = _address(person)
        name = _one_line(person.name)
        if not name:
            words.append(f"{addr}{comma}")
            continue
        if not name.isascii() or "=?" in name or len(name) > _MAX_LINE - 12:
            words += _encoded_words(name)
        elif _ATOMS.fullmatch(name):
            words += name.split(" ")
        else:
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            words.append(f'"{escaped}"')
        words.append(f"<{addr}>{comma}")
    return _folded(f"{header}:", words)


def _id_header(name: str, ids: tuple[str, ...]) -> list[str]:
    """Return a header of message ids: those of valid form, the first and the last ones."""
    valid = [f"<{known}>" for known in ids if _ID.fullmatch(known)]
    if len(valid) > MAX_REFERENCES:
        valid = [valid[0], *valid[-(MAX_REFERENCES - 1) :]]
    return ["\r\n ".join([f"{name}: {valid[0]}", *valid[1:]])] if valid else []


def _content(mail: OutgoingMail) -> bytes:
    """Return the content headers, the empty line and the body."""
    body = text_part("plain", mail.text)
    if mail.html:
        body = _multipart("alternative", mail.message_id, [body, text_part("html", mail.html)])
    if mail.files:
        parts = [body, *(_file_part(file) for file in mail.files)]
        body = _multipart("mixed", mail.message_id, parts)
    return body


def _multipart(kind: str, message_id: str, parts: list[bytes]) -> bytes:
    boundary = _boundary(f"{kind} {message_id}", parts)
    delimiter = b"\r\n--" + boundary
    body = b"".join(delimiter + b"\r\n" + part for part in parts)
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary.decode("ascii")}"\r\n'
    return head.encode("ascii") + body + delimiter + b"--\r\n"


def _boundary(seed: str, parts: list[bytes]) -> bytes:
    """Return a boundary that follows from the message id and stands in none of the parts."""
    while True:
        digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:32]
        boundary = f"=_{digest}".encode("ascii")
        if not any(boundary in part for part in parts):
            return boundary
        seed = digest


def _encoded_part(head: str, data: bytes) -> bytes:
    encoded = binascii.b2a_base64(data, newline=False)
    lines = [encoded[at : at + _MAX_LINE] for at in range(0, len(encoded), _MAX_LINE)]
    start = f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode("ascii")
    return start + b"\r\n".join([*lines, b""])


def _file_part(file: OutgoingFile) -> bytes:
    """Return a file with its name twice: as the standard has it, and as old clients read it."""
    kind = file.content_type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    shown = "inline" if kind in KINDS else "attachment"
    name = _one_line(re.split(r"[/\\]", file.filename)[-1])
    if not name:
        return _encoded_part(f"Content-Type: {kind}\r\nContent-Disposition: {shown}", file.data)
    disposition = f"Content-Disposition: {shown}{_file_name(name)}"
    return _encoded_part(f"Content-Type: {kind}{_old_name(name)}\r\n{disposition}", file.data)


def _is_simple(name: str) -> bool:
    return name.isascii() and len(name) <= _MAX_SIMPLE and not _ODD.search(name)


def _old_name(name: str) -> str:
    """Return the name parameter for clients that know nothing of RFC 2231: encoded words.

    It stands in another header than the standard's form: a second ``filename`` beside
    ``filename*`` would be an error that parsers mend differently, some by joining both.
    """
    words = [name] if _is_simple(name) else _encoded_words(name)
    return f';\r\n name="{(chr(13) + chr(10) + " ").join(words)}"'


def _file_name(name: str) -> str:
    """Return the filename parameter, encoded and continued where it has to be (RFC 2231)."""
    if _is_simple(name):
        return f';\r\n filename="{name}"'
    pieces = [chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name.encode("utf-8")]
    chunks = [f"utf-8''{''.join(pieces[:18])}"]
    chunks += ["".join(pieces[at : at + 20]) for at in range(18, len(pieces), 20)]
    if len(chunks) == 1:
        return f";\r\n filename*={chunks[0]}"
    return "".join(f";\r\n filename*{number}*={chunk}" for number, chunk in enumerate(chunks))
