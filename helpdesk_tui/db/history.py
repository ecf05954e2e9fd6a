"""Write a past into a store: tickets with messages, files and events, in the order of time.

Ids of messages and activity rows follow the order of arrival over all tickets, as they would have
if the desk had lived through it; counters move by the triggers, the search index is filled here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from helpdesk_tui.db.blobs import pack, put_blob
from helpdesk_tui.db.messaging.history import add_campaign, add_contact
from helpdesk_tui.db.notices import packed_notices
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.folds import first_words, packed_folds
from helpdesk_tui.domain.history import (
    PastCustomer,
    PastDesk,
    PastEvent,
    PastFile,
    PastMessage,
    PastTicket,
)
from helpdesk_tui.domain.messages import Delivery, Direction
from helpdesk_tui.domain.times import to_us

_MEDIA = ("image/", "video/", "audio/")


def write_history(
    connection: sqlite3.Connection, paths: StorePaths, desk: PastDesk, now: datetime
) -> None:
    """Write a desk and its past into an empty store, inside the open write transaction."""
    _write_team(connection, desk, to_us(now))
    tickets = desk.tickets
    writer = _Writer(connection, paths)
    order = sorted(range(len(tickets)), key=lambda i: tickets[i].messages[0].at)
    ids = {index: writer.add_ticket(tickets[index]) for index in order}
    steps: list[_Step] = []
    for index, ticket in enumerate(tickets):
        steps += [_Step(m.at, ids[index], ticket, m) for m in ticket.messages]
        steps += [_Step(e.at, ids[index], ticket, e) for e in ticket.events]
    for step in sorted(steps, key=lambda step: (step.at, step.ticket_id)):
        writer.add_step(step)
    connection.execute(
        "INSERT INTO message_fts (rowid, subject, body, people, files)"
        " SELECT id, subject, body, people, files FROM message_search WHERE id >= :first",
        {"first": writer.first_message},
    )


def _write_team(connection: sqlite3.Connection, desk: PastDesk, now: int) -> None:
    connection.executemany(
        "INSERT INTO agent (name, full_name, email, role, signature, created_at)"
        " VALUES (:name, :full_name, :email, :role, :signature, :now)",
        [{**asdict(agent), "now": now} for agent in desk.agents],
    )
    for account in desk.accounts:
        row = connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, created_at)"
            " VALUES (:name, :channel, :address, 0, :now)",
            {**asdict(account), "now": now},
        )
        if account.channel != EMAIL.name:
            continue
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id)"
            " VALUES (:address, :name, :id)",
            {"address": account.address, "name": desk.name, "id": row.lastrowid},
        )
    connection.execute(
        "INSERT INTO setting (scope, name, value) VALUES ('desk', 'desk.name', :value)",
        {"value": json.dumps(desk.name)},
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that happened at a moment in one ticket."""

    at: datetime
    ticket_id: int
    ticket: PastTicket
    what: PastMessage | PastEvent


