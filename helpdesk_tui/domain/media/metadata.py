"""Takes out of pictures what nobody means to send: place, camera, names, previews.

The picture itself is not decoded, so that it loses nothing. What a picture needs to look right
stays: colour profiles, transparency, animation, and which way up it is.

Sources: ISO/IEC 10918-1 annex B (JPEG markers), ISO/IEC 10918-5 (JFIF), EXIF 2.32, PNG third
edition (W3C) 11.3, WebP container specification (Google), GIF89a.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from helpdesk_tui.domain.media import heif

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restarts."""
_EXIF = b"Exif\0\0"
_ICC = b"ICC_PROFILE\0"
_JFIF = b"JFIF\0"
_JFIF_BYTES = 18
"""Of a JFIF segment without a preview, marker and length included."""
_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
})  # fmt: skip
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
"""Bits of the first byte of VP8X."""


class BrokenPicture(ValueError):
    """The bytes are not what their type says."""


def without_metadata(data: bytes, content_type: str) -> bytes | None:
    """Return a picture without what it tells beside itself.

    Args:
        data: The bytes of a picture.
        content_type: Its type, by its bytes.

    Returns:
        The same bytes where there was nothing to take out; None for a type that cannot be cleaned
        without decoding it.

    Raises:
        BrokenPicture: the bytes are not what their type says.
    """
    cleaners = {
        "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif,
        "image/heic": heif.without_metadata, "image/heif": heif.without_metadata,
        "image/avif": heif.without_metadata,
    }  # fmt: skip
    cleaner = cleaners.get(content_type.lower())
    if cleaner is None:
        return None
    try:
        cleaned = cleaner(data)
    except (struct.error, IndexError, heif.BrokenBoxes) as error:
        raise BrokenPicture(content_type) from error
    return data if cleaned == data else cleaned


def orientation_of(exif: bytes) -> int:
    """Return which way up a picture is (1 to 8) by its EXIF data; 1 where it does not say."""
    body = exif.removeprefix(_EXIF)
    order = {b"II": "<", b"MM": ">"}.get(body[:2])
    if order is None or len(body) < 10:
        return 1
    (first,) = struct.unpack_from(f"{order}I", body, 4)
    if first + 2 > len(body):
        return 1
    (count,) = struct.unpack_from(f"{order}H", body, first)
    for number in range(min(count, 500)):
        at = first + 2 + 12 * number
        if at + 12 > len(body):
            return 1
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", body, at)
        if tag == _ORIENTATION and kind == 3:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def exif_with(orientation: int) -> bytes:
    """Return the body of an EXIF segment that says which way up a picture is and nothing else."""
    head = struct.pack("<2sHI", b"II", 42, 8)
    entry = struct.pack("<HHHIHHI", 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return _EXIF + head + entry


def _jpeg(data: bytes) -> bytes:
    if data[:2] != b"\xff\xd8":
        raise BrokenPicture("image/jpeg")
    out, orientation = bytearray(), 1
    for marker, segment in _jpeg_segments(data):
        if marker == _APP1:
            body = segment[4:]
            if body.startswith(_EXIF):
                orientation = orientation_of(body)
            continue
        if _is_telling(marker, segment):
            continue
        out += _without_preview(segment) if marker == _APP0 else segment
    # behind the end nothing belongs to the picture: phones put films and second pictures there
    head = b"\xff\xd8"
    if orientation != 1:
        body = exif_with(orientation)
        head += b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return head + bytes(out)


def _is_telling(marker: int, segment: bytes) -> bool:
    if marker == _APP0:
        # the one other kind of it, JFXX, holds a preview of what the picture was once
        return not segment[4:].startswith(_JFIF)
    if marker == _APP2:
        return not segment[4:].startswith(_ICC)
    return marker == _COM or (_APP0 < marker <= _APP15 and marker != _APP14)


def _without_preview(segment: bytes) -> bytes:
    """Return a JFIF segment without the small picture that may follow its figures."""
    if len(segment) <= _JFIF_BYTES:
        return segment
    return b"\xff\xe0\x00\x10" + segment[4 : _JFIF_BYTES - 2] + b"\0\0"


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments behind the first marker, entropy-coded data with the one before it."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BrokenPicture("image/jpeg")
        while data[at + 1] == 0xFF:
            at += 1
        marker, begin = data[at + 1], at
        at += 2
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        if marker not in _ALONE:
            (length,) = struct.unpack_from(">H", data, at)
            if length < 2 or at + length > len(data):
                raise BrokenPicture("image/jpeg")
            at += length
        if marker == _SOS:
            at = _scan_end(data, at)
        yield marker, data[begin:at]
        if at >= len(data):
            # cut off: decoders show what there is
            yield _EOI, b"\xff\xd9"
            return


def _scan_end(data: bytes, at: int) -> int:
    """Return where the next marker follows that is no part of a scan."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0 or data[at + 1] in _ALONE:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _png(data: bytes) -> bytes:
    if not data.startswith(_PNG):
        raise BrokenPicture("image/png")
    out, at = bytearray(_PNG), len(_PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BrokenPicture("image/png")
        if kind in _PNG_KEPT:
            out += data[at:end]
        if kind == b"IEND":
            break
        at = end
    return bytes(out)


def _webp(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise BrokenPicture("image/webp")
    out, at = bytearray(), 12
    (size,) = struct.unpack_from("<I", data, 4)
    last = min(len(data), 8 + size)
    while at + 8 <= last:
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        chunk = bytearray(data[at:end])
        if kind == b"VP8X" and length >= 1:
            chunk[8] &= ~(_HAS_EXIF | _HAS_XMP) & 0xFF
        if kind in _WEBP_KEPT:
            out += chunk
        at = end
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + bytes(out)


def _gif(data: bytes) -> bytes:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise BrokenPicture("image/gif")
    at = 13 + _table(data[10])
    out = bytearray(data[:at])
    while at < len(data):
        begin, sign = at, data[at]
        if sign == 0x3B:
            out += b"\x3b"
            break
        if sign == 0x2C:
            at = _blocks_end(data, at + 11 + _table(data[at + 9]))
            out += data[begin:at]
        elif sign == 0x21:
            at = _blocks_end(data, at + 2)
            label, application = data[begin + 1], data[begin + 3 : begin + 14]
            is_loop = application in (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
            if label == 0xF9 or (label == 0xFF and is_loop):
                out += data[begin:at]
        else:
            raise BrokenPicture("image/gif")
    return bytes(out)


def _table(packed: int) -> int:
    """Return the bytes of a colour table."""
    return 3 * 2 ** ((packed & 0x07) + 1) if packed & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1
