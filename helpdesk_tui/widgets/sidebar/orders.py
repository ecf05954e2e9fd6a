"""The orders of a customer, the newest first."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_tui.domain.commerce.facts import Order, Section
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.sidebar.parts import (
    Rows,
    SidebarInput,
    SideRow,
    at_most,
    both_ends,
    cut,
    padded,
)
from helpdesk_tui.widgets.sidebar.standing import section_heading, section_notes, sources_of
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.commerce import (
    item_count,
    money_words,
    order_state,
    payment_state,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import day_month, number
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_LONGEST_NAME = 12
_ROOMY = 58
"""Cells from which on an order fits on one line with all that is said of it."""


def order_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section; nothing where no source could ever tell."""
    context = shown.context
    if context is None or not sources_of(context, Section.ORDERS):
        return
    count = context.order_count
    orders = context.orders
    known = number(count) if count is not None and count > len(orders) else ""
    yield section_heading(shown, context, Section.ORDERS, known)
    rows: Rows = []
    told = orders[: at_most(shown, "orders")]
    name, money = _columns([order for _source, order in told], shown)
    for place, (source_id, order) in enumerate(told):
        rows += _order(order, source_id, shown, (name, money), is_first=place == 0)
    beyond = max(len(orders), count or 0) - len(told)
    yield from cut(rows, shown, "orders", beyond=beyond)
    yield from section_notes(shown, context, Section.ORDERS, is_empty=not rows)


def _columns(orders: list[Order], shown: SidebarInput) -> tuple[int, int]:
    """Return how wide names and amounts are."""
    names = [cells(clean(one.name)) for one in orders]
    amounts = [cells(_amount(one, shown)) for one in orders]
    return min(max(names, default=0), _LONGEST_NAME), max(amounts, default=0)


def _amount(order: Order, shown: SidebarInput) -> str:
    return money_words(order.total, order.currency, plain=shown.is_plain)


def order_target(source_id: int, order: Order) -> Target:
    """Return what an order is addressed by."""
    url = order.admin_url or order.url
    return Target(TargetKind.ORDER, order.id, source_id, copied=clean(order.name), url=url)


def _order(
    order: Order,
    source_id: int,
    shown: SidebarInput,
    columns: tuple[int, int],
    *,
    is_first: bool,
) -> Rows:
    """Return an order: name, amount, state; the newest one with what is in it."""
    name_width, money_width = columns
    target = order_target(source_id, order)
    state, ink = order_state(order)
    name = shorten_cells(clean(order.name), name_width)
    amount = _amount(order, shown)
    spans: list[Span] = [
        (padded(name, name_width + 1), Ink.BRIGHT if is_first else Ink.SOFT),
        (" " * (money_width - cells(amount) + 1) + amount, Ink.TEXT),
        ("  ", Ink.DIM),
        (state, ink),
    ]
    when = day_month(order.created_at.astimezone(shown.zone))
    if shown.width >= _ROOMY:
        spans += _inside(order)
        return [both_ends(spans, (when, Ink.DIM), shown.width, target)]
    first = both_ends(spans, (when, Ink.DIM), shown.width, target)
    if not is_first:
        return [first]
    inside: list[Span] = [(" " * (name_width + 2), Ink.DIM), *_inside(order)[1:]]
    behind = f" · {when}"
    has_day = width_of(spans) + cells(when) < shown.width
    if not has_day and width_of(inside) + cells(behind) <= shown.width:
        inside.append((behind, Ink.DIM))
    return [first, both_ends(inside, ("", Ink.DIM), shown.width, target)]


def _inside(order: Order) -> list[Span]:
    """Return what is unusual about the payment, how much is in it and who carries it."""
    parts: list[Span] = []
    paid = payment_state(order)
    if paid is not None:
        parts.append(paid)
    parts.append((item_count(order), Ink.DIM))
    carriers = dict.fromkeys([clean(one.company) for one in order.parcels if one.company])
    parts += [(one, Ink.DIM) for one in carriers]
    if order.is_test:
        parts.append((_("test"), Ink.WAITING))
    out: list[Span] = []
    for place, part in enumerate(parts):
        out += [("   " if place == 0 else " · ", Ink.DIM), part]
    return out
