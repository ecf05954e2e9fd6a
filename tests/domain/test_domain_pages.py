"""What a site lets us fetch, and how long what was fetched is worth something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.answering.pages import Page, Pages, failed, pages_json, read_pages
from helpdesk_tui.domain.answering.passages import MOST_PASSAGES, page_passages
from helpdesk_tui.domain.answering.robots import Robots, read_robots
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.table import setting

_NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
_SITE = "https://shop.example"

_RULES = """
User-agent: other
Disallow: /

User-Agent: helpdesk-tui
user-agent: third
Disallow: /cart # not this one
Disallow: /*.pdf$
Disallow: /*?*sort=
Allow: /cart/help
Disallow: /end$
Disallow:
Crawl-delay: 2.5
Sitemap: https://shop.example/sitemap.xml
nonsense
User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("", True), ("/", True), ("/cart", False), ("/cart/x", False), ("/cart/help", True),
        ("/a.pdf", False), ("/a.pdf?x", True), ("/c?a=b&sort=x", False), ("/c?a=b", True),
        ("/end", False), ("/ending", True), ("/c%61rt", False),
    ],
)  # fmt: skip
def test_the_longest_rule_that_fits_says_what_may_be_fetched(path, is_allowed):
    robots = read_robots(_RULES, "helpdesk-tui")
    assert robots.allows(_SITE + path) is is_allowed
    assert robots.pause == 2.5


def test_rules_for_all_hold_where_there_are_none_of_ours():
    assert not read_robots(_RULES, "unnamed").allows(f"{_SITE}/a")
    assert read_robots("", "unnamed").allows(f"{_SITE}/a")
    assert not Robots((("/a", True), ("/a*b", False))).allows(f"{_SITE}/axb")
    assert Robots((("/a*b", False),)).allows(f"{_SITE}/ax")
    assert Robots((("/a*aa$", False),)).allows(f"{_SITE}/aa")


@pytest.mark.parametrize(
    ("said", "pause"), [("x", 0.0), ("-1", 0.0), ("1e9", 0.0), ("99999", 10.0)]
)
def test_a_pause_is_one_that_can_be_waited(said, pause):
    assert read_robots(f"User-agent: *\nCrawl-delay: {said}", "us").pause == pause


def test_there_is_an_end_to_rules():
    text = "User-agent: *\n" + "Disallow: /x\n" * 3000
    assert len(read_robots(text, "us").rules) == 2000


def _page(**more):
    return Page(f"{_SITE}/a", f"{_SITE}/a", "A", "en", "text", read_at=_NOW, **more)


def test_pages_are_due_daily_and_sooner_where_something_may_come_back():
    wanted = (f"{_SITE}/a",)
    known = Pages(wanted, _NOW, (_page(),))
    later = _NOW + timedelta(minutes=5)
    assert known.due_at(wanted, later) == _NOW + timedelta(days=1)
    assert known.due_at((), later) == later
    assert known.of(wanted) == known.pages
    assert known.of(()) == Pages(wanted, _NOW, (Page("b", wanted[0]),)).of(wanted) == ()
    assert Pages().due_at(wanted, later) == later
    assert known.due_at(wanted, _NOW - timedelta(days=1)) == _NOW - timedelta(days=1)
    for code, hours in (("slow", 1), ("status-502", 1), ("status-404", 24), ("robots", 24)):
        assert Pages(wanted, _NOW, (_page(trouble=code),)).due_at(wanted, later) == (
            _NOW + timedelta(hours=hours)
        )
    assert Pages(wanted, _NOW, (), {"x": "unreachable"}).due_at(wanted, later) == (
        _NOW + timedelta(hours=1)
    )


@pytest.mark.parametrize(
    ("code", "days", "text"),
    [("slow", 1, "text"), ("slow", 8, ""), ("status-404", 1, ""), ("robots", 1, "")],
)
def test_an_old_text_stays_for_a_week_where_it_may_come_back(code, days, text):
    found = failed(_page(), code, _NOW + timedelta(days=days))
    assert (found.text, found.trouble) == (text, code)


def test_what_is_kept_comes_back_and_nonsense_is_nothing():
    pages = Pages(("a",), _NOW, (_page(trouble="slow"), Page("b", "a")), {"c": "slow"})
    assert read_pages(pages_json(pages)) == pages
    assert read_pages(pages_json(Pages())) == Pages()
    good = pages_json(pages)
    nonsense: list[object] = [
        [], None, {}, {**good, "version": 7}, {**good, "checked_at": "2026-01-01T00:00:00"},
        {**good, "pages": [{"x": 1}]}, {**good, "pages": 5},
    ]  # fmt: skip
    for bad in nonsense:
        assert read_pages(bad) == Pages()


def test_what_stands_on_several_pages_is_taken_once(monkeypatch):
    banner = "## Cookies\nWe use cookies."
    pages = [
        Page(f"{_SITE}/{name}", "s", title, language, f"# {name}\nx{name}\n{banner}")
        for name, title, language in (("a", "Title", ""), ("b", "", "sv"))
    ]
    found = page_passages(pages)
    assert [(each.id, each.source) for each in found] == [
        (f"page:{_SITE}/a#a", f"Title ({_SITE}/a)"),
        (f"page:{_SITE}/a#a/Cookies", f"Title ({_SITE}/a)"),
        (f"page:{_SITE}/b#b", f"{_SITE}/b"),
    ]
    assert found[2].language == "sv"
    many = "".join(f"# {n}\ny\n" for n in range(MOST_PASSAGES + 9))
    assert len(page_passages([Page("p", "p", text=many)])) == MOST_PASSAGES


def test_the_setting_names_pages_of_https_or_of_this_machine():
    read = setting("ai-pages").read
    assert read([f"{_SITE}/A,{_SITE}/b", f"http://127.0.0.1:8000/c\n{_SITE}/A"]) == [
        f"{_SITE}/A", f"{_SITE}/b", "http://127.0.0.1:8000/c",
    ]  # fmt: skip
    assert read([]) == []
    for bad in ("http://shop.example/", "file:///etc/passwd", "shop.example"):
        with pytest.raises(UsageError):
            read([bad])
    with pytest.raises(UsageError):
        read([f"{_SITE}/{n}" for n in range(201)])
