"""What is sent slowly, without end, or too much of, over real sockets."""

from __future__ import annotations

import hashlib
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.relay import bodies
from tests.support.relay import ORIGIN, Running, relay_config, running_relay
from tests.support.waiting import AT_ONCE, PATIENCE, until

BODY_SECONDS = 0.6
"""Seconds, here; ten in production."""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("relay")
    with running_relay(folder, body_seconds=BODY_SECONDS, body_seconds_total=PATIENCE) as running:
        yield running


def connect(relay: Running) -> socket.socket:
    host, port = relay.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def head(path: str, session: str, *lines: str) -> bytes:
    return "\r\n".join(
        (f"POST {path} HTTP/1.1", "Host: relay", f"Authorization: Bearer {session}", *lines, "", "")
    ).encode()


def answer_of(link: socket.socket, seconds: float = PATIENCE) -> tuple[bytes, float]:
    """Return all that comes until the end or for so long, and after how long it ended."""
    began = time.monotonic()
    link.settimeout(seconds)
    found = b""
    try:
        while part := link.recv(65_536):
            found += part
    except (ConnectionResetError, TimeoutError):
        pass
    return found, time.monotonic() - began


def drip(link: socket.socket, piece: bytes, every: float = 0.1) -> float:
    """Send a piece again and again until the other end stops it; return after how long."""
    began = time.monotonic()
    link.settimeout(every)
    while time.monotonic() - began < PATIENCE:
        try:
            link.sendall(piece)
            if link.recv(65_536) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


