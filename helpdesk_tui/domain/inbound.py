"""What becomes of a received mail, in small steps that leave evidence.

The page ``docs/admins/how-mail-becomes-tickets.md`` tells them to people.

Pure: the store is asked through a :class:`~helpdesk_tui.domain.matching.Lookup`, nothing is
written. :func:`decide` runs the steps in order; the first that settles the mail wins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from helpdesk_tui.domain.address_mail import address_mail
from helpdesk_tui.domain.chat_mail import onward
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.gratitude import is_gratitude
from helpdesk_tui.domain.group_mail import as_posted
from helpdesk_tui.domain.intake import BY_HAND
from helpdesk_tui.domain.mail import Address, Evidence, MailClass, ParsedMail
from helpdesk_tui.domain.matching import (
    Lookup,
    Match,
    Step,
    StoredMail,
    find_ticket,
    referenced_ids,
)
from helpdesk_tui.domain.message_ids import verify_id
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.offer_codes import OfferKind, offer_of
from helpdesk_tui.domain.offers import alike, is_new_topic
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.reopening import reopened_status
from helpdesk_tui.domain.reports import bounce, complaint
from helpdesk_tui.domain.senders import Proof, is_spoofed, proof_evidence, proof_of
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.verdicts import Desk, Place, Verdict, VerdictKind, rejected

__all__ = ["Desk", "Place", "Verdict", "VerdictKind", "decide"]


def decide(mail: ParsedMail, desk: Desk, lookup: Lookup, *, at: int | None = None) -> Verdict:
    """Return what becomes of a mail.

    Args:
        mail: The mail.
        desk: Who we are.
        lookup: What the store knows.
        at: When it came, in microseconds since 1970; without it nothing is offered.
    """
    mail = as_posted(mail, desk.own)
    for number, (_, step) in enumerate(_STEPS):
        verdict = step(mail, desk, lookup)
        if verdict is not None:
            return _once(mail, replace(verdict, passed=_NAMES[:number]), lookup)
    return _once(mail, _threaded(mail, desk, lookup, at), lookup)


_TYPED = "reply-to"
"""Header by which forms of a shop name the visitor: whatever was typed into them stands there."""


def is_unreadable(mail: ParsedMail) -> bool:
    """Tell whether a mail could not be parsed and only a byte scan speaks for it."""
    return any(item.code == "unreadable" for item in mail.evidence)


def customer_of(mail: ParsedMail, own: OwnAddresses) -> tuple[Address, str]:
    """Return the customer and the header they were found in.

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
        support = own.support_of(address)
        if support:
            return support
    return default


