"""Hits as they are drawn: where the text stands, and the words that are marked in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.query.hits import Hit, Snippet, wanted_of
from helpdesk_tui.domain.query.parsing import parse_query
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.hits import hit_spans, mark_spans
from helpdesk_tui.widgets.words.query_help import examples, meaning
from helpdesk_tui.widgets.wrap import cells

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def _wanted(query):
    return wanted_of(parse_query(query, now=NOW))


def _marked(spans):
    return [text for text, ink in spans if ink is Ink.MARK]


@pytest.mark.parametrize(
    ("place", "is_note", "begin"),
    [("body", False, "the "), ("body", True, "note  the "), ("files", False, "file  the "),
     ("people", False, "person  the "), ("subject", False, "the ")],
)  # fmt: skip
def test_a_hit_says_where_it_stands(place, is_note, begin):
    hit = Hit(1, 2, place, is_note, Snippet("the zipper is broken", ((4, 10),)))
    spans = hit_spans(hit, 60, Ink.DIM)
    assert "".join(text for text, _ in spans) == f"{begin}zipper is broken"
    assert _marked(spans) == ["zipper"]


@pytest.mark.parametrize("room", [0, 1, 5, 9, 12, 40])
def test_a_hit_takes_no_more_room_than_there_is(room):
    hit = Hit(1, 2, "files", True, Snippet("退款 zipper 退款退款", ((3, 9),)))
    assert sum(cells(text) for text, _ in hit_spans(hit, room, Ink.DIM)) <= room


@pytest.mark.parametrize(
    ("query", "spans", "marked"),
    [
        ("zipper ", [("my zipper, my ", Ink.TEXT), ("ZIPPER", Ink.LINK)], ["zipper", "ZIPPER"]),
        ("zip", [("zippers", Ink.TEXT)], ["zippers"]),
        ('"my coat" ', [("my ", Ink.TEXT), ("coat", Ink.LINK)], ["my ", "coat"]),
        ("lodz", [("Łódź", Ink.TEXT)], ["Łódź"]),
        ("退款 ", [("我想退款", Ink.TEXT)], ["退款"]),
        ("-zipper coat ", [("zipper", Ink.TEXT)], []),
        ("file:coat ", [("coat", Ink.TEXT)], []),
    ],
)
def test_words_are_marked_across_spans_and_nothing_is_lost(query, spans, marked):
    found = mark_spans(spans, _wanted(query), "body")
    assert "".join(text for text, _ in found) == "".join(text for text, _ in spans)
    assert _marked(found) == marked


def test_every_operator_that_is_offered_has_a_meaning():
    from helpdesk_tui.domain.query.fields import OFFERED

    assert [name for name in OFFERED if not meaning(name)] == []
    assert meaning("label") == ""


def test_every_example_is_a_query():
    for typed, found in examples():
        assert parse_query(typed, now=NOW).root.parts
        assert found
