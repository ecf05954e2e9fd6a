"""Scripts read the same JSON in every language of the interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.widgets.words.language import begin
from tests.support.shell import Shell
from tests.support.store import START

MAIL = b"From: Jo <jo@example.org>\r\nTo: help@shop.example\r\nSubject: lamp\r\n\r\nIt broke.\r\n"
FOR_PEOPLE = ("detail", "mend", "access", "steps", "handout", "message")
"""What documents hold that is meant to be read, in the agent's language."""
READING = (
    "channel list",
    "channel address list",
    "channel address show ADDRESS",
    "mail explain MAIL",
    "ticket list",
    "ticket show TICKET",
    "ticket close --query is:open --dry-run",
    "search is:snoozed",
    "activity --limit 200",
    "macro list",
    "macro show MACRO",
    "macro show MACRO --ticket TICKET",
    "view list",
    "intake list --all",
    "agent list",
    "team list",
    "block list",
    "setting list",
    "setting get language",
    "keys",
    "status",
    "doctor",
)
WRITING = (
    "undo CHANGE --dry-run",
    "team add crew",
    "team member add crew anna",
    "team member remove crew anna",
    "team remove crew",
    "agent away anna",
    "agent available anna",
    "agent role AGENT manager",
    "view save hot is:open --shared",
    "view pin hot none",
    "view delete hot",
    "setting set undo-send-email 5",
    "ticket close TICKET",
    "ticket reopen TICKET",
    "channel disable CHANNEL",
    "channel enable CHANNEL",
    "channel address off ADDRESS",
    "channel address on ADDRESS",
)


@pytest.fixture
def places(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Fill a store, and return what stands for the capital words of the commands in it."""
    fill(shell.store, now=START)
    monkeypatch.setenv("HELPDESK_AGENT", "anna")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    mail = shell.home / "lamp.eml"
    mail.write_bytes(MAIL)

    def first(*words: str) -> str:
        return shell(*words, "-q").split()[0]

    ticket = first("ticket", "list")
    channels = shell.json("channel", "list")["channels"]
    yield {
        "TICKET": ticket,
        "MACRO": shell.json("macro", "list")["macros"][0]["name"],
        "AGENT": shell.json("agent", "list")["agents"][-1]["name"],
        "ADDRESS": first("channel", "address", "list"),
        "CHANNEL": channels[0]["name"],
        "CHANGE": shell.json("ticket", "tag", ticket, "fragile")["change"],
        "MAIL": str(mail),
    }
    monkeypatch.undo()
    begin("en")


def _documents(shell: Shell, command: str, places: dict[str, str]) -> list[Any]:
    said = shell(*(places.get(word, word) for word in command.split()), "--json")
    return [_without_prose(json.loads(line)) for line in said.splitlines()]


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "" if key in FOR_PEOPLE else _without_prose(each) for key, each in value.items()
        }
    return [_without_prose(each) for each in value] if isinstance(value, list) else value


def _names(value: Any) -> Any:
    """Return the names in a document: ids and moments are others each time."""
    if isinstance(value, dict):
        return {key: _names(each) for key, each in value.items()}
    return [_names(each) for each in value[:1]] if isinstance(value, list) else None


def test_what_is_read_is_the_same_in_every_language(
    shell: Shell, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = [_documents(shell, command, places) for command in READING]
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    for command, said in zip(READING, english, strict=True):
        assert _documents(shell, command, places) == said, command


def test_what_changes_something_answers_with_the_same_names(
    shell: Shell, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = [_names(_documents(shell, command, places)) for command in WRITING]
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    for command, said in zip(WRITING, english, strict=True):
        assert _names(_documents(shell, command, places)) == said, command


def test_the_other_language_is_spoken(
    shell: Shell, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    assert "zamknięte" in shell("ticket", "list", "is:closed")
