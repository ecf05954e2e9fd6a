"""What an agent is told of, by which rule, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk_tui.domain.quiet_hours import quiet_hours
from helpdesk_tui.domain.ringing import (
    GAP,
    MOST,
    SETTLING,
    Gathering,
    Incident,
    Means,
    Ring,
    Rule,
    means_of,
    rule_of,
)
from helpdesk_tui.domain.setting.interface import hours_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ALL = {rule.value for rule in Rule}
ME, OTHER = 1, 2
SOMETHING = Incident("message.received", 7, who="Lena", subject="Hello")


def incident(kind: str, **fields: object) -> Incident:
    return Incident(kind, 7, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (incident("message.received", assignee_id=ME), Rule.MINE),
        (incident("ticket.assigned", assignee_id=ME, by=OTHER), Rule.MINE),
        (incident("ticket.assigned", assignee_id=OTHER, by=OTHER), None),
        (incident("ticket.assigned", assignee_id=ME, by=ME), None),
        (incident("message.received"), Rule.UNASSIGNED),
        (incident("message.received", assignee_id=OTHER), Rule.ALL),
        (incident("message.received", assignee_id=OTHER, is_vip=True), Rule.VIP),
        (incident("note.added", by=OTHER, is_mentioned=True), Rule.MENTIONS),
        (incident("note.added", by=OTHER), None),
        (incident("note.added", by=OTHER, is_watched=True), Rule.WATCHED),
        (incident("message.queued", by=OTHER, is_watched=True), Rule.WATCHED),
        (incident("message.queued", by=ME, is_watched=True), None),
        (incident("message.unscheduled", is_author=True), Rule.MINE),
        (incident("message.unscheduled", assignee_id=ME), None),
        (incident("ticket.woken", assignee_id=ME), Rule.BACK),
        (incident("ticket.woken"), Rule.BACK),
        (incident("ticket.woken", assignee_id=OTHER), None),
    ],
)
def test_the_most_personal_rule_is_the_reason(one: Incident, rule: Rule | None) -> None:
    assert rule_of(one, ALL, ME) == rule
    assert rule_of(one, ALL - {rule.value if rule else ""}, ME) != rule or rule is None
    assert rule_of(one, set(), ME) is None


def test_the_system_has_no_tickets_of_its_own() -> None:
    assert rule_of(incident("message.received"), {"mine"}, None) is None


@pytest.mark.parametrize(
    ("setting", "means"),
    [
        ("none", ()),
        ("bell", (Means.BELL,)),
        ("bell+osc777", (Means.BELL, Means.OSC777)),
        ("osc9", (Means.OSC9,)),
        (None, ()),
        (["bell"], ()),
    ],
)
def test_a_setting_names_the_means(setting: object, means: tuple[Means, ...]) -> None:
    assert means_of(setting) == means


def test_what_comes_together_rings_once() -> None:
    gathering = Gathering()
    assert gathering.due(NOW) is None
    for number in range(3):
        one = Incident("message.received", number, who=("Lena", "Jo", "Lena")[number])
        gathering.add([(one, Rule.MINE)], NOW)
    assert gathering.due(NOW) is None
    ring = gathering.due(NOW + SETTLING)
    assert ring == Ring(3, one, Rule.MINE, ("Lena", "Jo"))
    assert gathering.due(NOW + SETTLING) is None


def test_news_after_a_ring_wait_for_the_next_one() -> None:
    gathering = Gathering()
    gathering.add([(SOMETHING, Rule.MINE)], NOW)
    first = NOW + SETTLING
    assert gathering.due(first) is not None
    gathering.add([(SOMETHING, Rule.ALL)], first)
    assert gathering.due(first + GAP - timedelta(seconds=1)) is None
    ring = gathering.due(first + GAP)
    assert ring is not None
    assert (ring.count, ring.rule) == (1, Rule.ALL)


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    gathering = Gathering()
    gathering.add([(SOMETHING, Rule.MINE)], NOW)
    assert gathering.due(NOW + SETTLING) is not None
    gathering.add([(SOMETHING, Rule.MINE)], NOW)
    assert gathering.due(NOW - timedelta(hours=1)) is not None


def test_a_flood_is_not_remembered_whole() -> None:
    gathering = Gathering()
    flood = [(Incident("message.received", number), Rule.ALL) for number in range(10 * MOST)]
    gathering.add(flood, NOW)
    ring = gathering.due(NOW + SETTLING)
    assert ring is not None
    assert ring.count == MOST
    assert ring.newest.ticket_id == 10 * MOST - 1


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        ("9:30 – 17:45", "09:30-17:45"),
        ("18:00-24:00", "18:00-00:00"),
        ("7:00-7:00", None),
        ("25:00-07:00", None),
        ("22:60-07:00", None),
        ("night", None),
        ("", None),
    ],
)
def test_quiet_hours_are_read(text: str, hours: str | None) -> None:
    found = quiet_hours(text)
    assert (None if found is None else str(found)) == hours
    assert hours_of(text) == found


def test_what_is_no_text_is_no_quiet_hours() -> None:
    assert hours_of(["22:00-07:00"]) is None


@pytest.mark.parametrize(
    ("hours", "moment", "is_quiet"),
    [
        # Warsaw is an hour ahead in winter, two in summer
        ("22:00-07:00", datetime(2026, 11, 21, 20, 59, tzinfo=UTC), False),
        ("22:00-07:00", datetime(2026, 11, 21, 21, 0, tzinfo=UTC), True),
        ("22:00-07:00", datetime(2026, 11, 22, 5, 59, tzinfo=UTC), True),
        ("22:00-07:00", datetime(2026, 11, 22, 6, 0, tzinfo=UTC), False),
        ("22:00-07:00", datetime(2026, 7, 21, 20, 0, tzinfo=UTC), True),
        ("12:00-13:00", datetime(2026, 7, 21, 10, 30, tzinfo=UTC), True),
        ("12:00-13:00", datetime(2026, 7, 21, 11, 0, tzinfo=UTC), False),
        # 2:30 happens twice in this night, and is quiet both times
        ("02:00-03:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        ("02:00-03:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        ("02:00-03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),
        # and never in this one
        ("02:00-03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(
    hours: str, moment: datetime, is_quiet: bool
) -> None:
    found = quiet_hours(hours)
    assert found is not None
    assert found.covers(moment, ZoneInfo("Europe/Warsaw")) is is_quiet
