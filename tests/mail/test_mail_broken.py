"""Mail as it should not be written: loose headers, odd parts, wrong transfer encodings."""

from __future__ import annotations

import base64
import binascii

import pytest

from helpdesk_tui.domain.mail import MailAttachment
from helpdesk_tui.mail.addresses import addresses
from helpdesk_tui.mail.headers import read_block
from helpdesk_tui.mail.mime import content_type
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.words import header_text, parameters
from tests.support.raw_mails import mail, multipart
from tests.support.waiting import frugal

PLAIN = "Content-Type: text/plain\r\n\r\nplain words"
HTML = "Content-Type: text/html\r\n\r\n<p>html words</p>"


def uu_block(name: str, data: bytes) -> str:
    lines = [binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


def only_file(raw: bytes) -> MailAttachment:
    (file,) = parse_mail(raw).attachments
    return file


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (rb"Jo (a \) b) <jo(here)@x.example(there)>", [("Jo", "jo@x.example")]),
        (b"jo @ x . example", [("", "jo@x.example")]),
        (b"All (ours) :Jo <j@(h)x.example>, b@x.example; (end)",
         [("Jo", "j@x.example"), ("", "b@x.example")]),
        (b"jo@[IPv6:2001:db8::1]", [("", "jo@[ipv6:2001:db8::1]")]),
        (b'"Jo" "van" Dyk <j@x.example>', [("Jo van Dyk", "j@x.example")]),
        (b"Dyk, Jo <j@x.example>", [("Dyk, Jo", "j@x.example")]),
        (b"a@x.example, Jo <j@x.example>", [("", "a@x.example"), ("Jo", "j@x.example")]),
        (b"Jo [mailto:j@x.example]", [("Jo", "j@x.example")]),
        (b'"jo dyk"@x.example', [("", '"jo dyk"@x.example')]),
        (b"<@a.example,@b.example:j@x.example>", [("", "j@x.example")]),
        (b"<red green blue@x.example>", [("", "red green blue@x.example")]),
    ],
)  # fmt: skip
def test_addresses_in_old_and_loose_forms_are_read(raw: bytes, expected: list[tuple[str, str]]):
    assert [(a.name, a.addr) for a in addresses(raw)] == expected


@pytest.mark.parametrize(
    ("sender", "name", "addr"),
    [
        ("root", "", "root"),
        ("MAILER-DAEMON (Mail System)", "Mail System", "mailer-daemon"),
        ("The Daemon <daemon>", "The Daemon", "daemon"),
        ("two words", "", ""),
        ("", "", ""),
    ],
)
def test_a_sender_without_a_host_is_kept_as_written(sender: str, name: str, addr: str):
    found = parse_mail(mail(**{"from": sender})).sender
    assert (found.name, found.addr) == (name, addr)


@pytest.mark.parametrize(
    "evil",
    [
        b"(" * 60_000, b"<(" * 30_000 + b"@", b"[" * 60_000, b"<" + b"(@" * 30_000,
        b"<" + b"a " * 30_000 + b"@b.c>", b". " * 30_000 + b"@", b"<" + b" " * 60_000 + b"@>",
        b" " * 60_000 + b"x@", b"a" * 60_000 + b" @", b"=?a?b?" * 9000,
    ],
    ids=range(10),
)  # fmt: skip
def test_no_address_list_takes_long(evil: bytes):
    with frugal():
        assert all(a.addr for a in addresses(evil))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?why?=3F_now?=", "why?? now"),
        (b"=?utf-8?B?nAECA/4f/wc=?=", "=?utf-8?B?nAECA/4f/wc=?="),
        (b"=?utf-8?q?a=07b?=", "a\x07b"),
        (b"\x1b$BCm\x1b(B", "注"),
        (b"=?iso-8859-1?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ],
)
def test_encoded_words_that_lie_are_read_as_far_as_they_are_text(raw: bytes, text: str):
    assert header_text(raw) == text


