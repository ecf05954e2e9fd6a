"""Delivery reports: which mail did not arrive, for whom, and whether trying again makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from helpdesk_tui.domain.mail import Bounce, FailedRecipient
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.mail.addresses import addresses, message_id, message_ids, valid_addr
from helpdesk_tui.mail.bounce_fields import (
    Group,
    is_failure,
    recipients_in,
    report_text,
)  # fmt: skip
from helpdesk_tui.mail.bounce_final import gave_up
from helpdesk_tui.mail.bounce_kinds import Finding, Said, finding_of
from helpdesk_tui.mail.bounce_services import notified_failures, notified_id
from helpdesk_tui.mail.bounce_text import MAX_RECIPIENTS, Told, report_of, told_in
from helpdesk_tui.mail.headers import Headers, split_head, start_of
from helpdesk_tui.mail.mime import Part, decoded
from helpdesk_tui.mail.words import header_text

_MAX_REPORT = 256 * 1024
_MAX_TEXT = 200_000
_MAX_REASON = 500
_MAX_LINE = 1_000
_ENCLOSED = ("message/rfc822", "text/rfc822-headers", "text/rfc822-header", "message/global",
             "message/rfc822-headers", "message/global-headers", "message/partial")  # fmt: skip
_ORIGINAL = re.compile(
    r"^[ \t>]{0,20}(?:X-)?(?:Original-)?Message-ID:[ \t]*(?:\r?\n[ \t]+)?"
    r"(<[^\s<>]{1,990}>|[^\s<>]{1,200}@[^\s<>]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)
_ID_NAME = "message-id:"
_ENDS = (b"from", b"to", b"delivered-to", b"x-original-to", b"envelope-to", b"return-path")
_BARE = re.compile(rb"[^\s<>\"',;:()\[\]]{1,64}@[A-Za-z0-9.-]{1,255}")
_TO = re.compile(r"^[ \t>]{0,8}To:[ \t]*([^\r\n]{3,1000})", re.IGNORECASE | re.MULTILINE)
_REPLY_LINE = re.compile(r"[45](?<![\d.].)(?:[0-7]\d[ -]|\.[0-7]\.\d{1,3}(?![\d.]))")
_REJECTED = re.compile(r"was automatically rejected[^\n]{0,80}\n+([^\n]{1,500})", re.IGNORECASE)


def original_id(headers: Headers, parts: list[Part], text: str) -> str:
    """Return the Message-ID of the mail a report is about: enclosed, told, or referred to."""
    for part in parts:
        if part.kind in _ENCLOSED:
            data = decoded(part, [])[:_MAX_REPORT]
            block, _ = split_head(data + b"\r\n\r\n", start_of(data), len(data) + 4, [])
            found = message_id(block.first(b"message-id"))
            if found:
                return found
    for told in _tellings(parts, text):
        match = _ORIGINAL.search(told) if _ID_NAME in told.lower() else None
        if match:
            return message_id(match[1].encode("latin-1", "replace"))
    known = message_ids(headers.first(b"in-reply-to")) or message_ids(headers.first(b"references"))
    return known[-1] if known else notified_id(text)


def _tellings(parts: list[Part], text: str) -> Iterator[str]:
    """Yield the texts in which a report may name the mail it is about, likeliest first."""
    yield report_text(parts)
    yield text[:_MAX_TEXT]
    for part in parts:
        if part.kind.startswith("text/"):
            yield decoded(part, [])[:_MAX_REPORT].decode("latin-1")


def bounce_of(headers: Headers, parts: list[Part], text: str) -> Bounce:
    """Return what a mail that is known to be a delivery report says."""
    text = text[:_MAX_TEXT]
    failures = notified_failures(text) or _failures(headers, parts, text)
    first = failures[0] if failures else FailedRecipient("", "", hard=False, reason="")
    return Bounce(
        status=first.status,
        hard=first.hard,
        recipient=first.recipient,
        original_id=original_id(headers, parts, text),
        reason=first.reason,
        failures=tuple(failures),
    )


def _failures(headers: Headers, parts: list[Part], text: str) -> list[FailedRecipient]:
    report, enclosed = report_of(text)
    subject = header_text(headers.first(b"subject")[:_MAX_LINE])
    own = _own(headers)
    groups = recipients_in(report_text(parts)) or recipients_in(text)
    failed = [group for group in groups if is_failure(group) and (group.recipient or group.final)]
    if failed:
        told = told_in(report, own) if len(failed) > 1 else []
        return _from_groups(failed, told, report, subject)
    told = told_in(report, own)
    unnamed = next((group for group in groups if is_failure(group)), None)
    named = _header_recipients(headers)
    if named:
        told = _assigned(named, told)
    if not told:
        to = _addressed(parts, enclosed)
        others = [Told(addr, "") for addr in to if addr not in own]
        told = others[:1] or told_in(report, frozenset()) or [Told(addr, "") for addr in to[:1]]
    told = told or [Told("", "")]
    is_last = gave_up(unnamed.action if unnamed else "", subject, report)
    found = [_from_words(one, unnamed, report if len(told) == 1 else one.words) for one in told]
    return [replace(one, gave_up=is_last) for one in found]


def _own(headers: Headers) -> frozenset[str]:
    """Return the addresses of a report's own sender and receivers."""
    values = [value[:_MAX_LINE] for name in _ENDS for value in headers.every(name)[:10]]
    found = _BARE.findall(b" ".join(values))
    return frozenset([addr.decode("latin-1").lower() for addr in found])


