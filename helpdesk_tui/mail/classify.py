"""What kind of sender a mail has: bounce, out of office, automatic, bulk or human, and why."""

from __future__ import annotations

import re
from typing import NamedTuple

from helpdesk_tui.domain.mail import Evidence, MailClass
from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail import bounce_signs as signs
from helpdesk_tui.mail.authresults import without_comments
from helpdesk_tui.mail.bounce_fields import REPORTS, only_arrivals, report_text
from helpdesk_tui.mail.bounce_services import kind_of_notification
from helpdesk_tui.mail.classify_words import (
    AUTO_HEADERS,
    AWAY_HEADERS,
    AWAY_STARTS,
    AWAY_WORDS,
    LIST_HEADERS,
    REDIRECTED,
    WATCHED,
)  # fmt: skip
from helpdesk_tui.mail.headers import Headers
from helpdesk_tui.mail.mime import Part
from helpdesk_tui.mail.words import header_text, raw_text

_ROBOTS = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|auto(?:mated|mailer|reply|responder)?"
    r"|notifications?|notify|alerts?|bounces?|daemon|listserv|majordomo|nobody|nao-?responda|ne-?pas-?repondre"
    r"|keine-?antwort|nicht-?antworten|no-?responder|nepasrepondre)(?:[-_.+]|$)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[\s,;]+")


class Seen(NamedTuple):
    """What the class of a mail is told from."""

    headers: Headers
    sender: str
    """The From address, lower case."""
    name: str
    subject: str
    kind: str
    """The media type of the top level."""
    parts: tuple[Part, ...]
    text: str
    is_feedback: bool = False


class _Findings:
    """Evidence collected for each class."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.classes: set[MailClass] = set()

    def add(self, kind: MailClass, code: str, detail: bytes | str = "") -> None:
        text = raw_text(detail) if isinstance(detail, bytes) else detail
        self.evidence.append(Evidence(code, clean(text)[:200]))
        self.classes.add(kind)


def classify(seen: Seen) -> tuple[MailClass, tuple[Evidence, ...]]:
    """Return the class of a mail and why; the first of the class order that applies wins."""
    found = _Findings()
    if seen.is_feedback:
        found.add(MailClass.AUTO, "feedback-report", seen.kind)
    else:
        _bounces(found, seen)
    if MailClass.BOUNCE in found.classes:
        return MailClass.BOUNCE, tuple(found.evidence)
    if not WATCHED.isdisjoint(seen.headers):
        _machine_headers(found, seen.headers)
    if seen.sender and _ROBOTS.match(seen.sender.partition("@")[0]):
        found.add(MailClass.AUTO, "robot-address", seen.sender)
    _away(found, seen.subject)
    if _submitted(seen.headers)[0] == "no" and not seen.is_feedback:
        return MailClass.HUMAN, (Evidence("auto-submitted", "no"), *found.evidence)
    for mail_class in (MailClass.OOO, MailClass.AUTO, MailClass.BULK):
        if mail_class in found.classes:
            return mail_class, tuple(found.evidence)
    return MailClass.HUMAN, ()


def _away(found: _Findings, subject: str) -> None:
    """Note an out-of-office subject; its weaker words count only beside other signs."""
    lower = subject.lower()
    if lower.startswith(AWAY_STARTS):
        said = next(words for words in AWAY_STARTS if lower.startswith(words))
        found.add(MailClass.OOO, "subject-away", said)
    elif MailClass.AUTO in found.classes:
        said = next((words for words in AWAY_WORDS if words in lower), "")
        if said:
            found.add(MailClass.OOO, "subject-away", said)


def _bounces(found: _Findings, seen: Seen) -> None:
    """Note what speaks for a delivery report; words alone never make one."""
    headers = seen.headers
    daemon = signs.is_daemon(seen.sender, seen.name)
    empty = signs.has_empty_path(headers)
    is_report = seen.kind == "multipart/report"
    robot = signs.is_robot_reporter(seen.sender)
    failed = b"x-failed-recipients" in headers or b"x-failed-recipient" in headers
    if is_report or daemon or empty or failed:
        if _by_structure(found, seen, daemon=daemon, is_certain=is_report or daemon or empty):
            return
        if failed:
            found.add(MailClass.BOUNCE, "failed-recipients", headers.first(b"x-failed-recipients"))
    if daemon or empty or is_report or robot or not seen.sender:
        _by_words(found, seen, daemon=daemon, empty=empty, robot=robot)
    elif refused := signs.refused_by_list(headers, seen.subject, seen.text):
        found.add(MailClass.BOUNCE, "list-refusal", refused)
    if daemon:
        found.add(MailClass.AUTO, "daemon", seen.sender or seen.name)
    if is_report:
        found.add(MailClass.AUTO, "report", seen.kind)
    if empty:
        found.add(MailClass.AUTO, "empty-return-path", "<>")


def _by_structure(found: _Findings, seen: Seen, *, daemon: bool, is_certain: bool) -> bool:
    """Tell whether the parts alone decide: a report of failures, or one of arrivals only."""
    if is_certain and any(part.kind in REPORTS for part in seen.parts):
        if only_arrivals(report_text(list(seen.parts))):
            found.add(MailClass.AUTO, "delivery-success", seen.kind)
        else:
            found.add(MailClass.BOUNCE, "delivery-status", seen.kind)
        return True
    if daemon and signs.is_mailer(seen.sender, seen.name):
        found.add(MailClass.BOUNCE, "daemon", seen.sender or seen.name)
        return True
    return False


def _by_words(found: _Findings, seen: Seen, *, daemon: bool, empty: bool, robot: bool) -> None:
    """Note what subject and text say, where the sender is no person's."""
    if seen.subject.lower().startswith(AWAY_STARTS):
        return
    if kind_of_notification(seen.text) == "bounce":
        found.add(MailClass.BOUNCE, "delivery-notification", "json")
        return
    subject = signs.said_in_subject(seen.subject)
    is_machine = empty or _submitted(seen.headers)[0] not in ("", "no")
    if daemon and subject and (is_machine or signs.starts_as_report(seen.subject)):
        found.add(MailClass.BOUNCE, "subject-undelivered", subject)
        return
    said = signs.said_in_text(seen.text)
    if not said:
        return
    returned = any(part.kind in ("message/rfc822", "text/rfc822-headers") for part in seen.parts)
    if (
        daemon
        or not seen.sender
        or returned
        or seen.kind == "multipart/report"
        or signs.starts_as_report(seen.subject)
        or (subject and (empty or not robot))
    ):
        found.add(MailClass.BOUNCE, "text-undelivered", said)


