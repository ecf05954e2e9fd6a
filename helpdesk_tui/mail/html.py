"""HTML bodies as readable text: one pass, no tree, no recursion, no network.

What a reader of the mail would not see (styles, scripts, hidden preheaders) is left out; links
become numbers, with the address each really leads to.
"""

from __future__ import annotations

import re

from helpdesk_tui.mail.html_links import link_target as link_target
from helpdesk_tui.mail.html_styles import (
    attribute,
    is_indent,
    is_tight,
    look_of,
    plain,
)
from helpdesk_tui.mail.html_writer import Writer

MAX_HTML = 2_000_000
MAX_TAGS = 150_000
"""Tags that are understood; behind them only their text is kept."""

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_LOOSE_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)([^<>]*+)>?")
_ANY_TAG = re.compile(r"<[^<>]*+>?")
_SWALLOWED = frozenset({"script", "style", "title", "template", "iframe", "noembed", "xmp",
                        "noframes"})  # fmt: skip
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "param", "source", "track", "wbr"})  # fmt: skip
_NEVER_HIDDEN = _VOID | {"html", "body"}
_BLOCKS = {
    "p": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "table": 1, "ul": 1, "ol": 1,
    "dl": 1, "pre": 1, "blockquote": 1, "div": 1, "tr": 1, "li": 1, "dt": 1, "dd": 1,
    "section": 1, "article": 1, "header": 1, "footer": 1, "main": 1, "nav": 1, "aside": 1,
    "address": 1, "form": 1, "fieldset": 1, "center": 1, "caption": 1, "thead": 1, "tbody": 1,
    "body": 1, "html": 1, "head": 1, "hr": 1, "figure": 1, "figcaption": 1, "option": 1,
}  # fmt: skip


class _Sized:
    """An open element that sets the size of its text, and how many of its kind are inside."""

    __slots__ = ("depth", "is_tiny", "name")

    def __init__(self, name: str, *, is_tiny: bool) -> None:
        self.name = name
        self.is_tiny = is_tiny
        self.depth = 1


