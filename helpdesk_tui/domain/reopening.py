"""What a received message does to its ticket: status, unread, and how long a customer waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.tickets import Status


@dataclass(frozen=True, slots=True)
class ReceivingTicket:
    """What receiving needs to know of a ticket; moments are microseconds since 1970."""

    id: int
    profile_id: int
    customer_name: str
    customer_address: str
    status: Status
    spam: bool
    unread: bool
    automatic: bool
    snooze_keep: bool
    snoozed_until: int | None
    closed_at: int | None
    created_at: int
    last_message_at: int
    waiting_since: int | None
    message_count: int
    has_media: bool
    preview: str
    flags: tuple[str, ...]
    subject: str = ""
    offer: str = ""
    channel: str = EMAIL.name
    follows_id: int | None = None
    """The chat that it goes on with."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A received message, as far as it moves its ticket."""

    at: int
    preview: str
    has_media: bool
    flags: tuple[str, ...] = ()
    """Codes that the ticket carries from now on."""
    automatic: bool = False
    is_ours: bool = False
    """Written by our side from elsewhere: nobody waits because of it."""
    is_blocked: bool = False
    """Its sender is blocked: nobody is to see that it came."""
    is_thanks: bool = False
    """Says thank you and nothing else, in a desk that leaves its tickets closed for that."""
    offer: str = ""
    """What one key could mend (see :mod:`helpdesk_tui.domain.offers`)."""


def reopened_status(status: Status, *, spam: bool, snooze_keep: bool) -> Status:
    """Return the status after a person wrote: spam and ``!`` stay as they are."""
    if spam or status is Status.OPEN or (status is Status.SNOOZED and snooze_keep):
        return status
    return Status.OPEN


def after_arrival(ticket: ReceivingTicket, arrival: Arrival) -> ReceivingTicket:
    """Return a ticket as it stands after a message; automatic ones move nothing but its count.

    Nor do those of blocked senders.
    """
    counted = replace(
        ticket,
        message_count=ticket.message_count + 1,
        has_media=ticket.has_media or arrival.has_media,
        created_at=min(ticket.created_at, arrival.at),
        flags=with_flags(ticket.flags, arrival.flags),
        offer=arrival.offer or ticket.offer,
    )
    is_quiet = arrival.automatic or arrival.is_blocked
    if is_quiet or (arrival.is_thanks and ticket.status is not Status.OPEN):
        return counted
    newest = arrival.at >= ticket.last_message_at
    waiting = ticket.waiting_since
    if waiting is None and not arrival.is_ours:
        waiting = arrival.at
    return _reopened(
        replace(
            counted,
            automatic=False,
            unread=True,
            last_message_at=max(ticket.last_message_at, arrival.at),
            waiting_since=waiting,
            preview=arrival.preview if newest else ticket.preview,
        )
    )


def after_bounce(ticket: ReceivingTicket, arrival: Arrival, *, is_final: bool) -> ReceivingTicket:
    """Return a ticket after a delivery report: a final failure brings it back to an agent."""
    counted = after_arrival(ticket, replace(arrival, automatic=True))
    if not is_final:
        return counted
    return _reopened(
        replace(counted, unread=True, last_message_at=max(ticket.last_message_at, arrival.at))
    )


def _reopened(ticket: ReceivingTicket) -> ReceivingTicket:
    if Flag.CHAT_ENDED in ticket.flags:
        return ticket
    status = reopened_status(ticket.status, spam=ticket.spam, snooze_keep=ticket.snooze_keep)
    if status is ticket.status:
        return ticket
    return replace(ticket, status=status, snoozed_until=None, snooze_keep=False, closed_at=None)


def with_flags(flags: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes with further ones, sorted, each once."""
    return tuple(sorted({*flags, *more})) if more else flags
