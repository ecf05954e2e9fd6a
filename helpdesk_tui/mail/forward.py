"""Forwards made by hand: told by the subject, by a header in the text, or by an enclosed mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import cache, lru_cache

from helpdesk_tui.domain.mail import Forwarded, MailAttachment, MailClass, ParsedMail
from helpdesk_tui.mail.folding_wrote import INTRODUCTIONS, UNSPACED_LAST, words_of
from helpdesk_tui.mail.forward_block import (
    MAX_LINES,
    Block,
    Title,
    find_block,
    has_title,
    title_of,
)  # fmt: skip
from helpdesk_tui.mail.forward_people import author, people
from helpdesk_tui.mail.forward_words import BESIDE_NAME, FIELDS, PREFIXES, REPLIES, Field

ATTACHED_MAIL = "message/rfc822"
_LOOK = 1_000_000
_MAX_DEPTH = 3
"""Forwards inside a forward that are looked for: from one colleague to the next."""
_MAX_ABOVE = 300
_MAX_BELOW = 12
_MAX_LINE = 400
_EMPTY = " \t\xa0\u200b\ufeff"
_QUOTE = re.compile(r"[ \t\xa0]*>[ \t]?")
_ADDRESS = re.compile(r"[<(\[\s]*([^\s<>()\[\],;:\"']{1,100}@[^\s<>()\[\],;:\"']{1,250})")
_BRACKETED = re.compile(r"[<(][^\s<>()@]{1,100}@[^\s<>()@]{1,250}[>)]")
_MOMENT = re.compile(r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{1,2}[:.]\d{2}")
_LAST_DIGITS = re.compile(
    r"\d[^\s,]*(?:\s?[AaPp]\.?[Mm]\.?|\s?(?:uhr|г\.))?(?=[,\s]|$)", re.IGNORECASE
)
_NAME_QUOTES = '"“”„«»'
_QUOTED_NAME = re.compile(rf"[{_NAME_QUOTES}]\s*([^{_NAME_QUOTES}]{{1,120}}?)\s*[{_NAME_QUOTES}]$")
_AROUND = " \t\xa0<([,:;"
_CLOSING = "\"'”>)]"


class _Subject(StrEnum):
    """What a subject says of the mail."""

    FORWARD = "forward"
    REPLY = "reply"
    PLAIN = "plain"
    NONE = "none"


@cache
def _prefix(words: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(
        rf"\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{names})\.?\s?(?:[\[(]\d{{1,3}}[\])])?\s?[:：]\s*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=64)
def _kind(subject: str) -> _Subject:
    if not subject.strip():
        return _Subject.NONE
    if ":" not in subject and "：" not in subject:
        is_marked = subject.rstrip().lower().endswith("(fwd)")
        return _Subject.FORWARD if is_marked else _Subject.PLAIN
    if _prefix(PREFIXES).match(subject) or subject.rstrip().lower().endswith("(fwd)"):
        return _Subject.FORWARD
    return _Subject.REPLY if _prefix(REPLIES).match(subject) else _Subject.PLAIN


def without_forward_prefix(subject: str) -> str:
    """Return a subject without what forwarding put before it."""
    for _ in range(10):
        match = _prefix(PREFIXES).match(subject)
        if match is None:
            break
        subject = subject[match.end() :]
    return subject.strip().removesuffix("(fwd)").strip()


def is_forward(
    subject: str,
    text: str,
    found: Forwarded | None,
    attachments: tuple[MailAttachment, ...],
    mail_class: MailClass,
) -> bool:
    """Tell whether a mail looks like one that a person passed on, even where nothing is found."""
    if mail_class is MailClass.BOUNCE:
        return False
    if found is not None:
        return True
    kind = _kind(subject)
    if kind is _Subject.FORWARD or (kind is not _Subject.REPLY and has_title(text)):
        return True
    return any(attachment.content_type == ATTACHED_MAIL for attachment in attachments)


def forwarded_in(
    subject: str,
    text: str,
    attachments: tuple[MailAttachment, ...],
    mail_class: MailClass,
    read: Callable[[bytes], ParsedMail],
) -> Forwarded | None:
    """Return the mail that a mail passes on, as text or as an attached mail.

    Args:
        subject: Subject of the mail.
        text: Its text.
        attachments: Its files.
        mail_class: What kind of sender it has; a bounce encloses mail without forwarding it.
        read: Reads an attached mail, itself only and nothing that is attached to it.
    """
    if mail_class is MailClass.BOUNCE:
        return None
    found = find_forwarded(subject, text)
    if found is not None:
        return _with_inner(found)
    attached = next((each for each in attachments if each.content_type == ATTACHED_MAIL), None)
    if attached is None:
        return None
    mail = read(attached.data)
    return _with_inner(Forwarded(
        sender=mail.sender, to=mail.to, cc=mail.cc,
        date="" if mail.date is None else mail.date.isoformat(), subject=mail.subject,
        body=mail.text.strip("\n"), message=text.strip(), embedded="", is_attached=True,
    ))  # fmt: skip


def _with_inner(found: Forwarded, depth: int = _MAX_DEPTH) -> Forwarded:
    """Return a forwarded mail with those that it passes on in turn."""
    inner = find_forwarded(found.subject, found.body) if depth and found.body else None
    return found if inner is None else replace(found, inner=_with_inner(inner, depth - 1))


def find_forwarded(subject: str, text: str) -> Forwarded | None:
    """Return the mail that a text forwards, or None where it forwards none.

    A header block alone proves nothing, since answers quote with the same blocks: without a
    title that says "forwarded", the subject decides.
    """
    kind = _kind(subject)
    text = text[:_LOOK].replace("\r\n", "\n")
    lines = text.split("\n")
    block = find_block(lines)
    if block is None and kind is not _Subject.FORWARD:
        return None
    quoted_at = _attribution(lines, block)
    if quoted_at is not None:
        if kind is not _Subject.FORWARD:
            return None
        found = _from_attribution(subject, lines, quoted_at)
        if found is not None:
            return found
    if block is None or not _is_meant(subject, kind, block, lines):
        return None
    return _from_block(subject, lines, block)


def _is_meant(subject: str, kind: _Subject, block: Block, lines: list[str]) -> bool:
    """Tell whether a header stands there because the mail was forwarded."""
    if kind is _Subject.FORWARD:
        # VS: is a forward in Danish and Norwegian, and an answer in Finnish
        return block.title is Title.FORWARD or not (
            block.label in _finnish() and subject.lstrip()[:2].lower() == "vs"
        )
    if kind is not _Subject.NONE and block.title is not Title.FORWARD:
        return False
    level = _level(lines[block.start])
    return not any(_level(line) > level - (level > 0) for line in lines[: block.above])


@cache
def _finnish() -> frozenset[str]:
    return frozenset(FIELDS["fi"][0].split("|"))


def _level(line: str) -> int:
    """Return how deep a line is quoted."""
    return (
        len(line[:20]) - len(line[:20].replace(">", ""))
        if line[:20].lstrip().startswith(">")
        else 0
    )


def _unquoted(lines: list[str], level: int) -> list[str]:
    for _ in range(min(level, 3)):
        lines = [_QUOTE.sub("", line, count=1) if _QUOTE.match(line) else line for line in lines]
    return lines


def _trimmed(lines: list[str]) -> str:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip(_EMPTY):
        start += 1
    while end > start and not lines[end - 1].strip(_EMPTY):
        end -= 1
    return "\n".join(lines[start:end]).strip("\ufeff")


def _message(lines: list[str]) -> str:
    """Return what the forwarder wrote above, without a line drawn under it."""
    kept = list(lines)
    while kept and (not kept[-1].strip(_EMPTY + ">") or title_of(kept[-1]) is Title.RULE):
        kept.pop()
    return _trimmed(kept)


def _from_block(subject: str, lines: list[str], block: Block) -> Forwarded:
    level = max(_level(lines[block.start]), _level(lines[block.above]))
    header = _unquoted(lines[block.start : block.end], level)
    end = _end_of_quote(lines, block.end) if level else len(lines)
    body = _unquoted(lines[block.end : end], level)
    written_around = (_message(lines[: block.above]), _trimmed(lines[end:]))
    embedded = _trimmed(header + body)
    if level == 0:
        written = [line for line in body if line.strip(_EMPTY)]
        if written and all(line.lstrip().startswith(">") for line in written):
            body = _unquoted(body, 1)
    fields = block.fields
    return Forwarded(
        sender=author(fields.get(Field.FROM, "")),
        to=people(fields.get(Field.TO, "")),
        cc=people(fields.get(Field.CC, "")),
        date=fields.get(Field.DATE, ""),
        subject=fields.get(Field.SUBJECT) or without_forward_prefix(subject),
        body=_trimmed(body),
        message="\n\n".join(filter(None, written_around)),
        embedded=embedded,
    )


def _end_of_quote(lines: list[str], start: int) -> int:
    """Return where a quoted mail ends: a short paragraph below it is the forwarder's."""
    last = next((n for n in range(len(lines) - 1, start - 1, -1) if _level(lines[n])), None)
    if last is None or last + 1 >= len(lines) or lines[last + 1].strip(_EMPTY):
        return len(lines)
    tail = lines[last + 1 :]
    written = sum(1 for line in tail if line.strip(_EMPTY))
    is_short = 0 < written <= _MAX_BELOW and find_block(tail) is None
    return last + 1 if is_short else len(lines)


