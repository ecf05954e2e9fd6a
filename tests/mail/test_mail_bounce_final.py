"""The last word on a mail, told from the warning of a server that goes on trying."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.bounce_final import gave_up
from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import mail

REPORT = "Delivery to the following recipient failed:\n\n<carla@customer.example>: {}\n"


@pytest.mark.parametrize(
    ("action", "expected"),
    [("failed", True), ("expired", True), ("delayed", False), ("delayed (will retry)", False),
     ("transient-failure", False)],
)  # fmt: skip
def test_the_action_field_settles_it(action: str, expected: bool) -> None:
    assert gave_up(action, "Warning: delayed mail", "It will be retried.") is expected
    assert gave_up(action, "Undeliverable", "I am giving up.") is expected


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Undelivered Mail Returned to Sender", "452 4.2.2 mailbox full, try again later"),
        ("failure notice", "Remote host said: 451 busy\nI'm not going to try again; this message"
                           " has been in the queue too long."),
        ("Returned mail", "Deferred: timed out\nMessage could not be delivered for 5 days\n"
                          "Message will be deleted from queue"),
        ("Undeliverable: Warning: message about your parcel", "552 5.2.2 quota exceeded"),
        ("Undeliverable: your parcel is delayed", "552 too big"),
        ("Mail delivery failed", "An error occurred while trying to deliver this mail: full"),
        ("Mail delivery failed", "It has been delayed before; retry timeout exceeded"),
    ],
)  # fmt: skip
def test_a_report_that_announces_no_more_tries_is_final(subject: str, words: str) -> None:
    assert gave_up("", subject, REPORT.format(words))


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Delayed Mail (still being retried)", ""),
        ("Delivery Status Notification (Delay)", "4.4.1"),
        ("Delivery status notification: warning", ""),
        ("Warning: message 1aBcDe-000 delayed 24 hours", ""),
        ("Warning: could not send message for past 4 hours", ""),
        ("Zustellung verzögert: Ihre Anfrage", ""),
        ("Entrega retrasada", ""),
        ("Postmaster notify", "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE."),
        ("Mail delivery", "Your message has not\nyet been delivered. It will be\nretried until it"
                          " is 5 days old."),
        ("Mail delivery", "There was a temporary problem. We will retry for 47 more hours. You'll"
                          " be notified if the delivery fails permanently."),
        ("Nachricht", "Die Zustellung wird weiterhin versucht."),
        ("Сообщение", "Попытки доставки будут продолжаться."),
    ],
)  # fmt: skip
def test_a_report_that_goes_on_trying_is_a_warning(subject: str, words: str) -> None:
    assert not gave_up("", subject, REPORT.format(words))


def test_the_mail_given_back_has_no_say() -> None:
    raw = mail(
        REPORT.format("552 5.2.2 Mailbox full")
        + "\n--- Below this line is a copy of the message.\n\nSubject: Late\n\nWe will retry.\n",
        **{"from": "Mail Delivery System <MAILER-DAEMON@mx.example>", "subject": "failure notice"},
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert (bounce.status, bounce.hard, bounce.is_final) == ("5.2.2", False, True)


def test_endless_words_are_read_in_no_time() -> None:
    assert gave_up("", "x" * 200_000, "delivery " * 40_000)
    assert gave_up("", "delivery " * 20_000, "")
