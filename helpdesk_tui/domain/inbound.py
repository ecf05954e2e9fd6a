"""What becomes of a received mail: the pipeline of rules 1, in small steps that leave evidence.

Pure: the store is asked through a :class:`~helpdesk_tui.domain.matching.Lookup`, nothing is
written. :func:`decide` runs the steps in order; the first that settles the mail wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.mail import Address, Evidence, MailClass, ParsedMail
from helpdesk_tui.domain.matching import Lookup, Match, Step, find_ticket, referenced_ids
from helpdesk_tui.domain.message_ids import verify_id
from helpdesk_tui.domain.own import OwnAddresses


class VerdictKind(StrEnum):
    """What a mail is to the desk (the ``verdict`` of ``helpdesk mail explain``)."""

    TICKET = "ticket"
    JOINS = "joins"
    REJECTED = "rejected"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    DUPLICATE = "duplicate"


class Place(StrEnum):
    """Where a mail goes."""

    NEW = "new"
    APPEND = "append"
    INTAKE = "intake"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Desk:
    """What deciding needs to know of this desk."""

    own: OwnAddresses
    instance: str = ""
    """Id of this desk: what its own mail carries."""
    secret: str = ""
    """Key of our Message-IDs and markers."""
    trusted: frozenset[str] = frozenset()
    """Servers whose Authentication-Results count."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a mail, and why."""

    kind: VerdictKind
    place: Place
    evidence: tuple[Evidence, ...]
    customer: Address
    found_in: str = "from"
    """The header the customer was found in."""
    ticket_id: int | None = None
    """The ticket it joins."""
    reason: str = ""
    """Code of the intake list."""
    flags: tuple[str, ...] = ()
    """Codes of the message."""
    ticket_flags: tuple[str, ...] = ()
    """Codes the ticket gets."""
    automatic: bool = False
    is_ours: bool = False
    """Comes from an own address: a customer-side message all the same (security I3)."""
    is_stranger: bool = False
    """Let in by a proof: joins the participants, never the default recipient."""
    failed_message: int | None = None
    """A bounce: the outbound message that did not arrive."""
    refused_ticket: int | None = None
    """A ticket that a stranger named and did not get into."""
    reply_to: str = ""
    """A Reply-To that differs from the sender; used only after a visible choice."""


