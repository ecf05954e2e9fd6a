"""From the bytes of a mail to what the desk understands of them. Never raises, whatever the bytes.

Each header and each part is read on its own, so that one that is broken hides nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from helpdesk_tui.domain.mail import (
    Address,
    AuthResult,
    Bounce,
    Evidence,
    Fold,
    MailAttachment,
    MailClass,
    Notice,
    ParsedMail,
)  # fmt: skip
from helpdesk_tui.domain.message_ids import MARKER
from helpdesk_tui.domain.senders import UNCLEAR_FROM
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.verification import token_in
from helpdesk_tui.mail import files
from helpdesk_tui.mail.addresses import (
    addresses,
    date_of,
    local_mailbox,
    message_id,
    message_ids,
    names_several,
)
from helpdesk_tui.mail.authresults import auth_results
from helpdesk_tui.mail.bodies import Body
from helpdesk_tui.mail.bounce import bounce_of, original_id
from helpdesk_tui.mail.classify import Seen, classify
from helpdesk_tui.mail.feedback import is_feedback_report
from helpdesk_tui.mail.folding import find_folds
from helpdesk_tui.mail.forward import forwarded_in, is_forward
from helpdesk_tui.mail.headers import Headers, split_head, start_of
from helpdesk_tui.mail.mime import Part, split_parts
from helpdesk_tui.mail.notices import Beyond, look_beyond
from helpdesk_tui.mail.protection import unwrapped
from helpdesk_tui.mail.spam_headers import says_spam
from helpdesk_tui.mail.trace import delivered_to
from helpdesk_tui.mail.words import header_text

MAX_SUBJECT = 998
_INSTANCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WORD_CHARSET = re.compile(rb"=\?([A-Za-z0-9_.:+-]{2,40})(?:\*[^?]*)?\?[bBqQ]\?")
_FORWARDED_BY = (
    b"x-original-from", b"x-forwarded-for", b"x-original-sender", b"resent-from", b"reply-to",
)  # fmt: skip
_LIMIT = 100
_NOBODY = Address("", "")
_NO_TEXTS: tuple[str, ...] = ()
_NO_PEOPLE: tuple[Address, ...] = ()
_NO_FOLDS: tuple[Fold, ...] = ()
_NO_RESULTS: tuple[AuthResult, ...] = ()
_PERSON: tuple[MailClass, tuple[Evidence, ...]] = (MailClass.HUMAN, ())

T = TypeVar("T")


class _Guard:
    """Runs one step of the reading; a step that fails leaves a defect and its default."""

    def __init__(self) -> None:
        self.defects: list[str] = []

    def __call__(self, default: T, code: str, step: Callable[..., T], *args: object) -> T:
        try:
            return step(*args)
        except Exception:  # noqa: BLE001 - one broken header or part must not hide the others
            self.defects.append(code)
            return default


def parse_mail(raw: bytes) -> ParsedMail:
    """Return everything the desk needs to know of a mail. Never raises; no I/O, no clock."""
    try:
        return _parsed(raw)
    except Exception:  # noqa: BLE001 - a poison mail must not stop the ones behind it
        return unreadable_mail(raw, "parse-failed")


def _enclosed(raw: bytes) -> ParsedMail:
    """Return an attached mail; what is attached to it is not read in turn."""
    return _parsed(raw, outermost=False)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A mail taken apart: its headers and parts, nothing of it understood yet."""

    headers: Headers
    parts: tuple[Part, ...]
    kind: str
    hints: tuple[str, ...]
    """Charsets for texts that name none of use."""
    shown: list[Part]
    """The parts that are read."""
    body: Body


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands in a mail: from whom, about what, which words and files."""

    sender: Address
    subject: str
    text: str
    files: tuple[MailAttachment, ...]
    hashes: tuple[str, ...]
    """Of the files, as they were attached."""
    notices: tuple[Notice, ...]
    links: tuple[tuple[str, str], ...]
    mail_class: MailClass
    evidence: tuple[Evidence, ...]
    is_feedback: bool


def _parsed(raw: bytes, *, outermost: bool = True) -> ParsedMail:
    guard = _Guard()
    opened = _opened(raw, guard)
    read = _read(opened, guard)
    headers, hints = opened.headers, opened.hints
    passed_on = guard(None, "bad-forward", forwarded_in, read.subject, read.text,
                      read.files if outermost else (), read.mail_class, _enclosed)  # fmt: skip
    auth = guard(_NO_RESULTS, "bad-auth", auth_results, headers.every(b"authentication-results"))
    date = guard(None, "bad-date", date_of, headers.first(b"date"))
    return ParsedMail(
        message_id=guard("", "bad-message-id", message_id, headers.first(b"message-id")),
        in_reply_to=guard((), "bad-in-reply-to", message_ids, headers.first(b"in-reply-to")),
        references=guard((), "bad-references", message_ids, headers.first(b"references")),
        sender=read.sender,
        reply_to=guard((), "bad-reply-to", _people, headers, b"reply-to", hints),
        to=guard((), "bad-to", _people, headers, b"to", hints),
        cc=guard((), "bad-cc", _people, headers, b"cc", hints),
        delivered_to=guard((), "bad-delivered-to", delivered_to, headers),
        original_senders=guard((), "bad-forwarded", _original_senders, headers, hints),
        date=date,
        subject=read.subject,
        text=read.text,
        folds=_folds(read, guard),
        has_html=opened.body.has_html,
        links=read.links,
        attachments=read.files,
        mail_class=read.mail_class,
        bounce=_bounce(read, opened, guard),
        auth=auth[0] if auth else None,
        auth_results=auth,
        instance=guard("", "bad-instance", _instance, headers),
        address_test=token_in(headers.first(b"x-helpdesk-address-test").decode("latin-1")),
        markers=_markers(read.text),
        is_forward=guard(False, "bad-forward", is_forward, read.subject, read.text, passed_on,
                         read.files, read.mail_class),
        forwarded=passed_on,
        evidence=read.evidence,
        notices=read.notices,
        is_feedback_report=read.is_feedback,
        reported_id=_reported_id(read, opened, guard),
        is_signed=opened.kind == "multipart/signed",
        is_spam_header=guard(False, "bad-spam-header", says_spam, headers),
        content_hash=content_hash(read.sender.addr, date, read.subject, read.text, read.hashes),
        # the last: every step before may add to them
        defects=tuple(dict.fromkeys(guard.defects)),
    )  # fmt: skip


def _opened(raw: bytes, guard: _Guard) -> _Opened:
    """Take a mail apart."""
    if raw.find(b"\n", 0, 65_536) < 0 and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    headers, body_at = split_head(raw, start_of(raw), len(raw), guard.defects)
    parts, kind = split_parts(raw, headers, body_at, guard.defects)
    parts = guard(parts, "bad-signed", unwrapped, parts, guard.defects)
    hints = guard(_NO_TEXTS, "bad-charset", _charset_hints, headers, parts)
    shown = _shown(parts)
    body = Body(files.readable(shown), hints, guard.defects)
    return _Opened(headers, parts, kind, hints, shown, body)


def _read(opened: _Opened, guard: _Guard) -> _Read:
    """Read the words and files of a mail, and make out what kind of mail it is."""
    headers, parts, body = opened.headers, opened.parts, opened.body
    text = guard("", "bad-body", body.text)
    attachments, hashes = _attachments(parts, opened.shown, body, guard)
    subject = guard("", "bad-subject", _subject, headers, opened.hints)
    sender = guard(_NOBODY, "bad-from", _sender, headers, opened.hints, guard.defects)
    is_feedback = guard(False, "bad-feedback", is_feedback_report, headers, parts, opened.kind,
                        sender.addr, subject, text)  # fmt: skip
    mail_class, evidence = guard(_PERSON, "bad-class", classify, Seen(
        headers, sender.addr, sender.name, subject, opened.kind, parts, text, is_feedback,
    ))  # fmt: skip
    beyond = guard(Beyond(text, attachments), "bad-notices", look_beyond, parts, text, attachments,
                   mail_class)  # fmt: skip
    return _Read(
        sender, subject, beyond.text, beyond.attachments, hashes, beyond.notices,
        beyond.links or body.links, mail_class, evidence, is_feedback,
    )  # fmt: skip


def _folds(read: _Read, guard: _Guard) -> tuple[Fold, ...]:
    if read.mail_class is MailClass.BOUNCE:
        # its reasons stand among headers that it repeats: all of it stays to read
        return _NO_FOLDS
    return guard(_NO_FOLDS, "bad-folds", find_folds, read.text)


def _bounce(read: _Read, opened: _Opened, guard: _Guard) -> Bounce | None:
    if read.mail_class is not MailClass.BOUNCE:
        return None
    return guard(None, "bad-report", bounce_of, opened.headers, list(opened.parts), read.text)


def _reported_id(read: _Read, opened: _Opened, guard: _Guard) -> str:
    if not read.is_feedback:
        return ""
    parts = list(opened.parts)
    return guard("", "bad-feedback", original_id, opened.headers, parts, read.text)


def content_hash(
    sender: str, date: datetime | None, subject: str, text: str, files: tuple[str, ...]
) -> str:
    """Return the hash that tells two deliveries of one mail from two mails."""
    lines = text.rstrip()
    if " \n" in lines or "\t\n" in lines or "\r\n" in lines:
        lines = "\n".join(map(str.rstrip, lines.split("\n")))
    moment = "" if date is None else date.isoformat()
    joined = "\x00".join((sender, moment, subject, lines, *files))
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()


def _shown(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts that are read; a text with a file name is one if there is no other."""
    shown = [part for part in parts if files.is_text_body(part)]
    if not any(part.kind.startswith("text/") for part in shown):
        named = [part for part in parts if part.kind in ("text/plain", "text/html")]
        shown += [part for part in named if part.disposition != "attachment"][:1]
    return shown


