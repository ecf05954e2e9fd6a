"""The parts of a mail: split at byte level, by a loop, within bounds."""

from __future__ import annotations

import re
from functools import lru_cache
from mimetypes import guess_type
from typing import NamedTuple

from helpdesk_tui.mail.headers import Headers, split_head
from helpdesk_tui.mail.transfer import transfer_decoded, uu_files, uu_name
from helpdesk_tui.mail.words import decode_words, parameters, raw_text

MAX_DEPTH = 50
MAX_PARTS = 500
_LONG_BOUNDARY = 12
_SHORT = 100

_GUESSED = re.compile(rb"(?:^|\n)--([^\s-][^\r\n]{0,69}?)[ \t]*\r?\n")
_KIND = re.compile(r"\s*([\w.+-]+)\s*/\s*([\w.+-]+)")
_DISPOSITION = re.compile(r"\s*([\w.-]++)(?!\s*=)")


class Part(NamedTuple):
    """A part that holds no other parts: still encoded, its kind known."""

    headers: Headers
    kind: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    body: bytes
    alternative: int
    """Number of the outermost multipart/alternative around it, or 0."""
    is_root: bool


class _Span(NamedTuple):
    start: int
    end: int
    depth: int
    alternative: int
    default: str


def content_type(headers: Headers, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """Return the type of a part in lower case, and its parameters."""
    value = headers.first(b"content-type")
    if not value:
        value = next((value for value in headers.every(b"content-type") if value), b"")
        if not value:
            return default, {}
    return (_known_type if len(value) <= _SHORT else _type_of)(value, default)


def _type_of(value: bytes, default: str) -> tuple[str, dict[str, str]]:
    text = raw_text(value)
    match = _KIND.match(text)
    if match:
        kind, rest = f"{match[1]}/{match[2]}".lower(), text[match.end() :]
    else:
        word, semicolon, rest = text.partition(";")
        kind, rest = _halves(word.strip().lower(), default), semicolon + rest
    return kind, _parameters(rest)


_known_type = lru_cache(maxsize=512)(_type_of)
"""The same few values stand in most mails; what is returned is only read."""


def _halves(word: str, default: str) -> str:
    """Return the type that half a type such as ``text`` or ``html`` stands for."""
    if "html" in word:
        return "text/html"
    if word.startswith("text") or not word:
        return "text/plain"
    if word.startswith("multipart"):
        return "multipart/mixed"
    return default if "/" in word or "=" in word else "application/octet-stream"


def _parameters(rest: str) -> dict[str, str]:
    """Return the parameters behind a type, whose first semicolon may be missing."""
    if "=" not in rest:
        return {}
    return parameters(rest if rest.lstrip().startswith(";") else f";{rest}")


def _disposition(headers: Headers) -> tuple[str, dict[str, str]]:
    value = headers.first(b"content-disposition")
    if not value:
        return "", {}
    text = raw_text(value)
    match = _DISPOSITION.match(text)
    if match is None:
        return "attachment", _parameters(text)
    return match[1].lower(), _parameters(text[match.end() :])


def split_parts(
    raw: bytes, headers: Headers, body: int, defects: list[str]
) -> tuple[tuple[Part, ...], str]:
    """Return the leaf parts of a mail in order, and the type of its top level."""
    leaves: list[Part] = []
    todo: list[_Span] = []
    seen = 0
    top = ""
    span = _Span(body, len(raw), 0, 0, "text/plain")
    while True:
        kind, params = content_type(headers, span.default)
        top = top or kind
        inner = _children(raw, kind, params, body, span, seen, defects)
        if inner is None:
            disposition, more = _disposition(headers)
            kind = "text/plain" if kind.startswith("multipart/") else kind
            leaf = Part(headers, kind, params, disposition, more, raw[body : span.end],
                        span.alternative, span.depth == 0)  # fmt: skip
            leaves.extend(_with_files(leaf) if kind == "text/plain" else (leaf,))
        else:
            todo.extend(reversed(inner))
        if not todo:
            return tuple(leaves), top
        span = todo.pop()
        seen += 1
        if seen > MAX_PARTS:
            defects.append("too-many-parts")
            return tuple(leaves), top
        headers, body = split_head(raw, span.start, span.end, defects)


def _children(
    raw: bytes,
    kind: str,
    params: dict[str, str],
    body: int,
    span: _Span,
    seen: int,
    defects: list[str],
) -> list[_Span] | None:
    """Return the parts inside a multipart; nothing for a leaf."""
    if not kind.startswith("multipart/"):
        return None
    if span.depth >= MAX_DEPTH:
        defects.append("too-deep")
        return []
    boundary = params.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    spans = _delimited(raw, boundary, body, span.end) if boundary else []
    if not spans:
        guess = _GUESSED.search(raw, max(0, body - 1), span.end)
        defects.append("no-boundary")
        spans = _delimited(raw, guess[1].rstrip(), body, span.end) if guess else []
        if not spans:
            return None
    alternative = span.alternative
    if kind == "multipart/alternative" and not alternative:
        alternative = seen + 1
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    return [_Span(start, end, span.depth + 1, alternative, default) for start, end in spans]


def _delimited(raw: bytes, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges between the delimiter lines of ``boundary``."""
    needle = b"--" + boundary
    size = len(needle)
    spans: list[tuple[int, int]] = []
    opened = -1
    at = raw.find(needle, start, end)
    while at >= 0 and len(spans) <= MAX_PARTS:
        after = at + size
        kind = _delimiter(raw, after, end)
        if kind and (at == start or raw[at - 1] == 10 or _glued(raw, at, after, end, kind)):
            if opened >= 0:
                spans.append((opened, _before_newline(raw, opened, at)))
            if kind == 2:
                return spans
            line = raw.find(b"\n", after, end)
            opened = end if line < 0 else line + 1
        at = raw.find(needle, after, end)
    if opened >= 0 and at < 0 and opened < end:
        spans.append((opened, end))
    return spans


def _delimiter(raw: bytes, after: int, end: int) -> int:
    """Tell what follows a boundary: 0 other text, 1 the end of the line, 2 the closing dashes."""
    tail = raw[after : min(end, after + 2)]
    if tail == b"--":
        return 2
    return 1 if not tail or tail[0] in b" \t\r\n" else 0


def _glued(raw: bytes, at: int, after: int, end: int, kind: int) -> bool:
    """Tell whether a delimiter counts although the part before it ends in no line break.

    That is the case for the one that closes the mail, and for a boundary that nobody writes by
    accident; not for one that a text quotes.
    """
    if kind == 2:
        return after - at > _LONG_BOUNDARY or not raw[after + 2 : min(end, after + 100)].strip()
    return after - at > _LONG_BOUNDARY and raw[at - 1] not in b" \t>|\"'="


def _before_newline(raw: bytes, start: int, at: int) -> int:
    if at > start and raw[at - 1] == 10:
        at -= 1
        if at > start and raw[at - 1] == 13:
            at -= 1
    return at


def decoded(part: Part, defects: list[str]) -> bytes:
    """Return the content of a part without its transfer encoding."""
    encoding = part.headers.first(b"content-transfer-encoding")
    if not encoding:
        return part.body
    is_text = part.kind.startswith("text/")
    return transfer_decoded(encoding, part.body, defects, is_text=is_text)


def file_name(part: Part) -> str:
    """Return the file name a part gives, decoded but not yet cleaned."""
    name = part.disposition_params.get("filename") or part.params.get("name") or ""
    if not name:
        encoding = part.headers.first(b"content-transfer-encoding")
        return raw_text(uu_name(encoding, part.body)) if encoding else ""
    return decode_words(name) if "=?" in name else name


def _with_files(part: Part) -> list[Part]:
    """Return a leaf, and behind it the files that stand uuencoded in its text."""
    encoding = part.headers.first(b"content-transfer-encoding")
    text, found = uu_files(encoding, part.body)
    if not found:
        return [part]
    headers = Headers({b"content-transfer-encoding": [b"x-uuencode"]})
    parts = [part._replace(body=text)]
    for name, block in found:
        label = raw_text(name)
        kind = guess_type(label, strict=False)[0] or "application/octet-stream"
        parts.append(Part(headers, kind, {}, "attachment", {"filename": label}, block, 0, False))
    return parts