@pytest.mark.parametrize("said", [b"", b"GET /v1/chat", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_headers_that_do_not_come_are_cut(relay: Running, said: bytes) -> None:
    with closing(connect(relay)) as link:
        link.sendall(said)
        found, seconds = answer_of(link)
    assert found == b""
    assert seconds < AT_ONCE


def test_headers_that_drip_are_cut(relay: Running) -> None:
    with closing(connect(relay)) as link:
        link.sendall(b"GET /v1/chat HTTP/1.1\r\nHost: x\r\n")
        assert drip(link, b"X-A: b\r\n") < AT_ONCE


def test_headers_without_end_are_refused(relay: Running) -> None:
    with closing(connect(relay)) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"x" * 60_000)
        found, _ = answer_of(link)
    assert found.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")) or found == b""


@pytest.mark.parametrize("path", ["/v1/chat/messages", "/v1/chat/typing", "/v1/chat/files"])
def test_a_body_that_does_not_come_is_cut(relay: Running, path: str) -> None:
    with closing(connect(relay)) as link:
        link.sendall(head(path, relay.session(), "Content-Length: 50", "Connection: close"))
        link.sendall(b"{")
        found, seconds = answer_of(link)
    assert found.startswith(b"HTTP/1.1 408")
    assert b'{"error":"request.slow"}' in found
    assert seconds < AT_ONCE


@pytest.mark.parametrize("path", ["/v1/chat/messages", "/v1/chat/files"])
def test_a_body_that_drips_is_cut(relay: Running, path: str) -> None:
    with closing(connect(relay)) as link:
        link.sendall(head(path, relay.session(), "Content-Length: 60000"))
        assert drip(link, b"x") < AT_ONCE


def test_a_body_in_dripping_chunks_is_cut(relay: Running) -> None:
    with closing(connect(relay)) as link:
        link.sendall(head("/v1/chat/files", relay.session(), "Transfer-Encoding: chunked"))
        assert drip(link, b"1\r\nx\r\n") < AT_ONCE


def test_an_upload_that_is_slow_but_moves_is_taken(tmp_path: Path) -> None:
    content = b"x" * 40_000
    with (
        running_relay(tmp_path, body_seconds=2.0, body_seconds_total=PATIENCE) as relay,
        closing(connect(relay)) as link,
    ):
        link.sendall(
            head("/v1/chat/files", relay.session(), "Content-Length: 40000", "Connection: close")
        )
        for start in range(0, len(content), 4_000):
            link.sendall(content[start : start + 4_000])
            time.sleep(0.25)
        found, _ = answer_of(link)
    assert found.startswith(b"HTTP/1.1 201"), found[:200]


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(relay: Running) -> None:
    with closing(connect(relay)) as link:
        link.sendall(
            head("/v1/chat/files", relay.session(), f"Origin: {ORIGIN}", "Connection: close",
                 "Content-Length: 10000001", "Expect: 100-continue")
        )  # fmt: skip
        found, _ = answer_of(link)
    assert found.startswith(b"HTTP/1.1 413"), found[:200]
    assert b'"error":"too.large"' in found
    assert b'"limit":10000000' in found
    assert f"access-control-allow-origin: {ORIGIN}".encode() in found.lower()


@pytest.mark.parametrize(
    "length", ["-1", "1e3", "0x10", "99999999999999999999", "5, 6", "٣", "+5", ""]
)
def test_a_length_that_is_none_is_refused(relay: Running, length: str) -> None:
    with closing(connect(relay)) as link:
        link.sendall(
            head("/v1/chat/messages", relay.session(), f"Content-Length: {length}",
                 "Connection: close")
        )  # fmt: skip
        found, _ = answer_of(link)
    assert found.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413")), found[:100]


def test_a_file_that_turns_out_too_large_leaves_nothing_and_costs_no_memory(
    relay: Running, tmp_path: Path
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"x" * 100_000

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with relay.visitor() as browser:
        try:
            status = browser.post("/v1/chat/files", content=endless()).status_code
        except httpx.TransportError:
            status = 0  # it was cut while sending: the answer may be lost on the way
    assert status in (0, 413)
    assert not list((relay.config.store / "uploads").glob("*.part"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


def test_an_upload_that_is_broken_off_leaves_nothing(relay: Running) -> None:
    folder = relay.config.store / "uploads"
    kept = set(folder.iterdir())
    with closing(connect(relay)) as link:
        link.sendall(head("/v1/chat/files", relay.session(), "Content-Length: 100000"))
        link.sendall(b"x" * 50_000)
        until(lambda: set(folder.iterdir()) != kept)
    until(lambda: set(folder.iterdir()) == kept)


def test_files_leave_room_for_messages(relay: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "RESERVE", 2**62)
    with relay.visitor() as browser:
        refused = browser.post("/v1/chat/files", content=b"x")
        said = browser.post("/v1/chat/messages", json={"client_id": "a", "text": "hi"})
    assert (refused.status_code, refused.json()["error"]) == (503, "relay.full")
    assert refused.headers["Retry-After"] == "300"
    assert said.status_code == 201


def test_ten_megabytes_are_taken_as_they_are(relay: Running) -> None:
    content = bytes(range(256)) * 39_062 + b"x" * 128
    assert len(content) == 10_000_000
    with relay.visitor() as browser, relay.box() as box:
        sent = browser.post("/v1/chat/files", content=content)
        assert sent.status_code == 201
        assert sent.json()["size"] == len(content)
        fetched = box.get(f"/box/v1/files/{sent.json()['id']}", params={"site": "shop"})
    assert hashlib.sha256(fetched.content).digest() == hashlib.sha256(content).digest()


GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\x00" * 100,
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST /v1/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tb\r\nY\x00: c\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\x00\xff\xfeGARBAGE\r\n\r\n",
    b"GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
]


@pytest.mark.parametrize("said", GARBAGE, ids=lambda said: repr(said[:20]))
def test_garbage_is_no_error_and_the_next_one_is_served(relay: Running, said: bytes) -> None:
    with closing(connect(relay)) as link:
        link.sendall(said)
        found, _ = answer_of(link, BODY_SECONDS + 0.2)
    assert b"Traceback" not in found
    assert b"HTTP/1.1 2" not in found
    with relay.visitor() as browser:
        assert browser.get("/v1/chat").status_code == 200


@pytest.mark.parametrize("path", ["/none", "/v1/chat/messages"])
def test_garbage_behind_the_headers_is_no_error(
    relay: Running, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """The route answers at once, and what it says can no longer be sent."""
    with closing(connect(relay)) as link:
        link.sendall(head(path, relay.session(), "Transfer-Encoding: chunked") + b"zz\r\n")
        found, _ = answer_of(link, 1.0)
    assert b"HTTP/1.1 2" not in found
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


def is_closed(link: socket.socket) -> bool:
    link.settimeout(0.05)
    try:
        return link.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def test_one_address_holds_few_connections(tmp_path: Path) -> None:
    folder = tmp_path
    with running_relay(folder, connections=10, trusted_proxies=(), body_seconds=PATIENCE) as relay:
        links = [connect(relay) for _ in range(25)]
        until(lambda: sum(map(is_closed, links)) >= 14)
        assert sum(map(is_closed, links)) <= 16
        for link in links:
            link.close()

        def is_free() -> bool:
            with suppress(httpx.TransportError), relay.browser() as browser:
                return browser.get("/v1/sites/shop").status_code == 200
            return False

        # what was closed does not count any more
        until(is_free)


def test_one_visitor_behind_a_proxy_holds_few_streams(tmp_path: Path) -> None:
    with (
        running_relay(tmp_path, connections=5) as relay,
        httpx.Client(
            base_url=relay.url, limits=httpx.Limits(max_connections=50), timeout=PATIENCE
        ) as client,
    ):
        sessions = [relay.session(sub=f"s{n}") for n in range(7)]
        streams, statuses = [], []
        for number, session in enumerate(sessions):
            sent = client.build_request(
                "GET",
                "/v1/stream",
                headers={
                    "Authorization": f"Bearer {session}",
                    "X-Forwarded-For": "198.51.100.1" if number < 6 else "198.51.100.2",
                },
            )
            stream = client.send(sent, stream=True)
            streams.append(stream)
            statuses.append(stream.status_code)
        for stream in streams:
            stream.close()
    assert statuses == [200] * 5 + [429, 200]


@contextmanager
def asking_for_much(relay: Running, size: int, buffer: int) -> Iterator[socket.socket]:
    """Ask for a file over a connection that holds little of it by itself."""
    with relay.visitor() as visitor:
        upload = visitor.post("/v1/chat/files", content=b"x" * size).json()["id"]
        session = visitor.headers["Authorization"].removeprefix("Bearer ")
    lines = (f"GET /v1/chat/files/{upload} HTTP/1.1", "Host: relay",
             f"Authorization: Bearer {session}", "Connection: close", "", "")  # fmt: skip
    with closing(socket.socket()) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        host, port = relay.url.removeprefix("http://").split(":")
        link.connect((host, int(port)))
        link.sendall("\r\n".join(lines).encode())
        yield link


def test_who_takes_nothing_of_what_they_asked_for_is_cut_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What was not taken waits in the memory of the relay."""
    caplog.set_level("DEBUG", "helpdesk_tui.relay.connections")
    with (
        running_relay(tmp_path, body_seconds_total=0.5) as relay,
        asking_for_much(relay, 9_000_000, 4_096) as link,
    ):
        until(lambda: "a connection was cut" in caplog.text)
        found, _ = answer_of(link)
    assert len(found) < 9_000_000


def test_who_takes_slowly_what_they_asked_for_gets_all_of_it(tmp_path: Path) -> None:
    limit = 3.0
    with (
        running_relay(tmp_path, body_seconds_total=limit) as relay,
        asking_for_much(relay, 9_000_000, 65_536) as link,
    ):
        began, found = time.monotonic(), b""
        while time.monotonic() - began < 1.5 * limit:
            found += link.recv(65_536)
            time.sleep(0.05)
        rest, _ = answer_of(link)
    assert len(found) < 9_000_000 < len(found + rest)


def test_settings_in_production_are_those_that_are_promised(tmp_path: Path) -> None:
    config = relay_config(tmp_path)
    assert (config.body_seconds, config.file_limit) == (10.0, 10_000_000)
    assert config.is_local
