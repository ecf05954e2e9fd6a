"""Subjects and texts of forwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.passing_on import PassedOn, forward_subject, forward_text, passed_on_folds
from helpdesk_tui.domain.reply_headers import answers_inline, quotation, signed, unsigned
from helpdesk_tui.mail.forward import find_forwarded

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Order", "Fwd: Order"),
        ("Re: Order", "Fwd: Re: Order"),
        ("Fwd: Order", "Fwd: Order"),
        ("WG: Order", "WG: Order"),
        ("", "Fwd:"),
        ("a\r\nBcc: x", "Fwd: a Bcc: x"),
    ],
)
def test_a_forward_has_one_prefix_and_one_line(subject: str, expected: str):
    assert forward_subject(subject) == expected


def test_what_is_passed_on_stands_below_its_header():
    mails = [
        PassedOn("Lena", "lena@x.example", AT, "Order", ("a@b.example", "c@d.example"),
                 ("e@f.example",), "Broken.\n\nHelp"),
        PassedOn("", "us@shop.example", AT, "Re: Order", (), (), "We look."),
        PassedOn("x@y.example", "x@y.example", AT, "", (), (), ""),
    ]  # fmt: skip
    text = forward_text(mails)
    assert text.startswith("\n\n----------")
    assert "\nFrom: Lena <lena@x.example>\nDate: 2026-05-04 09:30 UTC\nSubject: Order\n" in text
    assert "\nTo: a@b.example, c@d.example\nCc: e@f.example\n\nBroken.\n\nHelp\n\n---" in text
    assert "\nFrom: us@shop.example\nDate: 2026-05-04 09:30 UTC\nSubject: Re: Order\n\n" in text
    assert "\nFrom: x@y.example\n" in text


def test_our_own_reading_finds_who_was_passed_on():
    mail = PassedOn("Lena Löw", "lena@x.example", AT, "Order", ("a@b.example",), (), "Broken.")
    found = find_forwarded("Fwd: Order", f"See below.{forward_text([mail])}")
    assert found is not None
    assert (found.sender.name, found.sender.addr) == ("Lena Löw", "lena@x.example")
    assert (found.body, found.subject) == ("Broken.", "Order")


def test_the_passed_on_mails_are_folded_below_what_was_written():
    block = forward_text([PassedOn("Lena", "lena@x.example", AT, "Order", (), (), "Broken.")])
    text, signature = signed(f"Please look.{block}", "Anna")
    folds = passed_on_folds(text, signature)
    assert unfolded(text, folds) == "Please look."
    assert unsigned(text, folds) == f"Please look.{block}".rstrip()
    unsigned_text, none = signed(f"Please look.{block}", "")
    assert unfolded(unsigned_text, passed_on_folds(unsigned_text, none)) == "Please look."


@pytest.mark.parametrize("text", ["Please look.", forward_text([])])
def test_nothing_is_folded_where_nothing_else_would_be_left(text: str):
    assert passed_on_folds(text, ()) == ()
    alone = forward_text([PassedOn("Lena", "l@x.example", AT, "Order", (), (), "Broken.")])
    assert passed_on_folds(alone, ()) == ()


@pytest.mark.parametrize(
    ("text", "inline"),
    [
        ("> Broken.\nyes", True),
        (">Broken.", True),
        ("yes\n> > Broken.", True),
        ("> something else", False),
        ("> ", False),
        ("Broken.", False),
        ("", False),
    ],
)
def test_who_quotes_a_line_answers_between_the_lines(text: str, inline: bool):
    assert answers_inline(text, "Broken.\n\nHelp") is inline


def test_a_quotation_names_its_author_in_one_line():
    assert quotation("a\n> b", name="Le\nna", at=AT) == (
        "On 2026-05-04 09:30 UTC, Le na wrote:\n> a\n>> b"
    )
    assert quotation("a", name="", at=AT).startswith("On 2026-05-04 09:30 UTC, you wrote:")
