"""What one key could mend in threading: offered in the ticket, never done by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from helpdesk_tui.domain.order_numbers import order_numbers
from helpdesk_tui.domain.subjects import base_subject
from helpdesk_tui.domain.times import span_us

MERGE_WITHIN = timedelta(hours=72)
SPLIT_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recent:
    """A ticket of the same customer that is not closed; moments are microseconds since 1970."""

    id: int
    last_message_at: int
    subject: str
    text: str
    """What its customer wrote, as far as order numbers stand in it."""


def alike(subject: str, text: str, at: int, recent: Iterable[Recent]) -> tuple[int, str] | None:
    """Return (ticket, why) of the newest ticket that a mail seems to go on with."""
    wanted = base_subject(subject)
    numbers: frozenset[str] | None = None
    for ticket in sorted(recent, key=lambda each: (-each.last_message_at, -each.id)):
        if abs(at - ticket.last_message_at) > span_us(MERGE_WITHIN):
            continue
        if wanted and base_subject(ticket.subject) == wanted:
            return ticket.id, f"#{ticket.id} has the same subject"
        if numbers is None:
            numbers = order_numbers(subject, text)
        shared = numbers & order_numbers(ticket.subject, ticket.text) if numbers else None
        if shared:
            return ticket.id, f"#{ticket.id} names order {min(shared)} too"
    return None


def is_new_topic(subject: str, at: int, thread_subjects: Iterable[str], began_at: int) -> bool:
    """Tell whether a mail in an old thread is about something else.

    Args:
        subject: The mail's subject.
        at: When it came.
        thread_subjects: Subjects of the ticket and of the message that is answered.
        began_at: When the ticket was made.
    """
    if at - began_at <= span_us(SPLIT_AFTER):
        return False
    wanted = base_subject(subject)
    return bool(wanted) and all(base_subject(each) != wanted for each in thread_subjects)
