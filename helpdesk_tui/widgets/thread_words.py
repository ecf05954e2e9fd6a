"""The words of a thread: times, sizes, delivery states, warnings and events in plain English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType

from helpdesk_tui.domain.messages import Delivery, EventRow, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.people_words import shown_address as shown_address

WARNINGS: dict[str, str] = {
    "new-sender": "somebody new in this ticket: replies do not go there by themselves",
    "new-participant": "was only copied before and writes to you alone: check before you tell the"
    " others",
    "auth-failed": "the sender could not be verified: this may be forged",
    "reply-to-differs": "wants answers at another address: the review offers it",
    "from-own-address": "comes from one of our own addresses: not written by the helpdesk",
    "own-address-customer": "the customer is one of our own addresses: a colleague wrote it, or"
    " mail was forwarded twice (then forward directly from the first mailbox)",
    "cut": "this mail was too large or too deep: parts are cut, the original is kept",
    "unreadable": "this mail could not be read in full: the original is kept",
    "same-id": "another mail has the same id with other content: both are kept",
    "forged-reference": "names another ticket without proof: kept apart from it",
    "blocked": "its sender is blocked: it was put before nobody",
    "gratitude": "says thank you and nothing else: did not reopen this ticket",
    "reported-as-spam": "its reader reported it as spam",
    "spoofed-name": "its sender's name pretends to be somebody else: look at the address",
    "unproven-thread": "put here by person and subject: the mail it answers had no id",
    "address-fails": "mail to this address comes back: see the delivery report",
    "bounce": "a delivery report: a message of ours did not arrive, or not yet",
    "forwarded": "reached us by a forward",
    "forwarding-confirmation": "a mail provider asks to confirm a forwarding: the support address"
    " it is for shows its code and link",
    "third-party": "went to somebody outside this ticket: the customer does not see it",
    "passed-on": "a colleague forwarded this by hand: the sender is whom the forwarded text names",
}
"""Sentences for the flags of a message or ticket; an unknown flag is shown as it is."""

WAYS_ON: Mapping[str, tuple[str, str]] = {
    "own-address-customer": ("ticket.customer", "says who the customer is"),
    "forged-reference": ("go.named", "opens that ticket"),
    "forwarding-confirmation": ("go.addresses", "shows the addresses"),
}
"""What helps with a flag of a ticket: an action of the key table, and what its key does."""

REVIEW_WARNINGS: Mapping[str, str] = {
    "own-address": "is one of ours: a colleague, or a mailbox that is read here",
    "passed-over": "wrote last and does not get this: e, then ctrl+l, to answer there instead",
    "left-out": "is our own support address and gets no copy: it would come back to us",
    "new-sender": "wrote last and is new in this ticket: make sure who reads this",
    "auth-failed": "the mail that is answered could not be verified: it may be forged",
}
"""What the review says instead, where it matters for an answer."""

_SOME = ("smtp.some-refused",)
"""Codes of a message that left, but not to all of its recipients."""

_NOT_SHOWN = frozenset({"automatic", "human", "html"})

_NAMED = ("ticket", "merged_into", "priority", "team")
_EVENTS: dict[str, str] = {
    "ticket.closed": "{who} closed this ticket",
    "ticket.reopened": "{who} reopened this ticket",
    "ticket.snoozed": "{who} snoozed this ticket{until}",
    "ticket.woken": "back from snooze",
    "ticket.assigned": "{who} assigned this to {assignee}",
    "ticket.team": "{who} gave this to the team {team}",
    "ticket.watched": "{who} watches this ticket",
    "ticket.unwatched": "{who} watches this ticket no longer",
    "ticket.blocked": "{who} blocked the sender",
    "ticket.unblocked": "{who} let the sender through again",
    "ticket.linked": "{who} linked the customer to another one: the same person",
    "ticket.unlinked": "{who} unlinked the customer from another one",
    "ticket.priority": "{who} set the priority to {priority}",
    "macro.applied": "{who} used a macro",
    "note.removed": "{who} took a note back",
    "ticket.tagged": "{who} tagged {tags}",
    "ticket.untagged": "{who} removed the tag {tags}",
    "ticket.spam": "{who} marked this as spam",
    "ticket.not-spam": "{who} marked this as not spam",
    "ticket.merged": "{who} merged this into ticket #{merged_into}",
    "ticket.absorbed": "{who} merged ticket #{ticket} into this one",
    "ticket.unmerged": "{who} took this out of ticket #{merged_into} again",
    "ticket.released": "{who} took ticket #{ticket} out again",
    "ticket.split": "{who} split off ticket #{ticket}",
    "ticket.offer-declined": "{who} kept it as it is",
    "message.unsent": "{who} took a reply back",
    "ticket.customer": "{who} said who the customer is",
    "intake.ticket": "{who} made this ticket of a rejected mail",
    "change.undone": "{who} undid a change",
    "auto-answer.held": "no automatic answer: this inbox gave too many in an hour",
}


def day_label(moment: datetime, now: datetime) -> str:
    """Return a day as a separator names it; both moments are in the agent's zone."""
    day = f"{moment:%A} {moment.day} {moment:%B}"
    if moment.date() == now.date():
        return f"Today · {day}"
    if moment.date() == (now - timedelta(days=1)).date():
        return f"Yesterday · {day}"
    return day if moment.year == now.year else f"{day} {moment.year}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in the coarsest unit that still says enough."""
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return "just now"
    for size, unit, below in ((60, "min", 60), (3600, "h", 24)):
        if seconds < size * below:
            return f"{seconds // size} {unit} ago"
    days = seconds // 86400
    if days < 60:
        return "1 day ago" if days == 1 else f"{days} days ago"
    return f"{days // 30} months ago" if days < 730 else f"{days // 365} years ago"


