"""The keys in use: the table with the agent's own bindings over it, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk_tui.widgets.keys import BY_ID, KEYS, Scope

_UNSAFE: Mapping[str, str] = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+b": "tmux",
    "ctrl+a": "screen",
    "ctrl+s": "flow",
    "ctrl+c": "interrupt",
    "ctrl+z": "suspend",
    "~": "ssh",
}
"""Keys that do not arrive, or that something outside this program takes, and what takes them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a keymap: a code and the values of its sentence."""

    code: str
    action: str
    key: str = ""
    other: str = ""


Keymap = Mapping[str, tuple[str, ...]]
"""The key sequences of every action."""


def default_keymap() -> dict[str, tuple[str, ...]]:
    """Return the keys as the table has them."""
    return {key.id: key.keys for key in KEYS}


def merged_keymap(
    overrides: Mapping[str, object],
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Return the table with ``overrides`` (the keymap file) laid over it, and all that is wrong.

    What is wrong is left out: an unknown action, or something that is no key. Duplicates and
    unsafe keys stay, but are told.
    """
    keymap = default_keymap()
    problems: list[Problem] = []
    for action, value in overrides.items():
        if action not in keymap:
            problems.append(Problem("keymap.unknown-action", action))
            continue
        wanted = [value] if isinstance(value, str) else value
        if not isinstance(wanted, list) or not all(isinstance(k, str) and k for k in wanted):
            problems.append(Problem("keymap.not-keys", action))
            continue
        keymap[action] = tuple(" ".join(str(key).split()) for key in wanted)
    problems += duplicates(keymap)
    problems += [
        Problem("keymap.unsafe", action, key, _UNSAFE[part])
        for action, keys in keymap.items()
        for key in keys
        for part in key.split()
        if part in _UNSAFE
    ]
    return keymap, problems


def duplicates(keymap: Keymap) -> list[Problem]:
    """Return the actions whose key another action of an overlapping scope has already."""
    owners: dict[tuple[Scope, str], str] = {}
    problems = []
    for action, keys in keymap.items():
        scope = BY_ID[action].scope
        for key in keys:
            for where in _overlapping(scope):
                other = owners.get((where, key))
                if other is not None and other != action:
                    problems.append(Problem("keymap.duplicate", action, key, other))
            owners[scope, key] = action
    return problems


def _overlapping(scope: Scope) -> tuple[Scope, ...]:
    return tuple(Scope) if scope is Scope.APP else (scope, Scope.APP)


_SHOWN: Mapping[str, str] = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "f1": "F1",
    "f5": "F5",
}


def shown(sequence: str) -> str:
    """Return a key sequence as people read it: ``g i``, ``yy``, ``ctrl+d``."""
    parts = [_SHOWN.get(part, part) for part in sequence.split()]
    if len(parts) == 2 and parts[0] == parts[1]:
        return "".join(parts)
    return " ".join(parts)
