"""A message that came through a provider becomes a ticket or joins one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blobs import pack, put_blobs
from helpdesk_tui.db.chat.chats import save_ticket
from helpdesk_tui.db.messaging import messages as rows
from helpdesk_tui.db.messaging.answers import is_answer
from helpdesk_tui.db.messaging.contacts import add_participant
from helpdesk_tui.db.messaging.messages import File
from helpdesk_tui.db.notices import packed_notices
from helpdesk_tui.db.numbering import last_id
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.mail import Notice, NoticeKind, notice_gist
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.messaging.received import Echo, OptOut, Received
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.reopening import Arrival, ReceivingTicket, after_arrival
from helpdesk_tui.domain.setting.held import Held
from helpdesk_tui.domain.setting.messaging import window_of
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.services.messaging.auto_reply import AutoReply
from helpdesk_tui.services.messaging.commands import Commands
from helpdesk_tui.services.messaging.files import file_rows
from helpdesk_tui.services.messaging.lines import Line, Person, Who
from helpdesk_tui.services.messaging.sends import attribute_arrival

if TYPE_CHECKING:
    import sqlite3

_CUSTOMER = Actor(ActorKind.CUSTOMER)
_SUBJECT = 70
"""Characters of the first message that become the subject."""
_QUOTED = 200
"""Characters shown of a message that is quoted."""
_MOST_NOTICES = 20
OUTSIDE_FIRST = "outside-first"
"""Reason of what our side wrote elsewhere to somebody without a ticket."""
DUPLICATE = Summary(seen=1, duplicates=1)


@dataclass(frozen=True, slots=True)
class _Word:
    """A message of either side, made ready to be stored."""

    external_id: str
    text: str
    sent_at: datetime
    files: list[File]
    notices: tuple[Notice, ...]
    raw_sha256: str

    @property
    def preview(self) -> str:
        """Return the first words, or what stands for them where it has none."""
        found = first_words(self.text) or (self.files[0].filename if self.files else "")
        shown = (each for each in self.notices if each.kind is not NoticeKind.QUOTED)
        return found or first_words(next((notice_gist(each) for each in shown), ""))


class Arrivals:
    """Stores messages of one account, inside a transaction of the caller."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        paths: StorePaths,
        line: Line,
        now: datetime,
        held: Held,
    ) -> None:
        self._connection = connection
        self._paths = paths
        self._line = line
        self._account = line.account
        self._now = now
        self._commands = Commands(connection, line, now, held)
        self._auto_reply = AutoReply(connection, line, now, held)
        self._window = window_of(held)
        self.heard: set[int] = set()
        """Tickets in which a customer wrote something."""

    def receive(self, news: Received, raw: bytes | None) -> tuple[Summary, int | None]:
        """Store a customer's message; return what became of it, and its id if it is one now."""
        if rows.is_stored(self._connection, self._account.id, news.external_id):
            return DUPLICATE, None
        person = self._line.person(Who(news.address, news.name, news.handle, news.former_address))
        command = self._commands.read(news)
        if command is not None:
            self._commands.obey(news, person, command, self._keep(raw))
            return Summary(seen=1, rejected=1), None
        if news.opt_out is not OptOut.NONE:
            self._commands.provider_obeyed(news)
        ticket = self._line.ticket(person)
        word = self._word(news, ticket, raw)
        is_new = ticket is None
        ticket = ticket or self._open(person, word)
        message_id = self._join(ticket, person, word)
        # that somebody has another number is the provider's word, and opens no window
        self._line.heard(person, ticket.id, None if news.former_address else news.at)
        self._auto_reply.consider(ticket, person, news.at)
        channel = self._account.channel
        if CHANNELS[channel].has_opt_out:
            attribute_arrival(
                self._connection, channel, ticket.profile_id, news.at, self._window, self._now
            )
        return Summary(seen=1, tickets=int(is_new), messages=int(not is_new)), message_id

    def adopt(self, news: Received | Echo) -> int:
        """Store a message that was set aside in a ticket of its customer; return the ticket."""
        person = self._line.person(Who(news.address, news.name))
        ticket = self._line.ticket(person)
        word = self._word(news, ticket, None)
        ticket = ticket or self._open(person, word)
        if isinstance(news, Received):
            self._join(ticket, person, word)
        else:
            self._join_ours(ticket, person, word)
        self._line.heard(person, ticket.id, None)
        return ticket.id

    def echo(self, news: Echo, raw: bytes | None) -> tuple[Summary, int | None]:
        """Store what our side said, unless it is a message of ours that is here already."""
        link, account = self._connection, self._account.id
        text = clean_lines(news.text).rstrip()
        known = (
            rows.is_stored(link, account, news.external_id)
            or is_answer(link, account, news.external_id)
            or rows.find_part(link, account, news.external_id) is not None
            or rows.adopt_part(
                link, account, news.external_id, address=news.address, text=text,
                has_files=bool(news.media),
            ) is not None
        )  # fmt: skip
        if known:
            return DUPLICATE, None
        person = self._line.person(Who(news.address, news.name, news.handle))
        ticket = self._line.standing(person.contact)
        if ticket is None:
            self._to_intake(news, OUTSIDE_FIRST, person.name, self._keep(raw))
            return Summary(seen=1, rejected=1), None
        message_id = self._join_ours(ticket, person, self._word(news, ticket, raw))
        self._line.heard(person, person.contact.ticket_id, None)
        return Summary(seen=1, messages=1), message_id

    def _join_ours(self, ticket: ReceivingTicket, person: Person, word: _Word) -> int:
        """Store what our side said elsewhere."""
        message_id = rows.insert_message(
            self._connection,
            {
                **self._values(ticket, word),
                "direction": Direction.OUTBOUND.value,
                "author_kind": AuthorKind.AGENT.value,
                "sender": self._account.address,
                "recipients": json.dumps([person.contact.address]),
                "flags": str(Flag.ANSWERED_OUTSIDE),
                "delivery": Delivery.SENT.value,
            },
            word.files,
        )
        after = _after_echo(ticket, word, self._at(ticket, word))
        save_ticket(self._connection, after, self._now)
        self._note("message.outside", ticket.id, message_id, actor=SYSTEM)
        return message_id

    def _word(
        self, news: Received | Echo, ticket: ReceivingTicket | None, raw: bytes | None
    ) -> _Word:
        notices = [_cleaned(each) for each in news.notices[:_MOST_NOTICES]]
        if isinstance(news, Received) and news.answers:
            notices += self._quoted(news.answers, ticket)
        return _Word(
            external_id=news.external_id,
            text=clean_lines(news.text).rstrip(),
            sent_at=news.at,
            files=file_rows(self._connection, self._paths, news.media, self._now),
            notices=tuple(notices),
            raw_sha256=self._keep(raw),
        )

    def _quoted(self, external_id: str, ticket: ReceivingTicket | None) -> list[Notice]:
        """Return the card of a message that a customer answers, if it is one of their ticket."""
        found = rows.find_message(self._connection, self._account.id, external_id)
        if found is None or ticket is None:
            return []
        values = (
            ("id", str(found.id)),
            ("author", found.author_name),
            ("text", shorten(" ".join(found.text.split()), _QUOTED)),
        )
        return [Notice(NoticeKind.QUOTED, values)]

    def _keep(self, raw: bytes | None) -> str:
        """Store the provider's own words; return what they are found by."""
        if raw is None:
            return ""
        sha256 = hashlib.sha256(raw).hexdigest()
        put_blobs(self._connection, self._paths, [pack(sha256, raw)])
        return sha256

    def _open(self, person: Person, word: _Word) -> ReceivingTicket:
        """Make a ticket, to which its first message comes next."""
        at = min(to_us(word.sent_at), to_us(self._now))
        ticket = ReceivingTicket(
            id=last_id(self._connection, "ticket") + 1,
            profile_id=person.contact.profile_id,
            customer_name=person.name,
            customer_address=person.contact.address,
            status=Status.OPEN,
            spam=person.is_blocked,
            unread=False,
            automatic=False,
            snooze_keep=False,
            snoozed_until=None,
            closed_at=None,
            created_at=at,
            last_message_at=at,
            waiting_since=None,
            message_count=0,
            has_media=False,
            preview="",
            flags=(),
            subject=subject_of(word.text) or word.preview,
            channel=self._account.channel,
        )
        rows.insert_ticket(
            self._connection, ticket, self._account.id, self._account.address, self._now
        )
        add_participant(self._connection, ticket.id, person.contact.address, person.name)
        after: dict[str, Any] = {"channel": ticket.channel, "status": ticket.status.value}
        if person.is_blocked:
            after["spam"] = True
        self._note("ticket.created", ticket.id, after=after)
        return ticket

    def _join(self, ticket: ReceivingTicket, person: Person, word: _Word) -> int:
        at = self._at(ticket, word)
        message_id = rows.insert_message(
            self._connection,
            {
                **self._values(ticket, word),
                "direction": Direction.INBOUND.value,
                "author_kind": AuthorKind.CUSTOMER.value,
                "author_name": person.name,
                "sender": person.contact.address,
                "flags": str(Flag.BLOCKED) if person.is_blocked else "",
                "delivery": Delivery.RECEIVED.value,
            },
            word.files,
        )
        arrival = Arrival(
            at=at,
            preview=word.preview,
            has_media=bool(word.files),
            is_blocked=person.is_blocked,
        )
        after = _named(after_arrival(ticket, arrival), person)
        save_ticket(self._connection, after, self._now)
        self._note_message(ticket, after, message_id, is_blocked=person.is_blocked)
        if not person.is_blocked:
            self._line.answer_to(ticket, person)
            self.heard.add(ticket.id)
        return message_id

    def _at(self, ticket: ReceivingTicket, word: _Word) -> int:
        """Return when a message counts as received: what came in order stays in order."""
        newest = rows.newest_message(self._connection, ticket.id)[1]
        return max(min(to_us(word.sent_at), to_us(self._now)), newest)

    def _values(self, ticket: ReceivingTicket, word: _Word) -> dict[str, Any]:
        """Return the columns that a message of either side has."""
        return {
            "ticket_id": ticket.id,
            "channel": self._account.channel,
            "channel_account_id": self._account.id,
            "text": word.text,
            "notices": packed_notices(word.notices),
            "external_id": word.external_id,
            "raw_sha256": word.raw_sha256,
            "sent_at": word.sent_at,
            "received_at": from_us(self._at(ticket, word)),
        }

    def _note_message(
        self, before: ReceivingTicket, after: ReceivingTicket, message_id: int, *, is_blocked: bool
    ) -> None:
        kind = "message.blocked" if is_blocked else "message.received"
        self._note(kind, after.id, message_id)
        if before.status is not after.status:
            kind = "ticket.woken" if before.status is Status.SNOOZED else "ticket.reopened"
            self._note(kind, after.id, message_id, {"status": before.status.value},
                       {"status": after.status.value})  # fmt: skip

    def _to_intake(self, news: Received | Echo, reason: str, name: str, raw_sha256: str) -> None:
        text = clean_lines(news.text).strip()
        rows.insert_intake(
            self._connection,
            {
                "channel_account_id": self._account.id,
                "received_at": to_us(self._now),
                "reason": reason,
                "detail": json.dumps({"text": text} if text else {}),
                "sender": self._account.address if isinstance(news, Echo) else news.address,
                "external_id": news.external_id,
                "raw_sha256": raw_sha256,
                "preview": first_words(text),
                "customer_name": name,
                "customer_address": news.address,
            },
        )

    def _note(
        self, kind: str, ticket_id: int, message_id: int | None = None,
        before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
        *, actor: Actor = _CUSTOMER,
    ) -> None:  # fmt: skip
        entry = Entry(kind, ticket_id, message_id, before or {}, after or {})
        activity.record(self._connection, actor, self._now, [entry])


def subject_of(text: str) -> str:
    """Return what the first message of a ticket makes its subject."""
    return shorten(" ".join(text.split()), _SUBJECT)


def _after_echo(ticket: ReceivingTicket, word: _Word, at: int) -> ReceivingTicket:
    """Return a ticket after an answer from elsewhere: no clock stops, nothing is reopened."""
    return replace(
        ticket,
        message_count=ticket.message_count + 1,
        has_media=ticket.has_media or bool(word.files),
        last_message_at=max(ticket.last_message_at, at),
        preview=word.preview or ticket.preview,
    )


def _named(ticket: ReceivingTicket, person: Person) -> ReceivingTicket:
    """Return a ticket with the name of its customer, where it had none but a number or an id."""
    is_nameless = ticket.customer_name in ("", ticket.customer_address)
    return replace(ticket, customer_name=person.name) if is_nameless else ticket


def _cleaned(notice: Notice) -> Notice:
    return Notice(notice.kind, tuple((clean(name), clean(value)) for name, value in notice.values))
