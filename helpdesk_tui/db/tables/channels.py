"""Channel accounts, where their polls stand, what made no ticket, and who works."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large

_OPEN = text("done_at IS NULL")


class ChannelAccount(SQLModel, table=True):
    """One connected mailbox, number or page."""

    __tablename__ = "channel_account"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    channel: str
    address: str
    """Workspace address: the mailbox's own address, number or handle."""
    enabled: bool = True
    settings: str = "{}"
    """JSON: hosts, ports, security, user, folders; never a secret."""
    created_at: datetime = Field(sa_type=Instant)
    last_sync_at: datetime | None = Field(default=None, sa_type=Instant)
    error_code: str = ""
    error_text: str = ""
    error_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = "new"
    """``new``, ``ok``, ``retrying``, ``stopped`` (needs a person)."""


class SupportAddress(SQLModel, table=True):
    """An address customers write to, delivered into one channel account."""

    __tablename__ = "support_address"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    name: str = ""
    """Sender name of replies, such as ``Acme Support``."""
    channel_account_id: int = Field(foreign_key="channel_account.id")
    state: str = "verified"
    """``pending``, ``verified``, ``failing``, ``off``."""
    provider: str = ""
    """Whose forwarding instructions apply: ``gmail``, ``workspace``, ``microsoft`` …"""
    token: str = ""
    """One-time token of the test mail that is on its way; empty if none is."""
    forwarded_at: datetime | None = Field(default=None, sa_type=Instant)
    """When somebody said that the forwarding is set up."""
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the last test mail left."""
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    error_code: str = ""
    """Why it is failing."""
    confirmation: str = "{}"
    """JSON: code and link of the provider's mail that asks to confirm the forwarding."""
    signature: str = ""
    """Put below replies from this address, after the agent's own."""


class Cursor(SQLModel, table=True):
    """Where a poll resumes: per account and folder."""

    channel_account_id: int = Field(foreign_key="channel_account.id", primary_key=True)
    folder: str = Field(primary_key=True)
    validity: int = Field(default=0, sa_type=Large)
    """UIDVALIDITY of the position."""
    position: int = Field(default=0, sa_type=Large)
    """Highest UID that is stored."""
    updated_at: datetime = Field(sa_type=Instant)


class Intake(SQLModel, table=True):
    """What was received and made no ticket, with its reason; nothing is dropped silently."""

    __table_args__ = (
        Index("intake_external", "external_id"),
        Index("intake_hash", "content_hash"),
        Index("intake_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_account_id: int | None = Field(default=None, foreign_key="channel_account.id")
    received_at: datetime = Field(sa_type=Instant)
    reason: str
    """Code: ``own-mail``, ``bounce``, ``out-of-office``, ``empty`` …"""
    detail: str = "{}"
    """JSON with values of the reason."""
    sender: str = ""
    subject: str = ""
    external_id: str = ""
    content_hash: str = ""
    raw_sha256: str = ""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    """The ticket an agent made of it."""
    preview: str = ""
    """The beginning of its text."""
    customer_name: str = ""
    customer_address: str = ""
    """Whose ticket it could become, as found in a forwarded header or attached message."""
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    """When an agent dismissed it or made a ticket of it."""


class AutoAnswer(SQLModel, table=True):
    """An automatic answer that was queued: what the brakes against mail loops count."""

    __tablename__ = "auto_answer"
    __table_args__ = (
        Index("auto_answer_address", "address", "at"),
        Index("auto_answer_account", "channel_account_id", "at"),
    )

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    address: str
    channel_account_id: int | None = Field(default=None, foreign_key="channel_account.id")
    at: datetime = Field(sa_type=Instant)


class Lease(SQLModel, table=True):
    """Who does a job that only one process may do; a report, the lock itself is a file lock."""

    name: str = Field(primary_key=True)
    owner: str = ""
    pid: int = 0
    host: str = ""
    acquired_at: datetime = Field(sa_type=Instant)
    renewed_at: datetime = Field(sa_type=Instant)
