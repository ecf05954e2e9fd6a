"""What a provider of messages does for us: what the one sender of all of them asks for.

A provider is made for one account and used by one thread. Whatever it raises is one of
``sync/channels/errors.py``: :class:`Retry` and :class:`TooFast` where the request was certainly not
carried out, :class:`Uncertain` where nobody knows, :class:`Rejected`, :class:`Gone` or
:class:`AuthFailed` for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartKind, PlannedPart, Reply, TemplateUse
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.sync.channels.errors import Retry

__all__ = ["Accepted", "OutgoingMedia", "OutgoingPart", "PlannedPart", "Provider", "TooFast"]


class TooFast(Retry):
    """Only this customer has to wait; others of the account need not."""


@dataclass(frozen=True, slots=True)
class OutgoingMedia:
    """A file on its way out."""

    sha256: str
    name: str
    content_type: str
    size: int
    read: Callable[[], bytes]
    """Gives its bytes; raises NotFound where they are gone."""
    url: str = ""
    """Where the relay serves it, for providers that take addresses only."""


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """One request of a message of ours."""

    message_id: int
    position: int
    """0 is sent first."""
    kind: PartKind
    address: str
    """The customer's number or id."""
    ours: str
    """The number or account it comes from."""
    text: str = ""
    files: tuple[OutgoingMedia, ...] = ()
    template: TemplateUse | None = None
    template_id: str = ""
    """What the provider knows the template by, where that is not its name."""
    uses_human_tag: bool = False
    """A person has written it after the usual window (Instagram)."""
    begun_at: datetime | None = None
    """When the request was made; None before."""
    provider_id: str = ""
    """Once the provider has taken it."""

    @property
    def reference(self) -> str:
        """What is given along where a provider gives it back with its news."""
        return f"{self.message_id}.{self.position}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken a part."""

    provider_id: str
    state: Delivery = Delivery.SENT
    """``sending`` while it waits over there, else what is known already."""


class Provider(Protocol):
    """The part of sending that is a provider's own."""

    @property
    def needs_url(self) -> bool:
        """Whether files have to be served by the relay."""

    @property
    def can_find(self) -> bool:
        """Whether :meth:`find` can tell anything."""

    @property
    def polls_status(self) -> bool:
        """Whether what became of a part is asked for (:meth:`status`); else news come by hook."""

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the parts a reply leaves in; the same reply always gives the same ones."""

    def pace(self, address: str) -> float:
        """Return the seconds until the next part may go to a customer; 0: now."""

    def send(self, part: OutgoingPart) -> Accepted:
        """Make the request of a part, uploading its files before where bytes are taken.

        Raises:
            TooFast: not carried out, because of this customer's pace.
            Retry: not carried out.
            Uncertain: nobody knows.
            Rejected: refused for good; ``values["code"]`` is the provider's number.
            AuthFailed: the credentials are refused.
        """

    def find(self, part: OutgoingPart) -> str | None:
        """Return the provider's id of a part whose request may have been carried out; None: none.

        Raises:
            ChannelError: if that cannot be seen now.
        """

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Return what became of a part that the provider has; None where it cannot say.

        Raises:
            ChannelError: if that cannot be seen now.
        """

    def read(self, address: str, external_id: str) -> None:
        """Tell the customer that a message of theirs has been read, where the channel does that.

        Raises:
            ChannelError: if that did not work.
        """

    def close(self) -> None:
        """Drop the connections."""
