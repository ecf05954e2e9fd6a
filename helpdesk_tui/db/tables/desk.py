"""The activity log, drafts, settings and jobs."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large


class Activity(SQLModel, table=True):
    """One state change: append-only, with ids and field values, never texts or addresses."""

    __table_args__ = (
        Index("activity_ticket", "ticket_id", "id"),
        Index(
            "activity_change",
            "change_id",
            sqlite_where=text("change_id != ''"),
            postgresql_where=text("change_id != ''"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    ticket_id: int | None = None
    message_id: int | None = Field(default=None, sa_type=Large)
    actor_kind: str
    agent_id: int | None = None
    change_id: str = ""
    """Groups the rows of one action, bulk included: what one undo takes back."""
    kind: str
    """``ticket.created``, ``ticket.closed``, ``message.received``, ``tag.added`` …"""
    before: str = "{}"
    after: str = "{}"


class Draft(SQLModel, table=True):
    """Unsent text of one agent in one ticket."""

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    kind: str = Field(primary_key=True)
    text: str = ""
    updated_at: datetime = Field(sa_type=Instant)


class DraftFile(SQLModel, table=True):
    """A file attached to a draft."""

    __tablename__ = "draft_file"
    __table_args__ = (Index("draft_file_draft", "ticket_id", "agent_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    agent_id: int = Field(foreign_key="agent.id")
    kind: str
    filename: str
    content_type: str
    size: int
    sha256: str


class Setting(SQLModel, table=True):
    """A setting of the desk or of one agent."""

    scope: str = Field(primary_key=True)
    """``desk`` or ``agent``."""
    agent_id: int = Field(default=0, primary_key=True)
    """0 for the desk."""
    name: str = Field(primary_key=True)
    value: str
    """JSON."""


class SchemaInfo(SQLModel, table=True):
    """One row: which programs may write this store, and whose store it is."""

    __tablename__ = "schema_info"

    id: int = Field(default=1, primary_key=True)
    min_writer: int
    """Lowest schema number a program must know to write."""
    instance: str
    """Random id of this desk: marks its own mail."""
    secret: str
    """Key of keyed Message-IDs and markers, hex; useless outside this store."""
    mode: str = "personal"
    """``personal``, ``group`` or ``locked``."""


class Job(SQLModel, table=True):
    """What a screen wants from the network; the worker claims it like the outbox."""

    __table_args__ = (
        UniqueConstraint("key"),
        Index(
            "job_open",
            "state",
            "id",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """``sync.now``, ``channel.test`` …"""
    arguments: str = "{}"
    agent_id: int | None = None
    key: str
    """Idempotency key."""
    state: str = "queued"
    created_at: datetime = Field(sa_type=Instant)
    deadline: datetime = Field(sa_type=Instant)
    claimed_by: str = ""
    result: str = "{}"


class Macro(SQLModel, table=True):
    """A ready text with actions, as it stands in its TOML form."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    source: str
    """The macro as TOML: bodies, actions, scope; docs/agents/macros.md."""
    shortcut: str = ""
    """``1`` to ``9``: a favourite on a key; empty for none."""
    uses: int = 0
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1


class SavedView(SQLModel, table=True):
    """A query with a name: private to an agent, or shared."""

    __tablename__ = "view"
    __table_args__ = (UniqueConstraint("agent_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = 0
    """0 for a view that everybody sees."""
    name: str
    query: str
    status: str = "open"
    """The status filter it opens with; empty for any."""
    sort: str = "newest"
    """``newest``, ``oldest``, ``waiting`` or ``priority``."""
    position: int = 0
    pin: str = ""
    """``1`` to ``9``: the key that opens it; empty for none."""
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1


class Watch(SQLModel, table=True):
    """Who wants to hear of a ticket that is not theirs."""

    __table_args__ = (Index("watch_agent", "agent_id"),)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True)


class Mention(SQLModel, table=True):
    """An agent who was named in a note."""

    __table_args__ = (Index("mention_agent", "agent_id", "seen_at"),)

    message_id: int = Field(foreign_key="message.id", primary_key=True, sa_type=Large)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
