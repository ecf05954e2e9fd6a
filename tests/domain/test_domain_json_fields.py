"""Fields of foreign JSON are read where they are what they should be, and empty else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk_tui.domain.json_fields import (
    id_at,
    is_true,
    object_at,
    objects_at,
    text_at,
    url_at,
    word_at,
)


@pytest.mark.parametrize("said", [None, 5, "a", [], {"a": None}, {"a": [1]}, {"a": {"b": []}}])
def test_nothing_is_found_where_nothing_is(said: object) -> None:
    assert object_at(said, "a", "b") == {}
    assert list(objects_at(said, "a", "c")) == []
    assert [read(said, "a", "b") for read in (word_at, text_at, id_at, url_at)] == [""] * 4


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (word_at, "two\twords", "two words"),
        (word_at, 7, "7"),
        (word_at, True, ""),
        (word_at, "x" * 501, "x" * 499 + "…"),
        (text_at, "one\ntwo\x1b[2J", "one\ntwo␛[2J"),
        (id_at, "gid://shop/Order/1", "gid://shop/Order/1"),
        (id_at, "no id", ""),
        (id_at, "x" * 513, ""),
        (url_at, "https://shop.example/a?b=c", "https://shop.example/a?b=c"),
        (url_at, "javascript:alert(1)", ""),
        (url_at, "https://shop.example/" + "a" * 4_000, ""),
    ],
)
def test_a_field_is_read_as_what_it_is(
    read: Callable[[object, str, str], str], value: object, found: str
) -> None:
    assert read({"a": {"b": value}}, "a", "b") == found


def test_lists_give_their_objects_and_yes_is_true_alone() -> None:
    said = {"a": [{"n": 1}, 2, None, {"n": 3}], "yes": True, "no": "true"}
    assert [one["n"] for one in objects_at(said, "a")] == [1, 3]
    assert (is_true(said, "yes"), is_true(said, "no")) == (True, False)
