"""Who the customer of a ticket is: corrected where a forward made one of us look like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from helpdesk_tui.db import activity
from helpdesk_tui.db import customers as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import load_states, save_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.triage import Change, differences
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.scheduling import withdraw

MAX_SUGGESTIONS = 8
_LOOK = 20_000
_IN_TEXT = re.compile(
    r"(?:^|[\s<(\[:,;\"'])([A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
)


class Customers:
    """Says whose a ticket is; every call blocks and is one transaction."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def set_customer(self, ticket_id: int, address: str, name: str = "") -> Change:
        """Move a ticket to the profile of a person, made if new; replies go to their address.

        No message changes, and no other ticket; scheduled replies go back into the drafts of their
        authors. :meth:`Triage.undo` takes it back.

        Raises:
            NotFound: ``ticket.missing``.
            NotAllowed: ``ticket.merged``, or ``customer.by-number`` on channels where the number
                says whose a ticket is.
            UsageError: ``address.invalid`` or ``customer.own-address``.
        """
        wanted = check_address(address).lower()
        now = self._now()
        change_id = new_change_id()
        with self._store.write() as connection:
            if wanted in load_desk(connection).own:
                raise UsageError("customer.own-address", address=wanted)
            before = load_states(connection, [ticket_id]).get(ticket_id)
            if before is None:
                raise NotFound("ticket.missing", id=ticket_id)
            if before.merged_into is not None:
                raise NotAllowed("ticket.merged", id=ticket_id, into=before.merged_into)
            if CHANNELS[before.channel].is_messaging:
                raise NotAllowed("customer.by-number", channel=CHANNELS[before.channel].label)
            profile, identity = rows.customer_identity(
                connection, wanted, " ".join(clean(name).split()), to_us(now)
            )
            after = replace(
                before,
                profile_id=profile,
                identity_id=identity,
                flags=tuple(flag for flag in before.flags if flag != Flag.OWN_CUSTOMER),
            )
            if Flag.OWN_CUSTOMER in before.flags and before.waiting_since is None:
                # nobody waited while the mail seemed to be our own
                since = rows.first_unanswered(connection, ticket_id)
                after = replace(after, waiting_since=None if since is None else from_us(since))
            if after == before:
                return Change(change_id, (), ((ticket_id, "customer.same"),))
            save_states(connection, [(before, after)], now)
            if after.identity_id != before.identity_id:
                withdraw(connection, now, [ticket_id], forwards=False)
            entry = Entry("ticket.customer", ticket_id, None, *differences(before, after))
            activity.record(connection, self._actor, now, [entry], change_id)
        return Change(change_id, (ticket_id,))

    def suggestions(self, ticket_id: int) -> tuple[Address, ...]:
        """Return who the customer may really be, the likeliest first: never one of ourselves.

        Whom the newest mail wants answers to, who it was from and to, who takes part, and whom
        its text names.
        """
        with self._store.read() as connection:
            own = load_desk(connection).own
            newest = rows.load_newest(connection, ticket_id)
            found: dict[str, str] = {}
            for person in (
                *(_named(newest) if newest else ()),
                *rows.load_people(connection, ticket_id),
                *(_in_text(newest.text) if newest else ()),
            ):
                address = person.addr.lower()
                if address and address not in own:
                    found[address] = found.get(address) or person.name
            likely = list(found)[:MAX_SUGGESTIONS]
            names = rows.load_names(connection, likely) if likely else {}
        return tuple(Address(names.get(each) or found[each], each) for each in likely)


def _named(mail: rows.NewestMail) -> Iterator[Address]:
    """Yield the people of a mail's header."""
    yield Address("", mail.reply_to)
    yield mail.sender
    for address in (*mail.recipients, *mail.copies):
        yield Address("", address)


def _in_text(text: str) -> Iterator[Address]:
    for match in _IN_TEXT.finditer(text[:_LOOK]):
        yield Address("", match[1].lower())
