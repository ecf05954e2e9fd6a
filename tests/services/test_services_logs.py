from __future__ import annotations

import json
import logging

import pytest

from helpdesk_tui.services.logs import JsonLines, SharedFileHandler, log_to_store, redacted

PLANTED = ("hunter2", "anna@shop.example", "4111 1111 1111 1111", "abcdef123456")


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdef123456", "AUTH PLAIN abcdef123456==",
        "password=hunter2", "imap_password: 'hunter2'", '{"access_token": "abcdef123456"}',
        "https://x.example/a?sig=abcdef123456", "https://anna:hunter2@x.example/a?b",
        "imap://anna:hunter2@x.example", "mail from anna@shop.example", "card 4111 1111 1111 1111",
        "Cookie: session=abcdef123456",
    ],
)  # fmt: skip
def test_what_is_secret_or_personal_is_taken_out(text):
    assert not [word for word in PLANTED if word in redacted(text)]


@pytest.mark.parametrize(
    "text", ["message 4294967297 was not sent: smtp.451", "order 1234567890123", "UID 17 of INBOX"]
)
def test_what_helps_stays(text):
    assert redacted(text) == text


def test_one_address_is_the_same_hash_everywhere():
    assert redacted("a@b.example").split() == redacted("A@B.example").split()


def test_a_record_is_one_harmless_line_of_json():
    try:
        raise ValueError("bad password=hunter2\x1b[31m")
    except ValueError as error:
        record = logging.LogRecord(
            "helpdesk_tui.x", logging.ERROR, "f.py", 1, "broke\r\n%s", ("\x1b]0;x\x07",),
            (type(error), error, error.__traceback__),
        )  # fmt: skip
    line = JsonLines().format(record)
    assert "\n" not in line
    assert line.isascii()
    found = json.loads(line)
    assert (found["level"], found["logger"]) == ("ERROR", "helpdesk_tui.x")
    assert "\x1b" not in found["text"] + "".join(found["trace"])
    assert "hunter2" not in line


def test_the_file_is_ours_alone_and_turned_over(tmp_path):
    path = tmp_path / "helpdesk.log"
    first, second = (SharedFileHandler(path, max_bytes=300, kept=2) for _ in range(2))
    for number in range(120):
        record = logging.LogRecord("x", logging.INFO, "f", 1, "line %s", (number,), None)
        (first if number % 2 else second).emit(record)
    first.close()
    second.close()
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == ["helpdesk.log", "helpdesk.log.1", "helpdesk.log.2"]
    assert path.stat().st_mode & 0o777 == 0o600
    text = "".join((tmp_path / name).read_text() for name in reversed(names))
    assert text.splitlines() == [f"line {n}" for n in range(120)][-len(text.splitlines()) :]


def test_only_our_own_loggers_reach_the_file(tmp_path):
    handler = log_to_store(tmp_path)
    try:
        logging.getLogger("helpdesk_tui.sync").warning("retry of anna@shop.example")
        logging.getLogger("imapclient").error("LOGIN anna hunter2")
    finally:
        logging.getLogger("helpdesk_tui").removeHandler(handler)
        logging.getLogger("helpdesk_tui").propagate = True
        handler.close()
    (line,) = (tmp_path / "helpdesk.log").read_text().splitlines()
    assert "addr:" in json.loads(line)["text"]


def test_a_log_that_cannot_be_written_is_silent(tmp_path, capfd):
    (tmp_path / "gone").mkdir()
    handler = SharedFileHandler(tmp_path / "gone" / "helpdesk.log")
    (tmp_path / "gone").rmdir()
    handler.emit(logging.LogRecord("x", logging.INFO, "f", 1, "line", (), None))
    handler.close()
    assert capfd.readouterr() == ("", "")
