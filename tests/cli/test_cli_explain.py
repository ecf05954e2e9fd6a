"""``mail explain``: one line per file, whatever the mail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run
from tests.support.material import material
from tests.support.raw_mails import multipart

KEYS = [
    "file", "message_id", "in_reply_to", "references", "from_name", "from_addr", "reply_to", "to",
    "cc", "date", "subject", "text", "reply_text", "attachments", "customer", "is_auto_reply",
    "is_bounce", "is_manual_forward", "spam", "verdict", "joins", "reasons", "defects",
]  # fmt: skip

MAIL = b"""From: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>
To: support@shop.example
Delivered-To: support@shop.example
Subject: Order 7
Message-ID: <a1@example.com>
Date: Fri, 20 Nov 2026 09:30:00 +0100
Content-Type: text/plain; charset=utf-8

Where is it?

On Thursday you wrote:
> We shipped it.
"""


@pytest.fixture(autouse=True)
def no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the store of whoever runs the tests out of it."""
    monkeypatch.setenv("HELPDESK_STORE", str(tmp_path / "none"))


def explain(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    """Return the lines printed for some files."""
    assert run(["mail", "explain", "--json", *map(str, arguments)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_line_has_the_documented_keys_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    (line,) = explain(capsys, path)
    assert list(line) == KEYS
    assert line["from_name"] == "Jörg"
    assert line["date"] == "2026-11-20T08:30:00Z"
    assert line["reply_text"] == "Where is it?"
    assert "We shipped it." in line["text"]
    assert line["verdict"] == "ticket"
    assert line["customer"] == {"addr": "joerg@example.com", "name": "Jörg", "found_in": "From"}
    assert "own-address-assumed: support@shop.example" in line["reasons"]


def test_what_a_mail_carries_beside_its_text_is_among_the_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    attached = "Content-Type: message/rfc822\r\n\r\nSubject: Old\r\n\r\nx"
    signature = "Content-Type: application/pgp-signature\r\n\r\nx"
    path.write_bytes(multipart(attached, signature, kind="signed"))
    (line,) = explain(capsys, path)
    assert {"embedded: Old", "signed: pgp"} <= set(line["reasons"])


def test_own_addresses_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL.replace(b"Delivered-To", b"X-Original-From: real@example.org\nX-Other"))
    (line,) = explain(capsys, path, "--own", "Joerg@Example.com")
    assert line["customer"]["addr"] == "real@example.org"
    assert line["customer"]["found_in"] == "X-Original-From"


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 500, b"From: <\n\n", b"MIME-Version: 1.0\n" * 9]
)
def test_rubbish_gives_a_line_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes
) -> None:
    path = tmp_path / "bad.eml"
    path.write_bytes(raw)
    (line,) = explain(capsys, path)
    assert list(line) == KEYS


def test_a_file_that_cannot_be_opened_is_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    assert run(["mail", "explain", "--json", str(tmp_path / "none.eml"), str(path)]) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    assert "none.eml" in printed.err


def test_people_get_the_same_without_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL.replace(b"Order 7", b"Order =?utf-8?q?=1B]0;x=07?="))
    assert run(["mail", "explain", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "ticket" in printed
    assert "\x1b" not in printed
    assert "Where is it?" in printed


def test_a_mail_of_nobody_shows_no_empty_brackets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"Subject: x\n\ny\n")
    assert run(["mail", "explain", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "from      nobody" in printed
    assert "<>" not in printed


def test_the_customer_in_a_forward_by_hand_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(
        b"From: Bo <bo@shop.example>\nTo: support@shop.example\nSubject: Fwd: Zip\n\nPlease.\n\n"
        b"---------- Forwarded message ---------\nFrom: Lena <lena@example.net>\n"
        b"Date: Fri, 20 Nov 2026 at 10:12\nSubject: Zip\nTo: Bo <bo@shop.example>\n\nIt broke.\n"
    )
    own = ("--own", "bo@shop.example", "--own", "support@shop.example")
    (line,) = explain(capsys, *own, path)
    assert line["verdict"] == "rejected"
    assert "forward.names: lena@example.net" in line["reasons"]


@pytest.mark.material
def test_no_hostile_mail_gets_an_escape_through(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(material("hostile").glob("*.eml"))
    lines = explain(capsys, *files)
    assert len(lines) == len(files)
    assert run(["mail", "explain", *map(str, files)]) == 0
    printed = capsys.readouterr().out
    assert not any(ord(c) in (0x1B, 0x7F, 0x202E, 0x200B) or 0x80 <= ord(c) < 0xA0 for c in printed)
