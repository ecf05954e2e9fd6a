"""Requests to providers are bounded, and say what may have happened."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest

from helpdesk_tui.sync.channels.errors import Gone, Rejected, Retry, Uncertain
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.downloads import Hosts, download, own_headers
from helpdesk_tui.sync.http import Answer, Web, retry_after
from helpdesk_tui.sync.responder.hosts import HostError
from tests.support.waiting import AT_ONCE, PATIENCE

Talk = Callable[[socket.socket, bytes], None]


def refused(answer: Answer) -> Rejected:
    """Return what an answer that refuses means."""
    return Rejected("provider.refused", status=answer.status)


@contextmanager
def serving(talk: Talk) -> Iterator[str]:
    """Serve each connection by a function on a real socket; give the address."""
    ear = socket.create_server(("127.0.0.1", 0))
    ear.settimeout(0.05)
    ending = threading.Event()

    def answer(line: socket.socket) -> None:
        with line:
            line.settimeout(PATIENCE)
            try:
                talk(line, line.recv(65_536))
            except OSError:
                return

    def serve() -> None:
        while not ending.is_set():
            try:
                line, _ = ear.accept()
            except TimeoutError:
                continue
            threading.Thread(target=answer, args=(line,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{ear.getsockname()[1]}"
    finally:
        ending.set()
        thread.join(PATIENCE)
        ear.close()


def says(status: str, body: bytes = b"{}", **headers: str) -> Talk:
    """Answer with a status, a body and headers."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    said = {"Content-Length": str(len(body)), "Connection": "close", **given}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    whole = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body

    def talk(line: socket.socket, asked: bytes) -> None:
        line.sendall(whole)

    return talk


