from __future__ import annotations

import asyncio
import sqlite3
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.webchat.wire import Event, EventKind, Visitor
from helpdesk_tui.relay import hub as hub_module
from helpdesk_tui.relay import streams
from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.core import Relay
from helpdesk_tui.relay.hub import Hub, Typing
from helpdesk_tui.relay.presence import Patience, Presence
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store.box import events_after
from helpdesk_tui.relay.store.chats import say
from helpdesk_tui.relay.store.sessions import open_session
from helpdesk_tui.relay.store.store import Store, Write
from helpdesk_tui.relay.values import Outcome, Running, Said, Session
from tests.support.relay import SITE, relay_config
from tests.support.waiting import PATIENCE

WHO = Session(b"hash", "shop", 7, "", datetime(2026, 12, 1, tzinfo=UTC))
NOBODY = Session(b"other", "shop", None, "", WHO.expires)


async def test_a_commit_wakes_those_whom_it_concerns_and_nobody_else() -> None:
    hub = Hub()
    with hub.watching(WHO) as mine, hub.watching(NOBODY) as other, hub.box_waiting("shop") as box:
        mine.has_new = False
        hub.heard(Outcome(visitors={8}, boxes={"elsewhere"}))
        assert not any(each.is_set() for each in (mine.woken, other.woken, box))
        hub.heard(Outcome(visitors={7}, boxes={"shop"}))
        assert mine.has_new
        assert mine.woken.is_set()
        assert box.is_set()
        assert not other.woken.is_set()
        hub.tell_site("shop")
        assert other.is_stale
        hub.heard(Outcome(sessions={b"hash"}))
        assert mine.is_over
        assert not other.is_over
    with hub.watching(WHO) as later:
        assert not later.is_over
    hub.end()
    with hub.watching(WHO) as late:
        assert late.is_over


async def test_one_visitor_has_so_many_tabs_and_no_more() -> None:
    hub = Hub()
    with ExitStack() as tabs:
        for _ in range(24):
            tabs.enter_context(hub.watching(WHO))
        with pytest.raises(Refused) as refused, hub.watching(WHO):
            pass
        assert refused.value.status == 429
        with hub.watching(NOBODY):
            pass
    with hub.watching(WHO):
        pass


async def test_an_agents_typing_is_told_once_and_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "TYPING_SECONDS", 0.05)
    hub = Hub()
    with hub.watching(WHO) as watch:
        hub.tell_typing(7, "Ana", is_typing=False)
        assert watch.typing is None
        hub.tell_typing(7, "Ana", is_typing=True)
        assert watch.typing == hub.typing_to(7) == Typing("Ana", is_typing=True)
        watch.typing = None
        hub.tell_typing(7, "Ana", is_typing=True)
        assert watch.typing is None
        await asyncio.sleep(0.1)
        assert watch.typing == Typing("Ana", is_typing=False)
        assert hub.typing_to(7) is None
    hub.tell_typing(7, "Ana", is_typing=True)
    hub.end()


async def test_that_a_visitor_left_is_written_as_soon_as_the_disk_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    presence = Presence(store, Patience(grace=0.05, restart=0.05), lambda _site: None)
    write, failures = store.write, [1, 1]

    async def failing(work: Any) -> Any:
        if failures:
            failures.pop()
            raise sqlite3.OperationalError("database or disk is full")
        return await write(work)

    def begin(each: Write) -> tuple[int, str]:
        opened = open_session(each, "shop", "", lambda _used: Visitor("v"))
        assert opened.visitor is not None
        said = Said("c1", "hello")
        return opened.visitor, say(each, opened.visitor, "shop", said).conversation

    visitor, chat = await write(begin)
    monkeypatch.setattr(store, "write", failing)
    presence.start([Running(visitor, "shop", chat, left=False)])
    async with asyncio.timeout(PATIENCE):
        found: tuple[Event, ...] = ()
        while len(found) < 3:
            found = await store.read(partial(events_after, site="shop", after=0))
            await asyncio.sleep(0.01)
    assert found[-1].kind is EventKind.LEFT
    assert failures == []
    await presence.stop()
    store.close()


@pytest.mark.parametrize("trouble", ["stuck", "reset"])
async def test_a_browser_that_takes_nothing_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(streams, "_SEND_SECONDS", 0.05)
    store = Store(tmp_path)
    app = make_app(store, relay_config(tmp_path))
    relay = app.state.relay
    assert isinstance(relay, Relay)
    relay.sites.put(SITE)

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            if trouble == "reset":
                raise ConnectionResetError
            await asyncio.Event().wait()

    async with asyncio.timeout(PATIENCE):
        await streams._Stream(relay, WHO, 0)({"type": "http"}, receive, send)
    with ExitStack() as tabs:
        for _ in range(24):
            tabs.enter_context(relay.hub.watching(WHO))
    await relay.presence.stop()
    store.close()
