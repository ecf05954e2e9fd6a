"""What the keys that only the thread knows do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread_pane import ThreadPane


def thread_handlers(pane: Callable[[], ThreadPane | None]) -> dict[str, Callable[[], None]]:
    """Return action id → what it does on the thread, once there is one."""

    def on_pane(act: Callable[[ThreadPane], None]) -> Callable[[], None]:
        def run() -> None:
            found = pane()
            if found is not None:
                act(found)

        return run

    return {
        "thread.quotes": on_pane(lambda one: one.view.toggle_all_folds()),
        "message.retry": on_pane(lambda one: one.retry()),
        "message.was-sent": on_pane(lambda one: one.was_sent()),
        "attachment.next": on_pane(lambda one: one.view.select_file(1)),
        "attachment.previous": on_pane(lambda one: one.view.select_file(-1)),
    }
