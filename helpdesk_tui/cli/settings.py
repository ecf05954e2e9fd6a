"""``setting``: the settings of the desk."""

from __future__ import annotations

import argparse
from typing import Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.settings import SETTINGS, Setting, Value, setting


def list_settings(args: argparse.Namespace) -> int:
    """Print every setting with its value and what it means."""
    out = output_of(args)
    with desk_of(args) as desk:
        values = {name: desk.settings.get(name) for name in SETTINGS}
    if out.json:
        out.document({"settings": [_json(SETTINGS[name], values[name]) for name in SETTINGS]})
    elif out.quiet:
        out.ids(list(SETTINGS))
    else:
        rows = [
            [name, _line(_value(each, values[name])) or "-", each.meaning]
            for name, each in SETTINGS.items()
        ]
        out.table([["setting", "value", "meaning"], *rows])
    return 0


def get(args: argparse.Namespace) -> int:
    """Print the value of one setting; the parts of a list one a line."""
    out, wanted = output_of(args), setting(args.name)
    with desk_of(args) as desk:
        stored = desk.settings.get(wanted.name)
    _show(out, wanted, stored)
    return 0


def change(args: argparse.Namespace) -> int:
    """Set a setting of the desk, or without a value put it back to its default."""
    out, wanted = output_of(args), setting(args.name)
    value = wanted.read(args.value) if args.value else wanted.default
    with desk_of(args) as desk:
        desk.settings.set(wanted.name, value, desk=True)
    if out.json:
        out.document(_json(wanted, value))
    else:
        out.say(f"{wanted.name}: {_line(value) or 'default'}")
    return 0


def _show(out: Output, wanted: Setting, stored: Any) -> None:
    value = _value(wanted, stored)
    if out.json:
        out.document(_json(wanted, stored))
    elif value:
        out.say("\n".join(value) if isinstance(value, list) else value)


def _value(wanted: Setting, stored: Any) -> Value:
    """Return what holds: the stored value, or the default where none was ever set."""
    return wanted.default if stored is None else stored


def _line(value: Value) -> str:
    return ", ".join(value) if isinstance(value, list) else value


def _json(wanted: Setting, stored: Any) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "value": _value(wanted, stored),
        "default": wanted.default,
        "recommended": wanted.recommended or None,
        "meaning": wanted.meaning,
    }
