"""The page of a mail for a browser: nothing in it runs, loads, sends or hides where it leads."""

from __future__ import annotations

import base64
import time
from html.parser import HTMLParser

import pytest

from helpdesk_tui.mail.original import original_page
from helpdesk_tui.mail.safe_html import safe_html
from tests.support.material import material
from tests.support.thread_values import is_harmless

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20

VECTORS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://x/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=`javascript:alert(1)`>",
    '<img """><script>alert(1)</script>">',
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<iframe src='http://x/'></iframe>",
    "<object data='http://x/'></object><embed src='http://x/'>",
    "<form action='http://x/'><input name=password><button formaction=http://x/>go</button></form>",
    "<meta http-equiv=refresh content='0;url=http://x/'>",
    "<base href='http://x/'>",
    "<link rel=stylesheet href='http://x/'>",
    "<style>@import 'http://x/'; body { background: url(http://x/) }</style>",
    "<p style='background:url(http://x/)'>x</p>",
    "<p style='background:u\\72l(http://x/)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='position:fixed;top:0;left:0'>x</p>",
    "<p style='margin-top:-900px'>x</p>",
    "<body background='http://x/' onload=alert(1)>",
    "<table background='http://x/'><tr><td background=javascript:alert(1)>x</table>",
    "<img src='http://x/pixel.gif'><img srcset='http://x/ 1x' src=cid:nothing>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='data:image/png;base64,AAAA\" onerror=\"alert(1)'>",
    "<video src=http://x/ poster=http://x/><source src=http://x/></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><script>alert(1)</script></textarea>",
    "<xmp><p title='</xmp><script>alert(1)</script>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><p onclick=alert(1)>x",
    "<p title='\"><script>alert(1)</script>'>x</p>",
    "<p \x00onclick=alert(1)>x</p>",
    "</main></body><script>alert(1)</script>",
    "<a href='https://x/' onmouseover=alert(1) style='x:y' target=_top rel=opener>x</a>",
)
MAY_STAND = {
    "a", "b", "br", "em", "i", "p", "pre", "small", "span", "table", "tr", "td", "img",
}  # fmt: skip


