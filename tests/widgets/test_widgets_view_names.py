"""Which keys stand beside the views: those this agent has."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_tui.domain.tickets import Sort, View
from helpdesk_tui.domain.views import SavedView
from helpdesk_tui.widgets.header import Header, HeaderState
from helpdesk_tui.widgets.keymap import merged_keymap
from helpdesk_tui.widgets.words.view_names import view_keys

RETURNS = SavedView(1, 1, "Returns", "tag:returns", None, Sort.NEWEST, 1, "2", 1)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, ["1", "gu", "3", "4", "2"]),
        ({"view.1": "f7", "go.unassigned": "g r"}, ["f7", "gr", "3", "4", "2"]),
        ({"view.1": [], "go.mine": "W"}, ["W", "gu", "3", "4", "2"]),
        ({"view.2": [], "go.unassigned": []}, ["1", "", "3", "4", ""]),
    ],
)
def test_views_have_the_keys_they_are_bound_to(own: dict[str, Any], expected: list[str]) -> None:
    keymap, _problems = merged_keymap(own)
    keys = view_keys(keymap, [RETURNS])
    assert [keys.get(view, "") for view in (*View, RETURNS)] == expected


def test_the_key_of_rejected_mail_is_the_one_in_use() -> None:
    keymap, _problems = merged_keymap({"go.intake": "f8"})
    header = Header(keymap)
    header.state = HeaderState(rejected=3)
    text = "".join(text for spans, _picked in header._pieces() for text, _ink in spans)
    assert "f8 Rejected 3" in text
