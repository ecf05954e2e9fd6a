"""The words of the outbox: how each message stands, when it leaves, and why it did not."""

from __future__ import annotations

from datetime import datetime, tzinfo

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.outbox import OutboxRow
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import MEASURE, PageLines, pairs, paragraph
from helpdesk_tui.widgets.painted import spread
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.codes import delivery_name
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.words.people import shown_address
from helpdesk_tui.widgets.words.trouble import delivery_trouble, unknown_trouble
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

_SIGNED = "\n-- \n"
_COUNTS_BELOW = 120
"""Seconds from which on each one is counted."""


def counts_down(row: OutboxRow, now: datetime) -> bool:
    """Return whether what is said of a message changes every second."""
    return row.delivery is Delivery.QUEUED and 0 < row.seconds_left(now) < _COUNTS_BELOW


def state_span(row: OutboxRow, now: datetime, zone: tzinfo | None) -> Span:
    """Return how a message stands, in a few words with a sign."""
    left = row.seconds_left(now)
    is_later = row.delivery is Delivery.SCHEDULED and left > 0
    waits = row.delivery in (Delivery.QUEUED, Delivery.SCHEDULED)
    if row.is_held and waits and not is_later:
        return "✗ " + _("held: the channel is off"), Ink.BAD
    if row.delivery is Delivery.SCHEDULED and row.due_at is not None:
        local = row.due_at.astimezone(zone)
        moment = short_moment(local, now.astimezone(zone).year)
        return "◷ " + (moment if left else _("leaves now")), Ink.FRESH
    if row.delivery is Delivery.QUEUED:
        return f"◷ {_queued(row, left)}", Ink.WAITING
    known: dict[Delivery, Span] = {
        Delivery.SENDING: ("↻ " + _("sending"), Ink.WAITING),
        Delivery.FAILED: ("✗ " + _("not sent"), Ink.BAD),
        Delivery.UNKNOWN: ("? " + _("may have been sent"), Ink.WAITING),
    }
    return known.get(row.delivery, (delivery_name(row.delivery), Ink.DIM))


def _queued(row: OutboxRow, left: int) -> str:
    if not left:
        return _("tries again soon") if row.error_code else _("waiting to leave")
    is_close = left < _COUNTS_BELOW
    time = (_("{count} s") if is_close else _("{count} min")).format(
        count=left if is_close else left // 60
    )
    said = _("tries again in {time}") if row.error_code else _("leaves in {time}")
    return said.format(time=time)


def outbox_lines(
    row: OutboxRow, width: int, now: datetime, zone: tzinfo | None, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return the two lines of a message: whom it goes to and how it stands, then its text."""
    faint = Ink.SOFT if picked else Ink.DIM
    text, ink = state_span(row, now, zone)
    state: Span = (signs.plain(f"{text} "), ink)
    room = max(6, width - cells(state[0]) - 4)
    name = shorten_cells(clean(row.customer) or shown_address(", ".join(row.to)), room)
    number = f"  #{row.ticket_id}"
    first: list[Span] = [("  ", Ink.DIM), (name, Ink.HEADING)]
    if cells(name) + cells(number) < room:
        first.append((number, faint))
    files = ngettext("{count} file", "{count} files", row.files).format(count=row.files)
    more = f"{files} " if row.files else ""
    words = " ".join(clean(row.text.partition(_SIGNED)[0]).split()) or clean(row.subject)
    second: list[Span] = [
        ("  ", Ink.DIM),
        (shorten_cells(words, max(4, width - cells(more) - 4)), Ink.SOFT),
    ]
    return spread(first, [state], width), spread(second, [(more, faint)], width)


def outbox_page(row: OutboxRow, width: int, now: datetime, zone: tzinfo | None) -> PageLines:
    """Return the page of a message: how it stands and why, what can be done, and its text."""
    width = min(width, MEASURE)
    head = clean(row.subject) or _("no subject")
    lines: PageLines = [[(line, Ink.HEADING)] for line in wrap_line(head, width)]
    lines += [[state_span(row, now, zone)], []]
    local = row.written_at.astimezone(zone)
    lines += pairs(
        (
            (_("to"), ", ".join(shown_address(each) for each in row.to)),
            (_("ticket"), f"#{row.ticket_id} · {clean(row.customer)}"),
            (_("written"), f"{clean(row.author)} · {short_moment(local)}"),
        ),
        width,
    )
    reason = _reason(row)
    if reason:
        lines += [[], *([(line, Ink.BAD)] for line in wrap_line(reason, width))]
    lines += [[], *_ways(row, width), []]
    return lines + paragraph(clean_lines(row.text), width)


def _reason(row: OutboxRow) -> str:
    if row.delivery is Delivery.UNKNOWN:
        said = unknown_trouble(row.channel)
        return f"{said} · {clean(row.error_text)}" if row.error_text else said
    if row.is_held and row.delivery is Delivery.SCHEDULED:
        return _("held: the channel is off")
    return delivery_trouble(
        row.error_code, row.error_text, channel=row.channel, address=", ".join(row.to)
    )


def _ways(row: OutboxRow, width: int) -> PageLines:
    """Return the keys that mean something for a message, in words."""
    ways: list[tuple[str, str]] = [("enter", _("goes to the ticket"))]
    if row.can_return:
        ways += [("z", _("takes it back into the draft")), ("y", _("sends it now"))]
    if row.delivery is Delivery.SCHEDULED:
        ways.append(("s", _("another moment")))
    if row.delivery in (Delivery.FAILED, Delivery.UNKNOWN):
        ways.append(("T", _("sends it again")))
    if row.delivery is Delivery.UNKNOWN:
        ways.append(("Y", _("it was sent")))
    lines: PageLines = [[]]
    used = 0
    for key, word in ways:
        long = cells(key) + cells(word) + 4
        if used and used + long > width:
            lines.append([])
            used = 0
        lines[-1] += [(key, Ink.KEY), (f" {word}   ", Ink.DIM)]
        used += long
    return lines
