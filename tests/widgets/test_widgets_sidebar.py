"""What the sidebar says of a customer: values in, rows out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    Phase,
)
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    NextCharge,
    ProfileFacts,
    Section,
    SectionState,
    Segment,
    SourceConsent,
    Tracking,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Identity
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.sidebar import SidebarInput, sidebar_rows
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.commerce import every_words, money_words, order_state
from helpdesk_tui.widgets.words.ordering import state_line
from helpdesk_tui.widgets.wrap import cells
from tests.support.customer_values import (
    KLAVIYO,
    RECHARGE,
    SHOPIFY,
    context,
    event,
    order,
    subscription,
    word,
)
from tests.support.thread_values import HOSTILE, NOW, detail, is_harmless, profile


def shown(known: CustomerContext | None = None, width: int = 32, **changes: Any) -> SidebarInput:
    return SidebarInput(
        detail(), profile(ticket_count=3), width, NOW, context=known or context(), **changes
    )


def said(one: SidebarInput) -> str:
    return "\n".join(row.text for row in sidebar_rows(one))


def target(one: SidebarInput, kind: TargetKind) -> Target:
    return next(row.target for row in sidebar_rows(one) if row.target and row.target.kind is kind)


def test_every_section_says_who_tells_it_and_how_old_that_is() -> None:
    lines = said(shown()).splitlines()
    assert "VALUE               Klaviyo · 3m" in lines
    assert "ORDERS              Shopify · 3m" in lines
    assert "SUBSCRIPTIONS      Recharge · 3m" in lines
    assert "EVENTS 2            Klaviyo · 3m" in lines


def test_value_orders_subscriptions_and_events_stand_below_each_other() -> None:
    text = said(shown())
    for line in (
        "€412 so far   €95 next year", "6 orders   churn 18 % low", "next order ~ 4 Dec",
        "3 tickets", "2 items · DHL", "Coffee 1 kg  monthly", "next charge 2 Dec  €24.00",
        "09:42  Viewed Product", "VIP · Newsletter", "email ✓ sms ✗ whatsapp – Klaviyo",
    ):  # fmt: skip
        assert line in text
    assert text.index("VALUE") < text.index("ORDERS") < text.index("EVENTS") < text.index("TICKET")


def test_amounts_have_no_signs_where_only_letters_can_be_drawn() -> None:
    text = said(shown(is_plain=True))
    assert "412 EUR so far" in text
    assert "€" not in text


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("89", "EUR", "€89.00"), ("-5.5", "USD", "-$5.50"), ("1200", "JPY", "¥1,200"),
        ("120", "PLN", "120.00 PLN"), ("1.2345", "KWD", "1.234 KWD"), ("7", "", "7.00"),
        (None, "EUR", "–"),
    ],
)  # fmt: skip
def test_an_amount_is_written_as_its_currency_is(
    amount: str | None, currency: str, words: str
) -> None:
    assert money_words(None if amount is None else Decimal(amount), currency) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SectionState.KNOWN, "no orders yet"),
        (SectionState.NOBODY, "not known to Shopify"),
        (SectionState.NOT_AVAILABLE, "not available for this account"),
    ],
)
def test_an_empty_section_says_why(state: SectionState, words: str) -> None:
    known = context(orders=(), order_count=0)
    known = replace(known, words={**known.words, Section.ORDERS: (word(SHOPIFY, state=state),)})
    assert words in said(shown(known))


def test_an_empty_section_waits_for_all_who_may_tell() -> None:
    other = replace(SHOPIFY, id=SHOPIFY.id + 50, name="second")
    known = context(orders=(), order_count=0)
    told = word(SHOPIFY, state=SectionState.NOBODY)
    known = replace(
        known, sources=(*known.sources, other), words={**known.words, Section.ORDERS: (told,)}
    )
    assert "looking …" in said(shown(known))
    assert "not known to" not in said(shown(known))


def test_what_nobody_asked_yet_is_being_looked_for() -> None:
    assert "looking …" in said(shown(context(words={}, orders=(), values=())))


def test_a_failure_keeps_what_is_known_with_its_age_and_says_why() -> None:
    failed = word(
        SHOPIFY, state=SectionState.FAILED, fetched_at=NOW - timedelta(hours=3),
        code="source.scope", values={"scope": "read_orders"},
    )  # fmt: skip
    known = context()
    text = said(shown(replace(known, words={**known.words, Section.ORDERS: (failed,)})))
    assert "▲ Shopify · 3h" in text
    assert "#1042" in text
    assert "read_orders" in text


def test_each_right_that_is_missing_is_named() -> None:
    known = context(events=(), segments=())
    failed = {
        section: (
            word(KLAVIYO, state=SectionState.FAILED, code="source.scope", values={"scope": scope}),
        )
        for section, scope in ((Section.EVENTS, "events:read"), (Section.SEGMENTS, "segments:read"))
    }
    text = said(shown(replace(known, words={**known.words, **failed})))
    assert "events:read" in text
    assert "segments:read" in text
    # of segments and lists, one may be there and the other kept from us
    some = said(shown(context(words={**known.words, **failed})))
    assert "VIP" in some
    assert "segments:read" in some


def test_what_has_never_told_anything_makes_no_others_word_old() -> None:
    known = context()
    words = (
        word(SHOPIFY),
        word(RECHARGE, state=SectionState.FAILED, fetched_at=None, code="provider.busy"),
    )
    lines = said(shown(replace(known, words={**known.words, Section.ORDERS: words}))).splitlines()
    assert "ORDERS              Shopify · 3m" in lines


def test_what_a_whole_source_suffers_from_is_said_once_on_top() -> None:
    broken = replace(KLAVIYO, error_code="source.credentials")
    text = said(shown(context(sources=(broken, SHOPIFY, RECHARGE))))
    assert text.count("✗ Klaviyo") == 1
    assert text.index("✗ Klaviyo") < text.index("VALUE")


def test_sections_without_a_source_say_how_one_is_connected() -> None:
    assert "not connected: subscriptions" in said(shown(context(sources=(KLAVIYO, SHOPIFY))))
    alone = said(shown(CustomerContext(7)))
    assert "helpdesk source add" in " ".join(alone.split())
    assert "ORDERS" not in alone


def test_two_sources_of_one_kind_are_told_apart_by_their_names() -> None:
    other = replace(SHOPIFY, id=4, name="outlet")
    text = said(shown(context(sources=(KLAVIYO, SHOPIFY, other, RECHARGE))))
    assert "ORDERS                 shop · 3m" in text


def test_what_a_source_holds_otherwise_stands_with_its_name() -> None:
    facts = ProfileFacts(name="Ania K.", email="anna@example.pl", phone="+48111")
    text = said(shown(context(profiles=((2, facts),))))
    assert "Ania K.                  Shopify" in text
    assert "+48111" in text
    assert text.count("anna@example.pl") == 1


def test_sources_that_disagree_about_consent_are_shown_beside_each_other() -> None:
    def facts(state: ConsentWord) -> ProfileFacts:
        return ProfileFacts(consents=(SourceConsent("sms", "marketing", state),))

    both = ((1, facts(ConsentWord.SUBSCRIBED)), (2, facts(ConsentWord.UNSUBSCRIBED)))
    lines = said(shown(context(profiles=both))).splitlines()
    assert "sms ✓                    Klaviyo" in lines
    assert "sms ✗                    Shopify" in lines


def test_what_is_too_long_to_stand_beside_its_source_stands_above_it() -> None:
    facts = ProfileFacts(name="Anna Maria Kowalska-Nowak")
    lines = said(shown(context(profiles=((2, facts),)))).splitlines()
    at = lines.index("Anna Maria Kowalska-Nowak")
    assert lines[at + 1].split() == ["Shopify"]


def test_the_time_over_there_is_whole_however_long_the_place_is() -> None:
    facts = ProfileFacts(location="Województwo mazowieckie, Poland", timezone="Europe/Warsaw")
    lines = said(shown(context(profiles=((1, facts),)))).splitlines()
    assert any(line.endswith("local") for line in lines)


def test_sources_that_count_orders_otherwise_are_shown_with_their_names() -> None:
    values = ((1, Value("EUR", Decimal(0), orders=0)), (2, Value("EUR", Decimal(2809), orders=6)))
    lines = said(shown(context(values=values))).splitlines()
    assert "0 orders   churn –" in lines
    assert "6 orders · €2,809        Shopify" in lines


def test_an_address_nobody_proved_can_be_stood_on_and_is_called_that() -> None:
    one = shown(context(claims=(Identity("email", "eve@x.example", False),), matches=(), words={}))
    assert "? eve@x.example" in said(one)
    assert "not proved" in said(one)
    assert target(one, TargetKind.CLAIM).id == "email:eve@x.example"


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_an_own_address_nobody_proved_stands_there_once(kind: str) -> None:
    value = {"email": "anna.k@example.pl", "phone": "+48600100200"}[kind]
    claims = (Identity(kind, value, False),)
    own = profile(email="anna.k@example.pl", phone="+48600100200")
    one = replace(shown(context(claims=claims)), profile=own)
    assert said(one).count(value) == 1
    assert f"? {value}" in said(one)
    assert target(one, TargetKind.CLAIM).id == f"{kind}:{value}"


def test_what_nobody_can_tell_of_somebodys_worth_is_a_dash() -> None:
    lines = said(shown(context(values=((1, Value("EUR")),), order_count=None))).splitlines()
    assert "– so far   – next year" in lines
    assert "churn –" in lines


def test_numbers_of_other_currencies_are_never_put_together() -> None:
    values = ((1, Value("EUR", Decimal(5))), (2, Value("USD", predicted=Decimal(9), orders=4)))
    text = said(shown(context(values=values)))
    assert "€5 so far   – next year" in text
    assert "4 orders" in text


def test_a_section_shows_four_lines_and_how_many_things_there_are_more() -> None:
    many = tuple((2, order(f"#{n}")) for n in range(8))
    one = shown(context(orders=many, order_count=120))
    assert "▾ 117 more" in said(one)
    more = next(
        row.target
        for row in sidebar_rows(one)
        if row.target and row.target == Target(TargetKind.MORE, "orders")
    )
    whole = said(replace(one, opened=frozenset({more.id})))
    assert all(f"#{n}" in whole for n in range(8))
    assert "▸ 112 more in the profile" in whole


def test_orders_and_subscriptions_are_addressed_by_their_source_and_its_id() -> None:
    one = shown()
    found = target(one, TargetKind.ORDER)
    assert (found.source_id, found.id, found.copied) == (2, "gid://#1042", "#1042")
    assert found.url == "https://admin.shop.example/orders/1042"
    assert target(one, TargetKind.SUBSCRIPTION).id == "s1"
    lines = [row for row in sidebar_rows(one) if row.target and row.target.is_same(found)]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("changes", "words", "ink"),
    [
        ({"cancelled_at": NOW}, "cancelled", Ink.BAD),
        ({"parcels": (Tracking(delivered_at=NOW),)}, "delivered", Ink.GOOD),
        ({"parcels": (Tracking(delivered_at=NOW), Tracking(status="in_transit"))}, "on its way",
         Ink.SOFT),
        ({"parcels": (Tracking(status="failure"),)}, "not delivered", Ink.BAD),
        ({"parcels": (), "fulfilment": "unfulfilled"}, "not sent yet", Ink.SOFT),
        ({"parcels": (), "fulfilment": "held_by_customs"}, "held by customs", Ink.SOFT),
    ],
)  # fmt: skip
def test_one_word_says_where_an_order_is(changes: dict[str, Any], words: str, ink: Ink) -> None:
    assert order_state(order(**changes)) == (words, ink)


@pytest.mark.parametrize(
    ("every", "unit", "words"),
    [(1, "week", "weekly"), (2, "month", "every 2 months"), (0, "day", ""), (3, "moon", "")],
)
def test_an_interval_is_said_in_words(every: int, unit: str, words: str) -> None:
    assert every_words(every, unit) == words


def test_a_change_that_nobody_can_tell_of_stands_above_all_and_asks_for_a_decision() -> None:
    request = ActionRequest(ActionKind.ORDER_CANCEL, 2, "gid://#1042", "#1042")
    action = Action(9, request, ActionState.UNKNOWN, Phase.ASKED, {}, {}, "", {}, NOW)
    one = shown(context(actions=(action,)))
    text = said(one)
    assert "▲ cancel #1042" in text
    assert "press enter to decide" in text
    assert text.index("CHANGES") < text.index("VALUE")
    assert target(one, TargetKind.ACTION).id == "9"


def test_a_filter_that_leaves_nothing_says_so_and_can_be_changed() -> None:
    one = shown(context(events=(), event_count=0), filter_name="Refunded")
    assert "Refunded ▾" in said(one)
    assert "none of these" in said(one)
    assert target(one, TargetKind.METRICS)


@pytest.mark.parametrize("width", [12, 20, 28, 32, 40, 76])
def test_no_row_is_wider_than_the_sidebar_and_nothing_hostile_is_in_one(width: int) -> None:
    known = context(
        profiles=((1, ProfileFacts(name=HOSTILE, email=HOSTILE, phone=HOSTILE)),),
        segments=((1, Segment("g", HOSTILE)),),
        orders=((2, order(HOSTILE, id=HOSTILE, fulfilment=HOSTILE, payment=HOSTILE, parcels=(
            Tracking(HOSTILE),), currency=HOSTILE)),),
        subscriptions=((3, subscription(product=HOSTILE, variant=HOSTILE, status=HOSTILE)),),
        events=((1, event(metric=HOSTILE, title=HOSTILE)),),
        metrics=((HOSTILE, 1),),
        claims=(Identity("email", HOSTILE, False),),
        sources=(replace(KLAVIYO, error_code="source.scope", error_values={"scope": HOSTILE}),
                 replace(SHOPIFY, name=HOSTILE), replace(SHOPIFY, id=9), RECHARGE),
    )  # fmt: skip
    for row in sidebar_rows(shown(known, width)):
        assert is_harmless(row.text)
        assert row.target is None or is_harmless(row.target.copied)
        if row.target is not None and row.target.kind in (TargetKind.ORDER, TargetKind.EVENT):
            assert cells(row.text) <= width


@pytest.mark.parametrize("state", list(ActionState))
def test_a_change_looks_the_same_in_the_sidebar_and_in_its_dialog(state: ActionState) -> None:
    request = ActionRequest(ActionKind.ORDER_CANCEL, 2, "gid://#1042", "#1042")
    action = Action(9, request, state, Phase.ASKED, {}, {}, "", {}, NOW)
    sign, _words, ink = state_line(action)
    line = next(
        row
        for row in sidebar_rows(shown(context(actions=(action,))))
        if row.target is not None and row.target.kind is TargetKind.ACTION
    )
    assert line.spans[0] == (f"{sign} ", ink)
    assert line.spans[-1][1] is ink


def test_what_keeps_a_source_from_being_asked_names_the_command_that_mends_it() -> None:
    shut = replace(KLAVIYO, error_code="source.credentials")
    words = said(shown(context(sources=(shut, SHOPIFY, RECHARGE))))
    assert f"source secret {KLAVIYO.name}'" in " ".join(words.split())


def test_consent_to_one_kind_of_messages_only_says_to_which() -> None:
    consents = (
        SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED),
        SourceConsent("email", "transactional", ConsentWord.SUBSCRIBED),
        SourceConsent("sms", "marketing", ConsentWord.UNSUBSCRIBED),
        SourceConsent("sms", "transactional", ConsentWord.SUBSCRIBED),
    )
    text = said(shown(context(profiles=((1, ProfileFacts(consents=consents)),))))
    assert text.count("email ✓") == 1
    assert "sms ✗" in text
    assert "sms transactional ✓" in text
    assert "email transactional" not in text


@pytest.mark.parametrize("width", [24, 28, 32, 60])
def test_a_subscription_never_loses_its_day_where_a_delivery_was_skipped(width: int) -> None:
    skipped = NextCharge("c", date(2026, 12, 2), Decimal("42.00"), ())
    one = subscription(
        product="Trail snack box 12 bars", quantity=2, every=4, unit="week", skipped=skipped,
        next_date=date(2026, 12, 30),
    )  # fmt: skip
    text = said(shown(context(subscriptions=((3, one),)), width=width))
    assert "30 Dec" in text