def _attribution(lines: list[str], block: Block | None) -> int | None:
    """Return the line ("On Monday, Ana wrote:") that introduces a quotation, if one does.

    Where no header is found, a line with a moment and an address in brackets is one in whatever
    language; otherwise it has to say that somebody wrote.
    """
    before = len(lines) if block is None else block.above
    for number, line in enumerate(lines[: min(before, MAX_LINES, _MAX_ABOVE)]):
        bare = line.rstrip(_EMPTY)
        if not bare.endswith((":", "：")) or len(bare) > _MAX_LINE:
            continue
        joined = _joined(lines, number)
        is_said = _wrote().search(joined) or (block is None and _BRACKETED.search(joined))
        if is_said and _MOMENT.search(joined):
            # a sentence that ends in a colon just above the header belongs to the forwarder
            return number if block is None or before - number > 2 else None
    return None


@cache
def _wrote() -> re.Pattern[str]:
    spaced = words_of(
        tuple(cell for row in INTRODUCTIONS.values() for cell in (row.last, row.middle))
    )
    words = "|".join(sorted(map(re.escape, spaced), key=len, reverse=True))
    glued = "|".join(map(re.escape, UNSPACED_LAST))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)|{glued}", re.IGNORECASE)


def _joined(lines: list[str], number: int) -> str:
    """Return an introducing line, with the line before it where it was folded."""
    line = lines[number].strip(_EMPTY + ">")
    if (number and not _MOMENT.search(line)) or "@" not in line:
        before = lines[number - 1].strip(_EMPTY + ">") if number else ""
        if before and len(before) <= _MAX_LINE:
            return f"{before} {line}"
    return line


