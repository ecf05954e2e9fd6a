"""``activity`` and ``undo`` from a script: pages, forms, and going back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from tests.support.shell import Shell
from tests.support.store import add_ticket


@pytest.fixture
def tickets(desk: Shell, tmp_path: Path) -> tuple[int, int]:
    store = Store(tmp_path / "store")
    made = add_ticket(store), add_ticket(store)
    store.close()
    return made


def lines(printed: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_the_log_is_printed_in_every_form(desk: Shell, tickets: tuple[int, int]) -> None:
    one, two = map(str, tickets)
    desk("ticket", "tag", one, "vip")
    desk("ticket", "close", two)
    found = lines(desk("activity", "--json", "--kind", "tags,status"))
    assert [(row["kind"], row["ticket"]) for row in found] == [
        ("ticket.closed", two), ("ticket.tagged", one),
    ]  # fmt: skip
    assert list(found[0]) == [
        "id", "at", "kind", "actor", "ticket", "message", "change", "undone", "before", "after",
    ]  # fmt: skip
    assert found[1]["after"] == {"tags": ["vip"]}
    assert len(lines(desk("activity", one, "--json"))) == 1
    table = list(csv.DictReader(io.StringIO(desk("activity", two, "--csv"))))
    assert [(row["kind"], row["actor"]) for row in table] == [("ticket.closed", "anna")]
    assert "open → closed" in desk("activity", two)
    assert desk("activity", two, "-q").strip() == found[0]["id"]
    assert desk("activity", "--by", "anna", "--since", "1h", "--until", "today", "-q")
    assert "nothing" in desk("activity", "--until", "2020-01-01")


def test_pages_follow_each_other(desk: Shell, tickets: tuple[int, int]) -> None:
    for name in "abcde":
        desk("ticket", "tag", str(tickets[0]), name)
    whole = desk("activity", str(tickets[0]), "-q").split()
    first = desk("activity", str(tickets[0]), "--limit", "2", "-q").split()
    rest = desk("activity", str(tickets[0]), "--after", first[-1], "-q").split()
    assert first + rest == whole
    shown = json.loads(desk("ticket", "show", str(tickets[0]), "--json"))["activity"]
    assert [row["id"] for row in shown] == whole[::-1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("activity", "99"), 4),
        (("activity", "--kind", "bogus"), 2),
        (("activity", "--since", "soonish"), 2),
        (("activity", "--by", "nobody"), 4),
        (("activity", "--csv", "--json"), 2),
        (("undo", "--yes"), 4),
        (("undo", "0000"), 4),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(
    desk: Shell, tickets: tuple[int, int], words: tuple[str, ...], code: int
) -> None:
    assert desk(*words, code=code) == ""
    assert len(desk.err.splitlines()) == 1


def test_a_change_is_taken_back_once_and_done_again(
    desk: Shell, tickets: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = str(tickets[0])
    made = json.loads(desk("ticket", "tag", one, "vip", "--json"))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert desk("undo", code=2) == ""
    assert "--yes" in desk.err
    dry = json.loads(desk("undo", "--dry-run", "--json"))
    assert (dry["change"], dry["tickets"], dry["again"]) == (made["change"], 1, False)
    assert dry["entries"][0]["after"] == {"tags": []}
    undone = json.loads(desk("undo", "--yes", "--json"))
    assert undone["changed"] == [one]
    assert json.loads(desk("undo", made["change"], "--json", code=1))["changed"] == []
    assert "undone already" in desk.err
    assert lines(desk("activity", one, "--json"))[-1]["undone"] is True
    assert desk("undo", undone["change"], "-q").strip() == one
    assert json.loads(desk("ticket", "show", one, "--json"))["tags"] == ["vip"]


def test_what_was_changed_since_is_named(desk: Shell, tickets: tuple[int, int]) -> None:
    one = str(tickets[0])
    desk("ticket", "assign", one, "anna")
    made = json.loads(desk("ticket", "assign", one, "--to", "none", "--json"))
    desk("ticket", "assign", one, "anna")
    assert json.loads(desk("undo", made["change"], "--json", code=1))["changed"] == []
    assert "changed since" in desk.err
