"""How long a sound or a film plays, read from its own head: nothing is decoded, nothing is run.

Each reader walks a bounded number of steps over bytes that are not trusted; what cannot be read
says nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from helpdesk_tui.domain.pictures import Playtime

_MOST_BOXES = 200
_MOST_FRAMES = 2_000_000
_LONGEST = 48 * 3600.0
"""Seconds beyond which a duration is not believed."""


def playtime(data: bytes) -> Playtime | None:
    """Return how long a file plays, by its bytes alone; None if they do not say it."""
    try:
        reader = next((read for fits, read in _READERS if fits(data)), None)
        found = reader(data) if reader is not None else None
    except (struct.error, IndexError, ZeroDivisionError, OverflowError, ValueError):
        return None
    return found if found is not None and 0 < found.seconds <= _LONGEST else None


# MP4, QuickTime, 3GP ---------------------------------------------------------------------------


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes of a range as (kind, first byte inside, end)."""
    for _step in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        inside = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, inside)
            inside += 8
        stop = end if size == 0 else start + size
        if stop < inside or stop > end:
            return
        yield kind, inside, stop
        start = stop


def _inside(data: bytes, start: int, end: int, wanted: bytes) -> list[tuple[int, int]]:
    return [(at, stop) for kind, at, stop in _boxes(data, start, end) if kind == wanted]


def _mp4(data: bytes) -> Playtime | None:
    seconds, width, height = 0.0, 0, 0
    for start, end in _inside(data, 0, len(data), b"moov")[:1]:
        for at, _stop in _inside(data, start, end, b"mvhd")[:1]:
            is_long = data[at] == 1
            scale, length = struct.unpack_from(
                ">IQ" if is_long else ">II", data, at + (20 if is_long else 12)
            )
            seconds = length / scale
        for at, stop in _inside(data, start, end, b"trak"):
            for head, _end in _inside(data, at, stop, b"tkhd")[:1]:
                place = head + (88 if data[head] == 1 else 76)
                across, down = struct.unpack_from(">II", data, place)
                width, height = max(width, across >> 16), max(height, down >> 16)
    return Playtime(seconds, width, height)


# Ogg: Opus, Vorbis -----------------------------------------------------------------------------


def _ogg(data: bytes) -> Playtime | None:
    rate, skipped = 0, 0
    head = data[:4096]
    if (at := head.find(b"OpusHead")) >= 0:
        rate, (skipped,) = 48_000, struct.unpack_from("<H", data, at + 10)
    elif (at := head.find(b"\x01vorbis")) >= 0:
        (rate,) = struct.unpack_from("<I", data, at + 12)
    last = data.rfind(b"OggS")
    (position,) = struct.unpack_from("<q", data, last + 6)
    return Playtime((position - skipped) / rate)


# WAV, AMR, MP3 ---------------------------------------------------------------------------------


def _wav(data: bytes) -> Playtime | None:
    position, rate = 12, 0
    for _step in range(_MOST_BOXES):
        kind, size = struct.unpack_from("<4sI", data, position)
        if kind == b"fmt ":
            (rate,) = struct.unpack_from("<I", data, position + 16)
        elif kind == b"data":
            return Playtime(min(size, len(data) - position - 8) / rate)
        position += 8 + size + size % 2
    return None


_AMR = (12, 13, 15, 17, 19, 20, 26, 31, 5)
_AMR_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)


def _amr(data: bytes) -> Playtime | None:
    is_wide = data.startswith(b"#!AMR-WB\n")
    sizes, position, frames = (_AMR_WIDE, 9, 0) if is_wide else (_AMR, 6, 0)
    while position < len(data) and frames < _MOST_FRAMES:
        kind = data[position] >> 3 & 15
        position += 1 + (sizes[kind] if kind < len(sizes) else 0)
        frames += 1
    return Playtime(frames * 0.02)


_RATES = {0: (44_100, 48_000, 32_000), 1: (22_050, 24_000, 16_000), 2: (11_025, 12_000, 8_000)}
_BITRATES = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits in a second, of layer III: of MPEG 1, and of those after it."""


def _mp3(data: bytes) -> Playtime | None:
    start = 0
    if data.startswith(b"ID3"):
        high, third, second, low = data[6:10]
        start = 10 + (high << 21 | third << 14 | second << 7 | low)
    at = data.find(b"\xff", start, start + 65_536)
    while at >= 0 and data[at + 1] & 0xE6 != 0xE2:
        at = data.find(b"\xff", at + 1, start + 65_536)
    if at < 0:
        return None
    is_first = data[at + 1] >> 3 & 3 == 3
    generation = 0 if is_first else 1 if data[at + 1] >> 3 & 3 == 2 else 2
    rate = _RATES[generation][data[at + 2] >> 2 & 3]
    head = data[at : at + 200]
    mark = max(head.find(b"Xing"), head.find(b"Info"))
    if mark >= 0 and head[mark + 7] & 1:
        (frames,) = struct.unpack_from(">I", head, mark + 8)
        return Playtime(frames * (1152 if is_first else 576) / rate)
    level = data[at + 2] >> 4
    if level == 0:
        return None
    bits = _BITRATES[is_first][level - 1]
    return Playtime((len(data) - at) * 8 / (bits * 1000))


# WebM, Matroska --------------------------------------------------------------------------------

_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_MILLION = 1_000_000


def _number(data: bytes, at: int, *, keeps_mark: bool) -> tuple[int, int]:
    """Read a number of variable length; return it and where it ends."""
    first = data[at]
    size = 9 - first.bit_length()
    value = int.from_bytes(data[at : at + size])
    return (value if keeps_mark else value & ~(1 << 7 * size)), at + size


def _webm(data: bytes) -> Playtime | None:
    position, scale, length = 0, _MILLION, 0.0
    for _step in range(_MOST_BOXES):
        if position >= len(data):
            break
        kind, at = _number(data, position, keeps_mark=True)
        size, at = _number(data, at, keeps_mark=False)
        if kind == _SCALE:
            scale = int.from_bytes(data[at : at + size])
        elif kind == _DURATION:
            (length,) = struct.unpack_from(">d" if size == 8 else ">f", data, at)
        position = at if kind in (_SEGMENT, _INFO) else at + size
        if length:
            break
    return Playtime(length * scale / 1e9)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Playtime | None]], ...] = (
    (lambda data: data[4:8] == b"ftyp" or data[4:8] == b"moov", _mp4),
    (lambda data: data.startswith(b"OggS"), _ogg),
    (lambda data: data.startswith(b"RIFF") and data[8:12] == b"WAVE", _wav),
    (lambda data: data.startswith(b"#!AMR"), _amr),
    (lambda data: data.startswith(b"\x1aE\xdf\xa3"), _webm),
    (lambda data: data.startswith(b"ID3") or (data[:1] == b"\xff" and data[1:2] >= b"\xe0"), _mp3),
)
