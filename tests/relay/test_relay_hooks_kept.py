"""How long webhooks are kept, what a full disk means, and stores of before there were any."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.store import hooks as store_hooks
from helpdesk_tui.relay.store.cleaning import clean_up
from helpdesk_tui.relay.store.hooks import Hook
from helpdesk_tui.relay.store.schema import STEPS
from helpdesk_tui.relay.store.store import Store, Write
from tests.support.relay import relay_config, running_relay
from tests.support.relay_hooks import APP_SECRET, Hooked, meta_body, metas_signature

START = datetime(2026, 5, 1, tzinfo=UTC)
HOOK = Hook("m", "meta", (APP_SECRET,), (), ("one",))


async def test_what_nobody_fetches_goes_after_thirty_days(tmp_path: Path) -> None:
    moments = [START]
    store = Store(tmp_path, clock=lambda: moments[-1])
    try:
        await store.write(partial(store_hooks.put_hook, hook=HOOK))
        for number in range(600):
            body = meta_body(str(number))
            await store.write(
                partial(store_hooks.add_delivery, hook="m", content_type="", body=body)
            )
        moments.append(START + timedelta(days=29))
        await clean_up(store)
        state = await store.read(partial(store_hooks.state_of, hook="m"))
        assert state is not None
        assert state.waiting == {"one": 600}
        moments.append(START + timedelta(days=31))
        await clean_up(store)
        state = await store.read(partial(store_hooks.state_of, hook="m"))
        assert state is not None
        assert state.waiting == {"one": 0}
    finally:
        store.close()


async def test_while_the_disk_is_full_a_provider_is_asked_to_come_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    transport = httpx.ASGITransport(make_app(store, relay_config(tmp_path)))
    body = meta_body("x" * 200_000)
    headers = {"X-Hub-Signature-256": metas_signature(body)}

    def limit(write: Write, pages: int) -> None:
        write.connection.execute(f"PRAGMA max_page_count = {pages}")

    try:
        await store.write(partial(store_hooks.put_hook, hook=HOOK))
        async with httpx.AsyncClient(transport=transport, base_url="http://relay") as provider:
            await store.write(partial(limit, pages=1))
            full = await provider.post("/hooks/m", content=body, headers=headers)
            await store.write(partial(limit, pages=1_000_000))
            again = await provider.post("/hooks/m", content=body, headers=headers)
        assert (full.status_code, again.status_code) == (503, 200)
        assert full.headers["retry-after"]
        state = await store.read(partial(store_hooks.state_of, hook="m"))
        assert state is not None
        assert state.waiting == {"one": 1}
    finally:
        store.close()


def test_a_store_of_before_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "relay.db", isolation_level=None) as before:
        STEPS[0](before, START)
        before.execute("PRAGMA user_version = 1")
        before.execute("INSERT INTO event VALUES (7, 'shop', 'message', 'c', 'at', '{}')")
    before.close()

    with running_relay(tmp_path) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        assert hooked.meta(meta_body("x")).status_code == 200
        assert len(hooked.bodies()) == 1
        with relay.box() as box:
            assert box.get("/box/v1/health", params={"site": "shop"}).json()["events"] == 1


async def test_many_at_once_are_all_kept(tmp_path: Path) -> None:
    many = 400
    store = Store(tmp_path)
    transport = httpx.ASGITransport(make_app(store, relay_config(tmp_path)))
    try:
        await store.write(partial(store_hooks.put_hook, hook=HOOK))
        async with httpx.AsyncClient(transport=transport, base_url="http://relay") as provider:

            async def deliver(number: int) -> int:
                body = meta_body(str(number))
                headers = {"X-Hub-Signature-256": metas_signature(body)}
                return (await provider.post("/hooks/m", content=body, headers=headers)).status_code

            assert set(await asyncio.gather(*map(deliver, range(many)))) == {200}
        state = await store.read(partial(store_hooks.state_of, hook="m"))
        assert state is not None
        assert state.waiting == {"one": many}
    finally:
        store.close()
