"""Which ticket a mail belongs to, and whether its sender may join it.

A reference alone opens nothing: who is not known in the ticket needs a proof that only our own
mails carry (a keyed Message-ID, a keyed reply address or the body marker).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from helpdesk_tui.domain.mail import Address, Evidence, ParsedMail
from helpdesk_tui.domain.message_ids import verify_id, verify_marker, verify_reply_address
from helpdesk_tui.domain.offers import Recent
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.subjects import base_subject, ticket_number

MAX_IDS = 40
"""Referenced ids that are looked at; longer chains are cut in the middle."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that is already in the store."""

    content_hash: str
    message_id: int | None = None
    """Our id of it; None where it stands in the intake list."""
    ticket_id: int | None = None
    is_outbound: bool = False
    delivery: str = ""
    subject: str = ""


class Lookup(Protocol):
    """What the store knows, as far as deciding about mails needs it."""

    def mails(self, external_id: str) -> Sequence[StoredMail]:
        """Return the stored mails with a Message-ID."""

    def same_content(self, content_hash: str) -> Sequence[StoredMail]:
        """Return the stored mails with a content hash."""

    def referring(self, reference: str) -> Sequence[int]:
        """Return the tickets whose mails refer to something that was never stored."""

    def standing(self, ticket_id: int) -> int | None:
        """Return the ticket that a number leads to now, merges followed; None if there is none."""

    def takes_part(self, ticket_id: int, address: str) -> bool:
        """Tell whether an address is a participant of a ticket or the same customer."""

    def only_copied(self, ticket_id: int, address: str) -> bool:
        """Tell whether a participant is one only because somebody else wrote to them too."""

    def ticket(self, ticket_id: int) -> ReceivingTicket | None:
        """Return a ticket as it stands, or None."""

    def recent(self, address: str) -> Sequence[Recent]:
        """Return the tickets of a customer that are not closed and not old."""

    def is_blocked(self, address: str) -> bool:
        """Tell whether the mail of an address stays unseen."""

    def following(self, ticket_id: int) -> Sequence[int]:
        """Return the tickets that go on with a chat, oldest first."""


class Nothing:
    """The lookup of an empty store."""

    def mails(self, external_id: str) -> Sequence[StoredMail]:
        """Return nothing."""
        return ()

    def same_content(self, content_hash: str) -> Sequence[StoredMail]:
        """Return nothing."""
        return ()

    def referring(self, reference: str) -> Sequence[int]:
        """Return nothing."""
        return ()

    def standing(self, ticket_id: int) -> int | None:
        """Return nothing."""
        return None

    def takes_part(self, ticket_id: int, address: str) -> bool:
        """Return False."""
        return False

    def only_copied(self, ticket_id: int, address: str) -> bool:
        """Return False."""
        return False

    def ticket(self, ticket_id: int) -> ReceivingTicket | None:
        """Return nothing."""
        return None

    def recent(self, address: str) -> Sequence[Recent]:
        """Return nothing."""
        return ()

    def is_blocked(self, address: str) -> bool:
        """Return that nobody is."""
        return False

    def following(self, ticket_id: int) -> Sequence[int]:
        """Return nothing."""
        return ()


class Step(StrEnum):
    """By what a mail was matched, strongest first."""

    KEYED_ID = "keyed-id"
    REPLY_ADDRESS = "reply-address"
    KNOWN_ID = "known-id"
    MARKER = "marker"
    NUMBER = "subject-number"
    SIBLING = "answers-the-same"
    NAMELESS = "answers-a-mail-without-id"


_PROOF = frozenset((Step.KEYED_ID, Step.REPLY_ADDRESS, Step.MARKER))


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket a mail belongs to."""

    ticket_id: int
    step: Step
    detail: str
    is_stranger: bool = False
    """Not known in the ticket, let in by a proof."""
    is_beside: bool = False
    """Known there by copies only, without a proof, and writing to us alone: may never have seen
    that ticket."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome of matching: where the mail joins, or which ticket it only named."""

    match: Match | None
    refused: int | None
    """A ticket that a stranger named by a reference and did not get into."""
    evidence: tuple[Evidence, ...]


def referenced_ids(mail: ParsedMail) -> tuple[str, ...]:
    """Return the ids a mail refers to, in the order they are tried: the nearest first."""
    ids = dict.fromkeys((*reversed(mail.in_reply_to), *reversed(mail.references)))
    ids.pop(mail.message_id, None)
    found = tuple(ids)
    return found if len(found) <= MAX_IDS else (*found[: MAX_IDS - 1], found[-1])


def nameless_key(address: str, subject: str) -> str:
    """Return the reference under which a mail without Message-ID is remembered.

    An answer to it names an id that we cannot know (a server on the way made it up). No real id
    equals this key, because it holds a space.
    """
    text = f"{address}\x00{base_subject(subject)}".encode("utf-8", "replace")
    return f"no-id {hashlib.sha256(text).hexdigest()[:32]}"


def wanted_references(mail: ParsedMail, ids: Sequence[str]) -> tuple[str, ...]:
    """Return every reference that matching this mail may ask the store for."""
    wanted = list(ids)
    if mail.message_id:
        wanted.append(mail.message_id)
    if ids:
        wanted += [nameless_key(person.addr, mail.subject) for person in _addressees(mail)]
    return tuple(wanted)


