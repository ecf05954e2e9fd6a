"""Delivery reports that sending services write as JSON into a mail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.mail import FailedRecipient
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.mail.addresses import valid_addr
from helpdesk_tui.mail.bounce_final import gave_up
from helpdesk_tui.mail.bounce_kinds import Said, finding_of
from helpdesk_tui.mail.bounce_text import MAX_RECIPIENTS

_MAX_JSON = 64 * 1024
_MAX_REASON = 500
_TYPES = ('"notificationType"', '"eventType"')


def notification_of(text: str) -> Mapping[str, Any] | None:
    """Return the notification a text begins with, or nothing where it is no such text."""
    if "{" not in text:
        return None
    start = text[:_MAX_JSON].lstrip()
    if not start.startswith("{") or not any(name in start for name in _TYPES):
        return None
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(start.replace("!\n ", ""))
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and isinstance(value.get("Message"), str):
        return notification_of(value["Message"])
    return value if isinstance(value, dict) else None


def kind_of_notification(text: str) -> str:
    """Return ``bounce``, ``complaint``, ``delivery`` … for a notification, else nothing."""
    value = notification_of(text)
    if value is None:
        return ""
    return str(value.get("notificationType") or value.get("eventType") or "")[:40].lower()


def notified_id(text: str) -> str:
    """Return the Message-ID of the mail a notification is about."""
    mail = (notification_of(text) or {}).get("mail")
    headers = mail.get("commonHeaders") if isinstance(mail, dict) else None
    found = headers.get("messageId") if isinstance(headers, dict) else ""
    return clean(str(found or ""))[:990].strip("<> ")


def notified_failures(text: str) -> list[FailedRecipient]:
    """Return the failed recipients of a notification."""
    if kind_of_notification(text) != "bounce":
        return []
    bounce = (notification_of(text) or {}).get("bounce")
    listed = bounce.get("bouncedRecipients") if isinstance(bounce, dict) else None
    if not isinstance(listed, list):
        return []
    reporter = str(bounce.get("reportingMTA", "")) if isinstance(bounce, dict) else ""
    return [_failed(one, reporter) for one in listed[:MAX_RECIPIENTS] if isinstance(one, dict)]


def _failed(one: Mapping[str, Any], reporter: str) -> FailedRecipient:
    said = str(one.get("diagnosticCode") or "").partition(";")
    words = (said[2] or said[0]).strip()
    finding = finding_of(
        Said(
            words=words,
            status=str(one.get("status") or ""),
            action=str(one.get("action") or "").lower(),
            reporter=reporter,
        )
    )
    reason = shorten(" ".join(clean(words[:4_000]).split()), _MAX_REASON)
    addr = valid_addr(str(one.get("emailAddress") or "").strip("<>"))
    is_last = gave_up(str(one.get("action") or "").lower(), "", "")
    return FailedRecipient(addr, finding.status, finding.hard, reason, finding.kind, is_last)
