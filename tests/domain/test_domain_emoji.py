"""Emoji are found by what people type, and each is one that terminals draw."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.emoji import Emoji
from helpdesk_tui.domain.text import clean


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("tada", "🎉"),
        ("TADA", "🎉"),
        ("+1", "👍"),
        ("pack", "📦"),
        ("heart", "❤️"),
        ("unicorn", "🦄"),
    ],
)
def test_a_name_leads_to_its_emoji(typed: str, sign: str) -> None:
    assert Emoji().find(typed)[0][1] == sign


def test_words_within_names_are_found_after_beginnings() -> None:
    names = [name for name, _sign in Emoji().find("cat")]
    assert names[0] == "cat"
    assert any("_cat" in name for name in names)


def test_each_is_offered_once_and_not_too_many() -> None:
    emoji = Emoji()
    found = emoji.find("s", 20)
    assert len(found) == 20 == len({sign for _name, sign in found})
    assert emoji.find("nosuchthing") == ()
    assert len(emoji.all) > 1000


def test_every_one_survives_the_cleaning_of_text() -> None:
    assert all(clean(sign) == sign for _name, sign in Emoji().all)
