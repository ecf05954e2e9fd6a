"""Mail about our own forwarding: test mails that come back, and what providers ask to confirm.

A test mail proves a forwarding only if it came through as a customer's mail would: its own sender
still stands in it. A forward that writes a new mail loses every customer, so it verifies nothing.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.accounts import AddressState, Confirmation
from helpdesk_tui.domain.mail import MailClass, ParsedMail

TOKEN_BYTES = 20
"""Random bytes of a token: 160 bits."""
_MARK = "hdt-"
_TOKEN = re.compile(rf"{_MARK}[0-9a-f]{{{TOKEN_BYTES * 2}}}(?![0-9a-f])", re.IGNORECASE)
_SCAN = 20_000
"""Characters of a text in which a token is looked for."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What recognising mail about a support address needs to know of it."""

    address: str
    account_id: int
    """The channel account it is forwarded into."""
    workspace: str
    """Address of that mailbox: the sender of test mails."""
    state: AddressState
    token: str
    """Token of the test mail that is on its way; empty if none is."""


class Outcome(StrEnum):
    """What a mail says of a support address."""

    VERIFIED = "verified"
    BOUNCED = "bounced"
    BY_HAND = "by-hand"
    """The test mail was forwarded by a person, or by a rule that makes a new mail of it."""
    CONFIRMATION = "confirmation"
    """The provider asks to confirm the forwarding."""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """What a mail changes of a support address."""

    address: str
    outcome: Outcome
    token: str = ""
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class FoundTest:
    """A test mail of ours, or what became of one."""

    code: str
    """Why it is taken for one."""
    change: AddressChange | None = None
    """None where its token is wrong, old or used."""


def make_token(random: bytes) -> str:
    """Return random bytes as they stand in a test mail."""
    return f"{_MARK}{random.hex()}"


def token_in(text: str) -> str:
    """Return the first token in a text, or nothing."""
    head = text[:_SCAN]
    if _MARK not in head and _MARK.upper() not in head:
        return ""
    match = _TOKEN.search(head)
    return match[0].lower() if match else ""


def read_test(mail: ParsedMail, watched: Sequence[Watched]) -> FoundTest | None:
    """Return what a mail says as a test mail, or None if it is none.

    Args:
        mail: The mail.
        watched: All support addresses with the tokens that are on their way.
    """
    if mail.mail_class is MailClass.BOUNCE:
        return _bounced(mail, watched)
    if mail.address_test:
        return _came_back("address-test.header", mail.address_test, watched)
    token = token_in(mail.subject) or token_in(mail.text)
    if not token or _is_answer(mail):
        return None
    if mail.subject.strip().lower() == token:
        return _written(mail, token, watched)
    if not mail.is_forward and any(each.workspace == mail.sender.addr for each in watched):
        return _came_back("address-test.text", token, watched)
    return _by_hand(mail, token, watched)


def _known(token: str, watched: Sequence[Watched]) -> Watched | None:
    """Return the address a token belongs to; compares all of them in constant time."""
    given = token.encode()
    found = [each for each in watched if hmac.compare_digest(each.token.encode(), given)]
    return found[0] if found else None


def _bounced(mail: ParsedMail, watched: Sequence[Watched]) -> FoundTest | None:
    token = token_in(mail.bounce.original_id) if mail.bounce else ""
    known = _known(token, watched) if token else None
    if known is None or mail.bounce is None or not mail.bounce.is_final:
        return None
    change = AddressChange(known.address, Outcome.BOUNCED, known.token)
    return FoundTest("address-test.bounced", change)


def _came_back(code: str, token: str, watched: Sequence[Watched]) -> FoundTest:
    known = _known(token, watched)
    if known is None:
        return FoundTest("address-test.unknown-token")
    return FoundTest(code, AddressChange(known.address, Outcome.VERIFIED, known.token))


def _written(mail: ParsedMail, token: str, watched: Sequence[Watched]) -> FoundTest:
    """Read a mail that a person wrote from elsewhere, with nothing but the token as its subject.

    Some mailboxes hide mail that comes back to its sender; this is the way to test them.
    """
    known = _known(token, watched)
    if known is None:
        return FoundTest("address-test.unknown-token")
    if all(person.addr != known.address for person in (*mail.to, *mail.cc)):
        return FoundTest("address-test.sent-elsewhere")
    return FoundTest(
        "address-test.written", AddressChange(known.address, Outcome.VERIFIED, known.token)
    )


def _by_hand(mail: ParsedMail, token: str, watched: Sequence[Watched]) -> FoundTest | None:
    """Tell a test mail that was forwarded as a new mail from one that is merely quoted."""
    known = _known(token, watched)
    if known is None or not (mail.is_forward or mail.sender.addr == known.address):
        return None
    return FoundTest(
        "address-test.by-hand", AddressChange(known.address, Outcome.BY_HAND, known.token)
    )


_ANSWER = re.compile(r"\s*(?:re|aw|sv|vs|odp|antw|res|rv|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


def _is_answer(mail: ParsedMail) -> bool:
    """Tell whether a mail answers a test mail, and so merely quotes its token.

    A forward of Exchange names what it forwards as if it were an answer.
    """
    if mail.mail_class is MailClass.OOO or _ANSWER.match(mail.subject):
        return True
    return bool(mail.in_reply_to or mail.references) and not mail.is_forward
