"""Who acts: every service call carries one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of actor that the activity log tells apart."""

    AGENT = "agent"
    SYSTEM = "system"
    CUSTOMER = "customer"


class Role(StrEnum):
    """What an agent may do, weakest first."""

    SUPPORT = "support"
    MANAGER = "manager"
    ADMIN = "admin"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent (or the system) and how we know that it is this one."""

    kind: ActorKind
    agent_id: int | None = None
    name: str = ""
    role: Role = Role.SUPPORT
    identified_by: str = "name"
    """``name`` (command line), ``account`` (Unix account) or ``key`` (forced command)."""


SYSTEM = Actor(ActorKind.SYSTEM, name="system", role=Role.OWNER, identified_by="process")
