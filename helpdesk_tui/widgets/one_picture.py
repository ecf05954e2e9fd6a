"""Several widgets that change for one reason come on the screen in one picture."""

from __future__ import annotations

from contextlib import suppress

from textual.app import App, ScreenStackError


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
