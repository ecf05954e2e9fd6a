"""Delivery reports are told from mails of people and machines that only speak of deliveries."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import mail, multipart

QUOTED = (
    "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your "
    "message could not\nbe delivered to one or more recipients.\n\n<carla@customer.example>: host "
    "mx said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n"
)
STATUS = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
    "Final-Recipient: rfc822; carla@customer.example\nAction: {action}\nStatus: 5.1.1\n"
)
TEXT = "Content-Type: text/plain\n\nWhat does this mean?"
ENCLOSED = "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example\nSubject: failure\n\nx"


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered parcel", "Undeliverable: my invoice", "My order was not delivered",
        "Delivery failed", "failure notice", "Returned mail", "Returned to sender again",
        "Question about your bounce rate", "Nicht zustellbar", "Meine Bestellung nicht zugestellt",
        "Zustellung fehlgeschlagen", "Colis non distribué", "Échec de la remise du colis",
        "Mi pedido no entregado", "Pacco non recapitabile", "Mancato recapito",
        "Encomenda não entregue", "Pakket niet bezorgd", "Paczka niedostarczona",
        "Paket kunde inte levereras", "Pakke ikke leveret", "Paketti ei voitu toimittaa",
        "Zásilka nedoručitelná", "Посылка не доставлена", "荷物が配信できません", "包裹退信",
    ],
)  # fmt: skip
def test_a_person_who_writes_about_a_delivery_is_a_person(subject: str):
    parsed = parse_mail(mail(f"Hello, I received this:\n\n{QUOTED}", subject=subject))
    assert parsed.mail_class is MailClass.HUMAN
    assert parsed.bounce is None


@pytest.mark.parametrize(
    "raw",
    [
        mail(f"---------- Forwarded message ---------\nFrom: MAILER-DAEMON\n\n{QUOTED}",
             subject="Fwd: Undelivered Mail Returned to Sender"),
        mail("> " + QUOTED.replace("\n", "\n> "), subject="Re: failure notice"),
        multipart(TEXT, ENCLOSED, subject="Fw: failure notice"),
        multipart(TEXT, STATUS.format(action="failed"), subject="WG: Unzustellbar: x"),
        multipart(TEXT, "Content-Type: message/feedback-report\n\nFeedback-Type: abuse"),
    ],
    ids=["inline", "quoted", "attached", "with the report's parts", "an abuse report"],
)  # fmt: skip
def test_a_person_who_passes_on_a_report_is_a_person(raw: bytes):
    assert parse_mail(raw).mail_class is MailClass.HUMAN


@pytest.mark.parametrize(
    ("headers", "text", "expected"),
    [
        ({"from": "noreply@parcels.example", "subject": "Undelivered parcel", "return_path": "<>"},
         "Your parcel could not be delivered to your address. Write to help@parcels.example",
         MailClass.AUTO),
        ({"from": "no-reply@parcels.example", "subject": "Delivery failed"},
         "We were unable to deliver your parcel. help@parcels.example", MailClass.AUTO),
        ({"subject": "Automatic reply: Undelivered parcel", "return_path": "<>"},
         "I am away; your message was not delivered to me, but to bob@x.example.", MailClass.OOO),
        ({"subject": "Undelivered parcel", "return_path": "<>"}, "Thanks!", MailClass.AUTO),
        ({"from": "news@shop.example", "list_unsubscribe": "<mailto:x@shop.example>",
          "subject": "Delivery failed? Never again"}, "Undeliverable mail is history",
         MailClass.BULK),
        ({"from": "bounce@news.example", "list_unsubscribe": "<mailto:x@news.example>",
          "subject": "Bounce back this summer"}, "Undeliverable mail is history", MailClass.AUTO),
        ({"from": "postmaster@shop.example", "subject": "My order was not delivered"}, "Where?",
         MailClass.AUTO),
        ({"from": "postmaster@shop.example", "subject": "Re: Undeliverable: x"},
         "> " + QUOTED.replace("\n", "\n> "), MailClass.AUTO),
        ({"from": "neko-admin@list.example", "x_mlserver": "fml", "subject": "Weekly digest"},
         "News of the week", MailClass.HUMAN),
    ],
)  # fmt: skip
def test_machines_that_speak_of_deliveries_report_no_failed_mail(
    headers: dict[str, str], text: str, expected: MailClass
):
    assert parse_mail(mail(text, **headers)).mail_class is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("failed", MailClass.BOUNCE), ("delayed", MailClass.BOUNCE), ("expired", MailClass.BOUNCE),
        ("delivered", MailClass.AUTO), ("relayed", MailClass.AUTO), ("expanded", MailClass.AUTO),
    ],
)  # fmt: skip
def test_only_a_report_of_failures_is_a_bounce(action: str, expected: MailClass):
    raw = multipart(
        TEXT,
        STATUS.format(action=action),
        kind="report; report-type=delivery-status",
        **{"from": "Mail Delivery System <MAILER-DAEMON@mx.example>"},
    )
    assert parse_mail(raw).mail_class is expected


def test_a_read_receipt_is_automatic():
    raw = multipart(
        "Content-Type: text/plain\n\nYour message was read.",
        "Content-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; ana@customer.example\nDisposition: manual-action; displayed",
        kind="report; report-type=disposition-notification",
    )
    assert parse_mail(raw).mail_class is MailClass.AUTO


def test_a_mailbox_that_rejects_by_receipt_is_a_bounce():
    raw = multipart(
        "Content-Type: text/plain\n\nYour message to <carla@customer.example> was automatically "
        "rejected:\nQuota exceeded (mailbox for user is full)",
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; "
        "carla@customer.example\nOriginal-Message-ID: <hd.1.2@store.example>\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted",
        kind="report; report-type=disposition-notification",
        **{"from": "postmaster@customer.example", "return_path": "<>", "subject": "Rejected: x"},
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status, bounce.hard) == (
        "carla@customer.example", "5.2.2", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "subject",
    ["Pacco assente", "Producto ausente en mi pedido", "Vacation rental order 12",
     "Delivery while I am on holiday",
     "I am away next week, please wait", "Please deliver during my leave", "Verpackung afwezig"],
)  # fmt: skip
def test_a_subject_with_a_word_for_absence_is_no_absence(subject: str):
    assert parse_mail(mail(subject=subject)).mail_class is MailClass.HUMAN


def test_such_a_word_counts_beside_the_signs_of_a_program():
    raw = mail(subject="Ana ausente hasta el lunes", auto_submitted="auto-replied")
    assert parse_mail(raw).mail_class is MailClass.OOO


def test_a_vacation_rule_of_a_mail_provider_is_an_absence():
    raw = mail(subject="Re: x", x_apple_action="VACATION")
    assert parse_mail(raw).mail_class is MailClass.OOO


@pytest.mark.parametrize("kind", ["abuse", "opt-out", "auth-failure"])
def test_an_abuse_report_is_automatic_and_known_as_one(kind: str):
    raw = multipart(
        "Content-Type: text/plain\n\nThis is an email abuse report for a message received.",
        f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1",
        "Content-Type: message/rfc822\n\nFrom: help@store.example\nSubject: x\n\nx",
        kind="report; report-type=feedback-report",
        **{"from": "Feedback <feedback@provider.example>"},
    )
    parsed = parse_mail(raw)
    assert parsed.is_feedback_report
    assert parsed.mail_class is MailClass.AUTO


def test_an_old_complaint_form_is_an_abuse_report_too():
    raw = multipart(TEXT, ENCLOSED, subject="complaint about message from 192.0.2.1",
                    **{"from": "staff@provider.example"})  # fmt: skip
    assert parse_mail(raw).is_feedback_report
    other = multipart(TEXT, subject="complaint about message from your colleague")
    assert not parse_mail(other).is_feedback_report


def test_a_complaint_of_a_sending_service_is_an_abuse_report():
    raw = mail('{"notificationType":"Complaint","complaint":{}}',
               **{"from": "no-reply@sns.cloud.example"})  # fmt: skip
    parsed = parse_mail(raw)
    assert (parsed.is_feedback_report, parsed.mail_class) == (True, MailClass.AUTO)