@pytest.mark.parametrize(
    ("value", "kind", "charset"),
    [
        ("text/plain charset=utf-8", "text/plain", "utf-8"),
        ("text; charset=utf-8", "text/plain", "utf-8"),
        ("html; charset=utf-8", "text/html", "utf-8"),
        ("TEXT / HTML ; Charset = utf-8", "text/html", "utf-8"),
        ("octets", "application/octet-stream", None),
        ("; charset=utf-8", "text/plain", "utf-8"),
    ],
)
def test_content_types_in_loose_forms_are_read(value: str, kind: str, charset: str | None):
    found, params = content_type(read_block(f"Content-Type: {value}".encode(), []))
    assert (found, params.get("charset")) == (kind, charset)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment filename=a.txt", "a.txt"),
        ('filename="a.txt"', "a.txt"),
        ("inline; filename*0*=utf-8''gr%C3%BC; filename*1=n.txt", "grün.txt"),
        ("attachment; filename*=%C3%BC.txt", "ü.txt"),
        ("attachment; filename==?utf-8?q?=C3=BC.txt?=", "ü.txt"),
    ],
)
def test_file_names_in_loose_forms_are_read(value: str, name: str):
    part = f"Content-Type: application/x-thing\r\nContent-Disposition: {value}\r\n\r\nx"
    assert only_file(multipart(PLAIN, part)).filename == name


def test_parameters_that_are_continued_out_of_order_are_joined():
    assert parameters("; name*1=b; name*0=a; name*2=c")["name"] == "abc"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"--b1\r\n{PLAIN}--b1--", "plain words"),
        (f"--b1\r\n{PLAIN}", "plain words"),
        (f"--other\r\n{PLAIN}\r\n--other--", "plain words"),
        (f"--b1\r\n{PLAIN} --b1 x\r\n--b1--", "plain words --b1 x"),
    ],
)
def test_delimiters_are_found_where_they_should_not_stand(body: str, text: str):
    assert parse_mail(mail(body, "multipart/mixed; boundary=b1")).text == text


def test_a_long_boundary_counts_behind_a_text_without_line_break_but_not_when_quoted():
    bound = "----=_Part_77_1234.5678"
    two = f"--{bound}\r\n{PLAIN}--{bound}\r\n{PLAIN}\r\n--{bound}--"
    assert parse_mail(mail(two, f'multipart/mixed; boundary="{bound}"')).text.count("plain") == 2
    quoted = f"--{bound}\r\n{PLAIN}\r\n> --{bound}\r\nafter\r\n--{bound}--"
    assert "after" in parse_mail(mail(quoted, f'multipart/mixed; boundary="{bound}"')).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("R3LDvMOf\r\nZQ== junk behind it", "Grüße"),
        ("R3I=\r\nw7zDn2U=\r\n", "Grüße"),
        ("R3LDvMOfZQ", "Grüße"),
        ("This is no base64, it says so only.", "This is no base64, it says so only."),
    ],
)
def test_base64_is_read_as_far_as_it_is_any(body: str, text: str):
    assert parse_mail(mail(body, encoding="base64")).text == text


def test_line_ends_of_several_carriage_returns_are_one():
    assert parse_mail(mail("one=0D\r\ntwo\r\r\n", encoding="quoted-printable")).text == "one\ntwo\n"


def test_uuencoded_files_in_the_text_become_attachments():
    data = bytes(range(200))
    parsed = parse_mail(mail(f"See below.\n{uu_block('a.png', data)}Bye.\nbegin 644 no\nend?\n"))
    (file,) = parsed.attachments
    assert (file.filename, file.content_type, file.data) == ("a.png", "image/png", data)
    assert parsed.text == "See below.\nBye.\nbegin 644 no\nend?\n"


def test_a_uuencoded_part_is_named_as_it_names_itself():
    head = "Content-Type: image/png\r\nContent-Transfer-Encoding: uuencode"
    part = f"{head}\r\n\r\n{uu_block('b.png', b'x')}"
    assert only_file(multipart(PLAIN, part)).filename == "b.png"


def test_a_lone_text_with_a_name_is_shown_and_kept():
    part = "Content-Type: text/plain; name=n.txt\r\nContent-Disposition: inline\r\n\r\nwords"
    parsed = parse_mail(multipart(part))
    assert parsed.text == "words"
    assert [file.filename for file in parsed.attachments] == ["n.txt"]
    assert parse_mail(multipart(PLAIN, part)).text == "plain words"


