"""What is about to be sent, as the agent reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.messages import AttachmentRow, AuthorKind, Direction, MessageRow, Thread
from helpdesk_tui.widgets.composer import Heading
from helpdesk_tui.widgets.wording import sentence


class Choice(StrEnum):
    """What the agent decides in the review."""

    SEND = "send"
    CLOSE = "close"
    SNOOZE = "snooze"
    EDIT = "edit"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided about a reply besides its text."""

    seen: int | None = None
    """Newest message when writing began."""
    cc: tuple[str, ...] = ()
    to: str = ""
    """Another recipient than the customer's address, after a visible choice."""


@dataclass(slots=True)
class Review:
    """Everything that the review shows; ``chosen_to`` may change there."""

    ticket_id: int
    subject: str
    channel: str
    customer: str
    reply_to: str
    """Where the customer asks answers to go, if that differs; never taken by itself."""
    sender: str
    cc: tuple[str, ...]
    files: tuple[AttachmentRow, ...]
    text: str
    newest: int | None
    overtaken: MessageRow | None
    """A colleague's reply that came after writing began."""
    answered: MessageRow | None
    """A customer message that came after writing began."""
    status: str
    chosen_to: str = ""

    @property
    def to(self) -> str:
        """The address it will go to."""
        return self.chosen_to or self.customer


def shut_for_replies(thread: Thread) -> NotAllowed | None:
    """Return why no reply can leave from this ticket, where its channel alone says so."""
    spec = CHANNELS.get(thread.ticket.row.channel)
    if spec is None or spec.can_answer:
        return None
    return NotAllowed("reply.channel-closed", channel=spec.label)


def heading_of(thread: Thread, plan: Plan) -> Heading:
    """Return what the frame says about a reply or note in this thread."""
    row, ticket = thread.ticket.row, thread.ticket
    to = plan.to or row.customer_name or ticket.customer_address
    shut = shut_for_replies(thread)
    closed = sentence(shut) if shut is not None else ""
    return Heading(to, row.channel, ticket.recipient, row.id, len(plan.cc), closed)


def review_of(thread: Thread, plan: Plan, text: str, files: tuple[AttachmentRow, ...]) -> Review:
    """Put together what the agent reviews, from the thread as it is now."""
    ticket = thread.ticket
    seen = plan.seen or 0
    newer = [one for one in thread.messages if one.id > seen]
    return Review(
        ticket_id=ticket.row.id,
        subject=ticket.row.subject,
        channel=ticket.row.channel,
        customer=ticket.customer_address,
        reply_to=ticket.reply_to,
        sender=ticket.recipient,
        cc=plan.cc,
        files=files,
        text=text,
        newest=thread.messages[-1].id if thread.messages else None,
        overtaken=_last(newer, Direction.OUTBOUND),
        answered=_last(newer, Direction.INBOUND),
        status=ticket.row.status.value,
        chosen_to=plan.to,
    )


def _last(messages: list[MessageRow], direction: Direction) -> MessageRow | None:
    fits = [
        one
        for one in messages
        if one.direction is direction and one.author_kind is not AuthorKind.AUTO
    ]
    return fits[-1] if fits else None


def suggested_copies(thread: Thread) -> tuple[str, ...]:
    """Return who else was on the newest customer message: kept only if the agent says so."""
    ours = {thread.ticket.recipient, thread.ticket.customer_address}
    for message in reversed(thread.messages):
        if message.direction is Direction.INBOUND:
            people = dict.fromkeys((*message.to, *message.cc))
            return tuple(one for one in people if one and one not in ours)
    return ()
