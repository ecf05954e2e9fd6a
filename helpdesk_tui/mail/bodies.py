"""The readable text of a mail: which of its text parts count, and how they become lines."""

from __future__ import annotations

import re

from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.mail import charsets
from helpdesk_tui.mail.files import content_id
from helpdesk_tui.mail.html import html_to_text
from helpdesk_tui.mail.mime import Part, decoded

MAX_TEXT = 2_000_000
_STUB_LENGTH = 500
_STUB = re.compile(
    r"(?:view|see|read|display|open|supports?|client|browser|enable)\b[^\n]{0,80}\bhtml"
    r"|\bhtml\b[^\n]{0,80}(?:e-?mail|mail|message|newsletter|version|view|client|support|browser|format)"
    r"|view (?:this|it|the)[^\n]{0,40} (?:online|in (?:a|your) (?:web )?browser)",
    re.IGNORECASE,
)
_STUB_WORDS = ("html", "online", "browser")
_LEADING = ("html", "browser", "online", "navigat", "naveg", "webversion", "web-version",
            "web version", "webversie", "prohlížeč", "przegląd", "браузер", "webbläsare",
            "浏览器", "瀏覽器", "ブラウザ", "브라우저")  # fmt: skip
"""What a text says that only leads to another form of the mail, in most languages."""
_MARKS = re.compile(
    r"\[(?:cid:|image|inline|https?:)[^\]\n]{0,300}\]|<?https?://[^\s<>]{1,2000}>?|[\W_]+", re.I
)
_MUCH_LONGER = 4
_MAX_REPEATED = 100_000
_MANY_CR = re.compile(r"(?<!\r)\r++\n")
_HTML_LIKE = re.compile(r"\s*<(?:!doctype html|html|body|div|table|p)\b", re.IGNORECASE)
_RICH = re.compile(r"<(/?[A-Za-z][\w-]{0,30})>")
_RICH_PARAM = re.compile(r"<param>[^<]*+</param>", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{[^}]*\}\}")


class Body:
    """The texts of one mail, decoded when first asked for."""

    def __init__(self, parts: list[Part], hints: tuple[str, ...], defects: list[str]) -> None:
        self.hints = hints
        self.defects = defects
        self.links: tuple[tuple[str, str], ...] = ()
        self.html_parts = [part for part in parts if part.kind == "text/html"]
        self.has_html = bool(self.html_parts)
        self._parts = parts
        self._html: str | None = None

    def source(self, part: Part) -> str:
        """Return the decoded text of one part, as it stands."""
        data = decoded(part, self.defects)
        if len(data) > MAX_TEXT:
            self.defects.append("text-too-long")
            data = data[:MAX_TEXT]
        label = part.params.get("charset", "")
        hints = self.hints
        if part.kind == "text/html" and (meta := _meta_charset(data)):
            label = label or meta
            hints = (meta, *hints)
        text = charsets.decode(data, label, hints)
        return _MANY_CR.sub("\n", text) if "\r\r" in text else text

    def refers_to(self, part: Part) -> bool:
        """Tell whether the HTML body shows a part by its Content-ID."""
        cid = content_id(part)
        if not cid or not self.html_parts:
            return False
        if self._html is None:
            self._html = "".join([self.source(html) for html in self.html_parts])
        return f"cid:{cid}" in self._html

    def text(self) -> str:
        """Return the readable text, cleaned: one choice of each alternative, then the rest."""
        pieces: list[str] = []
        done: set[int] = set()
        plain: set[str] = set()
        twice = len(self._parts) > 1 and any(not part.alternative for part in self.html_parts)
        for part in self._parts:
            group = part.alternative
            if not group:
                text = self._readable(part)
                if not twice or not _repeats(text, plain, is_html=part.kind == "text/html"):
                    pieces.append(text)
            elif group not in done:
                done.add(group)
                pieces.append(self._choice([p for p in self._parts if p.alternative == group]))
        pieces = [piece for piece in pieces if piece.strip()]
        return pieces[0] if len(pieces) == 1 else "\n\n".join(piece.strip("\n") for piece in pieces)

    def _choice(self, parts: list[Part]) -> str:
        """Return the plain side of an alternative, or the HTML side if that has no real text."""
        html = [part for part in parts if part.kind == "text/html"]
        plain = [part for part in parts if part.kind == "text/plain"]
        plain = plain or [part for part in parts if part.kind != "text/html"]
        text = "\n\n".join([self._readable(part) for part in plain])
        if not html or (len(text) > 2 * _STUB_LENGTH and not _HTML_LIKE.match(text)):
            return text
        if is_real(text) and not _may_be_stub(text):
            return text
        shown = "\n\n".join([self._readable(part) for part in html])
        if not shown.strip() or (is_real(text) and len(shown) < _MUCH_LONGER * len(text)):
            return text
        return shown

    def _readable(self, part: Part) -> str:
        text = self.source(part)
        if part.kind == "text/html":
            return self._from_html(text)
        if part.kind in ("text/enriched", "text/richtext"):
            return clean_lines(_RICH.sub("", _RICH_PARAM.sub("", text)).replace("<<", "<"))
        if _HTML_LIKE.match(text) and "</" in text[-300:]:
            self.has_html = True
            return self._from_html(text)
        text = clean_lines(text)
        if part.params.get("format", "").lower() == "flowed":
            text = unflowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
        return text

    def _from_html(self, text: str) -> str:
        shown, links = html_to_text(text)
        if not self.links:
            self.links = links
        return clean_lines(shown)


def _repeats(text: str, plain: set[str], *, is_html: bool) -> bool:
    """Tell whether an HTML part only repeats a plain one that stands beside it."""
    if not text or len(text) > _MAX_REPEATED:
        return False
    words = "".join(filter(str.isalnum, text))
    if not is_html:
        plain.add(words)
    return is_html and words in plain


def _may_be_stub(text: str) -> bool:
    """Tell whether a short plain part may do no more than lead to the HTML part."""
    if len(text) > _STUB_LENGTH:
        return False
    lower = text.lower()
    return any(word in lower for word in _LEADING) or not _MARKS.sub("", text).strip()


def _meta_charset(data: bytes) -> str:
    """Return the charset an HTML document names in its head."""
    match = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", data[:2048], re.I)
    return match[1].decode("ascii", "replace") if match else ""


def is_real(text: str) -> bool:
    """Tell whether a plain part says something itself, rather than pointing to the HTML part."""
    start = text[: _STUB_LENGTH + 1].strip()
    if not start:
        return False
    if len(start) > _STUB_LENGTH or len(text) > 2 * _STUB_LENGTH:
        return True
    lower = start.lower()
    if any(word in lower for word in _STUB_WORDS) and _STUB.search(start):
        return False
    return "{{" not in start or bool(_TEMPLATE.sub("", start).strip())


def unflowed(text: str, *, delsp: bool) -> str:
    """Join the soft line ends of a ``format=flowed`` text (RFC 3676)."""
    out: list[list[str]] = []
    soft = False
    quotes = 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        if depth or body.startswith(" "):
            body = body.removeprefix(" ")
        is_mark = body == "-- "
        joins = soft and depth == quotes and not is_mark
        soft = body.endswith(" ") and not is_mark
        quotes = depth
        piece = body[:-1] if soft and delsp else body
        if joins:
            out[-1].append(piece)
        else:
            out.append([">" * depth + " " if depth else "", piece])
    return "\n".join(["".join(pieces) for pieces in out])
