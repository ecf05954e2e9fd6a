"""``setting``: the settings of the desk and of the acting agent."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.domain.setting.table import Value, setting
from helpdesk_tui.widgets.words.language import _, pgettext

if TYPE_CHECKING:
    from helpdesk_tui.services.settings import Held


def list_settings(args: argparse.Namespace) -> int:
    """Print every setting with its value and what it means."""
    out = output_of(args)
    with desk_of(args) as desk:
        held = desk.settings.held()
    if out.json:
        out.document({"settings": [_json(each) for each in held.values()]})
    elif out.quiet:
        out.ids(list(held))
    else:
        rows = [
            [name, _line(each.value) or "-", _whose(each), _(each.setting.meaning)]
            for name, each in held.items()
        ]
        out.table([[_("setting"), _("value"), _("of"), _("meaning")], *rows])
    return 0


def get(args: argparse.Namespace) -> int:
    """Print the value of one setting; the parts of a list one a line."""
    out, wanted = output_of(args), setting(args.name)
    with desk_of(args) as desk:
        held = desk.settings.held()[wanted.name]
    if out.json:
        out.document(_json(held))
    elif held.value:
        out.say("\n".join(held.value) if isinstance(held.value, list) else held.value)
    return 0


def change(args: argparse.Namespace) -> int:
    """Set a setting, or without a value put it back to its default.

    A personal one is that of the acting agent, unless ``--desk`` says otherwise.
    """
    out, wanted = output_of(args), setting(args.name)
    with desk_of(args) as desk:
        if args.value:
            desk.settings.change(wanted.name, args.value, desk=args.desk)
        else:
            desk.settings.reset(wanted.name, desk=args.desk)
        held = desk.settings.held()[wanted.name]
    warning = wanted.warn(held.value) if wanted.warn else None
    if warning is not None:
        from helpdesk_tui.widgets.words.errors import sentence_of

        out.warn("helpdesk: " + sentence_of(warning[0], **warning[1]))
    if out.json:
        out.document(_json(held))
    else:
        out.say(f"{wanted.name}: {_line(held.value) or pgettext('setting of', 'default')}")
    return 0


def _line(value: Value) -> str:
    return ", ".join(value) if isinstance(value, list) else value


def _whose(held: Held) -> str:
    if held.is_default:
        return pgettext("setting of", "default")
    return pgettext("setting of", "you") if held.is_own else pgettext("setting of", "desk")


def _json(held: Held) -> dict[str, Any]:
    known = held.setting
    return {
        "name": known.name,
        "value": held.value,
        "default": known.default,
        "recommended": known.recommended or None,
        "meaning": known.meaning,
        "group": known.group,
        "kind": known.kind.value,
        "personal": known.is_personal,
        "own": held.is_own,
        "choices": None if known.choices is None else list(known.choices),
        "presets": None if known.presets is None else dict(known.presets),
    }
