"""Sources of customer data: listed with how they fare, tried out, switched off and on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.screens.beside.sources import SourcesScreen
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.requests import JobLoop
from tests.support.driving import Driving, driving
from tests.support.store import add_agent, make_store
from tests.support.thread_values import HOSTILE, is_harmless

KEY = "pk_never_to_be_shown"


class Scripted:
    """A source whose test goes as a test says."""

    def __init__(self) -> None:
        self.checks: tuple[Check, ...] = (Check("login", ok=True),)
        self.error: AuthFailed | None = None
        self.keys: list[str] = []
        self.closed = 0

    def connect(self, connected: ConnectedSource, key: str, **more: Any) -> Scripted:
        """Be what a connection leads to."""
        self.keys.append(key)
        return self

    def test(self) -> tuple[Check, ...]:
        """Go as said."""
        if self.error is not None:
            raise self.error
        return self.checks

    def close(self) -> None:
        """Count it."""
        self.closed += 1


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    made = Scripted()
    monkeypatch.setattr("helpdesk_tui.sync.commerce.trying.connect", made.connect)
    return made


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("HELPDESK_SECRET_SOURCE_KLAVIYO", KEY)
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    add_agent(store, "sam")
    store.close()
    desk = open_desk(store.paths.root, agent="anna")
    yield desk
    desk.close()


def connect(desk: Desk, *names: str) -> Mapping[str, int]:
    """Connect sources; return their ids by name."""
    settings = {"acme": ("shopify", {"shop": "acme.myshopify.com"})}
    for name in names:
        desk.sources.add(*settings.get(name, (name, {}))[:1], name, settings.get(name, ("", {}))[1])
    return {one.name: one.id for one in desk.sources.all()}


async def opened(it: Driving) -> SourcesScreen:
    await it.press("g", "S")
    await it.until(lambda: isinstance(it.app.screen, SourcesScreen))
    screen = it.app.screen
    assert isinstance(screen, SourcesScreen)
    return screen


async def worked(it: Driving) -> None:
    """Let a worker do the job that is asked for."""
    jobs = Jobs(it.desk.store, SYSTEM, now=it.desk.clock)
    nobody = cast("Any", None)
    await it.until(lambda: _waits(it.desk))
    JobLoop(it.desk.store, "worker", nobody, dict, nobody).step()
    assert jobs.claim("other") is None


def _waits(desk: Desk) -> bool:
    with desk.store.read() as connection:
        found = connection.execute("SELECT count(*) FROM job WHERE state = 'queued'").fetchone()
    return bool(found[0])


async def test_every_source_is_listed_with_how_it_fares(desk: Desk) -> None:
    ids = connect(desk, "klaviyo", "acme", "recharge", "table")
    worker = Sources(desk.store, SYSTEM, now=desk.clock)
    worker.told(ids["klaviyo"], {"name": "Acme Tea", "currency": "EUR"})
    worker.trouble(ids["acme"], "source.credentials", {})
    async with driving(desk) as it:
        await opened(it)
        await it.sees("1 in trouble", "answers", "cannot be asked", "not asked yet", "imported")
        await it.sees("Acme Tea", "RIGHTS OF ITS KEY", "profiles:read", "MAY CHANGE")
        assert "nothing: it is only read" in it.text()
        await it.press("j")
        await it.sees("the key is refused", "helpdesk source secret acme", "edit an order")


async def test_key_is_never_shown_but_where_it_is_kept(desk: Desk) -> None:
    connect(desk, "klaviyo")
    async with driving(desk, size=(120, 60)) as it:
        await opened(it)
        await it.sees("SETTINGS", "source-klaviyo")
        assert KEY not in it.text()


async def test_a_test_is_done_by_the_worker_and_shows_each_right(
    desk: Desk, scripted: Scripted
) -> None:
    ids = connect(desk, "klaviyo")
    Sources(desk.store, SYSTEM).trouble(ids["klaviyo"], "source.credentials", {})
    scripted.checks = (Check("login", ok=True), Check("profiles:read", ok=True))
    async with driving(desk) as it:
        screen = await opened(it)
        await it.sees("cannot be asked")
        await it.press("t")
        await it.sees("running")
        await worked(it)
        await it.sees("✓ profiles:read: who customers are")
        # what was left alone is asked again at once
        await it.until(lambda: not screen.list.rows[0].error_code)
    assert (scripted.keys, scripted.closed) == ([KEY], 1)


async def test_missing_right_says_what_is_not_known_without_it(
    desk: Desk, scripted: Scripted
) -> None:
    ids = connect(desk, "klaviyo")
    Sources(desk.store, SYSTEM).trouble(ids["klaviyo"], "source.credentials", {})
    scripted.checks = (
        Check("login", ok=True),
        Check("lists:read", ok=False, code="source.scope", values={"scope": "lists:read"}),
    )
    async with driving(desk) as it:
        screen = await opened(it)
        await it.press("t")
        await worked(it)
        await it.sees("✗ lists:read", "unknown without it")
        assert screen.list.rows[0].error_code == "source.credentials"


async def test_refused_key_is_a_step_that_failed(desk: Desk, scripted: Scripted) -> None:
    connect(desk, "klaviyo")
    scripted.error = AuthFailed("source.credentials", text="")
    async with driving(desk) as it:
        await opened(it)
        await it.press("t")
        await worked(it)
        await it.sees("✗ key: the key is refused")


async def test_missing_key_says_how_to_give_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HELPDESK_SECRET_SOURCE_KLAVIYO")
    connect(desk, "klaviyo")
    async with driving(desk) as it:
        await opened(it)
        await it.press("t")
        await worked(it)
        await it.sees("✗ key: no key for it is kept here", "helpdesk source secret")


async def test_without_a_worker_it_is_said_who_starts_one(desk: Desk) -> None:
    connect(desk, "klaviyo")
    async with driving(desk) as it:
        await opened(it)
        await it.press("t")
        await it.sees("'helpdesk sync' starts one")


async def test_a_source_is_switched_off_and_on(desk: Desk) -> None:
    connect(desk, "klaviyo")
    async with driving(desk) as it:
        screen = await opened(it)
        await it.press("e")
        await it.until(lambda: any(not row.is_enabled for row in screen.list.rows))
        await it.sees("Switched off", "is off")
        await it.press("e")
        await it.until(lambda: screen.list.rows[0].is_enabled)


async def test_only_admins_test_and_switch(desk: Desk) -> None:
    connect(desk, "klaviyo")
    sam = open_desk(desk.store.paths.root, agent="sam")
    with pytest.raises(NotAllowed):
        sam.sources.set_enabled("klaviyo", enabled=False)
    async with driving(sam) as it:
        screen = await opened(it)
        await it.press("e", "t")
        await it.until(lambda: len(it.app._notifications) >= 2)
        assert screen.list.rows[0].is_enabled
        assert not _waits(sam)


async def test_changes_that_are_switched_off_are_said_to_be(desk: Desk) -> None:
    desk.settings.set("shop-actions", "dry-run", desk=True)
    connect(desk, "acme")
    async with driving(desk) as it:
        await opened(it)
        await it.sees("Only as a dry run now")


async def test_without_a_source_it_is_told_how_to_connect_one(desk: Desk) -> None:
    async with driving(desk, size=(80, 24)) as it:
        screen = await opened(it)
        await it.sees("No source of customer data", "helpdesk source add klaviyo", "orders.csv")
        await it.press("t", "e", "enter")
        assert it.app.screen is screen
        connect(desk, "recharge")
        await it.sees("Recharge", "not asked yet")
        await it.until(lambda: not screen.on_page)
        await it.press("q")
        assert it.app.screen is not screen


async def test_guide_is_left_by_one_key(desk: Desk) -> None:
    async with driving(desk, size=(80, 24)) as it:
        screen = await opened(it)
        await it.sees("No source of customer data")
        await it.press("q")
        assert it.app.screen is not screen


async def test_enter_shows_details_where_only_the_list_fits(desk: Desk) -> None:
    connect(desk, "klaviyo")
    async with driving(desk, size=(80, 24)) as it:
        await opened(it)
        await it.sees("not asked yet")
        await it.press("enter")
        await it.sees("BRINGS", "segments and lists")


async def test_what_sources_say_never_reaches_the_terminal(desk: Desk) -> None:
    ids = connect(desk, "klaviyo")
    worker = Sources(desk.store, SYSTEM, now=desk.clock)
    worker.told(ids["klaviyo"], {"name": HOSTILE, HOSTILE: HOSTILE})
    worker.trouble(ids["klaviyo"], "source.refused", {"text": HOSTILE})
    async with driving(desk) as it:
        await opened(it)
        await it.sees("cannot be asked")
        assert all(is_harmless(line) for line in it.text().splitlines())
