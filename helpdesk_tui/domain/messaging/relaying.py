"""What a relay keeps for messaging channels: webhooks, files for providers, short links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

HOOK_LIMIT = 3_000_000
"""Bytes of the body of a webhook."""
MEDIA_LIMIT = 100_000_000
"""Bytes of a file that is put there for a provider: no channel takes more."""
NAME_LIMIT = 20
"""Characters of the name that such a file has in its address."""
LINKS_LIMIT = 500
"""Short links in one request."""
LINK_LENGTH = 2_000
"""Characters of the address that a short link stands for."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The body of one webhook, whose signature the relay has checked."""

    seq: int
    at: datetime
    """When the relay got it."""
    content_type: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HookHealth:
    """How one webhook fares at the relay."""

    is_known: bool
    url: str = ""
    """What the provider has to be given; empty where the relay was not told its own address."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """How many deliveries each account has not fetched yet."""
    oldest: datetime | None = None
    """When the oldest of them came."""
    last_at: datetime | None = None
    """When the provider last sent something whose signature was right."""
    verified_at: datetime | None = None
    """When a provider last asked whether the address is ours, and was told so."""
    refused: int = 0
    """How many requests had a wrong signature or token."""
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediaState:
    """How a file fares that was put there for a provider."""

    fetched: int
    """How often it was fetched."""
    expires: datetime


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody has followed a short link."""

    seq: int
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clicks:
    """What happened to short links, and what the relay knows of them."""

    clicks: tuple[Click, ...]
    links: int
    """How many the relay knows: fewer than were put there where it has lost its store."""
    base: str
    """What stands before the code; empty where the relay was not told its own address."""
