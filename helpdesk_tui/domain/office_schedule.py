"""How office hours are written: a week, and single dates that have hours of their own.

``mon-fri 9:00-17:00, sat 10:00-14:00`` is a week; several spans follow one another, one that ends
before it begins runs over midnight. ``2026-12-24 9:00-12:00; 2026-12-31 closed`` are exceptions.
Days are read in the languages of the program, and written back in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean, fold

DAY = 24 * 60
"""Minutes of a day, by the clock on the wall."""
CLOSED = "closed"

_MOST_ITEMS = 200
_LONGEST_RANGE = 60
"""Days that one exception may reach over."""
_DASH = re.compile(r"\s*[-\u2010-\u2014]\s*")
_SPLIT = re.compile(r"[\s,;]+")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?")
_DATED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*\.\.\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?\s*(.*)"
)
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = (
    "mon monday mondays pon poniedzialek pn man mandag seg segunda",
    "tue tuesday tuesdays tu tues wt wtorek tis tisdag ter terca",
    "wed wednesday wednesdays we sr sro sroda ons onsdag qua quarta",
    "thu thursday thursdays th thur thurs czw czwartek cz tor tors torsdag qui quinta",
    "fri friday fridays fr pt pia piatek fre fredag sex sexta",
    "sat saturday saturdays sa sob sobota sb so lor lordag sabado",
    "sun sunday sundays su nd ndz nie niedz niedziela son sondag dom domingo",
)
"""What each day is called, without marks: English, Polish, Swedish and Portuguese."""
_DAYS = {name: day for day, names in enumerate(_NAMES) for name in names.split()}
_EVERY = frozenset(("daily", "everyday", "codziennie", "dagligen", "diariamente", "mon-sun"))
_CLOSED = frozenset((CLOSED, "off", "zamkniete", "nieczynne", "stangt", "fechado"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one minute of a day to another, which may lie in the next day."""

    start: int
    end: int
    """Excluded; above :data:`DAY` it is past midnight."""

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Spans = tuple[Span, ...]
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
"""The spans of each day, Monday first."""

NO_WEEK: Week = ((), (), (), (), (), (), ())
"""Nothing said: then the office is always open."""


def _clock(minutes: int) -> str:
    if minutes == DAY:
        return "24:00"
    return f"{minutes % DAY // 60}:{minutes % 60:02}"


def read_week(text: str) -> Week:
    """Read a weekly schedule; nothing is :data:`NO_WEEK`.

    Raises:
        UsageError: ``hours.unknown-day``, ``hours.bad-time``, ``hours.empty-span``,
            ``hours.no-day``, ``hours.no-times`` or ``hours.too-long``, with the part that is wrong.
    """
    found: list[list[Span]] = [[] for _ in range(7)]
    days: tuple[int, ...] = ()
    named: list[str] = []
    for word in _words(text):
        if word[0].isdigit():
            if not days:
                raise UsageError("hours.no-day", part=clean(word))
            span = _span(word)
            for day in days:
                found[day].append(span)
            named = []
            continue
        fresh = _days(word)
        days = (*days, *fresh) if named else fresh
        named.append(word)
    if named:
        raise UsageError("hours.no-times", part=clean(" ".join(named)))
    return _week(found)


def _words(text: str) -> list[str]:
    joined = _DASH.sub("-", text.strip())
    words = [word for word in _SPLIT.split(joined) if word]
    if len(words) > _MOST_ITEMS:
        raise UsageError("hours.too-long", limit=_MOST_ITEMS)
    return words


def _week(found: Sequence[Iterable[Span]]) -> Week:
    one, two, three, four, five, six, seven = (merged(spans) for spans in found)
    return one, two, three, four, five, six, seven


def merged(spans: Iterable[Span]) -> Spans:
    """Return spans of one day in their order, those that touch made one.

    Never longer than a day: that could not be written.
    """
    out: list[Span] = []
    for span in sorted(spans):
        both = Span(out[-1].start, max(out[-1].end, span.end)) if out else span
        is_day = both == Span(0, DAY)
        if out and span.start <= out[-1].end and (is_day or both.end - both.start < DAY):
            out[-1] = both
        else:
            out.append(span)
    return tuple(out)


