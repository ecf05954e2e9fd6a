"""The automatic responder at work: which chats wait for it, and what it says and does in them.

Everything that it says is a message of the thread, in the transaction that notes what it did; who
took the chat meanwhile, or wrote into it, is always first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.chat import responding as rows
from helpdesk_tui.db.chat.responding import Talking
from helpdesk_tui.db.chat.timers import Automatic, queue_automatic
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.answering.conduct import Reason
from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.phrases import Saying, say, with_source
from helpdesk_tui.domain.answering.summary import summary
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.languages import base_language, in_language
from helpdesk_tui.domain.messages import AuthorKind
from helpdesk_tui.domain.setting import responder as names
from helpdesk_tui.domain.setting.held import Held, span_in, text_in
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.domain.webchat import responder as verbs
from helpdesk_tui.services.applying import Verb, apply_verb
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

SETTLES = timedelta(seconds=0.8)
"""How long a visitor has to be quiet: several messages in a row get one answer."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the responder shall work, from the settings."""

    agent: str = names.OFF
    name: str = names.DEFAULT_NAME
    handover: str = "inbox"
    handover_message: str = ""
    webhook_url: str = ""
    endpoint_url: str = ""
    endpoint_model: str = ""
    solved_after: timedelta = timedelta(minutes=10)
    language: str = "en"
    """Of the desk: notes are written in it."""

    @property
    def has_endpoint(self) -> bool:
        """Whether a language model is to be asked."""
        return self.agent == "endpoint" and bool(self.endpoint_url and self.endpoint_model)


@dataclass(frozen=True, slots=True)
class Handing:
    """What is known where a chat is handed over."""

    reason: Reason
    language: str
    """Of the visitor."""
    given: tuple[str, ...] = ()
    """Names of what was answered with."""
    looked_at: tuple[str, ...] = ()
    """Names of what fitted best."""


