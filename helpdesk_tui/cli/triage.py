"""The verbs over tickets: close, reopen, snooze, assign, tag, spam."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from helpdesk_tui.cli.bulk import AS_WANTED, act_on_query, is_asked, undone
from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.snoozing.snooze import parse_snooze
from helpdesk_tui.domain.tickets import Priority
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services.clock import local_zone
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.language import _

_FORBIDDEN = frozenset({"ticket.chat-ended", "merge.chat"})
"""Codes of tickets that nobody may do this to, whatever else is done first."""

Action = Callable[[Desk, Sequence[int], "Mapping[int, int] | None"], Change]


def close(args: argparse.Namespace) -> int:
    """Close tickets."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.close(ids, versions=seen))


def reopen(args: argparse.Namespace) -> int:
    """Open tickets again."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.reopen(ids, versions=seen))


def spam(args: argparse.Namespace) -> int:
    """Mark tickets as spam."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.spam(ids, versions=seen))


def not_spam(args: argparse.Namespace) -> int:
    """Take tickets out of spam."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.not_spam(ids, versions=seen))


def tag(args: argparse.Namespace) -> int:
    """Add tags to a ticket."""
    ids, tags = _id_and_tags(args)
    return _act(args, ids, lambda desk, ids, seen: desk.triage.tag(ids, tags, versions=seen))


def customer(args: argparse.Namespace) -> int:
    """Say whose a ticket is."""
    return _act(
        args,
        [args.id],
        lambda desk, ids, _seen: desk.customers.set_customer(ids[0], args.address, args.name),
    )


def untag(args: argparse.Namespace) -> int:
    """Take tags off a ticket."""
    ids, tags = _id_and_tags(args)
    return _act(args, ids, lambda desk, ids, seen: desk.triage.untag(ids, tags, versions=seen))


def read(args: argparse.Namespace) -> int:
    """Mark tickets read."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.mark_read(ids, versions=seen))


def unread(args: argparse.Namespace) -> int:
    """Mark tickets unread."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.mark_unread(ids, versions=seen))


def watch(args: argparse.Namespace) -> int:
    """Watch tickets."""
    return _act(args, args.ids, lambda desk, ids, _seen: desk.watching.watch(ids))


def unwatch(args: argparse.Namespace) -> int:
    """Watch tickets no longer."""
    return _act(args, args.ids, lambda desk, ids, _seen: desk.watching.unwatch(ids))


def block(args: argparse.Namespace) -> int:
    """Block the senders of tickets."""
    return _act(args, args.ids, lambda desk, ids, _seen: desk.blocks.block(ids))


def unblock(args: argparse.Namespace) -> int:
    """Let the senders of tickets through again."""
    return _act(args, args.ids, lambda desk, ids, _seen: desk.blocks.unblock(ids))


def take_over(args: argparse.Namespace) -> int:
    """Take chats from the automatic responder."""
    return _act(args, args.ids, lambda desk, ids, seen: desk.triage.take_over(ids, versions=seen))


def priority(args: argparse.Namespace) -> int:
    """Say how urgent tickets are."""
    level = Priority(args.level)
    return _act(
        args,
        args.ids,
        lambda desk, ids, seen: desk.triage.set_priority(ids, level, versions=seen),
    )


def assign(args: argparse.Namespace) -> int:
    """Give tickets to an agent or a team: an option, or the agent's name after the ids."""
    if args.team is not None:
        team = args.team
        return _act(
            args,
            args.ids,
            lambda desk, found, seen: desk.triage.assign_team(
                found, desk.teams.team(team).id, versions=seen
            ),
        )
    ids, name = _ids_and_last(args.ids, args.to, _("--to AGENT"))
    return _act(
        args,
        ids,
        lambda desk, found, seen: desk.triage.assign(found, _agent_id(desk, name), versions=seen),
    )


def snooze(args: argparse.Namespace) -> int:
    """Put tickets away: ``--until WHEN``, or the moment after the ids; ``!`` keeps it asleep."""
    ids, when = _ids_and_last(args.ids, args.until, _("--until WHEN"))
    if args.keep:
        when = f"{when.rstrip('!')}!"
    sleep = parse_snooze(when, datetime.now(UTC), local_zone())

    def put_away(desk: Desk, found: Sequence[int], seen: Mapping[int, int] | None) -> Change:
        return desk.triage.snooze(
            found, sleep.until, keep=sleep.keep, zone=sleep.zone, versions=seen
        )

    return _act(args, ids, put_away)


def undo(args: argparse.Namespace) -> int:
    """Take back a change."""
    out = output_of(args)
    with desk_of(args) as desk:
        change = undone(desk, args.change)
    return report_change(out, change)


def _id_and_tags(args: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the ticket and the tags; with a query all words are tags."""
    words: list[str] = args.words
    if getattr(args, "query", None) is not None:
        return [], words
    if len(words) < 2:
        raise UsageError("argument.missing", name="TAG")
    return words[:1], words[1:]


def _ids_and_last(ids: list[str], option: str | None, missing: str) -> tuple[list[str], str]:
    """Return the ids and the value: that of the option, or else the last word."""
    if option is not None:
        return ids, option
    if len(ids) < 2:
        raise UsageError("argument.missing", name=missing)
    return ids[:-1], ids[-1]


def _agent_id(desk: Desk, name: str) -> int | None:
    if name == "none":
        return None
    if name == "me":
        if desk.actor.agent_id is None:
            raise UsageError("agent.missing")
        return desk.actor.agent_id
    return desk.team.agent(name.removeprefix("@")).id


def _act(args: argparse.Namespace, ids: Sequence[str], action: Action) -> int:
    if is_asked(args):
        return act_on_query(args, action)
    if not ids:
        raise UsageError("argument.missing", name="ID")
    numbers = [number(text) for text in ids]
    out = output_of(args)
    with desk_of(args) as desk:
        change = action(desk, numbers, None)
    return report_change(out, change)


def report_change(out: Output, change: Change) -> int:
    """Print what was changed and what was left, and return the exit code.

    A ticket that already is as wanted is no failure; one that does not exist is.
    """
    if out.json:
        out.document(
            {
                "change": change.change_id,
                "changed": [str(item) for item in change.changed],
                "skipped": [{"id": str(item), "code": code} for item, code in change.skipped],
                "kept": [{"id": str(item), "field": field} for item, field in change.kept],
            }
        )
    elif out.quiet:
        out.ids(change.changed)
    elif change.changed:
        out.say(_("done:") + " " + " ".join(f"#{item}" for item in change.changed))
    return _report_skipped(out, change)


def _report_skipped(out: Output, change: Change) -> int:
    from helpdesk_tui.widgets.words.activity import field_word
    from helpdesk_tui.widgets.words.errors import sentence

    failed = len(change.kept)
    for item, field in change.kept:
        said = _("{field} was changed since and stays").format(field=field_word(field))
        out.warn(f"#{item}: {said}")
    for item, code in change.skipped:
        out.warn(f"#{item}: {sentence(HelpdeskError(code, id=item, ticket_id=item))}")
        failed += not code.startswith(AS_WANTED)
    codes = {code for _item, code in change.skipped}
    if codes and not (change.changed or change.kept):
        if codes == {"ticket.missing"}:
            return 4
        if codes <= _FORBIDDEN:
            return 3
    return 1 if failed else 0
