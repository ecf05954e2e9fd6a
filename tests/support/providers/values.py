"""What the simulated providers tell tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class SimFile:
    """A file at a provider."""

    data: bytes
    content_type: str = "image/png"
    name: str = ""
    lag: int = 0
    """How often it is "not there yet" before it is."""
    is_expired: bool = False
    """The provider does not have it any more."""
    announced_size: int | None = None
    """What the provider says of its size; None: the truth."""
    announced_sha256: str | None = None
    fetched: int = 0
    """How often its bytes have been handed out."""
    elsewhere: str = ""
    """Where it redirects to instead of giving it out."""

    @property
    def size(self) -> int:
        """What is said of its size."""
        return len(self.data) if self.announced_size is None else self.announced_size

    @property
    def sha256(self) -> str:
        """What is said of its hash."""
        return self.announced_sha256 or hashlib.sha256(self.data).hexdigest()

    def is_ready(self) -> bool:
        """Tell whether it is handed out now; each question counts."""
        if self.is_expired:
            return False
        if self.lag > 0:
            self.lag -= 1
            return False
        self.fetched += 1
        return True


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a provider has accepted of us."""

    provider: str
    """``twilio``, ``whatsapp`` or ``instagram``."""
    external_id: str
    sender: str
    to: str
    text: str
    at: datetime
    files: tuple[bytes, ...] = ()
    """What it fetched or was given."""
    reference: str = ""
    """What we gave along."""
    template: str = ""
    values: tuple[str, ...] = ()
    tag: str = ""


@dataclass(slots=True)
class Asked:
    """One request of ours."""

    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    at: float
    """By the monotonic clock."""
    status: int = 0
    """What it was answered with; 0: nothing."""


@dataclass(slots=True)
class Hook:
    """Where a provider sends its news to, and how badly."""

    url: str = ""
    """Empty: nowhere."""
    secret: str = ""
    duplicates: float = 0.0
    """Share that is sent twice."""
    reorders: float = 0.0
    """Share that the next ones overtake."""
    forged: float = 0.0
    """Share that a forgery with a wrong signature goes before."""
    losses: float = 0.0
    """Share that never comes, whatever the provider promises."""
    is_held: bool = False
    """Nothing leaves until released: late webhooks."""
    refused: int = field(default=0)
    """How often the receiver answered a true one with anything but 2xx."""
    forgeries_taken: int = 0
    """How often the receiver answered a forgery with 2xx."""
    delivered: int = 0
