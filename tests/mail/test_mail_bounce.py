"""Delivery reports in the shapes of many mail systems: who failed, why, and for good or not."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import FailedRecipient, MailClass
from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import mail, multipart
from tests.support.waiting import frugal

CARLA = "carla@customer.example"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
SENT = (
    "Return-Path: <help@store.example>\nReceived: from store.example by mx.example; Wed\n"
    "Message-ID: <hd.1.2@store.example>\nFrom: help@store.example\nTo: carla@customer.example\n"
    "Subject: Your order\n\nHello\n"
)


def told(raw: bytes) -> tuple[tuple[str, str, bool, str], ...]:
    """Return what a report says of each recipient: address, status, hard, kind."""
    parsed = parse_mail(raw)
    assert parsed.mail_class is MailClass.BOUNCE, parsed.evidence
    assert parsed.bounce is not None
    assert not parsed.defects
    return tuple((f.recipient, f.status, f.hard, f.kind) for f in parsed.bounce.failures)


def fields(*recipients: str, head: str = "Reporting-MTA: dns; mx.example") -> str:
    groups = "\n\n".join([head, *recipients])
    return f"Content-Type: message/delivery-status\n\n{groups}\n"


def report(text: str, *recipients: str, **headers: str) -> bytes:
    return multipart(
        f"Content-Type: text/plain\n\n{text}",
        fields(*recipients),
        f"Content-Type: message/rfc822\n\n{SENT}",
        kind="report; report-type=delivery-status",
        **{"from": DAEMON, "subject": "Undelivered Mail Returned to Sender", **headers},
    )


def failed(addr: str, status: str, said: str, action: str = "failed") -> str:
    return (
        f"Final-Recipient: rfc822; {addr}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}"
    )


PLAIN: dict[str, tuple[dict[str, str], str, tuple[str, str, bool, str]]] = {
    "a relay that quotes the server": (
        {"from": DAEMON},
        "This is the mail system at host mx.example.\n\n<carla@customer.example>: host c[192.0.2.1]"
        " said: 550\n    5.1.1 <carla@customer.example>... User Unknown (in reply to RCPT TO\n"
        "    command)\n\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "an indented list with the reply below": (
        {"from": DAEMON, "x_failed_recipients": CARLA},
        "This message was created automatically by mail delivery software.\n\n"
        "  carla@customer.example\n    SMTP error from remote mail server after RCPT TO:<carla@cu"
        "stomer.example>:\n    host mx [192.0.2.1]: 552 5.2.2 Mailbox full\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n",
        (CARLA, "5.2.2", False, "mailboxfull"),
    ),
    "a report that greets": (
        {"from": "MAILER-DAEMON@q.example", "subject": "failure notice"},
        "Hi. This is the qmail-send program at q.example.\n\n<carla@customer.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "a filter that refuses after the text": (
        {"from": DAEMON},
        "<carla@customer.example>: host c said: 550 Unknown user carla@customer.example (in reply"
        " to end of DATA command)\n",
        (CARLA, "5.2.0", False, "filtered"),
    ),
    "a refused greeting": (
        {"from": "MAILER-DAEMON@q.example"},
        "<carla@customer.example>:\nConnected to 192.0.2.1 but my name was rejected.\n"
        "Remote host said: 501 5.0.0 Invalid domain name\n",
        (CARLA, "5.0.0", False, "blocked"),
    ),
    "a refused sender": (
        {"from": "MAILER-DAEMON@q.example"},
        "<carla@customer.example>:\nConnected to 192.0.2.1 but sender was rejected.\n"
        "Remote host said: 550 5.7.1 Access denied\n",
        (CARLA, "5.7.1", False, "rejected"),
    ),
    "a transcript of a session": (
        {"from": "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>"},
        "   ----- Transcript of session follows -----\nWhile talking to customer.example:\n"
        ">>> RCPT To:<carla@customer.example>\n<<< 550 No such user here.\n"
        "550 <carla@customer.example>... User unknown\n\n   ----- Unsent message follows -----\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "a transcript about no recipient": (
        {"from": "MAILER-DAEMON@mx.example", "subject": "Returned mail: Cannot send for 4 days"},
        "   ----- Transcript of session follows -----\n421 customer.example (smtp)... Deferred: "
        "Connection timed out during user open\n\n   ----- Unsent message follows -----\n",
        (CARLA, "4.4.7", False, "expired"),
    ),
    "recipients that were not reached": (
        {"from": "System Administrator <postmaster@ex.example>", "subject": "Undeliverable: x"},
        "Your message\n\n  To:      carla@customer.example\n  Subject: Your order\n\ndid not reach"
        " the following recipient(s):\n\ncarla@customer.example on Wed, 4 Jun 2025 09:30:00 +0200\n"
        "    The recipient name is not recognized\n    MSEXCH:IMS:X 0 (000C05A6) Unknown"
        " Recipient\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "German words": (
        {"from": "postmaster@cust.example", "subject": "Unzustellbar: Your order"},
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n\ncarla@customer.example"
        "<mailto:carla@customer.example>\nDie eingegebene E-Mail-Adresse konnte nicht gefunden "
        "werden.\n\ncarla@customer.example\nRemote Server returned '550 5.1.10 "
        "RESOLVER.ADR.RecipientNotFound; not found'\n\nUrsprüngliche Nachrichtenkopfzeilen:\n\n",
        (CARLA, "5.1.10", True, "userunknown"),
    ),
    "French words": (
        {"from": "postmaster@cust.example", "subject": "Non remis : Your order"},
        "Échec de la remise pour ces destinataires ou groupes :\n\ncarla@customer.example\n"
        "La boîte aux lettres du destinataire est pleine.\n\nEn-têtes de message d'origine :\n\n",
        (CARLA, "5.2.2", False, "mailboxfull"),
    ),
    "Russian words": (
        {"from": "mailer-daemon@ya.example", "subject": "Недоставленное сообщение"},
        "Письмо не может быть доставлено.\n\n<carla@customer.example>: host mx said: 550 "
        "Пользователь не найден (in reply to RCPT TO command)\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "Japanese words": (
        {"from": "no-reply@isp.example", "subject": "メールエラー通知", "return_path": "<>"},
        "送信先のメールボックスが一杯のため、送信できませんでした。\n\n"
        " Could not be delivered to: <carla@customer.example>\n",
        (CARLA, "5.2.2", False, "mailboxfull"),
    ),
    "Chinese words": (
        {"from": "postmaster@qq.example", "subject": "系统退信", "return_path": "<>"},
        "退信原因: 收件人邮件地址（carla@customer.example）不存在，邮件无法送达。\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "a gateway that lists what it affects": (
        {"from": "MailMarshal <postmaster@mm.example>", "subject": 'Undeliverable Mail: "x"'},
        "Your message:\n   From:    help@store.example\n   Subject: x\n\nCould not be delivered "
        "because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n"
        "    carla@customer.example\n\nOriginal Sender: <help@store.example>\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "a scanner that shows both sides": (
        {"from": "InterScan MSS <iscan@mss.example>", "subject": "Mail could not be delivered"},
        "Sent <<< RCPT TO:<carla@customer.example>\nReceived >>> 550 unknown user\n\n"
        "Unable to deliver message to <carla@customer.example>\n",
        (CARLA, "5.1.1", True, "userunknown"),
    ),
    "a phone gateway": (
        {"from": "sysadmin@mms.example", "subject": "Undeliverable Message"},
        "Message could not be delivered to mobile.\nError: No valid recipients for this MM\n\n"
        "Message details:\n  Subject: x\n  From: help@store.example\n  To: 555@mms.example\n",
        ("555@mms.example", "5.1.1", True, "userunknown"),
    ),
    "a size limit": (
        {"from": DAEMON},
        "The following addresses failed:\n\n<carla@customer.example>\n\nFor the following reason:\n"
        "\nMail size limit exceeded.\n\n--- The header of the original message is following. ---\n",
        (CARLA, "5.3.4", False, "mesgtoobig"),
    ),
    "a warning about a delay": (
        {"from": DAEMON, "subject": "Warning: message delayed 24 hours"},
        "A message that you sent has not yet been delivered to one or more of its recipients.\n\n"
        "  carla@customer.example\n    Delay reason: connection timed out\n",
        (CARLA, "4.4.7", False, "expired"),
    ),
    "a domain that is not there": (
        {"from": DAEMON, "x_failed_recipients": CARLA},
        "  carla@customer.example\n    Unrouteable address\n\n",
        (CARLA, "5.1.2", True, "hostunknown"),
    ),
    "a domain that wants no mail": (
        {"from": DAEMON, "x_failed_recipients": CARLA},
        "  carla@customer.example\n    an MX or SRV record indicated no SMTP service\n\n",
        (CARLA, "5.1.10", True, "notaccept"),
    ),
    "a mailing list that refuses": (
        {"from": "neko-admin@list.example", "x_mlserver": "fml", "subject": "You are not member"},
        "You are not a member of this mailing list <carla@customer.example>.\n",
        (CARLA, "5.7.1", False, "rejected"),
    ),
    "fields within the text": (
        {"from": DAEMON},
        "Technical report:\n\nReporting-MTA: dsn; ses.example\n\nAction: failed\nFinal-Recipient: "
        "rfc822; carla@customer.example\nDiagnostic-Code: smtp; 554 4.4.7 Message expired: unable "
        "to deliver in 840 minutes.<421 4.4.2 Connection timed out>\nStatus: 4.4.7\n",
        (CARLA, "4.4.2", False, "expired"),
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_report_in_words_says_who_failed_and_why(name: str):
    headers, text, expected = PLAIN[name]
    given = {"subject": "Undelivered Mail Returned to Sender", **headers}
    raw = mail(text + "\n" + SENT, **given)
    assert told(raw) == (expected,)
    parsed = parse_mail(raw)
    assert parsed.bounce is not None
    assert parsed.bounce.original_id == "hd.1.2@store.example"
    assert parsed.bounce.reason


@pytest.mark.parametrize(
    ("group", "text", "expected"),
    [
        (failed(CARLA, "5.1.1", "550 5.1.1 User Unknown"), "", ("5.1.1", True, "userunknown")),
        (failed(CARLA, "5.0.0", "550 5.1.1 User Unknown"), "", ("5.1.1", True, "userunknown")),
        (failed(CARLA, "5.1.1", "552 5.2.2 Over quota"), "", ("5.2.2", False, "mailboxfull")),
        (failed(CARLA, "5.2.1", "550 5.2.1 User Unknown"), "", ("5.2.1", False, "filtered")),
        (failed(CARLA, "5.2.1", "550 5.2.1 User Unknown"),
         "<carla@customer.example>: 550 User Unknown (in reply to RCPT TO command)",
         ("5.2.1", True, "userunknown")),
        (failed(CARLA, "5.2.1", "550 The account that you tried to reach is disabled."), "",
         ("5.2.1", False, "suspend")),
        (failed(CARLA, "5.1.0", "550 5.1.0 sender rejected. AUP#BLK"), "",
         ("5.1.0", False, "blocked")),
        (failed(CARLA, "5.7.1", "554 5.7.1 rejected due to DMARC policy"), "",
         ("5.7.1", False, "authfailure")),
        (failed(CARLA, "5.7.1", "550 5.7.1 rejected as spam"), "",
         ("5.7.1", False, "spamdetected")),
        (failed(CARLA, "5.7.26", "550 5.7.26"), "", ("5.7.26", False, "authfailure")),
        (failed(CARLA, "5.4.4", "Host or domain name not found. Host not found"), "",
         ("5.4.4", True, "hostunknown")),
        (failed(CARLA, "4.4.3", "Host or domain name not found, try again"), "",
         ("4.4.3", False, "hostunknown")),
        (failed(CARLA, "4.1.1", "450 4.1.1 User unknown in virtual alias table"),
         "<carla@customer.example>: 450 4.1.1 User unknown (in reply to RCPT TO command)",
         ("4.1.1", True, "userunknown")),
        (failed(CARLA, "4.1.1", "450 4.1.1 greylisted, user unknown, try again later"),
         "<carla@customer.example>: 450 4.1.1 (in reply to RCPT TO command)",
         ("4.1.1", False, "userunknown")),
        (failed(CARLA, "5.1.1", "550 5.1.1 User unknown", "delayed"), "",
         ("5.1.1", False, "userunknown")),
        (failed(CARLA, "4.4.1", "connect to mx[192.0.2.1]:25: Connection timed out"), "",
         ("4.4.1", False, "expired")),
        (failed(CARLA, "", "Connection timed out", "expired"), "", ("4.4.7", False, "expired")),
        (f"Final-Recipient: rfc822; {CARLA}\nAction: failed\nStatus: 5.1.1\n"
         "Diagnostic-Code: x-unix; procmail: Couldn't create \"/var/x\" No such user", "",
         ("5.1.1", False, "mailererror")),
        (f"Final-Recipient: rfc822; {CARLA}\nAction: failed\nStatus: 5.0.0 (undefined)\n"
         "Diagnostic-Code: smtp;554 nothing here\nX-PowerMTA-BounceCategory: bad-mailbox", "",
         ("5.0.0", True, "userunknown")),
        (f"Original-Recipient: <{CARLA}>\nAction: failed", "Your disk quota is exceeded",
         ("5.2.2", False, "mailboxfull")),
    ],
)  # fmt: skip
def test_a_report_in_fields_says_why(group: str, text: str, expected: tuple[str, bool, str]):
    assert told(report(text or "Sorry.", group)) == ((CARLA, *expected),)


def test_every_failed_recipient_is_found_and_no_other():
    raw = report(
        "Sorry.",
        failed("a@x.example", "5.1.1", "550 5.1.1 no such user"),
        failed("b@x.example", "4.2.2", "452 4.2.2 over quota"),
        failed("c@x.example", "2.0.0", "250 ok", "relayed"),
        failed("a@x.example", "5.1.1", "550 5.1.1 no such user"),
    )
    assert told(raw) == (
        ("a@x.example", "5.1.1", True, "userunknown"),
        ("b@x.example", "4.2.2", False, "mailboxfull"),
    )


def test_groups_without_a_blank_line_between_are_told_apart():
    raw = report("x", failed("a@x.example", "5.1.1", "550 no such user") + "\n"
                 + failed("b@x.example", "5.2.2", "552 mailbox full"))  # fmt: skip
    assert [found[0] for found in told(raw)] == ["a@x.example", "b@x.example"]


def test_what_is_said_of_one_recipient_is_not_said_of_the_next():
    text = (
        "Hi. This is the qmail-send program at q.example.\n\n<a@x.example>:\nNo such user. (#5.1.1)"
        "\n\n<b@x.example>:\nCouldn't find any host named x.example. (#5.1.2)\n\n<c@x.example>:\n"
        "Remote host said: 554 rejected for the poor reputation of its sender.\n\n<d@x.example>:\n"
        "The mailfolder is over the allowed quota (size). (#5.2.2)\n\n"
    )
    assert told(mail(text + SENT, **{"from": DAEMON})) == (
        ("a@x.example", "5.1.1", True, "userunknown"),
        ("b@x.example", "5.1.2", True, "hostunknown"),
        ("c@x.example", "5.7.1", False, "badreputation"),
        ("d@x.example", "5.2.2", False, "mailboxfull"),
    )


def test_a_notification_of_a_sending_service_is_read():
    text = (
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":'
        '"carla@customer.example","action":"failed","status":"5.1.1","diagnosticCode":'
        '"smtp; 550 5.1.1 user unknown"}]},"mail":{"commonHeaders":'
        '{"messageId":"<hd.1.2@store.example>"}}}\n\n--\nIf you wish to stop receiving this'
    )
    raw = mail(text, **{"from": "no-reply@sns.cloud.example"}, subject="Notification Message")
    assert told(raw) == ((CARLA, "5.1.1", True, "userunknown"),)
    parsed = parse_mail(raw)
    assert parsed.bounce is not None
    assert parsed.bounce.original_id == "hd.1.2@store.example"


@pytest.mark.parametrize("text", ['{"notificationType":', "{" * 5000 + '"eventType"', "{}"])
def test_a_broken_notification_is_no_report(text: str):
    raw = mail(text, **{"from": "no-reply@sns.cloud.example"})
    assert parse_mail(raw).mail_class is MailClass.AUTO


def test_the_original_is_found_by_reference_where_nothing_is_enclosed():
    raw = mail("  carla@customer.example\n    Mailbox full\n", **{"from": DAEMON},
               references="<first@store.example> <hd.1.2@store.example>")  # fmt: skip
    parsed = parse_mail(raw)
    assert parsed.bounce is not None
    assert parsed.bounce.original_id == "hd.1.2@store.example"


def test_a_mail_to_oneself_that_fails_names_oneself():
    raw = report("Delivery was aborted:\n\n * help@store.example\n",
                 failed("help@store.example", "5.2.2", "552 over quota"))  # fmt: skip
    assert told(raw) == (("help@store.example", "5.2.2", False, "mailboxfull"),)
    plain = mail("Delivery was aborted:\n\n * help@store.example\n   Mailbox full\n",
                 **{"from": DAEMON})  # fmt: skip
    assert told(plain) == (("help@store.example", "5.2.2", False, "mailboxfull"),)


def test_a_program_that_fails_is_named_in_one_harmless_line():
    group = 'Final-Recipient: rfc822; ana\nX-Actual-Recipient: rfc822; "|/bin/x\x1b[2J\n -d ana"\n'
    raw = report(
        "Sorry.", f"{group}Action: failed\nStatus: 5.3.0\nDiagnostic-Code: x-unix; procmail: no"
    )
    ((name, _, hard, kind),) = told(raw)
    assert (name, hard, kind) == ("|/bin/x\u241b[2J -d ana", False, "mailererror")


def test_the_first_failure_stands_for_the_report():
    parsed = parse_mail(report("x", failed(CARLA, "5.1.1", "550 5.1.1 no such user")))
    assert parsed.bounce is not None
    assert parsed.bounce.failures == (
        FailedRecipient(CARLA, "5.1.1", hard=True, reason="550 5.1.1 no such user",
                        kind="userunknown", gave_up=True),
    )  # fmt: skip
    assert parsed.bounce.recipient == CARLA
    assert parsed.bounce.reason == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    "piece",
    ["<a@b.example>: ", "user unknown ", "recipient full ", "550 5.1.1 <a@b.example>... ", "5.1.1 ",
     "message exceed ", "To: ", "---", "[", "@", "sender ", "final-recipient: a@b.example "],
)  # fmt: skip
@pytest.mark.parametrize("joint", ["", "\n"])
def test_long_reports_are_read_in_linear_time(piece: str, joint: str):
    line = piece * (200_000 // len(piece)) if not joint else (piece * 40 + joint) * 1000
    raw = mail(line[:200_000], **{"from": DAEMON})
    with frugal():
        assert parse_mail(raw).mail_class is MailClass.BOUNCE
