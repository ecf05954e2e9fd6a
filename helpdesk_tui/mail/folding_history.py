"""Where the mail that an answer repeats begins, when its lines bear no marks of quotation."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from helpdesk_tui.mail.folding_intro import ends_introduction, introduction, is_torn
from helpdesk_tui.mail.folding_lines import LOOK, MARKS, Lines
from helpdesk_tui.mail.folding_phrases import ABOVE_LINE, ORIGINAL, WROTE
from helpdesk_tui.mail.forward_words import FIELDS, ORDER, TITLES, Field

_MAX_BLOCK = 24
"""Lines of a repeated header, with long lists of addressees."""
_NEEDED = 3
"""Kinds of fields that make a header; fewer do below a title or a drawn line."""
_DASHES = "-_=*#~+—–"
_DRAWN = _DASHES + "[(<!"
_BEFORE_DASHES = " \t\xa0>"
_DASHED = re.compile(rf"[ \t>]*[{_DASHES}][{_DASHES} ]+([^{_DASHES}\n].{{0,80}})")
_RULE = re.compile(rf"[ \t\xa0]*+[{_DASHES}]{{2}}[ \t{_DASHES}]*+$")
_AROUND_NAME = MARKS + "><•"
_CLOCK = re.compile(r"\d[:./]\d\d")
_SENT_STARTS = "Mm>"
_SENT_LINE = re.compile(r"(?:message du|message de)\s+\d")


class Start(NamedTuple):
    """Where something that introduces repeated mail begins, and the line behind it."""

    first: int
    end: int


@cache
def _fields() -> dict[str, Field]:
    """Return the kind of each field name; the first language that uses a name fixes it."""
    kinds: dict[str, Field] = {"message du": Field.DATE, "risposta": Field.OTHER}
    for names in FIELDS.values():
        for kind, cell in zip(ORDER, names, strict=True):
            for name in cell.split("|"):
                kinds.setdefault(name, kind)
    return kinds


@cache
def _titles() -> frozenset[str]:
    return frozenset(ORIGINAL) | frozenset(TITLES)


def is_rule(line: str) -> bool:
    """Tell whether a line only draws a line."""
    return line.lstrip(" \t\xa0")[:1] in _DASHES and len(line) < LOOK and bool(_RULE.match(line))


def field_of(line: str) -> Field | None:
    """Return the kind of header field that a line repeats, or None."""
    name, colon, _ = line[:48].partition(":")
    if not colon:
        name, colon, _ = name.partition("：")
    if not colon:
        is_sent = line[:1] in _SENT_STARTS and _SENT_LINE.match(line[:48].lstrip("> ").lower())
        return Field.DATE if is_sent else None
    return _fields().get(name.strip(_AROUND_NAME).lower())


def _title(line: str) -> bool:
    """Tell whether a line is a title above repeated mail."""
    dashed = _DASHED.match(line[:LOOK])
    if dashed:
        if dashed[1].partition("--")[0].strip(_DASHES + MARKS).lower() in _titles():
            return True
        words = dashed[1].rstrip(_DASHES + MARKS)
        closed = len(words) < len(dashed[1].rstrip(MARKS))
        words = words.strip(MARKS).lower()
        return words.rstrip(" :") in _titles() or (
            closed and words.endswith(":") and words[:-1].rstrip().endswith(WROTE)
        )
    words = line[:LOOK].strip(MARKS + ">").lower()
    return words.endswith(":") and words.rstrip(" :") in _titles()


def _asks_above(line: str) -> bool:
    """Tell whether a line asks to answer above it, as helpdesks do."""
    if len(line) > 160 or line[:1] == ">":
        return False
    words = line.lower()
    return any(phrase in words for phrase in ABOVE_LINE) and (
        not line.strip(MARKS)[:1].isalpha() or words.rstrip(" .!").endswith(ABOVE_LINE)
    )


def header_block(lines: Lines, first: int, needed: int = _NEEDED) -> int:
    """Return the line behind the header repeated from ``first`` on, or -1 where none is."""
    if _is_run_together(lines.lines[first]):
        return first + 1
    kinds: set[Field] = set()
    end = number = first
    while number < min(first + _MAX_BLOCK, len(lines)):
        kind = field_of(lines.lines[number])
        if kind is Field.FROM and kind in kinds:
            break
        if kind is not None:
            kinds.add(kind)
            end = number + 1
        else:
            number = _next_field(lines, number, kinds) - 1
            if number < 0:
                break
        number += 1
    known = kinds - {Field.OTHER}
    # a form's fields say who and what, and seldom when
    enough = Field.DATE in known or needed < _NEEDED
    is_header = Field.FROM in known or known >= {Field.DATE, Field.TO, Field.SUBJECT}
    return end if enough and is_header and len(known) >= needed else -1


def _is_run_together(line: str) -> bool:
    """Tell whether a line holds a whole header, its line breaks lost on the way."""
    if len(line) < 40 or line.count(":") + line.count("：") < 3:
        return False
    found = [_label(part) for part in line[: LOOK * 2].replace("：", ":").split(":")[:-1]]
    kinds = {kind for kind in found if kind is not None}
    return kinds >= {Field.FROM, Field.TO, Field.SUBJECT} and found[0] is Field.FROM


def _label(words: str) -> Field | None:
    """Return the kind of field that the last words before a colon name."""
    last = words.replace("*", " ").lower().split()[-3:]
    names = (" ".join(last[at:]) for at in range(len(last)))
    return next((kind for name in names if (kind := _fields().get(name)) is not None), None)


def _next_field(lines: Lines, number: int, kinds: set[Field]) -> int:
    """Return the line of a further field behind one that is none, or -1.

    Blank lines may part fields (HTML made readable), and long lists and subjects go on below.
    """
    limit = 2 if lines.is_blank(number) else 1 + 4 * (Field.TO in kinds or Field.SUBJECT in kinds)
    for at in range(number + 1, min(number + 1 + limit, len(lines))):
        kind = field_of(lines.lines[at])
        if kind is not None and kind not in kinds:
            return at
        if kind is not None or (lines.is_blank(at) and not lines.is_blank(number)):
            return -1
    return -1


def history_at(lines: Lines, number: int) -> Start | None:
    """Return what introduces repeated mail and begins or, as wrapped words do, ends at a line."""
    line = lines.lines[number]
    if not line[:4].strip(MARKS)[:1].isalnum() or line[-3:].rstrip(MARKS).endswith(":"):
        found = _titled(lines, number)
        if found:
            return found
    elif "this line" in line and _asks_above(line):
        return Start(number, number + 1)
    if line[:1] not in _SENT_STARTS and not _has_sign(line):
        return None
    if field_of(line) is not None:
        end = header_block(lines, number)
        if end > 0:
            return Start(number, end)
    if ends_introduction(line):
        certain = lines.is_quoted(lines.filled(number + 1))
        first = introduction(lines, number, certain=certain)
        if first >= 0:
            return Start(first, number + 1)
    return None


def _has_sign(line: str) -> bool:
    """Tell, cheaply, that a line may be a field or end an introduction."""
    return ":" in line or "@" in line or "：" in line or "&lt;" in line


def _titled(lines: Lines, number: int) -> Start | None:
    """Return the title or drawn line above repeated mail, with the header below it."""
    line = lines.lines[number]
    is_drawn = not line[:2].strip(_DRAWN)
    if not (is_drawn or line.lstrip(_BEFORE_DASHES)[:1] in _DASHES or _has_colon(line)):
        return None
    is_known = not is_rule(line) and _title(line)
    if is_known or (_DASHED.match(line[:LOOK]) and line.rstrip()[-1:] in _DASHES) or is_rule(line):
        below = lines.filled(number + 1)
        end = header_block(lines, below, needed=2) if below >= 0 else -1
        if end > 0:
            return Start(number, end)
    return Start(number, number + 1) if is_known or (is_drawn and _asks_above(line)) else None


def _has_colon(line: str) -> bool:
    return line[:LOOK].rstrip(MARKS + ">").endswith(":")


def torn_introduction(lines: Lines, number: int) -> Start | None:
    """Return what introduces repeated mail with a line that looks quoted and is not."""
    line = lines.lines[number]
    if (
        line.startswith(">>>")
        and line[3:LOOK].rstrip().endswith(">>>")
        and _CLOCK.search(line[:LOOK])
    ):
        return Start(number, number + 1)
    if not is_torn(lines, number) or not ends_introduction(line):
        return None
    first = introduction(lines, number, certain=True)
    return Start(first, number + 1) if 0 <= first < number else None
