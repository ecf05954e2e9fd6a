"""Pages of the shop as sources of answers: what is fetched, how politely, and what does no harm."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import httpx
import pytest

from helpdesk_tui.domain.answering.pages import Pages
from helpdesk_tui.domain.answering.responder import Kind
from helpdesk_tui.services.chat.knowledge import Knowledge
from helpdesk_tui.services.chat.pages import KeptPages
from helpdesk_tui.sync.responder import pages as module
from helpdesk_tui.sync.responder import visiting
from helpdesk_tui.sync.responder.pages import fetch_pages
from helpdesk_tui.sync.responder.pages_loop import PagesLoop
from helpdesk_tui.sync.responder.stoppable import Stopped
from helpdesk_tui.sync.responder.visiting import Visitor
from tests.support.responding import settle
from tests.support.site import running_site
from tests.support.store import START, FakeClock, make_store
from tests.support.waiting import AT_ONCE, PATIENCE

_RETURNS = """<html lang="en"><head><title>Returns &amp; exchanges</title></head><body>
<header>Our shop<nav>Menu</nav></header><main><h1>Returns</h1>
<h2>Sending a chair back</h2><p>Use the <a href="/label">label</a> in the box.</p></main>
<footer>Imprint</footer></body></html>"""


@pytest.fixture
def site():
    with running_site() as site:
        yield site


@pytest.fixture
def clock():
    return FakeClock(START)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    settle(store, ai_agent="built-in")
    yield store
    store.close()


def _fetch(wanted, known=None, **more):
    return fetch_pages(wanted, known or Pages(), pause=0.0, **more)


def _troubles(pages):
    return [each.trouble for each in pages.pages]


def test_a_page_is_answered_from_with_its_title_and_address(site, store, clock):
    address = site.put("/returns", _RETURNS)
    settle(store, ai_pages=[address])
    loop = PagesLoop(store, now=clock)
    knowledge = Knowledge(store)
    assert knowledge.responder().passages == ()
    loop.step()
    verdict = knowledge.responder().ask("how can I send the chair back?")
    assert verdict.kind is Kind.ANSWER
    assert verdict.answer == "Use the label in the box."
    assert verdict.source == f"Returns & exchanges ({address})"
    assert site.paths == ["/robots.txt", "/returns"]
    assert dict(site.asked)["/returns"]["user-agent"] == "helpdesk-tui"
    assert (store.paths.pages.stat().st_mode & 0o777) == 0o600


def test_pages_are_fetched_daily_and_when_others_are_named_never_when_used(site, store, clock):
    first, second = site.put("/a", "<h1>A</h1><p>x", ETag='"1"'), site.put("/b", "<p>y")
    settle(store, ai_pages=[first])
    loop, knowledge = PagesLoop(store, now=clock), Knowledge(store)
    loop.step()
    for _ in range(3):
        loop.step()
        knowledge.responder()
    assert site.paths == ["/robots.txt", "/a"]
    settle(store, ai_pages=[first, second])
    loop.step()
    assert site.paths[2:] == ["/robots.txt", "/a", "/b"]
    assert site.asked[3][1]["if-none-match"] == '"1"'
    assert len(knowledge.responder().passages) == 2
    clock.advance(hours=25)
    loop.step()
    assert len(site.paths) == 8
    settle(store, ai_pages=[second])
    assert [each.answer for each in knowledge.responder().passages] == ["y"]
    settle(store, ai_pages=[])
    loop.step()
    assert knowledge.responder().passages == ()
    assert not store.paths.pages.exists()


def test_nothing_is_fetched_while_nobody_answers_from_it(site, store, clock):
    settle(store, ai_pages=[site.put("/a", "<p>x")], ai_agent="off")
    PagesLoop(store, now=clock).step()
    assert site.paths == []


def test_a_page_that_is_unchanged_keeps_its_text(site):
    address = site.put("/a", "<p>x", ETag='"1"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")
    known = _fetch([address])
    again = _fetch([address], known)
    assert again.pages[0].text == "x"
    assert site.asked[-1][1]["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_robots_are_obeyed(site):
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    pages = _fetch([site.put("/private/a", "<p>x"), site.put("/b", "<p>y")])
    assert _troubles(pages) == ["robots", ""]
    assert "/private/a" not in site.paths
    site.turn("/c", 302, Location="/private/a")
    assert _troubles(_fetch([f"{site.url}/c"])) == ["robots"]
    assert "/private/a" not in site.paths


@pytest.mark.parametrize(("status", "trouble"), [(503, "robots-unknown"), (404, ""), (403, "")])
def test_a_site_that_cannot_say_what_it_lets_us_is_left_alone(site, status, trouble):
    address = site.put("/a", "<p>x")
    site.turn("/robots.txt", status)
    assert _troubles(_fetch([address])) == [trouble]


def test_a_sitemap_names_pages_of_its_own_site_alone(site):
    one = site.put("/one", "<h1>One</h1>first")
    two = site.put("/two?a=b&c", "<h1>Two</h1>second")
    site.put(
        "/inner.xml",
        f"<urlset><url><loc> {one} </loc></url><url><loc>{two.replace('&', '&amp;')}</loc></url>"
        "<url><loc>https://elsewhere.example/x</loc></url><loc>file:///etc/passwd</loc></urlset>",
        "application/xml",
    )
    site.put(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{site.url}/inner.xml</loc></sitemap></sitemapindex>",
        "text/xml",
    )
    named = f"{site.url}/sitemap.xml"
    pages = _fetch([named])
    assert [each.address for each in pages.of([named])] == [one, two]
    assert pages.troubles == {named: "some-elsewhere"}


def test_a_sitemap_that_is_gone_for_an_hour_takes_no_page_along(site):
    named = site.put("/s.xml", f"<loc>{site.put('/a', '<p>x')}</loc>", "text/xml")
    known = _fetch([named])
    site.turn("/s.xml", 500)
    again = _fetch([named], known)
    assert [(each.text, each.trouble) for each in again.pages] == [("x", "status-500")]
    assert again.troubles == {named: "status-500"}
    site.put("/s.xml", "x", "image/png")
    assert _fetch([named], known).troubles == {named: "not-a-list"}


def test_there_is_an_end_to_pages_and_to_text(site, monkeypatch):
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    monkeypatch.setattr(module, "_MOST_TEXT", 6)
    found = [site.put(f"/{name}", f"<p>{name}aaaa") for name in "abc"]
    pages = _fetch(found)
    assert _troubles(pages) == ["", "no-room"]
    assert set(pages.troubles.values()) == {"too-many"}


def test_old_texts_stay_for_a_week_while_a_site_is_away(site, clock):
    address = site.put("/a", "<p>x")
    known = _fetch([address], now=clock)
    site.turn("/a", 500)
    clock.advance(days=1)
    known = _fetch([address], known, now=clock)
    assert (known.pages[0].text, known.pages[0].trouble) == ("x", "status-500")
    assert known.due_at([address], clock()) == clock() + timedelta(hours=1)
    clock.advance(days=7)
    assert _fetch([address], known, now=clock).pages[0].text == ""
    site.turn("/a", 404)
    assert _fetch([address], known).pages[0].text == ""


# hostile pages -------------------------------------------------------------------------------


def test_a_page_that_never_ends_is_left_in_time(site, monkeypatch):
    monkeypatch.setattr(visiting, "MOST_BYTES", 10**9)
    began = time.monotonic()
    pages = _fetch([site.drip("/a"), site.put("/b", "<p>y")],
                   visitor=lambda origins: Visitor(origins, limit=1.5))  # fmt: skip
    assert _troubles(pages) == ["slow", ""]
    assert time.monotonic() - began < AT_ONCE


def test_a_huge_page_a_packed_one_and_a_picture_are_none(site):
    pages = _fetch([
        site.put("/a", b"x" * 2_000_001),
        site.put("/b", b"\x1f\x8b", Content_Encoding="gzip"),
        site.put("/c", b"\x89PNG", "image/png"),
        site.put("/d", "<script>only</script>"),
        site.turn("/e", 418),
    ])  # fmt: skip
    assert _troubles(pages) == ["too-large", "packed", "not-text", "empty", "status-418"]


def test_redirects_stay_on_the_site_and_end(site):
    good = site.put("/good", "<title>Good</title><p>x")
    with running_site() as other:
        away = other.put("/secret", "<p>secret")
        pages = _fetch([
            site.turn("/a", 302, Location="/good"),
            site.turn("/b", 302, Location=away),
            site.turn("/c", 302, Location="/c"),
            site.turn("/d", 302, Location="file:///etc/passwd"),
            site.turn("/e", 302, Location="//[broken"),
            good,
        ])  # fmt: skip
        assert other.asked == []
    assert [each.trouble for each in pages.pages[1:3]] == ["elsewhere", "redirects"]
    assert all(each.trouble for each in pages.pages[1:5])
    assert pages.pages[0].text == "x"


def _public(answers, found=("93.184.216.34",)):
    asked = []

    def handle(request):
        asked.append(request)
        return answers.get(request.url.path, httpx.Response(404))

    def make(origins):
        return Visitor(
            origins, resolve=lambda host, port: list(found),
            transport=httpx.MockTransport(handle),
        )  # fmt: skip

    return make, asked


@pytest.mark.parametrize(
    "bad",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "100.64.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "x"],
)  # fmt: skip
def test_a_name_that_leads_into_our_own_network_is_never_asked(bad):
    make, asked = _public({}, ("93.184.216.34", bad))
    pages = _fetch(["https://shop.example/a"], visitor=make)
    assert _troubles(pages) == ["robots-unknown"]
    assert list(pages.troubles.values()) == ["refused-private-address"]
    assert asked == []


def test_a_public_site_leads_nobody_to_this_machine(site):
    secret = site.put("/secret", "<p>secret")
    moved = httpx.Response(302, headers={"Location": secret})
    make, asked = _public({"/a": moved})
    pages = _fetch(["https://shop.example/a", secret], visitor=make)
    assert pages.pages[0].trouble == "elsewhere"
    assert [request.url.path for request in asked if request.url.host == "93.184.216.34"] == [
        "/robots.txt", "/a",
    ]  # fmt: skip


def test_the_address_that_was_looked_at_is_connected_to():
    page = httpx.Response(
        200, headers={"Content-Type": "text/html"}, stream=httpx.ByteStream(b"<p>x")
    )  # fmt: skip
    make, asked = _public({"/a": page})
    assert _fetch(["https://shop.example/a"], visitor=make).pages[0].text == "x"
    assert asked[-1].url.host == "93.184.216.34"
    assert asked[-1].headers["host"] == "shop.example"
    assert asked[-1].extensions["sni_hostname"] == "shop.example"


def test_a_dead_site_is_given_up(monkeypatch):
    def away(request):
        raise httpx.ConnectError("no")

    def make(origins):
        return Visitor(origins, resolve=lambda host, port: ["93.184.216.34"],
                       transport=httpx.MockTransport(away))  # fmt: skip

    pages = _fetch([f"https://shop.example/{n}" for n in range(9)], visitor=make)
    assert set(_troubles(pages)) == {"robots-unknown"}
    assert pages.troubles == {"https://shop.example/robots.txt": "unreachable"}


def test_a_site_that_fails_again_and_again_is_left_alone(site):
    pages = _fetch([site.turn(f"/{n}", 503) for n in range(6)])
    assert _troubles(pages) == ["status-503"] * 4 + ["given-up"] * 2
    assert len(site.paths) == 5


def test_what_is_not_reached_in_time_stays_as_it_was(site):
    address = site.put("/a", "<p>x")
    known = _fetch([address])
    again = _fetch([address], known, longest=0.0)
    assert again.pages[0].text == "x"


def test_between_two_requests_there_is_a_pause(site):
    site.put("/robots.txt", "User-agent: helpdesk-tui\nCrawl-delay: 0.2", "text/plain")
    began = time.monotonic()
    fetch_pages([site.put("/a", "<p>x"), site.put("/b", "<p>y")], Pages(), pause=0.01)
    assert time.monotonic() - began >= 0.2


def test_a_visit_ends_at_once_when_the_worker_stops(site):
    stopping = threading.Event()
    threading.Timer(0.2, stopping.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        _fetch(
            [site.drip("/a")],
            visitor=lambda origins: Visitor(origins, limit=PATIENCE),
            stopping=stopping,
        )
    assert time.monotonic() - began < AT_ONCE


def test_kept_pages_that_are_broken_or_foreign_are_fetched_anew(store, tmp_path):
    kept = KeptPages(store)
    assert kept.load() == Pages()
    for data in (b"", b"[]", b"{" * 9000, b'{"version": 1}', b'{"version": 9}', b"[" * 100_000):
        store.paths.pages.write_bytes(data)
        assert kept.load() == Pages()
    store.paths.pages.unlink()
    store.paths.pages.symlink_to(tmp_path / "elsewhere")
    assert kept.load() == Pages()
    kept.save(Pages(("https://a.example/",)))
    assert not store.paths.pages.is_symlink()
    assert kept.load().wanted == ("https://a.example/",)


def test_a_visit_that_fails_is_not_tried_again_at_once(site, store, clock):
    settle(store, ai_pages=[site.put("/a", "<p>x")])
    visits = []

    def fetch(*args, **more):
        visits.append(1)
        raise TimeoutError

    loop = PagesLoop(store, now=clock, fetch=fetch)
    loop.step()
    loop.step()
    assert visits == [1]
    clock.advance(hours=2)
    loop.step()
    assert visits == [1, 1]
