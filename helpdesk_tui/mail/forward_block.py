"""The header that mail programs write above a forwarded mail, found in a text.

Two shapes: fields on lines of their own (nearly all), and all fields run together behind the
title (Yahoo). Which words are fields, and what a title is, stands in ``forward_words``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from helpdesk_tui.mail.forward_words import FIELDS, ORDER, STEMS, TITLES, Field, folded

MAX_LINES = 4000
_MAX_LABEL = 32
_MAX_FIELDS = 12
_MAX_FOLDED = 12
_MAX_TRIES = 50
_MAX_TITLE = 90
_NEEDED = 3
_TITLE_LOOK = 20_000
_TITLE_SIGNS = (":\n", "--", "：\n", ": \n", "==", "**", "__")
_MARKS = " \t\xa0\u200b\u200e\u200f\ufeff*_>|"
_DASHES = "-‐‑‒–—―_=*~"
_HEADS = re.compile(rf"([^\n:：]{{1,44}}|[ \t>]*[{re.escape(_DASHES)}]{{2}}[^\n:：]{{1,150}})[:：]")
_TITLE_LINE = re.compile(
    rf"[ \t]*[{re.escape(_DASHES)}]{{2}}[^\n]{{4,120}}|[^\n:：>]{{8,60}}[:：][ \t\xa0]*"
)
_TITLE_ENDS = (":", "：", " ", "\t", "\xa0")
_TITLE_STARTS = (*_DASHES, " ", "\t")
_NOTE = re.compile(r"\s*\([^()]{1,12}\)$")
_EMPTY = " \t\xa0\u200b\u200e\u200f\ufeff>|"
_DRAWN = re.compile(rf"[\s>]*[{re.escape(_DASHES)}]{{2}}")
_RULE = re.compile(rf"[\s>]*(?:[{re.escape(_DASHES)}]\s?){{5,}}\s*")
_DECORATED = re.compile(
    rf"[\s>]*[{re.escape(_DASHES)}]{{2,80}}[ \t\xa0]*"
    rf"([^\s{re.escape(_DASHES)}].{{0,{_MAX_TITLE}}}?)"
    rf"[ \t\xa0]*[{re.escape(_DASHES)}]{{2,80}}[ \t\xa0]*"
)


class Title(StrEnum):
    """What stands above the header."""

    FORWARD = "forward"
    OLDER = "older"
    """"Original message" and the like: forwards and answers both have it."""
    RULE = "rule"
    """A line drawn, without words."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Block:
    """A header found in a text; line numbers, the end excluded."""

    above: int
    """Where the title, or the first field, begins: what is before is the forwarder's own."""
    start: int
    end: int
    fields: dict[Field, str]
    label: str
    """The word for From, which tells the language."""
    title: Title
    rest: str = ""
    """What follows the fields on their own line."""


@cache
def _labels() -> dict[str, Field]:
    return {
        word: kind
        for row in reversed(FIELDS.values())
        for kind, words in zip(ORDER, row, strict=True)
        for word in folded(words).split("|")
    }


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(folded, TITLES))


def _label(head: str) -> str:
    """Return what stands before a colon as the name of a field may be written."""
    word = head.strip(_MARKS)
    if len(word) > _MAX_LABEL:
        return ""
    return folded(_NOTE.sub("", word) if word.endswith(")") else word)


def field_of(line: str) -> tuple[Field, str, str] | None:
    """Return the field that a line is: its kind, the word used and its value."""
    match = _HEADS.match(line)
    if match is None:
        return None
    word = _label(match[1])
    kind = _labels().get(word)
    if kind is None:
        return None
    return kind, word, line[match.end() :].strip(" \t\xa0*_\u200e\u200f")


def _means_forward(words: str) -> bool:
    words = folded(words)
    return any(stem in words for stem in STEMS)


def title_of(line: str) -> Title:
    """Tell what a line above a header is."""
    if len(line) > _MAX_TITLE * 3:
        return Title.NONE
    if _RULE.fullmatch(line):
        return Title.RULE
    match = _DECORATED.fullmatch(line)
    if match:
        return Title.FORWARD if _means_forward(match[1]) else Title.OLDER
    bare = folded(line.strip(_MARKS + "：:"))
    if bare in _titles():
        return Title.FORWARD
    quoted = line.lstrip().startswith(">") and line.rstrip().endswith((":", "："))
    if quoted and len(bare) <= _MAX_TITLE and _means_forward(bare):
        return Title.FORWARD
    return Title.NONE


def has_title(text: str) -> bool:
    """Tell whether a line of a text, not quoted, says that what follows is forwarded."""
    text = text[:_TITLE_LOOK]
    if not any(sign in text for sign in _TITLE_SIGNS) and not text.endswith(":"):
        return False
    return any(
        title_of(line) is Title.FORWARD
        for line in text.split("\n")
        if line.endswith(_TITLE_ENDS) or line.startswith(_TITLE_STARTS)
        if _TITLE_LINE.fullmatch(line)
    )


def find_block(lines: list[str]) -> Block | None:
    """Return the first header of a forwarded mail that the lines of a text hold."""
    labels = _labels()
    tries = 0
    for number, line in enumerate(lines):
        match = _HEADS.match(line) if ":" in line or "：" in line else None
        if match is None:
            continue
        head = match[1]
        if _DRAWN.match(head):
            block = _inline(lines, number)
        elif labels.get(_label(head)) is Field.FROM:
            block = _block_at(lines, number)
        else:
            continue
        tries += 1
        if block is not None or tries > _MAX_TRIES or number > MAX_LINES:
            return block
    return None


