from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.webchat.wire import FaqEntry
from helpdesk_tui.relay.sites import Sites, faq_in, is_news, language_of
from tests.support.relay import SITE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("languages", "asked", "expected"),
    [
        (("en", "pl"), "pl", "pl"),
        (("en", "pl"), "pl-PL", "pl"),
        (("en", "pt-BR"), "pt_br", "pt-BR"),
        (("en", "pt-BR"), "pt-PT", "pt-BR"),
        (("sv", "en"), "de", "sv"),
        (("sv", "en"), "", "sv"),
        ((), "de", "en"),
    ],
)
def test_the_nearest_language_of_a_site_is_shown(
    languages: tuple[str, ...], asked: str, expected: str
) -> None:
    assert language_of(replace(SITE, languages=languages), asked) == expected


def test_an_answer_that_a_language_lacks_stands_in_the_first_one_at_its_place() -> None:
    entries = (
        FaqEntry("a", "sv", "a sv", ""), FaqEntry("a", "pl", "a pl", ""),
        FaqEntry("b", "de", "b de", ""), FaqEntry("b", "sv", "b sv", ""),
        FaqEntry("c", "de", "c de", ""),
        FaqEntry("d", "pl", "d pl", ""), FaqEntry("d", "sv", "d sv", ""),
    )  # fmt: skip
    site = replace(SITE, languages=("sv", "pl"), faq=entries)
    assert [each.question for each in faq_in(site, "pl")] == ["a pl", "b sv", "d pl"]
    assert [each.question for each in faq_in(site, "sv")] == ["a sv", "b sv", "d sv"]


def test_a_browser_gets_the_texts_of_its_language_and_no_secret() -> None:
    sites = Sites(file_limit=7)
    texts = {"pl": {"title": "Cześć"}, "en": {"title": "Hello"}}
    sites.put(replace(SITE, languages=("en", "pl"), texts=texts, hours=((NOW, NOW + HOUR),)))
    site = sites.site("shop")
    assert site is not None
    said, tag = sites.public(site, "pl-PL", is_known=False)
    found = json.loads(said)
    assert (found["language"], found["texts"]["title"]) == ("pl", "Cześć")
    assert found["limits"] == {"text": 4_000, "file": 7, "files": 5}
    assert found["hours"] == [["2026-11-22T12:00:00.000000Z", "2026-11-22T13:00:00.000000Z"]]
    assert not {"identity_keys", "origins"} & set(found)
    assert sites.public(site, "pl", is_known=True)[1] == tag
    sites.put(replace(site, accent="#000000"))
    again = sites.site("shop")
    assert again is not None
    assert sites.public(again, "pl", is_known=True)[1] != tag


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hours": ((NOW, NOW + HOUR), (NOW + 5 * HOUR, NOW + 6 * HOUR))}, False),
        ({"hours": ((NOW + HOUR / 2, NOW + HOUR),)}, True),
        ({"hours": ()}, True),
        ({"identity_keys": ("another-key-of-the-shop-0123456789abcdef",)}, False),
        ({"enabled": False}, True),
        ({"texts": {"en": {"title": "Hi"}}}, True),
    ],
)
def test_browsers_hear_of_what_they_would_show_differently(
    changes: dict[str, object], expected: bool
) -> None:
    before = replace(SITE, hours=((NOW - HOUR, NOW + HOUR),))
    assert is_news(before, replace(before, **changes), NOW) is expected  # type: ignore[arg-type]
    assert is_news(None, before, NOW)
