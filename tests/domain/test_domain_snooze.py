from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.snoozing.snooze import local_moment, parse_snooze, parse_when, zone_of
from helpdesk_tui.domain.triage import Snooze

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday; 10:30 in Warsaw."""
ZONE = "Europe/Warsaw"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-11-25 12:30"),
        ("30m", "2026-11-25 11:00"),
        ("1h 30m", "2026-11-25 12:00"),
        ("1h30m", "2026-11-25 12:00"),
        ("in 2 hours", "2026-11-25 12:30"),
        ("45 min", "2026-11-25 11:15"),
        ("3d", "2026-11-28 10:30"),
        ("1w", "2026-12-02 10:30"),
        ("1d 2h", "2026-11-26 12:30"),
        ("tomorrow", "2026-11-26 09:00"),
        ("Tomorrow 9:00", "2026-11-26 09:00"),
        ("tomorrow at 2pm", "2026-11-26 14:00"),
        ("tomorrow noon", "2026-11-26 12:00"),
        ("today 17:15", "2026-11-25 17:15"),
        ("tonight", "2026-11-25 19:00"),
        ("eod", "2026-11-25 17:00"),
        ("14:15", "2026-11-25 14:15"),
        ("9am", "2026-11-26 09:00"),
        ("12am", "2026-11-26 00:00"),
        ("mon", "2026-11-30 09:00"),
        ("wed", "2026-12-02 09:00"),
        ("next thursday", "2026-11-26 09:00"),
        ("on fri 8.30", "2026-11-27 08:30"),
        ("next week", "2026-11-30 09:00"),
        ("next week 10", "2026-11-30 10:00"),
        ("2026-12-01", "2026-12-01 09:00"),
        ("2026-12-01 16:45", "2026-12-01 16:45"),
        ("2026-12-01T16:45", "2026-12-01 16:45"),
    ],
)
def test_words_mean_a_local_time(text, expected):
    moment = parse_when(text, NOW, ZONE)
    assert moment.tzinfo is UTC
    assert f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 hours", "2026-11-25 12:30"),
        ("in 2h 30m", "2026-11-25 13:00"),
        ("half an hour", "2026-11-25 11:00"),
        ("in an hour", "2026-11-25 11:30"),
        ("a week", "2026-12-02 10:30"),
        ("in a week", "2026-12-02 10:30"),
        ("in two weeks at 10", "2026-12-09 10:00"),
        ("1.5h", "2026-11-25 12:00"),
        ("1,5 h", "2026-11-25 12:00"),
        ("2h30", "2026-11-25 13:00"),
        ("2 h and 15 min", "2026-11-25 12:45"),
        ("the day after tomorrow", "2026-11-27 09:00"),
        ("Dec 1", "2026-12-01 09:00"),
        ("December 1st 10:30", "2026-12-01 10:30"),
        ("1st of December", "2026-12-01 09:00"),
        ("the 15th", "2026-12-15 09:00"),
        ("on the 15th at 9", "2026-12-15 09:00"),
        ("next month", "2026-12-01 09:00"),
        ("weekend", "2026-11-28 09:00"),
        ("eow", "2026-11-27 17:00"),
        ("tomorrow morning", "2026-11-26 09:00"),
        ("tomorrow 8 in the evening", "2026-11-26 20:00"),
        ("tonight", "2026-11-25 19:00"),
        ("9 tomorrow", "2026-11-26 09:00"),
        ("at 9", "2026-11-26 09:00"),
        ("tomorrow in the afternoon", "2026-11-26 14:00"),
        ("3 pm on friday", "2026-11-27 15:00"),
        ("until monday", "2026-11-30 09:00"),
        ("in 3 days at 9am", "2026-11-28 09:00"),
        ("za 2 godziny", "2026-11-25 12:30"),
        ("za godzinę", "2026-11-25 11:30"),
        ("za pół godziny", "2026-11-25 11:00"),
        ("za tydzień", "2026-12-02 10:30"),
        ("za dwa tygodnie", "2026-12-09 10:30"),
        ("za miesiąc", "2026-12-25 10:30"),
        ("jutro", "2026-11-26 09:00"),
        ("jutro o 9", "2026-11-26 09:00"),
        ("jutro rano", "2026-11-26 09:00"),
        ("jutro po południu", "2026-11-26 14:00"),
        ("jutro o 8 wieczorem", "2026-11-26 20:00"),
        ("pojutrze", "2026-11-27 09:00"),
        ("dziś wieczorem", "2026-11-25 19:00"),
        ("dzisiaj o 17:15", "2026-11-25 17:15"),
        ("w poniedziałek", "2026-11-30 09:00"),
        ("pon", "2026-11-30 09:00"),
        ("w przyszły wtorek", "2026-12-01 09:00"),
        ("w przyszłym tygodniu", "2026-11-30 09:00"),
        ("1 grudnia", "2026-12-01 09:00"),
        ("1.12.", "2026-12-01 09:00"),
        ("01.12.2026 o 9.30", "2026-12-01 09:30"),
        ("1.12.26", "2026-12-01 09:00"),
        ("w piątek o 9", "2026-11-27 09:00"),
        ("do poniedziałku", "2026-11-30 09:00"),
        ("w południe", "2026-11-25 12:00"),
        ("o 15", "2026-11-25 15:00"),
        ("pod koniec dnia", "2026-11-25 17:00"),
        ("w weekend", "2026-11-28 09:00"),
        ("2 godz 30 min", "2026-11-25 13:00"),
        ("śr 10", "2026-12-02 10:00"),
        ("czw", "2026-11-26 09:00"),
        ("pt 12", "2026-11-27 12:00"),
        ("om två timmar", "2026-11-25 12:30"),
        ("om 2 timmar", "2026-11-25 12:30"),
        ("om en halvtimme", "2026-11-25 11:00"),
        ("om en vecka", "2026-12-02 10:30"),
        ("i morgon", "2026-11-26 09:00"),
        ("imorgon kl 9", "2026-11-26 09:00"),
        ("i morgon bitti", "2026-11-26 09:00"),
        ("i morgon kväll", "2026-11-26 19:00"),
        ("i övermorgon", "2026-11-27 09:00"),
        ("ikväll", "2026-11-25 19:00"),
        ("i kväll kl 20", "2026-11-25 20:00"),
        ("på måndag", "2026-11-30 09:00"),
        ("nästa måndag kl. 10", "2026-11-30 10:00"),
        ("mån", "2026-11-30 09:00"),
        ("tis 9", "2026-12-01 09:00"),
        ("lör", "2026-11-28 09:00"),
        ("nästa vecka", "2026-11-30 09:00"),
        ("nästa månad", "2026-12-01 09:00"),
        ("1/12", "2026-12-01 09:00"),
        ("1 dec kl 14.30", "2026-12-01 14:30"),
        ("den 15:e", "2026-12-15 09:00"),
        ("om 3 mån", "2027-02-25 10:30"),
        ("2 v", "2026-12-09 10:30"),
        ("kl 9", "2026-11-26 09:00"),
        ("i eftermiddag", "2026-11-25 14:00"),
        ("till fredag", "2026-11-27 09:00"),
        ("i helgen", "2026-11-28 09:00"),
        ("2026-12-01 kl 9", "2026-12-01 09:00"),
        ("daqui a 2 horas", "2026-11-25 12:30"),
        ("daqui a uma hora", "2026-11-25 11:30"),
        ("em 30 minutos", "2026-11-25 11:00"),
        ("dentro de duas semanas", "2026-12-09 10:30"),
        ("meia hora", "2026-11-25 11:00"),
        ("amanhã", "2026-11-26 09:00"),
        ("amanhã às 9h", "2026-11-26 09:00"),
        ("amanhã 9h30", "2026-11-26 09:30"),
        ("amanhã de manhã", "2026-11-26 09:00"),
        ("amanhã à tarde", "2026-11-26 14:00"),
        ("hoje à noite", "2026-11-25 19:00"),
        ("amanhã às 8 da noite", "2026-11-26 20:00"),
        ("depois de amanhã", "2026-11-27 09:00"),
        ("segunda", "2026-11-30 09:00"),
        ("seg", "2026-11-30 09:00"),
        ("na segunda-feira às 10h", "2026-11-30 10:00"),
        ("próxima segunda", "2026-11-30 09:00"),
        ("próxima sexta", "2026-11-27 09:00"),
        ("sexta-feira", "2026-11-27 09:00"),
        ("sáb", "2026-11-28 09:00"),
        ("semana que vem", "2026-11-30 09:00"),
        ("próxima semana", "2026-11-30 09:00"),
        ("mês que vem", "2026-12-01 09:00"),
        ("1 de dezembro", "2026-12-01 09:00"),
        ("1º de dezembro de 2026", "2026-12-01 09:00"),
        ("01/12", "2026-12-01 09:00"),
        ("dia 15", "2026-12-15 09:00"),
        ("no dia 15 às 14h", "2026-12-15 14:00"),
        ("às 15h", "2026-11-25 15:00"),
        ("fim do dia", "2026-11-25 17:00"),
        ("fim de semana", "2026-11-28 09:00"),
        ("até segunda", "2026-11-30 09:00"),
        ("ao meio-dia", "2026-11-25 12:00"),
        ("terça 9", "2026-12-01 09:00"),
        ("den 1 december", "2026-12-01 09:00"),
    ],
)
def test_four_languages_are_understood(text, expected):
    moment = parse_when(text, NOW, ZONE)
    assert f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("12/1", "", "2027-01-12 09:00"),
        ("12/1", "en", "2026-12-01 09:00"),
        ("12/1", "en_US", "2026-12-01 09:00"),
        ("12/1", "en_GB", "2027-01-12 09:00"),
        ("25/12", "en", "2026-12-25 09:00"),
        ("1/12/26", "sv", "2026-12-01 09:00"),
        ("1.12", "pl", "2026-12-01 09:00"),
        ("13.30", "pl", "2026-11-25 13:30"),
        ("1.12", "sv", "2026-11-26 01:12"),
        ("9h30", "en", "2026-11-25 20:00"),
        ("9h30", "pt", "2026-11-26 09:30"),
        ("2h", "pt_BR", "2026-11-25 12:30"),
        ("01-12-2026", "pl", "2026-12-01 09:00"),
        ("1 dec 2027 12:00", "sv", "2027-12-01 12:00"),
        ("29 feb", "en", "2028-02-29 09:00"),
    ],
)
def test_the_language_decides_where_two_readings_differ(text, language, expected):
    moment = parse_when(text, NOW, ZONE, language=language)
    assert f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "text", ["until they reply", "Reply", "aż odpisze", "tills kunden svarar", "até responder"]
)
def test_a_snooze_without_end_lasts_until_the_customer_writes(text):
    assert parse_snooze(text, NOW, ZONE) == Snooze(None, keep=False, zone=ZONE)


def test_an_exclamation_mark_sleeps_on_through_messages():
    found = parse_snooze("jutro o 9 !", NOW, ZONE)
    assert found == Snooze(datetime(2026, 11, 26, 8, 0, tzinfo=UTC), keep=True, zone=ZONE)
    assert not parse_snooze("jutro o 9", NOW, ZONE).keep
    with pytest.raises(UsageError) as caught:
        parse_snooze("until they reply!", NOW, ZONE)
    assert caught.value.code == "snooze.never-ends"


@pytest.mark.parametrize(
    "text",
    [
        "-2h", "2h;", "in", "za", "2h and", "1.5 d", "1.5", "31.2.2026", "30 feb", "99/99",
        "the", "the 32nd", "15", "den", "kl", "13 pm", "2h foo", "3d 25:00", "3d foo",
        "9 foo", "tomorrow 9h75", "dia 40", "dec", "x" * 101, "9 dec foo", "monday tuesday",
        "500000 months", "31.11.", "0 dec",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_as_a_whole_is_refused(text):
    with pytest.raises(UsageError) as caught:
        parse_when(text, NOW, ZONE)
    assert caught.value.code in ("snooze.unclear", "snooze.too-far")


@given(text=st.text(max_size=40), language=st.sampled_from(["", "en", "pl", "sv", "pt_BR"]))
def test_any_text_is_a_later_moment_or_a_usage_error(text, language):
    try:
        moment = parse_when(text, NOW, ZONE, language=language)
    except UsageError:
        return
    assert moment > NOW
    assert moment.tzinfo is UTC


_WORDS = """
    1 2 12 15 9:30 9.30 1/12 1.12. 2026-12-01 h m d w om za in daqui a kl o at den dia the 1st th
    mon pt seg jutro imorgon amanhã tonight rano kväll dec grudnia de 2027 next week pm
