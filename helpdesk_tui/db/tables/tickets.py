"""Tickets, tags and the kept counters of the views."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant

_SHOWN = text("spam = 0 AND merged_into IS NULL")
_UNREAD = text("unread = 1 AND spam = 0 AND merged_into IS NULL")
_WAITING = text("waiting_since IS NOT NULL AND spam = 0 AND merged_into IS NULL")
_OF_TEAM = text("team_id IS NOT NULL")
_MERGED = text("merged_into IS NOT NULL")
_FOLLOWS = text("follows_id IS NOT NULL")


class Ticket(SQLModel, table=True):
    """The container of one conversation with a customer.

    Customer name, preview and tag names are kept here as well, so that a list reads one table.
    """

    __table_args__ = (
        Index("ticket_all", "last_message_at", "id", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
        Index(
            "ticket_status",
            "status",
            "last_message_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index(
            "ticket_assignee",
            "assignee_id",
            "status",
            "last_message_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index(
            "ticket_assignee_any",
            "assignee_id",
            "last_message_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index(
            "ticket_spam",
            "last_message_at",
            "id",
            sqlite_where=text("spam = 1"),
            postgresql_where=text("spam = 1"),
        ),
        Index(
            "ticket_spam_status",
            "status",
            "last_message_at",
            "id",
            sqlite_where=text("spam = 1"),
            postgresql_where=text("spam = 1"),
        ),
        Index(
            "ticket_unread",
            "last_message_at",
            "id",
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
        Index(
            "ticket_snoozed",
            "snoozed_until",
            sqlite_where=text("status = 'snoozed'"),
            postgresql_where=text("status = 'snoozed'"),
        ),
        Index("ticket_profile", "profile_id", "last_message_at"),
        Index("ticket_created", "created_at", "id", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
        Index(
            "ticket_priority",
            "status",
            "priority",
            "last_message_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index(
            "ticket_channel",
            "channel",
            "last_message_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index(
            "ticket_waiting",
            "waiting_since",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ticket_team",
            "team_id",
            "last_message_at",
            "id",
            sqlite_where=_OF_TEAM,
            postgresql_where=_OF_TEAM,
        ),
        Index(
            "ticket_merged",
            "last_message_at",
            "id",
            sqlite_where=_MERGED,
            postgresql_where=_MERGED,
        ),
        Index(
            "ticket_follows",
            "follows_id",
            sqlite_where=_FOLLOWS,
            postgresql_where=_FOLLOWS,
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    channel_account_id: int | None = Field(default=None, foreign_key="channel_account.id")
    subject: str = ""
    status: str = "open"
    spam: bool = False
    unread: bool = True
    priority: str = "normal"
    assignee_id: int | None = Field(default=None, foreign_key="agent.id")
    team_id: int | None = None
    profile_id: int = Field(foreign_key="profile.id")
    customer_name: str = ""
    customer_address: str = ""
    """Where replies go by default."""
    recipient: str = ""
    """The support address or number the customer wrote to."""
    preview: str = ""
    tags: str = ""
    """Names of its tags in alphabetical order, separated by spaces (see ``ticket_tag``)."""
    flags: str = ""
    """Codes separated by spaces, such as ``own-address-customer``."""
    offer: str = ""
    """What one key could mend: ``merge:TICKET`` or ``split:MESSAGE``; empty once decided."""
    automatic: bool = False
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    last_message_at: datetime = Field(sa_type=Instant)
    waiting_since: datetime | None = Field(default=None, sa_type=Instant)
    """First customer message that no human has answered."""
    held_at: datetime | None = Field(default=None, sa_type=Instant)
    """When an agent last said "still looking into it": the timer that is shown starts there."""
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    snooze_zone: str = ""
    snooze_keep: bool = False
    """Snoozed with ``!``: customer messages do not wake it."""
    merged_into: int | None = Field(default=None, foreign_key="ticket.id")
    follows_id: int | None = None
    """The chat that this email ticket goes on with: its follow-up was answered by mail."""
    campaign_send_id: int | None = None
    """The marketing message that its newest attributed message answers."""
    message_count: int = 0
    """Messages in and out; notes are not counted."""
    has_media: bool = False
    version: int = 1
    """Grows with every change: the optimistic check of edits that span a key press."""


class Tag(SQLModel, table=True):
    """A label for tickets."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class TicketTag(SQLModel, table=True):
    """Which ticket carries which tag."""

    __tablename__ = "ticket_tag"
    __table_args__ = (Index("ticket_tag_tag", "tag_id", "ticket_id"),)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True)


class TicketTally(SQLModel, table=True):
    """Kept counters of tickets, moved by triggers: list heights and badges without counting."""

    __tablename__ = "ticket_tally"

    assignee_id: int = Field(primary_key=True)
    """0 for nobody."""
    status: str = Field(primary_key=True)
    spam: bool = Field(primary_key=True)
    total: int = 0
    unread: int = 0