def _submitted(headers: Headers) -> list[str]:
    """Return the keyword of Auto-Submitted and its parameters.

    Comments are left out, as RFC 3834 wants it: "(vacation)" is what some program calls itself,
    and says nothing about its owner being away.
    """
    value = header_text(headers.first(b"auto-submitted")).lower()
    return without_comments(value) if value else [""]


def _automatic_names(headers: Headers) -> tuple[bytes, ...]:
    """Return the headers of programs; what only tells of a rule that passed mail on is left out."""
    if b"resent-from" not in headers:
        return AUTO_HEADERS
    return tuple(name for name in AUTO_HEADERS if name != REDIRECTED)


def _machine_headers(found: _Findings, headers: Headers) -> None:
    submitted = _submitted(headers)
    if submitted[0] not in ("", "no"):
        is_away = any(part.rpartition("=")[2].strip(' "') == "vacation" for part in submitted)
        kind = MailClass.OOO if is_away else MailClass.AUTO
        found.add(kind, "auto-submitted", "; ".join(submitted))
    for name in (b"precedence", b"x-precedence"):
        value = headers.first(name).lower()
        if value.startswith((b"auto_reply", b"auto-reply")):
            found.add(MailClass.AUTO, "precedence", value)
        elif value in (b"bulk", b"list", b"junk"):
            found.add(MailClass.BULK, "precedence", value)
    if headers.first(b"x-apple-action").upper() == b"VACATION":
        found.add(MailClass.OOO, "x-apple-action", "VACATION")
    suppress = set(_SPLIT.split(header_text(headers.first(b"x-auto-response-suppress")).lower()))
    if suppress & {"all", "oof", "autoreply"}:
        found.add(
            MailClass.AUTO, "auto-response-suppress", " ".join(sorted(filter(None, suppress)))
        )
    for names, kind in ((LIST_HEADERS, MailClass.BULK), (AWAY_HEADERS, MailClass.OOO),
                        (_automatic_names(headers), MailClass.AUTO)):  # fmt: skip
        for name in names:
            value = headers.first(name)
            if value and value.lower() not in (b"no", b"false"):
                found.add(kind, name.decode("ascii"), value)