def drips(line: socket.socket, asked: bytes) -> None:
    """Send a byte now and then, for ever: each is in time, all together never come."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    never = threading.Event()
    while not never.wait(0.02):
        line.sendall(b"x")


def hangs_up(line: socket.socket, asked: bytes) -> None:
    """Take the request and go away."""


def waits(line: socket.socket, asked: bytes) -> None:
    """Take the request and say nothing, until the other side goes."""
    while line.recv(1_024):
        pass


@contextmanager
def web(url: str) -> Iterator[Web]:
    made = Web(url, refused=refused, headers={"X-Token": "secret"})
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize(
    ("talk", "repeats", "kind", "code"),
    [
        (says("500 Oops"), True, Retry, "provider.busy"),
        (says("503 Later", Retry_After="4"), True, Retry, "provider.busy"),
        (says("429 Slow", Retry_After="4"), False, Retry, "provider.busy"),
        (says("500 Oops"), False, Uncertain, "provider.uncertain"),
        (hangs_up, True, Retry, "provider.unreachable"),
        (hangs_up, False, Uncertain, "provider.uncertain"),
        (waits, True, Retry, "provider.slow"),
        (waits, False, Uncertain, "provider.uncertain"),
        (drips, True, Retry, "provider.slow"),
        (drips, False, Uncertain, "provider.uncertain"),
        (says("302 There", Location="https://a.example/"), True, Retry, "provider.redirects"),
        (says("404 No"), True, Rejected, "provider.refused"),
        (says("200 OK", b"x" * 5_000), True, Retry, "provider.nonsense"),
        (says("200 OK", b"x", Content_Encoding="gzip"), True, Retry, "provider.nonsense"),
        (says("200 OK", b"x" * 5_000), False, Uncertain, "provider.uncertain"),
    ],
)  # fmt: skip
def test_trouble_says_whether_it_may_have_been_done(talk, repeats, kind, code):
    seconds = 0.3 if talk in (waits, drips) else PATIENCE
    with serving(talk) as url, web(url) as asked, pytest.raises(kind) as caught:
        asked.request("POST", "/it", form={"a": "b"}, repeats=repeats, seconds=seconds, most=1_000)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("repeats", [True, False])
def test_nobody_listening_means_not_done(repeats):
    with serving(hangs_up) as url:
        pass
    with web(url) as asked, pytest.raises(Retry) as caught:
        asked.request("POST", "/it", repeats=repeats)
    assert caught.value.code == "provider.unreachable"


@pytest.mark.parametrize("repeats", [True, False])
def test_an_answer_that_is_no_json_is_trouble_as_well(repeats):
    with serving(says("200 OK", b"<html>")) as url, web(url) as asked:
        answer = asked.request("GET", "/it", repeats=repeats)
        with pytest.raises(Retry if repeats else Uncertain):
            answer.json()
        with pytest.raises(Retry if repeats else Uncertain):
            answer.object()


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "it", ""])
def test_no_path_leads_to_another_host(path):
    with serving(says("200 OK")) as url, web(url) as asked, pytest.raises(Retry):
        asked.request("GET", path, repeats=True)


def test_closing_ends_what_waits():
    with serving(waits) as url, web(url) as asked:
        timer = threading.Timer(0.2, asked.close)
        timer.start()
        began = time.monotonic()
        with pytest.raises(Retry):
            asked.request("GET", "/it", repeats=True, seconds=PATIENCE)
        assert time.monotonic() - began < AT_ONCE
        timer.join()


def test_what_is_connected_while_all_is_closed_is_closed_as_well():
    cutter = Cutter()
    cutter.close()
    with (
        serving(says("200 OK")) as url,
        httpx.Client(trust_env=False) as client,
        pytest.raises(httpx.TransportError),
    ):
        client.get(url, extensions=cutter.extensions)


def test_closing_leaves_a_shared_cutter_to_others():
    cutter = Cutter()
    with serving(says("200 OK")) as url:
        for _ in range(2):
            web = Web(url, refused=refused, cutter=cutter)
            assert web.request("GET", "/", repeats=True).status == 200
            web.close()


def test_a_kept_connection_that_was_closed_meanwhile_is_no_trouble():
    gone = threading.Event()

    def answers_once(line: socket.socket, asked: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        line.shutdown(socket.SHUT_RDWR)
        gone.set()

    with serving(answers_once) as url, web(url) as one:
        for _ in range(3):
            gone.clear()
            # a change as well: nothing of it has gone out over a line that is closed
            assert one.request("POST", "/", json={}, repeats=False).object() == {}
            assert gone.wait(PATIENCE)


def test_a_wait_is_told_in_seconds_or_as_a_date():
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    at = format_datetime(now.replace(second=30), usegmt=True)
    assert retry_after({"Retry-After": "12"}, now) == 12
    assert retry_after({"Retry-After": at}, now) == 30
    assert retry_after({"Retry-After": "999999"}, now) == 3_600
    assert [retry_after({"Retry-After": each}, now) for each in ("", "soon", "-4")] == [0, 0, 0]


API = "https://api.provider.example"


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("https://api.provider.example/file", True),
        ("https://a.b.cdn.example/file?sig=x", True),
        ("https://cdn.example/file", False),
        ("https://evilcdn.example/file", False),
        ("https://cdn.example.evil.example/file", False),
        ("http://api.provider.example/file", False),
        ("https://api.provider.example:8443/file", False),
        ("https://user@api.provider.example/file", False),
        ("https://api.provider.example@evil.example/file", False),
        ("https://localhost/file", False),
        ("https://127.0.0.1/file", False),
        ("http://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_named_hosts_are_asked(url, is_allowed):
    assert Hosts(API, ("api.provider.example", ".cdn.example")).allows(url) is is_allowed


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://localhost:8080/x"])
def test_of_this_machine_only_the_stand_in_itself_is_asked(url):
    assert not Hosts("http://127.0.0.1:8080", ("api.provider.example",)).allows(url)
    assert Hosts("http://127.0.0.1:8080").allows("http://127.0.0.1:8080/x")


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["fd00::1"],
        ["93.184.216.34", "192.168.1.1"],
        ["::ffff:10.0.0.1"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_refused(addresses):
    with pytest.raises(Rejected) as caught:
        download(
            "https://api.provider.example/x",
            hosts=Hosts(API, ("api.provider.example",)),
            headers_for=own_headers(API, {}),
            most=10,
            resolve=lambda host, port: addresses,
        )
    assert caught.value.code == "media.host-refused"


def test_an_unknown_name_may_be_known_later():
    def unknown(host: str, port: int) -> list[str]:
        raise HostError("host-unknown")

    with pytest.raises(Retry):
        download(
            "https://api.provider.example/x",
            hosts=Hosts(API, ("api.provider.example",)),
            headers_for=own_headers(API, {}),
            most=10,
            resolve=unknown,
        )


def _fetch(url: str, **options):
    values = {"hosts": Hosts(url), "most": 1_000, "headers_for": own_headers(url, {"X-Token": "s"})}
    return download(f"{url}/file", **{**values, **options})


def test_a_file_comes_with_its_type_and_its_hash(tmp_path):
    with serving(says("200 OK", b"abc", Content_Type="Image/PNG; x=y")) as url:
        found = _fetch(url)
        path = tmp_path / "file"
        also = _fetch(url, path=path)
    assert (found.data, found.content_type, found.size) == (b"abc", "image/png", 3)
    assert found.sha256.startswith("ba7816bf")
    assert (also.data, path.read_bytes(), also.sha256) == (b"", b"abc", found.sha256)


def test_redirects_are_looked_at_one_by_one_and_credentials_stay():
    seen: list[bytes] = []

    def other(line: socket.socket, asked: bytes) -> None:
        seen.append(asked)
        says("200 OK", b"stolen")(line, asked)

    with (
        serving(other) as elsewhere,
        serving(says("302 There", Location=f"{elsewhere}/x")) as url,
        pytest.raises(Rejected) as caught,
    ):
        _fetch(url)
    assert caught.value.code == "media.host-refused"
    assert not seen
    own = own_headers(API, {"X-Token": "s"})
    assert own(f"{API}/file") == {"X-Token": "s"}
    assert own("https://cdn.example/file") == {}
    assert own("https://api.provider.example.evil.example/file") == {}


def test_a_redirect_within_the_provider_is_followed_and_never_for_ever():
    def once(line: socket.socket, asked: bytes) -> None:
        if b"GET /file" in asked:
            says("302 There", Location="/storage")(line, asked)
        else:
            says("200 OK", b"abc")(line, asked)

    with serving(once) as url:
        assert _fetch(url).data == b"abc"
    with serving(says("302 There", Location="/again")) as url, pytest.raises(Rejected) as caught:
        _fetch(url)
    assert caught.value.code == "media.redirects"


@pytest.mark.parametrize(
    ("talk", "kind", "code"),
    [
        (says("404 No"), Gone, "media.gone"),
        (says("410 No"), Gone, "media.gone"),
        (says("500 No"), Retry, "provider.busy"),
        (says("200 OK", b"x" * 1_001), Rejected, "media.too-large"),
        (says("200 OK", b"x" * 10, Content_Length="2000000"), Rejected, "media.too-large"),
        (says("200 OK", b"x" * 10, Content_Length="500"), Retry, "provider.unreachable"),
        (drips, Retry, "provider.slow"),
        (hangs_up, Retry, "provider.unreachable"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(talk, kind, code):
    with serving(talk) as url, pytest.raises(kind) as caught:
        _fetch(url, seconds=0.5 if talk is drips else PATIENCE)
    assert caught.value.code == code


def test_a_file_without_a_length_is_cut_at_the_limit(tmp_path):
    def endless(line: socket.socket, asked: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(10_000):
            line.sendall(b"x" * 1_000)

    path = tmp_path / "file"
    with serving(endless) as url, pytest.raises(Rejected) as caught:
        _fetch(url, most=50_000, path=path)
    assert caught.value.code == "media.too-large"
    assert not path.exists()


def test_a_download_is_cut_from_another_thread():
    cutter, asked_for = Cutter(), threading.Event()

    def tells_and_waits(line: socket.socket, asked: bytes) -> None:
        asked_for.set()
        waits(line, asked)

    def cut() -> None:
        assert asked_for.wait(PATIENCE)
        cutter.cut()

    with serving(tells_and_waits) as url, ThreadPoolExecutor(1) as pool:
        cutting = pool.submit(cut)
        began = time.monotonic()
        with pytest.raises(Retry):
            _fetch(url, cutter=cutter, seconds=PATIENCE)
        assert time.monotonic() - began < AT_ONCE
        cutting.result()
