"""What a provider's news do: messages to tickets, and what is said of messages to them.

Everything here may come twice, late, or before what it is about.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.messaging import messages as rows
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import Direction
from helpdesk_tui.domain.messaging.received import (
    Echo,
    Gap,
    News,
    Reaction,
    ReadUpTo,
    Received,
    StatusNews,
    Unsent,
)
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.setting.held import Held
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import from_us, rfc3339, to_us
from helpdesk_tui.services.messaging.arrivals import Arrivals, subject_of
from helpdesk_tui.services.messaging.lines import Line
from helpdesk_tui.services.messaging.statuses import apply_read, apply_status
from helpdesk_tui.services.scheduling import withdraw

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

_CUSTOMER = Actor(ActorKind.CUSTOMER)
_UNSENT, _REACTION = "unsent", "reaction"
_EARLY = (_UNSENT, _REACTION)
"""What ``early_status`` keeps beside delivery states, until the message comes it is said of."""


class MessageEvents:
    """Stores news of one account, one by one, inside a transaction of the caller."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        paths: StorePaths,
        account: Account,
        now: datetime,
        held: Held,
    ) -> None:
        self._connection = connection
        self._account = account
        self._now = now
        self._line = Line(connection, account, now)
        self._arrivals = Arrivals(connection, paths, self._line, now, held)

    def add(self, news: News, raw: bytes | None) -> Summary:
        """Store one thing; return what became of it.

        Args:
            news: What the adapter has understood.
            raw: The provider's own words, kept beside it.
        """
        if isinstance(news, Received | Echo):
            return self._message(news, raw)
        does: dict[type, Callable[[Any], None]] = {
            StatusNews: self._status,
            ReadUpTo: self._read,
            Unsent: self._unsent,
            Reaction: self._reaction,
            Gap: self._gap,
        }
        does[type(news)](news)
        return Summary()

    def finish(self) -> None:
        """Put replies back into their drafts that were overtaken by what customers wrote."""
        withdraw(self._connection, self._now, self._arrivals.heard)

    def _message(self, news: Received | Echo, raw: bytes | None) -> Summary:
        if isinstance(news, Received):
            summary, message_id = self._arrivals.receive(news, raw)
        else:
            summary, message_id = self._arrivals.echo(news, raw)
        if message_id is not None:
            self._catch_up(news.external_id)
        return summary

    def _catch_up(self, external_id: str) -> None:
        """Do what was said of a message before it came."""
        early = rows.take_words(self._connection, self._account.id, external_id, _EARLY)
        for state, code, text, at in early:
            message = rows.find_message(self._connection, self._account.id, external_id)
            if message is None:
                return
            if state == _UNSENT:
                self._blank(message)
            else:
                self._put_sign(message, text, code, at)

    def _status(self, news: StatusNews) -> None:
        apply_status(self._connection, SYSTEM, self._now, self._account.id, news)

    def _read(self, news: ReadUpTo) -> None:
        link, account = self._connection, self._account.id
        apply_read(link, SYSTEM, self._now, account, news)
        # what was written elsewhere was sent in no parts of ours
        for ticket_id in rows.mark_outside_read(link, account, news.address, to_us(news.at)):
            rows.touch(link, ticket_id, self._now)

    def _unsent(self, news: Unsent) -> None:
        message = rows.find_message(self._connection, self._account.id, news.external_id)
        if message is None:
            rows.keep_word(self._connection, self._account.id, news.external_id, _UNSENT, news.at)
        else:
            self._blank(message)

    def _blank(self, message: rows.Known) -> None:
        """Make a message a tombstone; what lists show of it goes too."""
        if any(each.kind is NoticeKind.UNSENT for each in message.notices):
            return
        link = self._connection
        rows.drop_unused_blobs(link, rows.blank(link, message))
        rows.hide_words(
            link, message, subject=subject_of(message.text), preview=first_words(message.text)
        )
        last = rows.last_words(link, message.ticket_id)
        rows.set_preview(link, message.ticket_id, first_words(last))
        is_theirs = message.direction == Direction.INBOUND
        self._note(
            "message.taken-back", message.ticket_id, message.id,
            actor=_CUSTOMER if is_theirs else SYSTEM,
        )  # fmt: skip
        rows.touch(link, message.ticket_id, self._now)

    def _reaction(self, news: Reaction) -> None:
        link, account = self._connection, self._account.id
        by = "us" if news.is_ours else "customer"
        emoji = clean(news.emoji).strip()
        message = rows.find_message(link, account, news.external_id)
        if message is None:
            rows.keep_word(link, account, news.external_id, _REACTION, news.at, code=by, text=emoji)
        else:
            self._put_sign(message, emoji, by, to_us(news.at))

    def _put_sign(self, message: rows.Known, emoji: str, by: str, at: int) -> None:
        """Put a sign to a message in place of the one before by the same side."""
        if any(each.kind is NoticeKind.UNSENT for each in message.notices):
            return
        kept = [each for each in message.notices if not _is_sign(each, by)]
        before = next((dict(each.values) for each in message.notices if _is_sign(each, by)), {})
        when = rfc3339(min(from_us(at), self._now))
        if before and before.get("at", "") > when:
            return
        values = (("emoji", emoji), ("by", by), ("at", when))
        after = [*kept, Notice(NoticeKind.REACTION, values)] if emoji else kept
        if tuple(after) != message.notices:
            rows.set_notices(self._connection, message.id, after)
            rows.touch(self._connection, message.ticket_id, self._now)

    def _gap(self, news: Gap) -> None:
        """Say in the thread that words are missing which the provider does not show any more."""
        contact = self._line.known(news.address)
        ticket = None if contact is None else self._line.standing(contact)
        if ticket is None:
            log.warning("account %s: a gap before anything was received", self._account.name)
            return
        after = {"code": news.code, "until": to_us(news.at), **dict(news.values)}
        if not rows.has_event(self._connection, ticket.id, "messaging.gap", after):
            self._note("messaging.gap", ticket.id, after=after, actor=SYSTEM)

    def _note(
        self, kind: str, ticket_id: int, message_id: int | None = None,
        *, after: Mapping[str, Any] | None = None, actor: Actor = _CUSTOMER,
    ) -> None:  # fmt: skip
        entry = Entry(kind, ticket_id, message_id, {}, after or {})
        activity.record(self._connection, actor, self._now, [entry])


def _is_sign(notice: Notice, by: str) -> bool:
    return notice.kind is NoticeKind.REACTION and dict(notice.values).get("by") == by
