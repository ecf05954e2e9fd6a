"""A thread as screen lines: a pure function from values to lines, with nothing of the screen in it.

Bodies are wrapped once per width and kept (:class:`BodyCache`); what changes with time (ages,
countdowns) is in the head line of a message only, so laying out again is cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Direction, EventRow, FileState, MessageRow, Thread
from helpdesk_tui.domain.pictures import Look, Thumbnail
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import fit, width_of
from helpdesk_tui.widgets.thread.file_lines import file_lines
from helpdesk_tui.widgets.thread.message_body import body_lines
from helpdesk_tui.widgets.thread.notices import (
    attribution_of,
    links_followed,
    notices_before,
    notices_behind,
)
from helpdesk_tui.widgets.words.activity import run_words
from helpdesk_tui.widgets.words.chats import author_mark, began, is_chat
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import clock
from helpdesk_tui.widgets.words.messaging_notices import attribution_line
from helpdesk_tui.widgets.words.people import people_line
from helpdesk_tui.widgets.words.thread import (
    ago,
    day_label,
    delivery_spans,
    event_sentence,
    shown_address,
    trouble_spans,
    warnings_of,
)
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

if TYPE_CHECKING:
    from helpdesk_tui.domain.query.hits import Wanted

FIRST_LINES = 60
"""Lines of a message shown at first; the rest comes by "show more"."""
MEASURE = 100
"""Cells a line of text may be wide at most: longer lines are hard to read."""
EVENTS_SHOWN = 3
"""A longer run of events is folded into one line."""


class Hit(NamedTuple):
    """What a line stands for when it is clicked or chosen."""

    kind: str
    """``file``, ``fold``, ``more``, ``events``, ``links`` or ``older``."""
    id: int


class Line(NamedTuple):
    """One screen line of a thread."""

    spans: tuple[Span, ...]
    owner: int = 0
    """Id of the message it belongs to; 0 for what stands between messages."""
    bar: Ink | None = None
    tone: Tone = Tone.PLAIN
    hit: Hit | None = None
    picture: tuple[Thumbnail, int] | None = None
    """A thumbnail, and which of its rows this line is."""
    has_keys: bool = False
    """It names a file that can be opened and saved."""


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """How a thread is laid out."""

    width: int
    now: datetime
    zone: tzinfo | None = None
    unfolded: frozenset[int] = frozenset()
    """Messages whose quotes and signatures are shown."""
    limits: dict[int, int] = field(default_factory=dict)
    """Messages that show more lines than :data:`FIRST_LINES`."""
    events_open: bool = False
    """Show every event of a long run; folded it is one line."""
    runs: frozenset[int] = frozenset()
    """Runs, by their first event, that stand the other way round."""
    agents: Mapping[int, str] = field(default_factory=dict)
    """Names of agents by id, for events."""
    wanted: tuple[Wanted, ...] = ()
    """Words that were searched for: they are marked."""
    pictures: Mapping[int, Look] = field(default_factory=dict)
    """Looks by the file they are of, as far as they were taken; None for no more than words."""

    @property
    def measure(self) -> int:
        """Cells that the text of a message may take."""
        return max(8, min(self.width - 6, MEASURE))


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a thread, and where its messages begin and end."""

    lines: list[Line]
    starts: dict[int, int]
    """Message id → index of its first line."""
    ends: dict[int, int]
    """Message id → index after its last line."""

    def anchor(self, top: int) -> tuple[int, int]:
        """Return the message at a line, and how far below its start the line is."""
        owner, start = 0, 0
        for message, line in self.starts.items():
            if line > top and owner:
                break
            owner, start = message, line
        return owner, top - start

    def has_more(self, message: int) -> bool:
        """Return whether a message is longer than what is shown of it."""
        lines = self.lines[self.starts[message] : self.ends[message]]
        return any(line.hit is not None and line.hit.kind == "more" for line in lines)

    def visible(self, top: int, bottom: int) -> list[int]:
        """Return the messages that have a line between two lines."""
        return [
            message
            for message, start in self.starts.items()
            if start < bottom and self.ends[message] > top
        ]


class BodyCache:
    """Wrapped bodies by message, width and folding; bounded."""

    def __init__(self, size: int = 400) -> None:
        self._size = size
        self._bodies: dict[tuple[object, ...], list[Line]] = {}

    def body(self, message: MessageRow, options: LayoutOptions) -> list[Line]:
        """Return the static lines of a message: warnings, notices, text, files, links."""
        limit = options.limits.get(message.id, FIRST_LINES)
        key = (
            message.id, options.measure, message.id in options.unfolded, limit, options.zone,
            options.wanted, message.attachments, message.notices, message.flags, message.text,
            message.short_links,
            *(options.pictures.get(file.id) for file in message.attachments),
        )  # fmt: skip
        lines = self._bodies.get(key)
        if lines is None:
            if len(self._bodies) >= self._size:
                self._bodies.clear()
            is_open = message.id in options.unfolded
            lines = list(_body(message, options, unfolded=is_open, limit=limit))
            if options.wanted:
                lines = [_marked(line, options.wanted) for line in lines]
            self._bodies[key] = lines
        return lines

    def clear(self) -> None:
        """Forget everything: another ticket is shown."""
        self._bodies.clear()


