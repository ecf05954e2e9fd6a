"""Whole mails: structure, charsets, choice of the body, files, bounds, hash."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.mail import headers as header_block
from helpdesk_tui.mail import mime
from helpdesk_tui.mail.files import label_of
from helpdesk_tui.mail.parse import parse_mail, unreadable_mail
from tests.support.raw_mails import mail, multipart
from tests.support.waiting import frugal

PLAIN = "Content-Type: text/plain\r\n\r\nplain words"
HTML = "Content-Type: text/html\r\n\r\n<p>html words</p>"
PDF = (
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"%PDF-1.4 x").decode()
)


def test_an_ordinary_mail_is_read_whole():
    parsed = parse_mail(
        mail("Hello,\r\n\r\nwhere is it?\r\n", cc="Bo <bo@x.example>", references="<r@x>")
    )
    assert (parsed.sender.name, parsed.sender.addr) == ("Ana", "ana@customer.example")
    assert [a.addr for a in parsed.to + parsed.cc] == ["help@store.example", "bo@x.example"]
    assert (parsed.message_id, parsed.references) == ("one@customer.example", ("r@x",))
    assert parsed.text == "Hello,\n\nwhere is it?\n"
    assert parsed.defects == ()


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("Größe".encode(), "text/plain; charset=utf-8", "Größe"),
        ("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1", "Größe"),
        ("“x” … €".encode("cp1252"), "text/plain; charset=iso-8859-1", "“x” … €"),
        ("Größe".encode(), "text/plain; charset=us-ascii", "Größe"),
        ("Größe".encode("latin-1"), "text/plain; charset=us-ascii", "Größe"),
        ("Größe".encode("latin-1"), "text/plain", "Größe"),
        ("Größe".encode("latin-1"), "text/plain; charset=utf-8", "Größe"),
        ("заказ".encode("koi8-r"), "text/plain; charset=koi8-r", "заказ"),
        ("注文".encode("iso-2022-jp"), "text/plain; charset=iso-2022-jp", "注文"),
        ("注文".encode("iso-2022-jp"), "text/plain; charset=us-ascii", "注文"),
        ("注文①".encode("cp932"), "text/plain; charset=shift_jis", "注文①"),
        ("退款".encode("gb18030"), "text/plain; charset=gb2312", "退款"),
        ("退款".encode("big5"), "text/plain; charset=big5", "退款"),
        ("주문".encode("euc-kr"), "text/plain; charset=ks_c_5601-1987", "주문"),
        (b"plain", "text/plain; charset=klingon-8", "plain"),
        (b"plain", "text/plain; charset=zlib", "plain"),
        (b"+AGE-", "text/plain; charset=utf-7", "+AGE-"),
        (b"\xef\xbb\xbfx", "text/plain; charset=utf-8", "x"),
    ],
)
def test_charsets_are_claims_that_are_checked(data: bytes, kind: str, text: str):
    assert parse_mail(mail(data, kind)).text == text


def test_an_undeclared_charset_is_taken_from_the_other_part():
    plain = "Content-Type: text/plain\r\n\r\n@@"
    html = "Content-Type: text/html; charset=koi8-r\r\n\r\nx"
    raw = multipart(plain, html, kind="alternative")
    text = "где мой заказ, он не пришёл, и никто не отвечает на письма"
    assert parse_mail(raw.replace(b"@@", text.encode("koi8-r"))).text == text


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp"])
def test_a_japanese_header_speaks_for_the_japanese_charsets(charset: str):
    text = "返金 請求書 解約 遅延 返金 荷物 荷物 サイズ 届きません"
    raw = mail(text.encode(charset), "text/plain; charset=us-ascii",
               subject="=?iso-2022-jp?b?GyRCQ21KOBsoQg==?=")  # fmt: skip
    assert parse_mail(raw).text == text


@pytest.mark.parametrize(
    ("parts", "kind", "text"),
    [
        ((PLAIN, HTML), "alternative", "plain words"),
        ((HTML, PLAIN), "alternative", "plain words"),
        (("Content-Type: text/plain\r\n\r\n ", HTML), "alternative", "html words"),
        (("Content-Type: text/plain\r\n\r\nYour mail client does not support HTML.", HTML),
         "alternative", "html words"),
        ((HTML,), "mixed", "html words"),
        ((PLAIN, PDF, "\r\nmore"), "mixed", "plain words\n\nmore"),
    ],
)  # fmt: skip
def test_the_real_body_is_chosen(parts: tuple[str, ...], kind: str, text: str):
    parsed = parse_mail(multipart(*parts, kind=kind))
    assert parsed.text == text
    assert parsed.has_html == (HTML in parts)


def test_flowed_text_is_joined():
    raw = mail("one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nme\r\n", "text/plain; format=flowed")
    assert parse_mail(raw).text == "one two\n> a b\n-- \nme\n"


def test_files_keep_their_bytes_and_lose_their_paths():
    (file,) = parse_mail(
        multipart(PLAIN, PDF.replace("a.pdf", '"..\\\\x/../b\u202efdp.pdf"'))
    ).attachments
    assert file.data == b"%PDF-1.4 x"
    assert file.sha256 == hashlib.sha256(file.data).hexdigest()
    assert (file.filename, file.size, file.inline) == ("bfdp.pdf", 10, False)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.doc", "a.doc"),
        ("a\uff0fb.txt", "b.txt"),
        ("..", ""),
        (".", ""),
        ("", ""),
        (".bashrc", ".bashrc"),
        ("a\x00b\n.txt", "a␀b .txt"),
        ("a" * 4000 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_labels_are_one_short_component(name: str, label: str):
    assert label_of(name) == label


def test_inline_images_are_told_from_files():
    image = "Content-Type: image/png; name=l.png\r\nContent-ID: <l@x>\r\n{}\r\nAAAA"
    shown = "Content-Type: text/html\r\n\r\n<img src='cid:l@x'>x"
    inline = parse_mail(multipart(HTML, image.format("Content-Disposition: inline\r\n")))
    referenced = parse_mail(multipart(shown, image.format("")))
    neither = parse_mail(multipart(HTML, image.format("")))
    assert [m.attachments[0].inline for m in (inline, referenced, neither)] == [True, True, False]


def test_an_enclosed_mail_is_a_file_named_after_its_subject():
    inner = mail("inner", subject="Where/when?").decode()
    parsed = parse_mail(multipart(PLAIN, f"Content-Type: message/rfc822\r\n\r\n{inner}"))
    assert [a.filename for a in parsed.attachments] == ["Where-when?.eml"]
    assert parsed.text == "plain words"
    assert parsed.is_forward


def test_a_boundary_that_begins_like_another_is_another():
    inner = (
        "Content-Type: multipart/alternative; boundary=b10\r\n\r\n--b10\r\n" + PLAIN + "\r\n--b10--"
    )
    assert parse_mail(multipart(inner)).text == "plain words"


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/mixed; boundary=other"])
def test_a_missing_boundary_is_guessed(kind: str):
    parsed = parse_mail(mail("--q\r\nContent-Type: text/plain\r\n\r\nwords\r\n--q--\r\n", kind))
    assert parsed.text == "words"
    assert "no-boundary" in parsed.defects


def test_a_truncated_mail_keeps_what_came():
    raw = multipart(PLAIN, PDF)
    parsed = parse_mail(raw[: raw.rindex(b"--b1--")])
    assert parsed.text == "plain words"
    assert parsed.attachments[0].data == b"%PDF-1.4 x"


def test_bounds_are_kept_and_named():
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (n, n) for n in range(99)
    )
    many = multipart(*["Content-Type: image/png\r\n\r\nx"] * (mime.MAX_PARTS + 9))
    cases = {
        "too-deep": b"From: a@b.example\r\n" + deep + b"\r\nx",
        "too-many-parts": many,
        "too-many-headers": b"X: y\r\n" * (header_block.MAX_COUNT + 1) + mail(),
        "header-too-long": b"X: " + b"y" * (header_block.MAX_HEADER + 1) + b"\r\n" + mail(),
        "header-block-too-long": mail(**{f"x{n}": "y" * 60_000 for n in range(6)}),
    }
    for code, raw in cases.items():
        parsed = parse_mail(raw)
        assert code in parsed.defects
        assert parsed.content_hash
    assert len(parse_mail(many).attachments) <= mime.MAX_PARTS


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/plain" + b"; k=v" * 40_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 4_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?" * 6_000 + b"\r\n\r\nx",
        b"To: " + b"(" * 60_000 + b"\r\n\r\nx",
        b"To: " + b'"' * 60_001 + b"\r\n\r\nx",
        b"To: " + b"<a" * 30_000 + b"\r\n\r\nx",
        b"To: " + b"a@b.example," * 5_000 + b"\r\n\r\nx",
        b"From: " + b"a b " * 15_000 + b"\r\n\r\nx",
        b"Authentication-Results: " + b"(;" * 30_000 + b"\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=-\r\n\r\n" + b"---\n" * 200_000,
        b"\n" * 300_000,
        b"A" * 2_000_000,
        b"\r" * 100_000,
    ],
    ids=range(13),
)
def test_no_header_or_body_takes_long(raw: bytes):
    with frugal():
        assert "parse-failed" not in parse_mail(raw).defects


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(raw: bytes):
    assert len(parse_mail(raw).content_hash) == 64


GRAMMAR = [
    b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"multipart/mixed",
    b"text/html", b"; boundary=", b"b", b"--b", b"--b--", b"\r\n", b"\n", b"\r\n\r\n", b"?=",
    b"=?utf-8?q?", b"=FF", b'"', b"<", b">", b"@", b"(", b"message/rfc822", b"; charset=", b"utf-7",
    b"\x00", b"\xff", b"Content-Transfer-Encoding: base64", b"; name*0*=", b"''%", b"\x1b$B",
    b"iso-2022-jp", b"Content-Disposition: attachment", b"<p hidden>", b"&#xD800;",
    b"On x wrote:\n> ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(GRAMMAR), max_size=60))
def test_any_mixture_of_the_grammar_is_a_mail(pieces: list[bytes]):
    parsed = parse_mail(b"".join(pieces))
    assert "parse-failed" not in parsed.defects
    assert not any(code.startswith("bad-body") for code in parsed.defects)
    parsed.text.encode("utf-8")
    parsed.subject.encode("utf-8")


def test_the_hash_outlives_the_transport_but_not_a_change():
    raw = multipart(PLAIN, "Content-Type: text/csv; name=a.csv\r\n\r\na,b\r\nc,d", PDF)
    first = parse_mail(raw).content_hash
    assert parse_mail(raw.replace(b"\r\n", b"\n")).content_hash == first
    assert parse_mail(b"Received: from x\r\n" + raw).content_hash == first
    assert parse_mail(raw.replace(b"plain words", b"other words")).content_hash != first
    assert parse_mail(raw.replace(b"c,d", b"c,e")).content_hash != first
    assert parse_mail(raw.replace(b"Subject: Q", b"Subject: q")).content_hash != first


def test_an_unreadable_mail_still_names_its_sender():
    parsed = unreadable_mail(
        mail("x" * 100, subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?="), "parse-timeout"
    )
    assert (parsed.sender.addr, parsed.subject, parsed.text) == (
        "ana@customer.example",
        "Grüße",
        "",
    )
    assert (parsed.message_id, parsed.defects) == ("one@customer.example", ("parse-timeout",))
    assert parsed.date is not None


def test_markers_and_the_instance_are_found():
    marker = "{hd-12-" + "a" * 32 + "}"
    raw = mail(f"thanks\r\n> hello\r\n> {marker}\r\n", x_helpdesk_instance="desk-1")
    parsed = parse_mail(raw)
    assert parsed.markers == (marker,)
    assert parsed.instance == "desk-1"
    assert parse_mail(mail(x_helpdesk_instance="a b")).instance == ""


def test_no_control_character_leaves_the_parser():
    evil = "\x1b]52;c;x\x07 \x9b31m \u202e"
    raw = multipart(
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nsay {evil}",
        f'Content-Type: image/png; name="{evil}.png"\r\n\r\nx',
        subject=f"s {evil}",
        **{"from": f'"{evil}" <ana@customer.example>'},
    )
    parsed = parse_mail(raw)
    shown = parsed.text + parsed.subject + parsed.sender.name + parsed.attachments[0].filename
    assert not set(shown.replace("\n", "")) & set("\x1b\x07\x9b\u202e")
    assert "say" in shown
