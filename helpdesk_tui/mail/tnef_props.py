"""The two layers of a TNEF stream (MS-OXTNEF): attributes, and the MAPI properties in some of them.

Every length in such a stream is a claim. Reading goes forward only, copies nothing, and ends where
a claim leads out of the stream; what was read until then counts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from helpdesk_tui.mail import charsets

MAX_ATTRIBUTES = 20_000
MAX_PROPERTIES = 20_000

MULTIPLE = 0x1000
"""Added to the type of a property that has several values."""
STRING8, UNICODE, OBJECT, BINARY, LONG, TIME = 0x1E, 0x1F, 0x0D, 0x102, 0x03, 0x40
_FIXED = {0x00: 4, 0x01: 4, 0x02: 4, LONG: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4,
          0x14: 8, TIME: 8, 0x48: 16}  # fmt: skip
_VARIABLE = (STRING8, UNICODE, OBJECT, BINARY)
_NAMED = 0x8000
_MARGIN = 16 + 4 + 4
_ATTRIBUTE = struct.Struct("<BII")
_U32 = struct.Struct("<I")
_PROPERTY = struct.Struct("<HH")
_CODEPAGES = {65001: "utf-8", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 51932: "euc-jp",
              50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 51949: "euc-kr",
              54936: "gb18030", 10000: "macintosh", 1200: "utf-16-le"}  # fmt: skip


class Attribute(NamedTuple):
    """One attribute of a stream: 1 is the message's level, 2 that of an attachment."""

    level: int
    number: int
    data: memoryview


class Property(NamedTuple):
    """One property with its first value; ``lid`` is the number of one that is named by number."""

    kind: int
    number: int
    lid: int
    value: memoryview


class DamagedError(ValueError):
    """A length leads out of the stream."""


def charset_of(codepage: int) -> str:
    """Return the charset label of a Windows code page."""
    if 28591 <= codepage <= 28606:
        return f"iso-8859-{codepage - 28590}"
    return _CODEPAGES.get(codepage, f"cp{codepage}")


def number_of(data: memoryview) -> int:
    """Return a little-endian number of 32 bits, or 0 if there is none."""
    return int(_U32.unpack_from(data)[0]) if len(data) >= _U32.size else 0


def text_of(data: memoryview | bytes, charset: str) -> str:
    """Return a string that ends at its first NUL, in a charset."""
    raw = bytes(data)
    if charset == "utf-16-le":
        return raw.decode("utf-16-le", "replace").partition("\0")[0]
    return charsets.decode(raw.partition(b"\0")[0], charset)


def attributes(stream: memoryview) -> Iterator[Attribute]:
    """Yield the attributes behind the head of a stream.

    Raises:
        DamagedError: when one claims to be longer than the stream.
    """
    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + _ATTRIBUTE.size > len(stream):
            return
        level, number, length = _ATTRIBUTE.unpack_from(stream, at)
        if level not in (1, 2):
            return
        start = at + _ATTRIBUTE.size
        at = start + length
        if at > len(stream):
            raise DamagedError
        yield Attribute(level, number, stream[start:at])
        at += 2  # a checksum, which some writers get wrong


def properties(data: memoryview) -> Iterator[Property]:
    """Yield the properties of an attribute; ends where they make no sense any more.

    Raises:
        DamagedError: when one claims to be longer than the attribute.
    """
    at = 4
    for _ in range(min(number_of(data), MAX_PROPERTIES)):
        if at + _PROPERTY.size > len(data):
            raise DamagedError
        kind, number = _PROPERTY.unpack_from(data, at)
        at += _PROPERTY.size
        lid = 0
        if number >= _NAMED:
            lid, at = _name(data, at)
        value, at = _values(data, at, kind)
        yield Property(kind & ~MULTIPLE, number, lid, value)


def _claimed(data: memoryview, at: int) -> int:
    if at + _U32.size > len(data):
        raise DamagedError
    return int(_U32.unpack_from(data, at)[0])


def _name(data: memoryview, at: int) -> tuple[int, int]:
    """Return the number that names a property, if it is a number, and where its value begins."""
    named_by_text = _claimed(data, at + 16)
    value = _claimed(data, at + 20)
    at += _MARGIN
    if not named_by_text:
        return value, at
    return 0, _padded(at, value)


def _padded(at: int, length: int) -> int:
    return at + length + -length % 4


def _values(data: memoryview, at: int, kind: int) -> tuple[memoryview, int]:
    """Return the first value of a property, and where the next property begins."""
    count = 1
    if kind & MULTIPLE or kind in _VARIABLE:
        count = _claimed(data, at)
        at += 4
    size = _FIXED.get(kind & ~MULTIPLE)
    if size is not None:
        end = at + size * count
        if end > len(data):
            raise DamagedError
        return data[at : at + size * min(count, 1)], end
    if kind & ~MULTIPLE not in _VARIABLE:
        raise DamagedError
    first: memoryview | None = None
    for _ in range(count):
        length = _claimed(data, at)
        start, at = at + 4, _padded(at + 4, length)
        if start + length > len(data):
            raise DamagedError
        if first is None:
            first = data[start : start + length]
    return data[:0] if first is None else first, at
