"""Webchat: the conversation behind a ticket, the FAQ, and mail that tells the team."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large

_RUNNING = text("ended_at IS NULL")
_UNFOLLOWED = text("followed_up_at IS NULL AND ended_at IS NOT NULL")
_WAITING = text("state != 'sent'")


class Chat(SQLModel, table=True):
    """What a webchat ticket knows of its conversation; one row for each such ticket."""

    __table_args__ = (
        UniqueConstraint("channel_account_id", "conversation"),
        Index("chat_running", "ticket_id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index(
            "chat_unfollowed", "ended_at", sqlite_where=_UNFOLLOWED, postgresql_where=_UNFOLLOWED
        ),
    )

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    channel_account_id: int = Field(foreign_key="channel_account.id")
    conversation: str
    """Its id at the relay."""
    visitor: str = ""
    """The customer's id in the shop, as the shop's server signed it."""
    language: str = ""
    """Language tag of the visitor's browser, such as ``pl``."""
    timezone: str = ""
    """Zone name of the visitor's browser."""
    page: str = ""
    """Where the visitor was when the chat began."""
    started_at: datetime = Field(sa_type=Instant)
    offline_since: datetime | None = Field(default=None, sa_type=Instant)
    """None while the visitor is there."""
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """From here on it is final for both sides."""
    ended_by: str = ""
    """``visitor``, ``agent``, ``responder`` or ``channel`` (switched off)."""
    closing_at: datetime | None = Field(default=None, sa_type=Instant)
    """An agent closed it; the visitor is told then, until then it can be taken back."""
    last_seq: int = Field(default=0, sa_type=Large)
    """The last event of the relay that this conversation has brought."""
    delivered_to: int = Field(default=0, sa_type=Large)
    """Our newest message that the visitor's browser has, and with it all before."""
    seen_to: int = Field(default=0, sa_type=Large)
    """Our newest message that the visitor has seen, and with it all before."""
    followed_up_at: datetime | None = Field(default=None, sa_type=Instant)
    """When its one follow-up by email was queued."""
    away_told_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the visitor was last told that the team is away."""
    open_told_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the visitor was told what is said within office hours."""
    responder: str = ""
    """``answering``, ``handed-over``, ``solved``, ``elsewhere``; empty where it never spoke."""
    misses: int = 0
    """Questions in a row that the responder did not know an answer to."""


class Faq(SQLModel, table=True):
    """A question with its answer in one language; the same ``key`` in others is its translation."""

    __table_args__ = (UniqueConstraint("key", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    """Short name that translations share, such as ``return-label``."""
    language: str
    question: str
    answer: str
    """Plain text; addresses in it become links where it is shown."""
    category: str = ""
    words: str = ""
    """Further words and phrasings that it is found by, one in a line; never shown."""
    position: int = 0
    published: bool = False
    helped: int = 0
    """Visitors who said that it helped."""
    failed: int = 0
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    """Taken out of sight; can be brought back until its key is used again."""


class TeamMail(SQLModel, table=True):
    """A mail that tells the team of new tickets of a channel; a burst is one mail."""

    __tablename__ = "team_mail"
    __table_args__ = (
        Index("team_mail_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    tickets: str = "[]"
    """JSON list of ticket ids."""
    messages: str = "[]"
    """JSON list of message ids, where each message is told of and not only new tickets."""
    recipients: str = "[]"
    message_id: str = ""
    """Message-ID, fixed before the first try."""
    state: str = "waiting"
    """``waiting``, ``sending``, ``sent`` or ``failed``."""
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    error_code: str = ""