def _marked(line: Line, wanted: tuple[Wanted, ...]) -> Line:
    """Return a line with the words of a search marked in it."""
    from helpdesk_tui.widgets.words.hits import mark_spans

    place = "files" if line.hit is not None and line.hit.kind == "file" else "body"
    return line._replace(spans=mark_spans(line.spans, wanted, place))


def lay_out(thread: Thread, options: LayoutOptions, cache: BodyCache | None = None) -> Layout:
    """Lay out a thread: days, messages, notes and events in order."""
    cache = cache or BodyCache()
    lines: list[Line] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    if thread.older is not None:
        lines += [Line((("▴ " + _("older messages"), Ink.DIM),), hit=Hit("older", 0)), Line(())]
    day = None
    local_now = options.now.astimezone(options.zone)
    for item in _in_order(thread):
        moment = item[0].astimezone(options.zone)
        if moment.date() != day:
            day = moment.date()
            lines += _day_rule(day_label(moment, local_now), options.width)
        if isinstance(item[1], MessageRow):
            message = item[1]
            starts[message.id] = len(lines)
            lines += _message(message, thread, options, cache)
            ends[message.id] = len(lines)
            lines.append(Line(()))
        else:
            lines += _events(item[1], options)
    return Layout(lines, starts, ends)


def _in_order(thread: Thread) -> Iterator[tuple[datetime, MessageRow | list[EventRow]]]:
    """Yield messages and runs of shown events by time."""
    events = [event for event in thread.events if event_sentence(event, None)]
    beginning = began(thread.ticket) if thread.older is None else None
    if beginning is not None:
        events.insert(0, beginning)
    position = 0
    for message in thread.messages:
        run = []
        while position < len(events) and events[position].at <= message.received_at:
            run.append(events[position])
            position += 1
        yield from _runs(run)
        yield message.received_at, message
    yield from _runs(events[position:])


def _runs(events: list[EventRow]) -> Iterator[tuple[datetime, list[EventRow]]]:
    day: list[EventRow] = []
    for event in events:
        if day and event.at.date() != day[-1].at.date():
            yield day[0].at, day
            day = []
        day.append(event)
    if day:
        yield day[0].at, day


