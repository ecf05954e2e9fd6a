"""What a customer gets again and again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from helpdesk_tui.domain.commerce.facts import Section, Subscription
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.sidebar.parts import Rows, SidebarInput, SideRow, at_most, both_ends, cut
from helpdesk_tui.widgets.sidebar.standing import section_heading, section_notes, sources_of
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.commerce import (
    coming_day,
    every_words,
    money_words,
    subscription_status,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.wrap import cells, shorten_cells


def subscription_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section; nothing where no source could ever tell."""
    context = shown.context
    if context is None or not sources_of(context, Section.SUBSCRIPTIONS):
        return
    count, those = context.subscription_count, context.subscriptions
    known = number(count) if count is not None and count > len(those) else ""
    yield section_heading(shown, context, Section.SUBSCRIPTIONS, known)
    rows: Rows = []
    told = those[: at_most(shown, "subscriptions")]
    for source_id, one in told:
        rows += _subscription(one, source_id, shown)
    beyond = max(len(those), count or 0) - len(told)
    yield from cut(rows, shown, "subscriptions", beyond=beyond)
    yield from section_notes(shown, context, Section.SUBSCRIPTIONS, is_empty=not rows)


def subscription_name(subscription: Subscription) -> str:
    """Return what a subscription is called: how many of what."""
    name = " ".join(
        [part for part in (clean(subscription.product), clean(subscription.variant)) if part]
    )
    many = f"{subscription.quantity} × " if subscription.quantity > 1 else ""
    return many + (name or clean(subscription.sku) or f"#{clean(subscription.id)}")


def subscription_target(source_id: int, subscription: Subscription) -> Target:
    """Return what a subscription is addressed by."""
    name = subscription_name(subscription)
    return Target(
        TargetKind.SUBSCRIPTION, subscription.id, source_id, copied=name, url=subscription.url
    )


def _subscription(subscription: Subscription, source_id: int, shown: SidebarInput) -> Rows:
    """Return a subscription on two lines: what and how often, then what comes next."""
    target = subscription_target(source_id, subscription)
    often = every_words(subscription.every, subscription.unit)
    ink = Ink.BRIGHT if subscription.status == "active" else Ink.SOFT
    name = subscription_name(subscription)
    coming = _next(subscription, shown)
    if often and cells(name) + cells(often) + 2 <= shown.width:
        first = SideRow(((name, ink), ("  ", Ink.DIM), (often, Ink.SOFT)), target)
    else:
        # a name that is cut says less than an interval that is moved
        first = SideRow(((shorten_cells(name, shown.width), ink),), target)
        coming[0] = [(often + " · " if often else "", Ink.SOFT), *_short(coming[0])]
    # half an amount would be another one: the day stays, and what else there is room for
    while len(coming) > 1 and sum([width_of(part) for part in coming]) > shown.width:
        del coming[1]
    spans = [span for part in coming for span in part]
    return [first, both_ends(spans, ("", Ink.DIM), shown.width, target)]


def _amount(subscription: Subscription) -> Decimal | None:
    """Return what is charged for it: of a box that it shares, only its own part."""
    charge, price = subscription.charge, subscription.price
    if charge is not None and charge.total is not None and (price is None or len(charge.box) < 2):
        return charge.total
    return price * subscription.quantity if price is not None else None


def _short(coming: list[Span]) -> list[Span]:
    """Leave out that it is the next charge: beside an interval the day says so."""
    return coming[1:] if coming[0][0].startswith(_("next charge")) else coming


def _next(subscription: Subscription, shown: SidebarInput) -> list[list[Span]]:
    """Return what comes next, or that nothing does: parts, of which the first is needed most."""
    today = shown.now.astimezone(shown.zone).date()
    if subscription.status != "active":
        words, ink = subscription_status(subscription)
        spans: list[Span] = [(words, ink)]
        if subscription.cancelled_at is not None:
            day = coming_day(subscription.cancelled_at.astimezone(shown.zone).date(), today)
            spans.append((f" {day}", Ink.DIM))
        return [spans]
    planned = subscription.next_date or (subscription.charge.date if subscription.charge else None)
    if planned is None:
        return [[(_("no charge is planned"), Ink.DIM)]]
    parts: list[list[Span]] = [
        [(_("next charge") + " ", Ink.DIM), (coming_day(planned, today), Ink.TEXT)]
    ]
    amount = _amount(subscription)
    if amount is not None:
        words = money_words(amount, subscription.currency, plain=shown.is_plain)
        parts.append([("  ", Ink.DIM), (words, Ink.SOFT)])
    if subscription.skipped is not None:
        parts.append([(" · " + _("one skipped"), Ink.WAITING)])
    return parts
