"""What a customer is worth: so far, probably, and how likely they are to stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal

from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import Section, Value
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import Rows, SidebarInput, SideRow, fitted, row, said_by
from helpdesk_tui.widgets.sidebar.standing import (
    label_of,
    section_heading,
    section_notes,
    sources_of,
)
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind, text_target
from helpdesk_tui.widgets.words.commerce import churn_words, coming_day, money_words, percent
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

_MONEY = frozenset({"spent", "predicted", "total", "average_order", "currency"})


def value_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section; nothing where no source could ever tell."""
    context = shown.context
    if context is None or not sources_of(context, Section.VALUE):
        return
    value = merged_value(context)
    rows = _numbers(value, context, shown) if value is not None else []
    yield section_heading(shown, context, Section.VALUE)
    yield from rows
    yield from section_notes(shown, context, Section.VALUE, is_empty=not rows)
    profile = shown.profile
    if profile is not None and profile.ticket_count:
        count = profile.ticket_count
        words = ngettext("{count} ticket", "{count} tickets", count).format(count=number(count))
        yield row((words, Ink.FRESH), target=Target(TargetKind.TICKETS, "tickets", copied=words))


def merged_value(context: CustomerContext) -> Value | None:
    """Return what is known over all sources: each number of the first that knows it.

    Amounts of different currencies are never put together.
    """
    values = [value for _source, value in context.values]
    if not values:
        return None
    first = values[0]
    for other in values[1:]:
        mixes = bool(first.currency and other.currency and first.currency != other.currency)
        missing = {
            one.name: getattr(other, one.name)
            for one in fields(Value)
            if getattr(first, one.name) in (None, "") and not (mixes and one.name in _MONEY)
        }
        first = replace(first, **missing)
    return first


def _numbers(value: Value, context: CustomerContext, shown: SidebarInput) -> Rows:
    rows: Rows = []
    _add(rows, "money", _money(value, shown), shown.width)
    _add(rows, "stays", _orders(value, context), shown.width, Target(TargetKind.ORDERS, "orders"))
    if value.next_order is not None:
        today = shown.now.astimezone(shown.zone).date()
        day = coming_day(value.next_order, today)
        spans: list[Span] = [(_("next order ~") + " ", Ink.DIM), (day, Ink.TEXT)]
        _add(rows, "next", spans, shown.width)
    if value.average_order is not None and shown.is_open("value"):
        average = money_words(value.average_order, value.currency, plain=shown.is_plain)
        _add(rows, "average", [(average, Ink.TEXT), (" " + _("an order"), Ink.DIM)], shown.width)
    return [*rows, *_otherwise(value, context, shown)]


def _otherwise(value: Value, context: CustomerContext, shown: SidebarInput) -> Rows:
    """Return what sources count otherwise than is shown, with who says so.

    Amounts differ by what each of them counts in; orders are there or not.
    """
    rows: Rows = []
    for source_id, other in context.values:
        if other.orders is None or other.orders == value.orders:
            continue
        spans = _order_count(other.orders)
        if other.spent is not None:
            spent = money_words(other.spent, other.currency, whole=True, plain=shown.is_plain)
            spans += [(" · ", Ink.DIM), (spent, Ink.SOFT)]
        said = "".join([text for text, _ink in spans])
        target = text_target(f"value-{source_id}", said)
        rows += said_by(spans, label_of(context, source_id), shown.width, target)
    return rows


def _order_count(count: int) -> list[Span]:
    words = ngettext("{count} order", "{count} orders", count)
    before, _sign, behind = words.partition("{count}")
    return [(before + number(count), Ink.TEXT), (behind, Ink.DIM)]


def _add(
    rows: Rows, place: str, spans: list[Span], width: int, target: Target | None = None
) -> None:
    if spans:
        said = "".join([text for text, _ink in spans])
        about = target or text_target(f"value-{place}", said)
        rows.append(SideRow(tuple(fitted(spans, width)), about))


def _money(value: Value, shown: SidebarInput) -> list[Span]:
    """Return what they spent and will spend; a dash for what nobody knows."""

    def words(amount: Decimal | None) -> str:
        return money_words(amount, value.currency, whole=True, plain=shown.is_plain)

    if value.spent is None and value.predicted is None and value.total is not None:
        return [(words(value.total), Ink.HEADING), (" " + _("in all"), Ink.DIM)]
    return [
        (words(value.spent), Ink.HEADING),
        (" " + _("so far"), Ink.DIM),
        ("   ", Ink.DIM),
        (words(value.predicted), Ink.TEXT),
        (" " + _("next year"), Ink.DIM),
    ]


def _orders(value: Value, context: CustomerContext) -> list[Span]:
    count = value.orders if value.orders is not None else context.order_count
    spans: list[Span] = []
    if count is not None:
        spans += [*_order_count(count), ("   ", Ink.DIM)]
    spans.append((_("churn") + " ", Ink.DIM))
    if value.churn is None:
        return [*spans, ("–", Ink.DIM)]
    word, ink = churn_words(value.churn)
    return [*spans, (percent(value.churn), ink), (f" {word}", Ink.DIM)]
