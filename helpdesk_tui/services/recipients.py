"""Who a reply goes to, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.replies import Answered, Mailbox, Target
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.reply_headers import check_address, recipients

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Recipients:
    """Sender and recipients of a reply, as shown before it is sent."""

    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Own addresses that the answered message went to as well."""


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
    address = check_address(wanted or target.customer_address)
    if own.support_of(address):
        raise NotAllowed("reply.own-address", address=address)
    if wanted:
        known = {target.customer_address, *rows.load_participants(connection, target.id)}
        if answered is not None:
            known |= {answered.sender, answered.reply_to}
        if address not in {each.lower() for each in known}:
            raise NotAllowed("reply.not-participant", address=address)
    return address


def copies(wanted: Sequence[str], to: str, own: OwnAddresses) -> tuple[str, ...]:
    """Return the addresses that get a copy: never one that would come back to us.

    Raises:
        UsageError: ``address.invalid``.
    """
    return tuple(
        address for address in recipients(wanted, leave_out=[to]) if not own.support_of(address)
    )


def proposal(
    connection: sqlite3.Connection, target: Target, own: OwnAddresses, *, everyone: bool
) -> Recipients:
    """Return the recipients to start from; ``everyone`` adds those of the answered message."""
    mailbox = mailbox_of(connection, target)
    answered = rows.load_answered(connection, target.id)
    to = to_address(connection, target, answered, own, "")
    if not everyone or answered is None:
        return Recipients(mailbox.address, mailbox.name, (to,), ())
    others = dict.fromkeys(each.lower() for each in (*answered.recipients, *answered.copies))
    left_out = tuple(each for each in others if each in own)
    cc = tuple(each for each in others if each not in own and each != to)
    return Recipients(mailbox.address, mailbox.name, (to,), cc, left_out)
