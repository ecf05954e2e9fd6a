"""Addresses, message ids and dates of headers; linear, whatever the nesting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.words import decode_words, raw_text

MAX_ADDRESSES = 500
MAX_NAME = 200
_MAX_NESTED = 20
_MAX_OBSOLETE = 1000

_SIMPLE = re.compile(
    r'(?:"([^"\\<>]*+)"\s*+|([^",;:()<>@\\\[\]]*+))<([^\s<>@",;:()]+@[^\s<>@",;:()]+)>'
)
_ONLY = re.compile(r"\s*+[a-z0-9._%+=~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}\s*+", re.I)
_BARE = re.compile(r"(?<![^\s<>@\",;:()])[^\s<>@\",;:()]++@[^\s<>@\",;:()]+")
_TOKEN = re.compile(
    r'=\?[^?\s]{1,70}\?[bBqQ]\?[^?]*+\?=|"(?:[^"\\]|\\.)*+"?|<[^>]*+>?|[(),;:]|\\.'
    r'|\[[^\]\[<>",;]{0,99}\]|[^"()<>,;:=\\\[]++|[=\\\[]',
    re.DOTALL,
)
_ADDR = re.compile(
    r'("(?:[^"\\]|\\.){1,100}"|[^\s<>@",;:()\[\]\\]+)@([^\s<>@",;:()\\]+|\[[\w.:-]{1,80}\])'
)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)")
_AROUND_DOTS = re.compile(r"\s*+([.@])\s*+")
_SPACED = re.compile(r"[\w.+-]{1,64}(?: [\w.+-]{1,64}){1,9}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}")
_MAILTO = re.compile(r"[\[(<](?:mailto:)?[\])>]|^\s*mailto:", re.IGNORECASE)
_LOCAL = re.compile(r"[A-Za-z0-9._%+=~-]{1,64}")
_NAME_QUOTES = " \t\r\n\"'"
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_ANGLES = re.compile(rb"<([^<>\s@]{1,320}@[^<>\s@]{1,320})>")
_ID = re.compile(r"<([!-;=?-~]{1,994})>")
_BARE_ID = re.compile(r"[!-;=?-~]{1,994}")
_DATE = re.compile(
    r"(?:[A-Za-z]{2,9},? *)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))?"
    r" ([+-])(\d\d)(\d\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)}


def valid_addr(text: str) -> str:
    """Return ``text`` as a lower-case address, or nothing if it is not one."""
    text = clean(text).strip()
    match = _ADDR.fullmatch(text.rstrip("."))
    return f"{match[1]}@{match[2]}".lower() if match and len(text) <= 320 else ""


def display_name(text: str) -> str:
    """Return a display name decoded, cleaned and without its quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    if "=?" in text:
        text = decode_words(text)
    return " ".join(clean(text).strip(_NAME_QUOTES).split())[:MAX_NAME]


def addresses(value: bytes, hints: tuple[str, ...] = ()) -> tuple[Address, ...]:
    """Return the addresses of a header such as From or To."""
    if not value:
        return ()
    text = raw_text(value, hints)
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return (Address(display_name(simple[1] or simple[2] or ""), valid_addr(simple[3])),)
    if _ONLY.fullmatch(text):
        return (Address("", text.strip().lower()),)
    found = _listed(text)
    if not found and "=?" in text:
        found = _listed(decode_words(text, hints))
    return tuple(found)


class _Mailbox:
    """What was read of one address of a list so far."""

    __slots__ = ("angle", "comment", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment: list[str] = []
        self.angle = ""

    def name(self) -> str:
        """Return the display name: the words, or else the comment."""
        words = [_unquoted(word) if word[0] == '"' else word for word in self.words]
        return display_name("".join(words)) or self.remark()

    def remark(self) -> str:
        """Return the comment, in which old programs put the name."""
        return display_name("".join(self.comment))

    def finish(self) -> Address | None:
        """Return the address, if there is one."""
        text = self.angle or "".join(self.words)
        if "@" not in text:
            return None
        addr = valid_addr(text) or _obsolete(text)
        if addr:
            return Address(self.name() if self.angle else self.remark(), addr)
        addr = _within(text, whole=bool(self.angle))
        if not addr:
            return None
        if self.angle:
            return Address(self.name(), addr)
        rest = _MAILTO.sub("", text.replace(addr, "", 1))
        return Address(display_name(rest) or self.remark(), addr)

    def local(self) -> Address | None:
        """Return who this is if all that stands there is the name of a local mailbox."""
        text = (self.angle or "".join(self.words)).strip()
        if not _LOCAL.fullmatch(text):
            return None
        name = self.name() if self.angle else self.remark()
        return Address(name, text.lower())


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word.strip('"')) if "\\" in word else word.strip('"')


