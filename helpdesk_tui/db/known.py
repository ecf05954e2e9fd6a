"""What the store knows about a batch of received mails: a few queries for all of them together.

The answers are kept up to date while the batch is decided, so that a mail sees those before it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.inbound import Desk
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.matching import (
    StoredMail,
    referenced_ids,
    reply_addresses,
    wanted_references,
)
from helpdesk_tui.domain.message_ids import verify_id, verify_marker
from helpdesk_tui.domain.messages import Direction
from helpdesk_tui.domain.offers import Recent
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.subjects import ticket_number
from helpdesk_tui.domain.tickets import Status

_CHUNK = 500
_MAX_ROWS = 5_000
"""Rows of one lookup; more of them share an id only when somebody makes them do so."""
_MAX_SHARED = 500
"""Rows of one value where a lookup has too many."""
_MAX_MERGES = 50
_MAX_RECENT = 20
"""Tickets of one customer that a mail is compared with."""
MAX_SIBLINGS = 20
"""Tickets remembered for one unknown id: a newsletter is answered by thousands."""

_MESSAGES = (
    "SELECT external_id, content_hash, id, ticket_id, direction, delivery, subject FROM message"
)
_INTAKE = "SELECT external_id, content_hash, NULL, ticket_id, '', '', '' FROM intake"
_TICKETS = """
    SELECT id, profile_id, customer_name, customer_address, status, spam, unread, automatic,
           snooze_keep, snoozed_until, closed_at, created_at, last_message_at, waiting_since,
           message_count, has_media, preview, flags, subject, offer, merged_into, channel,
           follows_id FROM ticket
"""
_PROFILES = """
    SELECT identity.value, identity.profile_id, profile.name FROM identity
    JOIN profile ON profile.id = identity.profile_id
"""
_RECENT = """
    SELECT id, profile_id, last_message_at, subject FROM ticket
    WHERE status != 'closed' AND spam = 0 AND merged_into IS NULL AND last_message_at >= {}
    AND profile_id IN
"""
_WRITTEN = """
    SELECT substr(text, 1, 4000) FROM message WHERE ticket_id = ? AND direction = 'inbound'
    ORDER BY id LIMIT 5
