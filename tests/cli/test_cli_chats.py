"""Chats from scripts: answered, held and closed while they run, refused with words afterwards."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.db.store import Store
from tests.cli.test_cli_tickets import MESSAGE_KEYS, TICKET_KEYS, Console
from tests.support.chats import add_chat, chat_of, end_chat
from tests.support.store import add_agent, add_message, add_ticket, make_store, row_of


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    add_agent(store, "anna")
    yield store
    store.close()


@pytest.fixture
def do(store: Store, capsys) -> Console:
    return Console(store.paths.root, capsys)


def test_a_chat_is_answered_held_closed_and_opened_again(store, do):
    chat = add_chat(store)
    number = str(chat)
    held = do("ticket", "hold", number).strip()
    assert row_of(store, "message", int(held))["flags"] == "holding"
    assert row_of(store, "ticket", chat)["waiting_since"] is not None
    typed = do.json("ticket", "hold", number, "--text", "One moment")
    assert row_of(store, "message", int(typed["message"]))["text"] == "One moment"
    sent = do("ticket", "reply", number, "--text", "Here you are", "--and", "close").strip()
    assert row_of(store, "message", int(sent))["recipients"] == json.dumps([f"c-{chat}"])
    assert chat_of(store, chat)["closing_at"] is not None
    do("ticket", "reopen", number)
    assert chat_of(store, chat)["closing_at"] is None
    shown = do.json("ticket", "show", number)
    assert list(shown) == [*TICKET_KEYS, "messages", "activity"]
    assert all(list(message) == MESSAGE_KEYS for message in shown["messages"])
    assert shown["assignee"] == "anna"


ENDED = "this chat has ended"


@pytest.mark.parametrize(
    "command",
    [
        ("reply", "{id}", "--text", "Hello?"),
        ("hold", "{id}"),
        ("close", "{id}"),
        ("reopen", "{id}"),
        ("snooze", "{id}", "--until", "2h"),
        ("take-over", "{id}"),
        ("merge", "{id}", "{mail}"),
        ("merge", "{mail}", "{id}"),
        ("split", "{message}"),
        ("undo", "{change}"),
    ],
)
def test_what_a_chat_that_has_ended_refuses_is_not_allowed_and_says_why(store, do, command):
    chat = add_chat(store, texts=("Hello", "anybody?"))
    change = do.json("ticket", "close", str(chat))["change"]
    values = {
        "id": chat, "mail": add_ticket(store), "change": change,
        "message": add_message(store, chat),
    }  # fmt: skip
    end_chat(store, chat, by="agent")
    before = row_of(store, "ticket", chat)
    said = do("ticket", *(word.format(**values) for word in command), code=3)
    assert said == ""
    assert ENDED in do.err
    assert row_of(store, "ticket", chat) == before


def test_running_chats_are_not_merged(store, do):
    chat, mail = add_chat(store), add_ticket(store)
    do("ticket", "merge", str(mail), str(chat), code=3)
    assert "one conversation" in do.err


def test_where_only_some_have_ended_the_others_are_done(store, do):
    over, chat = add_chat(store), add_chat(store)
    end_chat(store, over)
    do("ticket", "close", str(over), str(chat), code=1)
    assert ENDED in do.err
    assert row_of(store, "ticket", chat)["status"] == "closed"


def test_holding_is_for_chats(store, do):
    do("ticket", "hold", str(add_ticket(store)), code=3)
    assert "nobody sits and waits" in do.err


def test_a_chat_is_taken_from_the_automatic_answer(store, do):
    chat = add_chat(
        store, status="closed", waiting_since=None, flags="with-responder",
        chat={"responder": "answering"},
    )  # fmt: skip
    do("ticket", "take-over", str(chat))
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["flags"]) == ("open", "")
    assert chat_of(store, chat)["responder"] == "handed-over"
