"""What is typed to filter the log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.activity import ActivityGroup
from helpdesk_tui.domain.activity_filter import Asked, parse_filter, since_of, until_of
from helpdesk_tui.domain.errors import UsageError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked()),
        ("by:@anna", Asked("anna")),
        ("Parcel  #42", Asked(words=("parcel", "#42"))),
        ("kind:tags,Notes", Asked(groups=frozenset({ActivityGroup.TAGS, ActivityGroup.NOTES}))),
        ("since:2026-11-20 until:yesterday", Asked(since=day(20), until=day(22))),
        ("by: other:x", Asked(words=("by:", "other:x"))),
    ],
)
def test_a_filter_is_fields_and_words(typed: str, asked: Asked) -> None:
    assert parse_filter(typed, NOW, "UTC") == asked


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kind:tags,bogus", "activity.bad-kind"),
        ("since:soonish", "activity.bad-time"),
        ("until:2026-13-01", "activity.bad-time"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_would_be(typed: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_filter(typed, NOW, "UTC")
    assert caught.value.code == code
    assert caught.value.values["known"]


def test_a_day_begins_and_ends_in_the_zone_of_who_asks() -> None:
    since = since_of("2026-11-20", NOW, "Europe/Warsaw")
    until = until_of("2026-11-20", NOW, "Europe/Warsaw")
    assert since is not None
    assert until is not None
    assert (since.astimezone(UTC).hour, (until - since).days) == (23, 1)
