"""Which tickets may become one, and what the one they become looks like: pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.tickets import Status, TicketRow
from helpdesk_tui.domain.triage import TicketState, is_final

_LIVELIEST = (Status.OPEN, Status.SNOOZED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that another one could be merged into."""

    row: TicketRow
    refusal: str = ""
    """The code why it may not be; empty if it may."""
    is_offered: bool = False
    """The desk found the two alike."""


def refusal(
    source: TicketState, target: TicketState, *, same_customer: bool, is_sending: bool
) -> str:
    """Return the code why a ticket may not be merged into another, or nothing if it may."""
    if source.id == target.id:
        return "merge.itself"
    if source.merged_into is not None:
        return "ticket.merged"
    if not same_customer:
        return "merge.other-customer"
    if source.spam != target.spam:
        return "merge.spam"
    return _channel_refusal(source, target) or ("merge.sending" if is_sending else "")


def _channel_refusal(source: TicketState, target: TicketState) -> str:
    both = (source, target)
    if any(is_final(each) for each in both):
        return "ticket.chat-ended"
    if any(CHANNELS[each.channel].is_live for each in both):
        # what the visitor would still write belongs to this one conversation, and so do answers
        return "merge.chat"
    mixed = source.channel != target.channel
    if mixed and any(CHANNELS[each.channel].is_one_per_person for each in both):
        return "merge.other-channel"
    return ""


def absorbed(
    target: TicketState, source: TicketState, *, waiting_since: datetime | None
) -> TicketState:
    """Return the target as it is with another ticket in it.

    Args:
        target: The ticket that stays.
        source: The one that becomes part of it.
        waiting_since: Since when the customer waits for a person, over both.
    """
    livelier = _LIVELIEST.index(source.status) < _LIVELIEST.index(target.status)
    state = source if livelier else target
    return replace(
        target,
        status=state.status,
        closed_at=state.closed_at,
        snoozed_until=state.snoozed_until,
        snooze_zone=state.snooze_zone,
        snooze_keep=state.snooze_keep,
        unread=target.unread or source.unread,
        assignee_id=source.assignee_id if target.assignee_id is None else target.assignee_id,
        team_id=source.team_id if target.team_id is None else target.team_id,
        tags=tuple(sorted({*target.tags, *source.tags})),
        waiting_since=waiting_since,
        offer="",
    )
