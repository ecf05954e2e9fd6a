"""A query is told in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.query.fields import BY_NAME, OFFERED, Kind
from helpdesk_tui.domain.query.parsing import parse_query
from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.widgets.words.queries import describe, sort_words

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is:open tag:vip,late -from:anna ", "open · tagged vip or late · not from anna"),
        ('"exact words" refu', "“exact words” · “refu…”"),
        ("assignee:none channel:sms ", "assigned to nobody · by sms"),
        ("a (b OR -(c d)) ", "“a” · (“b” or not (“c” and “d”))"),
        ("created:<2d updated:>2026-11-01 ",
         "created less than 2d ago · last moved after 2026-11-01"),
        ("waiting:>4h snoozed:<2d ", "waiting since more than 4h ago · comes back in less than 2d"),
        ("created:2026-11-01..2026-11-07 closed:..today ",
         "created from 2026-11-01 to 2026-11-07 · closed to today"),
        ("created:3d snoozed:1d heard:mon ",
         "created 3d ago · comes back in 1d · customer last wrote on mon"),
        ("messages:>10 reopens:2..3 larger:5mb ",
         "more than 10 messages · 2 – 3 times reopened · file of at least 5mb"),
        ("subject:~^re sort:waiting limit:20 ",
         "subject like /^re/ · longest waiting first · the first 20"),
    ],
)  # fmt: skip
def test_a_query_in_words(text, words):
    assert describe(parse_query(text, now=NOW)) == words


def test_every_operator_and_order_has_words():
    examples = {
        Kind.TIME: "<2d", Kind.NUMBER: "3", Kind.AMOUNT: ">0.5", Kind.SIZE: "1mb", Kind.LIMIT: "5",
    }  # fmt: skip
    for name in OFFERED:
        field = BY_NAME[name]
        value = examples.get(field.kind) or (field.values or ("x",))[0]
        assert describe(parse_query(f"{name}:{value} x ", now=NOW))
    assert all(sort_words(sort) for sort in Sort)
