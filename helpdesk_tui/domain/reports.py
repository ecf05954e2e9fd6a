"""Reports about mails of ours: what did not arrive, what somebody complained of."""

from __future__ import annotations

from dataclasses import replace

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Evidence, FailedRecipient, MailClass, ParsedMail
from helpdesk_tui.domain.matching import Lookup, referenced_ids
from helpdesk_tui.domain.senders import Proof, server_proof
from helpdesk_tui.domain.verdicts import Desk, Place, Verdict, VerdictKind, rejected

_BAD_ADDRESS = ("5.0.", "5.1.", "5.2.1", "5.4.4")
"""Codes that speak of the address; others are of a full mailbox, a filter, a size."""


def complaint(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    """Shelve a provider's report that somebody took a mail of ours for spam (RFC 5965)."""
    if not mail.is_feedback_report:
        return None
    reference, message, _ = _ours_in(mail, lookup)
    of = (Evidence("feedback.of", reference),) if message is not None else ()
    verdict = rejected(mail, "feedback-report", (Evidence("feedback-report"), *of))
    return replace(verdict, failed_message=message, automatic=True)


def bounce(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    """Tie a delivery report to the message that did not arrive, else shelve it."""
    if mail.mail_class is not MailClass.BOUNCE:
        return None
    evidence = (Evidence("class.bounce"), *mail.evidence, *_failures(mail))
    reference, message, ticket = _ours_in(mail, lookup)
    if server_proof(mail, desk.trusted) is Proof.FAILED:
        return Verdict(VerdictKind.BOUNCE, Place.INTAKE, (*evidence, Evidence("bounce.forged")),
                       mail.sender, reason="bounce", automatic=True)  # fmt: skip
    if message is None or ticket is None:
        unmatched = Evidence("bounce.unmatched", reference)
        return Verdict(VerdictKind.BOUNCE, Place.INTAKE, (*evidence, unmatched), mail.sender,
                       reason="bounce", automatic=True)  # fmt: skip
    return Verdict(
        VerdictKind.BOUNCE,
        Place.APPEND,
        (*evidence, Evidence("bounce.of", reference)),
        mail.sender,
        ticket_id=lookup.standing(ticket) or ticket,
        flags=(Flag.BOUNCE,),
        ticket_flags=(Flag.ADDRESS_FAILS,) if is_bad_address(mail) else (),
        automatic=True,
        failed_message=message,
    )


def _ours_in(mail: ParsedMail, lookup: Lookup) -> tuple[str, int | None, int | None]:
    """Return (id, message, ticket) of the message of ours that a report is about."""
    original = mail.bounce.original_id if mail.bounce is not None else mail.reported_id
    for reference in (original, *referenced_ids(mail)):
        for stored in lookup.mails(reference) if reference else ():
            if stored.is_outbound and stored.ticket_id is not None:
                return reference, stored.message_id, stored.ticket_id
    return original, None, None


def failures_of(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    """Return every recipient that a delivery report names."""
    bounce = mail.bounce
    if bounce is None:
        return ()
    first = FailedRecipient(bounce.recipient, bounce.status, bounce.hard, bounce.reason)
    return bounce.failures or (first,)


def is_bad_address(mail: ParsedMail) -> bool:
    """Tell whether a delivery report says that an address is of no use."""
    return any(
        each.hard and (not each.status or each.status.startswith(_BAD_ADDRESS))
        for each in failures_of(mail)
    )


def _failures(mail: ParsedMail) -> tuple[Evidence, ...]:
    return tuple(
        Evidence("bounce.failed" if each.is_final else "bounce.delayed",
                 f"{each.recipient or 'somebody'} {each.status}".rstrip())
        for each in failures_of(mail)
    )  # fmt: skip
