"""The end of the program while something of it is still being put up."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical

from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog
from tests.support.driven import driven
from tests.support.waiting import PATIENCE


class _LateBox(Vertical):
    """Is made while the program ends: it is closed before its parts are in it."""

    made = False

    async def _compose(self) -> None:
        self.app.exit()
        # long enough for the program to begin with its end
        await asyncio.sleep(0.3)
        await super()._compose()
        self.made = True


class _LateDialog(SnoozeDialog):
    def compose(self) -> ComposeResult:
        with _LateBox(id="dialog-box"):
            yield from self.parts()


async def test_quitting_while_a_dialog_comes_up_is_no_fault(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        dialog = _LateDialog(it.desk.clock())
        async with asyncio.timeout(PATIENCE):
            await it.app.push_screen(dialog)
        box = dialog.query_one(_LateBox)
    assert box.made
    assert not box.children
    assert it.app.return_code == 0
    assert it.app._exit_renderables == []
