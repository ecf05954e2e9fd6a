"""The query language: what is typed becomes terms, or an error that knows its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.moments import Span, span_of
from helpdesk_tui.domain.query.parsing import MAX_LENGTH, MAX_TERMS, QueryError, parse_query

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)  # a Saturday


def _terms(text):
    return [
        (("-" if term.negated else "") + term.field, term.values, term.prefix)
        for term in parse_query(text, now=NOW).terms
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("refund", [("", ("refund",), True)]),
        ("refund ", [("", ("refund",), False)]),
        ("two words", [("", ("two",), False), ("", ("words",), True)]),
        ("be* sure ", [("", ("be",), True), ("", ("sure",), False)]),
        ('"a phrase"', [("", ("a phrase",), False)]),
        ('"a phra', [("", ("a phra",), True)]),
        ('""', [("", ("",), False)]),
        ('a"b"', [("", ("a",), False), ("", ("b",), False)]),
        ("-no", [("-", ("no",), False)]),
        ('-"no no"', [("-", ("no no",), False)]),
        ("-", [("", ("-",), True)]),
        ("- a", [("", ("-",), False), ("", ("a",), True)]),
        ("tag:vip ", [("tag", ("vip",), False)]),
        ("TAG:vip", [("tag", ("vip",), True)]),
        ('tag:a,"b c",d', [("tag", ("a", "b c", "d"), True)]),
        ("tag:a,,b", [("tag", ("a", "b"), True)]),
        ("-tag:a", [("-tag", ("a",), False)]),
        ("label:a ", [("tag", ("a",), False)]),
        ("status:Open ", [("is", ("open",), False)]),
        ("requester:x ", [("customer", ("x",), False)]),
        ("in:spam ", [("is", ("spam",), False)]),
        ("channel:email,sms ", [("channel", ("email", "sms"), False)]),
        ("https://x.example/a:b ", [("", ("https://x.example/a:b",), False)]),
        ("Re: hello ", [("", ("Re:",), False), ("", ("hello",), False)]),
        ("10:42 ", [("", ("10:42",), False)]),
        ("a\u202eb\x1b ", [("", ("ab␛",), False)]),
    ],
)
def test_text_becomes_terms(text, expected):
    assert _terms(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "position", "known"),
    [
        ("hello foo:bar", "query.unknown-operator", 6, "tag"),
        ("-foo:bar", "query.unknown-operator", 0, "tag"),
        ("tga:x", "query.unknown-operator-like", 0, "tag"),
        ("in:notes", "query.place-needs-words", 0, None),
        ("in:nowhere x", "query.unknown-value", 0, "notes"),
        ("-in:notes x", "query.not-negated", 0, None),
        ("is:", "query.unfinished", 0, "open"),
        ("tag: x", "query.missing-value", 0, None),
        ("is: x", "query.missing-value", 0, "open"),
        ('tag:"', "query.unfinished", 0, None),
        ("is:opne", "query.unknown-value-like", 0, "open"),
        ("is:op", "query.unfinished", 0, "open"),
        ("is:op ", "query.unknown-value-like", 0, "open"),
        ("channel:fax", "query.unknown-value", 0, "email"),
        ("has:money", "query.unknown-value", 0, "attachment"),
        ("has:atachment", "query.unknown-value-like", 0, "attachment"),
        ("tag:>3", "query.no-comparison", 0, "created"),
        ("from:>x", "query.no-comparison", 0, "messages"),
        ("subject:~(a+)+", "query.bad-pattern", 0, None),
        ("created:soon", "query.unclear-time", 0, "today"),
        ("created:2026-1", "query.unfinished", 0, "today"),
        ("created:2026-1 ", "query.unclear-time", 0, "today"),
        ("created:~2d", "query.no-pattern", 0, "subject"),
        ("created:1d,2d", "query.unclear-time", 0, "today"),
        ("a OR", "query.unfinished", 2, "word"),
        ("OR a", "query.empty-side", 0, None),
        ("a OR OR b", "query.empty-side", 2, None),
        ("(a OR ) b", "query.empty-side", 3, None),
        ("(a", "query.unfinished", 0, ")"),
        ("(", "query.unfinished", 0, "word"),
        ("x ()", "query.empty-brackets", 2, None),
        ("a )", "query.stray-bracket", 2, None),
        ("(" * 11 + "a" + ")" * 11, "query.too-deep", 10, None),
        ("(a sort:newest)", "query.inside-brackets", 3, None),
        ("-sort:newest", "query.not-negated", 0, None),
        ("sort:newest sort:oldest", "query.one-value", 12, None),
        ("sort:newest,oldest", "query.one-value", 0, None),
        ("sort:size ", "query.unknown-value", 0, "newest"),
        ("limit:0", "query.unclear-limit", 0, None),
        ("limit:1001", "query.unclear-limit", 0, None),
        ("limit:..5", "query.unclear-limit", 0, None),
        ("messages:many", "query.unclear-number", 0, None),
        ("messages:1..x", "query.unclear-number", 0, None),
        ("messages:..", "query.unclear-number", 0, None),
        ("messages:>1..2", "query.unclear-number", 0, None),
        ("messages:1,2", "query.unclear-number", 0, None),
        ("larger:big", "query.unclear-size", 0, None),
        ("larger:1mb..2mb", "query.unclear-size", 0, None),
        ("priority:hgih ", "query.unknown-value-like", 0, "high"),
        ("priority:>none", "query.unknown-value", 0, "high"),
        ("priority:>high,low", "query.one-value", 0, None),
        ("priority:>urgent", "query.no-level", 0, "low"),
        ("lang:de", "query.not-yet", 0, None),
        ("total:>much", "query.unclear-number", 0, None),
        ("churn:>1e3", "query.unclear-number", 0, None),
        ("ltv:>1.2345678", "query.unclear-number", 0, None),
        ("orders:>0.5", "query.unclear-number", 0, None),
        ("x" * (MAX_LENGTH + 1), "query.too-long", MAX_LENGTH, None),
        ("x " * (MAX_TERMS + 1), "query.too-long", MAX_TERMS * 2, None),
    ],
)
def test_a_mistake_knows_its_place_and_what_would_be_right(text, code, position, known):
    with pytest.raises(QueryError) as caught:
        parse_query(text, now=NOW)
    error = caught.value
    assert (error.code, error.values["position"], error.values["text"]) == (code, position, text)
    assert known is None or known in tuple(error.values["known"])  # type: ignore[arg-type]
    assert error.exit_code == 2


def _utc(year, month, day, hour=0):
    return datetime(year, month, day, hour, tzinfo=UTC)


DAY = Span(_utc(2026, 11, 20), _utc(2026, 11, 21))


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        (":", "2026-11-20", DAY),
        (":", "yesterday", DAY),
        (":", "today", Span(_utc(2026, 11, 21), _utc(2026, 11, 22))),
        (":", "fri", DAY),
        (":", "friday", DAY),
        (":", "sat", Span(_utc(2026, 11, 21), _utc(2026, 11, 22))),
        (":", "sunday", Span(_utc(2026, 11, 15), _utc(2026, 11, 16))),
        (":", "1d", DAY),
        (":", "1w", Span(_utc(2026, 11, 14), _utc(2026, 11, 15))),
        (":", "2h", Span(NOW - timedelta(hours=2), NOW - timedelta(hours=1))),
        (":<", "2d", Span(NOW - timedelta(days=2), None)),
        (":<=", "2d", Span(NOW - timedelta(days=2), None)),
        (":>", "2d", Span(None, NOW - timedelta(days=2))),
        (":>=", "3w", Span(None, NOW - timedelta(weeks=3))),
        (":<", "2026-11-20", Span(None, DAY.start)),
        (":<=", "2026-11-20", Span(None, DAY.end)),
        (":>", "2026-11-20", Span(DAY.end, None)),
        (":>=", "2026-11-20", Span(DAY.start, None)),
        (":", "2026-11-18..2026-11-20", Span(_utc(2026, 11, 18), DAY.end)),
        (":", "2026-11-18..", Span(_utc(2026, 11, 18), None)),
        (":", "..fri", Span(None, DAY.end)),
        (":", "3d..1d", Span(_utc(2026, 11, 18), DAY.end)),
        (":", "..", None),
        (":", "x..1d", None),
        (":", "1d..x", None),
        (":<", "1d..2d", None),
        (":", "2026-13-01", None),
        (":", "2026-02-30", None),
        (":", "9999-12-31", None),
        (":<", "9999-12-31", None),
        (":", "monda", None),
        (":", "12345d", None),
        (":", "", None),
    ],
)
def test_times_in_queries(op, value, expected):
    assert span_of(op, value, NOW, "UTC") == expected


@pytest.mark.parametrize("op", [":", ":<"])
def test_an_age_before_all_time_is_no_time(op):
    assert span_of(op, "9999w", _utc(100, 1, 1), "UTC") is None


def test_a_day_is_that_of_the_person_who_asks():
    # on this day Warsaw goes from +02:00 to +01:00: it lasts 25 hours
    span = span_of(":", "2026-10-25", NOW, "Europe/Warsaw")
    assert span == Span(_utc(2026, 10, 24, 22), _utc(2026, 10, 25, 23))
    late = _utc(2026, 11, 21, 23)
    assert span_of(":", "today", late, "Europe/Warsaw") == Span(late, late + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("before:2026-11-20", "updated:<2026-11-20"),
        ("after:2026-11-20", "updated:>=2026-11-20"),
        ("older:2d", "updated:>2d"),
        ("newer:2d", "updated:<2d"),
        ("older:2026-11-20", "updated:<2026-11-20"),
    ],
)
def test_gmail_s_times_are_understood(text, same):
    spans = [parse_query(one, now=NOW).terms[0].span for one in (text, same)]
    assert spans[0] == spans[1]
    assert spans[0] is not None


@given(st.text(max_size=200))
def test_every_text_parses_or_is_a_mistake_within_it(text):
    position: object = 0
    try:
        query = parse_query(text, now=NOW)
    except QueryError as error:
        position = error.values["position"]
    else:
        assert all(term.values for term in query.terms)
    assert position in range(len(text) + 1)
