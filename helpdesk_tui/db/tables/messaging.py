"""SMS, WhatsApp and Instagram: whom we talk to there, what they agreed to, and how replies left."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large

_UNDER_WAY = text("next_check_at IS NOT NULL")
_KNOWN = text("provider_id != ''")
_UNPUBLISHED = text("published = 0")
_TO_SEND = text("state IN ('queued', 'sending')")


class Contact(SQLModel, table=True):
    """One person as one account of ours knows them: by their number or the provider's id."""

    channel_account_id: int = Field(foreign_key="channel_account.id", primary_key=True)
    address: str = Field(primary_key=True)
    """E.164 number, or the id that the provider knows them by."""
    name: str = ""
    """As they call themselves there."""
    profile_id: int = Field(foreign_key="profile.id", index=True)
    ticket_id: int | None = None
    """The ticket that their next message joins, as far as the channel has such a one."""
    heard_at: datetime | None = Field(default=None, sa_type=Instant)
    """Their newest message, by the provider's clock: where the window for replies begins."""
    auto_answered_at: datetime | None = Field(default=None, sa_type=Instant)
    """When they were last answered by itself."""


class Consent(SQLModel, table=True):
    """One time that somebody gave or withdrew consent; the newest entry holds. Append-only."""

    __table_args__ = (Index("consent_address", "channel", "address", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address: str
    ours: str = ""
    """The number of ours that it was said to; empty: to all of them."""
    state: str
    """``given`` or ``withdrawn``."""
    kind: str = "transactional"
    """``marketing`` or ``transactional``."""
    source: str
    """``keyword``, ``provider``, ``import``, ``agent``, or the name of a source of facts."""
    detail: str = ""
    """The word, the file and line, or what the agent wrote of where it was given."""
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    at: datetime = Field(sa_type=Instant)
    """When it was said."""


class MessagePart(SQLModel, table=True):
    """One request to a provider that a message of ours is made of: its send ledger.

    It is there before the request is made, so that whatever happens in between is known to.
    """

    __tablename__ = "message_part"
    __table_args__ = (
        Index(
            "message_part_provider",
            "channel_account_id",
            "provider_id",
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        Index(
            "message_part_check",
            "channel_account_id",
            "next_check_at",
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    message_id: int = Field(foreign_key="message.id", primary_key=True, sa_type=Large)
    position: int = Field(primary_key=True)
    """0 is sent first."""
    channel_account_id: int = Field(foreign_key="channel_account.id")
    kind: str
    """``text``, ``file``, ``text-and-files`` or ``template``."""
    text: str = ""
    files: str = "[]"
    """JSON list of SHA-256."""
    state: str = "queued"
    """``queued``, ``sending``, then as the provider says; ``unknown`` where nobody can tell."""
    provider_id: str = ""
    error_code: str = ""
    error_text: str = ""
    begun_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the request was made."""
    next_check_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the provider is asked again what became of it; None where it tells by itself."""
    checks: int = 0


class EarlyStatus(SQLModel, table=True):
    """What a provider said of a message whose id we did not know yet: it may overtake its answer.

    Kept for some days, and used as soon as the id is known. Beside delivery states it may say that
    the message was taken back (``unsent``) or that a sign was put to it (``reaction``).
    """

    __tablename__ = "early_status"
    __table_args__ = (Index("early_status_id", "channel_account_id", "provider_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_account_id: int = Field(foreign_key="channel_account.id")
    provider_id: str
    state: str
    error_code: str = ""
    error_text: str = ""
    at: datetime = Field(sa_type=Instant)


class KeywordAnswer(SQLModel, table=True):
    """An answer to a keyword of somebody who may have no ticket: it leaves once at most.

    Where the provider answers keywords by itself there is none.
    """

    __tablename__ = "keyword_answer"
    __table_args__ = (
        Index("keyword_answer_address", "channel_account_id", "address", "created_at"),
        Index(
            "keyword_answer_due",
            "channel_account_id",
            "due_at",
            sqlite_where=_TO_SEND,
            postgresql_where=_TO_SEND,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_account_id: int = Field(foreign_key="channel_account.id")
    address: str
    command: str
    """``stop``, ``start`` or ``help``."""
    text: str
    state: str = "queued"
    """``queued``, ``sending``, then ``sent``, ``failed`` or ``unknown``."""
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    provider_id: str = ""
    error_code: str = ""


class Template(SQLModel, table=True):
    """A text that a provider has approved: what may be sent while the window is shut."""

    __table_args__ = (UniqueConstraint("channel_account_id", "name", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_account_id: int = Field(foreign_key="channel_account.id")
    name: str
    language: str
    category: str = ""
    status: str = "approved"
    """As the provider says, in lower case; only ``approved`` ones are offered."""
    body: str = ""
    """Text with ``{{1}}`` … where values go."""
    provider_id: str = ""
    """Twilio: the ContentSid."""
    source: str = "provider"
    """``provider``, or ``entered`` by a person where the provider lists none."""
    updated_at: datetime = Field(sa_type=Instant)


class CampaignSend(SQLModel, table=True):
    """A marketing message that a person got: what an answer may be attributed to."""

    __tablename__ = "campaign_send"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("campaign_send_address", "channel", "address", "delivered_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address: str
    source: str
    """``import``, or the name of a source of facts."""
    external_id: str
    kind: str
    """``campaign`` or ``flow``."""
    name: str
    """Of the campaign or flow."""
    text: str = ""
    sent_at: datetime = Field(sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    """None: it never arrived, and nothing is attributed to it."""
    message_id: int | None = Field(default=None, sa_type=Large)
    """The one message that is attributed to it: the first after it."""


class ShortLink(SQLModel, table=True):
    """A short address that stands for a long one in a text message of ours."""

    __tablename__ = "short_link"
    __table_args__ = (
        Index("short_link_message", "message_id"),
        Index(
            "short_link_unpublished",
            "code",
            sqlite_where=_UNPUBLISHED,
            postgresql_where=_UNPUBLISHED,
        ),
    )

    code: str = Field(primary_key=True)
    message_id: int = Field(foreign_key="message.id", sa_type=Large)
    url: str
    clicks: int = 0
    first_click_at: datetime | None = Field(default=None, sa_type=Instant)
    last_click_at: datetime | None = Field(default=None, sa_type=Instant)
    published: bool = False
    """The relay knows it."""
