"""What looks like somebody's private data is found, and what only resembles it is not."""

from __future__ import annotations

import time

import pytest

from helpdesk_tui.domain.media.personal_data import (
    DataKind,
    is_card,
    is_iban,
    personal_data,
    strange_addresses,
    without_known,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my card is 4111 1111 1111 1111, thanks", [("card", "4111 1111 1111 1111")]),
        ("4111-1111-1111-1111", [("card", "4111-1111-1111-1111")]),
        ("378282246310005 amex", [("card", "378282246310005")]),
        ("4111 1111 1111 1112", []),
        ("order 1234567890123", []),
        ("parcel 00000000000000", []),
        ("tracking 1Z4111111111111111", []),
        ("na PL61 1090 1014 0000 0712 1981 2874.",
         [("iban", "PL61 1090 1014 0000 0712 1981 2874")]),
        ("de89370400440532013000.", [("iban", "de89370400440532013000")]),
        ("DE89 3704 0044 0532 0130 00 thanks for it", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("DE90 3704 0044 0532 0130 00", []),
        ("NO93 8601 1117 947 and 4111111111111111",
         [("iban", "NO93 8601 1117 947"), ("card", "4111111111111111")]),
        ("call +48 600 100 200", []),
    ],
)  # fmt: skip
def test_what_is_found(text: str, found: list[tuple[str, str]]) -> None:
    seen = personal_data(text)
    assert [(each.kind.value, each.text) for each in seen] == found
    assert all(text[each.start : each.end] == each.text for each in seen)


def test_check_digits_decide() -> None:
    assert is_card("5555555555554444")
    assert not is_card("5555555555554445")
    assert not is_card("1234567812345670")  # passes Luhn, begins like no payment card
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB82WEST12345698765431")


def test_addresses_of_others_are_found_and_known_ones_are_not() -> None:
    text = "send it to Ola@Shop.example, not to per@shop.example or anna@x.example"
    found = strange_addresses(text, {"per@shop.example"}, ["ola@shop.example", "per@shop.example"])
    assert [(each.kind, each.text) for each in found] == [(DataKind.EMAIL, "Ola@Shop.example")]


def test_what_the_conversation_knows_gives_nothing_away() -> None:
    found = personal_data("refund to DE89 3704 0044 0532 0130 00 and 4111 1111 1111 1111")
    left = without_known(found, "my account: DE89370400440532013000")
    assert [each.kind for each in left] == [DataKind.CARD]


def test_names_of_files_are_looked_at_too() -> None:
    (found,) = personal_data("card 4111111111111111.jpg", "card 4111111111111111.jpg")
    assert found.where == "card 4111111111111111.jpg"
    assert found.masked == "4111…1111"


@pytest.mark.parametrize(
    "text", ["1 " * 100_000, "AB12 " * 50_000, "a@" * 100_000, "GB82" * 50_000]
)
def test_long_texts_take_no_longer_than_they_are_long(text: str) -> None:
    began = time.process_time()
    personal_data(text)
    strange_addresses(text, (), ())
    assert time.process_time() - began < 20
