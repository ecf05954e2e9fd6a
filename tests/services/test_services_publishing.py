"""What a webchat account publishes: the settings, the FAQ and the hours as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.languages import TAGS
from helpdesk_tui.domain.webchat.site_wire import site_json, site_of
from helpdesk_tui.services.chat.publishing import site_hash, site_of_account
from helpdesk_tui.services.settings import Settings
from tests.support.store import FakeClock, make_store

ACCOUNT = Account(1, "chat", "webchat", "shop", True, "{}", AccountState.NEW, "")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


def said(store: Store, **settings: Any) -> None:
    for name, value in settings.items():
        Settings(store, SYSTEM).set(name.replace("_", "-"), value, desk=True)


def site(store: Store, clock: FakeClock | None = None, **options: Any) -> Any:
    return site_of_account(store, ACCOUNT, ("new", "old", ""), now=clock or FakeClock(), **options)


def test_a_desk_that_said_nothing_publishes_sensible_values(store: Store):
    found = site(store)
    assert (found.id, found.enabled, found.login) == ("shop", True, "logged-in")
    assert found.identity_keys == ("new", "old")
    assert found.languages == TAGS
    assert (found.hours, found.texts, found.has_responder) == ((), {}, False)
    assert site_of(site_json(found)) == found


def test_settings_are_what_the_widget_shows(store: Store):
    said(
        store, chat_name="Acme", chat_title="Ask us", chat_welcome="Hi!", chat_login="all",
        chat_origins=["https://shop.example"], chat_languages=["sv", "en"], chat_side="left",
        chat_accent="#112233", chat_scheme="dark", chat_privacy_url="https://shop.example/p",
        chat_terms_url="https://shop.example/t", chat_login_url="https://shop.example/l",
        ai_agent="built-in",
    )  # fmt: skip
    found = site(store)
    assert (found.name, found.login, found.side, found.accent, found.scheme) == (
        "Acme", "all", "left", "#112233", "dark",
    )  # fmt: skip
    assert found.languages == ("sv", "en")
    assert found.texts["sv"] == {"title": "Ask us", "welcome": "Hi!"}
    assert found.origins == ("https://shop.example",)
    assert found.has_responder


def test_visitors_read_the_address_that_follow_ups_come_from(store: Store):
    assert site(store).support_address == ""
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (id, name, channel, address, created_at)"
            " VALUES (7, 'mail', 'email', 'help@shop.example', 1)"
        )
        connection.executemany(
            "INSERT INTO support_address (address, channel_account_id, state) VALUES (?, 7, ?)",
            [("help@shop.example", "verified"), ("new@shop.example", "new"),
             ("shop@shop.example", "verified")],
        )  # fmt: skip
    assert site(store).support_address == "help@shop.example"
    said(store, follow_up_address="shop@shop.example")
    assert site(store).support_address == "shop@shop.example"
    said(store, follow_up_address="new@shop.example")
    assert site(store).support_address == "help@shop.example"


def test_only_published_answers_leave_the_house(store: Store):
    with store.write() as connection:
        connection.executemany(
            "INSERT INTO faq (key, language, question, answer, published, created_at, updated_at)"
            " VALUES (?, ?, 'q', 'a', ?, 1, 1)",
            [("out", "en", 1), ("in", "en", 0), ("out", "de", 1)],
        )
    found = site(store)
    assert sorted((each.key, each.language) for each in found.faq) == [
        ("out", "de"), ("out", "en"),
    ]  # fmt: skip
    assert "de" in found.languages


def test_switched_off_the_tab_is_hidden(store: Store):
    assert not site(store, enabled=False).enabled


def test_hours_move_on_with_the_days_and_not_before(store: Store):
    said(store, office_hours="mon-fri 9:00-17:00", office_zone="Europe/Warsaw")
    clock = FakeClock()
    first = site(store, clock)
    assert first.hours
    assert first.hours[-1][1] - clock.now > timedelta(days=14)
    clock.advance(hours=3)
    assert site_hash(site(store, clock)) == site_hash(first)
    clock.advance(days=7)
    assert site_hash(site(store, clock)) != site_hash(first)
