"""Who sends: people, machines, lists, out-of-office replies, delivery reports."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import AuthResult, MailClass
from helpdesk_tui.mail.authresults import auth_results
from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import mail, multipart


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, MailClass.HUMAN),
        ({"auto_submitted": "no"}, MailClass.HUMAN),
        ({"auto_submitted": "no", "precedence": "bulk"}, MailClass.HUMAN),
        ({"auto_submitted": "auto-replied"}, MailClass.AUTO),
        ({"auto_submitted": "auto-generated; x=y"}, MailClass.AUTO),
        ({"auto_submitted": "auto-replied (vacation)"}, MailClass.AUTO),
        ({"auto_submitted": "(on vacation; back soon) Auto-Replied"}, MailClass.AUTO),
        ({"auto_submitted": "auto-replied; reason=vacation"}, MailClass.OOO),
        ({"auto_submitted": "No (typed by hand)"}, MailClass.HUMAN),
        ({"auto_submitted": "auto-replied; owner-email=vacation@x.example"}, MailClass.AUTO),
        (
            {"auto_submitted": "auto-replied (vacation)", "subject": "Out of office: x"},
            MailClass.OOO,
        ),
        ({"precedence": "bulk"}, MailClass.BULK),
        ({"precedence": "list"}, MailClass.BULK),
        ({"precedence": "junk"}, MailClass.BULK),
        ({"precedence": "auto_reply"}, MailClass.AUTO),
        ({"precedence": "first-class"}, MailClass.HUMAN),
        ({"x_auto_response_suppress": "DR, OOF"}, MailClass.AUTO),
        ({"x_auto_response_suppress": "DR"}, MailClass.HUMAN),
        ({"list_id": "<news.x.example>"}, MailClass.BULK),
        ({"list_unsubscribe": "<mailto:x@x.example>"}, MailClass.BULK),
        ({"feedback_id": "1:2:x"}, MailClass.BULK),
        ({"x_autoreply": "yes"}, MailClass.OOO),
        ({"return_path": "<>"}, MailClass.AUTO),
        ({"from": "noreply@x.example"}, MailClass.AUTO),
        ({"from": "no-reply+1@x.example"}, MailClass.AUTO),
        ({"from": "notifications@x.example"}, MailClass.AUTO),
        ({"from": "norepley.fan@x.example"}, MailClass.HUMAN),
        ({"subject": "Out of Office: Re: x"}, MailClass.OOO),
        ({"subject": "Automatische Antwort: x"}, MailClass.OOO),
        ({"subject": "Réponse automatique : x"}, MailClass.OOO),
        ({"subject": "Respuesta automática: x"}, MailClass.OOO),
        ({"subject": "Risposta automatica: x"}, MailClass.OOO),
        ({"subject": "Automatisch antwoord: x"}, MailClass.OOO),
        ({"subject": "Autosvar: x"}, MailClass.OOO),
        ({"subject": "自動返信"}, MailClass.OOO),
        ({"from": "MAILER-DAEMON@x.example"}, MailClass.BOUNCE),
        ({"from": "postmaster@x.example", "subject": "Undeliverable: x"}, MailClass.BOUNCE),
        ({"from": "postmaster@x.example", "subject": "About your domain"}, MailClass.AUTO),
        ({"subject": "Undelivered parcel"}, MailClass.HUMAN),
        ({"x_failed_recipients": "a@x.example"}, MailClass.BOUNCE),
    ],
)
def test_the_class_follows_from_the_headers(headers: dict[str, str], expected: MailClass):
    parsed = parse_mail(mail(**headers))
    assert parsed.mail_class is expected
    assert bool(parsed.evidence) == (expected is not MailClass.HUMAN or "auto_submitted" in headers)


REPORT = "Content-Type: text/plain\r\n\r\nYour message could not be delivered."
STATUS = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; Carla@customer.example\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; {said}\r\n"
)
ORIGINAL = (
    "Content-Type: {kind}\r\n\r\nMessage-ID: <hd.1.2@store.example>\r\nSubject: x\r\n\r\nbody"
)


@pytest.mark.parametrize(
    ("action", "status", "said", "hard", "code"),
    [
        ("failed", "5.1.1", "550 no such user", True, "5.1.1"),
        ("failed", "5.1.2", "host unknown", True, "5.1.2"),
        ("failed", "5.2.2", "552 mailbox full", False, "5.2.2"),
        ("failed", "5.7.1", "550 5.7.1 rejected as spam", False, "5.7.1"),
        ("failed", "5.0.0", "550 5.1.1 user unknown", True, "5.1.1"),
        ("delayed", "4.4.1", "connection timed out", False, "4.4.1"),
    ],
)
def test_a_report_says_what_did_not_arrive(action, status, said, hard, code):
    raw = multipart(
        REPORT,
        STATUS.format(action=action, status=status, said=said),
        ORIGINAL.format(kind="message/rfc822"),
        kind="report; report-type=delivery-status",
    )
    parsed = parse_mail(raw)
    assert parsed.mail_class is MailClass.BOUNCE
    assert parsed.bounce is not None
    assert (parsed.bounce.status, parsed.bounce.hard) == (code, hard)
    assert parsed.bounce.recipient == "carla@customer.example"
    assert parsed.bounce.original_id == "hd.1.2@store.example"
    assert parsed.bounce.reason == said
    assert not parsed.is_forward


def test_a_report_may_enclose_only_the_headers():
    raw = multipart(
        REPORT,
        STATUS.format(action="failed", status="5.1.1", said="x"),
        ORIGINAL.format(kind="text/rfc822-headers"),
        kind="report; report-type=delivery-status",
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert bounce.original_id == "hd.1.2@store.example"


def test_a_report_in_plain_words_is_read_too():
    body = (
        "Hi. This is the program at x.example.\r\n<carla@customer.example>:\r\n"
        "550 5.1.1 User unknown\r\n\r\n--- Below is a copy\r\n\r\n"
        "Message-ID: <hd.1.2@store.example>\r\n"
    )
    bounce = parse_mail(
        mail(body, **{"from": "MAILER-DAEMON@x.example"}, subject="failure notice")
    ).bounce
    assert bounce is not None
    assert (bounce.status, bounce.hard, bounce.recipient, bounce.original_id) == (
        "5.1.1", True, "carla@customer.example", "hd.1.2@store.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([b"mx.x; dmarc=fail header.from=y; spf=pass"],
         AuthResult("mx.x", (("dmarc", "fail"), ("spf", "pass")))),
        ([b"mx.x 1; dkim=pass (dmarc=fail; x) header.d=y"],
         AuthResult("mx.x", (("dkim", "pass"),))),
        ([b"MX.x (c) ; none"], AuthResult("mx.x", ())),
        ([b"mx.x; dkim=fail reason=\"a; dmarc=pass\""], AuthResult("mx.x", (("dkim", "fail"),))),
        ([b'mx.x; spf=pass (domain of it"s@y) smtp.mailfrom=y; dmarc=fail (p=none)'],
         AuthResult("mx.x", (("spf", "pass"), ("dmarc", "fail")))),
        ([b'mx.x; spf=fail smtp.mailfrom="a(b"@y; dmarc=fail'],
         AuthResult("mx.x", (("spf", "fail"), ("dmarc", "fail")))),
        ([rb"mx.x; spf=fail (a \( b) x=y; dmarc=fail"],
         AuthResult("mx.x", (("spf", "fail"), ("dmarc", "fail")))),
        ([b'mx.x; spf=pass (k") smtp.mailfrom=y; dmarc=pass'],
         AuthResult("mx.x", (("spf", "pass"),))),
        ([b"a; spf=fail", b"b; spf=pass"], AuthResult("a", (("spf", "fail"),))),
        ([b""], AuthResult("", ())),
    ],
)  # fmt: skip
def test_the_topmost_authentication_result_comes_first(values, expected):
    assert next(iter(auth_results(values)), None) == expected


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Fwd: x", "a", True), ("WG: x", "a", True), ("TR : x", "a", True), ("Re: x", "a", False),
        ("x", "---------- Forwarded message ---------\r\nFrom: a", True),
        ("x", "Begin forwarded message:\r\n", True),
        ("x", "Anfang der weitergeleiteten Nachricht:\r\n", True),
        ("Information: x", "the forwarded message did not come", False),
    ],
)  # fmt: skip
def test_forwards_by_hand_are_recognised(subject: str, body: str, expected: bool):
    assert parse_mail(mail(body, subject=subject)).is_forward is expected