class _Writer:
    def __init__(self, connection: sqlite3.Connection, paths: StorePaths) -> None:
        self._connection = connection
        self._paths = paths
        self._agents = self._names("agent")
        self._accounts = self._names("channel_account")
        self.first_message = 1 + int(
            connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'message'").fetchone()[
                0
            ]
        )

    def _names(self, table: str) -> dict[str, int]:
        return dict(self._connection.execute(f"SELECT name, id FROM {table}").fetchall())

    def _insert(self, table: str, values: dict[str, object]) -> int:
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        return int(self._connection.execute(sql, values).lastrowid or 0)

    def add_ticket(self, ticket: PastTicket) -> int:
        """Insert the ticket as it stands at the end of its past."""
        shown = ticket.shown
        last = shown[-1]
        ticket_id = self._insert(
            "ticket",
            {
                "channel": ticket.channel,
                "channel_account_id": self._accounts[ticket.account],
                "subject": ticket.subject,
                "status": ticket.status.value,
                "spam": ticket.spam,
                "unread": ticket.unread,
                "priority": ticket.priority.value,
                "assignee_id": self._agents[ticket.assignee] if ticket.assignee else None,
                "profile_id": self._profile(ticket.customer, to_us(shown[0].at)),
                "customer_name": ticket.customer.name or ticket.address,
                "customer_address": ticket.address,
                "recipient": ticket.recipient,
                "preview": _preview(last),
                "tags": " ".join(sorted(ticket.tags)),
                "automatic": ticket.automatic,
                "created_at": to_us(shown[0].at),
                "updated_at": to_us(last.at),
                "last_message_at": to_us(last.at),
                "waiting_since": to_us(ticket.waiting_since) if ticket.waiting_since else None,
                "closed_at": to_us(ticket.closed_at) if ticket.closed_at else None,
                "snoozed_until": to_us(ticket.snoozed_until) if ticket.snoozed_until else None,
                "snooze_zone": ticket.snooze_zone,
                "message_count": len(shown),
                "has_media": any(_is_media(f) for m in shown for f in m.files),
            },
        )
        self._tag(ticket_id, ticket.tags)
        add_contact(self._connection, ticket, ticket_id)
        if ticket.address:
            self._insert(
                "participant",
                {
                    "ticket_id": ticket_id,
                    "address": ticket.address,
                    "name": ticket.customer.name,
                },
            )
        return ticket_id

    def _profile(self, customer: PastCustomer, at: int) -> int:
        for kind, value in _identities(customer):
            row = self._connection.execute(
                "SELECT profile_id FROM identity WHERE kind = :kind AND value = :value",
                {"kind": kind, "value": value},
            ).fetchone()
            if row is not None:
                return int(row[0])
        profile_id = self._insert(
            "profile",
            {
                "name": customer.name,
                "email": customer.email,
                "phone": customer.phone,
                "location": customer.location,
                "timezone": customer.timezone,
                "created_at": at,
                "updated_at": at,
            },
        )
        for kind, value in _identities(customer):
            self._insert("identity", {"profile_id": profile_id, "kind": kind, "value": value})
        return profile_id

    def _tag(self, ticket_id: int, tags: Iterable[str]) -> None:
        for name in sorted(tags):
            self._connection.execute(
                "INSERT INTO tag (name) VALUES (:name) ON CONFLICT (name) DO NOTHING",
                {"name": name},
            )
            self._connection.execute(
                "INSERT INTO ticket_tag (ticket_id, tag_id)"
                " SELECT :ticket_id, id FROM tag WHERE name = :name",
                {"ticket_id": ticket_id, "name": name},
            )

    def add_step(self, step: _Step) -> None:
        """Insert one message or one event."""
        if isinstance(step.what, PastEvent):
            self._event(step.ticket_id, step.what)
        else:
            self._message(step.ticket_id, step.ticket, step.what)

    def _event(self, ticket_id: int, event: PastEvent) -> None:
        self._activity(
            event.kind,
            to_us(event.at),
            ticket_id,
            agent=event.agent,
            before=self._with_ids(event.before),
            after=self._with_ids(event.after),
        )

    def _with_ids(self, values: dict[str, object]) -> str:
        """Return field values as JSON, agents by their ids."""
        named = dict(values)
        if "assignee_id" in named and named["assignee_id"] is not None:
            named["assignee_id"] = self._agents[str(named["assignee_id"])]
        return json.dumps(named)

    def _message(self, ticket_id: int, ticket: PastTicket, message: PastMessage) -> None:
        at = to_us(message.at)
        is_first = message is ticket.messages[0]
        if is_first:
            self._activity("ticket.created", at, ticket_id, kind_of_actor="customer")
        outbound = message.direction is Direction.OUTBOUND
        inbound = message.direction is Direction.INBOUND
        to = ticket.address if outbound else ticket.recipient if inbound else ""
        message_id = self._insert(
            "message",
            {
                "ticket_id": ticket_id,
                "original_ticket_id": ticket_id,
                "channel": ticket.channel,
                "channel_account_id": self._accounts[ticket.account],
                "direction": message.direction.value,
                "author_kind": message.author_kind.value,
                "agent_id": self._agents[message.agent] if message.agent else None,
                "author_name": message.author_name,
                "sender": message.sender or (ticket.address if inbound else ticket.recipient),
                "recipients": json.dumps([to] if to else []),
                "subject": ticket.subject,
                "text": message.text,
                "folds": packed_folds(message.folds),
                "links": json.dumps([list(link) for link in message.links]),
                "has_html": message.has_html,
                "automatic": message.automatic,
                "flags": " ".join(message.flags),
                "external_id": _external_id(ticket, at),
                "content_hash": hashlib.sha256(f"{at} {message.text}".encode()).hexdigest(),
                "sent_at": at,
                "received_at": at,
                "delivery": message.delivery.value,
                "error_code": message.error_code,
                "error_text": message.error_text,
                "due_at": at if message.delivery is Delivery.QUEUED else None,
                "notices": packed_notices(message.notices),
            },
        )
        if message.answers is not None:
            add_campaign(self._connection, ticket, message, ticket_id, message_id)
        for file in message.files:
            self._file(message_id, file)
        for kind in _kinds(message):
            self._activity(kind, at, ticket_id, message_id=message_id, agent=message.agent)

    def _file(self, message_id: int, file: PastFile) -> None:
        digest = hashlib.sha256(file.data).hexdigest()
        put_blob(self._connection, self._paths, *pack(digest, file.data))
        self._insert(
            "attachment",
            {
                "message_id": message_id,
                "filename": file.filename,
                "content_type": file.content_type,
                "size": len(file.data),
                "sha256": digest,
                "inline": file.inline,
            },
        )

    def _activity(
        self,
        kind: str,
        at: int,
        ticket_id: int,
        *,
        message_id: int | None = None,
        agent: str = "",
        kind_of_actor: str = "",
        before: str = "{}",
        after: str = "{}",
    ) -> None:
        self._insert(
            "activity",
            {
                "at": at,
                "ticket_id": ticket_id,
                "message_id": message_id,
                "actor_kind": kind_of_actor or ("agent" if agent else "system"),
                "agent_id": self._agents[agent] if agent else None,
                "kind": kind,
                "before": before,
                "after": after,
            },
        )


