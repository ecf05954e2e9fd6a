"""A subscription as it is read: terms, the next delivery and what leaves with it."""

from __future__ import annotations

from datetime import date, datetime

from helpdesk_tui.domain.commerce.facts import BoxItem, NextCharge, Subscription
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.commerce.span_lines import Rows, label, label_rows, text_rows, widest
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import fit, spread
from helpdesk_tui.widgets.words.commerce import (
    coming_day,
    every_words,
    money_words,
    subscription_status,
)
from helpdesk_tui.widgets.words.language import _, pgettext
from helpdesk_tui.widgets.words.locale_forms import date_and_year, number


def subscription_rows(one: Subscription, width: int, now: datetime, *, plain: bool = False) -> Rows:
    """Return a subscription with all that an agent may want to know of it."""
    status, ink = subscription_status(one)
    right: list[Span] = [(_("prepaid"), Ink.SOFT)] if one.is_prepaid else []
    terms, facts, address = _terms(one, plain), _facts(one), _address(one)
    called = [name for name, said in (*terms, *facts) if said]
    room = widest([*called, _("next delivery"), *([_("goes to")] if address else [])])
    rows: Rows = [spread([(status, ink)], right, width), []]
    rows += [fit(row, width) for row in label_rows(terms, room)]
    rows += _coming(one, width, now.date(), plain, room)
    if facts or address:
        rows += [[], *[fit(row, width) for row in label_rows(facts, room)]]
    if address:
        rows += text_rows(address, width, Ink.TEXT, label(_("goes to"), room))
    return rows


def _facts(one: Subscription) -> list[tuple[str, list[Span]]]:
    facts: list[tuple[str, list[Span]]] = []
    if one.started_at is not None:
        facts.append((_("since"), [(date_and_year(one.started_at.date()), Ink.SOFT)]))
    if one.cancelled_at is not None:
        ended: list[Span] = [(date_and_year(one.cancelled_at.date()), Ink.BAD)]
        facts.append((pgettext("subscription", "cancelled"), ended))
    if one.cancel_reason:
        facts.append((_("because"), [(clean(one.cancel_reason), Ink.TEXT)]))
    return facts


def _address(one: Subscription) -> str:
    return ", ".join(part for part in clean_lines(one.address_lines).split("\n") if part)


def _terms(one: Subscription, plain: bool) -> list[tuple[str, list[Span]]]:
    name = ", ".join(clean(part) for part in (one.product, one.variant) if part)
    price: list[Span] = []
    if one.price is not None:
        price = [
            (
                _("{price} each").format(price=money_words(one.price, one.currency, plain=plain)),
                Ink.TEXT,
            )
        ]
    often = every_words(one.every, one.unit)
    return [
        (_("what"), [(f"{number(one.quantity)} × ", Ink.SOFT), (name, Ink.BRIGHT)]),
        (_("interval"), [(often, Ink.TEXT)] if often else []),
        (_("price"), price),
    ]


def _coming(one: Subscription, width: int, today: date, plain: bool, room: int) -> Rows:
    """Return what leaves next, and what was skipped."""
    rows: Rows = []
    if one.charge is not None:
        rows += [[], *charge_rows(one.charge, one, width, today, plain=plain, room=room)]
    elif one.next_date is not None:
        day: list[Span] = [(coming_day(one.next_date, today), Ink.BRIGHT)]
        rows += [[], *label_rows([(_("next delivery"), day)], room)]
    if one.skipped is not None and one.skipped.date is not None:
        said = _("skipped: {day}, can be taken back").format(
            day=coming_day(one.skipped.date, today)
        )
        rows.append([(said, Ink.WAITING)])
    return rows


def charge_rows(
    charge: NextCharge,
    one: Subscription,
    width: int,
    today: date,
    *,
    plain: bool = False,
    room: int = 0,
) -> Rows:
    """Return a charge with all that is in its box; the subscription meant stands out.

    Args:
        charge: What is planned.
        one: The subscription meant.
        width: Of the rows.
        today: Days of this year go without it.
        plain: Only letters can be drawn.
        room: Cells of the longest name of the lines around it.
    """
    day = coming_day(charge.date, today) if charge.date is not None else _("not dated yet")
    left: list[Span] = [label(_("next delivery"), room), (day, Ink.BRIGHT)]
    total = charge.total
    right: list[Span] = (
        [(money_words(total, one.currency, plain=plain), Ink.TEXT)] if total is not None else []
    )
    rows: Rows = [spread(left, right, width)]
    return [*rows, *[_box_row(each, each.subscription == one.id, width) for each in charge.box]]


def _box_row(item: BoxItem, is_meant: bool, width: int) -> list[Span]:
    name = f"{number(item.quantity)} × {clean(item.title)}"
    sign: Span = ("  ▸ ", Ink.KEY) if is_meant else ("    ", Ink.DIM)
    return fit([sign, (name, Ink.BRIGHT if is_meant else Ink.SOFT)], width)
