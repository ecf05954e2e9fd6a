"""``keys``: the table of keys as this agent has it, and what is wrong with it."""

from __future__ import annotations

import argparse
import sys

from helpdesk_tui.cli.context import output_of
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.services.config import load_config
from helpdesk_tui.widgets.keymap import Keymap, merged_keymap, shown
from helpdesk_tui.widgets.keymap_presets import PRESETS
from helpdesk_tui.widgets.keys import KEYS
from helpdesk_tui.widgets.words.keymap import problem_sentence, refusal
from helpdesk_tui.widgets.words.language import _


def run(args: argparse.Namespace) -> int:
    """Print every action with its keys; exit code 2 if the program would refuse them."""
    out = output_of(args)
    config = load_config(args.file or args.config)
    preset = args.preset or config.keymap_preset or "default"
    if args.preset and args.preset not in PRESETS:
        known = ", ".join(PRESETS)
        raise UsageError("argument.bad", name="--preset", value=preset, hint=known)
    keymap, problems = merged_keymap(config.keys, preset)
    if any(problem.is_fatal for problem in problems):
        raise refusal(problems, str(config.file), config.key_lines)
    for problem in problems:
        print(f"helpdesk: {problem_sentence(problem, config.key_lines)}", file=sys.stderr)
    if out.json:
        out.document({"preset": preset, "keys": _json(keymap)})
    else:
        rows = [
            [key.scope.value, "  ".join(shown(one) for one in keymap[key.id]) or "-", key.id,
             _(key.description)]
            for key in KEYS
        ]  # fmt: skip
        out.table([[_("where"), _("keys"), _("action"), _("does")], *rows])
    return 0


def _json(keymap: Keymap) -> list[dict[str, object]]:
    return [
        {
            "action": key.id,
            "keys": list(keymap[key.id]),
            "where": key.scope.value,
            "description": key.description,
        }
        for key in KEYS
    ]