def _from_attribution(subject: str, lines: list[str], number: int) -> Forwarded | None:
    """Return a forward made by a program that quotes as in an answer (Outlook for Mac)."""
    line = _joined(lines, number)
    match = _author_in(line)
    if match is None:
        return None
    first = number - (not lines[number].strip(_EMPTY + ">").startswith(line[:10]))
    body = lines[number + 1 :]
    written = [each for each in body if each.strip(_EMPTY)]
    if written and all(each.lstrip(_EMPTY).startswith(">") for each in written):
        body = _unquoted(body, 1)
    elif written and all(each.startswith("    ") for each in written):
        body = [each[4:] for each in body]
    when = _MOMENT.search(line)
    sender = author(f"{_name_before(line[: match.start()])} <{match[1]}>")
    return Forwarded(
        sender=sender, to=(), cc=(), date=when[0] if when else "",
        subject=without_forward_prefix(subject), body=_trimmed(body),
        message=_message(lines[:first]), embedded=_trimmed(lines[first:]),
    )  # fmt: skip


def _author_in(line: str) -> re.Match[str] | None:
    """Return the address of who wrote: of some that stand in a row the last, the rest is a name."""
    found: re.Match[str] | None = None
    for match in _ADDRESS.finditer(line):
        if found is not None and line[found.end() : match.start()].strip(_AROUND + _CLOSING):
            break
        found = match
    return found


def _name_before(text: str) -> str:
    """Return the name that ends a piece of text such as ``On 2 May at 9:00, Ana Ruiz``."""
    text = text.rstrip(_AROUND)
    quoted = _QUOTED_NAME.search(text)
    if quoted:
        return quoted[1]
    for match in _LAST_DIGITS.finditer(text):
        rest = text[match.end() :]
        if not any(char.isdigit() for char in rest):
            text = rest
            break
    text = text.strip(_AROUND)
    for _ in range(4):
        lowered = text.lower()
        word = next((w for w in _beside() if lowered.startswith(w + " ")), "")
        if not word:
            return text
        text = text[len(word) :].lstrip(_AROUND)
    return text


@cache
def _beside() -> tuple[str, ...]:
    return tuple(sorted(BESIDE_NAME, key=len, reverse=True))
