"""Damages mails as transports, programs and attackers do; the same seed gives the same mails."""

from __future__ import annotations

import base64
import binascii
import random
import re
from collections.abc import Callable, Iterator, Sequence

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

MAX_SIZE = 300_000
"""Mails are cut to this, so that thousands of them take little time."""
_HEAD = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(rb"(charset=\"?)([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_BOUNDARY = re.compile(rb"(boundary=\"?)([^\"\r\n;]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"(Content-Transfer-Encoding:\s*)([A-Za-z0-9-]+)", re.IGNORECASE)
_KIND = re.compile(rb"(Content-Type:\s*)([A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+)", re.IGNORECASE)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{40,76}\r?\n){2,}[A-Za-z0-9+/=]{0,76}")
_DIGITS = re.compile(rb"[0-9]{2,}")
_CHARSETS = (
    b"utf-7", b"utf-16", b"utf-32", b"iso-2022-jp", b"gb18030", b"hz", b"zlib", b"idna", b"koi8-r",
    b"unicode_escape", b"utf-8", b"iso-8859-1", b"shift_jis", b"\xff", b"x" * 300, b"us-ascii",
    b"windows-1252", b"cp437", b"punycode", b"raw_unicode_escape", b"undefined", b"big5",
)  # fmt: skip
_ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"x-uuencode", b"binary", b"")
_KINDS = (
    b"text/plain", b"text/html", b"text/calendar", b"multipart/mixed", b"multipart/alternative",
    b"multipart/signed", b"message/rfc822", b"message/delivery-status", b"application/ms-tnef",
    b"application/pkcs7-mime", b"application/octet-stream", b"text/enriched", b"multipart/digest",
)  # fmt: skip
_ESCAPES = (
    b"\x1b]52;c;QUJD\x07", b"\x1b[2J", b"\x9b31m", b"\xc2\x9b31m", b"\xe2\x80\xae", b"\xe2\x80\x8b",
    b"=1B=5B2J", b"&#27;[2J", b"&#x9b;", b"&#8238;", b"=?utf-8?q?=1B=5D0;x=07?=", b"\x00", b"\r",
    b"=?utf-8?b?G1syShvCm+KArg==?=", b"%1B%5B2J", b"\xf3\xa0\x81\x81", b"\x0b\x0c\x08", b"\x85",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"[@click=app.quit]", b"e" + b"\xcc\x81" * 40,
)  # fmt: skip
_LENGTHS = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x00\x00\x01\x00",
            b"\x84\xff\xff\xff", b"\x80\x80\x80\x80")  # fmt: skip
_PILES = (b"(", b"<", b'"', b"[", b"=?", b">", b"<div>", b"&", b";a=", b",", b"\\", b"<a ", b"{",
          b"\n ", b"--", b"\nOn ", b"> ", b"\r\nReceived: x")  # fmt: skip


def _place(dice: random.Random, raw: bytes) -> int:
    """Return a place, as likely among the headers as behind them."""
    end = _HEAD.search(raw)
    if end is not None and dice.random() < 0.5:
        return dice.randrange(end.start() + 1)
    return dice.randrange(len(raw) + 1)


