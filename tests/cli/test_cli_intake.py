"""``intake``: what made no ticket is listed with its reason and can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.widgets.words.intake import REASONS
from tests.support.store import add_agent, make_root, make_store

Run = Callable[..., str]

AWAY = b"""From: Lena Doe <lena@example.net>
To: support@shop.example
Subject: Out of office \x1b[31mred
Auto-Submitted: auto-replied
Message-ID: <away%d@example.net>

I am back on Monday.\x1b[2J
"""
DEAD = b"""From: Mail Delivery System <mailer-daemon@mx.example>
To: support@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@example.net
Action: failed
Status: 5.1.1
--b--
"""


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    root = make_root(tmp_path)

    def call(*arguments: str, code: int = 0) -> str:
        found = run(["--store", str(root), *arguments])
        printed = capsys.readouterr()
        assert found == code, printed.err
        return printed.err if code else printed.out

    return call


@pytest.fixture
def filled(call: Run, tmp_path: Path) -> Run:
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.eml").write_bytes(AWAY % number)
    (folder / "3.eml").write_bytes(DEAD)
    summary = json.loads(call("import", str(folder), "--json"))
    assert (summary["automatic"], summary["bounces"], summary["tickets"]) == (2, 1, 0)
    return call


def test_an_empty_list_says_so(call: Run) -> None:
    assert "nothing here" in call("intake", "list")
    assert json.loads(call("intake", "list", "--json")) == {"intake": [], "next": None}


def test_each_stands_there_with_its_reason(filled: Run) -> None:
    listed = json.loads(filled("intake", "list", "--json"))
    assert [each["reason"] for each in listed["intake"]] == [
        "bounce", "out-of-office", "out-of-office",
    ]  # fmt: skip
    assert listed["next"] is None
    assert all(each["evidence"] for each in listed["intake"])
    assert listed["intake"][1]["sender"] == "lena@example.net"
    printed = filled("intake", "list")
    assert "out-of-office" in printed
    assert "\x1b" not in printed


def test_a_page_names_the_next_one(filled: Run) -> None:
    first = json.loads(filled("intake", "list", "--limit", "2", "--json"))
    assert len(first["intake"]) == 2
    rest = json.loads(filled("intake", "list", "--after", first["next"], "--json"))
    assert (len(rest["intake"]), rest["next"]) == (1, None)
    ids = [each["id"] for each in (*first["intake"], *rest["intake"])]
    assert filled("intake", "list", "-q").split() == ids
    assert f"--after {first['next']}" in filled("intake", "list", "--limit", "2")


def test_one_is_shown_with_what_the_mail_says(filled: Run) -> None:
    number = filled("intake", "list", "-q").split()[-1]
    shown = json.loads(filled("intake", "show", number, "--json"))
    assert shown["reason"] == "out-of-office"
    assert shown["external_id"] == "away1@example.net"
    assert shown["text"].startswith("I am back on Monday.")
    printed = filled("intake", "show", number)
    assert REASONS["out-of-office"].what in printed
    assert "I am back on Monday." in printed
    assert "\x1b" not in printed


def test_what_is_not_there_is_said(filled: Run) -> None:
    assert len(filled("intake", "show", "999", code=4).splitlines()) == 1
    filled("intake", "show", "no", code=2)
    filled("intake", "list", "--after", "no", code=2)


FORWARD = b"""From: Bo <bo@shop.example>
To: support@shop.example
Subject: Fwd: Broken lamp
Message-ID: <fwd@shop.example>

Please answer.

---------- Forwarded message ---------
From: Ana Ruiz <ana@garden.example>
Date: Thu, 19 Nov 2026 16:00:00 +0000
Subject: Broken lamp
To: Bo <bo@shop.example>

The lamp came broken.
"""


@pytest.fixture
def forwarded(call: Run, tmp_path: Path) -> str:
    """Import a forward made by hand; return its number in the list."""
    store = make_store(tmp_path)
    add_agent(store, "bo", email="bo@shop.example")
    store.close()
    (tmp_path / "one.eml").write_bytes(FORWARD)
    call("import", str(tmp_path / "one.eml"))
    return call("intake", "list", "-q").strip()


def test_a_forward_becomes_the_customers_ticket(call: Run, forwarded: str) -> None:
    (row,) = json.loads(call("intake", "list", "--json"))["intake"]
    assert row["customer"] == {"addr": "ana@garden.example", "name": "Ana Ruiz"}
    assert (row["preview"], row["done"]) == ("The lamp came broken.", False)
    made = json.loads(call("intake", "ticket", forwarded, "--json"))
    assert made == {"id": forwarded, "ticket": "1"}
    assert call("intake", "ticket", forwarded, "-q").strip() == "1"
    shown = json.loads(call("ticket", "show", "1", "--json"))
    assert shown["customer"]["email"] == "ana@garden.example"
    assert [each["text"] for each in shown["messages"]] == [
        "The lamp came broken.", "Please answer.",
    ]  # fmt: skip
    assert "nothing here" in call("intake", "list")
    (done,) = json.loads(call("intake", "list", "--all", "--json"))["intake"]
    assert (done["ticket"], done["done"]) == ("1", True)


def test_the_customer_can_be_named_and_corrected(call: Run, forwarded: str) -> None:
    call("intake", "ticket", forwarded, "--customer", "bo@shop.example", code=2)
    call("intake", "ticket", forwarded, "--customer", "max@garden.example")
    change = json.loads(
        call("ticket", "customer", "1", "eve@garden.example", "--name", "Eve", "--json")
    )
    assert change["changed"] == ["1"]
    shown = json.loads(call("ticket", "show", "1", "--json"))
    assert (shown["customer"]["name"], shown["customer"]["email"]) == ("Eve", "eve@garden.example")
    call("ticket", "customer", "1", "nobody", code=2)
    call("ticket", "customer", "99", "eve@garden.example", code=4)
    call("intake", "ticket", "99", code=4)
