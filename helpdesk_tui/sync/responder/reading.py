"""A page of a site as text: its main part, headings marked as in Markdown; linear, no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.charsets import decode
from helpdesk_tui.mail.html import html_to_text
from helpdesk_tui.mail.html_styles import plain

MOST_TEXT = 100_000
"""Characters of one page that are kept."""
_MOST_HTML = 2_000_000
_MOST_ADDRESSES = 5_000
_LONGEST_TITLE = 200
_REST = r"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_TOKEN = re.compile(
    r"<!--|-->|<(/?)(script|style|template|noscript|svg|iframe|nav|footer|aside|header|main|form|"
    r"dialog|button|select|textarea)\b[^<>]*+>?",
    re.IGNORECASE,
)
_RAW = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "textarea"})
_ASIDE = frozenset({"nav", "footer", "aside", "dialog", "button", "select"})
_HEADING = re.compile(rf"<h([1-6])\b{_REST}>", re.IGNORECASE)
_LINK = re.compile(r"</?a\b[^<>]*+>", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]{0,200}+>([^<]{1,1000}+)", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<html\b[^<>]{0,500}?\slang\s*=\s*[\"']?([a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,2})\b",
    re.IGNORECASE,
)
_META = re.compile(rb"<meta\b[^<>]{0,300}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LOCATION = re.compile(r"<loc\b[^<>]{0,100}+>\s*([^<>\s]{1,2000})\s*</loc", re.IGNORECASE)
_MARK = re.compile(r"#{1,6}")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page."""

    text: str
    title: str = ""
    language: str = ""


def read_page(data: bytes, content_type: str, charset: str) -> Read:
    """Return the readable part of a page; never raises.

    Args:
        data: The page as it came.
        content_type: Such as ``text/html``; anything that is not HTML is taken as plain text.
        charset: As the server says it; the page itself is asked where that is empty.
    """
    found = _META.search(data[:4096])
    label = charset or (found[1].decode("ascii", "replace") if found else "")
    text = decode(data, label).replace("\x00", "")[:_MOST_HTML]
    if "html" not in content_type:
        return Read(text[:MOST_TEXT])
    said = _LANGUAGE.search(text[:4096])
    return Read(
        _readable(text)[:MOST_TEXT],
        _title(text),
        said[1].replace("_", "-") if said else "",
    )


def addresses_in(data: bytes) -> tuple[list[str], bool]:
    """Return the addresses in a sitemap, and whether they are those of further sitemaps.

    Nothing but the addresses is looked for: entities and references in it mean nothing here.
    """
    text = decode(data, "utf-8")[:_MOST_HTML]
    found = (plain(each[1]) for each in islice(_LOCATION.finditer(text), _MOST_ADDRESSES))
    return list(dict.fromkeys(found)), "<sitemapindex" in text[:2000].lower()


def _title(text: str) -> str:
    found = _TITLE.search(text[:200_000])
    return clean(" ".join(plain(found[1]).split()))[:_LONGEST_TITLE] if found else ""


def _readable(html: str) -> str:
    """Return a document as text; the whole of it where nothing is left of its main part."""
    html = _LINK.sub("", html)
    for each in (_main(html), html):
        marked = _HEADING.sub(lambda found: f"{found[0]}{'#' * int(found[1])} ", each)
        text = _joined(html_to_text(marked)[0])
        if text:
            return text
    return ""


def _joined(text: str) -> str:
    """Put the mark of a heading before its words where they stand on a line of their own."""
    lines: list[str] = []
    mark = ""
    for line in text.split("\n"):
        if _MARK.fullmatch(line.strip()):
            mark = line.strip()
        elif mark and line.strip():
            lines.append(f"{mark} {line.strip()}")
            mark = ""
        else:
            lines.append(line)
    return "\n".join(lines).strip()


def _main(html: str) -> str:
    """Return what stands in ``main``, else all, without what is around the text: one pass."""
    cut = _Cut(html)
    for token in _TOKEN.finditer(html):
        cut.take(token)
    return cut.rest()


class _Cut:
    """Collects the parts of a document that are kept while its tags go by."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._kept: list[str] = []
        self._main: list[str] = []
        self._at = 0
        self._skipped = ""
        self._depth = 0
        self._is_main = False
        self._begin = 0

    def take(self, token: re.Match[str]) -> None:
        """Look at a tag."""
        name = "--" if token[0] in ("<!--", "-->") else token[2].lower()
        is_end = token[0] == "-->" or token[1] == "/"
        if self._skipped:
            self._inside(name, token, is_end=is_end)
        elif name == "main":
            self._keep(token.start())
            self._is_main = not is_end
        elif not is_end and self._is_left_out(name):
            self._skipped, self._depth, self._begin = name, 1, token.start()

    def _is_left_out(self, name: str) -> bool:
        # a header within the main part is the head of a text, elsewhere that of the site
        around = name == "header" and not self._is_main
        return name == "--" or name in _RAW or name in _ASIDE or around

    def _inside(self, name: str, token: re.Match[str], *, is_end: bool) -> None:
        if name != self._skipped:
            return
        if name != "--" and name not in _RAW:
            self._depth += -1 if is_end else 1
        elif is_end:
            self._depth = 0
        if self._depth == 0:
            self._keep(self._begin)
            self._at = token.end()
            self._skipped = ""

    def _keep(self, end: int) -> None:
        part = self._html[self._at : end]
        self._kept.append(part)
        if self._is_main:
            self._main.append(part)
        self._at = max(self._at, end)

    def rest(self) -> str:
        """Return what is kept; an element that was never closed hides nothing but itself."""
        is_lost = self._skipped in _RAW or self._skipped == "--"
        self._keep(self._begin if is_lost and self._skipped else len(self._html))
        return " ".join(self._main) if any(map(str.strip, self._main)) else " ".join(self._kept)
