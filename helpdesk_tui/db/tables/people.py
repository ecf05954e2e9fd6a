"""Customers and agents."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant

_LINKED = text("merged_into IS NOT NULL")


class Agent(SQLModel, table=True):
    """A person of the team."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    """Short name typed and shown everywhere, such as ``anna``."""
    full_name: str = ""
    email: str = Field(default="", index=True)
    role: str = "support"
    signature: str = ""
    active: bool = True
    available: bool = True
    """Takes part when work is shared out; an agent switches it off for a break."""
    created_at: datetime = Field(sa_type=Instant)


class Team(SQLModel, table=True):
    """Agents who share work."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: datetime = Field(sa_type=Instant)


class Membership(SQLModel, table=True):
    """Who belongs to which team."""

    __table_args__ = (Index("membership_agent", "agent_id"),)

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True)


class Block(SQLModel, table=True):
    """A sender whose mail stays unseen."""

    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """``email``, ``phone`` …, as of an identity."""
    value: str
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    at: datetime = Field(sa_type=Instant)


class Profile(SQLModel, table=True):
    """What is known of one customer over all channels."""

    __table_args__ = (
        Index("profile_linked", "merged_into", sqlite_where=_LINKED, postgresql_where=_LINKED),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    email: str = ""
    phone: str = ""
    location: str = ""
    timezone: str = ""
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    merged_into: int | None = None
    """The profile of the same person that it was linked to."""
    version: int = 1


class Identity(SQLModel, table=True):
    """An address, number or handle that belongs to one profile."""

    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: int | None = Field(default=None, primary_key=True)
    profile_id: int = Field(foreign_key="profile.id", index=True)
    kind: str
    """``email``, ``phone``, ``instagram``, ``webchat``."""
    value: str
    """Normalised: lower-case address, E.164 number, handle."""
    verified: bool = False
    vouched_by: int | None = None
    """The agent who has looked it up all the same; it stays a claim of the customer."""


class Participant(SQLModel, table=True):
    """An address that takes part in a ticket and may write into it."""

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    address: str = Field(primary_key=True)
    name: str = ""
    role: str = "customer"
    """``customer``, ``cc`` (was among To or Cc) or ``joined`` (came in by a keyed id)."""
