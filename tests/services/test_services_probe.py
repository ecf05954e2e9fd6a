"""How long sounds and films play is read from their heads, and nonsense says nothing."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.cli.demo.voice import quiet_voice
from helpdesk_tui.domain.pictures import Playtime
from helpdesk_tui.services.media.probe import playtime


def box(kind: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), kind) + data


def mp4(*, seconds: int = 65, long: bool = False, film: bool = True) -> bytes:
    if long:
        head = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, seconds * 1000)
        track = struct.pack(">B3xQQII", 1, 0, 0, 1, 0) + bytes(60)
    else:
        head = struct.pack(">B3xIIII", 0, 0, 0, 1000, seconds * 1000)
        track = struct.pack(">B3xIIII", 0, 0, 0, 1, 0) + bytes(56)
    track += struct.pack(">II", 640 << 16, 480 << 16) if film else bytes(8)
    moov = box(b"moov", box(b"mvhd", head), box(b"trak", box(b"tkhd", track)))
    return box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(100)) + moov


def wav(seconds: int) -> bytes:
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    data = struct.pack("<4sI", b"data", 8000 * seconds) + bytes(8000 * seconds)
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(data)) + b"WAVE" + head + data


def mp3(*, xing: int = 0, tagged: bool = False) -> bytes:
    frame = bytearray(b"\xff\xfb\x90\x00" + bytes(413))
    if xing:
        frame[36:48] = b"Xing" + struct.pack(">II", 1, xing)
    head = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) if tagged else b""
    return head + bytes(frame) + (b"" if xing else (b"\xff\xfb\x90\x00" + bytes(413)) * 99)


def webm(milliseconds: float) -> bytes:
    info = b"\x2a\xd7\xb1\x83\x0f\x42\x40" + b"\x44\x89\x88" + struct.pack(">d", milliseconds)
    inner = b"\x15\x49\xa9\x66" + bytes((0x80 | len(info),)) + info
    head = b"\x1a\x45\xdf\xa3\x84" + bytes(4)
    return head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + inner


@pytest.mark.parametrize(
    ("data", "seconds", "size"),
    [
        (mp4(), 65, (640, 480)),
        (mp4(long=True), 65, (640, 480)),
        (mp4(film=False), 65, (0, 0)),
        (quiet_voice(11), 11, (0, 0)),
        (wav(3), 3, (0, 0)),
        (b"#!AMR\n" + (b"\x3c" + bytes(31)) * 150, 3, (0, 0)),
        (b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * 50, 1, (0, 0)),
        (mp3(), 2.6, (0, 0)),
        (mp3(xing=1000), 26.1, (0, 0)),
        (mp3(xing=1000, tagged=True), 26.1, (0, 0)),
        (webm(4200), 4.2, (0, 0)),
    ],
)
def test_a_head_tells_how_long_it_plays(data: bytes, seconds: float, size: tuple[int, int]) -> None:
    found = playtime(data)
    assert found is not None
    assert found.seconds == pytest.approx(seconds, abs=0.1)
    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no sound",
        mp4()[:60],
        mp4(seconds=60 * 60 * 24 * 30),
        b"OggS" + bytes(40),
        b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\xff" * 3,
        b"RIFF\0\0\0\0WAVE" + (b"junk" + bytes(4)) * 5000,
        b"\x1aE\xdf\xa3" + bytes(200),
        b"\xff\xfb" + bytes(3),
        box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 1 << 62),
    ],
)
def test_what_says_nothing_is_not_believed(data: bytes) -> None:
    assert playtime(data) is None


@given(
    st.sampled_from([mp4(), quiet_voice(2), wav(1), mp3(xing=9, tagged=True), webm(9)]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=12),
    st.integers(0, 500),
)
def test_no_damage_brings_it_down(data: bytes, changes: list[tuple[int, int]], length: int) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    for end in (len(damaged), length):
        found = playtime(bytes(damaged[:end]))
        assert found is None or isinstance(found, Playtime)
