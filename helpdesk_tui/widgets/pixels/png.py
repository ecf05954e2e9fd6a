"""PNG of plain pixels: the form in which terminals take pictures of any colour."""

from __future__ import annotations

import struct
import zlib

from helpdesk_tui.domain.pictures import Pixels

_QUICK = 4
_RGB = 2


def png(pixels: Pixels, top: int, bottom: int, left: int, right: int) -> bytes:
    """Return a part of a picture as PNG; the sides are given in pixels, the last not included."""
    lines = []
    for line in range(top, bottom):
        start = 3 * (line * pixels.width + left)
        lines.append(b"\0" + pixels.colours[start : start + 3 * (right - left)])
    head = struct.pack(">IIBBBBB", right - left, bottom - top, 8, _RGB, 0, 0, 0)
    data = zlib.compress(b"".join(lines), _QUICK)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