def _block_at(lines: list[str], number: int) -> Block | None:
    """Return the header whose From field stands on a line."""
    first = field_of(lines[number])
    if first is None:
        return None
    fields = {Field.FROM: first[2]}
    start = _upwards(lines, number, fields)
    end = _downwards(lines, number + 1, fields)
    above, title = _title_above(lines, start)
    known = len(fields) - (Field.OTHER in fields)
    if known < (2 if title in (Title.FORWARD, Title.OLDER) else _NEEDED):
        return None
    if Field.SUBJECT not in fields and not any("@" in value for value in fields.values()):
        return None
    return Block(above, start, end, fields, first[1], title)


def _upwards(lines: list[str], number: int, fields: dict[Field, str]) -> int:
    """Take in the fields above From; return the line of the first."""
    start = number
    at = number - 1
    while at >= 0 and number - at <= _MAX_FIELDS:
        if not lines[at].strip(_MARKS):
            at -= 1
            if at < 0 or start - at > 2:
                break
            continue
        found = field_of(lines[at])
        if found is None or (found[0] in fields and found[0] is not Field.OTHER):
            break
        fields[found[0]] = found[2]
        start = at
        at -= 1
    return start


def _downwards(lines: list[str], at: int, fields: dict[Field, str]) -> int:
    """Take in the fields below From; return the line behind the last."""
    last = Field.FROM
    end = at
    while at < len(lines):
        found = _next_field(lines, at, fields)
        if found is not None:
            at, (last, _, value) = found
            fields[last] = value
            at += 1
            end = at
            continue
        if lines[at].strip(_MARKS) and _goes_on(lines, at, last, fields):
            fields[last] = f"{fields[last]} {lines[at].lstrip(_MARKS).rstrip()}"
            at += 1
            end = at
            continue
        return end
    return end


def _next_field(
    lines: list[str], at: int, fields: dict[Field, str]
) -> tuple[int, tuple[Field, str, str]] | None:
    """Return the field on a line, or behind one empty line, where it is a new one."""
    for number in (at, at + 1):
        if number >= len(lines):
            return None
        if lines[number].strip(_MARKS):
            found = field_of(lines[number])
            if found is None or (found[0] in fields and found[0] is not Field.OTHER):
                return None
            return number, found
    return None


def _goes_on(lines: list[str], at: int, last: Field, fields: dict[Field, str]) -> bool:
    """Tell whether a line goes on with the field before it."""
    if last in (Field.TO, Field.CC):
        if fields[last].rstrip().endswith((",", ";")) or "@" in lines[at][:200]:
            return True
    elif lines[at].startswith(("\t", "        ")) and last is Field.SUBJECT:
        return True
    for line in lines[at + 1 : at + 1 + _MAX_FOLDED]:
        if not line.strip(_MARKS):
            return False
        found = field_of(line)
        if found is not None:
            return found[0] not in fields
    return False


def _title_above(lines: list[str], start: int) -> tuple[int, Title]:
    """Return where the forwarded part begins, its title included, and what the title is."""
    above, title = start, Title.NONE
    for at in range(start - 1, max(start - 8, -1), -1):
        if above - at > 4:
            break
        if not lines[at].strip(_EMPTY):
            continue
        found = title_of(lines[at])
        if found is Title.NONE or (found is Title.RULE and title is Title.RULE):
            break
        above, title = at, found
        if found is not Title.RULE:
            break
    return above, title


@cache
def _inline_fields(language: str) -> re.Pattern[str]:
    words = [word for row in FIELDS[language][:-1] for word in row.split("|")]
    names = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"({names})[ \t\xa0]?[:：]", re.IGNORECASE)


def _inline(lines: list[str], number: int) -> Block | None:
    """Return a header whose title and fields share one line."""
    line = lines[number]
    match = _DECORATED.match(line)
    if match is None or match.end() >= len(line):
        return None
    if not _means_forward(match[1]):
        return None
    best: dict[Field, str] = {}
    label = ""
    for language in FIELDS:
        found, word = _run_together(line[match.end() :], language)
        if len(found) > len(best):
            best, label = found, word
    if Field.FROM not in best or len(best) < _NEEDED:
        return None
    return Block(number, number, number + 1, best, label, Title.FORWARD)


def _run_together(text: str, language: str) -> tuple[dict[Field, str], str]:
    """Return the fields of a language that follow each other without a break."""
    marks: list[tuple[Field, int, int]] = []
    kinds = _labels_of(language)
    for match in _inline_fields(language).finditer(text[:20_000]):
        kind = kinds[folded(match[1])]
        start = match.start()
        if match[1][0].islower() or any(kind is known for known, _, _ in marks):
            continue
        if not marks and (kind is not Field.FROM or start > 2):
            return {}, ""
        if kind in (Field.TO, Field.CC) and text[start - 1 : start].isalpha():
            continue
        marks.append((kind, start, match.end()))
        if kind is Field.SUBJECT:
            break
    if not marks:
        return {}, ""
    ends = [start for _, start, _ in marks[1:]] + [len(text)]
    fields = {kind: text[begin:end].strip(" \t\xa0")
              for (kind, _, begin), end in zip(marks, ends, strict=True)}  # fmt: skip
    return fields, folded(text[: marks[0][2] - 1].strip())


@cache
def _labels_of(language: str) -> dict[str, Field]:
    return {
        folded(word): kind
        for kind, row in zip(ORDER, FIELDS[language], strict=True)
        for word in row.split("|")
    }
