"""What an adapter has understood of a provider's news: the same values for every provider.

Adapters make them, one transaction of ``services/messaging`` stores them; whatever comes twice, or
by two ways, changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk_tui.domain.mail import Notice
from helpdesk_tui.domain.messages import Delivery


class OptOut(StrEnum):
    """What the provider itself has made of a keyword, and has answered."""

    NONE = ""
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Medium:
    """A file of a received message, fetched later: it may come after the message itself."""

    source: Mapping[str, str]
    """Where the provider holds it, as its adapter finds it again; never a secret."""
    content_type: str = ""
    """As the provider says; the bytes decide."""
    name: str = ""
    size: int = 0
    sha256: str = ""
    """As the provider says, in hex; checked."""
    data: bytes | None = None
    """The bytes themselves, where they came along."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message of a customer."""

    external_id: str
    """The provider's id: what makes it the same message, by whichever way it came."""
    at: datetime
    """By the provider's clock: where the window for replies begins."""
    address: str
    """The customer's: E.164 number, or the provider's id of the person."""
    text: str = ""
    name: str = ""
    """As they call themselves there."""
    media: tuple[Medium, ...] = ()
    opt_out: OptOut = OptOut.NONE
    answers: str = ""
    """Provider's id of the message that it quotes."""
    notices: tuple[Notice, ...] = ()
    """What it carries beside: a story, a place, a contact, something that cannot be shown."""
    handle: str = ""
    """Instagram: user name, where ``address`` is an id; WhatsApp: its id, where that differs."""
    former_address: str = ""
    """The person's address before this one, where the provider says that it changed."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A message of our own side: by us, or written elsewhere (the phone app, another program)."""

    external_id: str
    at: datetime
    address: str
    """The customer's."""
    text: str = ""
    media: tuple[Medium, ...] = ()
    notices: tuple[Notice, ...] = ()
    name: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class StatusNews:
    """What became of a message of ours."""

    external_id: str
    """The provider's id."""
    state: Delivery
    at: datetime
    code: str = ""
    """The provider's number of why it failed."""
    text: str = ""
    reference: str = ""
    """What we had given along (``MESSAGE.POSITION``), where the provider gives it back."""


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """The customer has read what we wrote until then."""

    address: str
    at: datetime
    external_id: str = ""
    """The newest message that they have read, where the provider names it."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Somebody has taken a message back: it is blanked and stays as a tombstone."""

    external_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    """The customer has put a sign to a message, or taken it away."""

    external_id: str
    """Of the message it is put to."""
    at: datetime
    address: str
    emoji: str
    """Empty: taken away."""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages that the provider does not show any more came before this point."""

    address: str
    at: datetime
    code: str = "messaging.gap"
    values: Mapping[str, str] = field(default_factory=dict)


News = Received | Echo | StatusNews | ReadUpTo | Unsent | Reaction | Gap
