"""Whom a note names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.mentions import mentioned_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@anna can you look?", ("anna",)),
        ("ask @Anna, @ben and @anna.", ("anna", "ben")),
        ("(@anna) @ben: @carl-", ("anna", "ben", "carl")),
        ("write to anna@shop.example", ()),
        ("the host @shop.example", ()),
        ("@anna@social.example", ()),
        ("> @anna said so\nyes @ben", ("ben",)),
        ("  > @anna", ()),
        ("@1 @_x @", ()),
        ("a/@anna +@ben", ()),
        ("nobody", ()),
        ("@anna\n@ben", ("anna", "ben")),
        ("@" + "x" * 40, ()),
    ],
)
def test_names_follow_an_at_sign_that_begins_a_word(text: str, names: tuple[str, ...]) -> None:
    assert mentioned_names(text) == names


@given(st.text(alphabet="@ab.-_ >\n1", max_size=200))
def test_any_text_gives_few_plain_names(text: str) -> None:
    names = mentioned_names(text)
    assert len(set(names)) == len(names) <= 50
    assert all(name and name.isascii() and name == name.lower() for name in names)
