"""What the responder does with a message: answers, asks again, hands over. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.phrases import Saying
from helpdesk_tui.domain.answering.responder import Kind, Verdict

MOST_MISSES = 2
"""Questions in a row without an answer after which a person takes over."""
UNSURE = 0.3
"""From here on something of the shop's may well be meant: a person sees to it at once."""


class Reason(StrEnum):
    """Why a chat is handed over."""

    ASKED = "asked"
    UNSURE = "unsure"
    MISSES = "misses"
    NOT_HELPED = "not-helped"
    REPEATED = "repeated"
    FILES = "files"
    LEFT = "left"
    """The visitor went away without an answer."""
    OFF = "off"
    """The responder was switched off."""


class Action(StrEnum):
    """What is done."""

    ANSWER = "answer"
    SAY = "say"
    HAND_OVER = "hand-over"
    SOLVE = "solve"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a chat stands when its visitor has written."""

    misses: int = 0
    has_files: bool = False
    given: frozenset[str] = frozenset()
    """Passages that were answered with already."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    action: Action
    saying: Saying | None = None
    reason: Reason | None = None
    misses: int = 0
    verdict: Verdict | None = field(default=None, compare=False)

    @property
    def passage(self) -> Passage | None:
        """What is answered with."""
        is_answer = self.action is Action.ANSWER and self.verdict is not None
        return self.verdict.passage if is_answer and self.verdict else None


def decide(verdict: Verdict, asked: Asked) -> Step:
    """Return what is done about a message."""
    if verdict.kind is Kind.PERSON:
        return _over(Reason.ASKED, verdict)
    if asked.has_files:
        return _over(Reason.FILES, verdict)
    if verdict.kind is Kind.GREETING:
        return Step(Action.SAY, Saying.GREETING, misses=asked.misses, verdict=verdict)
    if verdict.kind is Kind.ANSWER and verdict.passage is not None:
        if verdict.passage.id in asked.given:
            return _over(Reason.REPEATED, verdict)
        return Step(Action.ANSWER, verdict=verdict)
    if verdict.kind is Kind.THANKS or (verdict.kind is Kind.SOLVED and not asked.given):
        return Step(Action.SAY, Saying.THANKS, misses=asked.misses, verdict=verdict)
    if verdict.kind is Kind.SOLVED:
        return Step(Action.SOLVE, Saying.SOLVED, verdict=verdict)
    return _missed(verdict, asked)


def _missed(verdict: Verdict, asked: Asked) -> Step:
    if verdict.kind is Kind.UNSOLVED and asked.given:
        return _over(Reason.NOT_HELPED, verdict)
    if verdict.confidence >= UNSURE:
        return _over(Reason.UNSURE, verdict)
    misses = asked.misses + 1
    if misses >= MOST_MISSES:
        return _over(Reason.MISSES, verdict)
    return Step(Action.SAY, Saying.REPHRASE, misses=misses, verdict=verdict)


def _over(reason: Reason, verdict: Verdict) -> Step:
    return Step(Action.HAND_OVER, Saying.HANDED_OVER, reason, verdict=verdict)
