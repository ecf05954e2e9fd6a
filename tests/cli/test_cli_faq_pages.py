"""What scripts and people are told of the pages of the shop."""

from __future__ import annotations

import pytest

from tests.support.site import running_site


@pytest.fixture
def site():
    with running_site() as site:
        yield site


def test_nothing_is_known_before_pages_are_named_and_visited(desk, site):
    assert "ai-pages" in desk("faq", "pages")
    desk("setting", "set", "ai-pages", site.put("/a", "<title>Care</title><h1>Care</h1>By hand."))
    assert "not fetched yet" in desk("faq", "pages")
    assert site.paths == []


def test_a_visit_tells_what_was_read_and_what_was_not(desk, site):
    good = site.put("/a", "<html lang=en><title>Care</title><h1>Wool care</h1>Wash it by hand.")
    desk("setting", "set", "ai-pages", good, f"{site.url}/none")
    said = desk("faq", "pages", "--fetch", code=1)
    assert "1 page is known, visited within the last hour, 1 problem" in said
    assert "Care" in said
    assert "answers 404" in said
    found = desk.json("faq", "pages")
    assert [(each["title"], each["trouble"]) for each in found["pages"]] == [
        ("Care", None), (None, "status-404"),
    ]  # fmt: skip
    assert good in desk("faq", "ask", "how to wash the wool")


def test_doctor_names_pages_that_are_not_read(desk, site):
    def finding():
        checks = desk.json("doctor", code=0)["checks"]
        return [each for each in checks if "ai-pages" in each["detail"]]

    desk("setting", "set", "ai-pages", f"{site.url}/none")
    assert finding() == []
    desk("setting", "set", "ai-agent", "built-in")
    assert finding()[0]["state"] == "warning"
    site.put("/none", "<p>x")
    desk("faq", "pages", "--fetch")
    assert finding()[0]["state"] == "ok"


def test_only_administrators_send_for_pages(desk, site):
    desk("agent", "add", "bob")
    assert "role admin" in desk.fails("--agent", "bob", "faq", "pages", "--fetch", code=3)
