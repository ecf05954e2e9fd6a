"""What visitors are told who write while nobody is there: once, in their language and zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.chat.timers import ChatTimers
from tests.support.chats import SITE, add_chat, end_chat, say
from tests.support.mailboxes import rows
from tests.support.receiving import receiving_store
from tests.support.store import row_of

FRIDAY_NIGHT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = receiving_store(tmp_path)
    set_desk(store, "office-hours", "mon-fri 9:00-17:00")
    set_desk(store, "office-zone", "Europe/Warsaw")
    return store


def set_desk(store: Store, name: str, value: object) -> None:
    with store.write() as connection:
        save_setting(connection, name, DESK, json.dumps(value))


def chat_at(store: Store, at: datetime = FRIDAY_NIGHT, **fields: Any) -> int:
    chat = {"timezone": "Europe/Lisbon", **fields.pop("chat", {})}
    return add_chat(store, at=at, chat=chat, **fields)


def told(store: Store) -> list[str]:
    return [row[0] for row in rows(store, "SELECT text FROM message WHERE channel = 'webchat'"
                                   " AND author_kind = 'auto' ORDER BY id")]  # fmt: skip


def run(store: Store, at: datetime = FRIDAY_NIGHT + timedelta(seconds=1)) -> None:
    ChatTimers(store).run_due(at)


def test_a_late_visitor_is_told_when_somebody_is_back(store: Store) -> None:
    ticket = chat_at(store)
    run(store)
    (text,) = told(store)
    assert "on Monday 8:00" in text
    assert "support@shop.example" in text
    ((message,),) = rows(store, "SELECT id FROM message WHERE author_kind = 'auto'")
    row = row_of(store, "message", message)
    assert (row["delivery"], row["automatic"], row["sender"]) == ("queued", 1, SITE)
    assert json.loads(row["recipients"]) == [f"c-{ticket}"]
    kept = row_of(store, "ticket", ticket)
    assert kept["waiting_since"]
    assert kept["unread"] == 1
    assert kept["assignee_id"] is None
    kinds = rows(store, "SELECT kind FROM activity WHERE message_id = ?", message)
    assert kinds == [("message.queued",), ("chat.away-told",)]


@pytest.mark.parametrize(
    ("language", "said"),
    [("pl-PL", "w poniedziałek o 8:00"), ("sv", "på måndag kl. 8:00"),
     ("pt-BR", "na segunda-feira às 8:00"), ("de", "on Monday 8:00")],
)  # fmt: skip
def test_it_speaks_the_visitors_language(store: Store, language: str, said: str) -> None:
    chat_at(store, chat={"language": language})
    run(store)
    assert said in told(store)[0]


@pytest.mark.parametrize("zone", ["", "No/Where"])
def test_without_the_visitors_zone_the_offices_is_named(store: Store, zone: str) -> None:
    chat_at(store, chat={"timezone": zone})
    run(store)
    assert "on Monday 9:00 (Europe/Warsaw)" in told(store)[0]


def test_once_for_each_closed_period(store: Store) -> None:
    ticket = chat_at(store)
    run(store)
    say(store, ticket, "Hello?", at=FRIDAY_NIGHT + timedelta(hours=14))
    run(store, FRIDAY_NIGHT + timedelta(hours=14))
    assert len(told(store)) == 1
    say(store, ticket, "Still me", at=MONDAY + timedelta(hours=10))
    run(store, MONDAY + timedelta(hours=10))
    run(store, MONDAY + timedelta(hours=10))
    assert len(told(store)) == 2
    assert "tomorrow 8:00" in told(store)[1]


@pytest.mark.parametrize(
    "fields",
    [
        {"spam": True},
        {"status": "closed"},
        {"flags": "with-responder"},
        {"waiting_since": None},
        {"chat": {"closing_at": FRIDAY_NIGHT}},
    ],
)
def test_some_are_not_told(store: Store, fields: dict[str, Any]) -> None:
    chat_at(store, **fields)
    run(store)
    assert told(store) == []


def test_the_responders_chat_is_told_once_it_is_handed_over(store: Store) -> None:
    ticket = chat_at(store, flags="with-responder")
    run(store)
    with store.write() as connection:
        connection.execute("UPDATE ticket SET flags = '' WHERE id = ?", (ticket,))
    run(store)
    assert len(told(store)) == 1


def test_neither_an_ended_chat_nor_an_old_message_is_told(store: Store) -> None:
    end_chat(store, chat_at(store))
    chat_at(store, at=FRIDAY_NIGHT - timedelta(hours=1))
    run(store)
    assert told(store) == []


def test_within_hours_nothing_is_said_unless_it_is_wanted(store: Store) -> None:
    ticket = chat_at(store, at=MONDAY)
    run(store, MONDAY)
    assert told(store) == []
    set_desk(store, "open-message", "Hello {{ customer.first_name }}, one moment.")
    run(store, MONDAY)
    say(store, ticket, "Hello?", at=MONDAY + timedelta(minutes=5))
    run(store, MONDAY + timedelta(minutes=5))
    assert told(store) == ["Hello Lena, one moment."]


def test_without_office_hours_it_is_always_open(store: Store) -> None:
    set_desk(store, "office-hours", "")
    chat_at(store)
    run(store)
    assert told(store) == []


def test_a_text_of_the_desks_own_and_none_at_all(store: Store) -> None:
    set_desk(store, "away-message", "Back {{ hours.next }}. {{ store.name }}")
    set_desk(store, "desk.name", "Tea & Co")
    chat_at(store)
    run(store)
    assert told(store) == ["Back on Monday 8:00. Tea & Co"]
    set_desk(store, "away-message", "off")
    chat_at(store)
    run(store)
    assert len(told(store)) == 1


def test_a_public_holiday_is_a_closed_day(store: Store) -> None:
    set_desk(store, "office-holidays", ["PL", "XX"])
    holiday = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
    chat_at(store, at=holiday)
    run(store, holiday)
    assert "tomorrow 8:00" in told(store)[0]
