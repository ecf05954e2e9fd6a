"""What becomes of a received mail, as a value; and what deciding needs to know of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.mail import Address, Evidence, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.verification import AddressChange, Watched

REPLY_PLUS = "reply-plus-address"
"""Name of the desk setting that lets answers go to an address that names the ticket."""
KEEPS_THANKS = "thanks-keep-closed"
"""Name of the desk setting that leaves a ticket closed when its customer says thank you."""


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
    names: frozenset[str] = frozenset()
    """Names under which the desk writes, folded: nobody else should bear them."""
    keeps_thanks: bool = False
    """Leave a ticket closed when its customer only says thank you."""
    reply_plus: bool = False
    """Let answers go to an address that names the ticket."""
    watched: tuple[Watched, ...] = ()
    """Support addresses and the test mails that are on their way, newest address first."""
    account_id: int | None = None
    """The mailbox that is being read, where one is."""


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
    """Comes from an own address: a customer-side message all the same."""
    is_stranger: bool = False
    """Let in by a proof: joins the participants, never the default recipient."""
    is_blocked: bool = False
    """Its sender is blocked: it is kept, and put before nobody."""
    is_thanks: bool = False
    """Says thank you and nothing else: leaves its ticket as it stands."""
    offer: str = ""
    """``merge:TICKET``, or ``split`` for splitting this message off."""
    passed: tuple[str, ...] = ()
    """The steps that had nothing to say."""
    failed_message: int | None = None
    """A bounce: the outbound message that did not arrive; a complaint: the one complained of."""
    refused_ticket: int | None = None
    """A ticket that a stranger named and did not get into."""
    reply_to: str = ""
    """A Reply-To that differs from the sender; used only after a visible choice."""
    follows_id: int | None = None
    """The chat that the new ticket goes on with: its follow-up was answered."""
    address_change: AddressChange | None = None
    """What the mail says of a support address of ours."""

    @property
    def waits(self) -> bool:
        """Whether somebody waits for an answer to the mail."""
        return not (self.automatic or self.is_ours or self.is_blocked)


def rejected(mail: ParsedMail, reason: str, evidence: tuple[Evidence, ...]) -> Verdict:
    """Return that a mail makes no ticket and stands in the intake list."""
    found = evidence or (Evidence(reason),)
    return Verdict(VerdictKind.REJECTED, Place.INTAKE, found, mail.sender, reason=reason)