def _obsolete(text: str) -> str:
    """Return an address with comments and blanks inside, as older standards allow it."""
    if len(text) > _MAX_OBSOLETE:
        return ""
    if "(" in text:
        for _ in range(_MAX_NESTED):
            text, count = _COMMENT.subn("", text)
            if not count:
                break
    return valid_addr(_AROUND_DOTS.sub(r"\1", text))


def _within(text: str, *, whole: bool) -> str:
    """Return the first address inside a text that is more than an address.

    Args:
        text: What stands where an address should.
        whole: It stands in angle brackets. Blanks before the ``@`` are then kept: no mail can be
            sent there, but cutting them off would make it the address of somebody else.
    """
    if whole and _SPACED.fullmatch(text):
        return text.lower()
    match = _BARE.search(text)
    return valid_addr(match[0].strip("'[]")) if match else ""


def _boxes(text: str) -> list[_Mailbox]:
    """Split a list of addresses; a comma inside an unquoted name does not end it."""
    found: list[_Mailbox] = []
    box = _Mailbox()
    depth = 0
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            box.comment.append(piece)
        elif piece in (",", ";"):
            found.append(box)
            box = _Mailbox()
            if len(found) >= 2 * MAX_ADDRESSES:
                return found
        elif piece == ":":
            box = _Mailbox()
        elif piece[0] == "<":
            box.angle = box.angle or piece.strip("<> \t")
        else:
            box.words.append(piece)
    found.append(box)
    return found


def _listed(text: str) -> list[Address]:
    found: list[Address] = []
    before = ""
    for box in _boxes(text):
        address = box.finish()
        if address is None:
            before = "" if box.angle or box.comment else "".join(box.words).strip()
            continue
        if before and box.angle and box.words and " " not in before and before[0] != '"':
            address = Address(f"{display_name(before)}, {address.name}"[:MAX_NAME], address.addr)
        before = ""
        found.append(address)
    return found[:MAX_ADDRESSES]


def names_several(value: bytes, found: Sequence[Address]) -> bool:
    """Tell whether a From header names more than one address, names and comments left out.

    Args:
        value: The header.
        found: What :func:`addresses` read in it.
    """
    if len({each.addr for each in found}) > 1:
        return True
    if value.count(b"<") < 2:
        return False
    angles = _ANGLES.findall(_QUOTED.sub(b"", value))
    return len({each.lower() for each in angles}) > 1


def local_mailbox(value: bytes, hints: tuple[str, ...] = ()) -> Address | None:
    """Return the sender of a From header that names a mailbox without a host, such as ``root``.

    Nobody can answer there, but it says more than nothing.
    """
    boxes = _boxes(raw_text(value, hints))
    return boxes[0].local() if len(boxes) == 1 else None


def message_ids(value: bytes) -> tuple[str, ...]:
    """Return the ids of Message-ID, In-Reply-To or References that have a valid form."""
    text = value.decode("latin-1")
    ids = _ID.findall(text)
    if not ids and "<" not in text:
        ids = [word for word in text.split() if "@" in word and _BARE_ID.fullmatch(word)]
    return tuple(ids[:MAX_ADDRESSES])


def message_id(value: bytes) -> str:
    """Return the one id of a Message-ID header without its brackets, or nothing."""
    text = value.decode("latin-1").strip()
    match = _ID.match(text)
    if match:
        return match[1]
    return text if _BARE_ID.fullmatch(text) else ""


def date_of(value: bytes) -> datetime | None:
    """Return the moment a Date header names, in UTC."""
    text = value[:200].decode("latin-1")
    match = _DATE.match(text)
    try:
        if match:
            month = _MONTH.get(match[2].lower(), 0)
            offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
            moment = datetime(int(match[3]), month, int(match[1]), int(match[4]), int(match[5]),
                              min(59, int(match[6] or 0)), tzinfo=UTC)  # fmt: skip
            return moment - offset if match[7] == "+" else moment + offset
        parts = parsedate_tz(text)
        if parts is None:
            return None
        moment = datetime(*parts[:5], min(59, parts[5]), tzinfo=UTC)
        return moment - timedelta(seconds=parts[9] or 0)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
