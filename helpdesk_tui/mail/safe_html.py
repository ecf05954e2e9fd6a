"""A mail's HTML made safe for a browser: written anew from a short list of tags and attributes.

Nothing of the mail is passed through: each tag, attribute and piece of text is read, judged and
written again, so that whatever a browser reads differently than we do, it reads only what stands
on the lists. One pass, no tree, no recursion.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.mail.html import link_target

MAX_HTML = 2_000_000
MAX_TAGS = 150_000
MAX_DEPTH = 200
_MAX_STYLE = 2_000
_MAX_PICTURE = 6_000_000

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_LOOSE_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30}+)([^<>]*+)>?")
_ATTRIBUTE = re.compile(
    r"(?<![\w:-])([A-Za-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))"
)
_BIG_ENTITY = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*+", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[\w#%.,+ -]{0,100}+")
_STYLE_VALUE = re.compile(r"(?:rgba?\([\d\s.,%]*+\)|[#\w.,%\s'\"+!-])*+")

_TAGS_NAMES = """
    a abbr address article aside b big blockquote br caption center cite code col colgroup dd del
    dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
    mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th
    thead tr tt u ul var wbr
"""
_TAGS = frozenset(_TAGS_NAMES.split())
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_SWALLOWED_NAMES = """
    script style title template iframe noembed noframes xmp svg math object applet audio video
    plaintext
"""
_SWALLOWED = frozenset(_SWALLOWED_NAMES.split())
_TEXT_ATTRIBUTES = frozenset({"title", "alt"})
_ATTRIBUTES_NAMES = """
    dir lang align valign bgcolor color width height border cellpadding cellspacing colspan rowspan
    start face size nowrap span
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_NAMES.split())
_STYLES_NAMES = """
    background-color border border-bottom border-collapse border-color border-left border-radius
    border-right border-spacing border-style border-top border-width clear color direction display
    float font font-family font-size font-style font-variant font-weight height letter-spacing
    line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-height
    max-width min-height min-width overflow padding padding-bottom padding-left padding-right
    padding-top table-layout text-align text-decoration text-indent text-transform vertical-align
    visibility white-space width word-break word-spacing
"""
_STYLES = frozenset(_STYLES_NAMES.split())


def safe_html(html: str, pictures: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a document as a fragment that cannot run, load or send anything.

    Linear in the size of the document; what lies beyond 2 million characters is left out.

    Args:
        html: The HTML part of a mail.
        pictures: Inline pictures by Content-ID, as ``data:`` addresses.
    """
    writer = _Writer(pictures)
    text = html[:MAX_HTML].replace("\x00", "")
    position = 0
    for _ in range(MAX_TAGS):
        at = text.find("<", position)
        writer.text(text[position : at if at >= 0 else len(text)])
        if at < 0:
            break
        position = _markup(text, at, writer)
    return writer.finished()


def _markup(text: str, at: int, writer: _Writer) -> int:
    """Handle what begins at a ``<``; return where reading goes on."""
    if text.startswith(("<!", "<?"), at):
        mark, skip = ("-->", 2) if text.startswith("<!--", at) else (">", 2)
        stop = text.find(mark, at + skip)
        return len(text) if stop < 0 else stop + len(mark)
    match = _TAG.match(text, at) or _LOOSE_TAG.match(text, at)
    if match is None:
        writer.text("<")
        return at + 1
    closing, name, rest = match[1], match[2].lower(), match[3]
    if closing:
        writer.close(name)
    elif name in _SWALLOWED:
        end = re.compile(f"</{name}[^>]*+>?", re.IGNORECASE).search(text, match.end())
        return end.end() if end else len(text)
    elif name in _TAGS:
        writer.open(name, _attributes(rest))
    return match.end()


def unescaped(text: str) -> str:
    """Resolve character references; numbers no character has become a replacement sign."""
    if "&" not in text:
        return text
    return entities.unescape(_BIG_ENTITY.sub("\ufffd", text) if "&#" in text else text)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescaped(double or single or bare))
    return found


class _Writer:
    """Writes safe HTML; every tag it opens it closes again."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._pictures = pictures
        self._out: list[str] = []
        self._open: list[str] = []
        self._host = ""
        self._picture_room = _MAX_PICTURE

    def text(self, text: str) -> None:
        """Write text; nothing in it is markup."""
        if text:
            self._out.append(entities.escape(clean_lines(unescaped(text)), quote=False))

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Write the beginning of an element."""
        if name == "img":
            self._picture(attributes)
            return
        if name == "a":
            self.close("a")
        written = "".join(_written(attributes))
        if name == "a":
            written += self._link(attributes.get("href", ""))
        if name in _VOID:
            self._out.append(f"<{name}{written}>")
        elif len(self._open) < MAX_DEPTH:
            self._open.append(name)
            self._out.append(f"<{name}{written}>")

    def close(self, name: str) -> None:
        """Write the end of an element and of all that is still open in it."""
        if name not in self._open:
            return
        while (last := self._open.pop()) != name:
            self._end(last)
        self._end(name)

    def finished(self) -> str:
        """Return everything, with no element left open."""
        while self._open:
            self._end(self._open.pop())
        return "".join(self._out)

    def _end(self, name: str) -> None:
        self._out.append(f"</{name}>")
        if name == "a" and self._host:
            shown = entities.escape(clean(self._host))
            self._out.append(f' <small class="desk-host">[{shown}]</small>')
            self._host = ""

    def _link(self, address: str) -> str:
        target = link_target(address)
        self._host = target[1] if target is not None else ""
        if target is None:
            return ""
        href = entities.escape(clean(target[0]))
        return f' href="{href}" rel="noopener noreferrer nofollow" target="_blank"'

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if source[:4].lower() == "cid:":
            source = self._pictures.get(source[4:].strip("<>"), "")
        if len(source) <= self._picture_room and _PICTURE.fullmatch(source):
            self._picture_room -= len(source)
            written = "".join(_written(attributes))
            self._out.append(f'<img{written} src="{entities.escape(source)}">')
            return
        label = clean(attributes.get("alt", "")).strip()
        if label and not _is_dot(attributes):
            self._out.append(f'<span class="desk-picture">{entities.escape(label[:200])}</span>')


def _is_dot(attributes: Mapping[str, str]) -> bool:
    """Tell a picture that nobody is meant to see."""
    return any(attributes.get(name, "").strip() in ("0", "1") for name in ("width", "height"))


def _written(attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield the attributes that are on the lists, with values that cannot be anything else."""
    for name, value in attributes.items():
        if name in _TEXT_ATTRIBUTES:
            yield f' {name}="{entities.escape(clean(value[:500]))}"'
        elif name in _ATTRIBUTES and _PLAIN_VALUE.fullmatch(value):
            yield f' {name}="{entities.escape(clean(value))}"'
        elif name == "style" and (style := "; ".join(_styles(value))):
            yield f' style="{entities.escape(style)}"'


def _styles(text: str) -> Iterator[str]:
    """Yield the declarations that are on the list; none can load, cover or move over anything."""
    for declaration in text[:_MAX_STYLE].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), clean(value).strip()
        if name not in _STYLES or not value or not _STYLE_VALUE.fullmatch(value):
            continue
        if not (name.startswith("margin") and "-" in value):
            yield f"{name}: {value}"
