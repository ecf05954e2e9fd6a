"""What one relay is started with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk_tui.domain.messaging.relaying import HOOK_LIMIT, MEDIA_LIMIT
from helpdesk_tui.domain.web_addresses import is_loopback
from helpdesk_tui.domain.webchat.wire import FILE_LIMIT

type_of_network = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8484
TOKEN_LENGTH = 32
"""Characters of the box's token at least: shorter ones can be guessed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so much time: all at once if nothing came before, evenly after that."""

    amount: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What visitors may do how often.

    Many visitors can share one address (an office, a mobile network), so that an address may do
    more than a session. Zero turns one off.
    """

    messages: Rate = Rate(20, 60)
    """Of one session."""
    messages_address: Rate = Rate(120, 60)
    starts: Rate = Rate(15, 3_600)
    """New conversations of one visitor: each is a ticket that somebody has to look at."""
    uploads: Rate = Rate(5, 60)
    uploads_address: Rate = Rate(30, 60)
    sessions_address: Rate = Rate(30, 60)
    votes_address: Rate = Rate(10, 60)
    actions: Rate = Rate(120, 60)
    """Typing, receipts, "ask a person", "end": of one session."""
    reads: Rate = Rate(120, 60)
    """Streams, polls, the conversation, files: of one session."""
    reads_address: Rate = Rate(1_200, 60)
    """All requests of an address: the one limit that counts every request."""
    refusals_address: Rate = Rate(20, 60)
    """Wrong tokens of the box: of one address."""
    providers_address: Rate = Rate(30_000, 60)
    """Webhooks and files for providers: a provider sends for all its customers from few."""
    forgeries_address: Rate = Rate(20, 60)
    """Webhooks with a wrong signature; one with the right one passes even so."""
    clicks_address: Rate = Rate(60, 60)
    """Clicks that are counted; above it a link leads on as ever."""


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """Settings of a relay; made by the command line, or by a test."""

    store: Path
    """Folder of the relay's own store."""
    token: str = field(repr=False)
    """The box shows it with each request."""
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    """0: any free one."""
    public_url: str = ""
    """As visitors' browsers reach it, such as ``https://chat.shop.example``."""
    trusted_proxies: tuple[type_of_network, ...] = ()
    """Only what comes from here is believed about the address of a visitor."""
    rates: Rates = field(default_factory=Rates)
    connections: int = 200
    """Of one address at once; 0: any number."""
    body_seconds: float = 10.0
    """A request's headers, and each pause in its body, take no longer."""
    body_seconds_total: float = 120.0
    """A whole body takes no longer."""
    file_limit: int = FILE_LIMIT
    json_limit: int = 64_000
    """Bytes of a JSON body of a browser."""
    site_limit: int = 4_000_000
    """Bytes of a JSON body of the box."""
    hook_limit: int = HOOK_LIMIT
    """Bytes of the body of a webhook."""
    hooks_held: int = 60_000_000
    """Bytes of large webhooks that are held in memory together while they come."""
    media_limit: int = MEDIA_LIMIT
    """Bytes of a file for a provider."""
    media_total: int = 2_000_000_000
    """Bytes of all of them."""
    media_seconds: int = 172_800
    """Seconds that such a file stays at most."""
    media_grace: int = 900
    """Seconds that it stays after it was fetched: providers fetch twice, and again."""

    @property
    def is_local(self) -> bool:
        """Tell whether only this machine can reach it."""
        return is_loopback(self.host)
