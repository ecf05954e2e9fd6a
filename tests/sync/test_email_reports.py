"""What is asked of a mail server beside taking a mail: reports of failures, and its limit."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.email.smtp import Mailer, xtext
from helpdesk_tui.sync.channels.errors import Rejected
from tests.support.waiting import PATIENCE

US, THEM = "support@shop.example", "lena+x=1@x.example"
RAW = b"Subject: hi\r\n\r\n" + b"x" * 500 + b"\r\n"
ID = "hd.1.2.abc+d=e@shop.example"


@dataclass(slots=True)
class Scripted:
    """A server that offers what it is told to, takes everything, and keeps the commands."""

    port: int
    extensions: tuple[str, ...]
    commands: list[str] = field(default_factory=list)


@contextmanager
def scripted(*extensions: str) -> Iterator[Scripted]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(listener.getsockname()[1], extensions)
        thread = threading.Thread(target=serve, args=(listener, server))
        thread.start()
        yield server
        thread.join(PATIENCE)
        assert not thread.is_alive()


def serve(listener: socket.socket, server: Scripted) -> None:
    link, _ = listener.accept()
    with link, link.makefile("rwb") as stream, suppress(OSError):
        say(stream, "220 hello")
        for line in stream:
            command = line.decode().strip()
            server.commands.append(command)
            verb = command[:4].upper()
            if verb == "EHLO":
                lines = ["hello", *server.extensions]
                for each in lines[:-1]:
                    say(stream, f"250-{each}")
                say(stream, f"250 {lines[-1]}")
            elif verb == "DATA":
                say(stream, "354 go on")
                while next(stream) != b".\r\n":
                    pass
                say(stream, "250 queued")
            elif verb == "QUIT":
                say(stream, "221 bye")
                return
            else:
                say(stream, "250 fine")


def say(stream, text: str) -> None:
    stream.write(f"{text}\r\n".encode())
    stream.flush()


def send(server: Scripted, sender: str = US, envelope_id: str = ID) -> int:
    values = {"imap_host": "localhost", "user": US, "smtp_host": "localhost", "smtp_user": "",
              "smtp_port": server.port, "smtp_security": "none"}  # fmt: skip
    mailer = Mailer(read_settings(json.dumps(values), US), "")
    try:
        mailer.send(sender, [THEM], RAW, lambda: None, envelope_id=envelope_id)
        return mailer.size_limit
    finally:
        mailer.close()


def named(server: Scripted, verb: str) -> str:
    (found,) = [each for each in server.commands if each.upper().startswith(verb)]
    return found


def test_reports_of_failures_and_delays_are_asked_for_where_they_are_offered():
    with scripted("SIZE 10000", "DSN") as server:
        assert send(server) == 10_000
    assert named(server, "MAIL").split()[1:] == [
        f"FROM:<{US}>", f"size={len(RAW)}", "RET=HDRS", "ENVID=hd.1.2.abc+2Bd+3De@shop.example",
    ]  # fmt: skip
    assert named(server, "RCPT").split()[1:] == [
        f"TO:<{THEM}>", "NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;lena+2Bx+3D1@x.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("extensions", "sender", "envelope_id"),
    [
        (("SIZE",), US, ID),
        (("DSN",), "", ID),
        (("DSN",), US, ""),
    ],
)
def test_nothing_is_asked_of_others_nor_for_automatic_answers(
    extensions: tuple[str, ...], sender: str, envelope_id: str
):
    with scripted(*extensions) as server:
        assert send(server, sender, envelope_id) == 0
    for verb in ("MAIL", "RCPT"):
        said = named(server, verb)
        assert not any(each in said for each in ("RET=", "ENVID=", "NOTIFY=", "ORCPT="))


def test_a_mail_above_the_limit_is_not_even_begun():
    with scripted("SIZE 400", "DSN") as server, pytest.raises(Rejected) as caught:
        send(server)
    assert caught.value.code == "smtp.too-large"
    assert (caught.value.values["size"], caught.value.values["limit"]) == (len(RAW), 400)
    assert not any(each.upper().startswith("MAIL") for each in server.commands)


@pytest.mark.parametrize("value", ["0", "", "many", "9" * 30])
def test_a_limit_that_says_nothing_is_none(value: str):
    with scripted(f"SIZE {value}".strip(), "HELP") as server:
        assert send(server) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a@b.example", "a@b.example"), ("a+b=c", "a+2Bb+3Dc"), ("a b\r\n", "a+20b+0D+0A"),
     ("ä", "+C3+A4"), ("\ud800", "?")],
)  # fmt: skip
def test_options_carry_plain_ascii_only(text: str, expected: str):
    assert xtext(text) == expected
