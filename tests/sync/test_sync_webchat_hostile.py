"""A relay that lies: it can keep chats back, but neither hang, fill, nor mislead the box."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.sync import relay_wire
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.channels.webchat import client as client_module
from helpdesk_tui.sync.channels.webchat.client import RelayClient
from helpdesk_tui.sync.channels.webchat.settings import WebchatSettings
from tests.support.waiting import AT_ONCE
from tests.support.webchat_desk import chat_store, open_desk_at

HEAD = b"HTTP/1.1 200 OK\r\nX-Relay-Version: 1\r\n"

Talk = Callable[[socket.socket, str], None]
"""Answers one request, of which it gets the path."""


@contextmanager
def lying_relay(talk: Talk) -> Iterator[str]:
    """Give the address of a server that answers each connection as it likes."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with connection:
            said = connection.recv(65_536)
            try:
                talk(connection, said.split(b" ")[1].decode() if b" " in said else "")
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def whole(body: bytes, *headers: bytes) -> bytes:
    """Return an answer."""
    more = b"".join(each + b"\r\n" for each in (b"Content-Length: %d" % len(body), *headers))
    return HEAD + more + b"Connection: close\r\n\r\n" + body


def asked(url: str) -> HelpdeskError:
    """Return what asking for news ends with."""
    client = RelayClient(WebchatSettings(url, "shop"), "token")
    try:
        with pytest.raises(HelpdeskError) as caught:
            client.news(0, 0, 0)
    finally:
        client.close()
    return caught.value


@pytest.mark.parametrize(
    "start",
    [b"", HEAD, HEAD + b"Content-Length: 100000\r\n\r\n"],
    ids=["from-the-first-byte", "headers", "body"],
)
def test_an_answer_in_drips_is_cut(monkeypatch: pytest.MonkeyPatch, start: bytes):
    monkeypatch.setattr(relay_wire, "CONNECT", 0.2)
    monkeypatch.setattr(client_module, "_WAIT_MORE", 0.4)

    def drip(connection: socket.socket, path: str) -> None:
        connection.sendall(start)
        rest = b" " * 1_000 if start.endswith(b"\r\n\r\n") else b"HTTP/1.1 200 OK\r\nX-A: " * 50
        for byte in rest:
            connection.sendall(bytes((byte,)))
            threading.Event().wait(0.1)

    began = time.monotonic()
    with lying_relay(drip) as url:
        assert isinstance(asked(url), Retry)
    assert time.monotonic() - began < AT_ONCE


def test_what_unpacks_to_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    bomb = gzip.compress(gzip.compress(b"\0" * 3_000_000) * 10)
    unpacked = []
    monkeypatch.setattr(
        "zlib.decompressobj", lambda *_args, **_options: unpacked.append(1), raising=True
    )

    def talk(connection: socket.socket, path: str) -> None:
        connection.sendall(whole(bomb, b"Content-Encoding: gzip, gzip"))

    with lying_relay(talk) as url:
        error = asked(url)
    assert error.code == "relay.nonsense"
    assert not unpacked


DEEP = b"[" * 100_000
FAR = "0001-01-01T00:00:00+23:59"


def news(**event: Any) -> bytes:
    """Return an answer with one event."""
    first = {"seq": 1, "kind": "message", "at": "2026-07-01T12:00:00Z", "conversation": "c1",
             "client_id": "m1", "text": "hello", **event}  # fmt: skip
    return json.dumps({"events": [first], "live": {"version": 1, "conversations": {}}}).encode()


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        news(at=FAR),
        news(text="half \ud800 of it"),
        news(kind="seen", message="\udfff"),
        news(kind="vote", faq="\ud800"),
        b'{"events": [], "live": {"version": ' + b"9" * 5_000 + b"}}",
        b" " * 8_100_000 + b"{}",
    ],
    ids=["deep", "far-time", "text", "receipt", "vote", "number", "long"],
)
def test_nonsense_of_any_kind_is_a_code(body: bytes):
    with lying_relay(lambda connection, _: connection.sendall(whole(body))) as url:
        assert asked(url).code == "relay.nonsense"


def test_one_id_for_two_files_never_puts_bytes_under_a_foreign_hash(tmp_path: Path):
    mine, planted = b"the real invoice", b"a planted invoice"
    hashes = [hashlib.sha256(each).hexdigest() for each in (mine, planted)]
    files = [
        {"id": "u1", "name": "a.txt", "content_type": "text/plain", "size": 17, "sha256": each}
        for each in hashes
    ]
    served = iter([mine, planted])

    def talk(connection: socket.socket, path: str) -> None:
        if path.startswith("/box/v1/files/"):
            connection.sendall(whole(next(served)))
        elif path.startswith("/box/v1/events"):
            connection.sendall(whole(news(files=files)))
        else:
            connection.sendall(whole(b""))

    with lying_relay(talk) as url:
        desk = open_desk_at(*chat_store(tmp_path, url))
        try:
            assert desk.poll.attempt() is None
            assert [row[0] for row in desk.rows("SELECT sha256 FROM attachment")] == hashes
            for sha256 in hashes:
                for (data,) in desk.rows("SELECT data FROM blob WHERE sha256 = ?", sha256):
                    assert hashlib.sha256(data).hexdigest() == sha256
            assert desk.rows("SELECT 1 FROM blob WHERE sha256 = ?", hashes[0])
        finally:
            desk.close()
