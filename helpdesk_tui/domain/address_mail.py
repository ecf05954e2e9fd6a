"""The step that recognises mail about our own forwarding, before anything else looks at a mail."""

from __future__ import annotations

from helpdesk_tui.domain.confirmations import read_confirmation
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Evidence, ParsedMail
from helpdesk_tui.domain.matching import Lookup
from helpdesk_tui.domain.verdicts import Desk, Place, Verdict, VerdictKind
from helpdesk_tui.domain.verification import read_test


def address_mail(mail: ParsedMail, desk: Desk, lookup: Lookup) -> Verdict | None:
    """Recognise test mails, and what providers ask to confirm."""
    test = read_test(mail, desk.watched)
    if test is not None:
        address = test.change.address if test.change else ""
        return Verdict(
            VerdictKind.AUTOMATIC, Place.INTAKE, (Evidence(test.code, address),), mail.sender,
            reason="address-test", automatic=True, address_change=test.change,
        )  # fmt: skip
    asked = read_confirmation(mail, desk.watched, account_id=desk.account_id, trusted=desk.trusted)
    if asked is None:
        return None
    evidence = (Evidence(Flag.CONFIRMATION, asked.confirmation.provider), *mail.evidence)
    flags = (Flag.CONFIRMATION,)
    return Verdict(
        VerdictKind.AUTOMATIC, Place.NEW, evidence, mail.sender, flags=flags, ticket_flags=flags,
        automatic=True, address_change=asked.change,
    )  # fmt: skip
