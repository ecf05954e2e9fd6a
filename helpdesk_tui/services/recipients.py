"""Who a reply goes to, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.replies import Answered, Mailbox, Target
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.reply_headers import check_address, recipients

if TYPE_CHECKING:
    import sqlite3


_DOUBTED = frozenset((Flag.AUTH_FAILED, Flag.FROM_OWN_ADDRESS, Flag.NEW_SENDER))
"""Codes of messages whose sender may not be the one they seem, or was let in by a proof."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Sender and recipients of a reply, as shown before it is sent."""

    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Own addresses that the answered message went to as well."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a message goes to, checked."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Support addresses taken out of the copies: they would come back to us."""

    @property
    def everybody(self) -> tuple[str, ...]:
        """All of them, each once."""
        return (*self.to, *self.cc, *self.bcc)


def mailbox_of(connection: sqlite3.Connection, target: Target) -> Mailbox:
    """Return the configured address a reply leaves from.

    Raises:
        NotAllowed: ``reply.no-mailbox``.
    """
    mailbox = rows.load_mailbox(connection, target)
    if mailbox is None:
        raise NotAllowed("reply.no-mailbox", channel=target.channel)
    return mailbox


def to_address(
    connection: sqlite3.Connection,
    target: Target,
    answered: Answered | None,
    own: OwnAddresses,
    wanted: str,
) -> str:
    """Return the address a reply goes to.

    Raises:
        UsageError: ``reply.no-recipient`` or ``address.invalid``.
        NotAllowed: ``reply.own-address`` (a loop), or ``reply.not-participant``: a reply goes to
            somebody of the ticket, there is no writing to anyone.
    """
    if not (wanted or target.customer_address):
        raise UsageError("reply.no-recipient", id=target.id)
    address = _outside(wanted or target.customer_address, own)
    if wanted:
        known = {target.customer_address, *rows.load_participants(connection, target.id)}
        if answered is not None:
            known |= {answered.sender, answered.reply_to}
        if address not in {each.lower() for each in known}:
            raise NotAllowed("reply.not-participant", address=address)
    return address


def outside_addresses(wanted: Sequence[str], own: OwnAddresses) -> tuple[str, ...]:
    """Return the addresses a forward goes to: anybody's but ours.

    Raises:
        UsageError: ``forward.no-recipient`` or ``address.invalid``.
        NotAllowed: ``reply.own-address`` (a loop).
    """
    if not wanted:
        raise UsageError("forward.no-recipient")
    return tuple(dict.fromkeys(_outside(each, own) for each in wanted))


def _outside(wanted: str, own: OwnAddresses) -> str:
    address = check_address(wanted)
    if own.support_of(address):
        raise NotAllowed("reply.own-address", address=address)
    return address


def envelope(
    to: Sequence[str], cc: Sequence[str], bcc: Sequence[str], own: OwnAddresses
) -> Envelope:
    """Return all recipients, everybody once, openly where asked for both: never one of our own.

    Raises:
        UsageError: ``address.invalid``.
    """
    open_copies = recipients(cc, leave_out=to)
    hidden = recipients(bcc, leave_out=[*to, *open_copies])
    left_out = tuple(each for each in (*open_copies, *hidden) if own.support_of(each))
    return Envelope(
        tuple(to),
        tuple(each for each in open_copies if each not in left_out),
        tuple(each for each in hidden if each not in left_out),
        left_out,
    )


def people_on(answered: Answered, own: OwnAddresses) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who was on a mail besides us, its sender first, and our own addresses on it."""
    people = (answered.sender, *answered.recipients, *answered.copies)
    everybody = dict.fromkeys(each.lower() for each in people if each)
    return (
        tuple(each for each in everybody if each not in own),
        tuple(each for each in everybody if each in own),
    )


def proposal(
    connection: sqlite3.Connection, target: Target, own: OwnAddresses, *, everyone: bool
) -> Recipients:
    """Return the recipients to start from; ``everyone`` adds those of the answered message."""
    mailbox = mailbox_of(connection, target)
    answered = rows.load_answered(connection, target.id, target.customer_address)
    to = to_address(connection, target, answered, own, "")
    if not everyone or answered is None:
        return Recipients(mailbox.address, mailbox.name, (to,), ())
    others, left_out = people_on(answered, own)
    if not _DOUBTED.isdisjoint(answered.flags):
        # whoever may not be the one they seem names no recipients: these have to be typed
        known = rows.load_participants(connection, target.id)
        others = tuple(each for each in others if each in known)
    cc = tuple(each for each in others if each not in (to, answered.sender.lower()))
    return Recipients(mailbox.address, mailbox.name, (to,), cc, left_out)
