from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from helpdesk_tui.domain.accounts import AddressState, Confirmation, Provider, SupportAddress
from helpdesk_tui.widgets.words.forwarding_guides import (
    GUIDES,
    access_note,
    advice,
    confirmation_text,
    guide_for,
    handout,
    steps_for,
    waiting_hint,
)
from tests.support.store import START


def address(provider: str = "", confirmation: Confirmation | None = None) -> SupportAddress:
    return SupportAddress(
        id=1, address="help@brand.example", name="", account="main", workspace="box@desk.example",
        state=AddressState.PENDING, provider=provider, asked_at=None, verified_at=None,
        error_code="", confirmation=confirmation, signature="",
    )  # fmt: skip


def test_every_provider_has_its_instructions():
    assert set(GUIDES) == set(Provider)


@pytest.mark.parametrize("provider", [*Provider, ""])
def test_the_texts_are_filled_in(provider):
    texts = [*steps_for(address(provider)), *advice(address(provider), "hdt-1"),
             handout(address(provider)), access_note(address(provider))]  # fmt: skip
    assert all("{" not in text for text in texts)
    assert any("box@desk.example" in step for step in steps_for(address(provider)))
    assert handout(address(provider)).count("help@brand.example") >= 2


@pytest.mark.parametrize("provider", [each for each in Provider if each != Provider.GENERIC])
def test_the_provider_s_own_page_is_named(provider):
    link = guide_for(provider).link
    assert urlsplit(link).scheme == "https"
    assert link in handout(address(provider))
    assert any(link in line for line in advice(address(provider)))


def test_the_advice_names_what_spoils_a_forwarding():
    said = "\n".join(advice(address(Provider.MICROSOFT), "hdt-abc"))
    for word in ("finished", "verified", "switched on", "by hand", "5.7.520", "hdt-abc"):
        assert word in said
    assert "hdt" not in "\n".join(advice(address()))


def test_a_mailbox_that_hides_its_own_mail_is_tested_by_hand():
    assert waiting_hint(address(), "hdt-1") == ""
    hiding = replace(address(), hides_own_mail=True)
    assert waiting_hint(hiding, "") == ""
    assert waiting_hint(hiding, "hdt-1").endswith("subject: hdt-1")
    assert "help@brand.example" in waiting_hint(hiding, "hdt-1")


def test_a_confirmation_is_one_harmless_line():
    found = Confirmation("123456", "https://x.example/\x1b[2J", "gmail", START, "a@gmail.com")
    said = confirmation_text(found)
    assert "123456" in said
    assert "\x1b" not in said
    assert "a@gmail.com" in said
    assert any("123456" in line for line in advice(address(confirmation=found)))
