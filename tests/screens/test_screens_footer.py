"""The line at the bottom: what was said last, for as long as it holds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.support.addressed import addressed_desk
from tests.support.driving import driving
from tests.support.waiting import PATIENCE


async def test_an_offer_ends_with_its_time_and_nothing_else_does(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        it.inbox.footer.say("z takes it back", seconds=PATIENCE)
        await it.sees("z takes it back")
        it.inbox.footer.say("z takes it back", seconds=0.2)
        await it.until(lambda: "takes it back" not in it.text())
        it.inbox.footer.say("z takes it back", seconds=0.2)
        it.inbox.footer.say("#4 closed · z undo")
        await asyncio.sleep(0.5)
        await it.sees("#4 closed")