def _identities(customer: PastCustomer) -> list[tuple[str, str]]:
    pairs = (("email", customer.email), ("phone", customer.phone), ("instagram", customer.handle))
    return [(kind, value.lower()) for kind, value in pairs if value]


def _preview(message: PastMessage) -> str:
    named = " ".join(file.filename for file in message.files)
    return first_words(message.text, message.folds) or first_words(named)


def _is_media(file: PastFile) -> bool:
    return not file.inline or file.content_type.startswith(_MEDIA)


def _external_id(ticket: PastTicket, at: int) -> str:
    host = ticket.address.rpartition("@")[2] or f"{ticket.channel}.example"
    return f"{at:x}.{hashlib.sha256(ticket.subject.encode()).hexdigest()[:8]}@{host}"


def _kinds(message: PastMessage) -> tuple[str, ...]:
    """Return the activity that a message leaves behind, with where its delivery got to."""
    if message.direction is Direction.NOTE:
        return ("note.added",)
    if message.direction is Direction.INBOUND:
        return ("message.received",)
    ends = {Delivery.FAILED: "message.failed", Delivery.UNKNOWN: "message.unknown"}
    if message.delivery in (Delivery.QUEUED, Delivery.SENDING, Delivery.SCHEDULED):
        return ("message.queued",)
    return ("message.queued", ends.get(message.delivery, "message.sent"))
