"""Text hygiene: what outside text may look like when it is shown, indexed or printed.

Everything that came from outside (subjects, names, bodies, file names, error texts) goes through
:func:`clean` when it is stored and again when it is drawn, so that no character of it can reach a
terminal as a control sequence or rearrange what stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BEYOND = re.compile("[\U00010000-\U0001efff]")
_ZWJ = "\u200d"
_BEFORE_MARKS = "\u02ff"
"""No combining mark and no joiner comes before this character."""
_FEW = 12
"""Kinds of characters up to which replacing each beats translating the whole text."""
_MAX_MARKS = 3
"""Combining marks kept on one base character; more of them paint over the neighbours."""


_PICTURE_CELL = 0x10EEEE
"""What some terminals draw a part of a picture in place of."""
_INVISIBLE = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x2065, *range(0xFFF0, 0xFFF9)})


def _visible(codepoint: int) -> str:
    """Return the visible stand-in of a control character (Unicode control pictures)."""
    if codepoint < 0x20:
        return chr(0x2400 + codepoint)
    if codepoint == 0x7F:
        return "\u2421"
    return "\ufffd"


def _is_dropped(codepoint: int, category: str) -> bool:
    if category == "Cf":
        return True
    # tags, variation selectors and what Unicode keeps free beside them; Hangul fillers and other
    # blanks that are letters by category
    return 0xE0000 <= codepoint <= 0xE0FFF or codepoint in _INVISIBLE


class _CleanTable(dict[int, "str | int | None"]):
    """A translation table that decides about each character once, when it is first met."""

    def __init__(self, keep: dict[int, str | int | None]) -> None:
        super().__init__(keep)
        self._plain: set[str] = set()

    def __missing__(self, codepoint: int) -> str | int | None:
        category = unicodedata.category(chr(codepoint))
        result: str | int | None = codepoint
        if _is_dropped(codepoint, category):
            result = None
        elif category in ("Cc", "Cs", "Zl", "Zp") or codepoint == _PICTURE_CELL:
            result = _visible(codepoint)
        elif category == "Zs" and codepoint != 0x20:
            result = " "
        self[codepoint] = result
        return result

    def cleaned(self, text: str) -> str:
        """Return a text with its characters translated and its piles of marks cut.

        In most texts every character stays, and in most others only a few kinds of them change.
        """
        met = set(text) - self._plain
        if not met:
            return text
        joining = {char for char in met if char > _BEFORE_MARKS and _is_joining(char)}
        changed = {char for char in met - joining if self[ord(char)] != ord(char)}
        self._plain |= met - joining - changed
        changed |= {char for char in joining if self[ord(char)] != ord(char)}
        if len(changed) > _FEW:
            text = text.translate(self)
        else:
            for char in changed:
                new = self[ord(char)]
                text = text.replace(char, new if isinstance(new, str) else chr(new) if new else "")
        return _finish(text) if joining else text


def _is_joining(char: str) -> bool:
    return char == _ZWJ or unicodedata.category(char) in ("Mn", "Me")


_ONE_LINE = _CleanTable({0x09: " ", 0x0A: " ", 0x0D: " ", 0x200D: 0x200D, 0x2028: " ", 0x2029: " "})
_MANY_LINES = _CleanTable({0x09: "    ", 0x0A: 0x0A, 0x200D: 0x200D, 0x2028: 0x0A, 0x2029: 0x0A})


def _marks(*ranges: tuple[int, int]) -> str:
    return "".join(
        chr(point)
        for low, high in ranges
        for point in range(low, high)
        if unicodedata.category(chr(point)) in ("Mn", "Me")
    )


@cache
def _piles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile the patterns of a pile of marks: of the basic plane, and of the ones beyond it.

    They are two because a set beyond the basic plane is searched range by range.
    """
    basic = _marks((0x300, 0x3400), (0xA000, 0xAC00), (0xF900, 0x10000))
    beyond = _marks((0x10000, 0x12000), (0x16A00, 0x17000), (0x1BC00, 0x1F000))
    pile = "([{0}]{{{1}}})[{0}]+"
    return re.compile(pile.format(basic, _MAX_MARKS)), re.compile(pile.format(beyond, _MAX_MARKS))


def _joined_emoji(text: str) -> str:
    """Drop every zero-width joiner that does not stand between two pictographs."""
    parts = text.split(_ZWJ)
    out = [parts[0]]
    for part in parts[1:]:
        left = out[-1][-1:]
        if left == "\ufe0f":
            left = out[-1][-2:-1]
        glued = bool(left and part) and _is_pictograph(left) and _is_pictograph(part[0])
        out.append((_ZWJ if glued else "") + part)
    return "".join(out)


def _is_pictograph(char: str) -> bool:
    point = ord(char)
    return 0x1F000 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF or point in (0x2B1B, 0x2B50)


def _finish(text: str) -> str:
    if _ZWJ in text:
        text = _joined_emoji(text)
    basic, beyond = _piles()
    text = basic.sub(r"\1", text)
    return beyond.sub(r"\1", text) if _BEYOND.search(text) else text


def clean(text: str) -> str:
    """Return ``text`` as one harmless line.

    Control characters become visible symbols, line breaks and tabs become spaces, format
    characters (bidi overrides, zero width, tags, soft hyphens) disappear, piles of combining
    marks are cut to three. Linear in the length of the text.
    """
    if text.isascii() and text.isprintable():
        return text
    return _ONE_LINE.cleaned(text)


def clean_lines(text: str) -> str:
    """Return ``text`` as harmless lines: like :func:`clean`, but line feeds stay.

    CR LF counts as one line feed; a bare CR is shown, so that it cannot overwrite anything.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _MANY_LINES.cleaned(text)


def shorten(text: str, length: int) -> str:
    """Return ``text`` cut to ``length`` characters, with an ellipsis where something went."""
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + "…"


_SPECIAL_FOLDS = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ß": "ss", "æ": "ae", "Æ": "ae",
     "œ": "oe", "Œ": "oe", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i"}
)  # fmt: skip
_FOREIGN = re.compile("[^\x00-\x7f]+(?: [^\x00-\x7f]+)*")


@cache
def _ideographs() -> re.Pattern[str]:
    """Compile the pattern of Chinese and Japanese characters: so many cost a start time."""
    return re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


class _FoldTable(dict[int, str]):
    """A translation table that folds each character once, when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(codepoint).translate(_SPECIAL_FOLDS))
        plain = "".join([char for char in plain if not unicodedata.combining(char)])
        self[codepoint] = found = _ideographs().sub(r" \g<0> ", plain).casefold()
        return found


_FOLDS = _FoldTable()


def _fold_run(match: re.Match[str]) -> str:
    return match[0].translate(_FOLDS)


def fold(text: str) -> str:
    """Return ``text`` as the search index sees it: no case, no accents, ideographs apart.

    Letters that Unicode does not decompose (ł, ø, đ, ß …) get their plain twin; Chinese and
    Japanese characters are set apart by spaces, so that a run of them is found as a phrase.
    """
    if text.isascii():
        return text.lower()
    return _FOREIGN.sub(_fold_run, text.lower())
