from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.support.relay import SITE, Running, running_relay, signed_token
from tests.support.relay_talk import listening, say
from tests.support.waiting import until


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


def _open(browser: httpx.Client, body: dict[str, object], old: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {old}"} if old else {}
    answer = browser.post("/v1/sites/shop/session", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def _works(relay: Running, token: object) -> bool:
    with relay.browser(str(token)) as browser:
        return browser.get("/v1/chat").status_code == 200


def test_identification_gives_a_new_token_and_ends_the_one_before(relay: Running) -> None:
    with relay.browser() as browser:
        planted = str(_open(browser, {})["session"])
        opened = _open(browser, {"token": signed_token(sub="fix")}, planted)
        assert opened["visitor"] == {"name": "Zofia Nowak"}
        assert opened["session"] != planted
        assert len(str(opened["session"])) >= 43
        assert not _works(relay, planted)
        assert _works(relay, opened["session"])


def test_the_same_customer_keeps_a_session_and_another_ends_it(relay: Running) -> None:
    with relay.browser() as browser:
        first = str(_open(browser, {"token": signed_token(sub="same")})["session"])
        with relay.browser(first) as visitor:
            chat = say(visitor, "c1")["conversation"]
        again = _open(browser, {"token": signed_token(sub="same")}, first)
        assert again["session"] == first
        assert again["conversation"] == {"id": chat, "ended": False}
        # a page that says nothing about its customer changes nothing
        assert _open(browser, {}, first)["session"] == first
        other = _open(browser, {"token": signed_token(sub="other")}, first)
        assert other["session"] != first
        assert other["conversation"] is None
        assert not _works(relay, first)


def test_the_stream_of_a_session_ends_with_it(relay: Running) -> None:
    old = relay.session(sub="before")
    with relay.browser(old) as browser, relay.visitor(sub="before") as elsewhere:
        with listening(browser) as ending, listening(elsewhere) as staying:
            _open(browser, {"token": signed_token(sub="after")}, old)
            until(lambda: ending.is_over)
            say(elsewhere, "c1", "mine")
            staying.wait_for("message")
        assert ending.told == []


def test_an_identity_is_used_by_one_browser_only(relay: Running) -> None:
    token = signed_token(sub="once")
    with relay.browser() as browser:
        mine = str(_open(browser, {"token": token})["session"])
        thief = _open(browser, {"token": token})
        assert thief["visitor"] is None
        # the same browser may load its page from a cache
        assert _open(browser, {"token": token}, mine)["session"] == mine
        # a bad identity makes nobody of whoever was known before
        bad = _open(browser, {"token": token + "x"}, mine)
        assert bad["visitor"] is None
        assert bad["session"] != mine


def test_a_copy_of_the_store_opens_no_session(relay: Running) -> None:
    token = relay.session(sub="hashed")
    with sqlite3.connect(relay.store.path) as connection:
        everything = "\n".join(connection.iterdump())
    connection.close()
    assert token not in everything


def test_a_session_of_one_site_is_none_at_another(relay: Running) -> None:
    relay.publish(replace(SITE, id="second"))
    token = relay.session(sub="two-sites")
    with relay.browser(token) as browser:
        answer = browser.post("/v1/sites/second/session", json={})
        assert answer.json()["visitor"] is None
        vote = browser.post("/v1/sites/second/faq/returns/vote", json={"helpful": True})
        assert vote.status_code == 404


def test_a_session_lives_on_while_it_is_used(tmp_path: Path) -> None:
    with running_relay(tmp_path) as relay:
        token = relay.session()
        before = _expires(relay)
        with relay.browser(token) as browser:
            browser.get("/v1/chat")
            assert _expires(relay) == before
            now = relay.store.now
            relay.store._clock = lambda: now + timedelta(days=29)
            browser.get("/v1/chat")
            assert _expires(relay) > before
            relay.store._clock = lambda: now + timedelta(days=58)
            assert browser.get("/v1/chat").status_code == 200
            relay.store._clock = lambda: now + timedelta(days=89)
            assert browser.get("/v1/chat").status_code == 401


def _expires(relay: Running) -> str:
    with sqlite3.connect(relay.store.path) as connection:
        found = connection.execute("SELECT expires FROM session").fetchone()[0]
    connection.close()
    return str(found)