def _duplicate(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if all(known.message_id is None for known in _same(mail, lookup)):
        return None
    return _skipped(mail)


def _once(mail: ParsedMail, verdict: Verdict, lookup: Lookup) -> Verdict:
    """Return a verdict, or that the intake list holds the mail already.

    Only what would stand in that list again is one too many: somebody who saw a mail could have it
    put aside before it comes from its own sender.
    """
    again = verdict.place is Place.INTAKE and bool(_same(mail, lookup))
    return _skipped(mail) if again else verdict


def _same(mail: ParsedMail, lookup: Lookup) -> Sequence[StoredMail]:
    """Return the stored mails with the same id and content."""
    if not mail.message_id:
        return lookup.same_content(mail.content_hash)
    known = lookup.mails(mail.message_id)
    return [each for each in known if each.content_hash == mail.content_hash]


def _skipped(mail: ParsedMail) -> Verdict:
    evidence = Evidence("duplicate", mail.message_id or mail.content_hash)
    return Verdict(VerdictKind.DUPLICATE, Place.NOWHERE, (evidence,), mail.sender)


def _empty(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if mail.sender.addr or mail.subject or mail.text.strip() or mail.attachments or mail.to:
        return None
    if is_unreadable(mail):
        return None
    return rejected(mail, "empty", ())


def _own_mail(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    if desk.instance and mail.instance == desk.instance:
        return rejected(mail, "own-mail", (Evidence("own-mail.instance", mail.instance),))
    if desk.secret and verify_id(desk.secret, mail.message_id):
        return rejected(mail, "own-mail", (Evidence("own-mail.message-id", mail.message_id),))
    return None


def _forwarded_by_hand(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    """Reject what a colleague forwarded instead of the mail server."""
    if not mail.is_forward or mail.mail_class is not MailClass.HUMAN:
        return None
    if customer_of(mail, desk.own)[0].addr not in desk.own:
        return None
    return rejected(mail, BY_HAND, (Evidence("forward.by-hand", mail.sender.addr),))


_STEPS: tuple[tuple[str, Callable[[ParsedMail, Desk, Lookup], Verdict | None]], ...] = (
    ("duplicate", _duplicate),
    ("address-test", address_mail),
    ("empty", _empty),
    ("own-mail", _own_mail),
    ("feedback-report", complaint),
    ("bounce", bounce),
    (BY_HAND, _forwarded_by_hand),
)
"""The steps that may settle a mail by themselves, in the order of the rules."""
_NAMES = tuple(name for name, _ in _STEPS)

_Offer = tuple[str, tuple[Evidence, ...]]
"""What is offered, and why; what is split off gets its number when the message has one."""
_NOTHING: _Offer = ("", ())


def _threaded(mail: ParsedMail, desk: Desk, lookup: Lookup, at: int | None) -> Verdict:
    """Match, check the sender, and say what the message and its ticket look like."""
    customer, found_in = customer_of(mail, desk.own)
    proof = proof_of(mail, desk.trusted)
    forged = proof is Proof.FAILED
    found = find_ticket(mail, customer, desk.own, desk.secret, lookup, auth_failed=forged)
    automatic = mail.mail_class is not MailClass.HUMAN
    onwards = onward(found.match, customer.addr, lookup, automatic=automatic)
    match = onwards.match
    is_ours = customer.addr in desk.own
    is_blocked = not is_ours and lookup.is_blocked(customer.addr)
    evidence = (
        Evidence(f"class.{mail.mail_class}"),
        *mail.evidence,
        Evidence("customer", f"{found_in}: {customer.addr}"),
        proof_evidence(mail, desk.trusted, proof),
        *found.evidence,
        _standing_of(found.match, is_ours=is_ours),
        *onwards.evidence,
        *((Evidence("sender.blocked", customer.addr),) if is_blocked else ()),
    )
    if match is None and mail.mail_class is MailClass.OOO:
        return Verdict(VerdictKind.AUTOMATIC, Place.INTAKE, evidence, customer, found_in,
                       reason="out-of-office", automatic=True, passed=_NAMES)  # fmt: skip
    reply_to = "" if is_blocked else _other_reply_to(mail, customer, desk.own)
    flags = _message_flags(mail, match or found.match, lookup, desk, forged=forged, is_ours=is_ours)
    if match is None and found.refused is not None:
        flags = (*flags, Flag.FORGED_REFERENCE)
    if found_in == _TYPED:
        flags = (*flags, Flag.TYPED_SENDER)
    if is_blocked:
        flags = (*flags, Flag.BLOCKED)
    offer, why = _NOTHING
    if at is not None and not (automatic or is_ours or forged or is_blocked):
        offer, why = (
            _split(mail, match, lookup, at) if match else _merge(mail, customer, lookup, at)
        )
    is_thanks = Flag.GRATITUDE in flags
    why_kept = _why_kept(is_blocked=is_blocked, automatic=automatic, is_thanks=is_thanks)
    return Verdict(
        VerdictKind.AUTOMATIC if automatic else _kind(match),
        Place.APPEND if match else Place.NEW,
        (*evidence, *why, *_reopening(match, lookup, why_kept)),
        customer,
        found_in,
        ticket_id=match.ticket_id if match else None,
        flags=flags,
        ticket_flags=_ticket_flags(flags, reply_to=reply_to, joins=bool(match), is_ours=is_ours),
        automatic=automatic,
        is_ours=is_ours,
        is_stranger=bool(match and match.is_stranger),
        is_blocked=is_blocked,
        is_thanks=is_thanks,
        offer=offer,
        passed=_NAMES,
        refused_ticket=None if match else found.refused,
        follows_id=onwards.follows_id,
        reply_to=reply_to,
    )


def _standing_of(match: Match | None, *, is_ours: bool) -> Evidence:
    """Return how the sender stands to the ticket."""
    if match is None:
        return Evidence("match.none")
    how = "ours" if is_ours else "stranger" if match.is_stranger else "takes-part"
    return Evidence(f"sender.{how}", f"#{match.ticket_id}")


def _merge(mail: ParsedMail, customer: Address, lookup: Lookup, at: int) -> _Offer:
    """Offer the ticket that a new one seems to go on with."""
    recent = lookup.recent(customer.addr)
    found = alike(mail.subject, unfolded(mail.text, mail.folds), at, recent) if recent else None
    if found is None:
        return _NOTHING
    return offer_of(OfferKind.MERGE, found[0]), (Evidence("offer.merge", found[1]),)


def _split(mail: ParsedMail, match: Match, lookup: Lookup, at: int) -> _Offer:
    """Offer to split a mail off that is about something else."""
    ticket = lookup.ticket(match.ticket_id)
    if ticket is None:
        return _NOTHING
    answered = (each.subject for name in referenced_ids(mail) for each in lookup.mails(name))
    if not is_new_topic(mail.subject, at, (ticket.subject, *answered), ticket.created_at):
        return _NOTHING
    return OfferKind.SPLIT, (Evidence("offer.split", f"not about: {ticket.subject}"),)


def _why_kept(*, is_blocked: bool, automatic: bool, is_thanks: bool) -> str:
    """Return why a mail moves its ticket in no way; empty if it does."""
    if is_blocked:
        return "blocked"
    return "automatic" if automatic else "gratitude" if is_thanks else ""


def _reopening(match: Match | None, lookup: Lookup, why: str) -> tuple[Evidence, ...]:
    """Return what the mail does to the status of its ticket, as evidence."""
    ticket = lookup.ticket(match.ticket_id) if match is not None else None
    if ticket is None:
        return ()
    kept = why and ticket.status is not Status.OPEN
    after = reopened_status(ticket.status, spam=ticket.spam, snooze_keep=ticket.snooze_keep)
    if not kept and after is not ticket.status:
        return (Evidence("reopens", f"#{ticket.id} was {ticket.status}"),)
    shown = "spam" if ticket.spam else f"{ticket.status}!" if ticket.snooze_keep else ticket.status
    return (Evidence("stays", f"#{ticket.id} {shown}{f' ({why})' if kept else ''}"),)


def _kind(match: Match | None) -> VerdictKind:
    return VerdictKind.TICKET if match is None else VerdictKind.JOINS


def _other_reply_to(mail: ParsedMail, customer: Address, own: OwnAddresses) -> str:
    """Return where else the sender wants answers; our own addresses are ignored."""
    for address in mail.reply_to:
        if address.addr and address.addr != customer.addr and address.addr not in own:
            return address.addr
    return ""


_CUT = ("too-", "header-", "text-too-long")
_SHOWN_IN_LISTS = frozenset(
    (
        Flag.AUTH_FAILED,
        Flag.FORGED_REFERENCE,
        Flag.GRATITUDE,
        Flag.NEW_SENDER,
        Flag.SPOOFED_NAME,
        Flag.UNREADABLE,
    )
)


def _message_flags(
    mail: ParsedMail, match: Match | None, lookup: Lookup, desk: Desk,
    *, forged: bool, is_ours: bool,
) -> tuple[str, ...]:  # fmt: skip
    is_human = mail.mail_class is MailClass.HUMAN
    found = {
        Flag.AUTH_FAILED: forged,
        Flag.CUT: any(defect.startswith(_CUT) for defect in mail.defects),
        Flag.FROM_OWN_ADDRESS: is_ours,
        Flag.GRATITUDE: desk.keeps_thanks and is_human and match is not None and _says_thanks(mail),
        Flag.NEW_PARTICIPANT: bool(match and match.is_beside),
        Flag.NEW_SENDER: bool(match and match.is_stranger),
        Flag.SAME_ID: bool(mail.message_id and lookup.mails(mail.message_id)),
        Flag.SPOOFED_NAME: is_human and is_spoofed(mail.sender, desk.own, desk.names),
        Flag.UNREADABLE: is_unreadable(mail),
        Flag.UNPROVEN_THREAD: match is not None and match.step is Step.NAMELESS,
    }
    return tuple(code for code, holds in found.items() if holds)


def _says_thanks(mail: ParsedMail) -> bool:
    if any(not file.inline for file in mail.attachments):
        return False
    return is_gratitude(unfolded(mail.text, mail.folds), mail.sender.name)


def _ticket_flags(
    flags: tuple[str, ...], *, reply_to: str, joins: bool, is_ours: bool
) -> tuple[str, ...]:
    """Return which codes the ticket shows as well, so that nobody overlooks them."""
    if joins and Flag.BLOCKED in flags:
        return ()
    kept: set[str] = set(_SHOWN_IN_LISTS.intersection(flags))
    if reply_to:
        kept.add(Flag.REPLY_TO_DIFFERS)
    if is_ours and not joins:
        kept.add(Flag.OWN_CUSTOMER)
    return tuple(sorted(kept))
