"""What is offered about threading, and the order numbers that lead to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.offer_codes import OfferKind, offer_of, read_offer
from helpdesk_tui.domain.offers import Recent, alike, is_new_topic
from helpdesk_tui.domain.order_numbers import order_numbers
from helpdesk_tui.domain.times import span_us

NOW = 1_800_000_000_000_000


def ago(**time: float) -> int:
    return NOW - span_us(timedelta(**time))


RECENT = [
    Recent(1, ago(hours=70), "Where is my parcel?", "Order 20391 has not come."),
    Recent(2, ago(hours=1), "Another thing", "Hello."),
    Recent(3, ago(hours=80), "Old question", "About order 77777."),
    Recent(4, ago(hours=2), "where is my  PARCEL?", ""),
]


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("Re: Where is my parcel?", "", 4),
        ("New question", "It is about order no. 20391.", 1),
        ("#20391", "", 1),
        ("Old question", "", None),
        ("Hello", "about order 77777", None),
        ("Hello", "about order 11111", None),
        ("", "", None),
    ],
)
def test_the_newest_ticket_that_is_alike_is_offered(
    subject: str, text: str, wanted: int | None
) -> None:
    found = alike(subject, text, NOW, RECENT)
    assert (found[0] if found else None) == wanted


def test_the_offer_says_why() -> None:
    assert alike("Re: another THING", "", NOW, RECENT) == (2, "#2 has the same subject")
    assert alike("x", "order #20391", NOW, RECENT) == (1, "#1 names order 20391 too")


@pytest.mark.parametrize(
    ("subject", "days", "wanted"),
    [
        ("Re: Where is my parcel?", 31, False),
        ("Something else", 31, True),
        ("Something else", 29, False),
        ("Re: Invoice", 31, False),
        ("Re:", 31, False),
        ("", 31, False),
    ],
)
def test_another_subject_in_an_old_thread_is_a_new_topic(
    subject: str, days: int, wanted: bool
) -> None:
    subjects = ("Where is my parcel?", "Invoice")
    assert is_new_topic(subject, NOW, subjects, ago(days=days)) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Order #1001 broken", {"1001"}),
        ("Where is order no. fs-20391?", {"FS-20391"}),
        ("Bestellung Nr. 12345", {"12345"}),
        ("zamówienie nr 1234/2026", {"1234/2026"}),
        ("commande n° 4455", {"4455"}),
        ("заказ № 7788", {"7788"}),
        ("my order 55512 and #7001", {"55512", "7001"}),
        ("Re: [#4242] help", set()),
        ("since 2026", set()),
        ("call #12", set()),
        ("https://shop.example/#12345", set()),
        ("&#39;quoted", set()),
        ("no number at all", set()),
    ],
)  # fmt: skip
def test_order_numbers_are_found_behind_their_words(text: str, wanted: set[str]) -> None:
    assert order_numbers(text) == wanted
    assert order_numbers("", text) == wanted


def test_a_list_of_numbers_is_cut() -> None:
    assert len(order_numbers("", " ".join(f"#{number}" for number in range(1000, 1100)))) == 20


@pytest.mark.parametrize("kind", OfferKind)
def test_an_offer_is_read_as_it_was_written(kind: OfferKind) -> None:
    assert read_offer(offer_of(kind, 42)) == (kind, 42)


@pytest.mark.parametrize("text", ["", "split", "merge:", "merge:-1", "merge:x", "go:4", "merge:٤"])
def test_what_offers_nothing_is_none(text: str) -> None:
    assert read_offer(text) is None