"""


class Known:
    """The part of the store that concerns some mails; a ``Lookup`` for deciding about them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._by_id: dict[str, list[StoredMail]] = defaultdict(list)
        self._by_hash: dict[str, list[StoredMail]] = defaultdict(list)
        self._referring: dict[str, list[int]] = defaultdict(list)
        self._people: dict[int, set[str]] = defaultdict(set)
        self._copied: set[tuple[int, str]] = set()
        self._merged: dict[int, int] = {}
        self._following: dict[int, list[int]] = defaultdict(list)
        self._recent: dict[int, list[Recent]] = defaultdict(list)
        self.tickets: dict[int, ReceivingTicket] = {}
        self.profiles: dict[str, tuple[int, str]] = {}
        """Customers by address: (profile, name)."""
        self._blocked: set[str] = set()

    def load(self, mails: Sequence[ParsedMail], desk: Desk, *, since: int | None = None) -> None:
        """Read what deciding about these mails may ask for.

        Args:
            mails: The mails.
            desk: Who we are.
            since: Tickets that were quiet since before this moment are none that a mail could go
                on with; None leaves such tickets out altogether.
        """
        ids: set[str] = set()
        references: set[str] = set()
        numbers: set[int] = set()
        for mail in mails:
            own_ids = referenced_ids(mail)
            original = mail.bounce.original_id if mail.bounce else mail.reported_id
            ids.update(own_ids, (mail.message_id, original))
            references.update(wanted_references(mail, own_ids))
            numbers.update(_numbers(mail, own_ids, desk.secret))
        ids.discard("")
        self._load_mails("external_id", ids)
        self._load_mails("content_hash", {m.content_hash for m in mails if not m.message_id})
        self._load_references(references)
        self._load_profiles(mails)
        if since is not None:
            self._load_recent(mails, since)
        numbers.update(m.ticket_id for found in self._by_id.values() for m in found if m.ticket_id)
        numbers.update(ticket for found in self._referring.values() for ticket in found)
        self._load_tickets(numbers)
        self._load_following()

    def _load_mails(self, column: str, values: set[str]) -> None:
        for source in (_MESSAGES, _INTAKE):
            for row in self._bounded(f"{source} WHERE {column} IN", values):
                external_id, content_hash, message, ticket, direction, delivery, subject = row
                is_ours = direction == Direction.OUTBOUND
                stored = StoredMail(content_hash, message, ticket, is_ours, delivery, subject)
                if column == "external_id":
                    self._by_id[external_id].append(stored)
                else:
                    self._by_hash[content_hash].append(stored)

    def _load_references(self, references: set[str]) -> None:
        query = "SELECT external_id, ticket_id FROM thread_ref WHERE external_id IN"
        for reference, ticket in self._bounded(query, references):
            self._referring[reference].append(ticket)

    def _load_profiles(self, mails: Sequence[ParsedMail]) -> None:
        addresses = {mail.sender.addr for mail in mails}
        for mail in mails:
            addresses.update(address.addr for _, address in mail.original_senders)
            addresses.update(person.addr for person in (*mail.to, *mail.cc)[:10])
        addresses.discard("")
        query = f"{_PROFILES} WHERE identity.kind = 'email' AND identity.value IN"
        for address, profile, name in self._among(query, addresses):
            self.profiles[address] = (profile, name)
        blocked = "SELECT value FROM block WHERE kind = 'email' AND value IN"
        self._blocked.update(row[0] for row in self._among(blocked, addresses))

    def _load_recent(self, mails: Sequence[ParsedMail], since: int) -> None:
        senders = {mail.sender.addr for mail in mails}
        senders.update(person.addr for mail in mails for _, person in mail.original_senders)
        profiles = {self.profiles[each][0] for each in senders if each in self.profiles}
        query = _RECENT.format(int(since))
        for ticket, profile, at, subject in self._among(query, profiles, f" LIMIT {_MAX_ROWS}"):
            self._recent[profile].append(Recent(ticket, at, subject, ""))

    def _load_tickets(self, numbers: set[int]) -> None:
        wanted = numbers
        for _ in range(_MAX_MERGES):
            if not wanted:
                break
            for row in self._among(f"{_TICKETS} WHERE id IN", wanted):
                self.tickets[row[0]] = _state(row)
                if row[20] is not None:
                    self._merged[row[0]] = row[20]
            wanted = set(self._merged.values()) - self.tickets.keys()
        query = "SELECT ticket_id, address, role FROM participant WHERE ticket_id IN"
        for ticket, address, role in self._among(query, set(self.tickets)):
            self.add_person(ticket, address, role)

    def _load_following(self) -> None:
        """Read the email tickets that go on with the chats among the tickets."""
        chats = {each.id for each in self.tickets.values() if CHANNELS[each.channel].is_live}
        if not chats:
            return
        query = "SELECT follows_id, id FROM ticket WHERE follows_id IN"
        for chat, ticket in sorted(set(self._among(query, chats))):
            self._following[chat].append(ticket)
        found = {ticket for tickets in self._following.values() for ticket in tickets}
        self._load_tickets(found - self.tickets.keys())

    def _among(
        self, query: str, values: Iterable[object], extra: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Run a query for many values, in statements of few different lengths."""
        found = list(values)
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            size = 1 << (len(part) - 1).bit_length()
            part += part[-1:] * (size - len(part))
            yield from self._connection.execute(f"{query} ({','.join('?' * size)}){extra}", part)

    def _bounded(self, query: str, values: Iterable[object]) -> Iterator[tuple[Any, ...]]:
        """Run a query for many values, each with a bounded number of rows.

        A value that somebody gave to thousands of mails takes nothing from the others.
        """
        found = list(values)
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            rows = list(self._among(query, part, f" LIMIT {_MAX_ROWS}"))
            if len(rows) < _MAX_ROWS:
                yield from rows
                continue
            for value in part:
                yield from self._connection.execute(f"{query} (?) LIMIT {_MAX_SHARED}", (value,))

    def mails(self, external_id: str) -> Sequence[StoredMail]:
        """Return the stored mails with a Message-ID."""
        return self._by_id.get(external_id, ())

    def same_content(self, content_hash: str) -> Sequence[StoredMail]:
        """Return the stored mails with a content hash."""
        return self._by_hash.get(content_hash, ())

    def referring(self, reference: str) -> Sequence[int]:
        """Return the tickets whose mails refer to something that was never stored."""
        return self._referring.get(reference, ())

    def standing(self, ticket_id: int) -> int | None:
        """Return the ticket that a number leads to now, merges followed; None if there is none."""
        seen: set[int] = set()
        while ticket_id in self._merged and ticket_id not in seen:
            seen.add(ticket_id)
            ticket_id = self._merged[ticket_id]
        return ticket_id if ticket_id in self.tickets else None

    def takes_part(self, ticket_id: int, address: str) -> bool:
        """Tell whether an address is a participant of a ticket or the same customer."""
        if not address:
            return False
        if address in self._people.get(ticket_id, ()):
            return True
        return self._is_customer(ticket_id, address)

    def only_copied(self, ticket_id: int, address: str) -> bool:
        """Tell whether a participant is one only because somebody else wrote to them too."""
        return (ticket_id, address) in self._copied and not self._is_customer(ticket_id, address)

    def _is_customer(self, ticket_id: int, address: str) -> bool:
        known = self.profiles.get(address)
        return known is not None and known[0] == self.tickets[ticket_id].profile_id

    def ticket(self, ticket_id: int) -> ReceivingTicket | None:
        """Return a ticket as it stands, or None."""
        return self.tickets.get(ticket_id)

    def recent(self, address: str) -> Sequence[Recent]:
        """Return the tickets of a customer that are not closed and not old."""
        profile = self.profiles.get(address)
        found = self._recent.get(profile[0]) if profile is not None else None
        if not found:
            return ()
        return [self._with_text(ticket) for ticket in found[-_MAX_RECENT:]]

    def _with_text(self, ticket: Recent) -> Recent:
        """Read what its customer wrote, which few mails need."""
        if ticket.text:
            return ticket
        rows = self._connection.execute(_WRITTEN, (ticket.id,))
        return replace(ticket, text="\n".join([row[0] for row in rows]))

    def is_blocked(self, address: str) -> bool:
        """Tell whether the mail of an address stays unseen."""
        return address in self._blocked

    def following(self, ticket_id: int) -> Sequence[int]:
        """Return the tickets that go on with a chat, oldest first."""
        return self._following.get(ticket_id, ())

    def add_following(self, chat_id: int, ticket_id: int) -> None:
        """Remember that a ticket of this batch goes on with a chat."""
        self._following[chat_id].append(ticket_id)

    def add_recent(self, profile_id: int, ticket: Recent) -> None:
        """Remember a ticket of this batch."""
        self._recent[profile_id].append(ticket)

    def add_mail(self, external_id: str, stored: StoredMail) -> None:
        """Remember a mail of this batch."""
        if external_id:
            self._by_id[external_id].append(stored)
        else:
            self._by_hash[stored.content_hash].append(stored)

    def add_person(self, ticket_id: int, address: str, role: str) -> bool:
        """Remember a participant; False if it was one before."""
        people = self._people[ticket_id]
        if not address or address in people:
            return False
        people.add(address)
        if role == "cc":
            self._copied.add((ticket_id, address))
        return True

    def add_reference(self, reference: str, ticket_id: int) -> bool:
        """Remember that a ticket refers to an unknown id; False if that need not be stored."""
        tickets = self._referring[reference]
        if ticket_id in tickets or len(tickets) >= MAX_SIBLINGS:
            return False
        tickets.append(ticket_id)
        return True


def _numbers(mail: ParsedMail, ids: Sequence[str], secret: str) -> Iterator[int]:
    """Yield the ticket numbers that a mail itself names."""
    if secret:
        for reference in ids:
            keyed = verify_id(secret, reference)
            if keyed is not None:
                yield keyed[0]
        for marker in mail.markers:
            marked = verify_marker(secret, marker)
            if marked is not None:
                yield marked
        for ticket, _ in reply_addresses(mail, secret):
            yield ticket
    number = ticket_number(mail.subject)
    if number is not None:
        yield number


def load_receiving(connection: sqlite3.Connection, ticket_id: int) -> ReceivingTicket | None:
    """Return a ticket as receiving sees it, merges followed; None if there is none."""
    seen: set[int] = set()
    while ticket_id not in seen:
        seen.add(ticket_id)
        row = connection.execute(f"{_TICKETS} WHERE id = ?", (ticket_id,)).fetchone()
        if row is None:
            return None
        if row[20] is None:
            return _state(row)
        ticket_id = row[20]
    return None


def _state(row: tuple[Any, ...]) -> ReceivingTicket:
    return ReceivingTicket(
        id=row[0],
        profile_id=row[1],
        customer_name=row[2],
        customer_address=row[3],
        status=Status(row[4]),
        spam=bool(row[5]),
        unread=bool(row[6]),
        automatic=bool(row[7]),
        snooze_keep=bool(row[8]),
        snoozed_until=row[9],
        closed_at=row[10],
        created_at=row[11],
        last_message_at=row[12],
        waiting_since=row[13],
        message_count=row[14],
        has_media=bool(row[15]),
        preview=row[16],
        flags=tuple(row[17].split()),
        subject=row[18],
        offer=row[19],
        channel=row[21],
        follows_id=row[22],
    )
