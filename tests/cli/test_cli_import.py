"""``import``: all forms of mail files, each mail counted once, nothing doubled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run
from tests.support.material import material
from tests.support.store import make_root

FIELDS = ["seen", "tickets", "messages", "duplicates", "rejected", "automatic", "bounces", "failed"]


def mail(number: int, *, answers: int | None = None, sender: str = "jo@example.com") -> bytes:
    """Return a plain mail, maybe an answer to another one."""
    head = f"From: Jo <{sender}>\nTo: support@shop.example\nMessage-ID: <m{number}@example.com>\n"
    if answers is not None:
        head += f"In-Reply-To: <m{answers}@example.com>\n"
    head += f"Subject: Order {answers or number}\nDate: Fri, 20 Nov 2026 09:{number:02}:00 +0000\n"
    return f"{head}\nText of mail number {number}.\n".encode()


class Importer:
    """Imports into one store."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def __call__(self, *arguments: object, code: int = 0) -> dict[str, int]:
        """Import and return the summary; each file counts in one field."""
        found = run(["--store", str(self.root), "import", "--json", *map(str, arguments)])
        printed = self._capsys.readouterr()
        assert found == code, printed.err
        summary: dict[str, int] = json.loads(printed.out)
        assert list(summary) == FIELDS
        assert summary["seen"] == sum(summary[name] for name in FIELDS[1:])
        return summary

    def tickets(self) -> list[dict[str, Any]]:
        """Return the tickets of the store."""
        assert run(["--store", str(self.root), "ticket", "list", "--json"]) == 0
        page: list[dict[str, Any]] = json.loads(self._capsys.readouterr().out)["tickets"]
        return page


@pytest.fixture
def bring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Importer:
    return Importer(make_root(tmp_path), capsys)


def test_mails_become_tickets_and_answers_join_them(bring: Importer, tmp_path: Path) -> None:
    box = tmp_path / "old.mbox"
    box.write_bytes(
        b"".join(
            b"From x\n" + mail(n, answers=a) + b"\n" for n, a in ((1, None), (2, 1), (3, None))
        )
    )
    summary = bring(box, "--mailbox", "support@shop.example")
    assert (summary["tickets"], summary["messages"]) == (2, 1)
    first = next(ticket for ticket in bring.tickets() if ticket["subject"] == "Order 1")
    assert first["message_count"] == 2
    assert first["recipient"] == "support@shop.example"
    assert first["created_at"] == "2026-11-20T09:01:00Z"
    assert first["last_message_at"] == "2026-11-20T09:02:00Z"


def test_a_second_run_doubles_nothing(bring: Importer, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in range(1, 8):
        (folder / f"{number}.eml").write_bytes(mail(number))
    assert bring(folder)["tickets"] == 7
    (folder / "8.eml").write_bytes(mail(8))
    summary = bring(folder)
    assert (summary["duplicates"], summary["tickets"]) == (7, 1)
    assert len(bring.tickets()) == 8


def test_a_file_that_is_no_mail_is_named_and_left_out(bring: Importer, tmp_path: Path) -> None:
    page, saved = tmp_path / "README.md", tmp_path / "saved mail"
    page.write_text("# A page\n\nNothing to see: here.\n")
    saved.write_bytes(mail(1))
    summary = bring(page, saved, code=1)
    assert (summary["failed"], summary["tickets"]) == (1, 1)


def test_a_stopped_run_is_taken_up_where_it_was(
    bring: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk_tui.services.inbound import Inbound

    folder = tmp_path / "mails"
    folder.mkdir()
    for number in range(160):
        (folder / f"{number:03}.eml").write_bytes(
            mail(number % 60, sender=f"c{number}@example.com")
        )
    ingest, calls = Inbound.ingest, []

    def interrupted(self: Inbound, *args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return ingest(self, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Inbound, "ingest", interrupted)
        stopped = bring(folder, code=130)
    assert stopped["seen"] == 100
    summary = bring(folder)
    assert (summary["seen"], summary["duplicates"], summary["failed"]) == (160, 100, 0)
    again = bring(folder)
    assert again["duplicates"] == 160


def test_a_file_that_cannot_be_read_is_counted_and_named(bring: Importer, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "1.eml").write_bytes(mail(1))
    (folder / "2.eml").symlink_to(tmp_path / "gone")
    summary = bring(folder, code=1)
    assert (summary["tickets"], summary["failed"]) == (1, 1)


def test_a_path_that_is_not_there_is_a_usage_error(
    bring: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--store", str(bring.root), "import", str(tmp_path / "none")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_a_date_from_the_future_does_not_stay_on_top(bring: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail(1).replace(b"2026", b"2099"))
    bring(path)
    assert bring.tickets()[0]["last_message_at"] < "2099"


@pytest.mark.material
def test_every_hostile_mail_counts_once(bring: Importer) -> None:
    folder = material("hostile")
    summary = bring(folder)
    assert summary["seen"] == len(list(folder.glob("*.eml")))
    assert bring(folder)["duplicates"] >= summary["seen"] - summary["rejected"] - 1


def harmful(text: str) -> set[str]:
    """Return the characters of ``text`` that a terminal could act on."""
    allowed = "\n"
    return {
        char
        for char in text
        if char not in allowed
        and (
            ord(char) < 0x20
            or 0x7F <= ord(char) < 0xA0
            or 0x202A <= ord(char) <= 0x202E
            or 0x2066 <= ord(char) <= 0x2069
            or ord(char) == 0x200B
        )
    }


@pytest.mark.material
def test_nothing_of_a_hostile_mail_reaches_the_terminal(
    bring: Importer, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(material("hostile"))
    store = ["--store", str(bring.root)]
    for ticket in bring.tickets():
        for form in ([], ["--json"]):
            assert run([*store, "ticket", "show", ticket["id"], *form]) == 0
            printed = capsys.readouterr()
            assert harmful(printed.out + printed.err) == set()
    for form in ([], ["--json"], ["-q"]):
        assert run([*store, "ticket", "list", "--limit", "200", *form]) == 0
        assert harmful(capsys.readouterr().out) == set()
