"""The sixth channel from poll to reply in the program; run with ``plug`` as a plugin."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from helpdesk_tui.services.desk import open_desk
from tests.support.driving import Driving, driving
from tests.support.rigs.pigeon import PigeonRig
from tests.support.sixth.plug import PIGEON


def messages(rig: PigeonRig) -> list[tuple[Any, ...]]:
    return rig.rows("SELECT direction, channel, delivery, text FROM message ORDER BY id")


async def rounds(it: Driving, rig: PigeonRig) -> None:
    """Let the worker do a round beside the program."""
    await asyncio.to_thread(rig.round)
    await it.pilot.pause()


async def test_a_letter_is_read_and_answered_in_the_program(tmp_path: Path) -> None:
    rig = PigeonRig(tmp_path)
    desk = open_desk(rig.store.paths.root, agent="anna")
    async with driving(desk) as it:
        await it.press("g", "u")
        rig.customer_writes("Where is my parcel?")
        await rounds(it, rig)
        await it.sees("Ada Example", "Where is my parcel?", PIGEON.icon)
        await it.press("enter", "r")
        await it.sees(f"reply to Ada Example · {PIGEON.label}")
        await it.press(*"With the evening pigeon.", "enter")
        await it.until(lambda: len(messages(rig)) == 2)
        rig.change("UPDATE message SET due_at = 0 WHERE delivery = 'queued'")
        await rounds(it, rig)
        await it.sees("delivered")
    assert [one.text for one in rig.came()] == ["With the evening pigeon."]
    assert messages(rig) == [
        ("inbound", "pigeon", "received", "Where is my parcel?"),
        ("outbound", "pigeon", "delivered", "With the evening pigeon."),
    ]
    rig.close()


async def test_the_channel_is_offered_wherever_channels_are(tmp_path: Path) -> None:
    rig = PigeonRig(tmp_path)
    desk = open_desk(rig.store.paths.root, agent="anna")
    async with driving(desk) as it:
        await it.press("g", "C")
        await it.sees("desk", PIGEON.label)
    rig.close()
