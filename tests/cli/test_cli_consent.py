"""Consent and marketing sends from scripts: what is noted, taken over, refused and named."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from tests.support.messaging import LENA, MessagingBox
from tests.support.shell import Shell
from tests.support.store import START, FakeClock

NUMBER = "0701112233"


@pytest.fixture
def ticket(desk: Shell) -> str:
    store = Store(desk.store)
    try:
        box = MessagingBox(store, FakeClock())
        return str(box.told(box.sms, "where is it?"))
    finally:
        store.close()


def table(desk: Shell, *lines: str, name: str = "consent.csv") -> str:
    path = desk.store.parent / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    os.utime(path, (START.timestamp(), START.timestamp()))
    return str(path)


def test_consent_is_noted_for_the_customer_of_a_ticket(desk: Shell, ticket: str) -> None:
    assert "nobody has given" in desk("consent", "list")
    noted = desk.json("consent", "record", "--ticket", ticket, "--source", "by phone")
    assert (noted["number"], noted["state"], noted["source"]) == (LENA, "given", "agent")
    (listed,) = desk.json("consent", "list")["consent"]
    assert (listed["detail"], listed["agent"]) == ("by phone", "anna")
    assert "given" in desk("consent", "show", LENA)


def test_a_national_number_needs_its_country(desk: Shell) -> None:
    refused = desk.fails("consent", "record", NUMBER, "--source", "form 17", code=2)
    assert "telephone number" in refused
    said = desk("consent", "withdraw", NUMBER, "--source", "form 17", "--region", "se")
    assert LENA in said
    shown = desk.json("consent", "show", LENA)
    assert shown["sms"]["state"] == "withdrawn"
    assert shown["whatsapp"] is None


def test_a_number_that_nothing_is_known_of_is_not_found(desk: Shell) -> None:
    desk.fails("consent", "show", LENA, code=4)


def test_a_file_is_taken_over_once_and_what_says_nothing_is_named(desk: Shell) -> None:
    path = table(
        desk,
        "Phone Number,SMS Consent,SMS Consent Timestamp,Note",
        f"{LENA},SUBSCRIBED,2026-01-02T03:04:05Z,newsletter form",
        "+48 600 100 200,UNSUBSCRIBED,2026-01-02,",
        "+48600100201,NEVER_SUBSCRIBED,,",
        "12345,SUBSCRIBED,,",
        "+48600100202,perhaps,,",
        "+48600100203,SUBSCRIBED,soon,",
        "",
        "+48600100204,SUBSCRIBED,,",
    )
    warned = desk.fails("consent", "import", path, code=1)
    for line, word in ((5, "12345"), (6, "perhaps"), (7, "soon")):
        assert f"line {line}: " in warned
        assert word in warned
    listed = desk.json("consent", "list")["consent"]
    assert [(each["number"], each["state"], each["at"]) for each in listed] == [
        ("+48600100204", "given", "2026-11-21T10:00:00Z"),
        ("+48600100200", "withdrawn", "2026-01-02T00:00:00Z"),
        (LENA, "given", "2026-01-02T03:04:05Z"),
    ]
    assert {each["kind"] for each in listed} == {"marketing"}
    desk.fails("consent", "import", path, code=1)
    assert len(desk.json("consent", "list")["consent"]) == 3


def test_a_file_of_whole_lines_tells_what_became_of_them(desk: Shell) -> None:
    path = table(desk, "number;state", f"{LENA};yes", f"{LENA};yes", "+48600100200;no")
    assert desk.json("consent", "import", path) == {
        "seen": 3, "new": 2, "duplicates": 1, "failed": 0, "opted_out": 0,
    }  # fmt: skip


def test_a_file_opts_nobody_in_again(desk: Shell, ticket: str) -> None:
    store = Store(desk.store)
    box = MessagingBox(store, FakeClock(START - timedelta(days=9)))
    box.hear(box.sms, box.said("STOP", external_id="stop"))
    store.close()
    found = desk.json("consent", "import", table(desk, "number,state", f"{LENA},yes"))
    assert (found["new"], found["opted_out"]) == (0, 1)
    assert desk.json("consent", "show", LENA)["sms"]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (("number,name", f"{LENA},Lena"), "state"),
        (("", ""), ""),
    ],
)
def test_a_file_without_the_columns_is_refused(
    desk: Shell, lines: tuple[str, ...], word: str
) -> None:
    path = table(desk, *lines)
    if word:
        assert word in desk.fails("consent", "import", path, code=2)
    else:
        assert desk.json("consent", "import", path)["seen"] == 0


def test_a_file_that_is_no_text_is_refused(desk: Shell) -> None:
    path = Path(table(desk, "number,state"))
    path.write_bytes(b"number,state\n" + LENA.encode() + b",yes\n\xff\xfe,no\n")
    assert "UTF-8" in desk.fails("consent", "import", str(path), code=2)
    assert "does not exist" in desk.fails("consent", "import", str(path) + "x", code=2)


def test_sends_are_taken_over_and_answered(desk: Shell, ticket: str) -> None:
    path = table(
        desk,
        "id,number,campaign,sent_at,delivered_at,text",
        f"1,{LENA},Winter,2026-11-21T09:00:00+01:00,2026-11-21T09:30:00Z,Sale!",
        f"2,{LENA},Lost,2026-11-21T09:00:00Z,,never arrived",
        f"3,{LENA},,2026-11-21T09:00:00Z,,",
        name="sends.csv",
    )
    assert "line 4: " in desk.fails("sends", "import", path, code=1)
    listed = desk.json("sends", "list")["sends"]
    assert [(each["name"], each["delivered_at"]) for each in listed] == [
        ("Lost", None), ("Winter", "2026-11-21T09:30:00Z"),
    ]  # fmt: skip
    (answered,) = desk.json("sends", "list", "--answered")["sends"]
    shown = desk.json("ticket", "show", ticket)
    assert shown["attribution"]["name"] == "Winter"
    assert shown["attribution"]["message"] == answered["answer"]
    (found,) = desk.json("ticket", "list", "campaign:winter")["tickets"]
    assert found["id"] == ticket


def test_the_list_goes_on_where_it_ended(desk: Shell) -> None:
    lines = [f"+4860010020{digit},yes" for digit in range(5)]
    desk("consent", "import", table(desk, "number,state", *lines))
    first = desk.json("consent", "list", "--limit", "3")
    rest = desk.json("consent", "list", "--after", first["next"])
    assert [len(first["consent"]), len(rest["consent"]), rest["next"]] == [3, 2, None]


def test_a_keyword_is_listed_shown_and_made_a_ticket(desk: Shell) -> None:
    store = Store(desk.store)
    box = MessagingBox(store, FakeClock())
    box.hear(box.whatsapp, box.said("HELP"))
    store.close()
    (row,) = desk.json("intake", "list")["intake"]
    assert row["reason"] == "keyword"
    assert desk.json("intake", "show", row["id"])["text"] == "HELP"
    assert "HELP" in desk("intake", "show", row["id"])
    made = desk.json("intake", "ticket", row["id"])["ticket"]
    assert desk.json("ticket", "show", made)["channel"] == "whatsapp"