def decide(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict:
    """Return what becomes of a mail."""
    for step in (_duplicate, _empty, _own_mail, _bounce, _forwarded_by_hand):
        verdict = step(mail, desk, lookup)
        if verdict is not None:
            return verdict
    return _threaded(mail, desk, lookup)


def is_unreadable(mail: ParsedMail) -> bool:
    """Tell whether a mail could not be parsed and only a byte scan speaks for it."""
    return any(item.code == "unreadable" for item in mail.evidence)


def customer_of(mail: ParsedMail, own: OwnAddresses) -> tuple[Address, str]:
    """Return the customer and the header they were found in (rules step 8, first half).

    Only where the apparent sender is an own address do the headers that forwards leave count.
    """
    if mail.sender.addr in own:
        for header, address in mail.original_senders:
            if address.addr and address.addr not in own:
                return address, header
    return mail.sender, "from"


def recipient_of(mail: ParsedMail, own: OwnAddresses, default: str) -> str:
    """Return the support address a customer wrote to."""
    for address in (*(p.addr for p in (*mail.to, *mail.cc)), *mail.delivered_to):
        if address in own.support:
            return address
    return default


def auth_failed(mail: ParsedMail, trusted: frozenset[str]) -> bool:
    """Tell whether a server that we trust says that the sender is forged (security I4)."""
    auth = mail.auth
    return auth is not None and auth.authserv_id in trusted and ("dmarc", "fail") in auth.methods


def _duplicate(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if mail.message_id:
        known = any(m.content_hash == mail.content_hash for m in lookup.mails(mail.message_id))
    else:
        known = bool(lookup.same_content(mail.content_hash))
    if not known:
        return None
    evidence = Evidence("duplicate", mail.message_id or mail.content_hash)
    return Verdict(VerdictKind.DUPLICATE, Place.NOWHERE, (evidence,), mail.sender)


def _empty(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if mail.sender.addr or mail.subject or mail.text.strip() or mail.attachments or mail.to:
        return None
    if is_unreadable(mail):
        return None
    return _rejected(mail, "empty", ())


def _own_mail(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if desk.instance and mail.instance == desk.instance:
        return _rejected(mail, "own-mail", (Evidence("own-mail.instance", mail.instance),))
    if desk.secret and verify_id(desk.secret, mail.message_id):
        return _rejected(mail, "own-mail", (Evidence("own-mail.message-id", mail.message_id),))
    return None


def _bounce(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if mail.mail_class is not MailClass.BOUNCE:
        return None
    original = mail.bounce.original_id if mail.bounce is not None else ""
    evidence = (Evidence("class.bounce"), *mail.evidence)
    for reference in (original, *referenced_ids(mail)):
        for stored in lookup.mails(reference) if reference else ():
            if stored.is_outbound and stored.ticket_id is not None:
                return Verdict(
                    VerdictKind.BOUNCE,
                    Place.APPEND,
                    (*evidence, Evidence("bounce.of", reference)),
                    mail.sender,
                    ticket_id=lookup.standing(stored.ticket_id) or stored.ticket_id,
                    flags=("bounce",),
                    ticket_flags=("address-fails",) if mail.bounce and mail.bounce.hard else (),
                    automatic=True,
                    failed_message=stored.message_id,
                )
    return Verdict(
        VerdictKind.BOUNCE,
        Place.INTAKE,
        (*evidence, Evidence("bounce.unmatched", original)),
        mail.sender,
        reason="bounce",
        automatic=True,
    )


def _forwarded_by_hand(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    """Reject what a colleague forwarded instead of the mail server (rules step 6a)."""
    if not mail.is_forward or mail.mail_class is not MailClass.HUMAN:
        return None
    if customer_of(mail, desk.own)[0].addr not in desk.own:
        return None
    return _rejected(mail, "forwarded-by-hand", (Evidence("forward.by-hand", mail.sender.addr),))


def _rejected(mail: ParsedMail, reason: str, evidence: tuple[Evidence, ...]) -> Verdict:
    found = evidence or (Evidence(reason),)
    return Verdict(VerdictKind.REJECTED, Place.INTAKE, found, mail.sender, reason=reason)


def _threaded(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict:
    """Match, check the sender, and say what the message and its ticket look like."""
    customer, found_in = customer_of(mail, desk.own)
    forged = auth_failed(mail, desk.trusted)
    found = find_ticket(mail, customer, desk.own, desk.secret, lookup, auth_failed=forged)
    automatic = mail.mail_class is not MailClass.HUMAN
    evidence = (
        Evidence(f"class.{mail.mail_class}"),
        *mail.evidence,
        Evidence("customer", f"{found_in}: {customer.addr}"),
        *found.evidence,
    )
    if found.match is None and mail.mail_class is MailClass.OOO:
        return Verdict(VerdictKind.AUTOMATIC, Place.INTAKE, evidence, customer, found_in,
                       reason="out-of-office", automatic=True)  # fmt: skip
    is_ours = customer.addr in desk.own
    reply_to = _other_reply_to(mail, customer, desk.own)
    match = found.match
    flags = _message_flags(mail, match, lookup, forged=forged, is_ours=is_ours)
    joins = match is not None
    if not joins and found.refused is not None:
        flags = (*flags, "forged-reference")
    return Verdict(
        VerdictKind.AUTOMATIC if automatic else _kind(match),
        Place.APPEND if joins else Place.NEW,
        evidence,
        customer,
        found_in,
        ticket_id=match.ticket_id if match else None,
        flags=flags,
        ticket_flags=_ticket_flags(flags, reply_to=reply_to, joins=joins, is_ours=is_ours),
        automatic=automatic,
        is_ours=is_ours,
        is_stranger=bool(match and match.is_stranger),
        refused_ticket=None if joins else found.refused,
        reply_to=reply_to,
    )


def _kind(match: Match | None) -> VerdictKind:
    return VerdictKind.TICKET if match is None else VerdictKind.JOINS


def _other_reply_to(mail: ParsedMail, customer: Address, own: OwnAddresses) -> str:
    """Return where else the sender wants answers; our own addresses are ignored (security I1)."""
    for address in mail.reply_to:
        if address.addr and address.addr != customer.addr and address.addr not in own:
            return address.addr
    return ""


_CUT = ("too-", "header-", "text-too-long")


def _message_flags(
    mail: ParsedMail, match: Match | None, lookup: Lookup, *, forged: bool, is_ours: bool
) -> tuple[str, ...]:
    found = {
        "auth-failed": forged,
        "cut": any(defect.startswith(_CUT) for defect in mail.defects),
        "from-own-address": is_ours,
        "new-sender": bool(match and match.is_stranger),
        "same-id": bool(mail.message_id and lookup.mails(mail.message_id)),
        "unreadable": is_unreadable(mail),
        "unproven-thread": match is not None and match.step is Step.NAMELESS,
    }
    return tuple(code for code, holds in found.items() if holds)


def _ticket_flags(
    flags: tuple[str, ...], *, reply_to: str, joins: bool, is_ours: bool
) -> tuple[str, ...]:
    """Return which codes the ticket shows as well, so that nobody overlooks them."""
    kept = {"auth-failed", "forged-reference", "new-sender", "unreadable"}.intersection(flags)
    if reply_to:
        kept.add("reply-to-differs")
    if is_ours and not joins:
        kept.add("own-address-customer")
    return tuple(sorted(kept))
