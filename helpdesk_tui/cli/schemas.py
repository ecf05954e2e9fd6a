"""The JSON of tickets, messages and explained mails: what scripts may rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.times import rfc3339

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk_tui.domain.inbound import Verdict
    from helpdesk_tui.domain.intake import IntakeRow
    from helpdesk_tui.domain.mail import Address, MailAttachment, ParsedMail
    from helpdesk_tui.domain.messages import AttachmentRow, MessageRow
    from helpdesk_tui.domain.messaging.state import Attribution
    from helpdesk_tui.domain.ticket_details import TicketFacts
    from helpdesk_tui.domain.tickets import AgentRow, TicketRow

Json = dict[str, Any]


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment is not None else None


def ticket_json(row: TicketRow, facts: TicketFacts) -> Json:
    """Return a ticket."""
    return {
        "id": str(row.id),
        "subject": row.subject,
        "channel": row.channel,
        "status": row.status.value,
        "spam": row.spam,
        "snoozed_until": _time(row.snoozed_until),
        "assignee": row.assignee,
        "team": facts.team,
        "tags": list(row.tags),
        "priority": row.priority.value,
        "unread": row.unread,
        "customer": {
            "id": str(facts.customer_id),
            "name": facts.customer_name,
            "email": facts.customer_email or None,
            "phone": facts.customer_phone or None,
        },
        "recipient": facts.recipient,
        "created_at": _time(facts.created_at),
        "last_message_at": _time(row.last_message_at),
        "waiting_since": _time(row.waiting_since),
        "message_count": row.message_count,
        "attribution": attribution_json(facts.attribution),
    }


def attribution_json(found: Attribution | None) -> Json | None:
    """Return the campaign or flow that a ticket answers."""
    if found is None:
        return None
    return {
        "id": str(found.send_id),
        "kind": found.kind,
        "name": found.name,
        "sent_at": _time(found.sent_at),
        "message": str(found.message_id),
    }


def message_json(message: MessageRow) -> Json:
    """Return a message with its attachments."""
    found: Json = {
        "id": str(message.id),
        "direction": message.direction.value,
        "channel": message.channel,
        "sender": message.sender,
        "text": message.text,
        "reply_text": message.reply_text,
        "html": message.has_html,
        "sent_at": _time(message.sent_at),
        "delivery": message.delivery.value,
        "error": _error(message),
        "automatic": message.automatic,
        "author": {"kind": message.author_kind.value, "name": message.author_name},
        "external_id": message.external_id,
        "attachments": [attachment_json(file) for file in message.attachments],
    }
    if message.short_links:
        found["short_links"] = [
            {"url": each.url, "clicks": each.clicks, "last_click_at": _time(each.last_click_at)}
            for each in message.short_links
        ]
    return found


def _error(message: MessageRow) -> str | None:
    if not message.error_code:
        return None
    return f"{message.error_code}: {message.error_text}".removesuffix(": ")


def attachment_json(file: AttachmentRow) -> Json:
    """Return an attachment of a stored message."""
    return {"id": str(file.id), **_file(file), "state": file.state or "here"}


def _file(file: AttachmentRow | MailAttachment) -> Json:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "inline": file.inline,
    }


def intake_json(row: IntakeRow) -> Json:
    """Return a received mail that made no ticket, with its reason."""
    return {
        "id": str(row.id),
        "reason": row.reason,
        "evidence": [{"code": code, "detail": detail} for code, detail in row.evidence],
        "received_at": _time(row.received_at),
        "channel": row.account or None,
        "sender": row.sender,
        "subject": row.subject,
        "external_id": row.external_id,
        "preview": row.preview,
        "customer": {"addr": row.customer.addr, "name": row.customer.name}
        if row.customer is not None
        else None,
        "done": row.is_done,
        "ticket": str(row.ticket_id) if row.ticket_id is not None else None,
    }


def intake_mail_json(mail: ParsedMail) -> Json:
    """Return what the mail of an intake row holds."""
    return {
        "from_name": mail.sender.name,
        "to": _addrs(mail.to),
        "date": _time(mail.date),
        "text": mail.text,
        "attachments": [_file(part) for part in mail.attachments],
        "defects": list(mail.defects),
    }


def agent_json(agent: AgentRow) -> Json:
    """Return a member of the team."""
    return {
        "id": str(agent.id),
        "name": agent.name,
        "full_name": agent.full_name,
        "email": agent.email,
        "role": agent.role,
        "active": agent.active,
        "available": agent.available,
    }


def _addrs(addresses: Sequence[Address]) -> list[str]:
    return [address.addr for address in addresses]


def explain_json(file: str, mail: ParsedMail, verdict: Verdict, reasons: Sequence[str]) -> Json:
    """Return how one mail is understood."""
    from helpdesk_tui.domain.mail import MailClass
    from helpdesk_tui.domain.messages import unfolded

    return {
        "file": file,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "from_name": mail.sender.name,
        "from_addr": mail.sender.addr,
        "reply_to": next(iter(_addrs(mail.reply_to)), ""),
        "to": _addrs(mail.to),
        "cc": _addrs(mail.cc),
        "date": _time(mail.date),
        "subject": mail.subject,
        "text": mail.text,
        "reply_text": unfolded(mail.text, mail.folds),
        "attachments": [_file(part) for part in mail.attachments],
        "customer": {
            "addr": verdict.customer.addr,
            "name": verdict.customer.name,
            "found_in": _header_name(verdict.found_in),
        },
        "is_auto_reply": mail.mail_class in (MailClass.OOO, MailClass.AUTO),
        "is_bounce": mail.mail_class is MailClass.BOUNCE,
        "is_manual_forward": mail.is_forward,
        "spam": {"verdict": False, "score": 0.0, "reasons": ["not-scanned"]},
        "verdict": verdict.kind.value,
        "joins": str(verdict.ticket_id) if verdict.ticket_id is not None else None,
        "reasons": list(reasons),
        "defects": list(mail.defects),
    }


def _header_name(name: str) -> str:
    """Return a header name as it is usually written: ``X-Original-From``."""
    return "-".join(part.capitalize() for part in name.split("-"))
