"""Several widgets that change for one reason come on the screen in one picture."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from textual.app import App, ScreenStackError

_WRITTEN_WITHIN = 0.015
"""Seconds that the writing of a whole screen may take to begin."""


def one_picture(app: App[object], seconds: float = 0.004) -> None:
    """Hold the next picture for a moment in which messages reach the widgets they concern.

    Without it the first widget that changed is drawn at once, and the rest a whole frame later.

    Args:
        app: the program.
        seconds: how long; some messages from widget to widget take well below a millisecond.
    """
    held = app.batch_update()
    held.__enter__()

    def let_go() -> None:
        held.__exit__(None, None, None)
        # nothing else tells the screen that it may draw now; at the very end there is none left
        with suppress(ScreenStackError):
            app.screen.check_idle()

    app.set_timer(seconds, let_go)


def once_written(app: App[Any], then: Callable[..., object], *values: object) -> None:
    """Do something once the next picture is in the terminal.

    A thread of its own writes what was drawn: what is begun right after drawing keeps that thread
    from running, and the picture comes as much later.
    """
    app.call_after_refresh(app.set_timer, _WRITTEN_WITHIN, partial(then, *values))
