"""The text of a macro that another helpdesk keeps as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINE = frozenset({"br", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr"})
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = frozenset({"script", "style", "head", "title"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(
    r"<(?:br|p|div|a|b|i|u|em|strong|span|ul|ol|li|h[1-6]|table|img)\b[^>]*>", re.I
)
_TAG = re.compile(r"<[^>]*>")
_MANY_LINES = re.compile(r"\n{3,}")


def is_html(text: str) -> bool:
    """Tell whether a text is marked up."""
    return _MARKUP.search(text) is not None


def html_text(source: str) -> str:
    """Return the text of a piece of HTML: lines and paragraphs kept, links written out."""
    reader = _TextReader()
    try:
        reader.feed(source)
        reader.close()
    except AssertionError:
        # the parser's own complaint about broken declarations
        return _TAG.sub("", source).strip()
    lines = [line.strip() for line in "".join(reader.out).split("\n")]
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _TextReader(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a paragraph or a link."""
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _PARAGRAPH:
            self._begin(2)
        elif tag == "br":
            self.out.append("\n")
        elif tag in _LINE:
            self._begin(1)
            self.out.append("- " if tag == "li" else "")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.out)))

    def handle_endtag(self, tag: str) -> None:
        """End a line, a paragraph or a link."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _PARAGRAPH:
            self._begin(2)
        elif tag in _LINE and tag != "br":
            self._begin(1)
        elif tag == "a" and self._links:
            target, start = self._links.pop()
            shown = "".join(self.out[start:]).strip()
            if target.startswith(("http://", "https://", "{{")) and target != shown:
                self.out.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._hidden:
            text = _SPACES.sub(" ", data)
            self.out.append(text.lstrip() if self._at_line() else text)

    def _at_line(self) -> bool:
        return not self.out or self.out[-1].endswith("\n")

    def _begin(self, breaks: int) -> None:
        """End the line that stands, with this many breaks in all."""
        if not self.out:
            return
        tail = "".join(self.out[-3:])
        there = len(tail) - len(tail.rstrip("\n"))
        if tail.strip("\n") or len(self.out) > 1:
            self.out.append("\n" * max(0, breaks - there))
