"""An order as it is read: its lines, what was paid, where it is. Pure functions to rows."""

from __future__ import annotations

from datetime import datetime, tzinfo

from helpdesk_tui.domain.commerce.facts import Order, OrderItem, Tracking
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.commerce.span_lines import Rows, label, label_rows, text_rows, widest
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import fit, spread, width_of
from helpdesk_tui.widgets.words.commerce import (
    fulfilment_words,
    money_words,
    order_state,
    parcel_words,
    payment_words,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number, short_moment

_MOST_LINES = 4


def order_rows(
    order: Order, width: int, now: datetime, zone: tzinfo | None = None, *, plain: bool = False
) -> Rows:
    """Return an order with all that an agent may want to know of it."""
    state, ink = order_state(order)
    placed = short_moment(order.created_at.astimezone(zone), now.astimezone(zone).year)
    head = spread([(state, ink), (f"  {placed}", Ink.DIM)], _paid(order), width)
    rows: Rows = [head, []]
    rows += [_item_row(one, order.currency, width, plain) for one in order.items]
    if order.has_more_items:
        rows.append([(_("… and more lines"), Ink.DIM)])
    rows += [[], *_money(order, width, plain)]
    details = _details(order, width, now, zone)
    return [*rows, [], *details] if details else rows


def _paid(order: Order) -> list[Span]:
    words = payment_words(order.payment)
    ink = Ink.GOOD if order.payment == "paid" else Ink.WAITING
    test: list[Span] = [(_("test order"), Ink.WAITING), ("  ", Ink.DIM)] if order.is_test else []
    return [*test, (words, ink)] if words else test


def _item_row(item: OrderItem, currency: str, width: int, plain: bool) -> list[Span]:
    is_gone = item.quantity == 0
    right: list[Span] = []
    if item.unfulfilled and item.unfulfilled < item.quantity:
        left = _("{count} not sent yet").format(count=item.unfulfilled)
        right.append((f"{left}  ", Ink.WAITING))
    if is_gone:
        right.append((_("taken out"), Ink.DIM))
    elif item.price is not None:
        right.append((money_words(item.price * item.quantity, currency, plain=plain), Ink.TEXT))
    ink = Ink.DIM if is_gone else Ink.TEXT
    spans: list[Span] = [(f"{number(item.quantity):>3} × ", Ink.SOFT), (clean(item.name), ink)]
    return spread(fit(spans, width - width_of(right) - 1), right, width)


def _money(order: Order, width: int, plain: bool) -> Rows:
    """Return the sum, with what it is made of where the shop says so."""
    parts = (
        (_("lines"), order.subtotal),
        (_("shipping"), order.shipping),
        (_("discount"), -order.discount if order.discount else None),
        (_("tax, in it"), order.tax),
        (_("refunded"), -order.refunded if order.refunded else None),
    )
    rows = [
        spread(
            [(f"      {name}", Ink.DIM)],
            [(money_words(amount, order.currency, plain=plain), Ink.SOFT)],
            width,
        )
        for name, amount in parts
        if amount
    ]
    total: list[Span] = [(money_words(order.total, order.currency, plain=plain), Ink.HEADING)]
    rows.append(spread([("      ", Ink.DIM), (_("total"), Ink.HEADING)], total, width))
    if order.outstanding:
        due = money_words(abs(order.outstanding), order.currency, plain=plain)
        name = _("still to pay") if order.outstanding > 0 else _("owed to the customer")
        rows.append(spread([(f"      {name}", Ink.WAITING)], [(due, Ink.WAITING)], width))
    return rows


def _details(order: Order, width: int, now: datetime, zone: tzinfo | None) -> Rows:
    sent = fulfilment_words(order.fulfilment)
    is_said = order_state(order)[0] == sent
    found: list[tuple[str, list[Span]]] = [
        (_("sent"), [(sent, Ink.TEXT)] if sent and not is_said else []),
    ]
    found += [(_("parcel"), _parcel(one, now, zone)) for one in order.parcels]
    if order.returns and order.returns != "no_return":
        found.append((_("returns"), [(clean(order.returns).replace("_", " "), Ink.WAITING)]))
    if order.cancelled_at is not None:
        at = short_moment(order.cancelled_at.astimezone(zone), now.astimezone(zone).year)
        found.append((_("cancelled"), [(at, Ink.BAD)]))
    if order.tags:
        found.append((_("tags"), [(" · ".join(clean(one) for one in order.tags), Ink.TAG)]))
    long = [
        (name, said, ink)
        for name, said, ink in (
            (_("goes to"), ", ".join(_lines(order.address)), Ink.TEXT),
            (_("note"), "\n".join(_lines(order.note)), Ink.NOTE),
        )
        if said
    ]
    room = widest([*[name for name, said in found if said], *[name for name, *_rest in long]])
    rows = [fit(one, width) for one in label_rows(found, room)]
    for name, said, ink in long:
        lines = text_rows(said, width, ink, label(name, room))
        rows += lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], [("  …", Ink.DIM)]]
    return rows


def _lines(text: str) -> list[str]:
    return [line.strip() for line in clean_lines(text).split("\n") if line.strip()]


def _parcel(parcel: Tracking, now: datetime, zone: tzinfo | None) -> list[Span]:
    spans: list[Span] = []
    words = parcel_words(parcel)
    if words:
        spans.append((words, Ink.GOOD if parcel.delivered_at else Ink.TEXT))
    name = " ".join(clean(one) for one in (parcel.company, parcel.number) if one)
    if name:
        spans.append((f"{'  ' if spans else ''}{name}", Ink.SOFT))
    if parcel.expected_at is not None and parcel.delivered_at is None:
        when = short_moment(parcel.expected_at.astimezone(zone), now.astimezone(zone).year)
        spans.append((f"  {_('expected {when}').format(when=when)}", Ink.DIM))
    return spans
