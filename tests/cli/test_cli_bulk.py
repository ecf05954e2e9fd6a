"""Verbs over everything that a query finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.services.desk import Desk
from tests.support.store import add_ticket, make_desk

Cli = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Five open tickets of two customers, two of them about parcels."""
    desk = make_desk(tmp_path)
    for number in range(5):
        add_ticket(
            desk.store, email="lena@example.net" if number else "olaf@example.net",
            subject=f"parcel {number}" if number < 2 else "lamp", status="open", unread=0,
        )  # fmt: skip
    desk.triage.tag([1, 2], ["parcel"])
    return desk


@pytest.fixture
def cli(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command as anna; returns what it printed, errors included."""

    def call(*arguments: str, code: int = 0) -> str:
        found = run(["--store", str(desk.store.paths.root), "--agent", "anna", *arguments])
        printed = capsys.readouterr()
        assert found == code, printed
        return printed.out + printed.err

    return call


def ids(cli: Cli, query: str) -> list[int]:
    return sorted(int(line) for line in cli("ticket", "list", query, "-q").split())


def test_a_dry_run_counts_and_changes_nothing(cli: Cli) -> None:
    said = cli("ticket", "close", "--query", "tag:parcel", "--dry-run")
    assert "2 tickets" in said
    assert "#1" in said
    assert ids(cli, "is:open") == [1, 2, 3, 4, 5]
    found = json.loads(cli("ticket", "close", "--query", "tag:parcel", "--dry-run", "--json"))
    assert (found["count"], sorted(found["sample"])) == (2, ["1", "2"])


def test_what_a_query_finds_is_one_change_and_one_undo(cli: Cli) -> None:
    done = json.loads(cli("ticket", "close", "--query", "tag:parcel", "--yes", "--json"))
    assert sorted(done["changed"]) == ["1", "2"]
    assert ids(cli, "is:closed") == [1, 2]
    cli("ticket", "undo", done["change"])
    assert ids(cli, "is:open") == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("verb", "query", "found"),
    [
        (("snooze", "--until", "2w"), "is:snoozed", [1, 2]),
        (("assign", "--to", "me"), "assignee:anna", [1, 2]),
        (("tag", "sorted", "out"), "tag:sorted tag:out", [1, 2]),
        (("untag", "parcel"), "is:open -tag:parcel", [1, 2, 3, 4, 5]),
        (("spam",), "in:spam", [1, 2]),
        (("unread",), "is:unread", [1, 2]),
        (("priority", "urgent"), "priority:urgent", [1, 2]),
    ],
)
def test_every_verb_takes_a_query(
    cli: Cli, verb: tuple[str, ...], query: str, found: list[int]
) -> None:
    assert "2 tickets" in cli("ticket", *verb, "--query", "tag:parcel", "--yes")
    assert ids(cli, query) == found


def test_merging_names_what_it_left_and_fails_for_it(cli: Cli) -> None:
    said = cli("ticket", "merge", "--query", "is:open", "--into", "5", "--yes", code=1)
    assert "#1: it belongs to another customer" in said
    assert "done: 3 tickets" in said
    assert ids(cli, "is:open") == [1, 5]


def test_what_is_so_already_is_no_failure(cli: Cli) -> None:
    cli("ticket", "close", "1")
    assert "no ticket" in cli("ticket", "close", "--query", "tag:parcel is:closed", "--yes")
    assert "no ticket" in cli("ticket", "close", "--query", "subject:nothing", "--yes")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("close", "--query", "tag:parcel"), "add --yes"),
        (("close", "7", "--query", "tag:parcel"), "not both"),
        (("close", "--yes", "7"), "go with --query"),
        (("close",), "give ID"),
        (("tag", "7"), "give TAG"),
        (("merge", "--query", "tag:parcel", "--yes"), "--into"),
        (("close", "--query", "is:wrong"), "wrong"),
    ],
)
def test_wrong_use_is_refused_and_changes_nothing(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    assert said in cli("ticket", *arguments, code=2)
    assert ids(cli, "is:open") == [1, 2, 3, 4, 5]