def _markers(text: str) -> tuple[str, ...]:
    if "{hd-" not in text:
        return ()
    return tuple([match[0] for match in MARKER.finditer(text)][-_LIMIT:])


def _charset_hints(headers: Headers, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Return the charsets a mail names, for those of its texts that name none of use."""
    found = [part.params["charset"] for part in parts if "charset" in part.params]
    for name in (b"subject", b"from"):
        value = headers.first(name)
        if b"=?" in value:
            found += [word.decode("ascii") for word in _WORD_CHARSET.findall(value[:4000])]
    return tuple(dict.fromkeys(found))[:8]


def _subject(headers: Headers, hints: tuple[str, ...]) -> str:
    text = header_text(headers.first(b"subject"), hints)
    return " ".join(clean(text).split())[:MAX_SUBJECT]


def _sender(headers: Headers, hints: tuple[str, ...], defects: list[str]) -> Address:
    for name in (b"from", b"sender", b"reply-to"):
        values = headers.every(name)[:3]
        for value in values:
            found = addresses(value, hints)
            if found:
                # servers judge one From only, and it need not be the one that is shown
                if name != b"from" or len(values) > 1 or names_several(value, found):
                    defects.append(UNCLEAR_FROM)
                return found[0]
    return local_mailbox(headers.first(b"from"), hints) or _NOBODY


def _people(headers: Headers, name: bytes, hints: tuple[str, ...]) -> tuple[Address, ...]:
    values = headers.every(name)
    if len(values) == 1:
        return addresses(values[0], hints)
    return tuple(found for value in values[:_LIMIT] for found in addresses(value, hints))


def _original_senders(headers: Headers, hints: tuple[str, ...]) -> tuple[tuple[str, Address], ...]:
    return tuple(
        (name.decode("ascii"), address)
        for name in _FORWARDED_BY
        if name in headers
        for value in headers.every(name)[:10]
        for address in addresses(value, hints)
    )


def _instance(headers: Headers) -> str:
    value = headers.first(b"x-helpdesk-instance").decode("latin-1")
    return value if _INSTANCE.fullmatch(value) else ""


def _attachments(
    parts: tuple[Part, ...], shown: list[Part], body: Body, guard: _Guard
) -> tuple[tuple[MailAttachment, ...], tuple[str, ...]]:
    """Return the files of a mail, and hashes of them that line ends do not change."""
    kept = {id(part) for part in shown if files.is_text_body(part)}
    if len(kept) == len(parts):
        return (), ()
    found: list[MailAttachment] = []
    hashes: list[str] = []
    for part in parts:
        if id(part) in kept:
            continue
        attachment = guard(None, "bad-attachment", _attachment, part, body, guard.defects)
        if attachment is not None:
            found.append(attachment)
            hashes.append(files.canonical_hash(part, attachment))
    return tuple(found), tuple(hashes)


def _attachment(part: Part, body: Body, defects: list[str]) -> MailAttachment | None:
    return files.attachment_of(part, defects, referenced=body.refers_to(part))


_SCAN = 256 * 1024


def _scanned(raw: bytes, name: bytes) -> bytes:
    """Return a header by a plain byte scan; continuation lines are left out."""
    match = re.search(rb"(?im)^" + name + rb":[ \t]*([^\r\n]{0,2000})", raw[:_SCAN])
    return match[1] if match else b""


def unreadable_mail(raw: bytes, defect: str) -> ParsedMail:
    """Return what a plain byte scan finds in a mail that could not be parsed in time."""
    guard = _Guard()
    guard.defects.append(defect)
    found = guard(_NO_PEOPLE, "bad-from", addresses, _scanned(raw, b"From"))
    sender = found[0] if found else _NOBODY
    subject = guard("", "bad-subject", _subject, Headers({b"subject": [_scanned(raw, b"Subject")]}),
                    ())  # fmt: skip
    date = guard(None, "bad-date", date_of, _scanned(raw, b"Date"))
    return ParsedMail(
        message_id=guard("", "bad-message-id", message_id, _scanned(raw, b"Message-ID")),
        in_reply_to=(), references=(), sender=sender, reply_to=(), to=(), cc=(),
        delivered_to=(), original_senders=(), date=date, subject=subject, text="", folds=_NO_FOLDS,
        has_html=False, links=(), attachments=(), mail_class=MailClass.HUMAN, bounce=None,
        auth=None, instance="", markers=(), is_forward=False,
        evidence=(Evidence("unreadable", defect),), defects=tuple(dict.fromkeys(guard.defects)),
        content_hash=hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest(),
    )  # fmt: skip
