"""``action``: what was changed in the shop, what nobody can tell of, and what an agent decides."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.table_import import before_id
from helpdesk_tui.cli.tickets import age
from helpdesk_tui.domain.commerce.actions import Action, ActionState
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.actions import action_state_name, change_name
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _, pgettext

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk


def list_actions(args: argparse.Namespace) -> int:
    """Print changes, the newest first."""
    from helpdesk_tui.services.commerce.actions import ActionFilter

    out = output_of(args)
    wanted = ActionFilter(
        states=tuple(ActionState(each) for each in args.state),
        profile_ids=(number(args.profile),) if args.profile else (),
        ticket_id=number(args.ticket) if args.ticket else None,
        before=before_id(args.after),
    )
    with desk_of(args) as desk:
        found = desk.shop_actions.list(wanted, args.limit + 1)
        names = _sources(desk)
    shown = found[: args.limit]
    following = str(shown[-1].id) if len(found) > len(shown) else None
    if out.json:
        rows = [action_json(each, names) for each in shown]
        out.document({"actions": rows, "next": following})
    elif out.quiet:
        out.ids([each.id for each in shown])
    elif shown:
        now = datetime.now(UTC)
        head = [_("id"), _("state"), _("change"), pgettext("change", "of"), _("agent"), _("age")]
        out.table([head, *[_row(each, now) for each in shown]])
    else:
        out.say(_("there are no such changes"))
    return 0


def show(args: argparse.Namespace) -> int:
    """Print a change with what was seen, and what came of it."""
    with desk_of(args) as desk:
        return _told(args, desk, desk.shop_actions.load(number(args.id)))


def check(args: argparse.Namespace) -> int:
    """Have the shop looked at now for a change that nobody can tell of."""
    with desk_of(args) as desk:
        return _told(args, desk, desk.shop_actions.check(number(args.id)))


def decide(args: argparse.Namespace) -> int:
    """Say what became of a change that nobody can tell of."""
    with desk_of(args) as desk:
        decided = desk.shop_actions.decide(number(args.id), was_done=args.outcome == "done")
        return _told(args, desk, decided)


def action_json(action: Action, sources: dict[int, str]) -> dict[str, Any]:
    """Return a change as scripts see it."""
    request = action.request
    return {
        "id": str(action.id),
        "state": action.state.value,
        "phase": action.phase.value,
        "kind": request.kind.value,
        "source": sources.get(request.source_id),
        "target": request.target,
        "name": request.name,
        "profile": None if request.profile_id is None else str(request.profile_id),
        "ticket": None if request.ticket_id is None else str(request.ticket_id),
        "agent": action.agent,
        "dry_run": action.is_dry_run,
        "arguments": dict(request.arguments),
        "expected": dict(request.expected),
        "result": dict(action.result),
        "error": _error(action, sources),
        "created_at": rfc3339(action.created_at),
        "asked_at": _moment(action.asked_at),
        "next_try_at": _moment(action.next_try_at),
        "finished_at": _moment(action.finished_at),
    }


def _told(args: argparse.Namespace, desk: Desk, action: Action) -> int:
    out = output_of(args)
    names = _sources(desk)
    if out.json:
        out.document(action_json(action, names))
        return 0
    if out.quiet:
        out.ids([action.id])
        return 0
    request = action.request
    state = action_state_name(action.state)
    if action.is_dry_run:
        state = _("{state}, only tried out").format(state=state)
    out.say(f"{action.id}: {change_name(request.kind)}, {clean(request.name)}: {state}")
    if action.code:
        out.say(f"  {_why(action, names)}")
    for words, values in (
        (_("asked for"), request.arguments),
        (_("seen"), request.expected),
        (_("came of it"), action.result),
    ):
        for name, value in values.items():
            out.say(f"  {words:12} {clean(name)}: {clean(str(value))}")
    for words, at in (
        (_("asked at"), action.asked_at),
        (_("looked up at"), action.next_try_at),
        (_("over at"), action.finished_at),
    ):
        if at is not None:
            out.say(f"  {words:12} {rfc3339(at)}")
    return 0


def _row(action: Action, now: datetime) -> list[str]:
    state = action_state_name(action.state)
    return [
        str(action.id),
        _("{state}, only tried out").format(state=state) if action.is_dry_run else state,
        change_name(action.request.kind),
        clean(action.request.name),
        clean(action.agent),
        age(action.created_at, now),
    ]


def _error(action: Action, sources: dict[int, str]) -> dict[str, str] | None:
    return {"code": action.code, "message": _why(action, sources)} if action.code else None


def _why(action: Action, sources: dict[int, str]) -> str:
    """Return in words why it ended as it did, or why nobody can tell."""
    named = sources.get(action.request.source_id, "?")
    return sentence(HelpdeskError(action.code, **action.values), source=named)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def _sources(desk: Desk) -> dict[int, str]:
    return {one.id: one.name for one in desk.sources.all()}