def _days(word: str) -> tuple[int, ...]:
    """Return the days that a word such as ``mon-fri`` names; a range may go over Sunday."""
    plain = _bare(word).replace("-feira", "")
    if plain in _EVERY:
        return tuple(range(7))
    first, dash, last = plain.partition("-")
    start = _day(first, word)
    if not dash:
        return (start,)
    count = (_day(last, word) - start) % 7
    return tuple((start + more) % 7 for more in range(count + 1))


def _day(name: str, word: str) -> int:
    found = _DAYS.get(name.rstrip("."))
    if found is None:
        raise UsageError("hours.unknown-day", part=clean(word))
    return found


def _bare(word: str) -> str:
    """Return a word in small letters without marks, as the table of days has it."""
    return fold(word).strip().replace("ł", "l")


def _span(word: str) -> Span:
    first, _, last = word.partition("-")
    start, end = _minutes(first, word), _minutes(last, word)
    if start == end:
        raise UsageError("hours.empty-span", part=clean(word))
    return Span(start, end if end > start else end + DAY)


def _minutes(text: str, word: str) -> int:
    found = _TIME.fullmatch(text)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hours * 60 + minutes > DAY or minutes > 59:
        raise UsageError("hours.bad-time", part=clean(word))
    return hours * 60 + minutes


def write_week(week: Week) -> str:
    """Return a week as :func:`read_week` reads it, days with the same spans together."""
    parts = []
    for first, last in _runs(week):
        days = _SHORT[first] if first == last else f"{_SHORT[first]}-{_SHORT[last]}"
        parts.append(f"{days} {' '.join(str(span) for span in week[first])}")
    return ", ".join(parts)


def _runs(week: Week) -> Iterator[tuple[int, int]]:
    """Yield the first and the last day of days in a row that have the same spans."""
    bounds = [0, *(day for day in range(1, 7) if week[day] != week[day - 1]), 7]
    for start, end in pairwise(bounds):
        if week[start]:
            yield start, end - 1


def read_exceptions(text: str) -> dict[date, Spans]:
    """Read dates with hours of their own, such as ``2026-12-24 9:00-12:00; 2026-12-31 closed``.

    ``2026-12-24..2026-12-26 closed`` is three of them.

    Raises:
        UsageError: ``hours.bad-date``, ``hours.no-times``, ``hours.bad-time``,
            ``hours.empty-span`` or ``hours.too-long``.
    """
    found: dict[date, Spans] = {}
    parts = [part.strip() for part in re.split(r"[;\n]+", text) if part.strip()]
    if len(parts) > _MOST_ITEMS:
        raise UsageError("hours.too-long", limit=_MOST_ITEMS)
    for part in parts:
        match = _DATED.fullmatch(part)
        if match is None:
            raise UsageError("hours.bad-date", part=clean(part))
        spans = _exception_spans(match[3], part)
        for day in _dates(match[1], match[2] or match[1], part):
            found[day] = spans
    return dict(sorted(found.items()))


def _dates(first: str, last: str, part: str) -> list[date]:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise UsageError("hours.bad-date", part=clean(part)) from None
    count = (end - start).days
    if not 0 <= count <= _LONGEST_RANGE:
        raise UsageError("hours.bad-date", part=clean(part))
    return [start + timedelta(days=more) for more in range(count + 1)]


def _exception_spans(text: str, part: str) -> Spans:
    words = _words(text.removeprefix(":"))
    if not words:
        raise UsageError("hours.no-times", part=clean(part))
    if len(words) == 1 and _bare(words[0]) in _CLOSED:
        return ()
    return merged(_span(word) for word in words)


def write_exceptions(exceptions: Mapping[date, Spans]) -> str:
    """Return exceptions as :func:`read_exceptions` reads them, one after the other."""
    return "; ".join(
        f"{day.isoformat()} {' '.join(str(span) for span in spans) or CLOSED}"
        for day, spans in sorted(exceptions.items())
    )
