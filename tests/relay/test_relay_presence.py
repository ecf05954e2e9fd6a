from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from helpdesk_tui.domain.webchat.wire import EventKind, Visitor
from helpdesk_tui.relay.presence import Patience, Presence
from helpdesk_tui.relay.store.box import events_after
from helpdesk_tui.relay.store.chats import say as store_said
from helpdesk_tui.relay.store.sessions import open_session
from helpdesk_tui.relay.store.store import Store, Write
from helpdesk_tui.relay.values import Running, Said
from tests.support.relay import SITE, running_relay
from tests.support.relay_talk import Box, Listener, listening, say
from tests.support.waiting import AT_ONCE, PATIENCE, until

QUICK = Patience(grace=0.6, restart=1.5, typing=0.3)


def test_a_visitor_leaves_after_a_while_and_is_back_at_once(tmp_path: Path) -> None:
    with (
        running_relay(tmp_path, patience=QUICK) as relay,
        relay.visitor() as visitor,
        relay.box() as client,
    ):
        box = Box(client)
        with listening(visitor):
            say(visitor, "c1")
            with listening(visitor):
                pass
            time.sleep(0.8)
            box.catch_up()
            assert box.of(EventKind.LEFT) == []
            assert [each.online for each in box.ask().live] == [True]
            gone = time.monotonic()
        box.wait_for(EventKind.LEFT)
        assert time.monotonic() - gone >= 0.5
        assert [each.online for each in box.ask().live] == [False]
        with listening(visitor):
            box.wait_for(EventKind.BACK)
            assert [each.online for each in box.ask().live] == [True]
        kinds = [each.kind for each in box.events]
        assert kinds == ["started", "message", "left", "back"]


async def test_who_is_back_within_the_grace_has_not_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    presence = Presence(store, Patience(grace=0.05, restart=0.05), lambda _site: None)

    def begin(write: Write, name: str) -> Running:
        visitor = open_session(write, "shop", "", lambda _used: Visitor(name)).visitor
        assert visitor is not None
        chat = store_said(write, visitor, "shop", Said("c1", "hello")).conversation
        return Running(visitor, "shop", chat, left=False)

    async def left() -> list[str]:
        found = await store.read(partial(events_after, site="shop", after=0))
        return [each.conversation for each in found if each.kind is EventKind.LEFT]

    async def until_left(*chats: str) -> None:
        async with asyncio.timeout(PATIENCE):
            gone = [""]
            while gone != list(chats):
                gone = await left()
                await asyncio.sleep(0.01)

    here, away = [await store.write(partial(begin, name=name)) for name in ("here", "away")]
    presence.start([here, away])
    presence.opened(here.visitor)
    await until_left(away.conversation)
    # a page that loads
    presence.closed(here.visitor)
    presence.opened(here.visitor)
    await asyncio.sleep(0.2)
    assert await left() == [away.conversation]
    presence.closed(here.visitor)
    await until_left(away.conversation, here.conversation)
    await presence.stop()
    store.close()


def test_a_poll_and_a_message_count_as_being_there(tmp_path: Path) -> None:
    with (
        running_relay(tmp_path, patience=QUICK) as relay,
        relay.visitor() as visitor,
        relay.box() as client,
    ):
        box = Box(client)
        say(visitor, "c1")
        box.wait_for(EventKind.LEFT)
        say(visitor, "c2")
        box.wait_for(EventKind.BACK)
        last = visitor.get("/v1/chat").json()["seq"]
        asked = datetime.now(UTC)
        visitor.get(f"/v1/poll?after={last}&wait=1")
        box.catch_up()
        # it waited for longer than the grace; what comes later may be that nobody asks any more
        meanwhile = [each.kind for each in box.events if each.at < asked + timedelta(seconds=1)]
        assert meanwhile[-1] is EventKind.BACK


