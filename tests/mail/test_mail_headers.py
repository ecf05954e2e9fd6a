"""Headers: encoded words, addresses, ids, dates, parameters; in good and in bad form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.mail.addresses import addresses, date_of, message_id, message_ids
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.words import header_text, parameters
from tests.support.raw_mails import mail


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?= x", "Grüße x"),
        (b"=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        (b"=?utf-8*de?q?ja?=", "ja"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?= =?iso-8859-1?q?=E4?=", "aä"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        (b"=?utf-8?q?a_b?= c =?utf-8?q?d?=", "a b c d"),
        (b"=?iso-8859-1?q?Fr\xf6sche?=", "Frösche"),
        (b"=?klingon?q?abc?=", "abc"),
        (b"=?utf-8?q?open", "=?utf-8?q?open"),
        (b"=?iso-2022-jp?b?GyRCQ21KOBsoQg==?=", "注文"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"a =?utf-8?q?b?=c", "a bc"),
    ],
)
def test_encoded_words_are_read_in_good_and_broken_form(raw: bytes, text: str):
    assert header_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"ana@x.example", [("", "ana@x.example")]),
        (b"Ana <ANA@X.example>", [("Ana", "ana@x.example")]),
        (b'"Smith, Ana" <ana@x.example>', [("Smith, Ana", "ana@x.example")]),
        (b"=?utf-8?q?Smith,_Ana?= <a@x.example>", [("Smith, Ana", "a@x.example")]),
        (b"a@x.example, B <b@x.example>", [("", "a@x.example"), ("B", "b@x.example")]),
        (b"team: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        (b"ana@x.example (Ana)", [("Ana", "ana@x.example")]),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?q?Ana_=3Ca=40x=2Eexample=3E?=", [("Ana", "a@x.example")]),
        (b"'Ana' <ana@x.example>", [("Ana", "ana@x.example")]),
        (b'"a\\"b" <ana@x.example>', [('a"b', "ana@x.example")]),
        (b"Ana <ana@x.example", [("Ana", "ana@x.example")]),
        (b"<>", []),
        (b"nobody", []),
    ],
)
def test_addresses_are_found(raw: bytes, expected: list[tuple[str, str]]):
    assert [(a.name, a.addr) for a in addresses(raw)] == expected


def test_a_line_break_in_a_name_stays_in_the_name():
    (found,) = addresses(b"=?utf-8?q?Tru=0D=0ACc:_y=40evil.example?= <t@x.example>")
    assert found.addr == "t@x.example"
    assert "\n" not in found.name
    assert "\r" not in found.name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<a@b>", "a@b"),
        (b"  <a@b>  junk", "a@b"),
        (b"a@b", "a@b"),
        (b"<[x", ""),
        (b"<q\r\n A7 DELETE@evil>", ""),
        (b"", ""),
    ],
)
def test_a_message_id_counts_only_in_a_valid_form(raw: bytes, expected: str):
    assert message_id(raw) == expected


def test_references_keep_their_order():
    assert message_ids(b"<a@b> <c@d>\t<e@f> junk") == ("a@b", "c@d", "e@f")


@pytest.mark.parametrize(
    ("raw", "hour"),
    [
        (b"Wed, 04 Jun 2025 09:30:00 +0200", 7),
        (b"4 Jun 2025 09:30:00 -0100", 10),
        (b"Wed, 04 Jun 2025 09:30:00 GMT", 9),
        (b"Wed, 04 Jun 2025 09:30 +0000 (UTC)", 9),
        (b"Wednesday, 04-Jun-25 09:30:00 EST", 14),
    ],
)
def test_dates_become_utc(raw: bytes, hour: int):
    assert date_of(raw) == datetime(2025, 6, 4, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize("raw", [b"", b"soon", b"Wed, 99 Foo 2025 99:99:99 +9999", b"0" * 9999])
def test_no_date_is_better_than_a_wrong_one(raw: bytes):
    assert date_of(raw) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x/y; name=a.txt", {"name": "a.txt"}),
        ('x/y; name="a b; c.txt"; q=1', {"name": "a b; c.txt", "q": "1"}),
        ("x/y; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf", {"filename": "Größe.pdf"}),
        ("x/y; f*0*=utf-8''a%20; f*1=b; f*2*=%C3%A4", {"f": "a bä"}),
        ("x/y; f*1=b; f*0=a", {"f": "ab"}),
        ('x/y; name="open', {"name": "open"}),
        ("x/y; name=a b.txt", {"name": "a b.txt"}),
        ("x/y; a=1; a=2", {"a": "1"}),
    ],
)
def test_parameters_are_read_with_their_continuations(text: str, expected: dict[str, str]):
    assert parameters(text) == expected


def test_subjects_are_one_line_and_of_bounded_length():
    parsed = parse_mail(mail(subject="=?utf-8?q?Order=0D=0ABcc:_list=40x.example?="))
    assert parsed.subject == "Order Bcc: list@x.example"
    assert len(parse_mail(mail(subject="x" * 30_000)).subject) == 998


def test_a_raw_8_bit_header_is_read_with_the_charset_of_the_mail():
    raw = mail(
        "тест".encode("koi8-r"), "text/plain; charset=koi8-r", subject="Заказ".encode("koi8-r")
    )
    assert parse_mail(raw).subject == "Заказ"


def test_headers_of_forwards_come_in_the_order_of_the_rules():
    parsed = parse_mail(
        mail(
            reply_to="r@x.example",
            resent_from="s@x.example",
            x_forwarded_for="f@x.example own@store.example",
            x_original_from="Ana <o@x.example>",
            delivered_to="help@store.example",
            x_original_to="Help@store.example",
            envelope_to="desk@store.example",
        )
    )
    assert [(n, a.addr) for n, a in parsed.original_senders] == [
        ("x-original-from", "o@x.example"),
        ("x-forwarded-for", "f@x.example"),
        ("resent-from", "s@x.example"),
        ("reply-to", "r@x.example"),
    ]
    assert parsed.delivered_to[:2] == ("help@store.example", "desk@store.example")