def _flip(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    out = bytearray(raw)
    for _n in range(dice.randint(1, 20)):
        if out:
            out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def _cut(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: _place(dice, raw)]


def _remove(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _place(dice, raw)
    return raw[:at] + raw[at + dice.randint(1, 200) :]


def _repeat(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _place(dice, raw)
    return raw[:at] + raw[at : at + dice.randint(1, 400)] * dice.randint(2, 30) + raw[at:]


def _splice(dice: random.Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    other = dice.choice(others)
    start, at = dice.randrange(len(other) + 1), _place(dice, raw)
    return raw[:at] + other[start : start + dice.randint(10, 3000)] + raw[at:]


def _nest(dice: random.Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """Put two mails into a new one, as parts of a random kind."""
    other = dice.choice(others)[:50_000]
    kind = dice.choice((b"mixed", b"alternative", b"signed", b"report", b"related", b"digest"))
    parts = b"".join(
        b"--q\r\nContent-Type: " + dice.choice((b"message/rfc822", dice.choice(_KINDS)))
        + b"\r\n\r\n" + part + b"\r\n" for part in (raw, other)
    )  # fmt: skip
    return b"From: a@b.example\r\nContent-Type: multipart/" + kind + b"; boundary=q\r\n\r\n" + parts


def _headers(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    """Shuffle the lines of the header, some of them twice."""
    end = _HEAD.search(raw)
    if end is None:
        return raw
    lines = re.split(rb"\r?\n(?![ \t])", raw[: end.start()])
    lines += dice.choices(lines, k=dice.randint(0, len(lines)))
    dice.shuffle(lines)
    return b"\r\n".join(lines) + raw[end.start() :]


def _swap(pattern: re.Pattern[bytes], values: Sequence[bytes]) -> Mutation:
    def mutation(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
        return pattern.sub(
            lambda match: match[1] + (dice.choice(values) if dice.random() < 0.6 else match[2]), raw
        )

    return mutation


def _boundary(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    found = list(_BOUNDARY.finditer(raw))
    if not found:
        return raw
    name = dice.choice(found)[2]
    other = dice.choice((b"", name[:-1], name + b"x", name + b"--", b"x" * 200, name * 2))
    return raw.replace(b"--" + name, b"--" + other, dice.randint(1, 4))


def _escape(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    for _n in range(dice.randint(1, 6)):
        at = _place(dice, raw)
        raw = raw[:at] + dice.choice(_ESCAPES) + raw[at:]
    return raw


def _pile(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _place(dice, raw)
    return raw[:at] + dice.choice(_PILES) * dice.choice((10, 500, 5_000)) + raw[at:]


def _ends(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(
        b"\n", dice.choice((b"\r\n", b"\r", b"\n", b"\r\r\n"))
    )


def _numbers(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    """Lie about dates, durations, lengths and counts that are written out."""
    values = (b"0", b"9" * 30, b"00000000", b"99999999", b"20260230", b"1", b"4294967296")
    return _DIGITS.sub(lambda m: dice.choice(values) if dice.random() < 0.1 else m[0], raw)


def _inside(dice: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    """Damage a file in its decoded form: TNEF, signed data, rich text, pictures."""
    found = list(_BASE64.finditer(raw))
    if not found:
        return raw
    match = dice.choice(found)
    try:
        data = bytearray(base64.b64decode(match[0]))
    except binascii.Error:
        return raw
    for _n in range(dice.randint(1, 8)):
        at = dice.randrange(len(data)) if dice.random() < 0.5 else dice.randrange(len(data[:400]))
        if dice.random() < 0.5:
            data[at : at + 4] = dice.choice(_LENGTHS)
        elif dice.random() < 0.5:
            data[at] = dice.randrange(256)
        else:
            del data[at : at + dice.randint(1, 50)]
        if not data:
            break
    return raw[: match.start()] + base64.encodebytes(bytes(data)) + raw[match.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _remove, _repeat, _splice, _nest, _headers, _swap(_CHARSET, _CHARSETS),
    _swap(_ENCODING, _ENCODINGS), _swap(_KIND, _KINDS), _boundary, _escape, _escape, _pile, _ends,
    _numbers, _inside, _inside,
)  # fmt: skip


def mutated(seeds: Sequence[bytes], count: int, *, seed: int) -> Iterator[bytes]:
    """Yield damaged mails: each a mail of ``seeds`` with one to four damages."""
    dice = random.Random(seed)
    for number in range(count):
        raw = seeds[number % len(seeds)]
        for _n in range(dice.randint(1, 4)):
            raw = dice.choice(MUTATIONS)(dice, raw, seeds)[:MAX_SIZE]
        yield raw
