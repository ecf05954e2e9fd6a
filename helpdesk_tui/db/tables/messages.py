"""Messages, their files, and the bytes of both."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large

_DUE = text("delivery IN ('queued', 'sending', 'scheduled')")
_UNFILED = text("filed = 0")
_OURS = text("agent_id IS NOT NULL")
_PENDING = text("state = 'pending'")
_FAILED = text("delivery IN ('failed', 'unknown')")


class Message(SQLModel, table=True):
    """One message of a thread; an outbound one is its own outbox row.

    Ids grow in the order of arrival; the full-text row has the same id. Live ids start at 2^32,
    ids below are reserved for imported history.
    """

    __table_args__ = (
        Index("message_ticket", "ticket_id", "id"),
        Index("message_external", "external_id"),
        Index("message_hash", "content_hash"),
        Index("message_outbox", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("message_unfiled", "id", sqlite_where=_UNFILED, postgresql_where=_UNFILED),
        Index("message_agent", "agent_id", "id", sqlite_where=_OURS, postgresql_where=_OURS),
        Index("message_failed", "ticket_id", sqlite_where=_FAILED, postgresql_where=_FAILED),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Large)
    ticket_id: int = Field(foreign_key="ticket.id")
    original_ticket_id: int = Field(foreign_key="ticket.id")
    """The ticket it first belonged to; never changes, so that un-merge is exact."""
    channel: str
    channel_account_id: int | None = Field(default=None, foreign_key="channel_account.id")
    direction: str
    author_kind: str
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    author_name: str = ""
    sender: str = ""
    recipients: str = "[]"
    """JSON list of To addresses."""
    copies: str = "[]"
    """JSON list of Cc addresses."""
    blind_copies: str = "[]"
    """Outbound: JSON list of Bcc addresses; they stand in the envelope only."""
    reply_to: str = ""
    """A Reply-To that differs from the sender; used only after a visible choice."""
    subject: str = ""
    text: str = ""
    html: str = ""
    """Outbound only: the HTML twin fixed when it was queued."""
    folds: str = "[]"
    """JSON list of [start, end, kind]: ranges of ``text`` that are folded when shown."""
    notices: str = "[]"
    """JSON list of [kind, {name: value}]: what a mail carries beside text and files."""
    links: str = "[]"
    """JSON list of [address, host]."""
    has_html: bool = False
    automatic: bool = False
    flags: str = ""
    """Codes separated by spaces, such as ``new-sender`` or ``auth-failed``."""
    external_id: str = ""
    """Message-ID without angle brackets, or the provider's id."""
    thread_ids: str = "[]"
    """JSON list: References, then In-Reply-To, as received or as sent."""
    answers_id: int | None = Field(default=None, sa_type=Large)
    """Outbound: the message that it answers and quotes."""
    content_hash: str = ""
    raw_sha256: str = ""
    sent_at: datetime = Field(sa_type=Instant)
    """Date the sender claims (ours: when it was queued)."""
    received_at: datetime = Field(sa_type=Instant)
    """When this store got it: what the thread is ordered by (with the id)."""
    delivery: str = "received"
    error_code: str = ""
    error_text: str = ""
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    """Outbox: not before this moment (end of the undo window, next retry)."""
    attempts: int = 0
    claimed_by: str = ""
    claim_until: datetime | None = Field(default=None, sa_type=Instant)
    phase: str = ""
    """Outbox: ``data`` once the content may have reached the other side."""
    filed: bool = True
    """Outbox: False while its copy still has to be appended to the Sent folder."""
    template: str = ""
    """Outbound: JSON of the approved template it is sent as: name, language and values."""
    campaign_send_id: int | None = None
    """Inbound: the marketing message that it is attributed to."""


class ThreadRef(SQLModel, table=True):
    """A Message-ID that mails of a ticket refer to and that no stored message has.

    So that the answers to a mail we never got stand in one ticket, whichever comes first.
    """

    __tablename__ = "thread_ref"
    __table_args__ = {"sqlite_with_rowid": False}

    external_id: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)


class Attachment(SQLModel, table=True):
    """A file of a message."""

    __table_args__ = (
        Index(
            "attachment_pending",
            "next_try_at",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True, sa_type=Large)
    filename: str = ""
    content_type: str = ""
    size: int = 0
    sha256: str = ""
    """Its bytes in ``blob``."""
    inline: bool = False
    content_id: str = ""
    state: str = ""
    """Empty: its bytes are here; ``pending``, ``expired``, ``refused`` or ``failed`` else."""
    source: str = ""
    """JSON of where the provider holds it; never a secret."""
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    error_code: str = ""


class Blob(SQLModel, table=True):
    """Bytes by their SHA-256: raw mails and attachments, each stored once."""

    sha256: str = Field(primary_key=True)
    size: int
    """Size of the bytes themselves, not as packed."""
    codec: str = "plain"
    """``plain``, ``zlib``, or ``file``: the bytes stand in ``blobs/`` (larger than 100 kB)."""
    data: bytes | None = Field(default=None, sa_type=LargeBinary)
