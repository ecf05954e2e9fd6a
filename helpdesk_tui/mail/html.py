"""HTML bodies as readable text: one pass, no tree, no recursion, no network.

What a reader of the mail would not see (styles, scripts, hidden preheaders) is left out; links
become numbers, with the address each really leads to.
"""

from __future__ import annotations

import html as entities
import re
from urllib.parse import urlsplit

MAX_HTML = 2_000_000
MAX_LINKS = 500
MAX_TAGS = 150_000
"""Tags that are understood; behind them only their text is kept."""
MAX_ADDRESS = 4096
_MAX_INDENT = 6

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_LOOSE_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)([^<>]*+)>?")
_ANY_TAG = re.compile(r"<[^<>]*+>?")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_SPACES = " \t\r\n\f"
_SPLIT = re.compile(r"[ \t\r\n\f]+")
_BIG_ENTITY = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
_HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|max-height\s*+:\s*+0(?:px|\s*;|$)"
    r"|opacity\s*+:\s*+0(?:\.0+)?\s*+(?:;|$)",
    re.IGNORECASE,
)
_HIDDEN_ATTRIBUTE = re.compile(r"(?:^|\s)hidden(?=\s|=|/|$)", re.IGNORECASE)
_SWALLOWED = frozenset({"script", "style", "title", "template", "iframe", "noembed", "xmp",
                        "noframes"})  # fmt: skip
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "param", "source", "track", "wbr"})  # fmt: skip
_BLOCKS = {
    "p": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "table": 1, "ul": 1, "ol": 1,
    "dl": 1, "pre": 1, "blockquote": 1, "div": 1, "tr": 1, "li": 1, "dt": 1, "dd": 1,
    "section": 1, "article": 1, "header": 1, "footer": 1, "main": 1, "nav": 1, "aside": 1,
    "address": 1, "form": 1, "fieldset": 1, "center": 1, "caption": 1, "thead": 1, "tbody": 1,
    "body": 1, "html": 1, "head": 1, "hr": 1, "figure": 1, "figcaption": 1, "option": 1,
}  # fmt: skip


def link_target(address: str) -> tuple[str, str] | None:
    """Return a link's address and the host it really leads to; only http, https, mailto."""
    address = "".join(char for char in address.strip() if char > " " and char != "\x7f")
    if len(address) > MAX_ADDRESS:
        return None
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in ("http", "https", "mailto"):
        return None
    if scheme == "mailto":
        return address, rest.partition("?")[0].rpartition("@")[2].lower()
    address = f"{scheme}:{rest.partition('?')[0].replace(chr(92), '/')}" + "".join(
        rest.partition("?")[1:]
    )
    try:
        host = urlsplit(address).hostname or ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return None
    return (address, host) if host else None


def _plain(text: str) -> str:
    """Resolve character references."""
    if "&" not in text:
        return text
    if "&#" in text:
        text = _BIG_ENTITY.sub("\ufffd", text)
    return entities.unescape(text)


