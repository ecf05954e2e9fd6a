"""What the operators of the query language mean, in few words: for completion and for help."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import N_, _

_MEANINGS: Mapping[str, str] = {
    "is": N_("open, snoozed, closed, unread, waiting …"),
    "assignee": N_("who has it: me, none, a name"),
    "team": N_("the team that has it"),
    "by": N_("who answered it"),
    "from": N_("who wrote it"),
    "to": N_("who it was written to"),
    "cc": N_("who got a copy"),
    "customer": N_("name or address of the customer"),
    "email": N_("an address, or @host"),
    "phone": N_("a telephone number"),
    "channel": N_("email, sms, webchat …"),
    "inbox": N_("the address of ours it was written to"),
    "in": N_("look only in notes, messages, subject, files"),
    "subject": N_("words of the subject"),
    "has": N_("attachment, image, link, note …"),
    "file": N_("name of a file: *.pdf"),
    "larger": N_("a file of at least: 5mb"),
    "smaller": N_("only files below: 1mb"),
    "tag": N_("a tag"),
    "campaign": N_("the campaign or flow that the customer answers"),
    "priority": N_("low, normal, high, urgent"),
    "created": N_("when it began: <2d, 2026-11-01"),
    "updated": N_("when it last moved"),
    "closed": N_("when it was closed"),
    "heard": N_("when the customer last wrote"),
    "answered": N_("when we last answered"),
    "waiting": N_("how long somebody waits: >4h"),
    "snoozed": N_("when it comes back"),
    "segment": N_("a segment or list of the customer"),
    "order": N_("an order number"),
    "total": N_("an order of the customer that costs so much"),
    "ltv": N_("what the customer is worth in all"),
    "churn": N_("the risk that the customer never comes back, 0 to 1"),
    "orders": N_("how many orders the customer has"),
    "messages": N_("how many messages: >10"),
    "reopens": N_("how often it was opened again"),
    "sort": N_("newest, oldest, waiting, priority"),
    "limit": N_("how many at most"),
}
_HELP: tuple[tuple[str, str], ...] = (
    (N_("refund parcel"), N_("both words in one message, the last half typed")),
    (N_('"where is my"'), N_("these words in this order")),
    (N_("-refund"), N_("without it; a OR b, ( … ) too")),
    ("is:open is:unread", N_("state, also snoozed, closed, waiting, spam")),
    ("tag:vip assignee:me", N_("labels and people; from: customer: team:")),
    ("created:<2d waiting:>4h", N_("times; heard: answered: closed:")),
    ("has:image file:*.pdf", N_("files; in:notes, channel:sms, order:1001")),
)
"""Examples for an empty line, and what they find."""


def meaning(operator: str) -> str:
    """Return what an operator of ours (without colon) stands for; empty for other programs'."""
    known = _MEANINGS.get(operator)
    return _(known) if known else ""


def examples() -> tuple[tuple[str, str], ...]:
    """Return searches to learn from, and what they find."""
    return tuple((_(typed), _(found)) for typed, found in _HELP)
