"""Tell a story: from its written lines to a ticket with times, people, files and events."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk_tui.cli.demo.files import sample_file
from helpdesk_tui.cli.demo.stories import Line, Spam, Story, fill, split_cards, split_files
from helpdesk_tui.domain.history import PastCustomer, PastEvent, PastFile, PastMessage, PastTicket
from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.tickets import Priority, Status

ACCOUNTS = {
    "email": ("support", "support@acme.example"),
    "webchat": ("chat", "acme"),
    "sms": ("sms", "+48 800 555 100"),
    "instagram": ("instagram", "@acme.outdoor"),
    "whatsapp": ("whatsapp", "+44 20 7946 0100"),
}
"""Channel → name and address of its account."""

_ARRIVED = {
    "email": (Delivery.SENT,),
    "webchat": (Delivery.DELIVERED, Delivery.READ),
    "sms": (Delivery.DELIVERED,),
    "instagram": (Delivery.DELIVERED, Delivery.READ),
    "whatsapp": (Delivery.DELIVERED, Delivery.READ, Delivery.READ),
}
_SIZES = ("S", "M", "L", "XL", "38", "39", "41", "43")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a ticket."""

    minutes: int
    """How long ago its last message came."""
    channel: str
    person: PastCustomer
    status: Status = Status.OPEN
    assignee: str = ""
    unread: bool = False
    priority: Priority = Priority.NORMAL
    last: str = ""
    lines: int = 99
    """How many lines of the story have happened so far."""


