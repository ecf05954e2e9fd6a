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
_MAX_JOINED = 500
_MAX_NAME = 60
_END_MARKS = MARKS + "->—"
_AFTER_WROTE = _END_MARKS + ":：,;.()[]\"'…"
_BY_ONESELF = (" i wrote", " we wrote", " ich schrieb", " wir schrieben")
_DATE = re.compile(r"(?<!\d)(?:(?:19|20|25|٢٠|۲۰)\d\d(?!\d)|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2})|年")
_TIME = re.compile(r"(?<!\d)\d{1,2}(?:[:.h時时]\d\d|時|时)")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|<[^<>]*>|<\s*$|&lt;")
_ADDRESS_LAST = re.compile(r"(?:@[^\s<>@]+|>|&gt;)[\s)\]>\"'”]*$")
_DIGITS = re.compile(r"\d")


@cache
def _last_words() -> tuple[str, ...]:
    words = words_of(tuple(row.last for row in INTRODUCTIONS.values()))
    return (*words, *(word.rstrip(")") for word in words if word.endswith(")")), *UNSPACED_LAST)


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
    date, time = bool(_DATE.search(text)), bool(_TIME.search(text))
    if not (date or time):
        return False
    has_address = bool(_ADDRESS.search(text))
    last = _ends_wrote(text) and not text.rstrip(_AFTER_WROTE).endswith(_BY_ONESELF)
    if not colon:
        return last and has_address and date and time and _starts_dated(text)
    if last and (_starts_dated(text) or _starts_with_writer(text)):
        return True
    if _has_wrote(text):
        return _starts_dated(text) or has_address or (date and time and _is_signed(text))
    addressed = _ADDRESS_LAST.search(text.rstrip(MARKS + "-—:：")[-_MAX_NAME:])
    if not addressed or not date:
        return False
    if time:
        return _starts_with_date(text)
    return len(text) <= 2 * _MAX_NAME and text.lstrip(_END_MARKS)[:1].isdigit()


def _is_signed(text: str) -> bool:
    """Tell whether a text in lower case is a name, "wrote" and a date, in this order."""
    words = text.split()
    for word in _middle_words():
        if word in words[1:5]:
            return bool(_DIGITS.search(" ".join(words[words.index(word, 1) : 9])))
    return False


def _names_writer(text: str) -> bool:
    """Tell whether a line in lower case is a name or address and "wrote", without a date."""
    is_named = _ADDRESS.search(text) or (" via " in text and len(text) <= _MAX_NAME)
    return bool(is_named) and _ends_wrote(text)


def _is_bare(text: str) -> bool:
    """Tell whether a line in lower case may introduce the quotation that certainly follows."""
    if _ends_wrote(text):
        return len(text) <= 2 * _MAX_NAME or _starts_dated(text)
    return "@" in text or bool(_DATE.search(text)) or bool(_TIME.search(text))


def ends_introduction(line: str) -> bool:
    """Tell, cheaply, whether a line may be the last one of an introduction."""
    if len(line) > _MAX_JOINED:
        return False
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
    end = lines.lines[last].lower()
    colon = end.rstrip(_END_MARKS).endswith((":", "："))
    joined = ""
    for taken, first in enumerate(_upwards(lines, last)):
        joined = f"{lines.lines[first][:LOOK].strip().lower()} {joined}".rstrip() if taken else end
        if len(joined) > _MAX_JOINED:
            break
        if _introduces(joined.strip(), colon=colon):
            return _opened_above(lines, first, joined)
    if _names_writer(end):
        return _opened_above(lines, last, end)
    if certain and _is_bare(end):
        return last
    return -1


def _opened_above(lines: Lines, first: int, joined: str) -> int:
    """Return where the words begin whose rest at ``first`` introduces a quotation by itself."""
    for _ in range(2):
        above = first - 1
        if lines.is_blank(above) or lines.is_quoted(above) or len(lines.lines[above]) > LOOK:
            break
        words = lines.lines[above].strip().lower()
        rest = lines.lines[first].lstrip(MARKS).lower()
        is_rest = (
            rest[:1].isdigit()
            or rest.startswith(("<", *_middle_words()))
            or not (_DATE.search(joined) and _TIME.search(joined))
        )
        if not _is_writer(words) and not (is_rest and _opens(words, rest)):
            break
        first, joined = above, f"{words} {joined}"
    return first


def _opens(words: str, rest: str) -> bool:
    """Tell whether a line may be the beginning of an introduction that goes on with ``rest``."""
    if words.endswith(("!", "?", ":")) or (words.endswith(".") and len(words.split()[-1]) > 6):
        return False
    if rest.startswith("<") and len(words) <= _MAX_NAME and len(words.split()) <= 4:
        return True
    return _starts_dated(words) and bool(_DIGITS.search(words))


def _is_writer(words: str) -> bool:
    """Tell whether a line is a name and an address, whole or torn, and hardly more."""
    return (
        len(words) <= 2 * _MAX_NAME
        and _starts_with_writer(words)
        and len(words.partition(">")[2].split()) <= 5
    )


def _starts_with_writer(text: str) -> bool:
    """Tell whether a text begins with a name of few words and an address."""
    name, opened, _ = text.partition("<")
    return bool(opened) and len(name.split()) <= 4


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
