"""How a ticket looks in a list: two lines, drawn from a row alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from textual.strip import Strip

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Priority, Status, TicketRow
from helpdesk_tui.widgets.ages import Wait, age, until, waiting
from helpdesk_tui.widgets.cursor_bar import barred
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.wrap import cells, shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.domain.presence import VisitorNow
    from helpdesk_tui.domain.query.hits import Hit

_INDENT = 6
"""Cells before the name: margin, dot, channel sign and the gaps between."""

_MARKS: Marked[Mapping[str, str]] = {
    "auth-failed": "unverified",
    "spoofed-name": "false name",
    "unanswered": "unanswered",
    "forged-reference": "no proof",
    "own-address-customer": "our address",
    "from-own-address": "our address",
    "new-sender": "new sender",
    "forwarding-confirmation": "asks to confirm",
    "reply-to-differs": "other reply-to",
    "address-fails": "mail returns",
    "unreadable": "unreadable",
}
"""What a list says of the flags of a ticket, the most serious first; one of them is shown."""


Colleagues = tuple[tuple[bool, str], ...]
"""(types, name) of the others on one ticket, whoever types first."""

PRIORITY_INKS: Mapping[Priority, Ink] = {
    Priority.URGENT: Ink.BAD, Priority.HIGH: Ink.WAITING, Priority.LOW: Ink.DIM,
}  # fmt: skip
"""Priorities that are shown; the normal one goes without saying."""
_WAITS = {Wait.FRESH: Ink.GOOD, Wait.LATE: Ink.WAITING, Wait.OVERDUE: Ink.BAD}
_NAME = 8
"""Cells of a colleague's name."""


@dataclass(frozen=True, slots=True)
class RowStyle:
    """What drawing a row depends on besides the row."""

    palette: Palette
    signs: Signs
    width: int
    show_assignee: bool = False
    hits: Mapping[int, Hit] = field(default_factory=dict)
    """What a search found, by ticket."""
    present: Mapping[int, Colleagues] = field(default_factory=dict)
    """Who else is on a ticket now, by ticket."""
    visitors: Mapping[int, VisitorNow] = field(default_factory=dict)
    """The visitors of running chats, by ticket."""
    has_bar: bool = False
    """A bar says where the cursor is: colours alone do not."""


def draw_ticket(
    row: TicketRow,
    style: RowStyle,
    now: datetime,
    tone: Tone,
    *,
    marked: bool = False,
) -> tuple[Strip, Strip]:
    """Return the two lines of a ticket, each exactly as wide as asked.

    Among the hits of a search the second one shows what was found.
    """
    # on the selection the dim colour would fall below the contrast that text must have
    faint = Ink.SOFT if tone is Tone.PICKED else Ink.DIM
    return (
        _strip(_first(row, style, now, faint, marked), style, tone),
        _strip(_second(row, style, faint), style, tone),
    )


def _strip(spans: list[Span], style: RowStyle, tone: Tone) -> Strip:
    shown = barred(spans) if style.has_bar and tone is Tone.PICKED else spans
    return style.palette.strip(shown, style.width, tone)


def _spread(left: list[Span], used: int, right: list[Span], taken: int, width: int) -> list[Span]:
    gap = width - used - taken - 1
    if gap < 1 or not right:
        return left
    return [*left, (" " * gap, Ink.SOFT), *right]


def _channel_ink(name: str) -> Ink:
    spec = CHANNELS.get(name)
    return Ink(spec.color) if spec is not None else Ink.DIM


def _first(row: TicketRow, style: RowStyle, now: datetime, faint: Ink, marked: bool) -> list[Span]:
    signs = style.signs
    right, taken = _state(row, style, now, faint)
    visitor = style.visitors.get(row.id)
    here = f" {signs.present}" if visitor is not None and visitor.online else ""
    room = style.width - _INDENT - taken - 2 - len(here)
    name = shorten_cells(clean(row.customer_name) or _("unknown"), room)
    return _spread(
        [
            (signs.marked if marked else " ", Ink.KEY),
            (f" {signs.unread if row.unread else ' '} ", Ink.FRESH),
            (f"{signs.channel(row.channel)} ", _channel_ink(row.channel)),
            (name, Ink.KEY if marked else Ink.HEADING if row.unread else Ink.SOFT),
            (here, Ink.GOOD),
        ],
        _INDENT + cells(name) + len(here),
        right,
        taken,
        style.width,
    )


def _state(row: TicketRow, style: RowStyle, now: datetime, faint: Ink) -> tuple[list[Span], int]:
    """Return the right end of the first line: urgency, assignee, and age or what replaces it."""
    signs = style.signs
    spans: list[Span] = []
    who = style.present.get(row.id, ())
    if who:
        is_typing, name = who[0]
        more = f" +{len(who) - 1}" if len(who) > 1 else ""
        sign, ink = (signs.typing, Ink.WAITING) if is_typing else (signs.present, Ink.GOOD)
        spans.append((f"{sign} {shorten_cells(clean(name), _NAME)}{more}  ", ink))
    if Flag.WOKEN in row.flags and row.status is Status.OPEN:
        spans.append((f"{signs.snoozed} {_('back')}  ", Ink.WAITING))
    if row.priority in PRIORITY_INKS:
        sign = f"{signs.urgent} " if row.priority is not Priority.LOW else ""
        spans.append((f"{sign}{priority_name(row.priority)}  ", PRIORITY_INKS[row.priority]))
    owner = row.assignee or row.team
    if style.show_assignee and owner and not who:
        ink = Ink.TAG if row.assignee is None else faint
        spans.append((f"{shorten_cells(clean(owner), 10)}  ", ink))
    spans.append(_timing(row, signs, now, faint))
    return spans, width_of(spans)


