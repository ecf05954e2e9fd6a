"""What counts as a forward made by hand in any language: subjects, titles, attached mails."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.mail.forward import find_forwarded, without_forward_prefix
from helpdesk_tui.mail.forward_words import FIELDS, ORDER, folded
from helpdesk_tui.mail.parse import parse_mail
from tests.support.waiting import frugal

NEGATIVES = {
    "answer above an attribution": ("Re: lamp", "Thanks!\n\nOn Monday, Ana wrote:\n> Hello"),
    "answer to a forward, Gmail": (
        "Re: Fwd: lamp",
        "Thanks!\n\nOn Mon, 3 May 2021 at 10:00, Bo <bo@x.example> wrote:\n> See below\n>\n"
        "> ---------- Forwarded message ---------\n> From: A <a@x.example>\n> Date: d\n"
        "> Subject: lamp\n> To: b@x.example\n>\n> Hello",
    ),
    "answer to a forward, Outlook": (
        "Re: lamp",
        "Thanks!\n\nFrom: Bo <bo@x.example>\nSent: d\nTo: me@x.example\nSubject: Fwd: lamp\n\n"
        "---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: d\nSubject: lamp\n"
        "To: bo@x.example\n\nHello",
    ),
    "answer with an original message": (
        "AW: Lampe",
        "Danke!\n\n-----Ursprüngliche Nachricht-----\nVon: A <a@x.example>\nGesendet: heute\n"
        "An: b@x.example\nBetreff: Lampe\n\nHallo",
    ),
    "answer in Finnish": (
        "VS: Lamppu",
        "Kiitos!\n\nLähettäjä: A <a@x.example>\nLähetetty: tänään\nVastaanottaja: b@x.example\n"
        "Aihe: Lamppu\n\nHei",
    ),
    "a journey": ("", "From: London\nTo: Paris\nDate: 3 May\n\nHow much is it?"),
    "a word": ("", "I forwarded message 12 to you: please look.\nFrom: here on all is well."),
    "fields without an author": ("", "Date: today\nTo: b@x.example\nSubject: x\n\nHello"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("subject", "text"), NEGATIVES.values(), ids=NEGATIVES)
def test_what_only_quotes_is_no_forward(subject: str, text: str) -> None:
    assert find_forwarded(subject, text) is None


def test_title_makes_a_forward_whatever_the_subject_became() -> None:
    text = "---------- Forwarded message ---------\nFrom: A <a@x.example>\nSubject: lamp\n\nHello"
    found = find_forwarded("Please look at this", text)
    assert found is not None
    assert found.subject == "lamp"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: Lamp", "Lamp"), ("FW: Fwd: Re: Lamp", "Re: Lamp"), ("WG:Lampe", "Lampe"),
        ("[EXTERN] WG: Lampe", "Lampe"), ("TR : Lampe", "Lampe"), ("Lamp (fwd)", "Lamp"),
        ("İLT: Lamba", "Lamba"), ("转发：灯", "灯"), ("Fwd[2]: Lamp", "Lamp"), ("Lamp", "Lamp"),
    ],
)  # fmt: skip
def test_forward_prefixes_are_taken_off(subject: str, expected: str) -> None:
    assert without_forward_prefix(subject) == expected


def test_no_field_name_means_two_fields() -> None:
    kinds: dict[str, set[str]] = {}
    for row in FIELDS.values():
        for kind, cell in zip(ORDER, row, strict=True):
            for word in cell.split("|"):
                kinds.setdefault(folded(word), set()).add(kind)
    assert {word: found for word, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "unit",
    ["-", "> ", "*", "_", ":", "<", "From: ", "From: a\n", "From:\nTo:\n", "--- a --- ", "a@b.c ",
     "----- Forwarded message ----- From: To:", "<a@b> , ", "12:30 a@b wrote:\n", "“a ", "\n"],
)  # fmt: skip
@pytest.mark.parametrize("subject", ["Fwd: x", ""])
def test_long_hostile_text_is_read_in_linear_time(unit: str, subject: str) -> None:
    with frugal():
        find_forwarded(subject, unit * (200_000 // len(unit)))


def attached(inner: str, *, subject: str = "Fwd: Broken lamp") -> bytes:
    return (
        "From: Bo <bo@lamps.example>\r\nTo: shop@lamps.example\r\n"
        f"Subject: {subject}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease answer her.\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    ).encode()


INNER = (
    "From: Ana Ruiz <ana@garden.example>\r\nTo: max@lamps.example\r\nSubject: Broken lamp\r\n"
    "Date: Tue, 12 Mar 2024 10:15:00 +0100\r\nMessage-ID: <one@garden.example>\r\n\r\nIt broke.\r\n"
)


@pytest.mark.parametrize("subject", ["Fwd: Broken lamp", "Look at this", "Re: something"])
def test_attached_mail_is_read_as_the_forwarded_one(subject: str) -> None:
    mail = parse_mail(attached(INNER, subject=subject))
    assert mail.is_forward
    found = mail.forwarded
    assert found is not None
    assert found.is_attached
    ana = Address("Ana Ruiz", "ana@garden.example")
    assert (found.sender, found.subject) == (ana, "Broken lamp")
    assert (found.body, found.message) == ("It broke.", "Please answer her.")


def test_attached_mails_are_read_one_level_deep() -> None:
    raw = attached(INNER)
    for _ in range(6):
        raw = attached(raw.decode())
    found = parse_mail(raw).forwarded
    assert found is not None
    assert found.sender.addr == "bo@lamps.example"


def test_enclosed_mail_of_a_bounce_is_not_forwarded() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; x@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + INNER.encode() + b"\r\n--b--\r\n"
    )
    mail = parse_mail(raw)
    assert mail.forwarded is None
    assert not mail.is_forward
