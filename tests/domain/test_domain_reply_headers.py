from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.delivery import LONGEST_DELAY, has_expired, retry_delay
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.reply_headers import (
    MAX_QUOTED,
    chain,
    check_address,
    id_domain,
    is_valid_id,
    quoted,
    recipients,
    reply_subject,
    signed,
    unsigned,
    with_quote,
)
from helpdesk_tui.domain.tags import tag_name, tag_names

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "address", ["a@shop.example", "A.B+c@Shop.Example", " x@y.example ", "a@żółw.example"]
)
def test_a_plain_address_is_taken_in_lower_case(address):
    assert check_address(address) == address.strip().lower()


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "@shop.example", "a@", "a@b@shop.example", "a b@shop.example",
        "a@shop.example\r\nBcc: x@evil.example", "a@shop.example\n", "a\x00@shop.example",
        "a\u2028@shop.example", "a@sh\u202eop.example", "Lena <a@shop.example>", "a,b@x.example",
        '"a"@shop.example', "a@-x.example", "a@x..example", ".a@x.example",
        "a@" + "x" * 260 + ".example", "a;b@x.example", "a@[127.0.0.1]",
        "żółw@poczta.example",
    ],
)  # fmt: skip
def test_an_address_that_could_break_a_header_is_refused(address):
    with pytest.raises(UsageError, match=r"address\.invalid"):
        check_address(address)


def test_recipients_are_checked_once_each_without_our_own():
    found = recipients(["B@x.example", "a@x.example", "b@x.example"], leave_out=["A@x.example"])
    assert found == ("b@x.example",)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Parcel", "Re: Parcel"),
        ("Re: Parcel", "Re: Parcel"),
        ("RE[2]: Parcel", "RE[2]: Parcel"),
        ("Odp: Paczka", "Odp: Paczka"),
        ("Parcel\r\nBcc: x@evil.example", "Re: Parcel Bcc: x@evil.example"),
        ("", "Re:"),
        ("Research: x", "Re: Research: x"),
    ],
)
def test_a_reply_subject_is_one_line_with_one_prefix(subject, expected):
    assert reply_subject(subject) == expected


def test_the_chain_ends_with_the_answered_message():
    assert chain("c@x", ["a@x", "b@x", "a@x"], {}) == ("a@x", "b@x", "c@x")


def test_a_chain_that_a_client_cut_is_made_whole_again():
    known = {"c@x": ("a@x", "b@x"), "e@x": ("d@x",)}
    assert chain("d@x", ["c@x"], known) == ("a@x", "b@x", "c@x", "d@x")


def test_a_chain_that_bites_its_tail_ends():
    assert chain("c@x", ["a@x"], {"a@x": ("b@x",), "b@x": ("a@x",)}) == ("b@x", "a@x", "c@x")


def test_a_long_chain_keeps_the_first_and_the_last_nineteen():
    ids = [f"{number}@x" for number in range(40)]
    found = chain("last@x", ids, {})
    assert len(found) == 20
    assert found[:2] == ("0@x", "22@x")
    assert found[-1] == "last@x"


@pytest.mark.parametrize(
    "value", ["", "a", "a b@x", "<a@x>", "a@x\r\nBcc: y", "a@" + "x" * 999, "ä@x", "a@x@y"]
)
def test_ids_of_no_valid_form_are_left_out(value):
    assert not is_valid_id(value)
    assert chain("", [value, "good@x"], {}) == ("good@x",)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("support@Shop.Example.", "shop.example"),
        ("hej@żółw.example", "xn--w-uga1v8h.example"),
        ("", "localhost"),
        ("a@" + "ż" * 80 + ".example", "localhost"),
    ],
)
def test_the_domain_of_an_id_is_ascii(address, expected):
    assert id_domain(address) == expected


def test_quoting_marks_each_line_and_deepens_quotes():
    assert quoted("Hi\n\n> old\x1b[0m\n") == "> Hi\n>\n>> old␛[0m"


def test_a_very_long_message_is_quoted_in_part():
    assert len(quoted("x" * MAX_QUOTED * 2)) < MAX_QUOTED + 20
    assert quoted("x" * MAX_QUOTED * 2).endswith("[…]")


def test_the_marker_stands_in_the_quoted_part():
    text = with_quote("Hello", name="Lena\nDoe", at=AT, original="Where?", marker="{hd-1-00}")
    assert text == ("Hello\n\nOn 2026-11-22 09:30 UTC, Lena Doe wrote:\n> Where?\n>\n> {hd-1-00}\n")


def test_without_anything_to_quote_the_marker_stands_alone():
    assert (
        with_quote("Hi", name="", at=AT, original=" ", marker="{hd-1-00}") == "Hi\n\n> {hd-1-00}\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Returns", "returns"),
        (" #Wrong  Size ", "wrong-size"),
        ("ZAŻÓŁĆ", "zażółć"),
        ("vip", "vip"),
    ],
)
def test_a_tag_is_one_word_in_lower_case(text, expected):
    assert tag_name(text) == expected


@pytest.mark.parametrize("text", ["", "#", "a,b", "a\x1b[0m", "x" * 51, "a\u202eb"])
def test_what_cannot_be_a_tag_is_refused(text):
    with pytest.raises(UsageError, match=r"tag\.invalid"):
        tag_name(text)


def test_tags_are_sorted_and_unique_and_never_none():
    assert tag_names(["b", "A", "B"]) == ("a", "b")
    with pytest.raises(UsageError, match=r"tag\.none"):
        tag_names([])


def test_waiting_doubles_up_to_an_hour_and_never_undercuts_what_was_asked():
    assert [retry_delay(n, 0).total_seconds() for n in (0, 1, 2, 3)] == [30, 30, 60, 120]
    assert retry_delay(99, 0) == LONGEST_DELAY
    assert retry_delay(1, 1).total_seconds() == 37.5
    assert retry_delay(1, 0, timedelta(minutes=9)) == timedelta(minutes=9)


def test_where_somebody_waits_the_next_try_comes_within_half_a_minute():
    tries = [retry_delay(n, 0, is_live=True).total_seconds() for n in (1, 2, 3, 99)]
    assert tries == [1, 2, 4, 30]
    assert retry_delay(1, 0, timedelta(minutes=1), is_live=True) == timedelta(minutes=1)
    assert retry_delay(9, 0, timedelta(minutes=9)) == LONGEST_DELAY


def test_trying_ends_after_two_days():
    assert not has_expired(timedelta(hours=47))
    assert has_expired(timedelta(hours=48))


def test_a_signature_stands_below_and_is_folded():
    text, folds = signed("Hello\n\n", "Anna\nShop\n")
    assert text == "Hello\n\n-- \nAnna\nShop"
    assert unfolded(text, folds) == "Hello"
    assert unsigned(text, folds) == "Hello"


def test_without_a_signature_the_text_is_left_alone():
    assert signed("  Hello\x1b\r\n", " ") == ("  Hello␛", ())
    assert unsigned("Hello\n", (Fold(0, 2, FoldKind.QUOTE),)) == "Hello\n"
