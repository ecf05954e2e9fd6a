"""HTML as readable text: layout, links, what is hidden, and that no document takes long."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.html import html_to_text, link_target


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
    assert text == "https://store.example [1] mail [2] again [1] file js shop [1]"
    assert links == (
        ("https://evil.example/x", "evil.example"),
        ("mailto:a@b.example", "b.example"),
    )


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
    ],
    ids=range(16),
)
@pytest.mark.timeout(30)
def test_no_document_takes_long(html: str):
    assert len(html_to_text(html)[0]) <= len(html) + 400_000