class _Writer:
    """Collects lines: collapses white space, keeps track of breaks, lists and quotes."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.quote = 0
        self.pre = 0
        self._numbers: dict[str, int] = {}
        self._lists: list[int] = []
        self._link = 0
        self._breaks = 0
        self._space = False
        self._mark = ""

    def block(self, lines: int) -> None:
        """Begin a new line, or a new paragraph."""
        self._breaks = max(self._breaks, lines)
        self._space = False

    def line_break(self) -> None:
        """Begin a new line even on an empty one."""
        self._breaks = min(self._breaks + 1, 3)
        self._space = False

    def cell(self) -> None:
        """Keep the cells of a table row apart."""
        self._space = True

    def text(self, text: str) -> None:
        """Write running text."""
        if self.pre:
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self.line_break()
                if line:
                    self._put(line)
            return
        words = " ".join(filter(None, _SPLIT.split(text)))
        if not words:
            self._space = self._space or bool(text)
            return
        if text[0] in _SPACES:
            self._space = True
        self._put(words)
        self._space = text[-1] in _SPACES

    def _put(self, words: str) -> None:
        if self._breaks or not self.out:
            prefix = "> " * min(self.quote, _MAX_INDENT)
            if self.out:
                self.out.append("\n" + f"{prefix}\n" * (self._breaks - 1))
            self.out.append(prefix + self._mark)
        elif self._space:
            self.out.append(" ")
        self._mark = ""
        self._breaks = 0
        self._space = False
        self.out.append(words)

    def open_list(self, *, ordered: bool) -> None:
        """Enter a list."""
        self._lists.append(1 if ordered else 0)

    def close_list(self) -> None:
        """Leave a list."""
        if self._lists:
            self._lists.pop()

    def item(self) -> None:
        """Begin an item of the innermost list."""
        indent = "  " * min(len(self._lists) - 1, _MAX_INDENT) if self._lists else ""
        if self._lists and self._lists[-1]:
            self._mark = f"{indent}{self._lists[-1]}. "
            self._lists[-1] += 1
        else:
            self._mark = f"{indent}• "

    def open_link(self, address: str) -> None:
        """Remember where a link leads until its text has been written."""
        self.close_link()
        target = link_target(address)
        if target is None:
            return
        number = self._numbers.get(target[0])
        if number is None and len(self.links) < MAX_LINKS:
            self.links.append(target)
            number = self._numbers[target[0]] = len(self.links)
        self._link = number or 0

    def image(self, description: str) -> None:
        """Write what stands for an image; outside a link it is mostly decoration."""
        if self._link:
            self.text(description)

    def close_link(self) -> None:
        """Write the number of the link that ends here."""
        if self._link and self.out:
            self.out.append(f" [{self._link}]")
        self._link = 0


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), _plain(double or single or bare))
    return found


class _Reader:
    """Walks over the tags of a document and tells the writer what they mean."""

    def __init__(self, text: str, *, hide: bool) -> None:
        self.text = text
        self.writer = _Writer()
        self.hiding = ""
        self._hide = hide
        self._depth = 0

    def run(self) -> None:
        """Read the whole document."""
        text, position = self.text, 0
        for _ in range(MAX_TAGS):
            at = text.find("<", position)
            if not self.hiding:
                self._data(text[position : at if at >= 0 else len(text)])
            if at < 0:
                return
            position = self._markup(at)
        if not self.hiding:
            self._data(_ANY_TAG.sub(" ", text[position:]))

    def _data(self, text: str) -> None:
        if text:
            self.writer.text(_plain(text))

    def _markup(self, at: int) -> int:
        """Handle what begins at a ``<``; return where reading goes on."""
        text = self.text
        if text.startswith(("<!", "<?"), at):
            mark, skip = ("-->", 4) if text.startswith("<!--", at) else (">", 2)
            stop = text.find(mark, at + min(skip, 2))
            return len(text) if stop < 0 else stop + len(mark)
        match = _TAG.match(text, at) or _LOOSE_TAG.match(text, at)
        if not match:
            if not self.hiding:
                self.writer.text("<")
            return at + 1
        closing, name, rest = match[1], match[2].lower(), match[3]
        if name in _SWALLOWED and not closing:
            end = re.compile(f"</{name}[^>]*+>?", re.IGNORECASE).search(text, match.end())
            return end.end() if end else len(text)
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
        if self._hide and rest and name not in _VOID and name not in ("html", "body"):
            style = _attributes(rest).get("style", "") if "style" in rest.lower() else ""
            if (style and _HIDDEN.search(style)) or _is_hidden_attribute(rest):
                self.hiding, self._depth = name, 1
                return
        writer = self.writer
        if name in _BLOCKS:
            writer.block(_BLOCKS[name])
            self._open_block(name)
        elif name == "br":
            writer.line_break()
        elif name in ("td", "th"):
            writer.cell()
        elif name == "a":
            writer.open_link(_attributes(rest).get("href", ""))
        elif name == "img":
            writer.image(_attributes(rest).get("alt", ""))

    def _open_block(self, name: str) -> None:
        writer = self.writer
        if name == "li":
            writer.item()
        elif name in ("ul", "ol"):
            writer.open_list(ordered=name == "ol")
        elif name == "blockquote":
            writer.quote += 1
        elif name == "pre":
            writer.pre += 1
        elif name == "hr":
            writer.text("---")
            writer.block(1)

    def _close(self, name: str) -> None:
        writer = self.writer
        if name == "a":
            writer.close_link()
        elif name in ("td", "th"):
            writer.cell()
        elif name in _BLOCKS:
            if name == "blockquote":
                writer.quote = max(0, writer.quote - 1)
            elif name == "pre":
                writer.pre = max(0, writer.pre - 1)
            elif name in ("ul", "ol"):
                writer.close_list()
            writer.block(_BLOCKS[name])


def _is_hidden_attribute(rest: str) -> bool:
    return "hidden" in rest.lower() and bool(_HIDDEN_ATTRIBUTE.search(_without_values(rest)))


def _without_values(rest: str) -> str:
    return re.sub(r"\"[^\"]*+\"|'[^']*+'", "", rest)


def html_to_text(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a document as readable lines, and its numbered links as (address, host).

    Linear in the size of the document; what lies beyond 2 million characters is left out.
    """
    html = html[:MAX_HTML].replace("\x00", "")
    reader = _Reader(html, hide=True)
    reader.run()
    if reader.hiding:
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
    return "\n".join(kept).strip("\n"), tuple(reader.writer.links)
