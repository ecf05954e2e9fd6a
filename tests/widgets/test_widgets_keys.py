"""The key table: one meaning a key, and a keymap file that says what is wrong with it."""

from __future__ import annotations

import pytest

from helpdesk_tui.widgets.chords import Chords, Hit, key_name
from helpdesk_tui.widgets.footers import FOOTERS
from helpdesk_tui.widgets.keymap import default_keymap, duplicates, merged_keymap, shown
from helpdesk_tui.widgets.keys import BY_ID, KEYS, Scope


def test_ids_are_unique_and_named_area_verb() -> None:
    assert len(BY_ID) == len(KEYS)
    assert all(key.id.count(".") == 1 for key in KEYS)


def test_no_key_has_two_meanings() -> None:
    assert duplicates(default_keymap()) == []


def test_footers_name_actions_of_the_table() -> None:
    named = {action for entries in FOOTERS.values() for _, actions in entries for action in actions}
    assert named <= BY_ID.keys()


@pytest.mark.parametrize(
    ("overrides", "codes"),
    [
        ({}, []),
        ({"ticket.close": "x"}, []),
        ({"ticket.close": ["x", "ctrl+e"]}, []),
        ({"ticket.clothe": "x"}, ["keymap.unknown-action"]),
        ({"ticket.close": 7}, ["keymap.not-keys"]),
        ({"ticket.close": ["x", ""]}, ["keymap.not-keys"]),
        ({"ticket.close": "r"}, ["keymap.duplicate"]),
        ({"ticket.close": "ctrl+q"}, ["keymap.duplicate"]),
        ({"ticket.close": "ctrl+b"}, ["keymap.unsafe"]),
        ({"go.mine": "~ x"}, ["keymap.unsafe"]),
    ],
)
def test_a_keymap_is_checked(overrides: dict[str, object], codes: list[str]) -> None:
    assert [problem.code for problem in merged_keymap(overrides)[1]] == codes


def test_a_keymap_replaces_the_keys_of_an_action() -> None:
    keymap, _ = merged_keymap({"ticket.close": "x", "nonsense.id": "r"})
    assert keymap["ticket.close"] == ("x",)
    assert keymap["ticket.reply"] == ("r",)


def _typed(*keys: str) -> list[Hit]:
    chords = Chords(default_keymap(), frozenset({Scope.DESK, Scope.APP}))
    return [chords.feed(key) for key in keys]


@pytest.mark.parametrize(
    ("keys", "actions"),
    [
        (("j",), ["move.down"]),
        (("g", "i"), ["", "go.mine"]),
        (("g", "g"), ["", "move.first"]),
        (("y", "y"), ["ticket.copy", "ticket.copy-title"]),
        (("y", "j"), ["ticket.copy", "move.down"]),
        (("y", "g", "i"), ["ticket.copy", "", "go.mine"]),
        (("g", "k", "i"), ["", "none", "ticket.note"]),
        (("`",), [""]),
    ],
)
def test_sequences_lead_to_actions(keys: tuple[str, ...], actions: list[str]) -> None:
    assert [hit.action for hit in _typed(*keys)] == actions


def test_an_open_sequence_is_pending() -> None:
    assert _typed("g")[0].pending == "g"
    assert _typed("g", "i")[1].pending == ""


@pytest.mark.parametrize(
    ("key", "character", "name"),
    [("j", "j", "j"), ("exclamation_mark", "!", "!"), ("space", " ", "space"),
     ("ctrl+d", "\x04", "ctrl+d"), ("f5", None, "f5"), ("upper_j", "J", "J")],
)  # fmt: skip
def test_key_names_are_those_of_the_table(key: str, character: str | None, name: str) -> None:
    assert key_name(key, character) == name


@pytest.mark.parametrize(
    ("sequence", "text"), [("g i", "g i"), ("y y", "yy"), ("down", "↓"), ("ctrl+d", "ctrl+d")]
)
def test_keys_are_shown_for_people(sequence: str, text: str) -> None:
    assert shown(sequence) == text
