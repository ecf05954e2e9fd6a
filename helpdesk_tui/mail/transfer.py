"""Transfer encodings undone, as far as they can be: base64, quoted-printable and uuencoding."""

from __future__ import annotations

import binascii
import re

MAX_FILES = 100

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BASE64_CHARS = re.compile(rb"[A-Za-z0-9+/=\r\n]+")
_IS_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/\s]|=(?=[=\r\n]|$))*+")
_RUN = re.compile(rb"[A-Za-z0-9+/\s]++=?=?")
_TAIL = 8
"""Bytes behind the first padding that are no more than its rest and a line break."""
_UU = (b"x-uuencode", b"uuencode", b"x-uue", b"uue")
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_UU_FILE = re.compile(
    rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n"
    rb"((?:[!-`][ -`]{1,90}[ \t]{0,2}\r?\n){1,2000000}+)(?:[` ]?\r?\n)?end[ \t]{0,9}(?:\r?\n|\Z)"
)
_READABLE = (b"", b"7bit", b"8bit", b"binary")


def transfer_decoded(encoding: bytes, body: bytes, defects: list[str], *, is_text: bool) -> bytes:
    """Return a body without its transfer encoding.

    Args:
        encoding: The value of Content-Transfer-Encoding.
        body: What stands in the mail.
        defects: Takes the codes of what was wrong with it.
        is_text: It should be readable once decoded.
    """
    encoding = encoding.lower().strip(b" \t\"'")
    if encoding.startswith(b"base64"):
        if is_text and _is_plain(body):
            defects.append("bad-base64")
            return body
        return _from_base64(body, defects)
    if encoding.startswith((b"quoted-printable", b"quoted_printable")):
        return binascii.a2b_qp(body)
    if encoding in _UU:
        return _from_uu(body, defects)
    return body


def _from_base64(body: bytes, defects: list[str]) -> bytes:
    padded = body.find(b"=")
    if padded >= 0 and len(body) - padded > _TAIL and _IS_BASE64.fullmatch(body):
        # encoded in pieces that were each padded
        return b"".join([_one_base64(each[0], defects) for each in _RUN.finditer(body)])
    return _one_base64(body, defects)


def _one_base64(body: bytes, defects: list[str]) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        defects.append("bad-base64")
    kept = _NOT_BASE64.sub(b"", body)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _is_plain(body: bytes) -> bool:
    """Tell whether a text that claims to be in base64 stands there readable."""
    start = body[:400].strip()
    odd = len(_BASE64_CHARS.sub(b"", start))
    return odd * 8 > len(start)


def _from_uu(body: bytes, defects: list[str]) -> bytes:
    """Decode a uuencoded body; lines that are none are left out."""
    begin = _UU_BEGIN.search(body)
    out: list[bytes] = []
    for line in body[begin.end() if begin else 0 :].splitlines():
        if line.strip() in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3]))
            except (binascii.Error, IndexError):
                defects.append("bad-uuencode")
    return b"".join(out)


def uu_name(encoding: bytes, body: bytes) -> bytes:
    """Return the file name that a uuencoded body itself gives."""
    if encoding.lower().strip() not in _UU:
        return b""
    match = _UU_BEGIN.search(body[:2000])
    return match[1].strip() if match else b""


def uu_files(encoding: bytes, body: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return a plain text without the uuencoded files in it, and these as (name, block)."""
    if b"begin " not in body or encoding.strip().lower() not in _READABLE:
        return body, []
    files: list[tuple[bytes, bytes]] = []
    left: list[bytes] = []
    at = 0
    for match in _UU_FILE.finditer(body):
        if len(files) >= MAX_FILES:
            break
        left.append(body[at : match.start()])
        at = match.end()
        files.append((match[1].strip(), match[0]))
    left.append(body[at:])
    return b"".join(left), files
