"""What leaves, read by the standard library's parser, which shares no line with ours."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.mail import Address, OutgoingFile, OutgoingMail
from helpdesk_tui.domain.message_ids import MARKER, make_marker
from helpdesk_tui.domain.reply_headers import with_quote
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.mail.flowed import flowed
from helpdesk_tui.mail.html_twin import html_of
from helpdesk_tui.mail.parse import parse_mail

MAIL = OutgoingMail(
    message_id="hd.1.2.abc@store.example",
    date=datetime(2025, 6, 4, 9, 30, tzinfo=UTC),
    sender=Address("Store Help", "help@store.example"),
    to=(Address("Lena", "lena@x.example"),),
    cc=(),
    subject="Re: order",
    text="Hello\n",
    html="",
    in_reply_to="",
    references=(),
    instance="desk-1",
)
LONG = "words that go on and on " * 12
HEADERS = {"from", "to", "cc", "subject", "date", "message-id", "x-helpdesk-instance",
           "mime-version", "content-type", "content-transfer-encoding"}  # fmt: skip
SCRIPTS = st.sampled_from(
    ["Größe", "Żółć", "Ответ", "你好世界", "こんにちは", "مرحبا", "שלום", "สวัสดี", "नमस्ते", "👩‍🔧🧾",
     "e\u0301",
     "plain", "=?utf-8?q?x?=", '"quoted"', "back\\slash", "a;b=c", "<x@y.example>", "(c)", " ",
     "\r\nBcc: evil@y.example", "\n", "\r", "\x00", "\u2028", "\x1b[31m", "\ud800", "\u202e",
     "From ", ".", ">", "-- ", "\t", "=", "x" * 90, "ä" * 90, "{{x}}"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(SCRIPTS, max_size=14).map("".join))


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(raw: bytes, kind: str = "plain") -> str:
    part = read(raw).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def joined(text: str) -> list[tuple[int, str]]:
    """Read a flowed text by the letter of RFC 3676: (quote depth, line)."""
    out: list[tuple[int, str]] = []
    is_open = False
    for line in text.removesuffix("\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        fixed = content == "-- " or not content.endswith(" ")
        if is_open and out[-1][0] == depth and content != "-- ":
            out[-1] = (depth, out[-1][1] + content)
        else:
            out.append((depth, content))
        is_open = not fixed
    return out


def meant(text: str) -> list[tuple[int, str]]:
    """Return what a plain text means: its quote marks, and the text behind them."""
    out = []
    for line in text.split("\n"):
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        rest = rest.removeprefix(" ") if depth else rest
        out.append((depth, rest if rest == "-- " else rest.rstrip(" ")))
    return out


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        f"{LONG}\n\n{LONG}",
        f"> {LONG}\n>> {LONG}\nmine",
        f"  indented\n{LONG}\n>\n> \n-- \nAnna",
        f"{LONG}> not a quote {LONG}",
        "x" * 70 + " From here and on " + "y" * 70,
        "word  " * 40,
        "a " + "x" * 500 + " b",
        "x" * 500,
        f"{'x' * 70} -- {'y' * 70}",
    ],
)
def test_a_long_line_is_the_same_line_to_a_client_that_flows(text: str):
    raw = compose_mail(replace(MAIL, text=text))
    part = read(raw)
    assert part["content-type"].params["format"] == "flowed"
    assert "delsp" not in part["content-type"].params
    assert joined(body(raw)) == meant(text)
    words = max(len(word) for word in text.split())
    assert max(len(line) for line in body(raw).split("\n")) <= max(78, words + 4)
    expected = "\n".join(line.rstrip() for line in parse_mail(raw).text.rstrip("\n").split("\n"))
    assert [line.split() for line in expected.split("\n")] == [
        line.split() for line in text.split("\n")
    ]


def test_a_text_without_long_lines_stays_as_it_was_typed():
    text = " indented\n> quoted\nFrom here\n-- \nAnna\n"
    raw = compose_mail(replace(MAIL, text=text))
    assert body(raw) == text
    assert "format" not in read(raw)["content-type"].params
    assert b"\nFrom here" not in raw


def test_the_marker_stands_in_one_line_below_any_quote():
    marker = make_marker("6b" * 32, 10**17)
    text = with_quote(LONG, name="Lena", at=MAIL.date, original=f"{LONG}\n> {LONG}", marker=marker)
    raw = compose_mail(replace(MAIL, text=text))
    assert f"\n> {marker}\n" in body(raw)
    assert [match[0] for match in MARKER.finditer(body(raw))] == [marker]
    assert parse_mail(raw).markers == (marker,)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_flowed_lines_mean_what_was_typed(text: str):
    assert joined(f"{flowed(text)}\n") == meant(text)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, subject=TEXTS, name=TEXTS, file=TEXTS)
def test_nothing_typed_breaks_out_of_its_place(text: str, subject: str, name: str, file: str):
    files = (OutgoingFile(file, "application/pdf", b"%PDF-1.4\r\n\x00\xff"),)
    people = (Address(name, "lena@x.example"),)
    raw = compose_mail(
        replace(MAIL, text=text, html=html_of(text), subject=subject, to=people, files=files)
    )
    assert raw.isascii()
    assert b"\x00" not in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    found = read(raw)
    assert {key.lower() for key in found} <= HEADERS
    assert [each.addr_spec for each in found["to"].addresses] == ["lena@x.example"]
    assert not [defect for part in found.walk() for defect in part.defects]
    assert words_of(found["subject"]) == words_of(subject)
    assert words_of(found["to"].addresses[0].display_name) == words_of(name)
    (attached,) = found.iter_attachments()
    assert attached.get_content() == files[0].data
    shown = attached["content-disposition"].params.get("filename", "")
    assert words_of(shown) == words_of(re.split(r"[/\\]", file)[-1])
    own = parse_mail(raw)
    assert [one.data for one in own.attachments] == [files[0].data]


def words_of(text: str) -> str:
    """Return a text without blanks, and without what may not stand in a header."""
    return re.sub("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", "", text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_what_is_typed_arrives(text: str):
    raw = compose_mail(replace(MAIL, text=text))
    flat = re.sub("\r\n?", "\n", text.replace("\x00", "")).encode("utf-8", "replace").decode()
    arrived = body(raw)
    if read(raw)["content-type"].params.get("format") == "flowed":
        assert joined(arrived) == meant(flat.removesuffix("\n"))
    else:
        assert arrived.removesuffix("\n") == flat.removesuffix("\n")


@pytest.mark.parametrize(
    "name",
    ["plain.pdf", "Größe.pdf", "Zażółć gęślą jaźń.pdf", "発注書の写し.pdf", "чек №1.pdf", "א.pdf",
     "👩‍🔧.png", 'with "quotes".txt', "semi;colon=1.txt", "x" * 200 + ".pdf", "ä" * 120 + ".pdf",
     "=?utf-8?q?x?=.pdf", "100%.pdf", "it's.pdf", "back\\slash.pdf"],
)  # fmt: skip
def test_names_of_files_are_whole_in_the_new_form_and_in_the_old(name: str):
    raw = compose_mail(replace(MAIL, files=(OutgoingFile(name, "application/pdf", b"x"),)))
    (part,) = read(raw).iter_attachments()
    shown = name.rpartition("\\")[2]
    assert part.get_filename() == shown
    assert part.get_content_type() == "application/pdf"
    old = email.message_from_bytes(raw, policy=email.policy.compat32).get_payload()
    assert isinstance(old, list)
    assert isinstance(old[1], Message)
    words = old[1].get_param("name")
    assert str(email.header.make_header(email.header.decode_header(str(words)))) == shown
    if "=?" not in name and len(name) < 150:
        assert parse_mail(raw).attachments[0].filename == shown


def test_pictures_are_shown_below_the_text_and_nothing_else_is():
    files = tuple(
        OutgoingFile(name, kind, b"x")
        for name, kind in (
            ("a.png", "image/png"),
            ("b.svg", "image/svg+xml"),
            ("c.html", "text/html"),
            ("d.eml", "message/rfc822"),
            ("e", "nonsense"),
        )
    )
    found = list(read(compose_mail(replace(MAIL, files=files))).iter_attachments())
    assert [(part.get_content_disposition(), part.get_content_type()) for part in found] == [
        ("inline", "image/png"),
        ("attachment", "image/svg+xml"),
        ("attachment", "text/html"),
        ("attachment", "application/octet-stream"),
        ("attachment", "application/octet-stream"),
    ]


def test_quotes_in_quotes_are_nested_and_indents_are_kept():
    html = html_of("mine\n> theirs\n>> ours\n\n  - one\n    - two")
    assert html.count("<blockquote") == html.count("</blockquote>") == 2
    assert "<p>mine</p>" in html
    assert "<p>&nbsp; - one<br>\n&nbsp;&nbsp;&nbsp; - two</p>" in html
    deep = html_of(">" * 300 + " deep")
    assert deep.count("<blockquote") <= 20
