"""A voice message in which nobody speaks: Opus in Ogg, of any length, from a few bytes."""

from __future__ import annotations

import struct

_RATE = 48_000
_FRAME = 960
"""Samples of one packet: a fiftieth of a second."""
_SILENCE = b"\xf8\xff\xfe"
"""A packet of Opus that says nothing, which every decoder plays."""
_PACKETS = 250
_SERIAL = 1
_FIRST, _LAST = 2, 4


def quiet_voice(seconds: int) -> bytes:
    """Return a voice message of so many seconds."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIHB", 0, _RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"demo" + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, _FIRST), _page([tags], 0, 1, 0)]
    left = seconds * _RATE // _FRAME
    position = 0
    while left:
        count = min(left, _PACKETS)
        left -= count
        position += count * _FRAME
        kind = 0 if left else _LAST
        pages.append(_page([_SILENCE] * count, position, len(pages), kind))
    return b"".join(pages)


def _page(packets: list[bytes], position: int, number: int, kind: int) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, kind, position, _SERIAL, number, 0, len(sizes))
    page = head + sizes + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    """Return the checksum of a page: the polynomial of Ethernet, from the other end."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _bit in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value
