"""Abuse reports: a mail provider passes on that somebody called a mail of ours spam (RFC 5965)."""

from __future__ import annotations

from helpdesk_tui.mail.bounce_services import kind_of_notification
from helpdesk_tui.mail.headers import Headers
from helpdesk_tui.mail.mime import Part

_KIND = "message/feedback-report"
_OLD_SUBJECT = "complaint about message from "
_REPORTERS = ("staff", "abuse", "fbl", "feedback", "feedbackloop", "arf", "complaints", "scomp")
"""Local parts under which providers send reports that are not of the standard's outer form."""


def is_feedback_report(
    headers: Headers, parts: tuple[Part, ...], kind: str, sender: str, subject: str, text: str
) -> bool:
    """Tell whether a mail is an abuse report made by a program.

    A person who encloses such a report in a mail of their own sends no ``multipart/report``.
    """
    if kind == "multipart/report":
        value = headers.first(b"content-type").lower()
        return b"feedback-report" in value or any(part.kind == _KIND for part in parts)
    if headers.first(b"x-apple-unsubscribe").lower() == b"true":
        return True
    if any(part.kind == _KIND for part in parts):
        return sender.partition("@")[0] in _REPORTERS
    if subject[: len(_OLD_SUBJECT)].lower() == _OLD_SUBJECT:
        encloses = any(part.kind == "message/rfc822" for part in parts)
        return encloses and sender.partition("@")[0] in _REPORTERS
    return sender.startswith("no-reply@sns.") and kind_of_notification(text) == "complaint"
