"""``macro``: list, show, use, delete ready texts with actions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.actions import written_actions
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.text import shorten
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.services.clock import local_zone
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.macros.render import Hole
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow, Macros
    from helpdesk_tui.services.macros.plan import Step
    from helpdesk_tui.services.macros.running import Outcome

_NAME_WIDTH = 60


def list_macros(args: argparse.Namespace) -> int:
    """List macros, the most fitting first."""
    out = output_of(args)
    ticket = number(args.ticket) if args.ticket else None
    with desk_of(args) as desk:
        found = desk.macros.search(args.query, ticket, limit=10_000)
    if not args.query:
        found = tuple(sorted(found, key=lambda row: row.name.casefold()))
    if out.json:
        out.document({"macros": [macro_json(row) for row in found]})
    elif out.quiet:
        out.ids([row.id for row in found])
    elif found:
        rows = [(_("ID"), _("KEY"), _("NAME"), _("LANGUAGES"), _("USES"))]
        rows += [
            (str(row.id), row.keys, shorten(row.name, _NAME_WIDTH), _languages(row), str(row.uses))
            for row in found
        ]
        out.table(rows, right=frozenset({0, 4}))
    else:
        out.say(_("no macros"))
    return 0


def _languages(row: MacroRow) -> str:
    return " ".join(bodies.language for bodies in row.macro.bodies) or "-"


def macro_json(row: MacroRow) -> dict[str, Any]:
    """Return a macro as scripts are told of it."""
    macro = row.macro
    return {
        "id": str(row.id),
        "name": row.name,
        "keys": row.keys or None,
        "mode": macro.mode.value,
        "scope": {
            "teams": list(macro.scope.teams),
            "channels": list(macro.scope.channels),
            "tags": list(macro.scope.tags),
        },
        "languages": [bodies.language for bodies in macro.bodies],
        "actions": written_actions(macro.actions),
        "then": macro.then.value or None,
        "uses": row.uses,
        "used_at": rfc3339(row.used_at) if row.used_at else None,
        "updated_at": rfc3339(row.updated_at),
        "version": row.version,
    }


def show(args: argparse.Namespace) -> int:
    """Print a macro as its file, or what it would say and do in a ticket."""
    out = output_of(args)
    with desk_of(args) as desk:
        macros = _macros(desk)
        row = macros.find(args.name)
        if args.ticket:
            preview = macros.preview(row.id, number(args.ticket), language=args.language)
            return _show_preview(out, preview)
    if out.json:
        bodies = {
            each.language: {kind.value: text for kind, text in each.texts.items()}
            for each in row.macro.bodies
        }
        out.document({**macro_json(row), "source": row.source, "bodies": bodies})
    else:
        out.say(row.source.rstrip("\n"))
    return 0


def _macros(desk: Any) -> Macros:
    """Return the macros of a desk, with times of day as they are here."""
    from helpdesk_tui.services.macros.macros import Macros

    return Macros(desk.store, desk.actor, now=desk.clock, zone=local_zone())


def _show_preview(out: Output, preview: MacroPreview) -> int:
    from helpdesk_tui.widgets.words.errors import sentence
    from helpdesk_tui.widgets.words.macros import template_words

    size = preview.plan.segments
    if out.json:
        out.document(
            {
                "macro": preview.row.name,
                "text": preview.text,
                "language": preview.plan.language,
                "body": preview.plan.body.value if preview.plan.body else None,
                "segments": size.segments if size else None,
                "template": preview.plan.template.name if preview.plan.template else None,
                "holes": [_hole_json(hole) for hole in preview.holes],
                "actions": [_step_json(step) for step in preview.steps],
                "problems": [error.code for error in preview.problems],
            }
        )
        return 0
    if preview.text:
        out.say(preview.text)
    if size:
        out.say(
            _("-- {segments} × {encoding}, {left} characters left").format(
                segments=size.segments, encoding=size.encoding, left=size.left
            )
        )
    if preview.plan.template is not None:
        out.say(f"-- {template_words(preview.plan.template)}")
    _say_steps(out, preview.steps)
    for error in preview.problems:
        out.warn(sentence(error))
    return 0


def _hole_json(hole: Hole) -> dict[str, Any]:
    return {"name": hole.name, "start": hole.start, "end": hole.end, "reason": hole.reason}


def _step_json(step: Step) -> dict[str, Any]:
    values = dict(step.values)
    if values.get("until"):
        values["until"] = rfc3339(datetime.fromisoformat(values["until"]))
    return {"action": step.name, **values, "skipped": step.code or None}


def _say_steps(out: Output, steps: Sequence[Step], indent: str = "") -> None:
    from helpdesk_tui.widgets.words.errors import sentence_of
    from helpdesk_tui.widgets.words.macros import step_words

    for step in steps:
        why = f" ({sentence_of(step.code)})" if step.code else ""
        out.say(f"{indent}* {step_words(step.name, step.values)}{why}")


def key(args: argparse.Namespace) -> int:
    """Put a macro on a key, or take it off."""
    out = output_of(args)
    with desk_of(args) as desk:
        keys = "" if args.keys == "none" else args.keys
        row = desk.macros.favourite(desk.macros.find(args.name).id, keys)
    if out.json:
        out.document(macro_json(row))
    elif out.quiet:
        out.ids([row.id])
    else:
        on = _("key {keys}").format(keys=row.keys) if row.keys else _("no key")
        out.say(f"{row.name}: {on}")
    return 0


def delete(args: argparse.Namespace) -> int:
    """Delete a macro."""
    out = output_of(args)
    with desk_of(args) as desk:
        row = desk.macros.find(args.name)
        desk.macros.delete(row.id, version=row.version)
    if out.json:
        out.document({"deleted": str(row.id), "name": row.name})
    else:
        out.say(_("deleted {name}").format(name=row.name))
    return 0


def run(args: argparse.Namespace) -> int:
    """Use a macro on tickets: send its text and do its actions."""
    out = output_of(args)
    ids = [number(text) for text in args.ids]
    mode = Mode.INSERT if args.actions_only else Mode.RUN
    with desk_of(args, needs_agent=True) as desk:
        macros = _macros(desk)
        row = macros.find(args.name)
        applied = macros.apply(
            row.id, ids, mode=mode, language=args.language, dry_run=args.dry_run, undo=False
        )
    if out.json:
        out.document(
            {
                "macro": row.name,
                "change": applied.change_id or None,
                "dry_run": args.dry_run,
                "tickets": [_outcome_json(each) for each in applied.outcomes],
            }
        )
    elif out.quiet:
        out.ids(applied.changed)
    for outcome in applied.outcomes:
        _say_outcome(out, outcome, is_dry=args.dry_run)
    failed = [each.error for each in applied.outcomes if each.error is not None]
    if len(failed) == len(ids) and len({error.code for error in failed}) == 1:
        return failed[0].exit_code
    return 1 if failed else 0


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    error = outcome.error
    return {
        "id": str(outcome.ticket_id),
        "text": outcome.text or None,
        "message": str(outcome.message_id) if outcome.message_id else None,
        "note": str(outcome.note_id) if outcome.note_id else None,
        "actions": [_step_json(step) for step in outcome.steps],
        "error": None if error is None else {"code": error.code, **_plain(error)},
    }


def _plain(error: HelpdeskError) -> Mapping[str, str]:
    return {name: str(value) for name, value in error.values.items()}


def _say_outcome(out: Output, outcome: Outcome, *, is_dry: bool) -> None:
    from helpdesk_tui.widgets.words.errors import sentence

    if outcome.error is not None:
        out.warn(f"#{outcome.ticket_id}: {sentence(outcome.error)}")
        return
    if out.json:
        return
    out.say(f"#{outcome.ticket_id}" + (" " + _("would get:") if is_dry else ""))
    if outcome.text:
        out.say("\n".join(f"  {line}".rstrip() for line in outcome.text.split("\n")))
    _say_steps(out, outcome.steps, "  ")