"""
_PIECES = st.sampled_from(_WORDS.split())
_MOMENTS = st.integers(0, 2 * 366 * 86400).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(words=st.lists(_PIECES, min_size=1, max_size=6))
def test_words_in_any_order_never_fail_otherwise(words):
    try:
        moment = parse_when(" ".join(words), NOW, ZONE)
    except UsageError:
        return
    assert moment > NOW


@given(
    days=st.integers(1, 400),
    hour=st.integers(0, 23),
    now=_MOMENTS,
)
def test_days_ahead_keep_the_time_on_the_wall(days, hour, now):
    moment = parse_when(f"in {days} days at {hour}", now, ZONE)
    local = moment.astimezone(ZoneInfo(ZONE))
    today = now.astimezone(ZoneInfo(ZONE)).date()
    assert (local.date() - today).days == days
    # only the hour that the clocks skip in spring does not exist
    assert local.hour == hour or (hour, local.hour) == (2, 3)


@given(hours=st.integers(1, 2000), now=_MOMENTS)
def test_hours_pass_on_the_clock_whatever_summer_time_does(hours, now):
    assert parse_when(f"{hours}h", now, ZONE) - now == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "snooze.unclear"),
        ("soon", "snooze.unclear"),
        ("7", "snooze.unclear"),
        ("2x", "snooze.unclear"),
        ("mo", "snooze.unclear"),
        ("25:00", "snooze.unclear"),
        ("13pm", "snooze.unclear"),
        ("tomorrow whenever", "snooze.unclear"),
        ("2026-13-01", "snooze.unclear"),
        ("2026-12-01 late", "snooze.unclear"),
        ("0h", "snooze.past"),
        ("today 8:00", "snooze.past"),
        ("2020-01-01", "snooze.past"),
        ("9999w", "snooze.too-far"),
        ("999999w", "snooze.unclear"),
        ("2099-01-01", "snooze.too-far"),
    ],
)
def test_what_is_no_future_moment_is_refused(text, code):
    with pytest.raises(UsageError) as caught:
        parse_when(text, NOW, ZONE)
    assert caught.value.code == code


def test_days_keep_the_clock_time_over_a_change_of_offset():
    now = datetime(2026, 10, 24, 10, tzinfo=UTC)
    assert parse_when("1d", now, ZONE) == datetime(2026, 10, 25, 11, tzinfo=UTC)
    assert parse_when("24h", now, ZONE) == datetime(2026, 10, 25, 10, tzinfo=UTC)


def test_a_time_that_is_skipped_becomes_the_next_valid_one():
    moment = local_moment(date(2026, 3, 29), time(2, 30), ZoneInfo(ZONE))
    assert moment == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo(ZONE)).time() == time(3)


def test_of_a_time_that_occurs_twice_the_first_is_meant():
    assert local_moment(date(2026, 10, 25), time(2, 30), ZoneInfo(ZONE)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("name", ["UTC", "utc", ""])
def test_utc_needs_no_zone_data(name):
    assert zone_of(name) is UTC


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "a" * 300, "\x00"])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(UsageError, match=r"zone\.unknown"):
        zone_of(name)