def test_after_a_restart_who_does_not_come_back_has_left(tmp_path: Path) -> None:
    with running_relay(tmp_path) as relay:
        tokens = [relay.session(sub=str(each)) for each in range(2)]
        chats = []
        for number, token in enumerate(tokens):
            with relay.browser(token) as visitor:
                chats.append(say(visitor, f"c{number}")["conversation"])
    # the relay's patience begins before it says that it is up
    began = time.monotonic()
    with (
        running_relay(tmp_path, patience=QUICK) as relay,
        relay.browser(tokens[0]) as here,
        listening(here),
        relay.box() as client,
    ):
        box = Box(client)

        def has_left() -> bool:
            box.catch_up()
            return any(each.conversation == chats[1] for each in box.of(EventKind.LEFT))

        until(has_left)
        assert time.monotonic() - began > 1.2
        time.sleep(0.3)
        box.catch_up()
        assert {each.conversation: each.online for each in box.ask().live} == {
            chats[0]: True, chats[1]: False
        }  # fmt: skip


def test_a_visitors_typing_shows_at_the_box_and_ends_by_itself(tmp_path: Path) -> None:
    with (
        running_relay(tmp_path, patience=Patience(typing=1.5)) as relay,
        relay.visitor() as visitor,
        relay.box() as client,
    ):
        box = Box(client)
        visitor.post("/v1/chat/typing", json={"typing": True})
        assert box.ask().live == ()
        say(visitor, "c1")
        box.catch_up()
        # who asks when it is told hears of it however long that takes
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(box.ask, 20)
            visitor.post("/v1/chat/typing", json={"typing": True})
            assert [each.typing for each in asked.result().live] == [True]
        assert [each.typing for each in box.ask(wait=20).live] == [False]
        visitor.post("/v1/chat/typing", json={"typing": True})
        say(visitor, "c2")
        assert [each.typing for each in box.ask().live] == [False]


def test_a_site_that_is_switched_off_tells_open_browsers_and_takes_no_message(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path) as relay, relay.visitor() as visitor, relay.box() as client:
        chat = say(visitor, "c1")["conversation"]
        with listening(visitor) as browser:
            browser.wait_for("message")
            relay.publish()
            now = datetime.now(UTC)
            open_site = replace(SITE, hours=((now, now + timedelta(days=1)),))
            relay.publish(open_site)
            assert browser.wait_for("site") == {"enabled": True}
            # only the far end of the opening hours moved: nobody has to hear of it
            later = replace(open_site, hours=(*open_site.hours, (now + timedelta(days=2),) * 2))
            relay.publish(later)
            relay.publish(replace(later, enabled=False))
            assert browser.wait_for("site", 2) == {"enabled": False}
            refused = visitor.post("/v1/chat/messages", json={"client_id": "c2", "text": "x"})
            assert (refused.status_code, refused.json()) == (403, {"error": "site.off"})
            public = visitor.get("/v1/sites/shop").json()
            assert public == {"id": "shop", "enabled": False, "login": "all"}
            assert Box(client).reply(chat, "<1@box>").status_code == 200
            Box(client).end(chat, seen=2**60, by="channel")
            assert browser.wait_for("ended")["by"] == "channel"
        assert browser.names().count("site") == 2


def test_nothing_of_a_site_for_customers_shows_to_others(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=replace(SITE, login="logged-in")) as relay:
        with relay.browser() as nobody:
            hidden = {"id": "shop", "enabled": False, "login": "logged-in"}
            assert nobody.get("/v1/sites/shop").json() == hidden
            session = nobody.post("/v1/sites/shop/session", json={}).json()["session"]
        with relay.browser(session) as nobody:
            assert nobody.get("/v1/sites/shop").json() == hidden
        with relay.visitor() as customer:
            shown = customer.get("/v1/sites/shop?language=pl")
            assert shown.json()["enabled"] is True
            assert shown.json()["language"] == "en"
            assert "identity_keys" not in shown.text
            assert "origins" not in shown.text
            again = customer.get("/v1/sites/shop", headers={"If-None-Match": shown.headers["ETag"]})
            assert (again.status_code, again.content) == (304, b"")


def test_the_relay_stops_although_browsers_wait(tmp_path: Path) -> None:
    with ExitStack() as after:
        with running_relay(tmp_path) as relay:
            visitor = after.enter_context(relay.visitor())
            say(visitor, "c1")
            browser = Listener(visitor)
            after.callback(browser.cut)
            browser.wait_for("message")
            began = time.monotonic()
        assert time.monotonic() - began < AT_ONCE
