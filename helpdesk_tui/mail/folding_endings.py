"""How new text ends: greeting and name, signature, a telephone's line, a company's legal words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice

from helpdesk_tui.mail.folding_closings import (
    DEVICE_ENDS,
    DEVICE_STARTS,
    DEVICES,
    DISCLAIMERS,
    EXCUSES,
    GREETINGS,
    NOTICES,
    REFERENCES,
    SECRETS,
    SURE_STARTS,
    THANKS,
)
from helpdesk_tui.mail.folding_history import is_rule
from helpdesk_tui.mail.folding_lines import MARKS, Lines, Prefixes
from helpdesk_tui.mail.folding_wrote import words_of

_MAX_ROUNDS = 4
_MAX_SIGNATURE = 20
_MAX_CARD = 12
_MAX_AFTER_DEVICE = 3
_MAX_DEVICE_WORDS = 11
_MAX_GREETING = 80
_MAX_GREETING_WORDS = 6
_MAX_LINES = 30
_LONG = 120
_MARK = re.compile(r"[ \t]*(?:-- ?|--\xa0|—|––|- -)[ \t]*$")
_TRACKER = re.compile(r"[ \tᐧ]+$")
_URL = re.compile(r"(?:https?://|www\.|mailto:)\S{0,400}")
_BRACKETS = re.compile(r"[<>()\[\]*_]+")
_BEFORE_WORDS = MARKS + "<[(\"“„'"
_EDGES = " \t\xa0*_,.!;:–—-~♥☺"
_CONTACT = re.compile(r"@|https?:|www\.|(?:\d[ ()./–-]{0,3}){6}\d")
_NO_WORDS = re.compile(r"[^\w.&]+$")
_JOINTS = re.compile(
    r"\s*[/|,&+]\s*|\s(?:and|und|et|y|e|en|i|och|og|ja|a|és|și|и|та|і|ve|και|ir|un)\s"
)
_PARTS = re.compile(r"\s?[|,•]| [-–] ")
_DIGIT = re.compile(r"\d")
_PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "van", "von", "der", "den",
    "ter", "ten", "zu", "zum", "el", "al", "bin", "la", "le", "y", "e",
})  # fmt: skip
_SINGLE_HEADS = frozenset({"t", "/", "|", "&", "+"})
"""What a greeting begins with where its first two characters say nothing."""
_NEEDS_COMMA = frozenset({"best", "yours", "br", "bg", "t", "gr", "kr", "vh"})
_SLASH_NAME = re.compile(r"[ \t]*/[^\W\d_][^\W\d_.-]{0,20}(?: [^\W\d_][\w.-]{0,20})?[ \t]*$")
_AFTERTHOUGHT = ("p.s", "ps:", "ps.", "ps ", "pps", "p.p.s", "nb:", "n.b.", "edit:")


@cache
def _greetings() -> frozenset[str]:
    return words_of(tuple(GREETINGS.values()))


@cache
def _greeting_words() -> frozenset[str]:
    """Return the first words of all greetings."""
    return frozenset(greeting.split(" ")[0].strip(_EDGES) for greeting in _greetings())


@cache
def _greeting_heads() -> frozenset[str]:
    """Return the first two letters of all greetings and thanks."""
    return frozenset(words[:2] for words in _greetings() | THANKS)


@lru_cache(maxsize=4096)
def _may_greet(head: str) -> bool:
    """Tell, cheaply, that a line with these first two characters may begin with a greeting."""
    first = head[:1].casefold()
    if not head.isascii() or first in _EDGES or first in _SINGLE_HEADS or first.isspace():
        return True
    return head.casefold() in _greeting_heads() or first in _greeting_words()


@cache
def _device_starts() -> Prefixes:
    return Prefixes(words_of(tuple(DEVICE_STARTS.values())), _BEFORE_WORDS)


@cache
def _notices() -> Prefixes:
    return Prefixes(NOTICES, _BEFORE_WORDS)


@cache
def _disclaimers() -> Prefixes:
    return Prefixes(DISCLAIMERS, _BEFORE_WORDS)


def signature(lines: Lines, begin: int, end: int) -> tuple[int, bool] | None:
    """Return where the ending of a stretch of new text begins, and whether it surely is one.

    Sure is what programs add; greetings and names may be all that somebody wrote.
    """
    numbers = list(islice(lines.filled_back(end - 1, begin), _MAX_LINES))
    start, is_sure = end, True
    for _ in range(_MAX_ROUNDS):
        before = start
        for find in (_added, _legal):
            start, numbers = _above(find(lines, numbers, start), start, numbers)
        sure_until = start
        for find in (_marked, _ruled, _greeted):
            start, numbers = _above(find(lines, numbers, start), start, numbers)
        is_sure = is_sure and start == sure_until
        if start == before or not numbers:
            break
    return (start, is_sure) if start < end else None


def _above(start: int, before: int, numbers: list[int]) -> tuple[int, list[int]]:
    """Return where an ending begins, and the lines above it."""
    if start == before:
        return start, numbers
    return start, [number for number in numbers if number < start]


def _added(lines: Lines, numbers: list[int], start: int) -> int:
    """Find the lines that programs and list servers add at the end."""
    after = 0
    for number in numbers:
        line = lines.lines[number]
        if _is_device(line):
            start = _with_name(lines, numbers, number)
            after = 0
        elif _is_notice(line) or (not after and _is_drawn(line)):
            start = number
        elif after < _MAX_AFTER_DEVICE and _is_card(line):
            after += 1
        else:
            break
    return start


def _is_drawn(line: str) -> bool:
    """Tell whether a line at the end says nothing; the marks around code are no such line."""
    # a letter of ASCII, since the mark of a tracker counts as a letter as well
    if line[:1].isascii() and line[:1].isalnum():
        return False
    return bool(_TRACKER.match(line[:20])) or (is_rule(line) and "`" not in line)


def _with_name(lines: Lines, numbers: list[int], number: int) -> int:
    """Return the line of the name right above a telephone's line, or the line itself."""
    above = number - 1
    is_apart = lines.is_blank(above - 1) and not lines.is_blank(above) and numbers[-1] < above
    if is_apart and _is_name(lines.lines[above]):
        return above
    return number


