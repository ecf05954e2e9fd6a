"""Delivery reports in plain words: which recipients they name, and what they say of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from helpdesk_tui.mail.addresses import valid_addr
from helpdesk_tui.mail.bounce_patterns import spread

_MAX_LINES = 600
_MAX_LINE = 1_000
MAX_RECIPIENTS = 100
_ADDR = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9]"
_RETURNED = (
    r"(?:this|below this line|below|included|here|the following|attached)\b.{0,40}\b(?:copy"
    r"|header|original m)",
    r"(?:the )?(?:headers? of the )?(?:original|returned|unsent|undelivered|rejected) (?:message"
    r"|mail|e-?mail)\b"
    r"(?: (?:headers?|text|info|follows?|is attached|below))?.{0,20}$",
    r"message (?:headers?|text) follow", r"original mail (?:as )?follow",
    r"copy of (?:the|your) (?:original )?message", r"received:[ ]?(?:from|by|\()", r"return-path:",
    r"arc-seal:", r"dkim-signature:", r"(?:ursprüngliche|originale?) (?:nachricht|message|mail)",
    r"kopfzeilen der ursprünglichen nachricht", r"en-têtes (?:de|du) message", r"message d'origine",
    r"encabezados? (?:del? )?(?:mensaje )?original", r"mensaje original",
    r"intestazioni (?:del )?messaggio", r"messaggio originale", r"cabeçalhos? (?:da|de) mensage",
    r"mensagem original", r"oorspronkelijke? (?:bericht|berichtkop)",
    r"oryginaln\w{1,4} (?:wiadomo|nagłów)", r"ursprungligt? meddelande", r"исходн\w{2} сообщени",
    r"заголовки исходного", r"元のメッセージ", r"原始邮件", r"原始郵件",
)  # fmt: skip
_ENCLOSED = re.compile(rf"^[ \t]*(?:[-=_*> ]{{2,80}})?(?:{'|'.join(_RETURNED)})", re.IGNORECASE)
"""A line with which the mail given back begins."""
_DRAWN = " \t-=_*>"
_BEGINNINGS = frozenset(each[:2] for phrase in _RETURNED for each in spread(phrase))
"""First letters of such a line, behind what is drawn before it."""
_AFTER_NAME = (
    r"$", r"[:;\[(<,-]", r"\.\.\.", r"on\b", r"invalid\b", r"error\b", r"delivery\b", r"failed\b",
    r"unknown\b", r"is\b", r"was\b", r"because\b",
)  # fmt: skip
_STARTS = re.compile(
    rf"^[ \t]*(?:[*•>-]{{1,4}}[ \t]*)?(?:\"({_ADDR})\"|<({_ADDR})>|({_ADDR}))"
    rf"(?=[ \t]*(?:{'|'.join(_AFTER_NAME)}))",
    re.IGNORECASE,
)
_LABELS = (
    "final-recipient", "original-recipient", "recipients?(?: address)?", "original address",
    "rcpt to", r"addressed to", r"failed recipients?\(?s?\)?", "address", "user", "size",
    "attempts?", "delivered to", "message to", "mail to",
    "delivering (?:your )?(?:mail|message) to", "permanent errors", "rejected recipient",
    "gateway for", "following address(?:es)?", "sent to", "send to", "delivery? to", "to",
    "destinataire", "empfänger", "destinatario", "destinatário", "ontvanger", "odbiorca",
    "mottagare", "получатель", "an", "für", "pour", "para", "aan", "per",
)  # fmt: skip
_LABEL = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(_LABELS)})(?:[ \t]*[:=][ \t]*|[ \t]+|(?=<))|(?:宛先|收件人)[:：]?["
    rf" \t]*)"
    rf"(?:rfc822;[ \t]*)?<?({_ADDR})>?",
    re.IGNORECASE,
)
_NOT_LABEL = re.compile(r"^[ \t]*(?:mail from|from|reply-to|sender|cc|errors-to)\b", re.IGNORECASE)
_ANY = re.compile(rf"<?({_ADDR})>?")
_SENDMAIL = re.compile(rf"^[ \t]*[245]\d\d (?:[245]\.\d\.\d{{1,3}} )?<?({_ADDR})>?\.\.\. ")
_TALKING = re.compile(r"^(?:\.\.\. )?while talking to ", re.IGNORECASE)


class Told(NamedTuple):
    """What a text says of one recipient."""

    recipient: str
    words: str


def report_of(text: str) -> tuple[str, str]:
    """Split the text of a report: its own words, and the mail it gives back."""
    size = 0
    seen = False
    for line in text.split("\n", _MAX_LINES)[:_MAX_LINES]:
        words = line.lstrip(_DRAWN)
        if seen and words[:2].lower() in _BEGINNINGS and _ENCLOSED.match(line[:_MAX_LINE]):
            break
        seen = seen or bool(words) or bool(line.strip())
        size += len(line) + 1
    return text[:size], text[size:]


def told_in(report: str, own: frozenset[str]) -> list[Told]:
    """Return what a report says of each recipient it names.

    Args:
        report: The report's own words.
        own: Addresses of the report's own sender and receiver, which did not fail.
    """
    lines = [line[:_MAX_LINE] for line in report.split("\n")[:_MAX_LINES]]
    transcript = _transcript(lines)
    if transcript:
        return transcript
    for pattern in (_STARTS, _LABEL, _ANY):
        found = _blocks(lines, pattern, own)
        if found:
            return found
    return []


def _blocks(lines: list[str], pattern: re.Pattern[str], own: frozenset[str]) -> list[Told]:
    """Cut the lines at those that name a recipient; equal recipients are joined."""
    blocks: dict[str, list[str]] = {}
    current = ""
    for line in lines:
        addr = "" if "@" not in line else _named(line, pattern)
        if addr and addr not in own and len(blocks) < MAX_RECIPIENTS:
            current = addr
            blocks.setdefault(addr, [])
        if current:
            blocks[current].append(line)
    return [Told(addr, "\n".join(block).strip()) for addr, block in blocks.items()]


def _named(line: str, pattern: re.Pattern[str]) -> str:
    if pattern is not _STARTS and _NOT_LABEL.match(line):
        return ""
    found = pattern.search(line)
    return valid_addr(next((group for group in found.groups() if group), "")) if found else ""


def _transcript(lines: list[str]) -> list[Told]:
    """Read the transcript of an SMTP session, in which the reason stands above the recipient."""
    found: dict[str, str] = {}
    before: list[str] = []
    if not any("... " in line for line in lines):
        return []
    for line in lines:
        if _TALKING.match(line) or "transcript of session" in line.lower():
            before = []
        before.append(line)
        match = _SENDMAIL.match(line)
        if match and (addr := valid_addr(match[1])):
            said = "\n".join(before[-20:])
            found[addr] = f"{found[addr]}\n{said}" if addr in found else said
            before = []
    return [Told(addr, said) for addr, said in found.items()][:MAX_RECIPIENTS]
