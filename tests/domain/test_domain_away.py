"""What visitors are told: in their language, with the next opening as people say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk_tui.domain.away import AwayFacts, away_text, check_template, opening_words
from helpdesk_tui.domain.errors import UsageError

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def said(opening: datetime | None, language: str = "en", zone: str = "UTC", name: str = "") -> str:
    return opening_words(AwayFacts(opening, NOW, ZoneInfo(zone), name, language))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", ("today 21:00", "tomorrow 8:00", "on Monday 8:00", "on 28 December 8:00")),
        ("pl", ("dziś o 21:00", "jutro o 8:00", "w poniedziałek o 8:00", "28 grudnia o 8:00")),
        ("sv_SE", ("i dag kl. 21:00", "i morgon kl. 8:00", "på måndag kl. 8:00",
                   "den 28 december kl. 8:00")),
        ("pt-BR", ("hoje às 21:00", "amanhã às 8:00", "na segunda-feira às 8:00",
                   "em 28 de dezembro às 8:00")),
        ("tlh", ("today 21:00", "tomorrow 8:00", "on Monday 8:00", "on 28 December 8:00")),
    ],
)  # fmt: skip
def test_the_next_opening_is_said_as_people_say_it(language: str, words: tuple[str, ...]) -> None:
    openings = (NOW + timedelta(hours=1), NOW + timedelta(hours=12), MONDAY,
                MONDAY + timedelta(days=35))  # fmt: skip
    assert tuple(said(each, language) for each in openings) == words


def test_the_visitors_clock_counts() -> None:
    assert said(MONDAY, zone="Asia/Tokyo") == "on Monday 17:00"
    assert said(NOW + timedelta(hours=1), zone="Asia/Tokyo") == "today 6:00"
    assert said(MONDAY, zone="Pacific/Honolulu") == "on Sunday 22:00"


def test_an_unknown_clock_is_named_and_never_is_nothing() -> None:
    assert said(MONDAY, name="Europe/London") == "on Monday 8:00 (Europe/London)"
    assert said(None) == ""


def test_a_day_of_next_week_has_its_date() -> None:
    assert said(NOW + timedelta(days=6)) == "on 26 November 20:00"
    assert said(NOW + timedelta(days=5, hours=23)) == "on 26 November 19:00".replace(
        "26 November", "Thursday"
    )


@pytest.mark.parametrize("language", ["en", "pl", "sv", "pt"])
def test_the_preset_names_what_is_known(language: str) -> None:
    full = away_text("", AwayFacts(MONDAY, NOW, language=language, support_email="a@shop.example"))
    assert "8:00" in full
    assert full.endswith("a@shop.example.")
    bare = away_text("", AwayFacts(None, NOW, language=language))
    assert "{{" not in bare + full
    assert "8:00" not in bare
    assert len(bare) < len(full)


def test_a_text_of_the_desks_own_is_filled_in_and_gaps_are_closed() -> None:
    facts = AwayFacts(MONDAY, NOW, store_name="Tea & Co", customer_name="Ana Silva")
    text = "Hi {{ customer.first_name }}, {{ store.name }} is back {{ hours.next }}."
    text += " {{ support.email }}"
    assert away_text(text, facts) == "Hi Ana, Tea & Co is back on Monday 8:00."
    assert away_text("off", facts) == ""


def test_a_value_is_never_read_as_a_variable() -> None:
    facts = AwayFacts(MONDAY, NOW, customer_name="{{support.email}}", support_email="a@b.example")
    assert away_text("Hi {{ customer.name }}", facts) == "Hi {{support.email}}"


@pytest.mark.parametrize(
    "text", ["", "Back {{ hours.next }}", 'Hi {{ customer.name | default: "you" }}']
)
def test_good_templates_pass(text: str) -> None:
    check_template(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ hours.nxt }}", "away.template"),
        ("{{ hours.next", "away.template"),
        ("{{ order.name }}", "away.variable"),
    ],
)
def test_bad_templates_are_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_template(text)
    assert caught.value.code == code
