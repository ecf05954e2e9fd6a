"""Which of our mails a provider's complaint is about."""

from __future__ import annotations

from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import multipart


def test_a_complaint_names_the_mail_it_is_about() -> None:
    report = multipart(
        "Content-Type: text/plain\r\n\r\nThis is an abuse report.",
        "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n",
        "Content-Type: message/rfc822\r\n\r\nFrom: support@shop.example\r\n"
        "Message-ID: <hd.1.2@shop.example>\r\nSubject: Re: parcel\r\n\r\nHello.",
        kind="report; report-type=feedback-report",
        From="Feedback <fbl@provider.example>",
        message_id="<report@provider.example>",
    )
    mail = parse_mail(report)
    assert mail.is_feedback_report
    assert mail.reported_id == "hd.1.2@shop.example"
