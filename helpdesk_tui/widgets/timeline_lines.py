"""Entries of a customer's timeline as lines of a list, and as a page to read."""

from __future__ import annotations

from datetime import datetime, tzinfo

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.commerce.facts import CustomerEvent, Order, Subscription
from helpdesk_tui.domain.commerce.timeline import Entry, EntryKind
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.commerce.order_page import order_rows
from helpdesk_tui.widgets.commerce.subscription_page import subscription_rows
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, pairs, paragraph
from helpdesk_tui.widgets.painted import fit, spread, width_of
from helpdesk_tui.widgets.sidebar.events import metric_words, short_when
from helpdesk_tui.widgets.sidebar.subscriptions import subscription_name
from helpdesk_tui.widgets.words.commerce import (
    every_words,
    item_count,
    money_words,
    order_state,
    subscription_status,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import ago, date_and_year, short_moment

_SIGNS: dict[EntryKind, Span] = {
    EntryKind.ORDER: ("■ ", Ink.GOOD),
    EntryKind.SUBSCRIPTION: ("↻ ", Ink.TAG),
    EntryKind.EVENT: ("· ", Ink.DIM),
}


def entry_lines(
    entry: Entry, width: int, now: datetime, zone: tzinfo | None, source: str, *, is_plain: bool
) -> tuple[list[Span], list[Span]]:
    """Return the two lines of an entry: what it is and when, then what it says."""
    when = short_when(entry.at, now, zone)
    local = entry.at.astimezone(zone)
    if local.year != now.astimezone(zone).year:
        when = date_and_year(local)
    head, below = _said(entry, is_plain=is_plain)
    right: list[Span] = [(f" {when} ", Ink.DIM)]
    room = width - width_of(right) - 4
    first = spread([(" ", Ink.DIM), _sign(entry), *fit(head, room)], right, width)
    behind: list[Span] = [(f"  {source} ", Ink.DIM)] if source else []
    inner = width - 4 - width_of(behind)
    second = spread([("   ", Ink.DIM), *fit(below, inner)], behind, width)
    return first, second


def _sign(entry: Entry) -> Span:
    if entry.kind is not EntryKind.MESSAGE:
        return _SIGNS[entry.kind]
    spec = CHANNELS.get(entry.channel)
    return (f"{spec.icon} ", Ink(spec.color)) if spec else ("? ", Ink.DIM)


def _said(entry: Entry, *, is_plain: bool) -> tuple[list[Span], list[Span]]:
    value = entry.value
    if isinstance(value, Order):
        state, ink = order_state(value)
        amount = money_words(value.total, value.currency, plain=is_plain)
        head = [(clean(value.name), Ink.BRIGHT), ("  ", Ink.DIM), (amount, Ink.TEXT)]
        things = ", ".join([clean(one.title) for one in value.items]) or item_count(value)
        return head, [(state, ink), ("  ", Ink.DIM), (things, Ink.DIM)]
    if isinstance(value, Subscription):
        state, ink = subscription_status(value)
        often = every_words(value.every, value.unit)
        head = [(subscription_name(value), Ink.BRIGHT), ("  ", Ink.DIM), (often, Ink.SOFT)]
        return head, [(state, ink)]
    if isinstance(value, CustomerEvent):
        below = clean(value.title) or clean(value.campaign)
        return [(metric_words(value.metric), Ink.TEXT)], [(below, Ink.DIM)]
    return _speaker(entry), [(clean(entry.first_words) or clean(entry.title), Ink.SOFT)]


def _speaker(entry: Entry) -> list[Span]:
    """Return who wrote, and about what."""
    who = clean(entry.who)
    if entry.is_note:
        name: Span = (_("note by {name}").format(name=who), Ink.NOTE)
    elif entry.is_ours:
        name = (who or _("we"), Ink.US)
    else:
        name = (who or _("customer"), Ink.HEADING)
    return [name, ("  ", Ink.DIM), (clean(entry.title), Ink.TEXT)]


def entry_page(
    entry: Entry, width: int, now: datetime, zone: tzinfo | None, source: str, *, is_plain: bool
) -> PageLines:
    """Return all of an entry, to read."""
    local = entry.at.astimezone(zone)
    when = f"{short_moment(local)} · {ago(entry.at, now)}"
    told = [part for part in (when, source) if part]
    if entry.ticket_id:
        told.append(f"#{entry.ticket_id}")
    lines: PageLines = [[(" · ".join(told), Ink.DIM)], []]
    value = entry.value
    if isinstance(value, Order):
        return [*lines, *order_rows(value, width, now, zone, plain=is_plain)]
    if isinstance(value, Subscription):
        return [*lines, *subscription_rows(value, width, now, plain=is_plain)]
    if isinstance(value, CustomerEvent):
        return [*lines, *_event(value, width, is_plain=is_plain)]
    head = list(fit(_speaker(entry), width))
    return [head, *lines, *paragraph(clean_lines(entry.text), width)]


def _event(event: CustomerEvent, width: int, *, is_plain: bool) -> PageLines:
    lines = paragraph(metric_words(event.metric), width, Ink.HEADING)
    if event.title:
        lines += paragraph(clean(event.title), width)
    worth = money_words(event.value, event.currency, plain=is_plain)
    rows = [
        (_("value"), worth if event.value is not None else ""),
        (_("campaign"), clean(event.campaign)),
        (_("channel"), clean(event.channel)),
        (_("page"), clean(event.url)),
    ]
    details = [(clean(name), clean(said)) for name, said in event.details.items()]
    return [*lines, [], *pairs(rows, width), *pairs(details, width)]
