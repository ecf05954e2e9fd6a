"""Customers and agents."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant


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
    created_at: datetime = Field(sa_type=Instant)


class Profile(SQLModel, table=True):
    """What is known of one customer over all channels."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    email: str = ""
    phone: str = ""
    location: str = ""
    timezone: str = ""
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
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


class Participant(SQLModel, table=True):
    """An address that takes part in a ticket and may write into it."""

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    address: str = Field(primary_key=True)
    name: str = ""
    role: str = "customer"
    """``customer``, ``cc`` (was among To or Cc) or ``joined`` (came in by a keyed id)."""
