"""HTML as readable text: layout, links, what is hidden, and that no document takes long."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.html import html_to_text, link_target
from tests.support.waiting import frugal


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a <b>b</b>  c\n d", "a b c d"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<ul><li>a<li>b</ul>", "• a\n• b"),
        ("<ol><li>a</li><li>b<ul><li>c</ul></li></ol>", "1. a\n2. b\n  • c"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote>old<br>older</blockquote>new", "> old\n> older\nnew"),
        ("&lt;b&gt; &amp; &eacute; &#8364; &#99999999999;", "<b> & é € \ufffd"),
        ("a < b and c > d", "a < b and c > d"),
        ("<style>p{}</style><script>x<y</script><title>t</title>ok", "ok"),
        ("<!-- hidden <p>x</p> -->ok<!doctype html>", "ok"),
        ("<!--[if mso]><p>x</p><![endif]-->ok", "ok"),
        ("<div style='display:none'>pre<div>header</div></div>ok", "ok"),
        ('<span style="max-height:0px;overflow:hidden">pre</span>ok', "ok"),
        ("<p hidden>no</p>ok", "ok"),
        ('<p title="hidden">yes</p>', "yes"),
        ("<div style='display:none'>never closed", "never closed"),
        ("<p>tail <b", "tail"),
        ("a<img alt=logo>b", "ab"),
        (
            "<p class=MsoNormal>one</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>two",
            "one\n\ntwo",
        ),
        ("<p style='margin:0'>one</p><p style='margin:0 0'>two</p>three", "one\ntwo\nthree"),
        ("<p style='margin:0 0 9px'>one</p><p>two", "one\n\ntwo"),
        ("<ol start=4><li>a<li>b</ol>", "4. a\n5. b"),
        (
            "<table border=1><tr><td>a<td>b</tr><tr><td><p>c</p></td><td></td><td><div>d</div>",
            "a | b\nc | | d",
        ),
        ("<table><tr><th>Item<th>Price<tr><td>Cup<td>4</table>x", "Item | Price\nCup | 4\nx"),
        ("<table border=0><tr><td><table><tr><td>a<td>b</table></table>", "a b"),
    ],
)
def test_documents_become_lines(html: str, text: str):
    assert html_to_text(html)[0] == text


def test_links_are_numbered_with_their_real_hosts():
    text, links = html_to_text(
        "<a href='https://evil.example/x'>https://store.example</a> "
        '<a href="mailto:a@b.example">mail</a> '
        "<a href='https://evil.example/x'>again</a> <a href='file:///etc/passwd'>file</a> "
        "<a href='javascript:alert(1)'>js</a> <a href='https://evil.example/x'><img alt=shop></a>"
    )
    assert text == "https://store.example [1] (evil.example) mail [2] again [1] file js shop [1]"
    assert links == (
        ("https://evil.example/x", "evil.example"),
        ("mailto:a@b.example", "b.example"),
    )


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0", "font-size: 0px !important", "FONT-SIZE:0.0em;color:red", "opacity:0",
        "max-height:0;overflow:hidden", "height:0px;overflow:hidden", "visibility : hidden",
        "display:none!important;mso-hide:all",
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["div", "span", "td", "p"])
def test_preheaders_that_nobody_sees_are_left_out(style: str, tag: str):
    html = f"<{tag} style='{style}'>Preheader<b> words</b></{tag}><p>Hello"
    assert html_to_text(html)[0] == "Hello"


@pytest.mark.parametrize(
    "html",
    [
        "<p style='font-size:0.9em'>Hello",
        "<p style='height:0'>Hello",
        "<p style='mso-hide:all'>Hello",
        "<td style='font-size:0px'><div style='font-size:13px'>Hello</div>x</td>",
        "<div style='font-size:0'><div><p style='font-size:1em'>Hel<div>lo</div></p></div></div>",
        "<p style='max-height:0.5em'>Hello",
        "<p style='opacity:0.8'>Hello",
        "<div style='font-size:0'>Hello",
    ],
)
def test_what_is_seen_stays(html: str):
    assert html_to_text(html)[0].replace("\n", "") == "Hello"


@pytest.mark.parametrize(
    ("shown", "address", "text"),
    [
        ("https://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://a.example", "https://a.example/", "https://a.example"),
        ("bo@a.example", "mailto:bo@a.example", "bo@a.example"),
        ("bo@a.example", "mailto:eve@b.example", "bo@a.example [1] (b.example)"),
        ("a.example/x", "https://a.example/x", "a.example/x [1]"),
        ("www.a.example", "https://shop.a.example/x", "www.a.example [1]"),
        ("a.example", "https://a.example.evil.example", "a.example [1] (a.example.evil.example)"),
        ("Sign in at a.example", "https://b.example/", "Sign in at a.example [1] (b.example)"),
        ("here", "https://b.example/", "here [1]"),
        ("", "https://b.example/", ""),
        ("<img src=x>", "https://b.example/", ""),
        ("<img alt=Shop>", "https://b.example/", "Shop [1]"),
    ],
)
def test_a_link_says_where_it_leads_if_its_text_does_not(shown: str, address: str, text: str):
    assert html_to_text(f"<a href='{address}'>{shown}</a>")[0] == text


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ("type=cite", "> old"),
        ("class='gmail_quote' style='margin:0;border-left:1px solid'", "> old"),
        ("style='margin: 0 0 0 40px; border: none; padding: 0px;'", "old"),
        ("class=gmail_quote style='border:none'", "> old"),
    ],
)
def test_a_blockquote_is_a_quotation_unless_it_only_indents(attributes: str, text: str):
    html = f"<blockquote {attributes}>old</blockquote>new"
    assert html_to_text(html)[0] == f"{text}\nnew"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://store.example@evil.example/", "evil.example"),
        ("https://evil.example\\@store.example/", "evil.example"),
        (" HTTPS://X.example ", "x.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("ssh://-oProxyCommand=x", None),
        ("https://", None),
        ("https://[::1", None),
        ("//x.example", None),
        ("https://x.example/" + "a" * 9999, None),
    ],
)
def test_only_web_and_mail_links_count(address: str, host: str | None):
    target = link_target(address)
    assert (target and target[1]) == host


def test_the_address_of_a_link_is_harmless_to_show():
    target = link_target("https://x.example/\u202ea\x9b31m\u2028b\x1bc")
    assert target == ("https://x.example/a\ufffd31mb␛c", "x.example")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 120_000 + "x",
        "<a " * 200_000 + "x",
        "<a href='" * 200_000,
        "<a \"<b '" * 100_000,
        "x<!--" + "a" * 1_000_000,
        "<!-" * 300_000,
        f"<p title='{'a' * 2_000_000}'>x",
        "<br>" * 300_000 + "x",
        "<ul><li>" * 50_000,
        "<blockquote>x" * 50_000,
        "<p style='display:none'>" * 50_000,
        "&" * 500_000,
        "&#" + "9" * 500_000,
        "<style>" * 100_000,
        " " * 1_000_000 + "x",
        "<td hidden=" + "'" * 300_000,
        "<p style='font-size:0'>" * 70_000 + "<p style='font-size:1em'>" * 70_000,
        "<a href=https://x.example>" * 70_000 + "x.y" * 100_000,
        "<a href=https://x.example>" + "a." * 500_000,
        "<table border=1><tr><td>" * 40_000,
        f"<p style='{'max-height : ' * 100_000}'>x",
        f"<blockquote style='{'border : ' * 100_000}'>x",
    ],
    ids=range(22),
)
def test_no_document_takes_long(html: str):
    with frugal():
        assert len(html_to_text(html)[0]) <= len(html) + 400_000
