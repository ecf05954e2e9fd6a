"""Files for providers: exact, unguessable, for a while, and never more than was allowed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.media_links import safe_name
from helpdesk_tui.relay.store.cleaning import clean_up
from helpdesk_tui.relay.store.store import Store
from tests.support.relay import TOKEN, Running, relay_config, running_relay
from tests.support.waiting import PATIENCE

JPEG = b"\xff\xd8\xff\xe0" + bytes(5_000)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a relay of this file's tests."""
    with running_relay(tmp_path_factory.mktemp("relay"), site=None) as running:
        yield running


def put(
    relay: Running, data: bytes = JPEG, *, token: str = "", **changes: Any
) -> tuple[str, httpx.Response]:
    """Put a file; return its token and the answer."""
    token = token or secrets.token_hex(16)
    params = {"name": "label.jpg", "type": "image/jpeg", "seconds": 600, **changes}
    with relay.box() as box:
        return token, box.put(f"/box/v1/media/{token}", params=params, content=data)


def test_a_provider_gets_the_bytes_with_their_type_and_length(relay: Running) -> None:
    token, answer = put(relay)
    url = answer.json()["url"]
    assert url == f"{relay.url}/m/{token}/label.jpg"

    head, got = httpx.head(url, timeout=PATIENCE), httpx.get(url, timeout=PATIENCE)

    assert got.content == JPEG
    assert head.content == b""
    for each in (head, got):
        assert each.status_code == 200
        assert each.headers["content-type"] == "image/jpeg"
        assert each.headers["content-length"] == str(len(JPEG))
        assert each.headers["content-disposition"] == 'inline; filename="label.jpg"'
        assert each.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/pdf", "audio/ogg", "text/vcard", "video/mp4", "image/webp"],
)
def test_the_type_is_the_one_the_box_gave(relay: Running, content_type: str) -> None:
    _, answer = put(relay, type=content_type)

    assert httpx.get(answer.json()["url"], timeout=PATIENCE).headers["content-type"] == content_type


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/xhtml+xml"])
def test_what_a_browser_could_run_is_a_download(relay: Running, content_type: str) -> None:
    _, answer = put(relay, type=content_type)

    got = httpx.get(answer.json()["url"], timeout=PATIENCE)

    assert got.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    "content_type",
    ["", "image", "image/jpeg\r\nX: y", "image/jpeg; charset=x", "a b/c", "/", "é/x"],
)
def test_a_type_that_is_none_is_refused(relay: Running, content_type: str) -> None:
    assert put(relay, type=content_type)[1].status_code == 400


@pytest.mark.parametrize(
    "token", ["short", "x" * 129, "%2e%2e%2fescape-escape-escape-escape", "a.b" * 10, "ü" * 30]
)
def test_a_token_that_could_be_guessed_or_lead_elsewhere_is_refused(
    relay: Running, token: str
) -> None:
    assert put(relay, token=token)[1].status_code in (400, 404)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("label.jpg", "label.jpg"),
        ("My holiday pictures of 2026.jpeg", "My-holiday-pict.jpeg"),
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        ("..\\..\\x.exe", "x.exe"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("a.pdf   .sh", "a-pdf.sh"),
        ('x"; filename="y.html', "x-filename-y.html"),
        ("x\r\nSet-Cookie: a.png", "x-Set-Cookie-a.png"),
        ("x\u202efdp.sh", "x-fdp.sh"),
        ("żółw.png", "w.png"),
        ("日本.png", "file.png"),
        ("\x00.png", "file.png"),
        ("~root.tar.gz", "root-tar.gz"),
        ("a" * 4_000, "a" * 20),
        ("x." + "y" * 400, "x-" + "y" * 18),
    ],
)
def test_names_are_short_and_harmless_whatever_they_were(
    relay: Running, given: str, kept: str
) -> None:
    assert safe_name(given) == kept
    assert len(kept) <= 20
    _, answer = put(relay, name=given)
    url = answer.json()["url"]
    assert url.endswith(f"/{kept}")
    assert httpx.get(url, timeout=PATIENCE).content == JPEG


@pytest.mark.parametrize("path", ["/m/", "/m", "/m/{token}", "/m/{token}/", "/m/{token}/other.jpg"])
def test_nothing_is_listed_and_nothing_is_found_by_a_part(relay: Running, path: str) -> None:
    token, _ = put(relay)

    answer = httpx.get(
        relay.url + path.format(token=token), follow_redirects=True, timeout=PATIENCE
    )

    assert answer.status_code == 404
    assert token not in answer.text