def find_ticket(
    mail: ParsedMail, sender: Address, own: OwnAddresses, secret: str, lookup: Lookup,
    *, auth_failed: bool,
) -> Matching:  # fmt: skip
    """Return where a mail belongs: the first trace that leads to a ticket its sender may join."""
    is_ours = sender.addr in own
    evidence: list[Evidence] = []
    refused: int | None = None
    for step, named, detail in _traces(mail, own, secret, lookup):
        ticket = lookup.standing(named)
        if ticket is None:
            continue
        verdict = _may_join(mail, sender.addr, step, ticket, lookup, is_ours=is_ours)
        if step is Step.NUMBER and auth_failed:
            verdict = False
        evidence.append(Evidence(f"match.{step}" if verdict else f"match.refused.{step}", detail))
        if verdict:
            if ticket != named:
                evidence.append(Evidence("match.merged", f"#{named} into #{ticket}"))
            stranger = not is_ours and not lookup.takes_part(ticket, sender.addr)
            beside = not is_ours and _is_beside(mail, sender.addr, step, ticket, lookup)
            found = Match(ticket, step, detail, stranger, beside)
            return Matching(found, None, tuple(evidence))
        if refused is None and step is Step.KNOWN_ID:
            refused = ticket
    return Matching(None, refused, tuple(evidence))


def _traces(
    mail: ParsedMail, own: OwnAddresses, secret: str, lookup: Lookup
) -> Iterator[tuple[Step, int, str]]:
    """Yield (step, ticket, what was found), strongest first."""
    ids = referenced_ids(mail)
    if secret:
        yield from _keyed(ids, secret, lookup)
        yield from _reply_addresses(mail, own, secret)
    for reference in ids:
        for ticket in _tickets_of(reference, lookup):
            yield Step.KNOWN_ID, ticket, reference
    for marker in mail.markers if secret else ():
        marked = verify_marker(secret, marker)
        if marked is not None:
            yield Step.MARKER, marked, marker
    number = ticket_number(mail.subject)
    if number is not None:
        yield Step.NUMBER, number, f"#{number}"
    for reference in (*ids, mail.message_id) if mail.message_id else ids:
        for ticket in lookup.referring(reference):
            yield Step.SIBLING, ticket, reference
    if ids:
        yield from _answered(mail, own, lookup)


def _keyed(ids: Sequence[str], secret: str, lookup: Lookup) -> Iterator[tuple[Step, int, str]]:
    """Yield the tickets of our own mails among the ids: where the message stands today."""
    for reference in ids:
        keyed = verify_id(secret, reference)
        if keyed is not None:
            yield Step.KEYED_ID, next(iter(_tickets_of(reference, lookup)), keyed[0]), reference


def reply_addresses(mail: ParsedMail, secret: str) -> Iterator[tuple[int, str]]:
    """Yield (ticket, address) of the keyed reply addresses that a mail was sent to."""
    for address in (*(person.addr for person in (*mail.to, *mail.cc)), *mail.delivered_to):
        if "+hd." in address:
            ticket = verify_reply_address(secret, address)
            if ticket is not None:
                yield ticket, address


def _reply_addresses(
    mail: ParsedMail, own: OwnAddresses, secret: str
) -> Iterator[tuple[Step, int, str]]:
    for ticket, address in reply_addresses(mail, secret):
        if address in own:
            yield Step.REPLY_ADDRESS, ticket, address


def _tickets_of(reference: str, lookup: Lookup) -> list[int]:
    return [mail.ticket_id for mail in lookup.mails(reference) if mail.ticket_id is not None]


def _answered(
    mail: ParsedMail, own: OwnAddresses, lookup: Lookup
) -> Iterator[tuple[Step, int, str]]:
    """Yield tickets whose mail without Message-ID this one answers: written to its sender."""
    for person in _addressees(mail):
        if person.addr not in own:
            for ticket in lookup.referring(nameless_key(person.addr, mail.subject)):
                yield Step.NAMELESS, ticket, person.addr


def _addressees(mail: ParsedMail) -> tuple[Address, ...]:
    return (*mail.to, *mail.cc)[:10]


def _may_join(
    mail: ParsedMail, address: str, step: Step, ticket: int, lookup: Lookup, *, is_ours: bool
) -> bool:
    if step in _PROOF:
        return True
    if not is_ours:
        if step is Step.SIBLING and _is_beside(mail, address, step, ticket, lookup):
            return False
        return lookup.takes_part(ticket, address)
    if step is Step.KNOWN_ID:
        return True
    return any(lookup.takes_part(ticket, person.addr) for person in _addressees(mail))


def _is_beside(mail: ParsedMail, sender: str, step: Step, ticket: int, lookup: Lookup) -> bool:
    """Tell whether somebody who only got copies of a ticket writes to us and to nobody else of it.

    Anybody can open a ticket with a copy to a customer, under an id or a reference that the
    customer is going to answer: a newsletter's, or one sent to them in our name. What they write
    to us alone may belong to no conversation with the one who did that.
    """
    if step in _PROOF or not lookup.only_copied(ticket, sender):
        return False
    return not any(
        person.addr != sender and lookup.takes_part(ticket, person.addr)
        for person in _addressees(mail)
    )
