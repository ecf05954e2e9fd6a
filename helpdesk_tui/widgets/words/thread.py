"""The words of a thread: times, sizes, delivery states, warnings and events in plain English."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType

from helpdesk_tui.domain.messages import Delivery, EventRow, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.language import Marked, _, pgettext
from helpdesk_tui.widgets.words.locale_forms import ago as ago
from helpdesk_tui.widgets.words.locale_forms import long_day, short_moment
from helpdesk_tui.widgets.words.locale_forms import size_label as size_label
from helpdesk_tui.widgets.words.people import shown_address as shown_address
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.words.trouble import delivery_trouble, unknown_trouble

WARNINGS: Marked[dict[str, str]] = {
    "new-sender": "somebody new in this ticket: replies do not go there by themselves",
    "new-participant": "was only copied before and writes to you alone: check before you tell the"
    " others",
    "auth-failed": "the sender could not be verified: this may be forged",
    "woken": "back from snooze: its time has come",
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
    "answered-outside": "written in another program, such as the app on a phone",
    "unsent": "its writer has taken it back",
    "keyword-answer": "answers a keyword by itself",
    "reported-as-spam": "its reader reported it as spam",
    "spoofed-name": "its sender's name pretends to be somebody else: look at the address",
    "unproven-thread": "put here by person and subject: the mail it answers had no id",
    "address-fails": "mail to this address comes back: see the delivery report",
    "bounce": "a delivery report: a message of ours did not arrive, or not yet",
    "forwarded": "reached us by a forward",
    "forwarding-confirmation": "a mail provider asks to confirm a forwarding: the support address"
    " it is for shows its code and link",
    "unanswered": "the visitor ended the chat and had the last word",
    "chat-ended": "the chat has ended for both sides: nothing is written in it any more",
    "with-responder": "the assistant is answering: nobody is needed yet",
    "by-responder": "the assistant answered this chat alone",
    "holding": "asks for patience: the visitor still waits for an answer",
    "third-party": "went to somebody outside this ticket: the customer does not see it",
    "follow-up": "follow-up by email: the visitor had left the chat before reading this",
    "typed-sender": "came through a form of yours: anybody may have typed in this sender",
    "passed-on": "a colleague forwarded this by hand: the sender is whom the forwarded text names",
}
"""Sentences for the flags of a message or ticket; an unknown flag is shown as it is."""

WAYS_ON: Marked[Mapping[str, tuple[str, str]]] = {
    "own-address-customer": ("ticket.customer", "says who the customer is"),
    "forged-reference": ("go.named", "opens that ticket"),
    "forwarding-confirmation": ("go.addresses", "shows the addresses"),
}
"""What helps with a flag of a ticket: an action of the key table, and what its key does."""

REVIEW_WARNINGS: Marked[Mapping[str, str]] = {
    "own-address": "is one of ours: a colleague, or a mailbox that is read here",
    "passed-over": "wrote last and does not get this: e, then ctrl+l, to answer there instead",
    "left-out": "is our own support address and gets no copy: it would come back to us",
    "new-sender": "wrote last and is new in this ticket: make sure who reads this",
    "auth-failed": "the mail that is answered could not be verified: it may be forged",
}
"""What the review says instead, where it matters for an answer."""

_SOME = ("smtp.some-refused",)
"""Codes of a message that left, but not to all of its recipients."""

_NOT_SHOWN = frozenset({"automatic", "human", "html", "holding", "answered-outside", "unsent"})

_NAMED = ("ticket", "merged_into", "priority", "team", "word")
_EVENTS: Marked[dict[str, str]] = {
    "ticket.closed": "{who} closed this ticket",
    "ticket.reopened": "{who} reopened this ticket",
    "ticket.snoozed": "{who} snoozed this ticket",
    "ticket.woken": "back from snooze",
    "ticket.assigned": "{who} assigned this to {assignee}",
    "ticket.team": "{who} gave this to the team {team}",
    "ticket.taken-over": "{who} took over from the assistant",
    "chat.taken-over": "{who} took over from the assistant",
    "ticket.watched": "{who} watches this ticket",
    "ticket.unwatched": "{who} watches this ticket no longer",
    "ticket.blocked": "{who} blocked the sender",
    "ticket.unblocked": "{who} let the sender through again",
    "ticket.linked": "{who} linked the customer to another one: the same person",
    "ticket.unlinked": "{who} unlinked the customer from another one",
    "ticket.priority": "{who} set the priority to {priority}",
    "macro.applied": "{who} used a macro",
    "action.asked": "{who} asked the shop: {change}",
    "action.done": "the shop has done it: {change}",
    "action.tried": "it could be done: {change}",
    "action.refused": "the shop has not done it: {change}",
    "action.unknown": "the shop has perhaps done it: {change}",
    "action.decided": "{who} said what became of it: {change}",
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
    "message.taken-back": "{who} took a message back",
    "messaging.gap": "messages are missing here: the provider does not show them any more",
    "keyword.stop": "the customer wrote {word}: nothing is sent to them here any more",
    "keyword.start": "the customer wrote {word}: consent is given",
    "keyword.help": "the customer wrote {word}: asked for help",
    "consent.given": "{who} noted that consent is given",
    "consent.withdrawn": "{who} noted that consent is withdrawn",
    "message.unscheduled": "the scheduled reply went back to its draft before it left",
    "ticket.customer": "{who} said who the customer is",
    "intake.ticket": "{who} made this ticket of a rejected mail",
    "change.undone": "{who} undid a change",
    "auto-answer.held": "no automatic answer: this inbox gave too many in an hour",
    "chat.left": "the visitor left",
    "chat.back": "the visitor is back",
    "chat.asked-for-person": "the visitor asked for a person",
    "chat.handed-over": "the assistant handed over to the team",
    "chat.handed-elsewhere": "the assistant handed over to another system",
    "chat.solved": "the assistant solved it",
    "chat.began": "the chat began",
    "chat.ended": "{who} ended the chat",
    "chat.away-told": "the visitor was told when somebody is back",
    "chat.followed-up": "the visitor had left: what was not read went out by email",
    "chat.continued": "goes on by email in ticket #{ticket}",
    "ticket.follows": "goes on with the chat #{ticket}",
}


def day_label(moment: datetime, now: datetime) -> str:
    """Return a day as a separator names it; both moments are in the agent's zone."""
    if moment.date() == now.date():
        return _("Today · {day}").format(day=long_day(moment, moment.year))
    if moment.date() == (now - timedelta(days=1)).date():
        return _("Yesterday · {day}").format(day=long_day(moment, moment.year))
    return long_day(moment, now.year)


