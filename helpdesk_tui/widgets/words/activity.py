"""The words of the log: what was done, and each value before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from helpdesk_tui.domain.activity import ActivityRow, UndoPreview, turns_of
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import from_us
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.widgets.words.actions import change_name, why
from helpdesk_tui.widgets.words.codes import value_name
from helpdesk_tui.widgets.words.commerce import money_words
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import N_, Marked, _, ngettext, pgettext
from helpdesk_tui.widgets.words.locale_forms import clock, date_and_year

_DONE = "log"
"""Context of what was done: ``closed`` is what somebody did, not how a ticket is."""

WHAT: Mapping[str, str] = N_(
    {
        "ticket.created": "made the ticket",
        "ticket.closed": "closed",
        "ticket.reopened": "reopened",
        "ticket.snoozed": "snoozed",
        "ticket.woken": "back from snooze",
        "chat.left": "left the chat",
        "chat.back": "is back in the chat",
        "chat.ended": "ended the chat",
        "chat.asked-for-person": "asked for a person",
        "ticket.assigned": "assigned",
        "ticket.taken-over": "took over from the assistant",
        "chat.handed-over": "handed over to the team",
        "chat.handed-elsewhere": "handed over elsewhere",
        "chat.solved": "solved it",
        "chat.answered": "answered by itself",
        "chat.taken-over": "took over from the assistant",
        "ticket.team": "gave to a team",
        "ticket.tagged": "tagged",
        "ticket.untagged": "untagged",
        "ticket.read": "read",
        "ticket.unread": "marked unread",
        "ticket.spam": "marked as spam",
        "ticket.not-spam": "marked as not spam",
        "ticket.priority": "set the priority",
        "ticket.watched": "watches",
        "ticket.unwatched": "watches no longer",
        "ticket.blocked": "blocked the sender",
        "ticket.unblocked": "let the sender through",
        "ticket.customer": "said who the customer is",
        "ticket.linked": "linked the customer",
        "ticket.unlinked": "unlinked the customer",
        "ticket.merged": "merged into another",
        "ticket.absorbed": "merged another in",
        "ticket.unmerged": "taken out again",
        "ticket.released": "took another out",
        "ticket.split": "split off a ticket",
        "ticket.offer-declined": "kept as it is",
        "profile.vouched": "had an unproved address looked up",
        "profile.erased": "erased the customer for good",
        "profile.linked": "linked two customers",
        "profile.unlinked": "unlinked two customers",
        "message.received": "wrote",
        "message.blocked": "wrote, being blocked",
        "message.queued": "replied",
        "message.sent": "reply left",
        "message.failed": "reply failed",
        "message.unknown": "reply perhaps left",
        "message.delivered": "reply arrived",
        "message.read": "reply was read",
        "message.file": "file of a message fetched, or given up",
        "message.unsent": "took a reply back",
        "message.outside": "answered outside",
        "message.taken-back": "took a message back",
        "message.attributed": "answers a campaign",
        "messaging.gap": "messages are missing",
        "keyword.stop": "wants no more messages",
        "keyword.start": "wants messages",
        "keyword.help": "asked for help",
        "consent.given": "noted consent",
        "consent.withdrawn": "noted that consent is withdrawn",
        "message.filed": "copy filed",
        "message.scheduled": "scheduled a reply",
        "message.rescheduled": "moved a scheduled reply",
        "message.unscheduled": "took a scheduled reply back",
        "auto-answer.held": "held an automatic answer",
        "chat.held": "asked for patience",
        "chat.away-told": "said that nobody is there",
        "chat.open-told": "said that somebody is there",
        "chat.followed-up": "followed up by email",
        "chat.continued": "went on by email",
        "ticket.follows": "goes on with a chat",
        "note.added": "wrote a note",
        "note.removed": "took a note back",
        "macro.applied": "used a macro",
        "action.asked": "asked the shop for a change",
        "action.done": "the shop has made a change",
        "action.refused": "the shop has not made a change",
        "action.unknown": "the shop has perhaps made a change",
        "action.decided": "said what became of a change",
        "change.undone": "undid or redid",
        "intake.ticket": "made of rejected mail",
        "intake.dismissed": "dismissed rejected mail",
        "intake.restored": "restored rejected mail",
        "channel.state": "channel changed",
        "address.added": "added an address",
        "address.changed": "changed an address",
        "address.removed": "removed an address",
        "address.state": "address changed",
        "agent.available": "is available",
        "agent.away": "is away",
        "agent.removed": "removed an agent",
        "agent.restored": "let an agent return",
        "agent.role": "changed a role",
        "faq.added": "added to the FAQ",
        "faq.changed": "changed the FAQ",
        "faq.moved": "reordered the FAQ",
        "faq.published": "published in the FAQ",
        "faq.unpublished": "hid in the FAQ",
        "faq.removed": "removed from the FAQ",
        "faq.restored": "restored in the FAQ",
        "source.added": "connected a source",
        "source.changed": "changed a source",
        "source.removed": "removed a source",
        "source.state": "source changed",
        "team.added": "made a team",
        "team.removed": "removed a team",
        "team.joined": "joined a team",
        "team.left": "left a team",
        "view.saved": "saved a view",
        "view.moved": "moved a view",
        "view.deleted": "deleted a view",
    },
    context="log",
)
"""What was done, for every kind there is, as it follows who did it."""

FIELDS: Marked[Mapping[str, str]] = {
    "status": "status",
    "snoozed_until": "sleeps until",
    "snooze_keep": "sleeps on through replies",
    "assignee_id": "assignee",
    "team_id": "team",
    "tags": "tags",
    "priority": "priority",
    "spam": "spam",
    "unread": "unread",
    "waiting_since": "waiting since",
    "closed_at": "closed at",
    "profile_id": "customer",
    "offer": "offer",
    "flags": "signs",
    "merged_into": "merged into",
    "ticket": "other ticket",
    "split_from": "split from",
    "named_ticket": "names",
    "delivery": "delivery",
    "error": "reason",
    "watcher": "agent",
    "agent": "agent",
    "role": "role",
    "team": "team",
    "macro": "macro",
    "change": "to",
    "object": "named",
    "total": "total",
    "refund": "refund",
    "date": "date",
    "quantity": "quantity",
    "interval": "interval",
    "amount": "amount",
    "dry_run": "dry run",
    "state": "state",
    "code": "reason",
    "enabled": "on",
    "name": "name",
    "place": "place",
    "query": "query",
    "account": "channel",
    "address": "address",
    "key": "entry",
    "language": "language",
    "published": "published",
}
"""The values that are shown, in this order; the log holds more for undoing."""

_TIMES = ("snoozed_until", "waiting_since", "closed_at")
_TICKETS = ("merged_into", "ticket", "split_from", "named_ticket")
_AMOUNTS = ("total", "refund", "amount")
_SETS = ("tags", "flags")
_BESIDE = ("tags", "closed_at", "waiting_since", "offer", "flags")
"""Fields that say little in one line, or that are said there in another way."""
_DESK: Marked[Mapping[str, str]] = {
    "system": "the desk", "customer": "customer", "campaign": "campaign", "ai": "AI",
}  # fmt: skip


def who(row: ActivityRow) -> str:
    """Return who did it."""
    if row.agent:
        return clean(row.agent)
    is_inbound = row.kind in ("message.received", "message.blocked")
    return _(_DESK.get("customer" if is_inbound else row.actor_kind, "the desk"))


def what(row: ActivityRow) -> str:
    """Return what was done; a kind of a newer program stands as it is."""
    turns = turns_of(row.change_id)
    if turns and row.kind == "change.undone":
        return _("undid") if turns % 2 else _("did again")
    known = WHAT.get(row.kind)
    return pgettext(_DONE, known) if known else clean(row.kind).replace(".", " ").replace("-", " ")


def field_word(name: str) -> str:
    """Return the word for a field of a ticket."""
    known = FIELDS.get(name)
    return _(known) if known else clean(name).replace("_", " ")


def moved(row: ActivityRow, zone: tzinfo | None) -> list[tuple[str, str, str]]:
    """Return what was changed: the word of each field, its value before and after."""
    out: list[tuple[str, str, str]] = []
    for name, word in FIELDS.items():
        if name not in row.before and name not in row.after:
            continue
        if name in _SETS:
            was, now = _sets(row.before.get(name), row.after.get(name))
        else:
            was = _value(name, row.before, row.kind, zone)
            now = _value(name, row.after, row.kind, zone)
        if was != now:
            out.append((_(word), was, now))
    return out


def _sets(before: Any, after: Any) -> tuple[str, str]:
    return _listed(before), _listed(after)


def _listed(value: Any) -> str:
    return clean(", ".join(_names(value)))


def _names(value: Any) -> list[str]:
    names = value.split() if isinstance(value, str) else value or ()
    return [str(name) for name in names]


def _value(name: str, values: Mapping[str, Any], kind: str, zone: tzinfo | None) -> str:
    value = values.get(name)
    if name not in values or value is None or value == "":
        return ""
    named = values.get(f"{name.removesuffix('_id')}_name")
    if named:
        return clean(str(named))
    if name in _TIMES:
        return _moment(value, zone)
    if name in _TICKETS or name == "profile_id":
        return f"#{clean(str(value))}"
    if name == "change":
        return change_name(str(value))
    if name in _AMOUNTS:
        return _money(str(value))
    if name == "code" and kind.startswith("action."):
        return why(str(value))
    if isinstance(value, bool) or name in ("spam", "unread", "snooze_keep"):
        return _("yes") if value else _("no")
    return value_name(name, str(value), kind)


def _money(value: str) -> str:
    amount, _space, currency = value.partition(" ")
    found = decimal_of(amount)
    return clean(value) if found is None else money_words(found, currency)


def _moment(value: Any, zone: tzinfo | None) -> str:
    try:
        moment = from_us(value) if isinstance(value, int) else datetime.fromisoformat(str(value))
    except ValueError:
        return clean(str(value))
    return exact(moment.astimezone(zone))


def exact(moment: datetime) -> str:
    """Return a moment with its year: the log goes back for years."""
    return f"{date_and_year(moment)} {clock(moment)}"


def moved_words(row: ActivityRow, zone: tzinfo | None) -> str:
    """Return what was changed in one line: ``open → closed · priority normal → high · +vip``."""
    parts = [_tag_changes(row)] if "tags" in row.after or "tags" in row.before else []
    beside = {field_word(name) for name in _BESIDE}
    for word, was, now in moved(row, zone):
        if word not in beside:
            change = f"{was} → {now or '–'}" if was else now
            parts.append(change if word == field_word("status") else f"{word} {change}")
    return " · ".join(parts)


def _tag_changes(row: ActivityRow) -> str:
    was, now = _names(row.before.get("tags")), _names(row.after.get("tags"))
    gone = [f"-{clean(name)}" for name in was if name not in now]
    return " ".join([f"+{clean(name)}" for name in now if name not in was] + gone)


def run_words(kinds: Sequence[str], most: int = 3) -> str:
    """Return a run of events in one line: ``4 events: tagged, assigned, closed …``."""
    names = list(
        dict.fromkeys(pgettext(_DONE, WHAT.get(kind, "")) or clean(kind) for kind in kinds)
    )
    listed = ", ".join(names[:most]) + (" …" if len(names) > most else "")
    count = len(kinds)
    head = ngettext("{count} event", "{count} events", count).format(count=count)
    return f"{head}: {listed}"


def outcome_words(change: Change, *, again: bool = False) -> str:
    """Return what came of taking something back."""
    if not change.changed:
        number, code = change.skipped[0] if change.skipped else (0, "undo.changed-since")
        about = f"#{number} " if number else ""
        return f"{about}{sentence_of(code, id=number)}"
    count = len(change.changed)
    if count == 1:
        said = _("#{id} done again") if again else _("#{id} undone")
        said = said.format(id=change.changed[0])
    elif again:
        said = ngettext("{count} ticket done again", "{count} tickets done again", count)
        said = said.format(count=count)
    else:
        said = ngettext("{count} ticket undone", "{count} tickets undone", count)
        said = said.format(count=count)
    left = len(change.kept) + len(change.skipped)
    return said + (" · " + _("{count} left: changed since").format(count=left) if left else "")


def preview_title(preview: UndoPreview) -> str:
    """Return the question before something of the log is taken back."""
    return _("Do it again?") if preview.again else _("Take it back?")


def preview_verb(preview: UndoPreview) -> str:
    """Return what yes does."""
    return _("do it again") if preview.again else _("take it back")


def preview_words(preview: UndoPreview, zone: tzinfo | None, most: int = 8) -> str:
    """Return what was done, what would be restored, and what is left as it is."""
    moment = preview.at.astimezone(zone)
    done = next((row for row in preview.done if row.kind == "macro.applied"), preview.done[0])
    lines = [f"{who(done)} {what(done)} · {exact(moment)}", ""]
    shown = [row for row in preview.entries if row.ticket_id is not None]
    lines += [f"#{row.ticket_id} {moved_words(row, zone) or what(row)}" for row in shown[:most]]
    tickets = len({row.ticket_id for row in shown[:most]})
    if preview.tickets > tickets:
        count = preview.tickets - tickets
        more = ngettext("… and {count} more ticket", "… and {count} more tickets", count)
        lines.append(more.format(count=count))
    left = [
        _("#{id}: {field} was changed since and stays").format(id=number, field=field_word(name))
        for number, name in preview.kept
    ]
    left += [f"#{number} {sentence_of(code, id=number)}" for number, code in preview.skipped]
    if left:
        lines += ["", *left[:most]]
    if len(left) > most:
        lines.append("…")
    return "\n".join(lines)