def _is_device(line: str) -> bool:
    """Tell whether a telephone or mail program added a line ("Sent from my phone")."""
    if len(line) > 300:
        return False
    starts = _device_starts()
    begins = starts.may_begin(line) and starts.begin(line.lstrip(_BEFORE_WORDS)[:40].lower())
    if not begins and not line.rstrip(_EDGES)[-30:].lower().endswith(DEVICE_ENDS):
        return False
    words = " ".join(_BRACKETS.sub(" ", _URL.sub(" ", line)).split()).strip(_EDGES).lower()
    clause, rest = _clause(words)
    if rest and not any(excuse in rest for excuse in EXCUSES):
        return False
    if len(clause.split()) > _MAX_DEVICE_WORDS or clause.endswith("?"):
        return False
    return clause.startswith(SURE_STARTS) or any(device in clause for device in DEVICES)


def _clause(words: str) -> tuple[str, str]:
    """Part words at the first full stop or comma that a blank follows."""
    found = re.search(r"[.,;!] ", words)
    return (words[: found.start()], words[found.end() :]) if found else (words, "")


def _is_notice(line: str) -> bool:
    notices = _notices()
    return notices.may_begin(line) and notices.begin(line[:80].lstrip(_BEFORE_WORDS).lower())


def _legal(lines: Lines, numbers: list[int], start: int) -> int:
    """Find a company's legal words at the end."""
    words = _disclaimers()
    for at, number in enumerate(numbers[:-1]):
        line = lines.lines[number]
        if not words.may_begin(line):
            continue
        if not words.begin(line[:80].lstrip(_BEFORE_WORDS).lower()):
            continue
        below = " ".join(
            lines.lines[each][: _LONG * 4] for each in numbers[max(0, at - 5) : at + 1]
        )
        if any(secret in below.lower() for secret in SECRETS):
            return number
    return start


def _marked(lines: Lines, numbers: list[int], start: int) -> int:
    """Find the mark that programs set above a signature."""
    for number in numbers[: _MAX_SIGNATURE + 1]:
        line = lines.lines[number]
        if len(line) < 10 and _MARK.match(line):
            start = number
    return start


