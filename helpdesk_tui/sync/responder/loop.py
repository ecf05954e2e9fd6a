"""The automatic responder's thread: answers visitors, hands over, ends what is solved."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from helpdesk_tui.db.chat.responding import Talking
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.answering.conduct import Action, Asked, Reason, Step, decide
from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.phrases import Saying
from helpdesk_tui.domain.answering.prompting import MOST_PASSAGES, MOST_TURNS, Turn, Worded
from helpdesk_tui.domain.answering.responder import Kind, Responder, Verdict
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.domain.languages import base_language, speaks
from helpdesk_tui.domain.setting.responder import AI_SECRET, AI_WEBHOOK_SECRET, OFF
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.services.chat.knowledge import Knowledge
from helpdesk_tui.services.chat.responding import Handing, Manner, Responding, summary_of
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.secrets import find_secret
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.responder.endpoint import Endpoint
from helpdesk_tui.sync.responder.errands import Errands
from helpdesk_tui.sync.responder.stoppable import Breaker, Stopped
from helpdesk_tui.sync.responder.webhook import WebhookError, tell

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0
_STORE_PAUSE = 10.0
_SOONEST = 0.05
_MODELLED = (Kind.ANSWER, Kind.UNKNOWN)

Secret = Callable[[str], str]
"""Gives a secret by its name; empty where there is none."""


def stored_secret(store: Store) -> Secret:
    """Return what gives the secrets that are kept for a store."""

    def secret(name: str) -> str:
        try:
            found = find_secret(store.paths.root, name)
        except HelpdeskError as error:
            log.warning("the secret %s cannot be read: %s", name, error.code)
            return ""
        return found.reveal() if found else ""

    return secret


class ResponderLoop(Loop):
    """Woken when the store changes; sleeps until a visitor has been quiet or gone long enough."""

    def __init__(
        self,
        store: Store,
        *,
        now: Clock = utc_now,
        secret: Secret | None = None,
        post: Callable[..., None] = tell,
        threads: int = 0,
    ) -> None:
        """Make the loop.

        Args:
            store: Where the chats are.
            now: The clock.
            secret: Gives a secret by its name.
            post: Tells another system of a chat.
            threads: How many chats may wait for other systems beside each other; none: one after
                the other, in the loop's own thread.
        """
        super().__init__("responder")
        self._errands = Errands(threads, self.wake)
        self._model = Breaker()
        self._work = Responding(store, now=now)
        self._knowledge = Knowledge(store)
        self._secret = secret or stored_secret(store)
        self._post = post
        self._now = now

    def store_changed(self) -> None:
        """A visitor may have written."""
        self.wake()

    def start(self) -> None:
        """Begin, with the threads that wait for other systems."""
        super().start()
        self._errands.start()

    def interrupt(self) -> None:
        """Let those threads end, too."""
        self._errands.stop()

    def join(self, seconds: float) -> bool:
        """Wait for the end of all of them; tell whether it came."""
        deadline = time.monotonic() + seconds
        is_done = self._errands.join(seconds)
        return super().join(max(0.0, deadline - time.monotonic())) and is_done

    def step(self) -> float:
        """Do what is due in all chats; return the seconds until something else is."""
        try:
            return self.respond()
        except StoreError as error:
            log.error("%s: %s", self.name, error)
        except Stopped:
            log.info("%s was told to end", self.name)
        return _STORE_PAUSE

    def respond(self) -> float:
        """Do what is due; blocks. Returns the seconds until something else is."""
        talking = self._work.talking()
        if not talking:
            return _LONGEST_SLEEP
        manner = self._work.manner()
        waits = []
        for talk in talking:
            if self.stopping.is_set():
                break
            free_in = self._errands.free_in(talk.ticket_id)
            if free_in == 0.0:
                waits.append(self._one(talk, manner))
            elif free_in is not None:
                waits.append(free_in)
        return max(_SOONEST, min([_LONGEST_SLEEP, *waits]))

    def _one(self, talk: Talking, manner: Manner) -> float:
        """Do what is due in one chat; return the seconds until something is."""
        language = base_language(talk.language)
        if manner.agent == OFF or talk.wants_person:
            # switched off meanwhile: people have what it was in the middle of
            reason = Reason.OFF if manner.agent == OFF else Reason.ASKED
            self._hand_over(talk, manner, Handing(reason, language, self._given(talk)))
            return _LONGEST_SLEEP
        if talk.open_questions:
            settles = self._work.settles_in(talk)
            if settles > 0:
                return settles
            self._answer(talk, manner)
            return _LONGEST_SLEEP
        leaves = self._work.leaves_in(talk, manner)
        if leaves is None:
            return _LONGEST_SLEEP
        if leaves > 0:
            return leaves
        if talk.given and not talk.misses:
            self._work.solve(talk, manner, language, aloud=False)
        else:
            self._hand_over(talk, manner, Handing(Reason.LEFT, language, self._given(talk)))
        return _LONGEST_SLEEP

    # answering -------------------------------------------------------------------------------

    def _answer(self, talk: Talking, manner: Manner) -> None:
        responder = self._knowledge.responder()
        asked = talk.open_questions
        verdict = responder.ask("\n".join(each.text for each in asked), talk.language)
        has_files = any(each.has_files for each in asked)
        step = decide(verdict, Asked(talk.misses, has_files, talk.given))
        if manner.has_endpoint and verdict.kind in _MODELLED and not has_files:
            self._errands.run(
                talk.ticket_id, partial(self._answer_worded, talk, manner, verdict, step)
            )
        else:
            self._do(talk, manner, verdict, step)

    def _answer_worded(self, talk: Talking, manner: Manner, verdict: Verdict, step: Step) -> None:
        """Answer in the words of a language model; without any in those of the shop."""
        found = self._worded(talk, manner, verdict)
        if found is not None and found.answer:
            self._work.answer(
                talk, manner, found.answer, found.passages, verdict.language,
                confidence=verdict.confidence, worded=True,
            )  # fmt: skip
        else:
            self._do(talk, manner, verdict, step)

    def _do(self, talk: Talking, manner: Manner, verdict: Verdict, step: Step) -> None:
        language = verdict.language
        if step.action is Action.ANSWER and step.passage is not None:
            self._work.answer(
                talk, manner, verdict.answer, [step.passage], language,
                confidence=verdict.confidence,
            )  # fmt: skip
        elif step.action is Action.SOLVE:
            self._work.solve(talk, manner, language, aloud=True)
        elif step.action is Action.HAND_OVER:
            looked = tuple(fit.passage.source for fit in verdict.fits)
            reason = step.reason or Reason.UNSURE
            self._hand_over(talk, manner, Handing(reason, language, self._given(talk), looked))
        else:
            saying = step.saying or Saying.REPHRASE
            self._work.say(talk, manner, saying, language, step.misses)

    def _worded(self, talk: Talking, manner: Manner, verdict: Verdict) -> Worded | None:
        passages: list[Passage] = [fit.passage for fit in verdict.fits][:MOST_PASSAGES]
        if not passages or not self._model.is_closed:
            return None
        endpoint = Endpoint(manner.endpoint_url, manner.endpoint_model, self._secret(AI_SECRET))
        turns = [Turn(each.is_customer, each.text) for each in talk.said[-MOST_TURNS:]]
        found = endpoint.word(passages, turns, verdict.language, stopping=self.stopping)
        self._model.note(is_fine=found is not None)
        return found

    def _given(self, talk: Talking) -> tuple[str, ...]:
        """Return the names of what was answered with, as far as they are still there."""
        responder: Responder = self._knowledge.responder()
        nearest = sorted(responder.passages, key=lambda each: speaks(each.language, talk.language))
        names = {each.id: each.source for each in nearest}
        return tuple(names.get(each, each) for each in sorted(talk.given))

    # handing over ----------------------------------------------------------------------------

    def _hand_over(self, talk: Talking, manner: Manner, handing: Handing) -> None:
        if manner.handover == "message" and handing.reason is not Reason.LEFT:
            self._work.hand_elsewhere(talk, manner, handing)
            return
        if manner.handover == "webhook":
            self._errands.run(talk.ticket_id, partial(self._hand_by_webhook, talk, manner, handing))
            return
        self._work.hand_over(talk, manner, handing)

    def _hand_by_webhook(self, talk: Talking, manner: Manner, handing: Handing) -> None:
        if self._told(talk, manner, handing):
            self._work.hand_elsewhere(talk, manner, handing)
        else:
            self._work.hand_over(talk, manner, handing)

    def _told(self, talk: Talking, manner: Manner, handing: Handing) -> bool:
        """Tell the other system of a chat; where that fails the inbox has it."""
        post = partial(
            self._post, key=talk.conversation, wait=self.stopping.wait, stopping=self.stopping
        )
        try:
            post(manner.webhook_url, self._secret(AI_WEBHOOK_SECRET), _facts(talk, manner, handing))
        except WebhookError as error:
            if self.stopping.is_set():
                # it is told again, with the same key, when the worker runs again
                raise Stopped from error
            log.warning("a chat goes to the inbox instead: %s", error.code)
            return False
        return True


def _facts(talk: Talking, manner: Manner, handing: Handing) -> dict[str, Any]:
    """Return what another system is told of a chat."""
    return {
        "event": "chat.handed-over",
        "ticket": str(talk.ticket_id),
        "conversation": talk.conversation,
        "reason": handing.reason.value,
        "language": talk.language,
        "customer": {"name": talk.customer_name, "address": talk.customer_address},
        "summary": summary_of(talk, manner, handing),
        "messages": [
            {
                "from": "customer" if each.is_customer else "assistant",
                "text": each.text,
                "at": rfc3339(each.at),
            }
            for each in talk.said
        ],
    }