def size_label(size: int) -> str:
    """Return a number of bytes for people."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def delivery_spans(message: MessageRow, now: datetime) -> list[Span]:
    """Return sign and words of a message's delivery state; nothing for a received one."""
    state = message.delivery
    if state is Delivery.QUEUED:
        return _queued_spans(message, now)
    shown: dict[Delivery, list[Span]] = {
        Delivery.SENDING: [("↻ sending", Ink.WAITING)],
        Delivery.SENT: [("✓ sent", Ink.DIM)],
        Delivery.DELIVERED: [("✓✓ delivered", Ink.DIM)],
        Delivery.READ: [("✓✓ read", Ink.ACCENT)],
        Delivery.FAILED: [("✗ not sent", Ink.BAD)],
        Delivery.UNKNOWN: [("? may have been sent", Ink.WAITING)],
        Delivery.SCHEDULED: [("◷ scheduled", Ink.DIM)],
    }
    return shown.get(state, [])


def seconds_left(message: MessageRow, now: datetime) -> int:
    """Return for how many whole seconds a queued message can still be taken back."""
    if message.delivery is not Delivery.QUEUED or message.due_at is None:
        return 0
    left = message.due_at - now
    return max(0, -(-left // timedelta(seconds=1)))


def _queued_spans(message: MessageRow, now: datetime) -> list[Span]:
    left = seconds_left(message, now)
    if message.error_code:
        wait = f" in {left} s" if 0 < left < 120 else f" in {left // 60} min" if left else " soon"
        return [(f"◷ not through yet, tries again{wait}", Ink.WAITING)]
    if left > 0:
        return [
            (f"◷ leaves in {left} s", Ink.WAITING), (" · ", Ink.DIM),
            ("z", Ink.KEY), (" takes it back", Ink.DIM),
        ]  # fmt: skip
    return [("◷ waiting to leave", Ink.WAITING)]


def trouble_spans(message: MessageRow) -> list[Span]:
    """Return why a message did not arrive and the keys that go on from there."""
    if message.delivery is Delivery.FAILED:
        reason = clean(message.error_text) or clean(message.error_code) or "no reason given"
        return [("✗ ", Ink.BAD), (reason, Ink.BAD), ("  ", Ink.DIM),
                ("T", Ink.KEY), (" tries again", Ink.DIM)]  # fmt: skip
    if message.delivery is Delivery.UNKNOWN:
        return [
            ("? ", Ink.WAITING),
            ("the line broke while sending: look in the Sent folder  ", Ink.WAITING),
            ("Y", Ink.KEY),
            (" it was sent  ", Ink.DIM),
            ("T", Ink.KEY),
            (" send it again", Ink.DIM),
        ]
    if message.delivery is Delivery.SENT and message.error_code:
        who = "not to everybody" if message.error_code in _SOME else "a delivery report"
        reason = clean(message.error_text) or clean(message.error_code)
        return [("▲ ", Ink.WAITING), (f"{who}: {reason}", Ink.WAITING)]
    return []


def warnings_of(flags: tuple[str, ...], sender: str) -> list[str]:
    """Return the sentences for the flags of a message."""
    address = shown_address(sender)
    out = []
    for flag in flags:
        if flag in _NOT_SHOWN:
            continue
        sentence = WARNINGS.get(flag, clean(flag).replace("-", " "))
        needs_address = flag in ("new-sender", "new-participant", "auth-failed") and address
        out.append(f"{address}: {sentence}" if needs_address else sentence)
    return out


def event_sentence(
    event: EventRow, zone: tzinfo | None, agents: Mapping[int, str] = MappingProxyType({})
) -> str:
    """Return what happened as one line, or nothing for events that a thread does not show.

    Args:
        event: what happened.
        zone: the agent's time zone; None is the machine's.
        agents: names of agents by id.
    """
    if event.kind == "ticket.created":
        named = event.after.get("named_ticket")
        return f"names #{named} without proof: kept apart" if isinstance(named, int) else ""
    template = _EVENTS.get(event.kind)
    if template is None:
        return ""
    who = clean(event.actor_name) or "the desk"
    if event.kind == "ticket.assigned":
        return _assigned(event, who, agents)
    if event.kind == "ticket.reopened" and event.actor_kind == "customer":
        return "reopened by a new message"
    tags = event.after.get("tags") or event.before.get("tags") or ""
    return template.format(
        who=who, tags=_tag_words(event, tags), until=_until(event, zone), **_tickets(event)
    )


def _tickets(event: EventRow) -> dict[str, str]:
    """Return what an event names: other tickets, a priority, a team."""
    values = {**event.before, **event.after}
    return {name: clean(str(values.get(name, "?"))) for name in _NAMED}


def _assigned(event: EventRow, who: str, agents: Mapping[int, str]) -> str:
    agent = event.after.get("assignee_id")
    if agent is None:
        return f"{who} unassigned this ticket"
    target = clean(agents.get(agent, "") if isinstance(agent, int) else "") or "a colleague"
    return f"{who} took this ticket" if target == who else f"{who} assigned this to {target}"


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(name) for name in value] if isinstance(value, (list, tuple)) else []


def _tag_words(event: EventRow, fallback: object) -> str:
    before, after = _names(event.before.get("tags")), _names(event.after.get("tags"))
    changed = set(before) ^ set(after)
    names = [name for name in [*after, *before] if name in changed] or _names(fallback)
    return clean(", ".join(dict.fromkeys(names)))


def _until(event: EventRow, zone: tzinfo | None) -> str:
    value = event.after.get("snoozed_until")
    is_put_away = event.after.get("status") == "snoozed" or "snoozed_until" in event.after
    if value is None and is_put_away:
        return " until the customer writes"
    moment: datetime | None = None
    if isinstance(value, int):
        moment = datetime.fromtimestamp(value / 1_000_000, tz=zone).astimezone(zone)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value).astimezone(zone)
        except ValueError:
            return ""
    return "" if moment is None else f" until {moment:%a} {moment.day} {moment:%b %H:%M}"
