"""Every route of the real relay: who may call it, from which page, and what an answer carries."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from helpdesk_tui.relay.app import _box_routes, _browser_routes, make_app
from helpdesk_tui.relay.config import Rate
from helpdesk_tui.relay.store.store import Store
from tests.support.relay import (
    IDENTITY_KEY,
    ORIGIN,
    SITE,
    TOKEN,
    UNLIMITED,
    Running,
    relay_config,
    running_relay,
    signed_token,
)
from tests.support.waiting import PATIENCE

EVIL = "https://evil.example"
OTHER = replace(SITE, id="other", origins=("https://other.example",))


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        running.publish(OTHER)
        yield running


def routes() -> list[tuple[str, str]]:
    """Return method and path of every route, filled in."""
    found = []
    for route in (*_box_routes(), *_browser_routes()):
        path = route.path.replace("{site}", "shop").replace("{key}", "returns")
        path = path.replace("{id}", "a" * 64)
        found += [(each, path) for each in sorted(route.methods or ()) if each != "HEAD"]
    return found


ROUTES = routes()
BOX = [(method, path) for method, path in ROUTES if path.startswith("/box/")]
SITES = [each for each in ROUTES if each[1].startswith("/v1/sites/") and "vote" not in each[1]]
WITH_SESSION = [each for each in ROUTES if each[1].startswith("/v1/") and each not in SITES]


def path_of(method: str, path: str) -> str:
    """Return the path with what it needs, and no wait."""
    return f"{path}?site=shop&wait=0&after=0"


def test_the_table_of_routes_is_not_empty() -> None:
    assert len(BOX) >= 10
    assert len(WITH_SESSION) >= 10


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "/"), ("GET", "/none"),
                                              ("DELETE", "/v1/chat")])  # fmt: skip
def test_every_answer_carries_the_headers(relay: Running, method: str, path: str) -> None:
    with httpx.Client(base_url=relay.url, timeout=PATIENCE) as client:
        answer = client.request(method, path_of(method, path))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers


@pytest.mark.parametrize(("method", "path"), BOX)
@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}",
     f"Bearer {TOKEN.upper()}", "Bearer ż", f"bearer\t{TOKEN}"],
)  # fmt: skip
def test_the_box_has_to_show_its_token(
    relay: Running, method: str, path: str, shown: str | None
) -> None:
    headers = {} if shown is None else {b"Authorization": shown.encode("latin-1", "replace")}
    with httpx.Client(base_url=relay.url, timeout=PATIENCE) as client:
        answer = client.request(method, path_of(method, path), headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"error": "token.wrong"}


@pytest.mark.parametrize("where", ["query", "cookie", "header"])
def test_the_token_of_the_box_counts_in_its_header_only(relay: Running, where: str) -> None:
    with httpx.Client(base_url=relay.url, timeout=PATIENCE) as client:
        answer = client.get(
            "/box/v1/health",
            params={"site": "shop", **({"token": TOKEN} if where == "query" else {})},
            headers={"Cookie": f"token={TOKEN}"} if where == "cookie" else {"X-Token": TOKEN},
        )
    assert answer.status_code == 401


def test_the_longest_token_that_a_file_may_hold_opens_the_relay(tmp_path: Path) -> None:
    token = "t" * 4_095
    with running_relay(tmp_path, site=None, token=token) as relay:
        answer = httpx.get(
            f"{relay.url}/box/v1/health?site=shop",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )
    assert answer.status_code == 200


@pytest.mark.parametrize(("method", "path"), WITH_SESSION)
@pytest.mark.parametrize("session", ["", "x" * 43, "../../etc/passwd", "0", "x" * 5_000])
def test_without_a_session_nothing_is_told(
    relay: Running, method: str, path: str, session: str
) -> None:
    with relay.browser(session) as browser:
        answer = browser.request(method, path_of(method, path))
    assert (answer.status_code, answer.json()) == (401, {"error": "session.unknown"})


@pytest.mark.parametrize(("method", "path"), WITH_SESSION)
def test_a_session_counts_in_its_header_only(relay: Running, method: str, path: str) -> None:
    session = relay.session()
    with relay.browser() as browser:
        answer = browser.request(
            method,
            path_of(method, path) + f"&session={session}&token={session}&access_token={session}",
            headers={"Cookie": f"session={session}; token={session}"},
        )
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), [*WITH_SESSION, *SITES])
@pytest.mark.parametrize("origin", [EVIL, "null", "http://shop.example", ORIGIN + ".evil.example"])
def test_pages_of_other_origins_do_nothing(
    relay: Running, method: str, path: str, origin: str
) -> None:
    with relay.browser(relay.session(), origin=origin) as browser:
        answer = browser.request(method, path_of(method, path), json={})
    assert (answer.status_code, answer.json()) == (403, {"error": "origin.refused"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(("method", "path"), WITH_SESSION)
def test_a_page_of_another_site_cannot_use_a_session(
    relay: Running, method: str, path: str
) -> None:
    with relay.browser(relay.session(), origin=OTHER.origins[0]) as browser:
        answer = browser.request(method, path_of(method, path), json={})
    assert answer.status_code == 403


@pytest.mark.parametrize(("method", "path"), [*WITH_SESSION, *SITES])
def test_the_shop_may_ask_beforehand_and_others_may_not(
    relay: Running, method: str, path: str
) -> None:
    for origin in (ORIGIN, EVIL):
        with httpx.Client(base_url=relay.url, timeout=PATIENCE) as client:
            answer = client.options(
                path,
                headers={
                    "Origin": origin,
                    "Access-Control-Request-Method": method,
                    "Access-Control-Request-Headers": "authorization",
                },
            )
        if origin == EVIL:
            assert answer.status_code == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
            continue
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert method in answer.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_refusals_can_be_read_by_the_page_that_asked(tmp_path: Path) -> None:
    rates = replace(UNLIMITED, reads_address=Rate(3, 60))
    with running_relay(tmp_path, rates=rates) as relay, relay.browser() as browser:
        answers = [browser.get("/v1/sites/shop") for _ in range(5)]
    assert [each.status_code for each in answers][-1] == 429
    assert answers[-1].headers["Access-Control-Allow-Origin"] == ORIGIN
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].json()["error"] == "too.many"


def test_a_site_never_tells_its_keys_or_origins(relay: Running) -> None:
    with relay.visitor() as browser:
        answer = browser.get("/v1/sites/shop")
    assert answer.status_code == 200
    assert IDENTITY_KEY not in answer.text
    assert "origin" not in answer.text
    assert "identity" not in answer.text


def test_the_script_may_be_loaded_by_any_page(relay: Running) -> None:
    with httpx.Client(base_url=relay.url, headers={"Origin": EVIL}, timeout=PATIENCE) as client:
        answer = client.get("/widget.js")
    assert answer.status_code in (200, 404)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


IDENTITIES: list[dict[str, Any]] = [
    {},
    {"token": ""},
    {"token": "x.y.z"},
    {"token": signed_token("another-key-entirely-another-key-entirely")},
    {"token": signed_token(aud="other")},
    {"token": signed_token(exp=1)},
    {"token": ["a"], "signed": 5},
    {"signed": {"id": "1001", "expires": 10**17, "signature": "0" * 64}},
]


@pytest.mark.parametrize("said", IDENTITIES)
def test_a_bad_identity_is_anonymous_and_learns_nothing(
    relay: Running, said: dict[str, Any]
) -> None:
    with relay.browser() as browser:
        answer = browser.post("/v1/sites/shop/session", json=said)
        assert answer.status_code == 200
        assert answer.json()["visitor"] is None
        assert set(answer.json()) == {"session", "visitor", "conversation"}
        browser.headers["Authorization"] = f"Bearer {answer.json()['session']}"
        refused = browser.post("/v1/chat/messages", json={"client_id": "a", "text": "hi"})
    assert (refused.status_code, refused.json()["error"]) == (401, "login.needed")


def test_an_identity_is_used_by_one_browser_only(relay: Running) -> None:
    token = signed_token(sub="once")
    with relay.browser() as mine, relay.browser() as thief:
        first = mine.post("/v1/sites/shop/session", json={"token": token}).json()
        stolen = thief.post("/v1/sites/shop/session", json={"token": token}).json()
        mine.headers["Authorization"] = f"Bearer {first['session']}"
        again = mine.post("/v1/sites/shop/session", json={"token": token}).json()
    assert first["visitor"] == again["visitor"] == {"name": "Zofia Nowak"}
    assert stolen["visitor"] is None


def test_an_identity_used_before_a_restart_is_used(tmp_path: Path) -> None:
    token = signed_token()
    found = []
    for _ in range(2):
        with running_relay(tmp_path) as relay, relay.browser() as browser:
            answer = browser.post("/v1/sites/shop/session", json={"token": token})
            found.append(answer.json()["visitor"])
    assert found == [{"name": "Zofia Nowak"}, None]


def test_a_session_is_long_random_and_new_after_identification(relay: Running) -> None:
    with relay.browser() as browser:
        planted = browser.post("/v1/sites/shop/session", json={}).json()["session"]
        browser.headers["Authorization"] = f"Bearer {planted}"
        mine = browser.post(
            "/v1/sites/shop/session", json={"token": signed_token(sub="fixed")}
        ).json()["session"]
        assert browser.get("/v1/chat").status_code == 401
    assert mine != planted
    assert len({relay.session() for _ in range(20)} | {mine, planted}) == 22
    # 43 letters of 6 bits: more than 128 bits
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,}", mine)


def test_a_session_the_browser_made_up_is_never_taken_over(relay: Running) -> None:
    chosen = "chosen-by-the-attacker-chosen-by-the-attacker"
    with relay.browser(chosen) as browser:
        answer = browser.post("/v1/sites/shop/session", json={"token": signed_token()})
        assert answer.json()["session"] != chosen
        assert browser.get("/v1/chat").status_code == 401


def test_who_knows_a_conversation_reads_nothing_of_it(relay: Running) -> None:
    with relay.visitor(sub="reader-1") as mine, relay.visitor(sub="reader-2") as other:
        said = mine.post("/v1/chat/messages", json={"client_id": "a", "text": "my address is …"})
        conversation = said.json()["conversation"]
        for path in (f"/v1/chat?conversation={conversation}", "/v1/chat",
                     f"/v1/poll?after=0&wait=0&conversation={conversation}"):  # fmt: skip
            assert "my address" not in other.get(path).text
        assert "my address" in mine.get("/v1/chat").text
        assert other.get(f"/v1/chat/{conversation}").status_code == 404


def test_a_copy_of_the_store_opens_no_session(tmp_path: Path) -> None:
    with running_relay(tmp_path) as relay:
        session = relay.session()
    raw = b"".join(each.read_bytes() for each in tmp_path.glob("relay.db*"))
    assert session.encode() not in raw
    assert TOKEN.encode() not in raw
    with sqlite3.connect(tmp_path / "relay.db") as db:
        assert db.execute("SELECT count(*) FROM session").fetchone()[0] >= 1


async def test_an_error_of_the_program_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    app = make_app(store, relay_config(tmp_path))

    async def broken(request: Any) -> Any:
        secret = "a secret of the program"  # noqa: F841 - must not be told
        raise RuntimeError("details of the program")

    app.router.routes.append(Route("/v1/broken", broken))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://relay") as client:
        answer = await client.get("/v1/broken")
    store.close()
    assert (answer.status_code, answer.json()) == (500, {"error": "relay.failed"})
    assert "details" in caplog.text
    assert "a secret of the program" not in caplog.text


BODIES = [
    b"",
    b"{",
    b"null",
    b"5",
    b'"text"',
    b"[]",
    b"[" * 50_000,
    b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    b"\xff\xfe\x00",
    b'{"client_id":"a","text":"\\ud800"}',
    b'{"client_id":"a","text":5}',
    b'{"client_id":["a"],"text":"hi"}',
    b'{"client_id":"../../x","text":"hi"}',
    b'{"client_id":"a","text":"hi","files":"x"}',
    b'{"client_id":"a","text":"hi","files":[1]}',
    b'{"client_id":"a","text":"hi","files":["../../../etc/passwd"]}',
    b'{"seq":1e400}',
    b'{"seq":NaN}',
    b'{"seq":' + b"9" * 5_000 + b"}",
    b'{"seq":99999999999999999999}',
    b'{"seq":true}',
    b'{"seq":-1}',
    b'{"seq":{"$gt":0}}',
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:30].decode("latin-1"))
def test_nonsense_is_refused_and_never_an_error(relay: Running, body: bytes) -> None:
    with relay.visitor() as browser:
        for method, path in [*WITH_SESSION, ("POST", "/v1/sites/shop/session")]:
            if method == "POST" and not path.endswith("/files"):
                answer = browser.post(path, content=body)
                assert answer.status_code in (200, 201, 204, 400, 404, 409, 413), path
                assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=99999999999999999999999", "after=%00", "after=1e9",
     "wait=-5", "wait=nan", "language=%00", "language=" + "x" * 2_000, "after=1&after=2"],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_error(relay: Running, query: str) -> None:
    with relay.visitor() as browser, relay.box() as box:
        for path in ("/v1/chat", "/v1/sites/shop"):
            assert browser.get(f"{path}?{query}").status_code == 200
        assert browser.get(f"/v1/poll?{query}&wait=0").status_code == 200
        assert box.get(f"/box/v1/events?site=shop&live=1&{query}&wait=0").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/v1/sites/..%2f..%2fetc", "/v1/sites/%00", "/v1/chat/files/..%2f..%2frelay.db",
     "/v1/chat/files/%2e%2e", "/widget.js/../relay.db", "/..%2f..%2fetc/passwd", "//etc/passwd",
     "/v1/sites/shop/faq/..%2f/vote", "/v1/sites/" + "x" * 5_000],
    ids=lambda path: path[:40],
)  # fmt: skip
def test_no_path_leads_out(relay: Running, path: str) -> None:
    with relay.visitor() as browser:
        answer = browser.get(path)
    assert answer.status_code in (403, 404, 405)
    assert set(answer.json()) == {"error"}
