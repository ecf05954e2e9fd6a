"""Channels: listed with how they fare, tried out, switched off and on."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.accounts import AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.beside.channels import ChannelsScreen
from helpdesk_tui.screens.beside.settings import SettingsScreen
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.jobs import Jobs
from tests.support.driving import Driving, driving
from tests.support.store import add_agent, make_desk, make_store
from tests.support.thread_values import HOSTILE, is_harmless


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    store.close()
    desk = make_desk(tmp_path)
    desk.admin.add_channel("support", "email", "help@shop.example")
    desk.admin.add_channel("texts", "sms", "+15550001111", settings={"provider": "twilio"})
    return desk


async def opened(it: Driving) -> ChannelsScreen:
    it.inbox.perform("go.channels")
    await it.until(lambda: isinstance(it.app.screen, ChannelsScreen))
    screen = it.app.screen
    assert isinstance(screen, ChannelsScreen)
    await it.until(lambda: screen.list.rows)
    return screen


async def answer(it: Driving, result: dict[str, object], *, failed: bool = False) -> None:
    """Do what the worker does with the job that is asked for."""
    jobs = Jobs(it.desk.store, SYSTEM, now=it.desk.clock)

    def done() -> bool:
        job = jobs.claim("worker")
        if job is not None:
            jobs.finish(job, result, failed=failed)
        return job is not None

    await it.until(done)


async def test_every_account_is_listed_with_how_it_fares(desk: Desk) -> None:
    accounts = Accounts(desk.store, SYSTEM, now=desk.clock)
    texts = accounts.named("texts")
    accounts.report(texts, AccountState.STOPPED, "provider.credentials", "401")
    async with driving(desk) as it:
        screen = await opened(it)
        await it.until(lambda: "in trouble" in it.text())
        assert [row.account.name for row in screen.list.rows] == ["support", "texts"]
        await it.press("j")
        await it.until(lambda: "Twilio" in it.text())
        assert "+15550001111" in it.text()


async def test_a_test_shows_each_step(desk: Desk) -> None:
    async with driving(desk) as it:
        await opened(it)
        await it.press("t")
        await it.until(lambda: "running" in it.text())
        await answer(
            it,
            {"checks": [
                {"name": "imap-connect", "ok": True, "values": {"host": "mail.example"}},
                {"name": "imap-login", "ok": False, "code": "imap.login", "values": {}},
            ]},
        )  # fmt: skip
        await it.until(lambda: "IMAP login" in it.text())
        assert "mail.example" in it.text()


async def test_a_test_that_failed_says_why(desk: Desk) -> None:
    async with driving(desk) as it:
        await opened(it)
        await it.press("t")
        await answer(it, {"code": "channel.unknown", "values": {"name": "support"}}, failed=True)
        await it.until(lambda: "running" not in it.text())


async def test_a_channel_is_switched_off_and_on(desk: Desk) -> None:
    async with driving(desk) as it:
        screen = await opened(it)
        await it.press("o")
        await it.until(lambda: not screen.list.rows[0].account.enabled)
        assert "Switched off" in it.text()
        await it.press("o")
        await it.until(lambda: screen.list.rows[0].account.enabled)


async def test_enter_opens_the_settings_of_the_channel(desk: Desk) -> None:
    async with driving(desk) as it:
        await opened(it)
        await it.press("j", "enter")
        await it.until(lambda: isinstance(it.app.screen, SettingsScreen))
        await it.until(lambda: "undo-send-sms" in it.text())


async def test_what_providers_say_never_reaches_the_terminal(desk: Desk) -> None:
    accounts = Accounts(desk.store, SYSTEM, now=desk.clock)
    accounts.report(accounts.named("texts"), AccountState.RETRYING, "provider.refused", HOSTILE)
    async with driving(desk) as it:
        await opened(it)
        await it.press("j")
        await it.until(lambda: "Twilio" in it.text())
        assert all(is_harmless(line) for line in it.text().splitlines())


def test_jobs_of_unknown_channels_fail(desk: Desk) -> None:
    with pytest.raises(HelpdeskError, match=r"channel\.unknown"):
        Accounts(desk.store, SYSTEM).named("nobody")
