"""The keys in use: the table with the agent's own bindings over it, and what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpdesk_tui.widgets.keymap_presets import PRESETS
from helpdesk_tui.widgets.keys import BY_ID, KEYS, SHARED, SIDE_SCOPES, Scope
from helpdesk_tui.widgets.words.language import N_

_UNSAFE: Mapping[str, str] = {
    "ctrl+b": "tmux",
    "ctrl+a": "screen",
    "ctrl+s": N_("flow control"),
    "ctrl+c": N_("interrupt"),
    "ctrl+z": N_("suspend"),
    "~": "ssh",
    "ctrl+enter": N_("all terminals but those with the Kitty protocol"),
    "shift+enter": N_("all terminals but those with the Kitty protocol"),
}
"""Keys that something outside this program may take, and what takes them."""
_ARRIVES_AS: Mapping[str, str] = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+[": "escape",
    "alt+enter": "enter",
    "return": "enter",
    "esc": "escape",
    "shift+space": "space",
}
"""Keys that arrive as others, and as which."""
_NAMED = frozenset(
    {"escape", "enter", "tab", "shift+tab", "space", "backspace", "delete", "insert", "home",
     "end", "pageup", "pagedown", "up", "down", "left", "right"}
) | {f"f{number}" for number in range(1, 25)}  # fmt: skip
_MODIFIED = re.compile(
    r"(?:ctrl|alt)\+[a-z0-9@\\\]^_]"
    r"|(?:(?:ctrl|shift|alt)\+)+(?:up|down|left|right|home|end|insert|delete|pageup|pagedown"
    r"|f[0-9]{1,2}|enter)"
)
_CAPITAL = re.compile(r"shift\+([a-z])")
_NEEDED_TO_WRITE = frozenset({"space", "enter", "backspace", "delete", "up", "down", "left",
                              "right", "home", "end"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a keymap: a code and the values of its sentence."""

    code: str
    action: str
    key: str = ""
    other: str = ""

    @property
    def is_fatal(self) -> bool:
        """Whether the keymap cannot be used so; else it is only unwise."""
        return self.code != "keymap.unsafe"


Keymap = Mapping[str, tuple[str, ...]]
"""The key sequences of every action."""


def default_keymap(preset: str = "default") -> dict[str, tuple[str, ...]]:
    """Return the keys as the table has them, under a preset."""
    return {key.id: key.keys for key in KEYS} | dict(PRESETS.get(preset, {}))


def merged_keymap(
    overrides: Mapping[str, object], preset: str = "default"
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Return the table with a preset and ``overrides`` laid over it, and all that is wrong.

    What is no action or no key is left out. Duplicates and unsafe keys stay, but are told.
    """
    problems: list[Problem] = []
    if preset not in PRESETS:
        problems.append(Problem("keymap.bad-preset", preset, other=", ".join(PRESETS)))
    keymap = default_keymap(preset)
    for action, value in _flat(overrides):
        if action not in keymap:
            problems.append(Problem("keymap.unknown-action", action))
            continue
        wanted = [value] if isinstance(value, str) else value
        if not isinstance(wanted, list) or not all(isinstance(k, str) and k for k in wanted):
            problems.append(Problem("keymap.not-keys", action))
            continue
        keys = [" ".join(str(key).split()) for key in wanted]
        faults = [fault for key in keys for fault in _faults(action, key)]
        problems += faults
        keymap[action] = tuple(key for key in keys if key not in {one.key for one in faults})
    problems += duplicates(keymap)
    problems += _shadows(keymap)
    problems += [
        Problem("keymap.unsafe", action, key, _UNSAFE[part])
        for action, keys in keymap.items()
        for key in keys
        for part in key.split()
        if part in _UNSAFE
    ]
    return keymap, problems


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield actions with their keys: ``ticket.close`` without quotes is a table in TOML."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _faults(action: str, sequence: str) -> Iterator[Problem]:
    """Yield why a sequence of keys can never be pressed for an action."""
    parts = sequence.split()
    for part in parts:
        capital = _CAPITAL.fullmatch(part)
        as_other = capital[1].upper() if capital else _ARRIVES_AS.get(part, "")
        if as_other:
            yield Problem("keymap.impossible", action, sequence, as_other)
        elif not (_is_letter(part) or part in _NAMED or _MODIFIED.fullmatch(part)):
            yield Problem("keymap.no-such-key", action, sequence)
    is_typing = BY_ID[action].scope in (Scope.APP, Scope.COMPOSER)
    if is_typing and parts and (_is_letter(parts[0]) or parts[0] in _NEEDED_TO_WRITE):
        yield Problem("keymap.letter-typed", action, sequence)


def _is_letter(part: str) -> bool:
    return len(part) == 1 and part.isprintable() and not part.isspace()


def duplicates(keymap: Keymap) -> list[Problem]:
    """Return the actions whose key another action of an overlapping scope has already."""
    owners: dict[tuple[Scope, str], str] = {}
    problems = []
    for action, keys in keymap.items():
        scopes = _scopes(action)
        for key in keys:
            others = {owners.get((where, key), action) for where in scopes} - {action}
            problems += [Problem("keymap.duplicate", action, key, one) for one in sorted(others)]
            owners.update({(where, key): action for where in scopes})
    return problems


def _shadows(keymap: Keymap) -> list[Problem]:
    """Return the keys that would act although a longer sequence was begun with them.

    A longer sequence that goes on with the same (``ticket.copy`` and ``ticket.copy-title``) may
    begin so: what was done on the way to it does no harm.
    """
    owners: dict[tuple[Scope, str], str] = {}
    for action, keys in keymap.items():
        scopes = _scopes(action)
        owners.update({(where, key): action for key in keys for where in scopes})
    found: dict[tuple[str, str], str] = {}
    for (where, sequence), action in owners.items():
        if " " not in sequence:
            continue  # most are single keys, and all are looked through at every start
        parts = sequence.split()
        for end in range(1, len(parts)):
            start = " ".join(parts[:end])
            other = owners.get((where, start))
            if other is not None and not action.startswith(other):
                found.setdefault((other, start), f"{action} ({sequence})")
    return [Problem("keymap.shadow", *each, longer) for each, longer in found.items()]


def _scopes(action: str) -> tuple[Scope, ...]:
    """Return where the keys of an action are taken."""
    scope = BY_ID[action].scope
    if scope is Scope.APP:
        return tuple(Scope)
    return (scope, *SIDE_SCOPES) if action.startswith(SHARED) else (scope,)


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


def first_key(keymap: Keymap, action: str) -> str:
    """Return the first key of an action as people read it; nothing where it has none."""
    keys = keymap.get(action, ())
    return shown(keys[0]) if keys else ""
