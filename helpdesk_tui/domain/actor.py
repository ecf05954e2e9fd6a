"""Who acts: every service call carries one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.errors import NotAllowed


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

    @property
    def is_admin(self) -> bool:
        """Whether this actor may change what the whole desk works with; the system may."""
        return self.kind is ActorKind.SYSTEM or self.role in (Role.ADMIN, Role.OWNER)


def require_admin(actor: Actor) -> None:
    """Let nobody pass who may not change what the whole desk works with.

    Raises:
        NotAllowed: ``role.admin-needed``.
    """
    if not actor.is_admin:
        raise NotAllowed("role.admin-needed", role=actor.role.value)


SYSTEM = Actor(ActorKind.SYSTEM, name="system", role=Role.OWNER, identified_by="process")
