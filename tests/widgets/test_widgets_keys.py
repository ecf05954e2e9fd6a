"""The key table: one meaning a key, and a keymap file that says what is wrong with it."""

from __future__ import annotations

import pytest

from helpdesk_tui.widgets.chords import Chords, Hit, key_name
from helpdesk_tui.widgets.footers import FOOTERS
from helpdesk_tui.widgets.keymap import default_keymap, duplicates, merged_keymap, shown
from helpdesk_tui.widgets.keymap_presets import PRESETS
from helpdesk_tui.widgets.keys import BY_ID, KEYS, Scope
from helpdesk_tui.widgets.words.keymap import problem_sentence, refusal


def test_ids_are_unique_and_named_area_verb() -> None:
    assert len(BY_ID) == len(KEYS)
    assert all(key.id.count(".") == 1 for key in KEYS)


def test_no_key_has_two_meanings() -> None:
    assert duplicates(default_keymap()) == []


def test_footers_name_actions_of_the_table() -> None:
    named = {action for entries in FOOTERS.values() for _, actions in entries for action in actions}
    assert named <= BY_ID.keys()


@pytest.mark.parametrize("preset", PRESETS)
def test_in_each_preset_every_key_has_one_meaning(preset: str) -> None:
    keymap, problems = merged_keymap({}, preset)
    assert problems == []
    assert keymap.keys() == BY_ID.keys()
    assert PRESETS[preset].keys() <= BY_ID.keys()


@pytest.mark.parametrize("preset", PRESETS)
def test_in_each_preset_every_action_is_reached_by_its_keys(preset: str) -> None:
    keymap, _ = merged_keymap({}, preset)
    for key in KEYS:
        assert keymap[key.id] or key.in_palette, f"{key.id} has no key and is not in the palette"
        for sequence in keymap[key.id]:
            chords = Chords(keymap, frozenset({key.scope, Scope.APP}))
            hits = [chords.feed(part) for part in sequence.split()]
            assert hits[-1].action == key.id, sequence


@pytest.mark.parametrize(
    ("overrides", "codes"),
    [
        ({}, []),
        ({"ticket.close": "W"}, []),
        ({"ticket.close": ["W", "ctrl+e", "alt+e", "f9", "ctrl+f5"]}, []),
        ({"ticket": {"close": "W", "snooze": "B"}}, []),
        ({"ticket.close": []}, []),
        ({"ticket.clothe": "W"}, ["keymap.unknown-action"]),
        ({"ticket.close": 7}, ["keymap.not-keys"]),
        ({"ticket.close": ["W", ""]}, ["keymap.not-keys"]),
        ({"ticket.close": "r"}, ["keymap.duplicate"]),
        ({"ticket.close": "ctrl+q"}, ["keymap.duplicate"]),
        ({"app.back": "t"}, ["keymap.duplicate"] * sum("t" in key.keys for key in KEYS)),
        ({"ticket.close": "ctrl+b"}, ["keymap.unsafe"]),
        ({"go.mine": "~ x"}, ["keymap.unsafe"]),
        ({"ticket.close": "ctrl+i"}, ["keymap.impossible"]),
        ({"ticket.close": "shift+w"}, ["keymap.impossible"]),
        ({"ticket.close": "alt+enter"}, ["keymap.impossible"]),
        ({"ticket.close": "clear"}, ["keymap.no-such-key"]),
        ({"ticket.close": "ctrl+ctrl"}, ["keymap.no-such-key"]),
        ({"composer.attach": "W"}, ["keymap.letter-typed"]),
        ({"app.quit": "enter"}, ["keymap.letter-typed"]),
        ({"go.mine": "g"}, ["keymap.shadow"]),
        ({"ticket.close": "r", "go.mine": "ctrl+i", "x.y": "z"},
         ["keymap.impossible", "keymap.unknown-action", "keymap.duplicate"]),
    ],
)  # fmt: skip
def test_a_keymap_is_checked(overrides: dict[str, object], codes: list[str]) -> None:
    assert sorted(problem.code for problem in merged_keymap(overrides)[1]) == sorted(codes)


def test_only_unwise_keys_can_be_used_all_the_same() -> None:
    _, problems = merged_keymap({"ticket.close": "ctrl+b", "ticket.reply": "clear"})
    assert {problem.code: problem.is_fatal for problem in problems} == {
        "keymap.unsafe": False,
        "keymap.no-such-key": True,
    }


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    (problem,) = merged_keymap({}, "emacs")[1]
    assert problem.code == "keymap.bad-preset"
    assert "gmail" in problem_sentence(problem)


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    _, problems = merged_keymap({"ticket.close": "r", "go.mine": "ctrl+i", "x.y": "W"})
    error = refusal(problems, "keys.toml", {"ticket.close": 3, "go.mine": 4})
    assert error.exit_code == 2
    details = error.values["details"]
    assert isinstance(details, tuple)
    assert len(details) == error.values["count"] == 3
    assert any(line.startswith("line 3: r is given to both") for line in details)
    assert any(line.startswith("line 4: ctrl+i for go.mine never arrives") for line in details)
    assert any("no action x.y" in line for line in details)


def test_a_keymap_replaces_the_keys_of_an_action() -> None:
    keymap, _ = merged_keymap({"ticket.close": "W", "nonsense.id": "r"})
    assert keymap["ticket.close"] == ("W",)
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
        (("g", "0", "i"), ["", "none", "ticket.note"]),
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


@pytest.mark.parametrize(("place", "most"), [("thread", 6), ("list", 7)])
def test_the_footer_names_the_way_to_the_customer_among_the_first_keys(
    place: str, most: int
) -> None:
    first = [action for _word, actions in FOOTERS[place][:most] for action in actions]
    assert "sidebar.focus" in first
