"""Working tickets from scripts, against the sample store."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.cli.main import run
from helpdesk_tui.cli.parser import parse

TICKET_KEYS = [
    "id", "subject", "channel", "status", "spam", "snoozed_until", "assignee", "team", "tags",
    "priority", "unread", "customer", "recipient", "created_at", "last_message_at",
    "waiting_since", "message_count", "attribution",
]  # fmt: skip
MESSAGE_KEYS = [
    "id", "direction", "channel", "sender", "text", "reply_text", "html", "sent_at", "delivery",
    "error", "automatic", "author", "external_id", "attachments",
]  # fmt: skip


class Console:
    """Runs commands on one store as anna, and reads what they print."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0, agent: str = "anna") -> str:
        """Run a command, check its exit code, and return its standard output."""
        options = ["--agent", agent] if agent else []
        found = run(["--store", str(self.root), *options, *arguments])
        printed = self._capsys.readouterr()
        self.err = printed.err
        assert found == code, printed.err
        return printed.out

    def json(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and return the document."""
        return json.loads(self(*arguments, "--json"))

    def find(self, subject: str) -> str:
        """Return the id of the first ticket with that subject."""
        page = self.json("ticket", "list", "--limit", "250")
        return str(next(t["id"] for t in page["tickets"] if t["subject"] == subject))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill one sample store; every test works on a copy of it."""
    root = tmp_path_factory.mktemp("sample") / "store"
    fill(root)
    return root


@pytest.fixture
def console(
    sample: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Console:
    for name in ("HELPDESK_AGENT", "HELPDESK_CONFIG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    root = tmp_path / "store"
    shutil.copytree(sample, root)
    return Console(root, capsys)


def test_a_query_may_begin_with_what_is_left_out(console: Console) -> None:
    every = console.json("ticket", "list", "--limit", "250")["tickets"]
    without = console.json("ticket", "list", "-channel:email", "--limit", "250")["tickets"]
    assert [one["id"] for one in without] == [
        one["id"] for one in every if one["channel"] != "email"
    ]
    assert 0 < len(without) < len(every)


def test_a_listed_ticket_has_the_documented_keys(console: Console) -> None:
    page = console.json("ticket", "list", "--limit", "3")
    assert list(page) == ["tickets", "next", "total"]
    assert len(page["tickets"]) == 3
    assert page["total"] > 150
    for ticket in page["tickets"]:
        assert list(ticket) == TICKET_KEYS
        assert ticket["last_message_at"].endswith("Z")
    newest = page["tickets"][0]
    assert newest["subject"] == "Return label for #1042"
    assert newest["customer"]["name"] == "Anna Kowalska"
    assert newest["customer"]["email"] == "anna.k@example.pl"
    assert newest["tags"] == ["returns"]


def test_the_cursor_leads_through_all_tickets_once(console: Console) -> None:
    seen: list[str] = []
    arguments: list[str] = []
    while True:
        page = console.json("ticket", "list", "--limit", "60", *arguments)
        seen += [ticket["id"] for ticket in page["tickets"]]
        if page["next"] is None:
            break
        arguments = ["--after", page["next"]]
    assert len(seen) == len(set(seen)) == page["total"]


def test_a_broken_cursor_is_a_usage_error(console: Console) -> None:
    assert console("ticket", "list", "--after", "no cursor!", code=2) == ""
    assert "cursor" in console.err


def test_a_shown_ticket_has_its_thread_and_activity(console: Console) -> None:
    ticket = console.json("ticket", "show", console.find("Return label for #1042"))
    assert list(ticket) == [*TICKET_KEYS, "messages", "activity"]
    directions = [message["direction"] for message in ticket["messages"]]
    assert directions == ["inbound", "note", "outbound", "inbound"]
    for message in ticket["messages"]:
        assert list(message) == MESSAGE_KEYS
    first = ticket["messages"][0]
    assert first["author"] == {"kind": "customer", "name": "Anna Kowalska"}
    assert first["attachments"][0]["filename"] == "box.jpg"
    assert ticket["activity"][0]["kind"] == "ticket.created"


def test_people_see_the_same_ticket_as_text(console: Console) -> None:
    printed = console("ticket", "show", "#" + console.find("Return label for #1042"))
    assert "Anna Kowalska <anna.k@example.pl>" in printed
    assert "box.jpg" in printed
    printed = console("ticket", "list")
    assert "Return label for #1042" in printed


@pytest.mark.parametrize(("number", "code"), [("999999", 4), ("abc", 2), ("-1", 2), ("1" * 30, 2)])
def test_a_ticket_that_is_not_there_says_so(console: Console, number: str, code: int) -> None:
    assert console("ticket", "show", "--json", "--", number, code=code) == ""
    assert len(console.err.splitlines()) == 1


def test_verbs_change_what_a_ticket_shows(console: Console) -> None:
    number = console.find("Payment taken twice")
    assert console("ticket", "assign", number, "marek", "-q") == f"{number}\n"
    assert console("ticket", "tag", number, "Urgent", "bank", "-q") == f"{number}\n"
    assert console("ticket", "untag", number, "payment", "-q") == f"{number}\n"
    ticket = console.json("ticket", "show", number)
    assert (ticket["assignee"], ticket["tags"]) == ("marek", ["bank", "urgent"])
    console("ticket", "assign", "--to", "none", number)
    assert console.json("ticket", "show", number)["assignee"] is None
    console("ticket", "close", number)
    assert console.json("ticket", "show", number)["status"] == "closed"
    console("ticket", "reopen", number)
    console("ticket", "snooze", number, "2d")
    ticket = console.json("ticket", "show", number)
    assert ticket["status"] == "snoozed"
    assert ticket["snoozed_until"].endswith("Z")
    console("ticket", "spam", number)
    assert console.json("ticket", "show", number)["spam"] is True
    console("ticket", "not-spam", number)
    assert console.json("ticket", "show", number)["spam"] is False
    kinds = [event["kind"] for event in console.json("ticket", "show", number)["activity"]]
    assert kinds[-1] == "ticket.not-spam"


def test_what_cannot_be_done_is_named_and_the_rest_is_done(console: Console) -> None:
    number = console.find("Payment taken twice")
    assert console("ticket", "close", number, "999999", "-q", code=1) == f"{number}\n"
    assert "999999" in console.err
    assert console("ticket", "close", number) == ""
    assert console("ticket", "close", "999999", code=4) == ""


def test_an_unknown_agent_changes_nothing(console: Console) -> None:
    number = console.find("Payment taken twice")
    console("ticket", "assign", number, "--to", "nobody", code=4)
    console("ticket", "list", agent="nobody", code=4)
    assert console.json("ticket", "show", number)["assignee"] is None


def test_a_reply_is_queued_at_once_and_prints_its_id(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = console.find("Payment taken twice")
    label = tmp_path / "proof of refund.pdf"
    label.write_bytes(b"%PDF-1.4 proof")
    text = "Dear Ngozi,\n\nthe second payment is on its way back."
    printed = console("ticket", "reply", number, "--text", text, "--attach", str(label),
                      "--and", "close")  # fmt: skip
    ticket = console.json("ticket", "show", number)
    last = ticket["messages"][-1]
    assert printed == f"{last['id']}\n"
    assert (last["direction"], last["delivery"]) == ("outbound", "queued")
    assert last["text"].startswith(text)
    assert last["attachments"][0]["filename"] == "proof of refund.pdf"
    assert str(tmp_path) not in json.dumps(last)
    assert ticket["status"] == "closed"
    monkeypatch.setattr(sys, "stdin", io.StringIO("to be called back\n"))
    note = console.json("ticket", "note", number, "-")
    last = console.json("ticket", "show", number)["messages"][-1]
    assert (last["id"], last["direction"], last["text"]) == (
        note["message"], "note", "to be called back",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--text", "  "), 2),
        (("--text", "a", "--attach", "/nonexistent"), 2),
        (("--text", "a", "--attach", "/dev/null"), 2),
        (("--text", "a", "--and", "explode"), 2),
        (("--file", "/nonexistent"), 2),
    ],
)
def test_a_reply_that_cannot_be_is_refused_before_anything_is_written(
    console: Console, arguments: tuple[str, ...], code: int
) -> None:
    number = console.find("Payment taken twice")
    console("ticket", "reply", number, *arguments, code=code)
    assert len(console.json("ticket", "show", number)["messages"]) == 1


def test_copies_that_nobody_sees_and_forwards_are_queued_too(console: Console) -> None:
    number = console.find("Payment taken twice")
    console("ticket", "reply", number, "--text", "Done.", "--cc", "a@x.example, b@x.example",
            "--bcc", "boss@x.example")  # fmt: skip
    shown = console("ticket", "show", number)
    assert "cc a@x.example, b@x.example · bcc boss@x.example" in shown
    first = console.json("ticket", "show", number)["messages"][0]
    printed = console("ticket", "forward", number, "--to", "bank@z.example", "--message",
                      first["id"], "--text", "Please check.")  # fmt: skip
    last = console.json("ticket", "show", number)["messages"][-1]
    assert printed == f"{last['id']}\n"
    assert last["text"].startswith("Please check.\n\n---------- Forwarded message")
    assert first["text"].splitlines()[0] in last["text"]
    assert "to bank@z.example" in console("ticket", "show", number)
    whole = console.json("ticket", "forward", number, "--to", "bank@z.example")
    assert whole["ticket"] == number
    console("ticket", "forward", number, "--to", "nobody", code=2)
    console("ticket", "forward", number, "--to", "a@x.example", "--message", "1", code=4)
    console("ticket", "forward", number, "--to", "a@x.example", "--text", " ", code=2)


def test_texts_need_an_agent(console: Console) -> None:
    number = console.find("Payment taken twice")
    console("ticket", "reply", number, "--text", "x", agent="", code=2)
    assert "--agent" in console.err


def test_a_file_comes_out_as_it_went_in_and_never_over_another(
    console: Console, tmp_path: Path
) -> None:
    ticket = console.json("ticket", "show", console.find("Return label for #1042"))
    file = ticket["messages"][0]["attachments"][0]
    target = tmp_path / "box.jpg"
    console("attachment", "get", file["id"], "-o", str(target))
    assert target.read_bytes()[:2] == b"\xff\xd8"
    assert target.stat().st_size == file["size"]
    assert target.stat().st_mode & 0o777 == 0o600
    console("attachment", "get", file["id"], "-o", str(target), code=2)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "victim")
    console("attachment", "get", file["id"], "-o", str(link), code=2)
    assert not (tmp_path / "victim").exists()
    console("attachment", "get", "999999", "-o", str(tmp_path / "x"), code=4)


def test_search_finds_words_and_reports_what_it_does_not_understand(console: Console) -> None:
    found = console.json("search", "cracked pole")["tickets"]
    assert [ticket["subject"] for ticket in found] == ["Two tents, one broken pole"]
    assert console("search", "tents is:nonsense", code=2) == ""
    (said,) = console.err.splitlines()
    assert said.endswith("(at column 7: is:nonsense)")
    console("search", "tents is:nonsense", "--verbose", code=2)
    said, query, caret = console.err.splitlines()
    assert query[caret.index("^") :] == "is:nonsense"
    ids = console("search", "tag:refund", "-q").split()
    assert ids
    assert all(number.isdigit() for number in ids)


def test_the_status_line_counts_what_waits(console: Console) -> None:
    counts = console.json("status")
    assert counts["unread"] > 0
    assert console("status").startswith(f"unread {counts['unread']} · mine ")


def test_the_team_is_listed(console: Console) -> None:
    agents = console.json("agent", "list")["agents"]
    assert {agent["name"] for agent in agents} == {"anna", "marek", "sofia", "lena"}


def test_a_file_waits_in_the_draft_and_a_script_keeps_what_was_typed(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk_tui.domain.messages import DraftKind
    from helpdesk_tui.services.desk import open_desk

    number = console.find("Payment taken twice")
    desk = open_desk(console.root, agent="anna")
    desk.drafts.save(int(number), DraftKind.REPLY, "half a sentence")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-1.4 x")))
    put = console.json("attachment", "put", number, "--name", "../label.pdf")
    assert put["size"] == 10
    before = console.json("ticket", "show", number)["messages"]
    assert len(before) == 1
    console("ticket", "reply", number, "--text", "Here it is.")
    last = console.json("ticket", "show", number)["messages"][-1]
    assert [file["filename"] for file in last["attachments"]] == ["label.pdf"]
    draft = desk.drafts.load(int(number), DraftKind.REPLY)
    desk.close()
    assert draft is not None
    assert (draft.text, draft.files) == ("half a sentence", ())


def test_sending_can_put_the_ticket_away(console: Console, tmp_path: Path) -> None:
    number = console.find("Payment taken twice")
    text = tmp_path / "text"
    text.write_text("We look into it.")
    console("ticket", "reply", number, "--file", str(text), "--and", "snooze=3d!")
    ticket = console.json("ticket", "show", number)
    assert ticket["status"] == "snoozed"
    assert ticket["messages"][-1]["text"].startswith("We look into it.")


def test_explaining_asks_the_store_without_writing_to_it(console: Console, tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: anna@acme.example\nTo: jo@example.com\nSubject: Fwd: x\n\nhello\n")
    before = (console.root / "helpdesk.db").read_bytes()
    line = console.json("mail", "explain", str(mail))
    assert line["verdict"] in ("ticket", "rejected")
    assert (console.root / "helpdesk.db").read_bytes() == before


@pytest.mark.parametrize("limit", ["0", "-1", "9" * 20, "9" * 5000, "1_0", "x"])
def test_a_limit_that_no_store_can_count_to_is_wrong_usage(limit: str) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["ticket", "list", f"--limit={limit}"])
    assert caught.value.code == 2


def test_wrong_arguments_are_repeated_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["ticket", "list", "a", "b\x1b]52;c;QQ==\x07\x9b\u202e"])
    told = capsys.readouterr().err
    assert "b␛]52;c;QQ==␇" in told
    assert not set(told) & set("\x1b\x07\x9b\u202e")


def test_tickets_of_a_customer_are_merged_taken_out_and_split(console: Console) -> None:
    page = console.json("ticket", "list", "channel:email", "--limit", "250")
    by_customer: dict[str, list[str]] = {}
    for ticket in page["tickets"]:
        by_customer.setdefault(ticket["customer"]["id"], []).append(ticket["id"])
    into, part = next(ids for ids in by_customer.values() if len(ids) > 1)[:2]

    assert console.json("ticket", "merge", part, "--into", into)["changed"] == [part]
    thread = console.json("ticket", "show", into)
    assert console.json("ticket", "unmerge", part)["changed"] == [part]
    console("ticket", "unmerge", part, code=3)
    assert "not merged" in console.err
    assert len(console.json("ticket", "show", into)["messages"]) < len(thread["messages"])

    console("ticket", "merge", part, into)
    assert f"merged into #{into}: its messages stand there" in console("ticket", "show", part)
    found = console.json("ticket", "split", thread["messages"][0]["id"])
    assert len(console.json("ticket", "show", found["ticket"])["messages"]) == 1


def test_a_reply_is_scheduled_in_words(console: Console) -> None:
    number = console.find("Payment taken twice")
    console("ticket", "reply", number, "--text", "Good morning", "--at", "in 3 days")
    last = console.json("ticket", "show", number)["messages"][-1]
    assert last["delivery"] == "scheduled"
    console("ticket", "reply", number, "--text", "x", "--at", "yesterday", code=2)
    assert console.json("ticket", "list", "is:scheduled")["tickets"][0]["id"] == number
