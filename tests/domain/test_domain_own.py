"""Own addresses, subjects and the counting of received mail."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.own import is_free_mail, make_own
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.subjects import base_subject, ticket_number

OWN = make_own(support=["Support@Shop.example "], others=["anna@team.example", ""],
               domains=["@brand.example", "gmail.com"])  # fmt: skip


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("support@shop.example", True),
        ("support+orders@shop.example", True),
        ("other@shop.example", False),
        ("anna@team.example", True),
        ("anybody@brand.example", True),
        ("x@sub.brand.example", False),
        ("lena@gmail.com", False),
        ("", False),
        (None, False),
    ],
)
def test_own_addresses(address: object, wanted: bool) -> None:
    assert (address in OWN) is wanted


def test_the_mailbox_that_is_read_is_ours_too() -> None:
    assert "box@mail.example" in OWN.with_address(" Box@mail.example")
    assert OWN.with_address("") is OWN


def test_free_mail_is_nobodys_domain() -> None:
    assert is_free_mail(" Gmail.com")
    assert not is_free_mail("shop.example")


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Parcel", "parcel"),
        ("Re: Parcel", "parcel"),
        ("RE: AW: Fwd: SV: Parcel  late", "parcel late"),
        ("Re[2]: Re^3: Parcel", "parcel"),
        ("[#12] Re: Parcel", "parcel"),
        ("回复：退款", "退款"),
        ("Return: Parcel", "return: parcel"),
        ("", ""),
        ("Re: " * 50 + "x", "re: " * 30 + "x"),
    ],
)
def test_base_subject(subject: str, wanted: str) -> None:
    assert base_subject(subject) == wanted


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [("Re: x [#123]", 123), ("[#]", None), ("#123", None), (f"[#{'9' * 19}]", None)],
)
def test_ticket_number(subject: str, wanted: int | None) -> None:
    assert ticket_number(subject) == wanted


def test_summaries_add_up() -> None:
    total = Summary(seen=2, tickets=1, failed=1) + Summary(seen=1, tickets=1)
    assert total == Summary(seen=3, tickets=2, failed=1)