class _Reader:
    """Walks over the tags of a document and tells the writer what they mean."""

    def __init__(self, text: str, *, hide: bool) -> None:
        self.text = text
        self.writer = Writer()
        self.hiding = ""
        self._hide = hide
        self._depth = 0
        self._sizes: list[_Sized] = []
        self._paragraph = 2
        self._quotes: list[bool] = []

    @property
    def is_open(self) -> bool:
        """Tell whether something that hides text was never closed."""
        return bool(self.hiding or self._sizes)

    def run(self) -> None:
        """Read the whole document."""
        text, position = self.text, 0
        for _ in range(MAX_TAGS):
            at = text.find("<", position)
            if at != position and not self.hiding:
                self._data(text[position : at if at >= 0 else len(text)])
            if at < 0:
                return
            match = _TAG.match(text, at)
            position = self._tag(match) if match else self._markup(at)
        if not self.hiding:
            self._data(_ANY_TAG.sub(" ", text[position:]))

    def _data(self, text: str) -> None:
        if text and not (self._sizes and self._sizes[-1].is_tiny):
            self.writer.text(plain(text) if "&" in text else text)

    def _markup(self, at: int) -> int:
        """Handle a ``<`` that begins no whole tag; return where reading goes on."""
        text = self.text
        if text.startswith(("<!", "<?"), at):
            mark, skip = ("-->", 4) if text.startswith("<!--", at) else (">", 2)
            stop = text.find(mark, at + min(skip, 2))
            return len(text) if stop < 0 else stop + len(mark)
        match = _LOOSE_TAG.match(text, at)
        if match:
            return self._tag(match)
        if not self.hiding:
            self.writer.text("<")
        return at + 1

    def _tag(self, match: re.Match[str]) -> int:
        """Handle a tag; return where reading goes on."""
        closing, name, rest = match.groups()
        name = name.lower()
        if name in _SWALLOWED and not closing:
            end = re.compile(f"</{name}[^>]*+>?", re.IGNORECASE).search(self.text, match.end())
            return end.end() if end else len(self.text)
        if self.hiding:
            self._hidden(name, closing, rest)
        elif closing:
            self._close(name)
        else:
            self._open(name, rest)
        return match.end()

    def _hidden(self, name: str, closing: str, rest: str) -> None:
        """Count tags of the hidden element's kind until it ends."""
        if name == self.hiding and not rest.endswith("/"):
            self._depth += -1 if closing else 1
            if self._depth == 0:
                self.hiding = ""

    def _open(self, name: str, rest: str) -> None:
        if self._hide and (rest or self._sizes) and name not in _NEVER_HIDDEN:
            look = look_of(rest)
            if look.is_hidden:
                self.hiding, self._depth = name, 1
                return
            if look.is_tiny is not None or self._sizes:
                self._size(name, look.is_tiny)
        writer = self.writer
        if name in _BLOCKS:
            if name == "p":
                self._paragraph = 1 if is_tight(rest) else 2
            writer.block(self._paragraph if name == "p" else _BLOCKS[name])
            self._open_block(name, rest)
        elif name == "br":
            writer.line_break()
        elif name in ("td", "th"):
            writer.open_cell(is_head=name == "th")
        elif name == "a":
            writer.open_link(attribute(rest, "href"))
        elif name == "img":
            writer.image(attribute(rest, "alt"))

    def _size(self, name: str, tiny: bool | None) -> None:
        """Keep track of text too small to see, inside which larger text may stand again."""
        if tiny is not None and (tiny or self._sizes):
            self._sizes.append(_Sized(name, is_tiny=tiny))
        elif self._sizes and self._sizes[-1].name == name:
            self._sizes[-1].depth += 1

    def _open_block(self, name: str, rest: str) -> None:
        writer = self.writer
        if name == "li":
            writer.item()
        elif name in ("ul", "ol"):
            writer.open_list(ordered=name == "ol", start=attribute(rest, "start"))
        elif name == "blockquote":
            self._quotes.append(not is_indent(rest))
            writer.quote += self._quotes[-1]
        elif name == "table":
            writer.open_table(is_data=attribute(rest, "border") not in ("", "0", "0px"))
        elif name == "tr":
            writer.open_row()
        elif name == "pre":
            writer.pre += 1
        elif name == "hr":
            writer.text("---")
            writer.block(1)

    def _close(self, name: str) -> None:
        writer = self.writer
        if self._sizes and self._sizes[-1].name == name:
            self._sizes[-1].depth -= 1
            if not self._sizes[-1].depth:
                self._sizes.pop()
        if name == "a":
            writer.close_link()
        elif name in ("td", "th"):
            writer.close_cell()
        elif name in _BLOCKS:
            self._close_block(name)
            writer.block(self._paragraph if name == "p" else _BLOCKS[name])

    def _close_block(self, name: str) -> None:
        writer = self.writer
        if name == "blockquote":
            writer.quote -= self._quotes.pop() if self._quotes else 0
        elif name == "pre":
            writer.pre = max(0, writer.pre - 1)
        elif name in ("ul", "ol"):
            writer.close_list()
        elif name == "table":
            writer.close_table()


def html_to_text(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a document as readable lines, and its numbered links as (address, host).

    Linear in the size of the document; what lies beyond 2 million characters is left out.
    """
    html = html[:MAX_HTML].replace("\x00", "")
    reader = _Reader(html, hide=True)
    reader.run()
    if reader.is_open:
        # an element that is hidden and never closed would swallow the message
        reader = _Reader(html, hide=False)
        reader.run()
    reader.writer.close_link()
    text = "".join(reader.writer.out)
    lines = [line.rstrip(" \xa0\t") for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n"), tuple(reader.writer.links.found)
