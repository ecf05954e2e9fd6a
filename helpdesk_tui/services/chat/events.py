"""What the relay tells of chats becomes tickets, inside one transaction of the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blobs import pack, put_blobs
from helpdesk_tui.db.chat import chats as rows
from helpdesk_tui.db.chat.chats import ChatRow
from helpdesk_tui.db.chat.visitors import Customer, add_participant, customer_of, ticket_is_blocked
from helpdesk_tui.db.faq import count_vote
from helpdesk_tui.db.known import load_receiving
from helpdesk_tui.db.numbering import last_id
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.reopening import Arrival, ReceivingTicket, after_arrival, with_flags
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.triage import without
from helpdesk_tui.domain.webchat.chats import EndedBy, Responder
from helpdesk_tui.domain.webchat.wire import Event, EventKind, Visitor
from helpdesk_tui.services.scheduling import withdraw

if TYPE_CHECKING:
    import sqlite3

_CUSTOMER = Actor(ActorKind.CUSTOMER)
_ASKED = "chat.asked-for-person"
_SUBJECT = 70
"""Characters of the first message that become the subject."""


class ChatEvents:
    """Stores events of one account in their order; what was stored before is passed over."""

    def __init__(
        self, connection: sqlite3.Connection, paths: StorePaths, account: Account, now: datetime,
        *, position: int, has_responder: bool,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._paths = paths
        self._account = account
        self._now = now
        self._position = position
        self._has_responder = has_responder
        self._heard: set[int] = set()
        self.summary = Summary()
        """What became of the events so far."""

    def add(self, event: Event, files: Mapping[str, bytes]) -> None:
        """Store one event; ``files`` has the bytes of uploads by their SHA-256."""
        if event.kind is EventKind.VOTE:
            self._vote(event)
            return
        chat = rows.find_chat(self._connection, self._account.id, event.conversation)
        if chat is not None and event.seq <= chat.last_seq:
            self.summary += Summary(seen=1, duplicates=1)
            return
        begins = event.kind in (EventKind.STARTED, EventKind.MESSAGE) and event.conversation
        if chat is None and begins:
            chat = self._open(event)
        if chat is None:
            # a conversation that neither began nor said anything here is nobody's ticket
            self.summary += Summary(seen=1, rejected=1)
            return
        rows.update_chat(self._connection, chat.ticket_id, {"last_seq": event.seq})
        self._do(event, chat, files)

    def finish(self) -> None:
        """Put replies back into their drafts that were overtaken by what a visitor wrote."""
        withdraw(self._connection, self._now, self._heard)

    def _do(self, event: Event, chat: ChatRow, files: Mapping[str, bytes]) -> None:
        if event.kind is EventKind.MESSAGE:
            self._message(event, chat, files)
            return
        does: dict[EventKind, Callable[[Event, ChatRow], None]] = {
            EventKind.DELIVERED: self._reached,
            EventKind.SEEN: self._reached,
            EventKind.LEFT: self._left,
            EventKind.BACK: self._back,
            EventKind.PERSON: self._person,
            EventKind.ENDED: self._ended,
        }
        if event.kind in does:
            does[event.kind](event, chat)

    def _vote(self, event: Event) -> None:
        if event.seq > self._position:
            count_vote(self._connection, event.faq, event.language, helpful=event.helpful)

    def _open(self, event: Event) -> ChatRow:
        """Make the ticket of a conversation: each is one of its own."""
        at = min(to_us(event.at), to_us(self._now))
        visitor = _signed(event.visitor)
        who = Address(visitor.name, visitor.email)
        customer = customer_of(self._connection, self._account.address, visitor.id, who, at)
        is_first = self._has_responder and not customer.is_blocked
        address = customer.address if visitor.id else _nobody(event)
        ticket = self._new_ticket(customer, address, at, is_first=is_first)
        if who.addr:
            add_participant(self._connection, ticket.id, who)
        responder = Responder.ANSWERING if is_first else Responder.NONE
        rows.insert_chat(
            self._connection,
            {
                "ticket_id": ticket.id,
                "channel_account_id": self._account.id,
                "conversation": event.conversation,
                "visitor": visitor.id,
                "language": clean(event.language),
                "timezone": clean(event.timezone),
                "page": clean(event.page),
                "started_at": from_us(at),
                "responder": responder.value,
            },
        )
        after: dict[str, Any] = {"channel": WEBCHAT.name, "status": ticket.status.value}
        self._note("ticket.created", ticket.id, after={**after, **_spam(customer.is_blocked)})
        self.summary += Summary(tickets=1)
        return ChatRow(
            ticket.id, self._account.id, event.conversation, visitor.id, None, None, 0,
            responder, 0, 0,
        )  # fmt: skip

    def _new_ticket(
        self, customer: Customer, address: str, at: int, *, is_first: bool
    ) -> ReceivingTicket:
        """Write a ticket; while the assistant answers ``is_first``, it is nobody's work yet."""
        ticket = ReceivingTicket(
            id=last_id(self._connection, "ticket") + 1,
            profile_id=customer.profile_id,
            customer_name=customer.name,
            customer_address=address,
            status=Status.CLOSED if is_first else Status.OPEN,
            spam=customer.is_blocked,
            unread=False,
            automatic=False,
            snooze_keep=False,
            snoozed_until=None,
            closed_at=at if is_first else None,
            created_at=at,
            last_message_at=at,
            waiting_since=None,
            message_count=0,
            has_media=False,
            preview="",
            flags=(str(Flag.WITH_RESPONDER),) if is_first else (),
        )
        rows.insert_ticket(
            self._connection, ticket, self._account.id, self._account.address, self._now
        )
        if is_first:
            rows.save_ticket(self._connection, ticket, self._now)
        return ticket

    def _message(self, event: Event, chat: ChatRow, files: Mapping[str, bytes]) -> None:
        external_id = rows.visitor_message_id(event.conversation, event.client_id)
        ticket = load_receiving(self._connection, chat.ticket_id)
        if ticket is None or rows.has_message(self._connection, self._account.id, external_id):
            self.summary += Summary(seen=1, duplicates=1)
            return
        text = clean_lines(event.text).rstrip()
        stored = self._store_files(event, files)
        newest = rows.newest_moment(self._connection, ticket.id)
        # the order in which the visitor's words came holds, whatever the relay's clock says
        at = max(min(to_us(event.at), to_us(self._now)), newest)
        is_blocked = ticket_is_blocked(self._connection, chat.ticket_id, chat.visitor)
        message_id = rows.insert_message(
            self._connection,
            {
                "ticket_id": ticket.id,
                "channel_account_id": self._account.id,
                "author_name": ticket.customer_name,
                "sender": ticket.customer_address,
                "text": text,
                "flags": str(Flag.BLOCKED) if is_blocked else "",
                "external_id": external_id,
                "sent_at": event.at,
                "received_at": from_us(at),
            },
            stored,
        )
        first = stored[0][0] if stored else ""
        arrival = Arrival(
            at=at,
            preview=first_words(text) or first,
            has_media=bool(stored),
            is_blocked=is_blocked,
        )
        after = self._moved(ticket, chat, arrival)
        subject = ""
        if not ticket.subject and ticket.id == chat.ticket_id:
            subject = shorten(" ".join(text.split()) or first, _SUBJECT)
        rows.save_ticket(self._connection, after, self._now, subject=subject)
        self._note_message(ticket, after, message_id, event, is_blocked=is_blocked)
        self._is_there(chat, after)
        if not is_blocked:
            self._heard.add(ticket.id)
        self.summary += Summary(seen=1, messages=0 if ticket.message_count == 0 else 1)

    def _moved(self, ticket: ReceivingTicket, chat: ChatRow, arrival: Arrival) -> ReceivingTicket:
        """Return the ticket after a visitor's word; an ended chat and the responder's stay put."""
        is_responders = chat.responder is Responder.ANSWERING and (
            Flag.WITH_RESPONDER in ticket.flags
        )
        if not (is_responders or chat.ended_at is not None) or arrival.is_blocked:
            after = after_arrival(ticket, arrival)
            if after.status is Status.CLOSED:
                return after
            # what the responder had done with was not done
            return replace(after, flags=without(after.flags, Flag.BY_RESPONDER))
        return replace(
            ticket,
            message_count=ticket.message_count + 1,
            has_media=ticket.has_media or arrival.has_media,
            last_message_at=max(ticket.last_message_at, arrival.at),
            preview=arrival.preview,
            unread=ticket.unread or not is_responders,
        )

    def _note_message(
        self, before: ReceivingTicket, after: ReceivingTicket, message_id: int, event: Event,
        *, is_blocked: bool,
    ) -> None:  # fmt: skip
        kind = "message.blocked" if is_blocked else "message.received"
        found = {"faq": clean(event.faq)} if event.faq else {}
        self._note(kind, after.id, message_id, after=found)
        if before.status is not after.status:
            kind = "ticket.woken" if before.status is Status.SNOOZED else "ticket.reopened"
            self._note(kind, after.id, message_id, {"status": before.status.value},
                       {"status": after.status.value})  # fmt: skip

    def _is_there(self, chat: ChatRow, after: ReceivingTicket) -> None:
        """Whoever writes is there; and a chat that an agent is about to end goes on."""
        values: dict[str, Any] = {"offline_since": None}
        if chat.closing_at is not None and after.status is not Status.CLOSED:
            values["closing_at"] = None
            if chat.responder is not Responder.NONE:
                values["responder"] = Responder.HANDED_OVER.value
        rows.update_chat(self._connection, chat.ticket_id, values)

    def _store_files(self, event: Event, files: Mapping[str, bytes]) -> list[rows.File]:
        """Store what came with a message; a file that the relay no longer has keeps its name."""
        put_blobs(
            self._connection,
            self._paths,
            [pack(each.sha256, files[each.sha256]) for each in event.files if each.sha256 in files],
        )
        return [
            (clean(each.name), clean(each.content_type), each.size, each.sha256)
            for each in event.files
        ]

    def _reached(self, event: Event, chat: ChatRow) -> None:
        is_seen = event.kind is EventKind.SEEN
        message_id = rows.find_ours(self._connection, chat, event.message)
        if message_id is None:
            return
        reached = Delivery.READ if is_seen else Delivery.DELIVERED
        if rows.note_reached(self._connection, chat, message_id, reached):
            kind = "message.read" if is_seen else "message.delivered"
            self._note(kind, self._standing(chat), message_id, after={"delivery": reached.value})

    def _left(self, event: Event, chat: ChatRow) -> None:
        at = min(event.at, self._now)
        rows.update_chat(self._connection, chat.ticket_id, {"offline_since": at})
        self._note("chat.left", self._standing(chat))

    def _back(self, event: Event, chat: ChatRow) -> None:
        rows.update_chat(self._connection, chat.ticket_id, {"offline_since": None})
        self._note("chat.back", self._standing(chat))

    def _person(self, event: Event, chat: ChatRow) -> None:
        # whoever presses the button again and again has asked once, until somebody writes
        ticket_id = self._standing(chat)
        newest = rows.newest_moment(self._connection, ticket_id)
        if not rows.has_happened(self._connection, ticket_id, _ASKED, since=newest):
            self._note(_ASKED, ticket_id)

    def _ended(self, event: Event, chat: ChatRow) -> None:
        if chat.ended_at is None:
            end_chat(self._connection, _CUSTOMER, self._now, chat, EndedBy.VISITOR)

    def _standing(self, chat: ChatRow) -> int:
        """Return the ticket that the chat stands in now, merges followed."""
        ticket = load_receiving(self._connection, chat.ticket_id)
        return chat.ticket_id if ticket is None else ticket.id

    def _note(
        self, kind: str, ticket_id: int, message_id: int | None = None,
        before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        entry = Entry(kind, ticket_id, message_id, before or {}, after or {})
        activity.record(self._connection, _CUSTOMER, self._now, [entry])


def end_chat(
    connection: sqlite3.Connection, actor: Actor, now: datetime, chat: ChatRow, by: EndedBy
) -> None:
    """Make a chat final for both sides: its ticket closes, and says so if nobody had answered."""
    rows.update_chat(
        connection, chat.ticket_id, {"ended_at": now, "ended_by": by.value, "closing_at": None}
    )
    # what was to be said later reaches nobody any more
    withdraw(connection, now, [chat.ticket_id])
    ticket = load_receiving(connection, chat.ticket_id)
    if ticket is None or ticket.id != chat.ticket_id:
        return
    flags = [str(Flag.CHAT_ENDED)]
    if ticket.waiting_since is not None and by in (EndedBy.VISITOR, EndedBy.CHANNEL):
        flags.append(str(Flag.UNANSWERED))
    kept = ticket.flags
    if Flag.WITH_RESPONDER in kept:
        kept = tuple(flag for flag in kept if flag != Flag.WITH_RESPONDER)
        flags.append(str(Flag.BY_RESPONDER))
        rows.update_chat(connection, chat.ticket_id, {"responder": Responder.SOLVED.value})
    after = replace(
        ticket,
        status=Status.CLOSED,
        closed_at=ticket.closed_at or to_us(now),
        snoozed_until=None,
        snooze_keep=False,
        waiting_since=None,
        flags=with_flags(tuple(flag for flag in kept if flag != Flag.WOKEN), tuple(flags)),
    )
    rows.save_ticket(connection, after, now)
    entry = Entry(
        "chat.ended",
        ticket.id,
        None,
        {"status": ticket.status.value},
        {"status": Status.CLOSED.value, "by": by.value, **_unanswered(flags)},
    )
    activity.record(connection, actor, now, [entry])


def _unanswered(flags: Sequence[str]) -> dict[str, bool]:
    return {"unanswered": True} if Flag.UNANSWERED in flags else {}


def _spam(is_blocked: bool) -> dict[str, bool]:
    return {"spam": True} if is_blocked else {}


def _signed(visitor: Visitor | None) -> Visitor:
    """Return a visitor as they can be somebody here.

    Whom no shop knows has no address, and what is none that mail can be sent to is left out.
    """
    if visitor is None:
        return Visitor("")
    name, known_as = clean(visitor.name).strip(), clean(visitor.id)
    if not known_as.strip():
        return Visitor("", name=name)
    try:
        return Visitor(known_as, check_address(visitor.email.strip()), name)
    except UsageError:
        return Visitor(known_as, name=name)


def _nobody(event: Event) -> str:
    """Return what stands for the address of a visitor of whom nothing is known."""
    return f"{WEBCHAT.name}:{event.conversation}"
