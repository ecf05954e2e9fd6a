"""Values of one ticket: what is shown of it once it is opened, and what scripts are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.domain.tickets import TicketRow

if TYPE_CHECKING:
    from helpdesk_tui.domain.messaging.state import Attribution, MessagingInfo
    from helpdesk_tui.domain.webchat.chats import ChatInfo


@dataclass(frozen=True, slots=True)
class Offered:
    """What a ticket's offer is about, as it stands now."""

    kind: str
    """``merge`` with another ticket, or ``split`` from a message on."""
    id: int
    """The other ticket, or the message."""
    subject: str
    at: datetime
    """When the other ticket last moved, or when the message came."""
    age: timedelta = timedelta()
    """``split``: how old the thread was when the message came."""


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """Everything of a ticket but its messages: header and Ticket section of the sidebar."""

    row: TicketRow
    created_at: datetime
    customer_id: int
    customer_address: str
    """Where replies go by default; empty where the channel has no address."""
    recipient: str
    """The support address or number the customer wrote to."""
    snooze_keep: bool
    closed_at: datetime | None
    merged_into: int | None
    flags: tuple[str, ...]
    """Codes such as ``own-address-customer``, ``new-sender``, ``reply-to-differs``."""
    automatic: bool
    reply_to: str
    """A Reply-To of the newest customer message that differs from its From; empty otherwise."""
    offer: str = ""
    """What one key could mend: ``merge:TICKET`` or ``split:MESSAGE``; empty for nothing."""
    watchers: tuple[str, ...] = ()
    """Names of agents who watch it."""
    offered: Offered | None = None
    """What the offer is about; None for no offer, or one that no longer makes sense."""
    chat: ChatInfo | None = None
    """The conversation of a webchat ticket; None elsewhere, and in imported ones."""
    messaging: MessagingInfo | None = None
    """SMS, WhatsApp and Instagram: window, consent and attribution; None on other channels."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What scripts are told of a ticket beyond its list row."""

    created_at: datetime
    recipient: str
    customer_id: int
    customer_name: str
    customer_email: str
    customer_phone: str
    team: str | None = None
    attribution: Attribution | None = None