def _header_recipients(headers: Headers) -> list[str]:
    found: list[str] = []
    for name in (b"x-failed-recipients", b"x-failed-recipient"):
        for value in headers.every(name)[:20]:
            pieces = header_text(value).split(",")[:MAX_RECIPIENTS]
            found += [addr for piece in pieces if (addr := valid_addr(piece.strip().strip("<>")))]
    return list(dict.fromkeys(found))


def _assigned(named: list[str], told: list[Told]) -> list[Told]:
    """Give each recipient the header names the words about it, else those next in order."""
    by_addr = {one.recipient: one.words for one in told}
    rest = [one.words for one in told if one.recipient not in named]
    return [
        Told(addr, by_addr[addr] if addr in by_addr else rest.pop(0) if rest else "")
        for addr in named
    ]


def _addressed(parts: list[Part], enclosed: str) -> list[str]:
    """Return whom the returned mail was written to."""
    values = [value.encode("utf-8", "replace") for value in _TO.findall(enclosed[:_MAX_TEXT])[:3]]
    for part in parts:
        if part.kind in _ENCLOSED:
            data = decoded(part, [])[:_MAX_REPORT]
            block, _ = split_head(data + b"\r\n\r\n", start_of(data), len(data) + 4, [])
            values += block.every(b"to")[:3]
    return [person.addr for value in values for person in addresses(value)]


def _from_groups(
    groups: list[Group], told: list[Told], report: str, subject: str
) -> list[FailedRecipient]:
    words = {one.recipient: one.words for one in told}
    found: dict[str, FailedRecipient] = {}
    rejected = _REJECTED.search(report) if "automatically rejected" in report.lower() else None
    for group in groups:
        name = group.recipient or group.final
        said = words.get(group.recipient) or words.get(group.final)
        context = report if len(groups) == 1 else said or ""
        diagnostic = rejected[1] if rejected else group.diagnostic
        finding = finding_of(
            Said(
                words=diagnostic,
                context=context,
                status=group.status,
                action=group.action,
                is_program=group.diagnostic_type == "x-unix" or group.final.startswith("|"),
                category=group.category,
                reporter=group.reporter,
            )
        )
        reason = diagnostic or _reason(said or context, context)
        failure = _failed(name, finding, reason)
        is_last = gave_up(group.action, subject, report)
        found.setdefault(name, replace(failure, gave_up=is_last))
    return list(found.values())


def _from_words(told: Told, group: Group | None, report: str) -> FailedRecipient:
    diagnostic = group.diagnostic if group else ""
    words = diagnostic or _without_name(told)
    words = words or report
    finding = finding_of(
        Said(
            words=words,
            context=f"{told.words}\n{report}" if told.words else report,
            status=group.status if group else "",
            action=group.action if group else "",
            is_program="command output" in told.words.lower(),
        )
    )
    return _failed(told.recipient, finding, diagnostic or _reason(words, report))


def _without_name(told: Told) -> str:
    """Return the words about a recipient, unless they are nothing but its name."""
    words = told.words.replace(told.recipient, " ")
    return told.words if re.search(r"[^\W\d_]{3}", words) else ""


def _failed(recipient: str, finding: Finding, reason: str) -> FailedRecipient:
    line = shorten(" ".join(clean(reason[:4_000]).split()), _MAX_REASON)
    return FailedRecipient(recipient, finding.status, finding.hard, line, finding.kind)


def _reason(words: str, report: str) -> str:
    """Return the line of a report that says why: one with a code, or else the first sentence."""
    lines = [
        line.strip()[:_MAX_LINE] for text in (words, report) for line in text.split("\n")[:200]
    ]
    for line in lines:
        if _REPLY_LINE.search(line):
            return line
    sentences = [line for line in lines if " " in line and line[0] not in "*-=" and line[-1] != ":"]
    sentences += [line for line in lines if line]
    return next((line for line in sentences if "@" not in line), "".join(sentences[:1]))
