"""Sample files made from nothing but their name: JPEG and PNG pictures, and PDF pages.

Always the same bytes for the same name. The pictures are little landscapes; the JPEG encoder
writes flat blocks of 8 × 8 pixels only, which needs one coefficient a block.
"""

from __future__ import annotations

import random
import struct
import zlib
from functools import cache

from helpdesk_tui.cli.demo.voice import quiet_voice
from helpdesk_tui.domain.history import PastFile

_TYPES = {
    "jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf", "ogg": "audio/ogg",
}  # fmt: skip
_COLUMNS, _ROWS = 80, 60
_BLOCK = 8

type_of_picture = list[list[tuple[int, int, int]]]


@cache
def sample_file(filename: str) -> PastFile:
    """Return the sample file of that name; its ending says what it is."""
    ending = filename.rpartition(".")[2]
    if ending == "pdf":
        data = _pdf(filename)
    elif ending == "ogg":
        data = quiet_voice(random.Random(filename).randint(4, 40))  # noqa: S311 - not a secret
    else:
        picture = _landscape(random.Random(filename))  # noqa: S311 - a picture, not a secret
        data = _jpeg(picture) if ending == "jpg" else _png(picture)
    return PastFile(filename, _TYPES[ending], data)


def _landscape(dice: random.Random) -> type_of_picture:
    """Paint sky, two ranges of hills and a sun."""
    sky = tuple(dice.randint(120, 230) for _ in range(3))
    hills = [tuple(dice.randint(30, 150) for _ in range(3)) for _ in range(2)]
    ridges = [_ridge(dice, base) for base in (_ROWS // 2, _ROWS * 2 // 3)]
    sun_x, sun_y = dice.randint(10, _COLUMNS - 10), dice.randint(8, _ROWS // 3)
    rows = []
    for y in range(_ROWS):
        row = []
        for x in range(_COLUMNS):
            red, green, blue = (min(255, part + (_ROWS - y) // 2) for part in sky)
            if (x - sun_x) ** 2 + (y - sun_y) ** 2 < 30:
                red, green, blue = 255, 240, 190
            for ridge, hill in zip(ridges, hills, strict=True):
                if y > ridge[x]:
                    shade = (y - ridge[x]) // 2
                    red, green, blue = (max(0, part - shade) for part in hill)
            row.append((red, green, blue))
        rows.append(row)
    return rows


def _ridge(dice: random.Random, height: int) -> list[int]:
    line = []
    for _ in range(_COLUMNS):
        height += dice.choice((-1, 0, 0, 1))
        line.append(height)
    return line


def _png(picture: type_of_picture) -> bytes:
    raw = b"".join(b"\0" + bytes(part for pixel in row for part in pixel) for row in picture)
    header = struct.pack(">IIBBBBB", _COLUMNS, _ROWS, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in chunks:
        out += struct.pack(">I", len(data)) + kind + data
        out += struct.pack(">I", zlib.crc32(kind + data))
    return out


_DC_LENGTHS = (2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9)
"""Code lengths of the DC categories 0 to 11 (the standard luminance table)."""
_DC_CODES = (0b00, 0b010, 0b011, 0b100, 0b101, 0b110, 0b1110, 0b11110, 0b111110, 0b1111110,
             0b11111110, 0b111111110)  # fmt: skip


def _jpeg(picture: type_of_picture) -> bytes:
    """Encode as baseline JPEG with DC coefficients only; the one AC code means end of block."""
    bits = _Bits()
    last = [0, 0, 0]
    for row in picture:
        for pixel in row:
            for i, value in enumerate(_ycc(*pixel)):
                bits.difference(value - last[i])
                bits.add(0, 1)
                last[i] = value
    size = struct.pack(">HH", _ROWS * _BLOCK, _COLUMNS * _BLOCK)
    components = b"".join(bytes((i, 0x11, 0)) for i in (1, 2, 3))
    dc_counts = bytes(_DC_LENGTHS.count(n) for n in range(1, 17))
    ac_counts = bytes((1, *[0] * 15))
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, b"\0" + bytes([_BLOCK] * 64)),
            _segment(0xC0, b"\x08" + size + b"\3" + components),
            _segment(0xC4, b"\x00" + dc_counts + bytes(range(12))),
            _segment(0xC4, b"\x10" + ac_counts + b"\0"),
            _segment(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0"),
            bits.finish(),
            b"\xff\xd9",
        )
    )


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _ycc(red: int, green: int, blue: int) -> tuple[int, int, int]:
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(y) - 128, round(0.564 * (blue - y)), round(0.713 * (red - y))


class _Bits:
    """The entropy-coded part of a JPEG: bits with stuffing after 0xFF."""

    def __init__(self) -> None:
        self._value = 0
        self._length = 0
        self._out = bytearray()

    def add(self, value: int, length: int) -> None:
        self._value = (self._value << length) | value
        self._length += length
        while self._length >= 8:
            self._length -= 8
            byte = (self._value >> self._length) & 0xFF
            self._value &= (1 << self._length) - 1
            self._out += b"\xff\0" if byte == 0xFF else bytes((byte,))

    def difference(self, value: int) -> None:
        category = abs(value).bit_length()
        self.add(_DC_CODES[category], _DC_LENGTHS[category])
        if category:
            self.add(value if value > 0 else value + (1 << category) - 1, category)

    def finish(self) -> bytes:
        if self._length:
            self.add((1 << (8 - self._length)) - 1, 8 - self._length)
        return bytes(self._out)


def _pdf(title: str) -> bytes:
    """Return a page that carries its own name and a frame, with a correct cross-reference."""
    label = title.encode("ascii", "replace").decode().translate({40: None, 41: None, 92: None})
    page = f"BT /F1 20 Tf 60 760 Td (Acme Outdoor) Tj 0 -40 Td /F1 12 Tf ({label}) Tj ET\n"
    page += "2 w 50 560 495 250 re S 70 590 120 60 re S\n"
    bodies = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = "%PDF-1.4\n"
    offsets = []
    for index, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{index} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")
