"""What the attributes of an HTML element say about how it looks: hidden, tiny, tight, quoted."""

from __future__ import annotations

import html as entities
import re
from functools import lru_cache
from typing import NamedTuple

_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_STYLE = re.compile(
    r"(?:^|[\s\"'])style\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE
)
_TELLING = re.compile("hidden|display|opacity|height|font-size|visib", re.IGNORECASE)
_VALUES = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_BIG_ENTITY = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
_STOP = r"\s*+(?:!important\s*+)?(?:;|$)"
_HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden"
    r"|max-height\s*+:\s*+0(?:\.0+)?(?:px|pt|em|%)?"
    + _STOP
    + r"|opacity\s*+:\s*+0(?:\.0+)?"
    + _STOP,
    re.IGNORECASE,
)
_NO_HEIGHT = re.compile(r"(?<![\w-])height\s*+:\s*+0(?:px|pt|em|%)?" + _STOP, re.IGNORECASE)
_CUT_OFF = re.compile(r"overflow\s*+:\s*+hidden", re.IGNORECASE)
_HIDDEN_ATTRIBUTE = re.compile(r"(?:^|\s)hidden(?=\s|=|/|$)", re.IGNORECASE)
_SIZE = re.compile(r"font-size\s*+:\s*+(?:(0(?:\.0+)?(?:px|pt|em|rem|%)?)" + _STOP + ")?",
                   re.IGNORECASE)  # fmt: skip
_TIGHT = re.compile(
    r"\bclass\s*+=\s*+[\"']?Mso|margin(?:-bottom)?\s*+:\s*+(?:0(?:px|pt|cm|in|mm)?\s*+){1,4}+(?:[;\"']|$)",
    re.IGNORECASE,
)
_NO_BORDER = re.compile(r"border\s*+:\s*+(?:none|0)", re.IGNORECASE)
_LEAST = 6
"""Characters of the shortest attribute that hides an element."""
_SHORT = 300
_QUOTING = re.compile(r"cite|quote|reply", re.IGNORECASE)


def plain(text: str) -> str:
    """Resolve character references."""
    if "&" not in text:
        return text
    if text.count("&") == text.count("&nbsp;"):
        return text.replace("&nbsp;", "\xa0")
    if "&#" in text:
        text = _BIG_ENTITY.sub("\ufffd", text)
    return entities.unescape(text)


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag; of repeated ones the first counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), plain(double or single or bare))
    return found


class Look(NamedTuple):
    """What the attributes of a tag say about whether its text can be seen."""

    is_hidden: bool
    is_tiny: bool | None
    """Text too small to see; nothing where no size is set."""


_PLAIN = Look(is_hidden=False, is_tiny=None)


def look_of(rest: str) -> Look:
    """Return how the attributes of a tag make its text look."""
    if len(rest) < _LEAST:
        return _PLAIN
    return _known_look(rest) if len(rest) <= _SHORT else _look(rest)


def _look(rest: str) -> Look:
    if not _TELLING.search(rest):
        return _PLAIN
    match = _STYLE.search(rest)
    style = plain(match[1] or match[2] or match[3] or "") if match else ""
    size = _SIZE.search(style)
    return Look(_is_hidden(style, rest), bool(size[1]) if size else None)


_known_look = lru_cache(maxsize=512)(_look)
"""Newsletters repeat the same attributes on most of their tags."""


def attribute(rest: str, name: str) -> str:
    """Return one attribute of a tag, or nothing."""
    return attributes(rest).get(name, "") if name in rest.lower() else ""


def _is_hidden(style: str, rest: str) -> bool:
    """Tell whether a reader would not see an element, as the preheader of a newsletter."""
    if style and _HIDDEN.search(style):
        return True
    if style and _NO_HEIGHT.search(style) and _CUT_OFF.search(style):
        return True
    return "hidden" in rest.lower() and bool(_HIDDEN_ATTRIBUTE.search(_VALUES.sub("", rest)))


def is_tight(rest: str) -> bool:
    """Tell whether a paragraph leaves no space below it, as those of word processors."""
    return bool(rest) and bool(_TIGHT.search(rest))


def is_indent(rest: str) -> bool:
    """Tell whether a blockquote only moves text to the right, as "indent" buttons do."""
    return bool(rest) and bool(_NO_BORDER.search(rest)) and not _QUOTING.search(rest)
