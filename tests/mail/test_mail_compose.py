"""Outgoing mail: the same bytes for the same value, and no way to add a header."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.mail import Address, OutgoingFile, OutgoingMail
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.mail.html_twin import html_of
from helpdesk_tui.mail.parse import parse_mail

MAIL = OutgoingMail(
    message_id="hd.1.2.abc@store.example",
    date=datetime(2025, 6, 4, 9, 30, tzinfo=UTC),
    sender=Address("Store Help", "help@store.example"),
    to=(Address("Søren, O'Neil", "s@x.example"),),
    cc=(),
    subject="Re: Größe",
    text="Hello,\n\n> old – line\n",
    html="<p>Hello</p>",
    in_reply_to="one@x.example",
    references=("zero@x.example", "one@x.example"),
    instance="desk-1",
)


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_bytes_follow_from_the_value():
    raw = compose_mail(MAIL)
    assert raw == compose_mail(replace(MAIL))
    assert raw != compose_mail(replace(MAIL, message_id="hd.1.3.abc@store.example"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_an_independent_parser_reads_it_back():
    found = read(compose_mail(MAIL))
    assert found["subject"] == "Re: Größe"
    assert str(found["to"].addresses[0]) == '"Søren, O\'Neil" <s@x.example>'
    assert found["message-id"] == "<hd.1.2.abc@store.example>"
    assert found["in-reply-to"] == "<one@x.example>"
    assert found["references"].split() == ["<zero@x.example>", "<one@x.example>"]
    assert found["x-helpdesk-instance"] == "desk-1"
    assert found["date"].datetime == MAIL.date
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == "<p>Hello</p>"
    assert found["auto-submitted"] is None


def test_our_own_parser_reads_it_back():
    files = (OutgoingFile("Größe.pdf", "application/pdf", bytes(range(256)) * 9),
             OutgoingFile("../a\r\nX: y.txt", "text/plain", b"a\nb"))  # fmt: skip
    parsed = parse_mail(compose_mail(replace(MAIL, files=files)))
    assert parsed.text == MAIL.text
    assert [(a.filename, a.data) for a in parsed.attachments] == [
        ("Größe.pdf", files[0].data), ("a X: y.txt", b"a\nb"),
    ]  # fmt: skip
    assert (parsed.instance, parsed.to) == ("desk-1", MAIL.to)


def test_automatic_mail_says_so():
    found = read(compose_mail(replace(MAIL, automatic=True)))
    assert found["auto-submitted"] == "auto-replied"
    assert found["x-auto-response-suppress"] == "All"


@pytest.mark.parametrize(
    "addr",
    ["a@b.example\r\nBcc: x@y.example", "a@b.example\n", "a\x00@b.example", "a\u2028@b.example",
     "a@b\u2029.example", "", "a", "a b@c.example",
     "a@b@c.example", "<a@b.example>", "a@", "@b.example", "a@-", "ä@b.example"],
)  # fmt: skip
def test_a_bad_address_is_refused(addr: str):
    for changed in (
        replace(MAIL, to=(Address("", addr),)),
        replace(MAIL, cc=(Address("", addr),)),
        replace(MAIL, sender=Address("", addr)),
    ):
        with pytest.raises(UsageError) as caught:
            compose_mail(changed)
        assert caught.value.code == "bad-address"


def test_a_domain_leaves_in_its_ascii_form():
    raw = compose_mail(replace(MAIL, to=(Address("", "a@bücher.example"),)))
    assert b"To: a@xn--bcher-kva.example\r\n" in raw


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: x@y.example", "a\nb", "a\u2028b", "a\x00b", "=?utf-8?q?a=0Ab?="]
)
def test_subjects_and_names_are_one_line(bad: str):
    raw = compose_mail(replace(MAIL, subject=bad, to=(Address(bad, "s@x.example"),)))
    names = [
        line.split(b":")[0] for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] != b" "
    ]
    assert names == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To",
                     b"References",
                     b"X-Helpdesk-Instance", b"MIME-Version", b"Content-Type"]  # fmt: skip


def test_ids_of_no_valid_form_are_left_out_and_long_chains_are_cut():
    ids = ("a b@x", "<x>", "q\r\n A7@x", "", *(f"{n}@x.example" for n in range(40)))
    found = read(compose_mail(replace(MAIL, in_reply_to="a\r\nb@x", references=ids)))
    assert found["in-reply-to"] is None
    assert found["references"].split() == [
        "<0@x.example>",
        *(f"<{n}@x.example>" for n in range(21, 40)),
    ]


def test_a_mail_needs_a_recipient_and_an_id():
    with pytest.raises(UsageError, match="no-recipient"):
        compose_mail(replace(MAIL, to=()))
    with pytest.raises(UsageError, match="bad-message-id"):
        compose_mail(replace(MAIL, message_id="a b"))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 3000,
        "From here\n.\n..x\n",
        "ends with space \nx",
        "ä" * 2000,
        "tab\there",
        "-- \nme",
        "\n\n",
        "=",
    ],
)
def test_any_text_survives_the_way(text: str):
    raw = compose_mail(replace(MAIL, text=text, html=""))
    plain = read(raw).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().rstrip("\r\n").replace("\r\n", "\n") == text.rstrip("\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\nFrom " not in raw.split(b"\r\n\r\n", 1)[1]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=120), st.text(max_size=120))
def test_whatever_is_typed_makes_a_mail(text: str, subject: str, name: str):
    raw = compose_mail(
        replace(MAIL, text=text, subject=subject, to=(Address(name, "s@x.example"),))
    )
    assert [a.addr for a in parse_mail(raw).to] == ["s@x.example"]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_html_is_escaped_and_links_work():
    html = html_of("Hi <b>&\n\nsee https://x.example/?a=1&b=2. or javascript:x\n> old\n> older")
    assert "<p>Hi &lt;b&gt;&amp;</p>" in html
    assert '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">' in html
    assert 'href="javascript' not in html
    assert '<blockquote type="cite">\n<p>old<br>\nolder</p>\n</blockquote>' in html
    assert '"onclick' not in html_of('https://x.example/"onclick=x')
