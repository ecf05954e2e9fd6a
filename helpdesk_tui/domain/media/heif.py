"""Takes out of HEIF pictures (HEIC, AVIF) what they tell beside themselves, byte for byte.

Phones write where a picture was taken into an item of its own. Its bytes are overwritten where
they stand, so that no place in the file moves. Which way up the picture is stands elsewhere.

Source: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (items of pictures).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MOST = 20_000
"""Boxes, items and places that are looked at; pictures have some dozens."""
_TELLING = (b"Exif", b"mime", b"uri ")
"""Kinds of items: what the camera says, XMP, and whatever else programs put there."""
_NOTHING = b"\0\0\0\0" + struct.pack("<2sHIHI", b"II", 42, 8, 0, 0)
"""An item of kind ``Exif`` that says nothing."""


class BrokenBoxes(ValueError):
    """The bytes are not what their type says."""


@dataclass(slots=True)
class _Reader:
    """Reads numbers one behind the other."""

    data: bytes | bytearray
    at: int
    end: int

    def number(self, size: int) -> int:
        """Return an unsigned number of so many bytes."""
        if self.at + size > self.end:
            raise BrokenBoxes
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at])

    def version(self) -> int:
        """Return the version of a box, and go past its flags."""
        found = self.number(1)
        self.at += 3
        return found


def without_metadata(data: bytes) -> bytes:
    """Return a HEIF picture whose items of metadata are blank.

    Raises:
        BrokenBoxes: the bytes are not what their type says.
    """
    out = bytearray(data)
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta":
            _blank(out, start + 4, end)
    return bytes(out)


def _blank(out: bytearray, start: int, end: int) -> None:
    """Overwrite what the items of a ``meta`` box tell."""
    held = {kind: (at, stop) for kind, at, stop in _boxes(out, start, end)}
    if b"iinf" not in held or b"iloc" not in held:
        return
    telling = dict(_items(out, *held[b"iinf"]))
    inside = held.get(b"idat", (0, 0))
    left = len(out)
    for item, method, places in _places(out, *held[b"iloc"]):
        kind = telling.get(item)
        if kind not in _TELLING:
            continue
        if method > 1:
            raise BrokenBoxes
        base, limit = inside if method else (0, len(out))
        for number, (at, length) in enumerate(places):
            first, last = base + at, base + at + length if length else limit
            size = last - first
            left -= size
            # each byte belongs to one item at most
            if last > limit or size < 0 or left < 0:
                raise BrokenBoxes
            says = _NOTHING if kind == b"Exif" and not number else b""
            out[first:last] = says.ljust(size, b"\0") if len(says) <= size else bytes(size)


def _boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes of a range as (kind, first byte inside, end)."""
    for _ in range(_MOST):
        if start + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        inside = start + 8
        if size == 1:
            size = _Reader(data, inside, end).number(8)
            inside += 8
        stop = end if size == 0 else start + size
        if stop < inside or stop > end:
            raise BrokenBoxes
        yield kind, inside, stop
        start = stop
    raise BrokenBoxes


def _items(data: bytearray, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and kind of the items of a picture."""
    reader = _Reader(data, start, end)
    reader.number(2 if reader.version() == 0 else 4)
    for kind, at, stop in _boxes(data, reader.at, end):
        entry = _Reader(data, at, stop)
        version = entry.version()
        if kind != b"infe" or version < 2:
            continue
        item = entry.number(2 if version == 2 else 4)
        entry.number(2)
        yield item, entry.number(4).to_bytes(4)


def _places(
    data: bytearray, start: int, end: int
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield where items lie: number, how their places are counted, and (place, length) of each."""
    reader = _Reader(data, start, end)
    version = reader.version()
    sizes = reader.number(2)
    of_place, of_length, of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    count = reader.number(4 if version == 2 else 2)
    for _ in range(min(count, _MOST)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        source = reader.number(2)
        base = reader.number(of_base)
        places = []
        number, step = reader.number(2), of_place + of_length + (of_index if version else 0)
        if number * step > end - reader.at or (number > 1 and not step):
            raise BrokenBoxes
        for _ in range(number):
            reader.number(of_index if version else 0)
            places.append((base + reader.number(of_place), reader.number(of_length)))
        if source:
            # the bytes lie in another file, which is not sent along
            continue
        yield item, method, places