def test_a_picture_without_a_name_is_named_after_its_id():
    picture = "Content-Type: image/png\r\nContent-ID: <image001.png@01D0.5>\r\n\r\nx"
    nameless = "Content-Type: image/png\r\nContent-ID: <part1@x>\r\n\r\nx"
    parsed = parse_mail(multipart(HTML, picture, nameless))
    assert [file.filename for file in parsed.attachments] == ["image001.png", ""]


def test_what_machines_read_is_left_out_unless_it_is_all_there_is():
    report = "Content-Type: message/delivery-status\r\n\r\nAction: failed"
    lines = "Content-Type: text/rfc822-headers\r\n\r\nSubject: lost"
    amp = "Content-Type: text/x-amp-html\r\n\r\n<html amp4email>"
    assert parse_mail(multipart(PLAIN, report, lines, kind="report")).text == "plain words"
    assert parse_mail(multipart(report, kind="report")).text == "Action: failed"
    assert parse_mail(multipart(amp, HTML, kind="alternative")).text == "html words"


def test_html_that_only_repeats_the_text_beside_it_is_shown_once():
    same = "Content-Type: text/html\r\n\r\n<p>Plain <b>words</b></p>".replace("Plain", "plain")
    assert parse_mail(multipart(PLAIN, same)).text == "plain words"
    assert parse_mail(multipart(PLAIN, HTML)).text == "plain words\n\nhtml words"


@pytest.mark.parametrize(
    "plain",
    [
        "Ihr Programm zeigt kein HTML an.",
        "Cliquez ici pour voir ce message dans votre navigateur : https://x.example/1",
        "https://x.example/only/a/link",
        "[cid:image001.png@01D0]",
        "[image: logo]",
        "Si no puede ver este mensaje, ábralo en su navegador",
    ],
)
def test_a_plain_part_that_only_leads_to_the_html_part_loses_to_it(plain: str):
    stub = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{plain}"
    html = f"Content-Type: text/html\r\n\r\n<p>{'Your parcel is on its way. ' * 20}</p>"
    shown = parse_mail(multipart(stub, html, kind="alternative")).text
    assert shown.startswith("Your parcel")


def test_a_short_plain_part_that_says_something_stays():
    stub = "Content-Type: text/plain\r\n\r\nMy browser shows an error, see https://x.example/e"
    html = f"Content-Type: text/html\r\n\r\n<p>My browser shows an error, see {'x' * 40}</p>"
    assert parse_mail(multipart(stub, html, kind="alternative")).text.startswith("My browser shows")


def test_a_byte_order_mark_before_the_header_is_passed_over():
    assert parse_mail(b"\xef\xbb\xbf" + mail()).sender.addr == "ana@customer.example"


def test_a_signed_mail_says_so():
    sign = "Content-Type: application/pgp-signature\r\n\r\n" + base64.b64encode(b"x").decode()
    assert parse_mail(multipart(PLAIN, sign, kind="signed")).is_signed
    assert not parse_mail(multipart(PLAIN, sign)).is_signed


def test_body_of_nothing_but_carriage_returns_takes_no_time():
    with frugal():
        parse_mail(b"From: a@x.example\r\n\r\nwords\n" + b"\r" * 1_000_000)


@pytest.mark.parametrize(
    ("header", "is_unclear"),
    [
        (b"From: Jo <jo@x.example>", False),
        (b'From: "Bo <bo@x.example>" <jo@x.example>', False),
        (b"From: jo@x.example <jo@x.example>", False),
        (b"From: <jo@x.example> <JO@x.example>", False),
        (b"From: MAILER-DAEMON (Mail System)", False),
        (b"From: Jo <jo@x.example>, Bo <bo@y.example>", True),
        (b"From: Jo <jo@x.example>\r\nFrom: Bo <bo@y.example>", True),
        (b"From: <jo@x.example> <bo@y.example>", True),
        (b"From: nobody:;\r\nReply-To: jo@x.example", True),
        (b"Sender: jo@x.example", True),
    ],
)
def test_a_from_that_leaves_open_who_wrote_is_noted(header: bytes, is_unclear: bool):
    assert ("unclear-from" in parse_mail(header + b"\r\n\r\nhello").defects) == is_unclear
