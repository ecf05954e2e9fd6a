"""The line by which a mail program introduces quoted mail ("On Monday, Ana wrote:")."""

from __future__ import annotations

import re
from functools import cache

from helpdesk_tui.mail.folding_lines import LOOK, MARKS, Lines
from helpdesk_tui.mail.folding_wrote import (
    INTRODUCTIONS,
    UNSPACED_LAST,
    UNSPACED_STARTS,
    WEEKDAYS,
    words_of,
)

_MAX_LINES = 5
_MAX_NAME = 60
_END_MARKS = MARKS + "->—"
_AFTER_WROTE = _END_MARKS + ":：,;.()[]\"'…"
_DATE = re.compile(r"(?<!\d)(?:(?:19|20|25|٢٠|۲۰)\d\d(?!\d)|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2})|年")
_TIME = re.compile(r"(?<!\d)\d{1,2}(?:[:.h時时]\d\d|時|时)")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|<[^<>]*>|<\s*$|&lt;")
_ADDRESS_LAST = re.compile(r"(?:@[^\s<>@]+|>|&gt;)[\s)\]>\"'”]*$")
_DIGITS = re.compile(r"\d")


@cache
def _last_words() -> tuple[str, ...]:
    return (*words_of(tuple(row.last for row in INTRODUCTIONS.values())), *UNSPACED_LAST)


@cache
def _middle_words() -> tuple[str, ...]:
    return tuple(words_of(tuple(row.middle for row in INTRODUCTIONS.values())))


def _ends_wrote(text: str) -> bool:
    """Tell whether a text in lower case ends with "wrote", in languages that put it last."""
    tail = text[-40:].rstrip(_AFTER_WROTE)
    if tail.endswith("("):
        tail = tail[:-1].rstrip(_AFTER_WROTE)
    if not tail.endswith(_last_words()):
        return False
    if tail.endswith(UNSPACED_LAST):
        return True
    fitting = (word for word in _last_words() if tail.endswith(word))
    return any(not tail[: -len(word)][-1:].isalnum() for word in fitting)


def _has_wrote(text: str) -> bool:
    """Tell whether a text in lower case has "wrote", in languages that put it in the middle."""
    for word in _middle_words():
        at = text.find(word)
        if at >= 0 and not text[:at][-1:].isalnum() and not text[at + len(word) :][:1].isalnum():
            return True
    return False


@cache
def _starts() -> frozenset[str]:
    """Return the first words with which an introduction may begin."""
    cells = [row.starts for row in INTRODUCTIONS.values()]
    verbs = words_of(tuple(row.middle for row in INTRODUCTIONS.values()))
    return words_of((*cells, *WEEKDAYS.values())) | {verb.split(" ")[0] for verb in verbs}


@cache
def _weekdays() -> frozenset[str]:
    return words_of(tuple(WEEKDAYS.values()))


def _starts_dated(text: str) -> bool:
    """Tell whether words begin as an introduction with a date does; they are in lower case."""
    first = text.lstrip(_END_MARKS)[:24]
    if not first or first[0].isdigit() or first.startswith(UNSPACED_STARTS):
        return True
    return first.split(None, 1)[0].strip(",.:(\"'") in _starts() and bool(_DIGITS.search(text[:60]))


def _starts_with_date(text: str) -> bool:
    """Tell whether words begin with a date, with or without the day's name before it."""
    first = text.lstrip(_END_MARKS)[:24]
    if first[:1].isdigit() or first.startswith(UNSPACED_STARTS):
        return True
    word = first.split(None, 1)[0] if first.strip() else ""
    known = word.strip(",.") in _weekdays() or (len(word) <= 5 and word.endswith((",", ".")))
    return (known or word in {"on", "בתאריך", "den"}) and bool(_DIGITS.search(text[:30]))


