"""Files come out of tickets, go into drafts, and are fetched from providers again, by command."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run as main
from tests.support.store import add_agent, add_message, add_ticket, make_desk, make_store


@pytest.fixture
def root(tmp_path: Path) -> Path:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    ticket = add_ticket(store, assignee="anna")
    add_message(store, ticket, files=[("a.txt", b"hello"), ("b.jpg", b"lost")])
    with store.write() as connection:
        connection.execute(
            "UPDATE attachment SET state = 'failed', error_code = 'media.damaged', size = 0,"
            " source = '{\"url\":\"https://provider.example/2\"}' WHERE filename = 'b.jpg'"
        )
    store.close()
    return store.paths.root


def run(root: Path, *words: str) -> int:
    return main(["--store", str(root), "--agent", "anna", *words])


def test_a_file_comes_out_and_never_over_another(root: Path) -> None:
    target = root / "out.txt"
    assert run(root, "attachment", "get", "1", "-o", str(target)) == 0
    assert target.read_bytes() == b"hello"
    assert run(root, "attachment", "get", "1", "-o", str(target)) == 2
    assert target.read_bytes() == b"hello"


def test_a_file_that_is_not_here_says_what_to_do(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "attachment", "get", "2", "-o", str(root / "b.jpg")) == 4
    assert "helpdesk attachment fetch 2" in capsys.readouterr().err
    assert not (root / "b.jpg").exists()


def test_a_file_is_fetched_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "attachment", "fetch", "2", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"attachment": "2", "state": "pending"}
    assert run(root, "attachment", "get", "2", "-o", str(root / "b.jpg")) == 4
    assert "still being fetched" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "code", "said"), [("1", 3, "file 1 "), ("99", 4, "no attachment 99")]
)
def test_what_cannot_be_fetched_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], file: str, code: int, said: str
) -> None:
    assert run(root, "attachment", "fetch", file) == code
    assert said in capsys.readouterr().err


class Endless(io.RawIOBase):
    """Gives bytes for ever."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        return len(buffer)


def test_what_never_ends_is_refused_and_fills_no_memory(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    assert run(root, "attachment", "put", "1", "--name", "zero.bin") == 2
    assert "zero.bin" in capsys.readouterr().err
    assert endless.given < 101_000_000


def test_a_file_goes_into_the_draft_and_is_not_sent(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-1.4 label")))
    assert run(root, "attachment", "put", "1", "--name", "label.pdf", "--json") == 0
    assert json.loads(capsys.readouterr().out)["size"] == 14
    desk = make_desk(root.parent)
    ticket = desk.threads.load(1)
    assert all(one.direction == "inbound" for one in ticket.messages)
    desk.close()
