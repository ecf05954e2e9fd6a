"""Small values of chats: how one stands, what is said meanwhile, and what settings hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.auto_answer import mailbox_of
from helpdesk_tui.domain.faq import FaqDraft, FaqItem
from helpdesk_tui.domain.setting.held import list_in, span_in, text_in
from helpdesk_tui.domain.setting.interface import DESK_NAME
from helpdesk_tui.domain.setting.webchat import CHAT_NAME, shop_name
from helpdesk_tui.domain.webchat.chats import ChatInfo
from helpdesk_tui.domain.webchat.holding import PRESETS, holding_text
from helpdesk_tui.domain.webchat.secret_names import former_identity_name, identity_name

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "running", "closing", "there"),
    [
        ({}, True, False, True),
        ({"offline_since": _NOW}, True, False, False),
        ({"closing_at": _NOW}, True, True, True),
        ({"closing_at": _NOW, "ended_at": _NOW}, False, False, False),
    ],
)
def test_how_a_chat_stands(
    facts: dict[str, Any], running: bool, closing: bool, there: bool
) -> None:
    chat = ChatInfo("c1", _NOW, **facts)
    assert (chat.is_running, chat.is_closing, chat.is_there) == (running, closing, there)


@pytest.mark.parametrize(
    ("own", "tag", "said"),
    [
        ("", "sv-SE", PRESETS["sv"]),
        ("", "pt", PRESETS["pt"]),
        ("", "ja", PRESETS["en"]),
        ("One moment.", "pl", "One moment."),
        ("One moment.\n[pl] Chwileczkę.", "pl-PL", "Chwileczkę."),
        ("[pl] Chwileczkę.", "sv", PRESETS["sv"]),
    ],
)
def test_what_is_said_while_somebody_waits(own: str, tag: str, said: str) -> None:
    assert holding_text(own, tag) == said


def test_the_keys_of_an_account_have_names_of_their_own() -> None:
    names = {"shop", identity_name("shop"), former_identity_name("shop")}
    assert len(names) == 3


@pytest.mark.parametrize(
    ("held", "text", "listed", "span"),
    [
        ({}, "", (), timedelta(minutes=10)),
        ({"x": " 5m "}, "5m", (), timedelta(minutes=5)),
        ({"x": "soon"}, "soon", (), timedelta(minutes=10)),
        ({"x": ["a", 5, "b"]}, "", ("a", "b"), timedelta(minutes=10)),
        ({"x": 5}, "", (), timedelta(minutes=10)),
    ],
)
def test_what_is_of_another_kind_is_not_set(
    held: dict[str, Any], text: str, listed: tuple[str, ...], span: timedelta
) -> None:
    assert (text_in(held, "x"), list_in(held, "x")) == (text, listed)
    assert span_in(held, "x", "10m") == span


@pytest.mark.parametrize(
    ("held", "name"),
    [
        ({}, ""),
        ({DESK_NAME: "Desk"}, "Desk"),
        ({DESK_NAME: "Desk", CHAT_NAME: "Shop"}, "Shop"),
    ],
)
def test_a_shop_is_called_what_its_chat_is_or_else_the_desk(
    held: dict[str, Any], name: str
) -> None:
    assert shop_name(held) == name


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Anna@Example.net", "anna@example.net"),
        ("anna+shop@example.net", "anna@example.net"),
        ("+shop@example.net", "+shop@example.net"),
        ("a.n.na+x@googlemail.com", "anna@gmail.com"),
        ("a.nna@example.net", "a.nna@example.net"),
    ],
)
def test_one_mailbox_is_counted_once_however_it_is_written(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


def test_an_entry_is_written_again_as_it_stands() -> None:
    item = FaqItem(1, "fee", "en", "What?", "That.", "money", "cost", 0, True, 2, 1, _NOW, _NOW, 3)
    assert item.draft == FaqDraft("en", "What?", "That.", "fee", "money", "cost", True)