def _timing(row: TicketRow, signs: Signs, now: datetime, faint: Ink) -> Span:
    if row.status is Status.SNOOZED and row.snoozed_until is not None:
        return f"{signs.snoozed} {until(row.snoozed_until, now)}", Ink.WAITING
    if row.closing_at is not None:
        # the words of chats cost a start time, and few are being closed
        from helpdesk_tui.widgets.words.chats import closing_words

        return signs.plain(closing_words(row.closing_at, now)), Ink.WAITING
    if row.status is Status.CLOSED and Flag.WITH_RESPONDER not in row.flags:
        return _("{closed} closed  {age}").format(
            closed=signs.closed, age=age(row.last_message_at, now)
        ), faint
    waits = waiting(row.timer_since, now, row.channel)
    if waits is not None:
        sign = signs.waiting if row.timer_since == row.waiting_since else signs.held
        return f"{sign}{waits.label}", _WAITS[waits.wait]
    return age(row.last_message_at, now), faint


def _second(row: TicketRow, style: RowStyle, faint: Ink) -> list[Span]:
    signs, width = style.signs, style.width
    right, taken = _marks(row, style, faint)
    room = width - _INDENT - (taken + 2 if taken else 1)
    hit = style.hits.get(row.id)
    if hit is not None:
        return _hit(hit, room, faint, right, style)
    draft = _("{draft} draft").format(draft=signs.draft) + "  " if row.has_draft else ""
    visitor = style.visitors.get(row.id)
    is_typing = visitor is not None and visitor.typing
    typing = f"{signs.typing} {_('typing')} {signs.plain('…')}  " if is_typing else ""
    room -= cells(typing)
    subject = shorten_cells(clean(row.subject) or _("(no subject)"), max(0, room - len(draft)))
    used = cells(subject) + cells(typing)
    left: list[Span] = [(" " * _INDENT, Ink.SOFT), (typing, Ink.ACCENT)]
    if draft:
        left.append((draft, Ink.ACCENT))
        used += len(draft)
    left.append((subject, Ink.TEXT if row.unread else Ink.SOFT))
    preview = shorten_cells(clean(row.preview), max(0, room + cells(typing) - used - 2))
    if len(preview) > 3 and row.preview != row.subject:
        left.append((f"  {preview}", faint))
        used += cells(preview) + 2
    return _spread(left, _INDENT + used, right, taken, width)


def _hit(hit: Hit, room: int, faint: Ink, right: list[Span], style: RowStyle) -> list[Span]:
    """Return the second line of a ticket that was searched for."""
    from helpdesk_tui.widgets.words.hits import hit_spans

    spans = hit_spans(hit, room, faint)
    used = _INDENT + width_of(spans)
    taken = width_of(right)
    return _spread([(" " * _INDENT, Ink.SOFT), *spans], used, right, taken, style.width)


def _marks(row: TicketRow, style: RowStyle, faint: Ink) -> tuple[list[Span], int]:
    """Return the right end of the second line: warning, media, and tags in a third at most."""
    spans: list[Span] = []
    taken = 0
    mark = mark_of(row.flags) if row.flags else ""
    if mark:
        text = f"{style.signs.waiting} {mark}"
        spans.append((text, Ink.WAITING))
        taken = cells(text)
    elif Flag.WITH_RESPONDER in row.flags:
        text = style.signs.plain("✦ " + _("assistant"))
        spans.append((text, Ink.TAG))
        taken = cells(text)
    if row.has_media:
        space = " " if taken else ""
        spans.append((f"{space}{style.signs.media}", faint))
        taken += 1 + len(space)
    tags = shorten_cells(" ".join(clean(tag) for tag in row.tags), style.width // 3)
    if tags:
        spans.append((f" {tags}" if taken else tags, Ink.TAG))
        taken += cells(tags) + bool(taken)
    return spans, taken


def mark_of(flags: Sequence[str]) -> str:
    """Return the word for the most serious of a ticket's flags; empty for none of them."""
    return next((_(word) for flag, word in _MARKS.items() if flag in flags), "")


def counts_seconds(row: TicketRow, now: datetime) -> bool:
    """Return whether what is drawn of a ticket changes more often than once a minute."""
    if row.status is not Status.OPEN:
        return False
    waits = waiting(row.timer_since, now, row.channel)
    return waits is not None and waits.counts_seconds


def counts_down(row: TicketRow, now: datetime) -> bool:
    """Return whether what is drawn of a ticket changes every second."""
    return row.closing_at is not None and row.closing_at > now
