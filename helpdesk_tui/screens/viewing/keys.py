"""What a key means while pictures are looked at, by the one table of keys."""

from __future__ import annotations

from textual import events

from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.keymap import Keymap, shown

_AREA = "picture."


def meaning(event: events.Key, keymap: Keymap) -> str:
    """Return the verb that a key stands for here; empty for none."""
    key = key_name(event.key, event.character)
    for action, keys in keymap.items():
        if action.startswith(_AREA) and key in keys:
            return action.removeprefix(_AREA)
    return ""


def key_of(verb: str, keymap: Keymap) -> str:
    """Return the key of a verb as it is shown."""
    keys = keymap.get(_AREA + verb, ())
    return shown(keys[0]) if keys else "–"
