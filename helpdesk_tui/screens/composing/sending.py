"""What is about to be sent, as the agent reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.messages import (
    AttachmentRow,
    AuthorKind,
    Direction,
    DraftKind,
    MessageRow,
    Thread,
)
from helpdesk_tui.domain.messaging.windows import Lock
from helpdesk_tui.domain.messaging.windows import lock_of as messaging_lock
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.composer import Heading
from helpdesk_tui.widgets.words.chats import lock_of, presence_words, visitor_name
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.messaging import LOCK_REASONS, window_meter
from helpdesk_tui.widgets.words.trouble import dead_end_words

if TYPE_CHECKING:
    from helpdesk_tui.services.media.outgoing import LookedOver
    from helpdesk_tui.services.replies import Preview


class Choice(StrEnum):
    """What the agent decides in the review."""

    SEND = "send"
    CLOSE = "close"
    SNOOZE = "snooze"
    NEXT = "next"
    REDACT = "redact"
    SCHEDULE = "schedule"
    EDIT = "edit"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided about a reply besides its text."""

    seen: int | None = None
    """Newest message when writing began."""
    cc: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    """Other recipients than the customer's address, after a visible choice."""
    bcc: tuple[str, ...] = ()


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
    bcc: tuple[str, ...] = ()
    kind: DraftKind = DraftKind.REPLY
    passed_to: tuple[str, ...] = ()
    """Whom a forward goes to."""
    preview: Preview | None = None
    """What the desk says about it."""
    wrote_last: str = ""
    """Who sent the newest message from outside."""
    looked: LookedOver | None = None
    """What was found in its text and files."""

    @property
    def to(self) -> str:
        """The address it will go to."""
        return self.chosen_to or self.customer

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody in To."""
        return self.passed_to or (self.to,)

    @property
    def missing(self) -> tuple[str, ...]:
        """Who was on the mail answered and does not get this."""
        present = self.preview.present if self.preview is not None else ()
        return tuple(each for each in present if each not in self._everybody)

    @property
    def added(self) -> tuple[str, ...]:
        """Who gets this and was not on the mail answered."""
        present = self.preview.present if self.preview is not None else ()
        return tuple(each for each in self._everybody if each not in present) if present else ()

    @property
    def passed_over(self) -> str:
        """Who wrote last and does not get this reply; they may be waiting for one."""
        is_told = self.wrote_last in (*self._everybody, *self.missing)
        return "" if is_told or self.kind is not DraftKind.REPLY else self.wrote_last

    @property
    def leaves(self) -> str:
        """The text exactly as it leaves, signature included."""
        return self.preview.text if self.preview is not None else self.text

    @property
    def _everybody(self) -> tuple[str, ...]:
        if self.preview is None:
            return (*self.recipients, *self.cc, *self.bcc)
        copies = self.preview.envelope
        return tuple(dict.fromkeys(each.lower() for each in self.recipients)) + tuple(
            each for each in (*copies.cc, *copies.bcc) if each not in self.recipients
        )


def shut_for_replies(thread: Thread, now: datetime) -> NotAllowed | None:
    """Return why no reply can leave from this ticket now, where its channel alone says so."""
    spec = CHANNELS.get(thread.ticket.row.channel)
    lock = lock_in(thread, now)
    if lock is not None:
        return NotAllowed(lock.code, **lock.values)
    if spec is None or spec.can_answer:
        return None
    return NotAllowed("reply.channel-closed", channel=spec.label)


def lock_in(thread: Thread, now: datetime) -> Lock | None:
    """Return what forbids to write to the customer of SMS, WhatsApp or Instagram, if anything."""
    info, spec = thread.ticket.messaging, CHANNELS.get(thread.ticket.row.channel)
    if spec is None or not spec.is_messaging:
        return None
    if info is None:
        return Lock("reply.no-account", {"channel": spec.label})
    return messaging_lock(info, spec, now)


def locked(thread: Thread, now: datetime) -> str:
    """Return why no reply can leave from this ticket now, in words; empty where one can."""
    if why := lock_of(thread.ticket, now):
        return why
    shut = shut_for_replies(thread, now)
    if shut is None:
        return ""
    reason = LOCK_REASONS.get(shut.code)
    if reason is None:
        return sentence(shut)
    return _(reason).format_map({key: clean(str(value)) for key, value in shut.values.items()})


def heading_of(
    thread: Thread,
    plan: Plan,
    kind: DraftKind = DraftKind.REPLY,
    *,
    now: datetime,
    visitor: VisitorNow | None = None,
    enter_sends: bool = False,
    ways: tuple[str, ...] = (),
) -> Heading:
    """Return what the frame says about a reply, note or forward in this thread.

    Args:
        thread: The ticket.
        plan: Who gets it.
        kind: What is written.
        now: The moment it is.
        visitor: Of a chat: whether they are there.
        enter_sends: Whether enter sends on this channel.
        ways: What can be done where no reply can leave.
    """
    row, ticket = thread.ticket.row, thread.ticket
    spec = CHANNELS[row.channel]
    if spec.is_live:
        there = presence_words(ticket.chat, visitor, now) if ticket.chat is not None else ""
        return Heading(
            visitor_name(row), row.channel, "", row.id, closed=locked(thread, now),
            is_chat=True, there=there, limit=spec.text_limit, enter_sends=enter_sends,
        )  # fmt: skip
    if spec.is_messaging:
        info = ticket.messaging
        return Heading(
            _person(thread), row.channel, info.ours if info is not None else ticket.recipient,
            row.id, closed=locked(thread, now), limit=spec.text_limit, enter_sends=enter_sends,
            is_messaging=True, ways=ways, warning=dead_end_words(info) if info else "",
            window=window_meter(info, spec, now) if info is not None else None,
        )  # fmt: skip
    to = ", ".join(plan.to)
    if kind is not DraftKind.FORWARD:
        to = to or row.customer_name or ticket.customer_address
    return Heading(
        to, row.channel, ticket.recipient, row.id, len(plan.cc), locked(thread, now),
        hidden=len(plan.bcc), enter_sends=enter_sends and kind is DraftKind.REPLY,
    )  # fmt: skip


def _person(thread: Thread) -> str:
    """Return who a message goes to: by name, else as the channel knows them."""
    ticket, info = thread.ticket, thread.ticket.messaging
    called = ticket.row.customer_name or (info.name if info is not None else "")
    if called:
        return called
    if info is not None and info.handle:
        return f"@{info.handle.removeprefix('@')}"
    return ticket.customer_address


def review_of(
    thread: Thread,
    plan: Plan,
    text: str,
    files: tuple[AttachmentRow, ...],
    *,
    kind: DraftKind = DraftKind.REPLY,
    preview: Preview | None = None,
    looked: LookedOver | None = None,
) -> Review:
    """Put together what the agent reviews, from the thread as it is now."""
    ticket = thread.ticket
    seen = plan.seen or 0
    newer = [one for one in thread.messages if one.id > seen]
    return Review(
        ticket_id=ticket.row.id,
        subject=preview.subject if preview is not None else ticket.row.subject,
        channel=ticket.row.channel,
        customer=ticket.customer_address,
        reply_to=ticket.reply_to if kind is DraftKind.REPLY else "",
        sender=preview.sender if preview is not None else ticket.recipient,
        cc=preview.envelope.cc if preview is not None else plan.cc,
        files=files,
        text=text,
        newest=thread.messages[-1].id if thread.messages else None,
        overtaken=_last(newer, Direction.OUTBOUND),
        answered=_last(newer, Direction.INBOUND),
        status=ticket.row.status.value,
        chosen_to=plan.to[0] if plan.to and kind is DraftKind.REPLY else "",
        bcc=preview.envelope.bcc if preview is not None else plan.bcc,
        kind=kind,
        passed_to=plan.to if kind is DraftKind.FORWARD else (),
        preview=preview,
        wrote_last=_writer(thread.messages),
        looked=looked,
    )


def _writer(messages: tuple[MessageRow, ...]) -> str:
    people = [
        one.sender.lower()
        for one in messages
        if one.direction is Direction.INBOUND and not one.automatic
    ]
    return people[-1] if people else ""


def _last(messages: list[MessageRow], direction: Direction) -> MessageRow | None:
    fits = [
        one
        for one in messages
        if one.direction is direction and one.author_kind is not AuthorKind.AUTO
    ]
    return fits[-1] if fits else None