class Teller:
    """Tells stories as they would have gone until ``now``."""

    def __init__(self, now: datetime, dice: random.Random, names: Mapping[str, str]) -> None:
        self._now = now
        self._dice = dice
        self._names = names
        self._team = tuple(names)
        self._order = 1052

    def tell(self, story: Story, fate: Fate) -> PastTicket:
        """Return the ticket that ``story`` becomes under ``fate``."""
        gaps = self._gaps(story, fate)
        lines = story.lines[: fate.lines]
        times = self._times(fate.minutes, lines)
        messages: list[PastMessage] = []
        for line, at in zip(lines, times, strict=True):
            messages.append(self._message(story, fate, line, at, gaps, messages))
        if fate.last:
            messages[-1] = _ending(messages[-1], fate.last)
        account, recipient = ACCOUNTS[fate.channel]
        ticket = PastTicket(
            customer=fate.person,
            channel=fate.channel,
            account=account,
            subject=fill(story.subject, gaps, self._dice),
            address=address_on(fate.person, fate.channel),
            recipient=recipient,
            messages=tuple(messages),
            status=fate.status,
            assignee=fate.assignee,
            unread=fate.unread,
            priority=fate.priority,
            tags=story.tags,
        )
        return self._with_events(ticket)

    def tell_spam(self, spam: Spam, minutes: int) -> PastTicket:
        """Return the ticket that an unwanted message becomes."""
        at = self._now - timedelta(minutes=minutes)
        text, names = split_files(spam.text)
        handle = spam.name if spam.channel == "instagram" else ""
        word = "".join(char for char in spam.name.lower() if char.isascii() and char.isalpha())
        person = PastCustomer(spam.name, "" if handle else f"info@{word}.invalid", handle=handle)
        account, recipient = ACCOUNTS[spam.channel]
        message = PastMessage(
            at=at,
            direction=Direction.INBOUND,
            text=text,
            author_kind=AuthorKind.CUSTOMER,
            author_name=spam.name,
            flags=("auth-failed",) if spam.channel == "email" else (),
            files=tuple(sample_file(name) for name in names),
        )
        return PastTicket(
            customer=person,
            channel=spam.channel,
            account=account,
            subject=spam.subject,
            address=address_on(person, spam.channel),
            recipient=recipient,
            messages=(message,),
            events=(self._event(at, "ticket.spam", "marek", spam=(False, True)),),
            spam=True,
            unread=minutes < 600,
        )

    def _gaps(self, story: Story, fate: Fate) -> dict[str, str]:
        self._order -= 1
        person = fate.person
        return {
            "order": f"{self._order:04d}",
            "product": self._dice.choice(story.language.products),
            "size2": self._dice.choice(_SIZES),
            "price": f"€{self._dice.randint(19, 149)}.{self._dice.choice(('00', '50', '90'))}",
            "city": person.location or "Leeds",
            "name": person.name,
            "first": person.name.split()[0] if person.name else "there",
            "agent": (fate.assignee or "anna").capitalize(),
        }

    def _times(self, minutes: int, lines: Sequence[Line]) -> list[datetime]:
        """Return a moment for each line, backwards from the last message."""
        at = self._now - timedelta(minutes=minutes, seconds=self._dice.randint(0, 50))
        times = [at]
        for earlier, line in zip(reversed(lines[:-1]), reversed(lines[1:]), strict=True):
            is_burst = earlier.who == line.who == "C"
            longest = 5 if is_burst else 9 if minutes < 120 else 40 if line.who == "N" else 900
            at -= timedelta(
                minutes=self._dice.randint(2, longest), seconds=self._dice.randint(0, 59)
            )
            times.append(at)
        return times[::-1]

    def _message(
        self,
        story: Story,
        fate: Fate,
        line: Line,
        at: datetime,
        gaps: dict[str, str],
        before: Sequence[PastMessage],
    ) -> PastMessage:
        told, notices, answers = split_cards(fill(line.text, gaps, self._dice))
        text, names = split_files(told)
        files = tuple(sample_file(name) for name in names)
        if line.who == "C":
            said = self._from_customer(story, fate, text, at, files, before)
            return replace(said, notices=notices, answers=answers)
        agent = line.agent or fate.assignee or self._team[0]
        if line.who == "N":
            note_by = line.agent or self._dice.choice(self._team)
            return PastMessage(
                at,
                Direction.NOTE,
                text,
                AuthorKind.AGENT,
                self._names[note_by],
                agent=note_by,
                sender=note_by,
            )
        if fate.channel == "email":
            text = f"{text}\n\n{story.language.signoff}\n{agent.capitalize()}"
        delivery = self._dice.choice(_ARRIVED[fate.channel])
        return PastMessage(
            at,
            Direction.OUTBOUND,
            text,
            AuthorKind.AGENT,
            self._names[agent],
            agent=agent,
            delivery=delivery,
            files=files,
        )

    def _from_customer(
        self,
        story: Story,
        fate: Fate,
        text: str,
        at: datetime,
        files: tuple[PastFile, ...],
        before: Sequence[PastMessage],
    ) -> PastMessage:
        folds: tuple[Fold, ...] = ()
        answered = [m for m in before if m.direction is Direction.OUTBOUND]
        is_mail = fate.channel == "email"
        if "\n--\n" in text:
            folds = (Fold(text.index("\n--\n") + 1, len(text), FoldKind.SIGNATURE),)
        if is_mail and answered and self._dice.random() < 0.7:
            text, folds = _quoting(text, folds, answered[-1], story.language.wrote)
        return PastMessage(
            at=at,
            direction=Direction.INBOUND,
            text=text,
            author_kind=AuthorKind.CUSTOMER,
            author_name=fate.person.name or address_on(fate.person, fate.channel),
            folds=folds,
            has_html=is_mail and self._dice.random() < 0.6,
            files=files,
        )

    def _with_events(self, ticket: PastTicket) -> PastTicket:
        first, last = ticket.messages[0].at, ticket.messages[-1].at
        events = []
        if ticket.tags:
            at = first + timedelta(seconds=40)
            tags = " ".join(sorted(ticket.tags))
            events.append(self._event(at, "ticket.tagged", ticket.assignee, tags=("", tags)))
        if ticket.assignee:
            at = first + timedelta(seconds=75)
            change = (None, ticket.assignee)
            events.append(self._event(at, "ticket.assigned", ticket.assignee, assignee_id=change))
        after = min(last + timedelta(minutes=3), self._now)
        agent = ticket.assignee
        if ticket.status is Status.CLOSED:
            events.append(self._event(after, "ticket.closed", agent, status=("open", "closed")))
            ticket = replace(ticket, closed_at=after)
        if ticket.status is Status.SNOOZED:
            morning = self._now.replace(hour=8, minute=0, second=0, microsecond=0)
            until = morning + timedelta(days=self._dice.randint(1, 6))
            events.append(self._event(after, "ticket.snoozed", agent, status=("open", "snoozed")))
            ticket = replace(ticket, snoozed_until=until, snooze_zone="Europe/Warsaw")
        return replace(ticket, events=tuple(events))

    def _event(
        self, at: datetime, kind: str, agent: str, **changed: tuple[object, object]
    ) -> PastEvent:
        before = {name: pair[0] for name, pair in changed.items()}
        after = {name: pair[1] for name, pair in changed.items()}
        return PastEvent(at, kind, agent or self._team[0], before, after)


def address_on(person: PastCustomer, channel: str) -> str:
    """Return where ``person`` is reached on ``channel``; empty where they are not."""
    if channel in ("email", "webchat"):
        return person.email
    return person.handle if channel == "instagram" else person.phone


def _quoting(
    text: str, folds: tuple[Fold, ...], answered: PastMessage, wrote: str
) -> tuple[str, tuple[Fold, ...]]:
    """Return a mail with what it answers below it, folded away."""
    head = wrote.format(date=f"{answered.at:%Y-%m-%d %H:%M}", who=answered.author_name)
    quote = "\n".join(f"> {line}".rstrip() for line in answered.text.splitlines())
    start = len(text) + 2
    text = f"{text}\n\n{head}\n{quote}"
    return text, (*folds, Fold(start, len(text), FoldKind.QUOTE))


def _ending(message: PastMessage, last: str) -> PastMessage:
    """Return the last message in the delivery state a story asks for."""
    if last == "failed":
        said = "550 5.1.1 no such user here"
        return replace(message, delivery=Delivery.FAILED, error_code="smtp.550", error_text=said)
    return replace(message, delivery=Delivery(last))
