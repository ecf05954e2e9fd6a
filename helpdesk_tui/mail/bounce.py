"""Delivery reports: which mail did not arrive, for whom, and whether trying again makes sense."""

from __future__ import annotations

import re

from helpdesk_tui.domain.mail import Bounce
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.mail.addresses import message_id, valid_addr
from helpdesk_tui.mail.headers import Headers, read_block, split_head, start_of
from helpdesk_tui.mail.mime import Part, decoded
from helpdesk_tui.mail.words import header_text

_MAX_REPORT = 256 * 1024
_LOOK = 20_000
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(
    r"(?:^|[\s:<>\"'(\[])([45][0-7]\d)(?:[ -]#?(?P<e>[45]\.\d{1,3}\.\d{1,3})|[ -:])", re.MULTILINE
)
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_ADDRESS = re.compile(r"<?([^\s<>@\",;:()]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9])>?")
_ORIGINAL = re.compile(r"^[ \t>]*Message-ID:[ \t]*(<[^\s<>]{1,990}>)", re.IGNORECASE | re.MULTILINE)
_TEMPORARY = re.compile(
    r"will (?:be )?retr|still trying|delayed|temporar|try again later|warning"
    r"|not yet been delivered",
    re.IGNORECASE,
)
_BAD_ADDRESS = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
_OTHER_FAULT = ("5.1.7", "5.1.8", "5.2.", "5.3.", "5.6.", "5.7.")
"""Faults of the sender, the mail, the server or its rules: the address may be good."""
_FULL = re.compile(
    r"(?:mailbox|inbox|user|account|quota|storage)[^\n]{0,40}(?:full|exceed|over ?quota)"
    r"|over ?quota|quota exceeded|insufficient (?:system )?storage",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(?:user|recipient|address|mailbox|account|addressee)[^\n]{0,40}"
    r"(?:unknown|not found|does ?n[o']t exist|unavailable|invalid|not exist|disabled|rejected)"
    r"|(?:no such|unknown|invalid) (?:user|recipient|mailbox|address|person|account|host|domain)"
    r"|(?:host|domain)[^\n]{0,30}(?:unknown|not found|does ?n[o']t exist)"
    r"|not a valid (?:user|recipient|mailbox)|doesn't have an? [^\n]{0,40}account",
    re.IGNORECASE,
)


def _field_value(value: bytes) -> str:
    """Return the value of a typed field such as ``rfc822; ana@example.org``."""
    text = header_text(value)
    return text.partition(";")[2].strip() if ";" in text else text.strip()


def _report_fields(parts: list[Part]) -> list[Headers]:
    """Return the field groups of the delivery-status parts."""
    groups: list[Headers] = []
    for part in parts:
        if part.kind in ("message/delivery-status", "message/global-delivery-status"):
            data = decoded(part, [])[:_MAX_REPORT]
            groups += [read_block(block, []) for block in _BLANK.split(data)[:100] if block.strip()]
    return groups


def original_id(parts: list[Part], text: str) -> str:
    """Return the Message-ID of the mail a report is about, from what the report encloses."""
    for part in parts:
        if part.kind in ("message/rfc822", "text/rfc822-headers", "message/global",
                         "message/rfc822-headers"):  # fmt: skip
            data = decoded(part, [])[:_MAX_REPORT]
            headers, _ = split_head(data + b"\r\n\r\n", start_of(data), len(data) + 4, [])
            found = message_id(headers.first(b"message-id"))
            if found:
                return found
    found_in_text = list(_ORIGINAL.finditer(text[: 10 * _LOOK]))
    return message_id(found_in_text[-1][1].encode("latin-1", "replace")) if found_in_text else ""


def bounce_of(headers: Headers, parts: list[Part], text: str) -> Bounce:
    """Return what a mail that is known to be a delivery report says."""
    groups = _report_fields(parts)
    failed = next((g for g in groups if g.first(b"action").lower().startswith(b"fail")), None)
    group = failed or next((g for g in groups if b"status" in g or b"action" in g), Headers())
    diagnostic = _field_value(group.first(b"diagnostic-code"))
    look = text[:_LOOK]
    status = _status_of(group, diagnostic, look)
    recipient = _recipient_of(headers, group, look)
    reason = diagnostic or _reason_line(look, recipient)
    return Bounce(
        status=status,
        hard=_is_hard(group, status, f"{diagnostic}\n{look}"),
        recipient=recipient,
        original_id=original_id(parts, text),
        reason=shorten(" ".join(clean(reason).split()), 500),
    )


def _status_of(group: Headers, diagnostic: str, text: str) -> str:
    given = _STATUS.search(group.first(b"status").decode("latin-1"))
    exact = _STATUS.search(diagnostic)
    if given and not (exact and given[1].endswith(".0.0")):
        return given[1]
    if exact:
        return exact[1]
    said = _STATUS.search(text)
    if said and not said[1].startswith("2"):
        return said[1]
    return ""


def _is_hard(group: Headers, status: str, text: str) -> bool:
    """Tell whether the address itself is bad, so that sending there again makes no sense."""
    if group.first(b"action").lower().startswith(b"delay") or status.startswith("4"):
        return False
    if status.startswith(_BAD_ADDRESS):
        return True
    if _FULL.search(text) or status.startswith(_OTHER_FAULT):
        return False
    if not status:
        code = _CODE.search(text)
        if code and code[1].startswith("4"):
            return False
    return bool(_UNKNOWN.search(text)) and not _TEMPORARY.search(text)


def _recipient_of(headers: Headers, group: Headers, text: str) -> str:
    for name in (b"original-recipient", b"final-recipient", b"x-actual-recipient"):
        found = valid_addr(_field_value(group.first(name)).strip("<>"))
        if found:
            return found
    for name in (b"x-failed-recipients", b"x-failed-recipient"):
        value = header_text(headers.first(name)).split(",")[0].strip().strip("<>")
        if valid_addr(value):
            return valid_addr(value)
    match = _ADDRESS.search(text)
    return valid_addr(match[1]) if match else ""


def _reason_line(text: str, recipient: str) -> str:
    """Return the line of a report that says why."""
    lines = [line.strip() for line in text.split("\n")[:200]]
    for line in lines:
        if _STATUS.search(line[:1000]) or _CODE.search(line[:1000]):
            return line
    for line in lines:
        if _UNKNOWN.search(line[:1000]) or _FULL.search(line[:1000]):
            return line
    for number, line in enumerate(lines):
        if recipient and recipient in line.lower():
            return next((after for after in lines[number + 1 : number + 4] if after), line)
    return ""
