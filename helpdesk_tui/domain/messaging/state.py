"""How things stand between us and one person on a channel that a provider carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ConsentState(StrEnum):
    """Whether a person may be written to."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConsentInfo:
    """What is known of a person's consent on one channel."""

    state: ConsentState
    kind: str = ""
    """``marketing`` or ``transactional``."""
    source: str = ""
    """``keyword``, ``provider``, ``import``, ``agent`` …"""
    detail: str = ""
    agent: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """The marketing message that a customer's message answers."""

    send_id: int
    kind: str
    """``campaign`` or ``flow``."""
    name: str
    text: str
    sent_at: datetime
    message_id: int
    """The message that is attributed to it."""


@dataclass(frozen=True, slots=True)
class MessagingInfo:
    """What a ticket of SMS, WhatsApp or Instagram knows beside its messages."""

    account_id: int
    account: str
    """Name of the channel account."""
    is_enabled: bool
    provider: str
    """``twilio``, ``meta``, ``instagram-login`` or ``facebook-login``."""
    address: str
    """The customer's number or id there."""
    ours: str
    heard_at: datetime | None
    """Newest message of the customer by the provider's clock; None: they never wrote."""
    consent: ConsentInfo
    has_human_agent: bool = False
    """Instagram: Meta has granted the tag that holds the window open for seven days."""
    templates: int = 0
    """Approved templates that could be sent."""
    has_relay: bool = False
    """A relay can serve files to a provider that takes addresses only."""
    handle: str = ""
    attribution: Attribution | None = None
    name: str = ""
    """As the person calls themselves there."""
    dead_end: str = ""
    """Code by which the provider said that nothing arrives there, nothing having come since."""
