"""``faq import`` and ``faq export``: the FAQ as TOML or as a table."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.macro_files import read_text
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.domain.faq_files import read_file, write_table, write_toml
from helpdesk_tui.services.faq import Bringing, Brought
from helpdesk_tui.widgets.words.language import _, ngettext


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Path
    line: int
    error: UsageError


def bring(args: argparse.Namespace) -> int:
    """Read entries from files into the store: all of them, or with a mistake in one none."""
    out = output_of(args)
    drafts: list[FaqDraft] = []
    problems: list[_Problem] = []
    for path in args.paths:
        if not path.exists():
            raise UsageError("file.missing", path=path)
        try:
            found = read_file(path.name, read_text(path))
        except UsageError as error:
            problems.append(_Problem(path, int(str(error.values.get("line", 1))), error))
            continue
        drafts += [each.draft for each in found if each.draft is not None]
        problems += [_Problem(path, each.line, each.error) for each in found if each.error]
    with desk_of(args) as desk:
        done = None if problems else desk.faq.bring(drafts, dry_run=args.dry_run)
    if out.json:
        out.document(_json(drafts, done, problems, dry_run=args.dry_run))
    _say(out, done, problems)
    return UsageError.exit_code if problems else 0


def _json(
    drafts: list[FaqDraft], done: Bringing | None, problems: list[_Problem], *, dry_run: bool
) -> dict[str, Any]:
    states = () if done is None else done.states
    return {
        "dry_run": dry_run,
        "reordered": done is not None and done.is_reordered,
        "faq": [
            {"key": draft.key or None, "language": draft.language, "state": state.value}
            for draft, state in zip(drafts, states, strict=False)
        ],
        "errors": [
            {
                "file": str(each.path),
                "code": each.error.code,
                **{name: str(value) for name, value in each.error.values.items()},
                "line": each.line,
            }
            for each in problems
        ],
    }


def _say(out: Output, done: Bringing | None, problems: list[_Problem]) -> None:
    from helpdesk_tui.widgets.words.errors import sentence

    for each in problems:
        out.warn(f"{each.path}:{each.line}: {sentence(each.error)}")
    if done is None:
        out.warn(_("nothing was changed"))
        return
    if out.json:
        return
    counts = {state: sum(each is state for each in done.states) for state in Brought}
    forms = {
        Brought.NEW: ngettext("{count} new", "{count} new", counts[Brought.NEW]),
        Brought.CHANGED: ngettext("{count} changed", "{count} changed", counts[Brought.CHANGED]),
        Brought.UNCHANGED: ngettext(
            "{count} unchanged", "{count} unchanged", counts[Brought.UNCHANGED]
        ),
    }
    named = [forms[state].format(count=count) for state, count in counts.items() if count]
    if done.is_reordered:
        named.append(_("put in the order of the file"))
    out.say(" · ".join(named) or _("no entries"))


def export(args: argparse.Namespace) -> int:
    """Write entries to a file."""
    out = output_of(args)
    with desk_of(args) as desk:
        drafts = [item.draft for item in desk.faq.all(args.language)]
    is_table = args.path.suffix.lower() == ".csv"
    text = write_table(drafts) if is_table else write_toml(drafts)
    try:
        args.path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("file.unwritable", path=args.path, reason=reason) from error
    if out.json:
        out.document({"file": str(args.path), "entries": len(drafts)})
    else:
        count = len(drafts)
        form = ngettext(
            "{count} entry written to {path}", "{count} entries written to {path}", count
        )
        out.say(form.format(count=count, path=args.path))
    return 0
