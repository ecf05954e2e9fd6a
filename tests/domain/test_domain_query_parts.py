"""Writing a query out again, expressions that end, hits in context, and what could be completed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.moments import Span, span_of
from helpdesk_tui.domain.query.cursor import (
    Completion,
    Proposal,
    ProposalKind,
    fixed_values,
    operators_for,
    quoted_value,
    spot_at,
)  # fmt: skip
from helpdesk_tui.domain.query.hits import Snippet, marked, snippet, wanted_of
from helpdesk_tui.domain.query.parsing import Group, QueryError, is_text, parse_query
from helpdesk_tui.domain.query.pattern import LONGEST, is_safe, matches
from helpdesk_tui.domain.query.render import render
from helpdesk_tui.domain.query.values import Bounds
from helpdesk_tui.domain.tickets import Sort
from tests.support.waiting import frugal

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)  # a Saturday


def _parse(text):
    return parse_query(text, now=NOW)


def _day(day):
    return datetime(2026, 11, day, tzinfo=UTC)


# --- the tree ------------------------------------------------------------------------------------


def _tree(node):
    if isinstance(node, Group):
        mark = ("-" if node.negated else "") + ("or" if node.either else "and")
        return (mark, *map(_tree, node.parts))
    return (
        ("-" if node.negated else "")
        + (f"{node.field}:" if node.field else "")
        + (",".join(node.values))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b ", ("and", "a", "b")),
        ("a OR b c ", ("and", ("or", ("and", "a"), ("and", "b", "c")))),
        ("a (b OR c) ", ("and", "a", ("or", ("and", "b"), ("and", "c")))),
        ("-(a b) c ", ("and", ("-and", "a", "b"), "c")),
        ("(a)", ("and", ("and", "a"))),
        ("(tag:x OR (b -c))", ("and", ("or", ("and", "tag:x"), ("and", ("and", "b", "-c"))))),
        ("f(x) OR g ", ("and", ("or", ("and", "f(x)"), ("and", "g")))),
        ("(f(x))", ("and", ("and", "f(x)"))),
        ('"OR" or ', ("and", "OR", "or")),
        ("a OR b sort:oldest ", ("and", ("or", ("and", "a"), ("and", "b")))),
        (":) ", ("and", ":)")),
        ("priority>normal messages>3 x<y ", ("and", "priority:high,urgent", "messages:3", "x<y")),
        ("priority:normal..high ", ("and", "priority:normal,high")),
        ("priority:..low ", ("and", "priority:low")),
        ("priority:LOW ", ("and", "priority:low")),
        ("status:solved via:mail ", ("and", "is:closed", "channel:email")),
        ("in:inbox in:body x ", ("and", "is:open", "in:messages", "x")),
    ],
)
def test_brackets_and_either(text, expected):
    assert _tree(_parse(text).root) == expected


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("messages:3 ", Bounds(3, 3)),
        ("messages:>3 ", Bounds(4, None)),
        ("messages:>=3 ", Bounds(3, None)),
        ("reopens:<3 ", Bounds(None, 2)),
        ("reopens:<=3 ", Bounds(None, 3)),
        ("messages:2..5 ", Bounds(2, 5)),
        ("messages:2.. ", Bounds(2, None)),
        ("messages:..5 ", Bounds(None, 5)),
        ("larger:5MB ", Bounds(5_000_000, None)),
        ("larger:5 ", Bounds(5, None)),
        ("size:2k ", Bounds(2000, None)),
        ("smaller:1g ", Bounds(None, 999_999_999)),
    ],
)
def test_numbers_and_sizes(text, bounds):
    assert _parse(text).terms[0].bounds == bounds


def test_order_and_length_stand_apart():
    query = _parse("sort:longest tag:a limit:20 ")
    assert (query.sort, query.limit, len(query.terms)) == (Sort.WAITING, 20, 1)


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        (":", "tomorrow", Span(_day(22), _day(23))),
        (":", "sat", Span(_day(21), _day(22))),
        (":", "fri", Span(_day(27), _day(28))),
        (":<", "2d", Span(None, NOW + timedelta(days=2))),
        (":>", "2h", Span(NOW + timedelta(hours=2), None)),
        (":", "2h", Span(NOW + timedelta(hours=1), NOW + timedelta(hours=2))),
    ],
)  # fmt: skip
def test_times_ahead(op, value, expected):
    assert span_of(op, value, NOW, "UTC", ahead=True) == expected


# --- written out again ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("refund", "refund* "),
        ("refund ", "refund "),
        ('"two words" -no ', '"two words" -no '),
        ('"two wor', '"two wor"* '),
        ("label:VIP -status:open ", "tag:VIP -is:open "),
        ("tag:vi", 'tag:"vi"* '),
        ("before:2026-11-20 ", "updated:<2026-11-20 "),
        ("a (b OR tag:x,y) ", "a (b OR tag:x,y) "),
        ("a OR b", "a OR b* "),
        ("-(a OR b)", "-(a OR b) "),
        ("sort:updated limit:5 x ", "x sort:newest limit:5 "),
        ('subject:~"^re: x" ', 'subject:~"^re: x" '),
        ("file:*.pdf ", 'file:"*.pdf" '),
        ('"tag:x" ', '"tag:x" '),
        ('"OR" ', '"OR" '),
        ('"-x" ', '"-x" '),
        ("larger:5MB ", "larger:5mb "),
        ("(a b) ", "(a b) "),
        ('"" ', '"" '),
        ("- ", "- "),
        ("-", '"-"* '),
    ],
)
def test_a_query_is_written_out_in_our_own_words(text, written):
    assert render(_parse(text)) == written


PIECES = st.sampled_from([
    "a", "refund", "b*", '"two words"', '"op', "-", "(", ")", " OR ", " ", "tag:x", "tag:x,y",
    "is:open", "is:closed,spam", "label:vip",
    "created:<2d", "updated:2026-11-01..", "priority:>low",
    "messages:>=2", "larger:1mb", "in:notes", "sort:waiting", "limit:5",
    "subject:~^a", "file:*.pdf",
    "from:anna@", "order:#10", ",", ":", "*", '""', "OR", "é退款", "(a)", "before:3d",
    "\u202e", "-x",
])  # fmt: skip


@example("*\u202a")
@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=10).map(" ".join), st.lists(PIECES, max_size=10)
                 .map("".join), st.text(max_size=60)))  # fmt: skip
def test_what_is_written_out_is_read_back_as_the_same_query(text):
    try:
        query = _parse(text)
    except QueryError as error:
        position = error.values["position"]
        assert isinstance(position, int)
        assert 0 <= position <= len(text)
        return
    assert _parse(render(query)) == query
    assert render(_parse(render(query))) == render(query)


# --- expressions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    ["^re", r"\d{3,5}-x", "[a-z]+@shop", "a|b", "(?:ab|c)d", ".*x.*", "colou?r", r"[]x]\]", ""],
)
def test_expressions_that_end_soon_are_taken(pattern):
    assert is_safe(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a|a)*", "(a*)?", r"(a)\1", "(?=a)", "(?P<x>a)", "a*b*c*", "a?" * 9, "a**", "(",
        "[z-a]", "x" * (LONGEST + 1), "a|" * 9, "a{3}{4}", "a{99999999999}",
        "a?a?a?a?a?a?a?a?.*.*x", "(a|a|a|a)(a|a|a|a)(?:a|a).*.*x",
    ],
)  # fmt: skip
def test_expressions_that_might_not_are_refused(pattern):
    assert not is_safe(pattern)


@pytest.mark.parametrize(
    "pattern", ["(?:a|aa)?a*.*b", ".*.*x", "[^b]*[^c]*d", "a?a?a?a?a?.*x", "a?a?a?a?a?a?a?a?b"]
)
def test_no_taken_expression_takes_long(pattern):
    with frugal():
        assert not matches(pattern, "a" * 100_000)


def test_an_expression_that_python_warns_of_is_taken_in_silence():
    assert matches("[[]x", "a [x")


def test_an_expression_does_not_look_at_case_and_only_at_texts():
    assert matches("^RE:", "re: x")
    assert not matches("x", None)


# --- hits ----------------------------------------------------------------------------------------


def _marked(query, text, place=""):
    ranges = marked(text, wanted_of(_parse(query)), place)
    return [text[start:end] for start, end in ranges]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("refund ", "Refund the refund, not refunded", ["Refund", "refund"]),
        ("ref", "Refund the ref", ["Refund", "ref"]),
        ("lodz gesla ", "Zażółć gęślą w Łódź", ["gęślą", "Łódź"]),
        ("strasse ", "Hauptstraße, Straße 5", ["Straße"]),
        ('"my refund" ', "my  refund is my money", ["my  refund"]),
        ("退款 ", "我想退款，谢谢", ["退款"]),
        ("退款 ", "abc退款def", ["退款"]),
        ("abc ", "abc退款", ["abc"]),
        ("two words ", "words two", ["words", "two"]),
        ("-refund ", "refund", []),
        ("a (b OR -(c d)) ", "a b c d", ["a", "b"]),
        ("tag:refund ", "refund", []),
        ("subject:~refund ", "refund", []),
        ("... x ", "a x", ["x"]),
        ("file:inv*.pdf ", "inv 1.pdf", []),
        ("order:#1042 ", "Order #1042!", ["1042"]),
        ('"a b" "b c" ', "a b c", ["a b c"]),
    ],
)
def test_what_was_found_is_marked(query, text, expected):
    assert _marked(query, text) == expected


def test_only_where_it_was_looked_for():
    assert _marked("subject:refund ", "refund", "body") == []
    assert _marked("subject:refund ", "refund", "subject") == ["refund"]
    assert marked("x", ()) == ()
    assert len(_marked("a ", "a b " * 500)) == 100


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short refund", 40, Snippet("short refund", ((6, 12),))),
        ("word " * 30 + "refund" + " more" * 30, 30,
         Snippet("…word refund more more more mor…", ((6, 12),))),
        ("x" * 60 + "refund", 20, Snippet("…xxxxxxrefund", ((7, 13),))),
        ("a\n\n  refund\x1b[0m\u202e b", 40, Snippet("a refund␛[0m b", ((2, 8),))),
        ("nothing here", 7, Snippet("nothing…", ())),
    ],
)  # fmt: skip
def test_a_hit_is_shown_in_context(text, width, expected):
    found = [match.span() for match in re.finditer("refund", text)]
    assert snippet(text, tuple(found), width) == expected


@given(st.text(max_size=300), st.integers(1, 60))
def test_ranges_of_a_snippet_lie_within_it(text, width):
    ranges = marked(text, wanted_of(_parse("a OR e OR i ")))
    shown = snippet(text, ranges, width)
    for start, end in shown.ranges:
        assert 0 <= start <= end <= len(shown.text)
    assert not set(shown.text) & set("\x1b\n\r\t\u202e")


# --- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cursor", "expected"),
    [
        ("", 0, (0, 0, "", None)),
        ("ta", 2, (0, 2, "ta", None)),
        ("x ta y", 4, (2, 4, "ta", None)),
        ("tag:vi", 6, (4, 6, "vi", "tag")),
        ("-(label:a,vi) z", 12, (10, 12, "vi", "tag")),
        ("tag:refund x", 6, (4, 10, "re", "tag")),
        ('tag:"two wo" x', 11, (4, 12, "two wo", "tag")),
        ('tag:"two wo', 11, (4, 11, "two wo", "tag")),
        ("created:>=to", 12, (10, 12, "to", "created")),
        ("before:", 7, (7, 7, "", "updated")),
        ("foo:bar", 7, None),
        ('"quoted wo', 10, None),
        ("x", 99, (0, 1, "x", None)),
    ],
)
def test_what_stands_at_the_cursor(text, cursor, expected):
    spot = spot_at(text, cursor)
    found = spot and (spot.start, spot.end, spot.typed, spot.field and spot.field.name)
    assert found == expected


def test_operators_are_completed_and_worth_among_them():
    assert [one.text for one in operators_for("cr")] == ["created:"]
    assert [one.text for one in operators_for("la")] == ["larger:", "label:"]
    assert [one.text for one in operators_for("lt")] == ["ltv:"]
    assert "ltv:" in [one.text for one in operators_for("")]


@pytest.mark.parametrize(
    ("text", "some"),
    [("is:sno", "snoozed"), ("has:", "image"), ("has:", "order"), ("created:", "today"),
     ("limit:", "50"), ("larger:", "5mb"), ("messages:", ">5"), ("sort:w", "waiting"),
     ("priority:U", "urgent")],
)  # fmt: skip
def test_fixed_values_are_completed(text, some):
    spot = spot_at(text, len(text))
    assert spot is not None
    assert some in fixed_values(spot)


def test_words_and_subjects_have_no_fixed_values():
    for text in ("x", "subject:"):
        spot = spot_at(text, len(text))
        assert spot is not None
        assert fixed_values(spot) == ()


def test_a_proposal_takes_the_place_of_what_was_typed():
    value = Proposal(ProposalKind.VALUE, "vip", "vip")
    assert Completion(4, 6, (value,)).apply("tag:vi", value) == ("tag:vip ", 8)
    assert Completion(4, 6, (value,)).apply("tag:vi x", value) == ("tag:vip x", 8)
    operator = Proposal(ProposalKind.OPERATOR, "tag:", "tag:")
    assert Completion(0, 2, (operator,)).apply("ta", operator) == ("tag:", 4)


@pytest.mark.parametrize(
    ("text", "kind", "chosen", "expected"),
    [
        ("tag:re|fund x", ProposalKind.VALUE, "return", "tag:return |fund x"),
        ("tag:re|fund x", ProposalKind.VALUE, "refund", "tag:refund |x"),
        ("tag:re|,vip", ProposalKind.VALUE, "return", "tag:return,|vip"),
        ('tag:"two w|eeks" x', ProposalKind.VALUE, '"two weeks"', 'tag:"two weeks" |x'),
        ('tag:"two w|eeks" x', ProposalKind.VALUE, '"two words"', 'tag:"two words" |"eeks" x'),
        ('tag:"tw|" x', ProposalKind.VALUE, '"two words"', 'tag:"two words" |x'),
        ("cr|", ProposalKind.OPERATOR, "created:", "created:|"),
        ("ta|g:vip x", ProposalKind.OPERATOR, "tag:", "tag:|vip x"),
        ("cr|tag:vip", ProposalKind.OPERATOR, "created:", "created:| tag:vip"),
        ("ta|vip", ProposalKind.OPERATOR, "tag:", "tag:|vip"),
    ],
)
def test_completion_keeps_what_stands_behind_the_cursor(text, kind, chosen, expected):
    cursor = text.index("|")
    typed = text.replace("|", "")
    spot = spot_at(typed, cursor)
    assert spot is not None
    proposal = Proposal(kind, chosen, chosen)
    made, at = Completion(spot.start, spot.end, (proposal,), cursor).apply(typed, proposal)
    assert f"{made[:at]}|{made[at:]}" == expected


@pytest.mark.parametrize(
    ("value", "typed"), [("vip", "vip"), ("two words", '"two words"'), ('a"b,', '"ab,"')]
)
def test_values_are_quoted_where_they_need_it(value, typed):
    assert quoted_value(value) == typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a ", True), ("(a OR subject:b) ", True), ("order:#1 ", True), ("file:a ", True),
        ("-a ", False), ("-(a b) ", False), ("(a -b) ", False), ("tag:a ", False),
        ("file:*.pdf ", False), ("subject:~a ", False),
    ],
)  # fmt: skip
def test_words_alone_can_stand_in_one_message(text, expected):
    assert is_text(_parse(text).root.parts[0]) is expected


def test_a_pattern_is_no_time():
    assert span_of(":~", "today", NOW, "UTC") is None
