"""The fields of delivery reports (RFC 3464): one group for the report, one for each recipient."""

from __future__ import annotations

from typing import NamedTuple

from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.addresses import valid_addr
from helpdesk_tui.mail.mime import Part, decoded
from helpdesk_tui.mail.words import header_text

REPORTS = ("message/delivery-status", "message/global-delivery-status")
_MAX_REPORT = 256 * 1024
_MAX_GROUPS = 200
_MAX_LINES = 5_000
_MAX_VALUE = 8_000
_MAX_NAME = 200
_NAMES = frozenset((
    "reporting-mta", "arrival-date", "received-from-mta", "original-envelope-id", "final-recipient",
    "original-recipient", "x-actual-recipient", "action", "status", "diagnostic-code", "remote-mta",
    "last-attempt-date", "will-retry-until", "final-log-id", "x-powermta-bouncecategory",
    "x-original-message-id", "original-message-id", "x-supplementary-info",
))  # fmt: skip
_ONE_RECIPIENT = ("final-recipient", "action", "status")
_ABOUT = ("final-recipient", "original-recipient", "action")
"""Fields of which a group about a recipient has one."""
_NOT_FAILED = ("delivered", "relayed", "expanded", "deliverable")


class Group(NamedTuple):
    """The fields about one recipient."""

    recipient: str
    """Address as the sender wrote it, where the report tells; may be empty."""
    final: str
    """Address it became on the way."""
    action: str
    status: str
    diagnostic: str
    diagnostic_type: str
    reporter: str
    category: str


def report_text(parts: list[Part]) -> str:
    """Return the text of all parts that hold the fields of a report."""
    found = [decoded(part, [])[:_MAX_REPORT] for part in parts if part.kind in REPORTS]
    return "\n\n".join([header_text(data) for data in found])


def groups_in(text: str) -> list[dict[str, str]]:
    """Return the field groups in a text; lines that are no such field end a group."""
    groups: list[dict[str, str]] = []
    group: dict[str, str] = {}
    last = ""
    for line in text[:_MAX_REPORT].split("\n")[:_MAX_LINES]:
        if line[:1] in (" ", "\t") and last and line.strip():
            group[last] = f"{group[last]}\n{line.strip()}"[:_MAX_VALUE]
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        is_field = bool(colon) and name in _NAMES
        if not is_field or (name in group and name in _ONE_RECIPIENT):
            last = "" if not colon else last
            if group and (is_field or not line.strip()):
                groups.append(group)
                group = {}
        last = name if is_field else ""
        if is_field and name not in group:
            group[name] = value.strip()[:_MAX_VALUE]
    if group:
        groups.append(group)
    return groups[:_MAX_GROUPS]


def _typed(value: str) -> tuple[str, str]:
    """Split a typed value such as ``rfc822; ana@example.org``."""
    kind, semicolon, rest = value.partition(";")
    if semicolon and " " not in kind.strip() and len(kind) < 40:
        return kind.strip().lower(), rest.strip()
    return "", value.strip()


def _address(value: str) -> str:
    """Return the address of a recipient field, without brackets or source route."""
    text = _typed(clean(value))[1].strip("<> \t\"'")
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    return valid_addr(text)


def _program(value: str) -> str:
    """Return the command a mail was piped into, where the recipient is one."""
    text = " ".join(clean(_typed(value)[1][:_MAX_NAME]).split()).strip('<>" ')
    return text if text.startswith("|") else ""


def recipients_in(text: str) -> list[Group]:
    """Return the groups in a text that are about a recipient."""
    lower = text[:_MAX_REPORT].lower()
    return recipients_of(groups_in(text)) if any(name in lower for name in _ABOUT) else []


def recipients_of(groups: list[dict[str, str]]) -> list[Group]:
    """Return the groups that are about a recipient."""
    found: list[Group] = []
    reporter = next((fields["reporting-mta"] for fields in groups if "reporting-mta" in fields), "")
    for fields in groups:
        final = _address(fields.get("final-recipient", ""))
        actual = fields.get("x-actual-recipient", "")
        original = _address(fields.get("original-recipient", ""))
        if not any(name in fields for name in _ABOUT):
            continue
        kind, diagnostic = _typed(fields.get("diagnostic-code", ""))
        found.append(
            Group(
                recipient=original or final or _address(actual),
                final=_program(actual) or _address(actual) or final,
                action=fields.get("action", "").lower(),
                status=fields.get("status", ""),
                diagnostic=diagnostic,
                diagnostic_type=kind,
                reporter=_typed(reporter)[1],
                category=fields.get("x-powermta-bouncecategory", "").lower(),
            )
        )
    return found


def is_failure(group: Group) -> bool:
    """Tell whether a group reports that a mail did not arrive (yet)."""
    if group.action:
        return not group.action.startswith(_NOT_FAILED)
    return not group.status.startswith("2.")


def only_arrivals(text: str) -> bool:
    """Tell whether a report speaks of deliveries that worked, and of nothing else."""
    found = recipients_in(text)
    return bool(found) and not any(is_failure(group) for group in found)