def test_a_part_of_a_file_can_be_fetched(relay: Running) -> None:
    url = put(relay, b"0123456789", type="text/plain")[1].json()["url"]

    part = httpx.get(url, headers={"Range": "bytes=2-4"}, timeout=PATIENCE)
    beyond = httpx.get(url, headers={"Range": "bytes=20-"}, timeout=PATIENCE)

    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert beyond.status_code == 416


def test_the_same_file_is_put_again_at_the_same_place(relay: Running) -> None:
    token, first = put(relay, b"one")
    _, second = put(relay, b"another", token=token)

    assert first.json() == second.json()
    assert httpx.get(second.json()["url"], timeout=PATIENCE).content == b"another"


def test_the_box_learns_that_a_file_was_fetched(relay: Running) -> None:
    token, answer = put(relay)
    with relay.box() as box:
        assert box.get(f"/box/v1/media/{token}").json()["fetched"] == 0
        httpx.head(answer.json()["url"], timeout=PATIENCE)
        assert box.get(f"/box/v1/media/{token}").json()["fetched"] == 0
        httpx.get(answer.json()["url"], timeout=PATIENCE)
        assert box.get(f"/box/v1/media/{token}").json()["fetched"] == 1

        assert box.delete(f"/box/v1/media/{token}").status_code == 204
        assert box.delete(f"/box/v1/media/{token}").status_code == 204
        assert box.get(f"/box/v1/media/{token}").status_code == 404
    assert httpx.get(answer.json()["url"], timeout=PATIENCE).status_code == 404
    assert not (relay.store.media / token).exists()


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_only_the_box_may_put_or_ask(relay: Running, method: str) -> None:
    answer = httpx.request(
        method, f"{relay.url}/box/v1/media/{secrets.token_hex(16)}", timeout=PATIENCE
    )

    assert answer.status_code == 401


def test_an_empty_file_is_refused(relay: Running) -> None:
    assert put(relay, b"")[1].status_code == 400


def test_two_hundred_megabytes_are_refused_before_they_are_sent(relay: Running) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield bytes(1_000_000)

    token = secrets.token_hex(16)
    headers = {"Content-Length": "200000000"}
    params = {"name": "film.mp4", "type": "video/mp4", "seconds": "60"}
    with relay.box() as box:
        try:
            answer = box.put(
                f"/box/v1/media/{token}", params=params, headers=headers, content=pieces()
            )
        except httpx.TransportError:
            # it was cut off while it went on sending
            assert sent < 200
        else:
            assert answer.status_code == 413
    assert not (relay.store.media / token).exists()


def test_a_file_that_says_nothing_of_its_length_has_an_end_too(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None, media_limit=10_000) as relay, relay.box() as box:
        answer = box.put(
            f"/box/v1/media/{secrets.token_hex(16)}",
            params={"type": "video/mp4"},
            content=iter([bytes(6_000), bytes(6_000)]),
        )
        assert answer.status_code == 413
        assert list(relay.store.media.iterdir()) == []


def test_all_files_together_have_an_end(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None, media_total=12_000) as relay:
        token, first = put(relay)
        _, second = put(relay)
        _, third = put(relay)
        _, again = put(relay, token=token)

        assert [each.status_code for each in (first, second, third, again)] == [200, 200, 503, 200]
        assert third.headers["retry-after"]


@pytest.mark.parametrize("is_fetched", [False, True])
async def test_a_file_is_gone_when_its_time_is_over(tmp_path: Path, is_fetched: bool) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    moments = [now]
    store = Store(tmp_path, clock=lambda: moments[-1])
    app = make_app(store, relay_config(tmp_path, media_grace=900))
    token = secrets.token_hex(16)
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://relay") as client:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            answer = await client.put(
                f"/box/v1/media/{token}",
                params={"type": "image/png", "seconds": "3600"},
                content=b"png",
                headers=headers,
            )
            url = answer.json()["url"]
            if is_fetched:
                assert (await client.get(url)).status_code == 200
            # providers fetch twice
            moments.append(now + timedelta(minutes=14))
            assert (await client.head(url)).status_code == 200
            moments.append(now + timedelta(minutes=16))
            assert (await client.head(url)).status_code == (404 if is_fetched else 200)
            moments.append(now + timedelta(minutes=61))
            assert (await client.head(url)).status_code == 404
        await clean_up(store)
        assert list(store.media.iterdir()) == []
    finally:
        store.close()


def test_what_a_crash_left_behind_goes_at_the_next_start(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None) as relay:
        token, _ = put(relay)
        (relay.store.media / "left.part").write_bytes(b"half")
    with running_relay(tmp_path, site=None) as relay:
        assert [each.name for each in relay.store.media.iterdir()] == [token]