class Responding:
    """Reads and writes for the responder; every call blocks.

    Each writing call gives False, and has done nothing, where the chat is not as it was seen: the
    visitor wrote again, or an agent has it.
    """

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now

    def manner(self) -> Manner:
        """Return how the responder shall work."""
        with self._store.read() as connection:
            return _manner(load_desk_settings(connection))

    def talking(self) -> list[Talking]:
        """Return the chats that it talks in, with what was said."""
        with self._store.read() as connection:
            return rows.load_talking(connection)

    def settles_in(self, talk: Talking) -> float:
        """Return the seconds until a visitor has been quiet for long enough."""
        asked = talk.open_questions
        if not asked:
            return 0.0
        return (asked[-1].at + SETTLES - self._now()).total_seconds()

    def leaves_in(self, talk: Talking, manner: Manner) -> float | None:
        """Return the seconds until a visitor who left counts as gone; None while they are there."""
        if talk.offline_since is None or not talk.said:
            return None
        since = max(talk.offline_since, talk.said[-1].at)
        return (since + manner.solved_after - self._now()).total_seconds()

    def answer(
        self, talk: Talking, manner: Manner, text: str, passages: Sequence[Passage], language: str,
        *, confidence: float = 0.0, worded: bool = False,
    ) -> bool:  # fmt: skip
        """Say an answer with the name of where it stands.

        Args:
            talk: The chat as it was seen.
            manner: How the responder works.
            text: The answer.
            passages: Where it stands.
            language: Of the visitor.
            confidence: How sure it is, for the log.
            worded: A language model has worded it.
        """
        source = ", ".join(dict.fromkeys(each.source for each in passages))
        facts: dict[str, Any] = {
            "passage": passages[0].id if passages else "", "confidence": round(confidence * 100)
        }  # fmt: skip
        if worded:
            facts["worded"] = True
        with self._store.write() as connection:
            if not _is_as_seen(connection, talk):
                return False
            queued = self._queue(connection, talk, manner, with_source(text, source, language))
            rows.save_misses(connection, talk.ticket_id, 0)
            told = Entry(rows.ANSWERED, talk.ticket_id, queued.message_id, {}, facts)
            activity.record(connection, SYSTEM, self._now(), [queued, told])
        return True

    def say(
        self, talk: Talking, manner: Manner, saying: Saying, language: str, misses: int
    ) -> bool:
        """Say something in its own name, and note how many misses there are by now."""
        with self._store.write() as connection:
            if not _is_as_seen(connection, talk):
                return False
            queued = self._queue(connection, talk, manner, say(saying, language))
            rows.save_misses(connection, talk.ticket_id, misses)
            activity.record(connection, SYSTEM, self._now(), [queued])
        return True

    def hand_over(self, talk: Talking, manner: Manner, handing: Handing) -> bool:
        """Put a chat before the agents, with a note of what was said."""
        now = self._now()
        return self._end(
            talk, manner, "chat.handed-over",
            lambda ticket: verbs.hand_over(ticket, now),
            in_language(manner.handover_message, handing.language)
            or say(Saying.HANDED_OVER, handing.language),
            handing=handing,
        )  # fmt: skip

    def hand_elsewhere(self, talk: Talking, manner: Manner, handing: Handing) -> bool:
        """Note that others go on with a chat: it ends here."""
        now = self._now()
        return self._end(
            talk, manner, "chat.handed-elsewhere",
            lambda ticket: verbs.elsewhere(ticket, now),
            in_language(manner.handover_message, handing.language)
            or say(Saying.HANDED_ELSEWHERE, handing.language),
            handing=handing,
        )  # fmt: skip

    def solve(self, talk: Talking, manner: Manner, language: str, *, aloud: bool) -> bool:
        """End a chat that was solved; ``aloud`` says good-bye."""
        now = self._now()
        text = say(Saying.SOLVED, language) if aloud else ""
        return self._end(
            talk, manner, "chat.solved", lambda ticket: verbs.solved(ticket, now), text
        )

    # how it is done --------------------------------------------------------------------------

    def _end(
        self, talk: Talking, manner: Manner, kind: str, verb: Verb, text: str,
        *, handing: Handing | None = None,
    ) -> bool:  # fmt: skip
        now, change_id = self._now(), new_change_id()
        with self._store.write() as connection:
            if not _is_as_seen(connection, talk):
                return False
            entries: list[Entry] = []
            if text and talk.offline_since is None:
                entries.append(self._queue(connection, talk, manner, text))
            if handing is not None:
                note = summary_of(talk, manner, handing)
                entries.append(rows.add_summary(connection, talk, manner.name, note, now))
            activity.record(connection, SYSTEM, now, entries)
            change = apply_verb(
                connection, SYSTEM, now, [talk.ticket_id], verb, kind=kind, change_id=change_id
            )
            return bool(change.changed)

    def _queue(
        self, connection: sqlite3.Connection, talk: Talking, manner: Manner, text: str
    ) -> Entry:
        message = Automatic(
            ticket_id=talk.ticket_id,
            channel=WEBCHAT.name,
            account_id=talk.account_id,
            sender=talk.site,
            recipient=talk.conversation,
            text=text,
            author=AuthorKind.AI,
            author_name=manner.name,
        )
        return queue_automatic(connection, message, self._now())


def summary_of(talk: Talking, manner: Manner, handing: Handing) -> str:
    """Return what people read of a chat that is handed over."""
    return summary(
        handing.reason,
        language=manner.language,
        asked=[each.text for each in talk.said if each.is_customer],
        answered=handing.given,
        looked_at=handing.looked_at,
    )


def _is_as_seen(connection: sqlite3.Connection, talk: Talking) -> bool:
    now = rows.load_talk(connection, talk.ticket_id)
    return now is not None and now.newest == talk.newest


def _manner(said: Held) -> Manner:
    return Manner(
        agent=names.agent_of(said),
        name=text_in(said, names.AI_NAME) or names.DEFAULT_NAME,
        handover=text_in(said, names.AI_HANDOVER) or "inbox",
        handover_message=text_in(said, names.AI_HANDOVER_MESSAGE),
        webhook_url=text_in(said, names.AI_WEBHOOK_URL),
        endpoint_url=text_in(said, names.AI_ENDPOINT_URL).rstrip("/"),
        endpoint_model=text_in(said, names.AI_ENDPOINT_MODEL),
        solved_after=span_in(said, names.AI_SOLVED_AFTER, names.DEFAULT_SOLVED_AFTER),
        language=base_language(text_in(said, LANGUAGE) or "en"),
    )