def _ruled(lines: Lines, numbers: list[int], start: int) -> int:
    """Find a drawn line above a list's or a person's card."""
    for at, number in enumerate(numbers[: _MAX_CARD + 1]):
        line = lines.lines[number]
        if not line[0].isalnum() and is_rule(line):
            below = [lines.lines[each] for each in numbers[:at]]
            return number if _is_ruled_off(lines, number, below) else start
    return start


def _is_ruled_off(lines: Lines, number: int, below: list[str]) -> bool:
    """Tell whether a drawn line parts a card from the letter."""
    if not lines.lines[number].strip(" \t\xa0_"):
        return all(len(line) <= _LONG and not line.rstrip().endswith("?") for line in below)
    has_contact = any(_CONTACT.search(line[:_LONG]) for line in below)
    return lines.is_blank(number - 1) and has_contact and all(map(_is_card, below))


def _greeted(lines: Lines, numbers: list[int], start: int) -> int:
    """Find a greeting with the name below or behind it, and the card that may follow."""
    name = ""
    for number in numbers[: _MAX_CARD + 1]:
        line = lines.lines[number]
        if len(line) > _LONG:
            break
        if not name and lines.is_blank(number - 1) and _signs_off(line):
            return number
        if _may_greet(line[:2]) and (
            (name and _is_greeting(line) and _is_name(name)) or _greets_by_name(line)
        ):
            return number
        if not _is_card(line):
            break
        name = line
    return start


def _signs_off(line: str) -> bool:
    """Tell whether a line is a name behind a stroke, as Scandinavians sign."""
    return bool(_SLASH_NAME.match(line[:60])) and line.strip(" \t/")[:1].isupper()


def _folded(words: str) -> str:
    """Return words in the one case in which the tables are written."""
    return words.casefold().replace("i\u0307", "i")


def _is_greeting(line: str) -> bool:
    """Tell whether a line is a greeting, or thanks and a greeting, or one in two languages."""
    if len(line) > _MAX_GREETING:
        return False
    words = _folded(line.strip(_EDGES))
    if words[:2] not in _greeting_heads() and words[:1] not in _SINGLE_HEADS:
        return False
    if not words[-1].isalpha():
        words = _NO_WORDS.sub("", words)
    if words in _greetings():
        return True
    parts = [part.strip(_EDGES) for part in _JOINTS.split(words) if part.strip(_EDGES)]
    return len(parts) > 1 and parts[-1] in _greetings() and _greetings().union(THANKS) >= set(parts)


def _greets_by_name(line: str) -> bool:
    """Tell whether a line is a greeting and a name ("Kind regards, Ana")."""
    words = line.strip().split()
    if not 2 <= len(words) <= _MAX_GREETING_WORDS + 3:
        return False
    if _folded(words[0].strip(_EDGES)) not in _greeting_words():
        return False
    for count in range(1, min(len(words), _MAX_GREETING_WORDS + 1)):
        greeting = " ".join(words[:count]).strip("*_ ")
        bare = _folded(greeting.strip(_EDGES))
        if bare in _greetings() and (greeting.endswith(",") or bare not in _NEEDS_COMMA):
            rest = " ".join(words[count:])
            if _is_name(rest) and not rest.strip(_EDGES).islower():
                return True
    return False


def _is_name(line: str) -> bool:
    """Tell whether a line may be a person's name: up to three words, and no other signs."""
    whole = line.strip(_EDGES + "()\"'“”🎉")
    text = _PARTS.split(whole, maxsplit=1)[0]
    if not text or len(text) > 40 or line.rstrip().endswith(("?", ":")):
        return False
    words = [word for word in text.split() if word.lower() not in _PARTICLES]
    if not 1 <= len(words) <= 3 or any(sign.isdigit() or sign in "@:/<>=" for sign in text):
        return False
    return all(not word[0].islower() for word in words) or (len(words) == 1 and text == whole)


def _is_card(line: str) -> bool:
    """Tell whether a line may be part of a signature: short, no sentence, nothing new."""
    text = line.strip().lower()
    if len(text) > _LONG or text.endswith("?") or text.startswith(_AFTERTHOUGHT):
        return False
    words = text.split()
    if len(words) > 12 or (len(words) > 5 and text.endswith((".", "!", ":"))):
        return False
    if not _DIGIT.search(text):
        return True
    return "#" not in text and not any(word.startswith(REFERENCES) for word in words)
