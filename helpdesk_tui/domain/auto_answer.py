"""When a new ticket is answered automatically, and what the answer says.

Pure: what was answered before is counted by the caller. Every brake stands on its own, so that a
loop ends even where the other side strips all headers that tell machines apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import MailClass, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.senders import Proof, is_spoofed, proof_of
from helpdesk_tui.domain.times import span_us
from helpdesk_tui.domain.verdicts import Place, Verdict

ANSWER_TEXT = "auto-reply.text"
"""Name of the desk setting with the text of automatic answers; empty: there are none."""
ANSWER_SUBJECT = "auto-reply.subject"
ANSWER_PER_HOUR = "auto-reply.per-hour"
ANSWER_PROVEN_ONLY = "auto-reply.proven-only"
ANSWER_OUTSIDE_ONLY = "auto-reply.outside-hours-only"

PER_HOUR = 20
"""Automatic answers of one inbox in an hour, where no setting says otherwise."""
DEFAULT_SUBJECT = "We have received your message"
"""Subject of automatic answers, where no setting says otherwise."""
PER_SENDER = timedelta(hours=24)
"""One sender gets one automatic answer in this time."""
HOUR = timedelta(hours=1)
OLDEST = timedelta(hours=24)
"""Mail that lay somewhere for longer is not answered: a new mailbox may hold years of it."""

_ROLES = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer[-_.]?daemon|postmaster|hostmaster|webmaster"
    r"|abuse|daemon|root|nobody|bounces?|listserv|majordomo|(?:.*-)?(?:request|owner|bounces)"
    r"|owner-.*|auto(?:mated|mailer|reply|responder)?|notifications?|notify|alerts?|system|mdaemon"
    r"|news(?:letter)?|mailing|robot|bot|cron|ne[-_.]?pas[-_.]?repondre|nepasrepondre"
    r"|keine[-_.]?antwort|nicht[-_.]?antworten|no[-_.]?responder|nao[-_.]?responda"
    r"|nie[-_.]?odpowiadaj|svara[-_.]?ej)(?:[-_.+=].*)?"
)


_DOTLESS = frozenset(("gmail.com", "googlemail.com"))
"""Domains that mean the same mailbox with and without dots."""


class Refusal(StrEnum):
    """Why a mail gets no automatic answer."""

    OFF = "off"
    NOT_NEW = "not-a-new-ticket"
    NOT_HUMAN = "not-written-by-a-person"
    SPAM = "spam"
    BLOCKED = "sender-blocked"
    NO_ADDRESS = "no-address"
    OWN = "own-address"
    ROLE = "role-address"
    FORGED = "sender-failed-authentication"
    SPOOFED = "name-of-another"
    UNPROVEN = "sender-not-authenticated"
    TOO_OLD = "too-old"
    SENDER = "sender-answered-today"
    OFFICE_OPEN = "within-office-hours"
    INBOX = "too-many-this-hour"


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """What the desk wants answered automatically."""

    text: str = ""
    """Empty: nothing."""
    subject: str = ""
    per_hour: int = PER_HOUR
    proven_only: bool = False
    """Only senders whom a trusted server vouches for, or who wrote before."""
    outside_only: bool = False
    """Only while nobody is in the office."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered automatically before."""

    sender: int = 0
    """Answers to this sender within :data:`PER_SENDER`."""
    inbox: int = 0
    """Answers from this inbox within :data:`HOUR`."""
    is_known: bool = False
    """The sender was a customer before this mail."""
    is_open: bool = False
    """Somebody is in the office now."""


def refusal(
    mail: ParsedMail,
    verdict: Verdict,
    rules: AnswerRules,
    own: OwnAddresses,
    trusted: frozenset[str],
) -> Refusal | None:
    """Return why a mail gets no automatic answer whatever was answered before, or None."""
    if not rules.text:
        return Refusal.OFF
    if verdict.place is not Place.NEW:
        return Refusal.NOT_NEW
    is_human = mail.mail_class is MailClass.HUMAN and not verdict.automatic
    if not is_human or Flag.UNREADABLE in verdict.flags or _claims_a_person(mail):
        return Refusal.NOT_HUMAN
    if mail.is_spam_header:
        return Refusal.SPAM
    if verdict.is_blocked:
        return Refusal.BLOCKED
    return _of_sender(mail, verdict, own, trusted)


def _claims_a_person(mail: ParsedMail) -> bool:
    """Tell whether only ``Auto-Submitted: no`` stands against signs of a machine."""
    codes = {item.code for item in mail.evidence}
    return "auto-submitted" in codes and len(codes) > 1


def _of_sender(
    mail: ParsedMail, verdict: Verdict, own: OwnAddresses, trusted: frozenset[str]
) -> Refusal | None:
    address = verdict.customer.addr
    domain = address.rpartition("@")[2]
    if "@" not in address or " " in address or "." not in domain or domain.startswith("["):
        return Refusal.NO_ADDRESS
    if verdict.is_ours or address in own:
        return Refusal.OWN
    if _ROLES.fullmatch(address.partition("@")[0]):
        return Refusal.ROLE
    if proof_of(mail, trusted) is Proof.FAILED:
        return Refusal.FORGED
    if Flag.SPOOFED_NAME in verdict.flags or is_spoofed(mail.sender, own, frozenset()):
        return Refusal.SPOOFED
    return None


def brake(
    mail: ParsedMail, rules: AnswerRules, trusted: frozenset[str], before: Answered, *, age_us: int
) -> Refusal | None:
    """Return why a mail that may be answered is not, given what was answered before, or None.

    The inbox comes last: a mail that it holds back would have been answered otherwise.
    """
    if age_us > span_us(OLDEST):
        return Refusal.TOO_OLD
    proven = before.is_known or proof_of(mail, trusted) is Proof.PASSED
    if rules.proven_only and not proven:
        return Refusal.UNPROVEN
    if before.sender:
        return Refusal.SENDER
    if rules.outside_only and before.is_open:
        return Refusal.OFFICE_OPEN
    return Refusal.INBOX if before.inbox >= rules.per_hour else None


def mailbox_of(address: str) -> str:
    """Return what the ways to write one mailbox's address have in common, to count by.

    Whoever forges senders could have one person answered many times otherwise.
    """
    local, _, domain = address.lower().rpartition("@")
    local = local.strip('"').partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def answer_subject(rules: AnswerRules, ticket_id: int) -> str:
    """Return the subject of an automatic answer: never the customer's own words."""
    return f"{rules.subject or DEFAULT_SUBJECT} [#{ticket_id}]"
