"""Whose a message is and which ticket it belongs to, on one account of ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.blocks import is_blocked
from helpdesk_tui.db.known import load_receiving
from helpdesk_tui.db.messaging import contacts as rows
from helpdesk_tui.db.messaging.consents import add_consent, newest_consent
from helpdesk_tui.db.messaging.contacts import Contact
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.channels import CHANNELS, Reopening
from helpdesk_tui.domain.messaging.people import HANDLE, PHONE, is_number, key_of, shown_name
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import to_us

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Who:
    """What a provider says of a person."""

    address: str
    name: str = ""
    handle: str = ""
    former_address: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as their tickets show them."""

    contact: Contact
    name: str
    is_blocked: bool


class Line:
    """One account of ours, inside a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, account: Account, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.account = account
        self.spec = CHANNELS[account.channel]

    def person(self, who: Who) -> Person:
        """Return the customer that an address belongs to; the profile is made if it is unknown."""
        link, channel = self._connection, self.account.channel
        self._move(who)
        keys = [key_of(channel, who.address)]
        name = clean(who.name).strip()
        phone = who.address if keys[0][0] == PHONE else ""
        now = to_us(self._now)
        known = rows.find_profile(link, keys)
        if known is None:
            profile = rows.insert_profile(link, name, phone, now)
        else:
            profile = known[0]
            rows.complete_profile(link, profile, name, phone, now)
        rows.tie_identity(link, profile, keys[0])
        handle = clean(who.handle).strip().removeprefix("@")
        if handle and channel == "instagram":
            rows.set_handle(link, profile, HANDLE, handle)
            keys.append((HANDLE, handle))
        contact = rows.load_contact(link, self.account.id, who.address)
        ticket = None if contact is None else contact.ticket_id
        heard = None if contact is None else contact.heard_at
        answered = None if contact is None else contact.auto_answered_at
        contact = Contact(who.address, name, profile, ticket, heard, answered)
        called = (known[1] if known is not None else "") or name
        return Person(
            contact,
            shown_name(called, handle, who.address),
            any(is_blocked(link, key) for key in keys),
        )

    def known(self, address: str) -> Contact | None:
        """Return who wrote from an address before; None if nobody did."""
        return rows.load_contact(self._connection, self.account.id, address)

    def ticket(self, person: Person) -> ReceivingTicket | None:
        """Return the ticket that a message of a person joins; None: it makes a new one."""
        link, contact = self._connection, person.contact
        if self.spec.reopening is Reopening.NEW_TICKET:
            # words of a blocked sender are kept together, whatever became of the ticket
            found = rows.newest_ticket(
                link, contact.profile_id, self.spec.name, self.account.id,
                running=not person.is_blocked,
            )  # fmt: skip
            return None if found is None else load_receiving(link, found)
        return self.standing(contact)

    def standing(self, contact: Contact) -> ReceivingTicket | None:
        """Return the ticket that stands for a person now, whatever became of it; None: none."""
        link = self._connection
        if self.spec.is_one_per_person:
            ticket = None
            if contact.ticket_id is not None:
                ticket = load_receiving(link, contact.ticket_id)
            # an agent may have said since that it is somebody else's
            if ticket is not None and self._is_theirs(ticket, contact):
                return ticket
            found = rows.line_ticket(link, contact.profile_id, self.spec.name, self.account.id)
        else:
            found = rows.newest_ticket(
                link, contact.profile_id, self.spec.name, self.account.id, running=False
            )
        return None if found is None else load_receiving(link, found)

    def _is_theirs(self, ticket: ReceivingTicket, contact: Contact) -> bool:
        return ticket.channel == self.spec.name and ticket.profile_id == contact.profile_id

    def heard(self, person: Person, ticket_id: int | None, at: datetime | None) -> None:
        """Note where a person writes, and when they were heard last."""
        contact = replace(person.contact, ticket_id=ticket_id)
        # a provider's clock that is ahead keeps no window open for longer
        heard = at if at is None else min(at, self._now)
        rows.save_contact(self._connection, self.account.id, contact, heard)

    def answer_to(self, ticket: ReceivingTicket, person: Person) -> None:
        """Let replies go to where the customer wrote from last: they may have several numbers."""
        if ticket.customer_address != person.contact.address:
            rows.set_customer_address(
                self._connection, ticket.id, person.contact.address, person.name
            )

    def _move(self, who: Who) -> None:
        """Follow a person to their new number; the former one may be a stranger's from now on."""
        former = who.former_address
        if not former or former == who.address:
            return
        link, channel = self._connection, self.account.channel
        before = rows.load_contact(link, self.account.id, former)
        found = rows.find_profile(link, [key_of(channel, former)])
        if before is None or found is None:
            return
        profile = found[0]
        if rows.find_profile(link, [key_of(channel, who.address)]) is not None:
            return
        rows.drop_identity(link, profile, key_of(channel, former))
        rows.tie_identity(link, profile, key_of(channel, who.address))
        rows.change_phone(link, profile, former, who.address if is_number(who.address) else "")
        moved = Contact(who.address, before.name, profile, before.ticket_id, before.heard_at, None)
        rows.save_contact(link, self.account.id, moved, before.heard_at)
        rows.forget_ticket(link, self.account.id, former)
        self._keep_out(former, who.address)

    def _keep_out(self, former: str, address: str) -> None:
        """Let who has opted out stay out at their new number."""
        link, account = self._connection, self.account
        last = newest_consent(link, account.channel, former, account.address)
        if last is not None and last.state is ConsentState.WITHDRAWN:
            add_consent(link, replace(last, address=address))
