"""Pages as text: the main part with its headings, whatever the markup."""

from __future__ import annotations

import pytest

from helpdesk_tui.sync.responder.reading import MOST_TEXT, Read, addresses_in, read_page
from tests.support.waiting import frugal


def _text(html):
    return read_page(html.encode(), "text/html", "utf-8").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<nav>Menu</nav><h1>A</h1><p>x<footer>Foot</footer>", "# A\n\nx"),
        ("<body>around<main><header><h1>A</h1></header>x</main>more</body>", "# A\n\nx"),
        ("<h2 title='a>b'>\n <span>A</span></h2>x", "## A\n\nx"),
        ("<h2><div>A</div></h2>x", "## A\n\nx"),
        ('see <a href="/x">our guide</a> now', "see our guide now"),
        ("<script>'<main>'</script><!-- <main> -->x", "x"),
        ("<nav>never closed <p>x", "never closed\n\nx"),
        ("<nav>all</nav>", "all"),
        ("x<script>never closed <p>y", "x"),
        ("<aside><aside>a</aside>b</aside>c", "c"),
        ("<p style='display:none'>hidden</p>x", "x"),
        ("<main></main>x", "x"),
    ],
)
def test_what_is_around_the_text_is_left_out(html, text):
    assert _text(html) == text


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("zażółć".encode("iso-8859-2"), "iso-8859-2", "zażółć"),
        (b"<meta charset=iso-8859-2>" + "zażółć".encode("iso-8859-2"), "", "zażółć"),
        ("zażółć gęślą".encode(), "", "zażółć gęślą"),
        (b"\xef\xbb\xbfx", "no-such-charset", "x"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
        (b"a\x00b", "utf-8", "ab"),
    ],
)
def test_charsets_are_believed_as_far_as_they_hold(data, charset, text):
    assert read_page(data, "text/html", charset).text == text


def test_title_and_language_are_those_that_the_page_says():
    page = b'<html lang="pl_PL"><title>\n A &amp;\x1b[31m B </title><p>x'
    found = read_page(page, "text/html", "")
    assert (found.title, found.language) == ("A &␛[31m B", "pl-PL")
    assert read_page(b"# Plain\ntext", "text/plain", "") == Read("# Plain\ntext")


def test_nothing_in_a_sitemap_means_more_than_an_address():
    found, are_lists = addresses_in(
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url>'
        b"<loc>https://a.example/?a=1&amp;b=2</loc></url><loc>&a;</loc><loc>https://a.example/?a=1"
        b"&amp;b=2</loc><loc>never"
    )
    assert found[0] == "https://a.example/?a=1&b=2"
    assert len(found) == 2
    assert not are_lists


@pytest.mark.parametrize(
    "piece",
    ["<nav>", "<script>", "<!--", "<h1 ", "<h1 a='", "<a ", "<div>", "<", "<title>", "<html ",
     "<meta ", "<h1>", "<p>#</p>", "<table><tr><td>", "<blockquote>x", "<loc>", "<main>",
     "<h1 \"'"],
)  # fmt: skip
def test_deep_and_broken_markup_is_read_in_one_pass(piece):
    data = (piece * (200_000 // len(piece))).encode()
    with frugal():
        assert len(read_page(data, "text/html", "").text) <= MOST_TEXT
        addresses_in(data)
