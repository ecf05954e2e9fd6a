"""The header block of a mail or part: split at byte level, bounded, nothing decoded yet."""

from __future__ import annotations

import re

MAX_BLOCK = 256 * 1024
MAX_HEADER = 64 * 1024
MAX_COUNT = 1000

_END = re.compile(rb"\n\r?\n")
_MARK = b"\xef\xbb\xbf"
_FIRST = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_LINE = re.compile(rb"(?m)^([!-9;-~]{1,200})[ \t]*+:([^\n]*)")
_MBOX = re.compile(rb">?From [^\r\n]{0,500}\r?\n")


class Headers(dict[bytes, list[bytes]]):
    """Header values by lower-case name, in the order in which they stand."""

    __slots__ = ()

    def first(self, name: bytes) -> bytes:
        """Return the topmost value of a header, or nothing."""
        return self[name][0] if name in self else b""

    def every(self, name: bytes) -> list[bytes]:
        """Return all values of a header, topmost first."""
        return self.get(name) or []


def start_of(raw: bytes) -> int:
    """Return where the header begins: after a byte order mark, blank lines and a mbox separator."""
    start = len(_MARK) if raw.startswith(_MARK) else 0
    if raw.startswith((b"\r", b"\n"), start):
        head = raw[start:MAX_HEADER]
        start += len(head) - len(head.lstrip(b"\r\n"))
    if not raw.startswith((b"From ", b">From "), start):
        return start
    match = _MBOX.match(raw, start)
    return match.end() if match else start


def split_head(raw: bytes, start: int, end: int, defects: list[str]) -> tuple[Headers, int]:
    """Read the headers that begin at ``start``; return them and where the body begins."""
    if start >= end or raw[start] == 10 or raw[start : start + 2] == b"\r\n":
        return Headers(), min(end, start + (1 if raw[start : start + 1] == b"\n" else 2))
    found = _END.search(raw, start, end)
    if found:
        cut, body = found.start(), found.end()
    elif _FIRST.match(raw, start, end):
        cut = body = end
    else:
        return Headers(), start
    if cut - start > MAX_BLOCK:
        defects.append("header-block-too-long")
        cut = start + MAX_BLOCK
    headers = read_block(raw[start:cut], defects)
    if not headers and not _FIRST.match(raw, start, end):
        return headers, start
    return headers, body


def read_block(block: bytes, defects: list[str]) -> Headers:
    """Read a block of header lines."""
    if b"\n " in block or b"\n\t" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b"\t")
    headers = Headers()
    found = _LINE.findall(block) if len(block) <= MAX_HEADER else ()
    if found and len(found) <= MAX_COUNT and len(found) == block.count(b"\n") + 1:
        for name, value in found:
            headers.setdefault(name.lower(), []).append(value.strip())
        return headers
    return _read_lines(block, headers, defects)


def _read_lines(block: bytes, headers: Headers, defects: list[str]) -> Headers:
    """Read header lines that are not all as they should be."""
    count = 0
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        name = name.rstrip().lower()
        if not colon or not name or b" " in name:
            if line.strip():
                defects.append("bad-header-line")
            continue
        count += 1
        if count > MAX_COUNT:
            defects.append("too-many-headers")
            break
        if len(value) > MAX_HEADER:
            defects.append("header-too-long")
            value = value[:MAX_HEADER]
        value = value.strip()
        if name in headers:
            headers[name].append(value)
        else:
            headers[name] = [value]
    return headers
