"""How this terminal draws pictures: asked for once the program runs, followed from then on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from helpdesk_tui.widgets.pixels.detection import (
    ASK_ALL,
    ASK_CELL,
    ASK_KITTY,
    AUTO,
    PATIENCE,
    AnswerGuard,
    chosen,
    draws_placeholders,
    may_be_asked,
)
from helpdesk_tui.widgets.pixels.protocol import Protocol

if TYPE_CHECKING:
    from textual.app import App

    from helpdesk_tui.widgets.pixels.layer import PixelLayer


class TerminalPictures:
    """The layer of pixels of a running program, and the questions that set it up."""

    def __init__(
        self,
        app: App[None],
        write: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._app = app
        self._write = write
        self._environment = environment
        self._wanted = ""
        self._was_asked = self._asked_kitty = False
        self._drawn: PixelLayer | None = None
        self._chosen: tuple[Protocol, tuple[int, int] | None] = Protocol.HALF, None
        self.guard = AnswerGuard()
        self.guard.heard = self._heard

    @property
    def layer(self) -> PixelLayer:
        """What turns pictures into pixels; made for the first picture, as most starts show none."""
        if self._drawn is None:
            from helpdesk_tui.widgets.pixels.layer import PixelLayer

            self._drawn = PixelLayer()
            self._drawn.use(*self._chosen)
        return self._drawn

    @property
    def drawn(self) -> PixelLayer | None:
        """The same once there was a picture, else None."""
        return self._drawn

    def follow(self, wanted: str) -> None:
        """Draw as the agent's setting says; what has to be asked for comes later."""
        before = self._wanted
        if wanted == before:
            return
        self._wanted = wanted
        self.settle()
        is_auto = wanted == AUTO and may_be_asked(self._environment)
        if is_auto and not self._was_asked:
            self._was_asked = True
            self._ask(ASK_ALL)
        elif self._chosen[0] is not Protocol.HALF:
            self._ask(ASK_CELL)
        if before and self._drawn is not None:
            self._drawn.changed()

    def measure(self) -> None:
        """Ask anew how large the cells are: the window or its letters changed."""
        if self._chosen[0] is not Protocol.HALF:
            self._ask(ASK_CELL)

    def settle(self) -> None:
        """Take over what the terminal has answered so far."""
        answers = self.guard.answers
        if answers.is_complete and self._wanted == AUTO and self._may_ask_kitty():
            self._asked_kitty = True
            answers.is_complete = False
            self._ask(ASK_KITTY)
            return
        if answers.is_complete:
            self.guard.is_waiting = False
        protocol = chosen(
            self._wanted,
            self._environment,
            answers,
            has_colours=self._app.console.color_system == "truecolor",
        )
        self._chosen = protocol, answers.cell
        if self._drawn is not None:
            self._drawn.use(*self._chosen)

    def _heard(self) -> None:
        """Take answers over in the program's own thread; at its very end, not at all."""
        loop = self._app._loop
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.settle)

    def _may_ask_kitty(self) -> bool:
        return not self._asked_kitty and draws_placeholders(self._environment, self.guard.answers)

    def _ask(self, question: str) -> None:
        self.guard.is_waiting = True
        self._write(question)
        self._app.set_timer(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        """Wait no longer: what answers later is still no key, but changes nothing any more."""
        self.guard.is_waiting = False