def delivery_spans(message: MessageRow, now: datetime, zone: tzinfo | None = None) -> list[Span]:
    """Return sign and words of a message's delivery state; nothing for a received one."""
    state = message.delivery
    if state is Delivery.QUEUED:
        return _queued_spans(message, now)
    if state is Delivery.SCHEDULED and message.due_at is not None:
        return _scheduled_spans(message.due_at, now, zone)
    shown: dict[Delivery, list[Span]] = {
        Delivery.SENDING: [("↻ " + _("sending"), Ink.WAITING)],
        Delivery.SENT: [("✓ " + pgettext("message", "sent"), Ink.DIM)],
        Delivery.DELIVERED: [("✓✓ " + pgettext("message", "delivered"), Ink.DIM)],
        Delivery.READ: [("✓✓ " + pgettext("message", "read"), Ink.ACCENT)],
        Delivery.FAILED: [("✗ " + _("not sent"), Ink.BAD)],
        Delivery.UNKNOWN: [(_("? may have been sent"), Ink.WAITING)],
        Delivery.SCHEDULED: [("◷ " + pgettext("message", "scheduled"), Ink.DIM)],
    }
    return shown.get(state, [])


def seconds_left(message: MessageRow, now: datetime) -> int:
    """Return for how many whole seconds a queued message can still be taken back."""
    if message.delivery is not Delivery.QUEUED or message.due_at is None:
        return 0
    left = message.due_at - now
    return max(0, -(-left // timedelta(seconds=1)))


def _scheduled_spans(at: datetime, now: datetime, zone: tzinfo | None) -> list[Span]:
    moment = short_moment(at.astimezone(zone), now.astimezone(zone).year)
    return [
        ("◷ " + _("leaves {moment}").format(moment=moment), Ink.WAITING),
        (" · ", Ink.DIM),
        ("g o", Ink.KEY),
        (" " + _("changes it"), Ink.DIM),
    ]


def _queued_spans(message: MessageRow, now: datetime) -> list[Span]:
    left = seconds_left(message, now)
    if message.error_code:
        if not left:
            said = _("not through yet, tries again soon")
        elif left < 120:
            said = _("not through yet, tries again in {count} s").format(count=left)
        else:
            said = _("not through yet, tries again in {count} min").format(count=left // 60)
        return [(f"◷ {said}", Ink.WAITING)]
    if left > 0:
        return [
            ("◷ " + _("leaves in {left} s").format(left=left), Ink.WAITING),
            (" · ", Ink.DIM),
            ("z", Ink.KEY),
            (" " + _("takes it back"), Ink.DIM),
        ]
    return [("◷ " + _("waiting to leave"), Ink.WAITING)]


def trouble_spans(message: MessageRow) -> list[Span]:
    """Return why a message did not arrive and the keys that go on from there."""
    if message.delivery is Delivery.FAILED:
        told = delivery_trouble(
            message.error_code,
            message.error_text,
            channel=message.channel,
            address=", ".join(message.to),
        )
        reason = told or _("no reason given")
        return [("✗ ", Ink.BAD), (reason, Ink.BAD), ("  ", Ink.DIM),
                ("T", Ink.KEY), (" " + _("tries again"), Ink.DIM)]  # fmt: skip
    if message.delivery is Delivery.UNKNOWN:
        return [
            ("? ", Ink.WAITING),
            (unknown_trouble(message.channel) + "  ", Ink.WAITING),
            ("Y", Ink.KEY),
            (" " + _("it was sent") + "  ", Ink.DIM),
            ("T", Ink.KEY),
            (" " + _("send it again"), Ink.DIM),
        ]
    if message.delivery is Delivery.SENT and message.error_code:
        who = _("not to everybody") if message.error_code in _SOME else _("a delivery report")
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
        sentence = _(WARNINGS.get(flag, clean(flag).replace("-", " ")))
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
        return (
            _("names #{named} without proof: kept apart").format(named=named)
            if isinstance(named, int)
            else ""
        )
    template = _EVENTS.get(event.kind)
    if template is None:
        return ""
    who = clean(event.actor_name) or _("the desk")
    if event.kind == "ticket.assigned":
        return _assigned(event, who, agents)
    if event.kind == "ticket.reopened" and event.actor_kind == "customer":
        return _("reopened by a new message")
    if event.kind == "ticket.snoozed":
        return _snoozed(event, who, zone)
    if event.kind in ("chat.began", "chat.ended"):
        from helpdesk_tui.widgets.words.chats import chat_event

        return chat_event(event)
    if event.kind.startswith("action."):
        from helpdesk_tui.widgets.words.ordering import change_told

        if event.kind == "action.done" and event.after.get("dry_run"):
            template = _EVENTS["action.tried"]
        return _(template).format(who=who, change=change_told(event.after))
    if event.kind.startswith("consent."):
        return _consent(event, _(template), who)
    tags = event.after.get("tags") or event.before.get("tags") or ""
    return _(template).format(who=who, tags=_tag_words(event, tags), **_tickets(event))


def _consent(event: EventRow, template: str, who: str) -> str:
    """Return who says so, a source too, and of what kind of messages."""
    from helpdesk_tui.widgets.words.messaging import CONSENT_SOURCES, consent_kind

    source = clean(str(event.after.get("source", "")))
    said = template.format(who=who if not source or source in CONSENT_SOURCES else source)
    kinds = ", ".join([consent_kind(kind) for kind in _names(event.after.get("kinds"))])
    return " · ".join([part for part in (said, kinds) if part])


def _tickets(event: EventRow) -> dict[str, str]:
    """Return what an event names: other tickets, a priority, a team."""
    values = {**event.before, **event.after}
    named = {name: clean(str(values.get(name, "?"))) for name in _NAMED}
    return {**named, "priority": priority_name(named["priority"])}


def _assigned(event: EventRow, who: str, agents: Mapping[int, str]) -> str:
    agent = event.after.get("assignee_id")
    if agent is None:
        return _("{who} unassigned this ticket").format(who=who)
    target = clean(agents.get(agent, "") if isinstance(agent, int) else "") or _("a colleague")
    return (
        _("{who} took this ticket").format(who=who)
        if target == who
        else _("{who} assigned this to {target}").format(who=who, target=target)
    )


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(name) for name in value] if isinstance(value, (list, tuple)) else []


def _tag_words(event: EventRow, fallback: object) -> str:
    before, after = _names(event.before.get("tags")), _names(event.after.get("tags"))
    changed = set(before) ^ set(after)
    names = [name for name in [*after, *before] if name in changed] or _names(fallback)
    return clean(", ".join(dict.fromkeys(names)))


def _snoozed(event: EventRow, who: str, zone: tzinfo | None) -> str:
    value = event.after.get("snoozed_until")
    is_put_away = event.after.get("status") == "snoozed" or "snoozed_until" in event.after
    if value is None and is_put_away:
        return _("{who} snoozed this ticket until the customer writes").format(who=who)
    moment: datetime | None = None
    if isinstance(value, int):
        moment = datetime.fromtimestamp(value / 1_000_000, tz=zone).astimezone(zone)
    elif isinstance(value, str):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value).astimezone(zone)
    if moment is None:
        return _(_EVENTS["ticket.snoozed"]).format(who=who)
    return _("{who} snoozed this ticket until {moment}").format(
        who=who, moment=short_moment(moment, moment.year)
    )
