"""Which way of drawing pictures a terminal knows: by its environment, and by what it answers.

Nothing is asked when this is loaded, and nobody waits: questions are written once the program runs
and answers are taken out of the keys as they come. What has not answered in time draws half-blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpdesk_tui.widgets.pixels.protocol import Protocol

AUTO = "auto"
OFF = "off"
PATIENCE = 2.0
"""Seconds in which answers count."""
ASK_CELL = "\x1b[16t"
_ASK_NAME = "\x1b[>q"
_ASK_KITTY = "\x1b_Gi=7001,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_ASK_KIND = "\x1b[c"
ASK_ALL = _ASK_NAME + ASK_CELL + _ASK_KIND
"""The last of them is one that every terminal answers: with it all answers are here."""
ASK_KITTY = _ASK_KITTY + _ASK_KIND
"""Asked only where the name fits: others may print what they do not understand."""

_BETWEEN = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX", "STY", "ZELLIJ")
"""What stands in the environment where something lies between us and the terminal."""
_PLAIN = ("linux", "dumb", "screen", "tmux", "vt")
_DRAWS_PLACEHOLDERS = ("kitty", "ghostty")
"""Terminals whose Kitty graphics know placeholders; others only say that they know the rest."""
_DRAWS_INLINE = ("iterm", "wezterm")
_SIXEL = "4"
_LARGEST_CELL = 200


def may_be_asked(environment: Mapping[str, str]) -> bool:
    """Return whether a terminal is near enough, and able enough, to be asked for more."""
    term = environment.get("TERM", "")
    return not (
        any(environment.get(name) for name in _BETWEEN) or not term or term.startswith(_PLAIN)
    )


def _name(environment: Mapping[str, str], answers: Answers) -> str:
    said = (answers.name, environment.get("TERM_PROGRAM", ""), environment.get("TERM", ""))
    return " ".join(said).lower()


def draws_placeholders(environment: Mapping[str, str], answers: Answers) -> bool:
    """Return whether a terminal calls itself one whose Kitty graphics do all that is needed."""
    return any(one in _name(environment, answers) for one in _DRAWS_PLACEHOLDERS)


@dataclass(slots=True)
class Answers:
    """What a terminal has said of itself."""

    name: str = ""
    """As it calls itself, in small letters."""
    has_kitty: bool = False
    has_sixel: bool = False
    cell: tuple[int, int] | None = None
    is_complete: bool = False
    """The question that every terminal answers was answered."""


def chosen(
    wanted: str, environment: Mapping[str, str], answers: Answers, *, has_colours: bool
) -> Protocol:
    """Return how pictures are drawn.

    Args:
        wanted: the agent's setting.
        environment: of the program.
        answers: what the terminal has said so far.
        has_colours: the terminal takes every colour; placeholders of Kitty need that.
    """
    if wanted == Protocol.KITTY and not has_colours:
        return Protocol.HALF
    if wanted in tuple(Protocol):
        return Protocol(wanted)
    if wanted != AUTO or not answers.is_complete or not may_be_asked(environment):
        return Protocol.HALF
    name = _name(environment, answers)
    if answers.has_kitty and has_colours and draws_placeholders(environment, answers):
        return Protocol.KITTY
    if answers.has_sixel:
        return Protocol.SIXEL
    return Protocol.ITERM if any(one in name for one in _DRAWS_INLINE) else Protocol.HALF


_ANSWER = re.compile(
    "\x1b_G[^\x1b\x07]{0,200}\x1b\\\\"
    "|\x1bP>\\|[^\x1b\x07]{0,200}\x1b\\\\"
    "|\x1b\\[6;[0-9]{1,5};[0-9]{1,5}t"
    "|\x1b\\[\\?[0-9;]{0,60}c"
)
_BEGUN = re.compile(
    "\x1b(?:_(?:G[^\x1b]{0,200}\x1b?)?|P(?:>(?:\\|[^\x1b]{0,200}\x1b?)?)?|\\[(?:[?6][0-9;]{0,60})?)?\\Z"
)
"""What may be the first half of an answer, at the end of what was read."""


class AnswerGuard:
    """Takes answers of the terminal out of what is typed, in whatever pieces they come."""

    def __init__(self) -> None:
        self.answers = Answers()
        self.is_waiting = False
        """Answers are on their way: what may be half of one is kept back until more is read."""
        self._held = ""
        self.heard: Callable[[], None] = lambda: None
        """Called, in the thread that reads keys, when something was answered in time."""

    def filtered(self, text: str) -> str:
        """Return what was typed, without answers; at once, but for what may be half of one."""
        text, self._held = self._held + text, ""
        if "\x1b" not in text:
            return text
        for answer in _ANSWER.findall(text) if self.is_waiting else ():
            self._note(answer)
        text = _ANSWER.sub("", text)
        if self.is_waiting and (begun := _BEGUN.search(text)):
            text, self._held = text[: begun.start()], begun[0]
        return text

    def released(self) -> str:
        """Return what was kept back: nothing more has come, so it was typed."""
        held, self._held = self._held, ""
        return held

    def _note(self, answer: str) -> None:
        found = self.answers
        if answer.startswith("\x1b_G"):
            found.has_kitty = answer[3:-2].endswith(";OK")
        elif answer.startswith("\x1bP"):
            found.name = answer[4:-2].lower()
        elif answer.endswith("t"):
            _six, height, width = answer[2:-1].split(";")
            if 0 < int(width) <= _LARGEST_CELL and 0 < int(height) <= _LARGEST_CELL:
                found.cell = int(width), int(height)
        else:
            found.has_sixel = _SIXEL in answer[3:-1].split(";")[1:]
            found.is_complete = True
        self.heard()
