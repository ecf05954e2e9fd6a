"""Keys named inside of sentences, as this agent has them."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.keymap import Keymap, shown


class KeyWords(dict[str, str]):
    """The keys of one area by verb; a verb without a key is shown as a dash."""

    def __missing__(self, verb: str) -> str:
        return "–"


def key_words(keymap: Keymap, area: str) -> Mapping[str, str]:
    """Return the keys of an area (``intake``) by verb (``dismiss``): letters before names."""
    found = KeyWords()
    for action, keys in keymap.items():
        name, _, verb = action.partition(".")
        if name == area and keys:
            found[verb] = shown(min(keys, key=len))
    return found
