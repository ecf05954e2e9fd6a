"""Mail about our own forwarding: test mails that come back, and what providers ask to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.accounts import AddressState, Confirmation


@dataclass(frozen=True, slots=True)
class Watched:
    """What recognising mail about a support address needs to know of it."""

    address: str
    account_id: int
    """The channel account it is forwarded into."""
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
