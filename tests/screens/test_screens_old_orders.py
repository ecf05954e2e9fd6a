"""An order that is not kept any more is looked for at the shop when an agent names it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.commerce.commands import Command
from helpdesk_tui.screens.commerce.changing import ChangeDialog
from helpdesk_tui.screens.commerce.commanding import command
from helpdesk_tui.services.jobs import ORDER_FIND, Jobs
from tests.support.scene import settle
from tests.support.shopping import ORDER, Contexts, shop_scene
from tests.support.waiting import until_so

OLD = replace(ORDER, id="77", name="#17")


@dataclass
class Shopping:
    """The program, what is known of its customer, and the job that looks for an order."""

    pilot: Pilot[None]
    app: HelpdeskApp
    contexts: Contexts
    jobs: Jobs

    def ask(self, name: str = "#17") -> None:
        """Want to change an order that is not kept."""
        self.contexts.job = self.jobs.ask(ORDER_FIND, {"name": name})
        command(self.app.inbox, Command(ActionKind.ORDER_EDIT, name))

    def finish(self, *, failed: str = "") -> None:
        """End the job as the worker does."""
        job = self.jobs.claim("worker")
        assert job is not None
        self.jobs.finish(job, {"code": failed} if failed else {"found": True}, failed=bool(failed))

    async def sees(self, words: str) -> None:
        await until_so(self.pilot, lambda: words in self.text, lambda: self.text)

    async def hears(self, words: str) -> None:
        """See what cannot be done."""

        def told() -> str:
            return " ".join(each.message for each in self.app._notifications)

        await until_so(self.pilot, lambda: words in told(), told)

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text for strip in strips)


@asynccontextmanager
async def shopping(tmp_path: Path) -> AsyncIterator[Shopping]:
    app, _actions, contexts = shop_scene(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lambda: app.inbox.panes.thread is not None)
        await settle(pilot, lambda: app.inbox.tickets.cursor_row is not None)
        desk = app._factory()  # type: ignore[misc]
        yield Shopping(pilot, app, contexts, Jobs(desk.store, SYSTEM))


@pytest.fixture(name="is_worked")
def _is_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_tui.screens.beside.job_watch.worker_running", lambda _paths: True)


@pytest.mark.usefixtures("is_worked")
async def test_old_order_is_looked_for_and_its_dialog_opens(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.ask()
        await shop.sees("looking for #17 at the shop")
        shop.contexts.all_orders.append(OLD)
        shop.finish()
        await until_so(
            shop.pilot, lambda: isinstance(shop.app.screen, ChangeDialog), lambda: shop.text
        )
        await shop.sees("#17")
        assert shop.contexts.sought == ["#17"]


@pytest.mark.usefixtures("is_worked")
@pytest.mark.parametrize(
    ("failed", "words"), [("", "no order #17"), ("provider.unreachable", "reach")]
)
async def test_why_there_is_none_is_said(tmp_path: Path, failed: str, words: str) -> None:
    async with shopping(tmp_path) as shop:
        shop.ask()
        await shop.sees("looking for #17 at the shop")
        shop.finish(failed=failed)
        await shop.hears(words)
        assert shop.contexts.sought == ["#17"]
        assert "looking for" not in shop.text
        assert shop.app.screen is shop.app.inbox


@pytest.mark.usefixtures("is_worked")
async def test_whoever_has_gone_elsewhere_gets_no_dialog_there(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.ask()
        await shop.sees("looking for #17 at the shop")
        await shop.pilot.press("question_mark")
        await until_so(shop.pilot, lambda: shop.app.screen is not shop.app.inbox, lambda: shop.text)
        there = shop.app.screen
        shop.contexts.all_orders.append(OLD)
        shop.finish()
        command(shop.app.inbox, Command(ActionKind.ORDER_EDIT, "#1042"))
        await until_so(
            shop.pilot, lambda: isinstance(shop.app.screen, ChangeDialog), lambda: shop.text
        )
        # that it is looked for stands at the foot until the answer is noticed
        await until_so(shop.pilot, lambda: "#17" not in shop.text, lambda: shop.text)
        assert there in shop.app.screen_stack


async def test_nothing_is_looked_for_where_no_worker_runs_or_all_is_kept(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.ask()
        await shop.hears("no order #17")
        shop.contexts.job = None
        command(shop.app.inbox, Command(ActionKind.ORDER_EDIT, "#18"))
        await shop.hears("no order #18")
        assert shop.contexts.sought == ["#17", "#18"]