class Reading(HTMLParser):
    """Collects the tags and attributes that a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ends: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.ends.append(tag)


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_runs_loads_or_sends(vector: str) -> None:
    safe = safe_html(vector)
    read = Reading(safe)
    assert {tag for tag, _ in read.tags} <= MAY_STAND, safe
    for tag, attributes in read.tags:
        assert not any(name.startswith("on") for name in attributes), safe
        assert not attributes.keys() & {"srcset", "background", "action", "formaction"}, safe
        source = attributes.get("src") or ""
        assert source.startswith("data:image/") or not source, safe
        href = attributes.get("href") or ""
        assert href.startswith(("https://", "http://", "mailto:")) or not href, safe
        style = (attributes.get("style") or "").lower()
        assert not any(word in style for word in ("url", "expression", "position", "\\")), safe
        assert tag != "a" or not href or attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("vector", VECTORS)
def test_a_page_keeps_its_own_frame_whatever_the_mail_closes(vector: str) -> None:
    page = original_page(b"Content-Type: text/html\r\nSubject: x\r\n\r\n" + vector.encode())
    read = Reading(page)
    assert [tag for tag, _ in read.tags].count("main") == 1
    assert read.ends.count("main") == 1
    assert page.index("Content-Security-Policy") < page.index("<main>")
    assert "script" not in {tag for tag, _ in read.tags}


def test_the_policy_allows_nothing_but_inline_pictures_and_styles() -> None:
    page = original_page(b"Subject: x\r\n\r\ntext")
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page
    assert "form-action 'none'; base-uri 'none'" in page
    assert '<meta name="referrer" content="no-referrer">' in page


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>bold</b> &amp; <i>more</i>", "<b>bold</b> &amp; <i>more</i>"),
        ("1 < 2 &lt;script&gt;", "1 &lt; 2 &lt;script&gt;"),
        ("<p style='color:#f00; font-size: 12px'>x</p>",
         '<p style="color: #f00; font-size: 12px">x</p>'),
        ("<td width=100 bgcolor='#fff'>x</td>", '<td width="100" bgcolor="#fff">x</td>'),
        ("<p>one<p>two", "<p>one<p>two</p></p>"),
        ("</div></div>x", "x"),
        ("<b><i>x</b>y", "<b><i>x</i></b>y"),
        ("<img src=http://t/pixel.gif width=1 height=1 alt=track>", ""),
        ("<img src=http://t/logo.png alt='The <logo>'>",
         '<span class="desk-picture">The &lt;logo&gt;</span>'),
        ("pay \u202egnp.exe", "pay gnp.exe"),
    ],
)  # fmt: skip
def test_what_is_harmless_stays(html: str, shown: str) -> None:
    assert safe_html(html) == shown


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://evil.example/paypal.com", "evil.example"),
        ("https://paypal.com@evil.example/", "evil.example"),
        ("https://gооgle.example/", "xn--ggle-55da.example"),
        ("mailto:jo@shop.example", "shop.example"),
    ],
)
def test_the_real_host_stands_behind_each_link(address: str, host: str) -> None:
    assert f'</a> <small class="desk-host">[{host}]</small>' in safe_html(
        f"<a href='{address}'>https://paypal.com</a>"
    )


def test_inline_pictures_are_in_the_page_by_what_they_are() -> None:
    mail = (
        b"Subject: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<img src='cid:good'><img src='cid:bad'>\r\n"
        b"--b\r\nContent-Type: text/html\r\nContent-ID: <bad>\r\n"
        b"Content-Disposition: attachment\r\n\r\n<script>alert(1)</script>\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-ID: <good>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(PNG) + b"\r\n--b--\r\n"
    )
    page = original_page(mail)
    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in page
    assert page.count("<img") == 1
    assert "alert" not in page


def test_a_mail_without_html_shows_its_text() -> None:
    page = original_page("Subject: ż <x>\r\n\r\na < b\x1b[31m".encode())
    assert "a &lt; b" in page
    assert "\x1b" not in page
    assert "<title>ż &lt;x&gt;</title>" in page


@pytest.mark.parametrize(
    "html",
    [
        "<" * 500_000,
        "<a " * 200_000,
        "<a x='" * 200_000,
        '<a "' * 100_000 + "<b '" * 100_000,
        "<!--" * 200_000,
        "<script>" * 100_000,
        "<div>" * 200_000 + "</div>" * 200_000,
        "<a " + "x" * 1_000_000 + ">",
        "<p style='" + "color:red;" * 100_000 + "'>x",
        "&#" + "9" * 1_000_000,
        "<img src='data:image/png;base64," + "A" * 1_000_000 + "!'>",
        "<p title=" + "&amp" * 300_000 + ">",
    ],
    ids=range(12),
)
def test_the_work_is_linear_in_the_size(html: str) -> None:
    began = time.process_time()
    safe_html(html)
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Content-Type: text/html", b"\r\r\r"])
def test_bytes_that_are_no_mail_make_a_page_too(raw: bytes) -> None:
    assert original_page(raw).endswith("</main></body></html>\n")


@pytest.mark.parametrize("folder", ["hostile", "mail-corpus"])
def test_no_mail_of_the_world_gets_anything_into_its_page(folder: str) -> None:
    files = [path for path in material(folder).rglob("*") if path.is_file()]
    assert files
    acting = {"script", "style", "iframe", "object", "embed", "form", "input", "meta", "svg"}
    for path in files:
        page = original_page(path.read_bytes())
        read = Reading(page[page.index("<main>") :])
        assert [tag for tag, _ in read.tags].count("main") == 1, path.name
        assert not acting & {tag for tag, _ in read.tags}, path.name
        for _, attributes in read.tags:
            assert not any(name.startswith("on") for name in attributes), path.name
            assert (attributes.get("src") or "data:").startswith("data:"), path.name
        assert is_harmless(page.replace("\n", "")), path.name