def _day_rule(label: str, width: int) -> list[Line]:
    pad = " " * max(0, (min(width, MEASURE + 6) - cells(label) - 6) // 2)
    rule = (pad, Ink.DIM), ("── ", Ink.DIM), (label, Ink.DIM), (" ──", Ink.DIM)
    return [Line(rule), Line(())]


def _events(run: list[EventRow], options: LayoutOptions) -> list[Line]:
    first = run[0].id
    hit = Hit("events", first) if len(run) > EVENTS_SHOWN else None
    lines = []
    if len(run) > EVENTS_SHOWN:
        is_open = options.events_open is not (first in options.runs)
        words = f"  {'▾' if is_open else '▸'} {run_words([event.kind for event in run])}"
        folded = Line(((shorten_cells(words, options.width - 2), Ink.DIM),), hit=hit)
        if not is_open:
            return [folded, Line(())]
        lines.append(folded)
    for event in run:
        moment = event.at.astimezone(options.zone)
        text, when = event_sentence(event, options.zone, options.agents), f" · {clock(moment)}"
        text = shorten_cells(f"  · {text}", options.width - 2 - cells(when))
        lines.append(Line(((f"{text}{when}", Ink.DIM),), hit=hit))
    return [*lines, Line(())]


def _bar(message: MessageRow) -> Ink:
    if message.direction is Direction.NOTE:
        return Ink.BAR_NOTE
    return Ink.BAR_THEM if message.direction is Direction.INBOUND else Ink.BAR_US


def _message(
    message: MessageRow, thread: Thread, options: LayoutOptions, cache: BodyCache
) -> list[Line]:
    bar = _bar(message)
    tone = Tone.NOTE if message.direction is Direction.NOTE else Tone.PLAIN
    head = _head(message, thread.ticket.customer_address, options)
    lines = [Line(tuple(fit(head, options.measure)), message.id, bar, tone)]
    people = people_line(message, thread.ticket.customer_address)
    lines += [
        Line(((piece, Ink.DIM),), message.id, bar, tone)
        for piece in (wrap_line(people, options.measure) if people else ())
    ]
    answered = attribution_line(message, attribution_of(thread))
    lines += [
        Line((("◆ " if place == 0 else "  ", Ink.TAG), (piece, Ink.TAG)), message.id, bar, tone)
        for place, piece in enumerate(wrap_line(answered, options.measure - 2) if answered else ())
    ]
    trouble = trouble_spans(message)
    lines += [Line(piece, message.id, bar, tone) for piece in _flow(trouble, options.measure)]
    return lines + cache.body(message, options)


def _head(message: MessageRow, customer: str, options: LayoutOptions) -> list[Span]:
    """Who, when, by which channel, and what became of it.

    Where that is too long, how long ago it was gives way, then the end of the name: what became of
    the message, and the key that still changes it, are never cut.
    """
    spans = _head_spans(message, customer, options)
    if width_of(spans) > options.measure:
        spans = _head_spans(message, customer, options, with_age=False)
    over = width_of(spans) - options.measure
    if over > 0:
        (name, ink), rest = spans[0], spans[1:]
        spans = [(shorten_cells(name, max(4, cells(name) - over)), ink), *rest]
    return spans


def _head_spans(
    message: MessageRow, customer: str, options: LayoutOptions, *, with_age: bool = True
) -> list[Span]:
    moment = message.received_at.astimezone(options.zone)
    note = message.direction is Direction.NOTE
    inbound = message.direction is Direction.INBOUND
    address = shown_address(message.sender)
    name = clean(message.author_name) or address or _("unknown")
    ink = Ink.NOTE if note else Ink.HEADING if inbound else Ink.US
    spans: list[Span] = [(shorten_cells(name, max(8, options.measure // 2)), ink)]
    is_stranger = inbound and address != name and (message.sender != customer or "@" in name)
    if is_stranger and not is_chat(message.channel):
        spans.append((f"  {address}", Ink.SOFT))
    when = clock(moment)
    if with_age:
        when += f" · {ago(message.received_at, options.now)}"
    if note:
        return [*spans, ("  " + _("note"), Ink.WAITING), (f" · {when}", Ink.DIM)]
    channel = CHANNELS.get(message.channel)
    if channel is not None:
        spans.append((f"  {channel.icon}", Ink(channel.color)))
    spans.append((f" {when}", Ink.DIM))
    if mark := author_mark(message):
        spans += [("  ", Ink.DIM), mark]
    state = delivery_spans(message, options.now, options.zone)
    return [*spans, ("  ", Ink.DIM), *state] if state else spans


def _body(
    message: MessageRow, options: LayoutOptions, *, unfolded: bool, limit: int
) -> Iterable[Line]:
    """Yield everything of a message that does not change with time."""
    width = options.measure
    bar = _bar(message)
    tone = Tone.NOTE if message.direction is Direction.NOTE else Tone.PLAIN
    for warning in warnings_of(message.flags, message.sender):
        for index, piece in enumerate(wrap_line(warning, width - 2)):
            sign = "▲ " if index == 0 else "  "
            yield Line(((sign, Ink.WAITING), (piece, Ink.WAITING)), message.id, bar, tone)
    for spans in notices_before(message, width, options.zone):
        yield Line(spans, message.id, bar, tone)
    for spans, kind in body_lines(message, width, unfolded=unfolded, limit=limit):
        yield Line(spans, message.id, bar, tone, Hit(kind, message.id) if kind else None)
    for spans in links_followed(message, width):
        yield Line(spans, message.id, bar, tone)
    yield from _files(message, options, bar, tone)
    for spans in notices_behind(message, width, options.zone):
        yield Line(spans, message.id, bar, tone)


def _files(message: MessageRow, options: LayoutOptions, bar: Ink, tone: Tone) -> Iterator[Line]:
    """Yield the files of a message, each with its picture."""
    if message.attachments:
        yield Line((), message.id, bar, tone)
    for file in message.attachments:
        look, hit = options.pictures.get(file.id), Hit("file", file.id)
        is_here = file.state is FileState.HERE
        for place, shown in enumerate(file_lines(file, options.measure, look)):
            yield Line(shown, message.id, bar, tone, hit, has_keys=is_here and place == 0)
        picture = look if isinstance(look, Thumbnail) else None
        for row in range(picture.rows if picture is not None else 0):
            yield Line((), message.id, bar, tone, hit, (picture, row) if picture else None)


def _flow(spans: list[Span], width: int) -> Iterator[tuple[Span, ...]]:
    """Break spans into lines at their own borders, and inside one that is too long."""
    line: list[Span] = []
    used = 0
    for text, ink in spans:
        pieces = wrap_line(text, width) if cells(text) > width else [text]
        for piece in pieces:
            size = cells(piece)
            if used + size > width and line:
                yield tuple(line)
                line, used = [], 0
            line.append((piece, ink))
            used += size
    if line:
        yield tuple(line)
