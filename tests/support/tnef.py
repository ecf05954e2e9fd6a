"""Writes TNEF streams (a ``winmail.dat``) and rich text as Outlook packs it, for tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

SHORT, LONG, BOOLEAN, OBJECT, STRING8, UNICODE, TIME, BINARY = (
    0x02, 0x03, 0x0B, 0x0D, 0x1E, 0x1F, 0x40, 0x102,
)  # fmt: skip
BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
DATA, LONG_NAME, METHOD, MIME, CONTENT_ID = 0x3701, 0x3707, 0x3705, 0x370E, 0x3712
SUBJECT, SENDER, ADDRESS, SUBMITTED = 0x0037, 0x0C1A, 0x5D01, 0x0039

Value = bytes | str | int | bool | datetime


def attribute(level: int, number: int, data: bytes) -> bytes:
    """Return one attribute with its checksum."""
    head = struct.pack("<BII", level, number, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def _value(kind: int, value: Value) -> bytes:
    if isinstance(value, datetime):
        ticks = (value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000
        return struct.pack("<Q", int(ticks))
    if kind == UNICODE:
        value = str(value).encode("utf-16-le") + b"\0\0"
    elif isinstance(value, str):
        value = value.encode("cp1252") + b"\0"
    if isinstance(value, bytes):
        return struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return struct.pack("<I", value)


def prop(kind: int, number: int, value: Value, lid: int = 0) -> bytes:
    """Return one property; one with a ``lid`` is named by that number."""
    name = b"\x11" * 16 + struct.pack("<II", 0, lid) if lid else b""
    return struct.pack("<HH", kind, number) + name + _value(kind, value)


def props(*made: bytes) -> bytes:
    """Return a list of properties with its count."""
    return struct.pack("<I", len(made)) + b"".join(made)


def message_props(*made: bytes) -> bytes:
    """Return the attribute that holds the properties of the message."""
    return attribute(1, 0x69003, props(*made))


def attached(name: str = "", data: bytes = b"", *more: bytes, long_name: str = "") -> bytes:
    """Return an attachment; ``more`` are further properties of it."""
    out = attribute(2, 0x69002, b"\x01\x00" + b"\xff" * 4 + b"\x20\x00" * 2 + b"\0" * 4)
    if name:
        out += attribute(2, 0x18010, name.encode("cp1252") + b"\0")
    if data:
        out += attribute(2, 0x6800F, data)
    if long_name:
        more = (prop(UNICODE, LONG_NAME, long_name), *more)
    return out + attribute(2, 0x69005, props(*more)) if more else out


def embedded(name: str, stream: bytes) -> bytes:
    """Return an attached message of Outlook."""
    inner = prop(OBJECT, DATA, b"\x07\x03\x02" + b"\0" * 5 + b"\xc0" + b"\0" * 6 + b"F" + stream)
    return attached("", b"", prop(LONG, METHOD, 5), inner, long_name=name)


def tnef(*attributes: bytes, codepage: int = 1252, kind: str = "IPM.Microsoft Mail.Note") -> bytes:
    """Return a whole stream."""
    head = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x89006, b"\x00\x00\x01\x00")
    head += attribute(1, 0x69007, struct.pack("<II", codepage, 0))
    head += attribute(1, 0x78008, kind.encode() + b"\0")
    return head + b"".join(attributes)


def packed_rtf(rtf: bytes, *, references: Sequence[tuple[int, int]] = ()) -> bytes:
    """Return rich text as LZFu, all bytes as they are, with references into the window behind."""
    steps = [bytes([byte]) for byte in rtf]
    steps += [struct.pack(">H", at << 4 | size - 2) for at, size in references]
    out = b""
    for start in range(0, len(steps), 8):
        group = steps[start : start + 8]
        control = sum(1 << bit for bit, step in enumerate(group) if len(step) == 2)
        out += bytes([control]) + b"".join(group)
    size = len(rtf) + sum(length for _, length in references)
    return struct.pack("<IIII", len(out) + 12, size, 0x75465A4C, 0) + out