def _introduces(text: str, *, colon: bool) -> bool:
    """Tell whether joined lines, in lower case, introduce a quotation."""
    has_address = bool(_ADDRESS.search(text))
    date, time = bool(_DATE.search(text)), bool(_TIME.search(text))
    last = _ends_wrote(text)
    if not colon:
        return last and has_address and date and time and _starts_dated(text)
    if last and (date or time) and _starts_dated(text):
        return True
    if (date or time) and _has_wrote(text):
        return _starts_dated(text) or has_address
    addressed = _ADDRESS_LAST.search(text.rstrip(MARKS + "-—:：")[-_MAX_NAME:])
    return date and time and bool(addressed) and _starts_with_date(text)


def _names_writer(text: str) -> bool:
    """Tell whether a line in lower case is a name or address and "wrote", without a date."""
    return _ends_wrote(text) and bool(_ADDRESS.search(text))


def _is_bare(text: str) -> bool:
    """Tell whether a line in lower case may introduce the quotation that certainly follows."""
    if _ends_wrote(text):
        return len(text) <= _MAX_NAME or _starts_dated(text)
    return "@" in text or len(_DIGITS.findall(text)) > 5


def ends_introduction(line: str) -> bool:
    """Tell, cheaply, whether a line may be the last one of an introduction."""
    tail = line[-40:].rstrip(_END_MARKS)
    if tail.endswith((":", "：")):
        return True
    return ("@" in line or "&lt;" in line) and _ends_wrote(tail.lower())


def introduction(lines: Lines, last: int, *, certain: bool) -> int:
    """Return the first line of the introduction that ends at ``last``, or -1 if none does.

    Args:
        lines: the body.
        last: a line for which ``ends_introduction`` holds.
        certain: a marked quotation follows, so that less of an introduction is enough.
    """
    end = lines.lines[last][-LOOK:].lower()
    colon = end.rstrip(_END_MARKS).endswith((":", "："))
    joined = ""
    for taken, first in enumerate(_upwards(lines, last)):
        joined = f"{lines.lines[first][:LOOK].strip().lower()} {joined}".rstrip() if taken else end
        if _introduces(joined.strip(), colon=colon):
            return first - 1 if _is_torn_date(lines, first) else first
    if _names_writer(end):
        above = lines.lines[last - 1] if last and not lines.is_quoted(last - 1) else ""
        alone = end.lstrip(MARKS).startswith(("<", "wrote"))
        return last - 1 if alone and 0 < len(above.strip()) <= _MAX_NAME else last
    if certain and _is_bare(end):
        return last
    return -1


def _is_torn_date(lines: Lines, number: int) -> bool:
    """Tell whether the line above holds the beginning of the date that goes on at ``number``."""
    if number == 0 or lines.is_blank(number - 1) or lines.is_quoted(number - 1):
        return False
    if not lines.lines[number].lstrip(MARKS)[:1].isdigit():
        return False
    above = lines.lines[number - 1].strip().lower()
    word = above.split(None, 1)[0].strip(_END_MARKS + ",.")
    return len(above) < LOOK and word in _starts() and not above.endswith(("!", "?", ":"))


def _upwards(lines: Lines, last: int) -> list[int]:
    """Return the lines that may belong to an introduction, from its last one upwards."""
    taken = [last]
    number = last - 1
    while number >= 0 and len(taken) < _MAX_LINES:
        below = lines.lines[taken[-1]].lstrip(MARKS)
        if lines.is_blank(number):
            # only an address that was torn off stands apart from what precedes it
            if not below.startswith(("<", ">", "mailto:")) or lines.is_blank(number - 1):
                break
            number -= 1
            continue
        if lines.is_quoted(number) and not is_torn(lines, number):
            break
        taken.append(number)
        number -= 1
    return taken


def is_torn(lines: Lines, number: int) -> bool:
    """Tell whether a line only looks quoted: it closes the address opened on the line above."""
    line = lines.lines[number]
    if not line.startswith(">") or len(line) > _MAX_NAME or number == 0:
        return False
    above = lines.lines[number - 1][-LOOK:]
    return above.rfind("<") > above.rfind(">") or (
        above.lstrip(MARKS).startswith("mailto:") and not lines.is_quoted(number - 1)
    )
