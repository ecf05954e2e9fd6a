"""Changes of orders and subscriptions that an agent asks for, and how far each has come.

A change costs somebody money. So it carries what the agent saw when they said yes; where that is
no longer so, nothing is done. What was asked and not answered is looked up, never asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ActionKind(StrEnum):
    """What can be changed; also the kind of the job row."""

    ORDER_EDIT = "order.edit"
    ORDER_CANCEL = "order.cancel"
    SUBSCRIPTION_SKIP = "subscription.skip"
    SUBSCRIPTION_UNSKIP = "subscription.unskip"
    SUBSCRIPTION_CHANGE = "subscription.change"
    """Quantity, interval or variant."""
    SUBSCRIPTION_DATE = "subscription.date"
    SUBSCRIPTION_ADDRESS = "subscription.address"
    SUBSCRIPTION_CANCEL = "subscription.cancel"
    SUBSCRIPTION_ACTIVATE = "subscription.activate"


ORDER_KINDS = (ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL)


class ActionState(StrEnum):
    """Where a change stands; the state of its job row."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Nothing was changed."""
    UNKNOWN = "unknown"
    """It may have been done; it is looked up further, and an agent decides."""


class Phase(StrEnum):
    """How far a running change has come: committed before each step that others can see."""

    NONE = ""
    CHECKED = "checked"
    """What the agent saw is still so; nothing was asked yet."""
    ASKED = "asked"
    """The request that changes something may be on its way: from here on it is looked up."""
    ACCEPTED = "accepted"
    """The source has said yes and works on it (a job of its own)."""


class Mode(StrEnum):
    """Whether changes are carried out at all (a setting of the desk)."""

    ON = "on"
    DRY_RUN = "dry-run"
    """Everything is checked and shown, nothing is changed."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """A change as it was asked for: what to do, to what, and what the agent saw of it."""

    kind: ActionKind
    source_id: int
    target: str
    """The source's id of the order or subscription."""
    name: str
    """What people call it: ``#1042``, ``Tea, 2 × monthly``."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What exactly, as JSON can hold it: docs/sources.md says what for each kind."""
    expected: Mapping[str, Any] = field(default_factory=dict)
    """What the agent saw: compared with what is so before anything is changed."""
    key: str = ""
    """Idempotency key: the same key is the same change."""
    profile_id: int | None = None
    ticket_id: int | None = None
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A change with its state, as it is shown and carried out."""

    id: int
    request: ActionRequest
    state: ActionState
    phase: Phase
    progress: Mapping[str, Any]
    """What the source has told of it so far: edit session, job; what a look-up needs."""
    result: Mapping[str, Any]
    code: str
    """Why it failed or is unknown; empty otherwise."""
    values: Mapping[str, str]
    created_at: datetime
    is_dry_run: bool = False
    agent: str = ""
    """Name of the agent who asked for it."""
    asked_at: datetime | None = None
    """When the request that changes something was about to leave."""
    next_try_at: datetime | None = None
    """When it is tried or looked up next; None: nobody looks any more, or it is over."""
    finished_at: datetime | None = None
    deadline: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is known what became of it."""
        return self.state in (ActionState.DONE, ActionState.FAILED)


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One line of money that is shown before a yes, as decimal text with its currency."""

    name: str
    """A code: ``total-before``, ``total-after``, ``difference``, ``refund``, ``to-pay`` …"""
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do, as the source has worked it out."""

    request: ActionRequest
    """With ``expected`` filled in: this is what is asked for after a yes."""
    amounts: tuple[AmountLine, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    """(what, before, after), such as ("Tea", "3", "1")."""
    beside: tuple[str, ...] = ()
    """What else is in the box and stays as it is."""
    warnings: tuple[tuple[str, Mapping[str, str]], ...] = ()
    """Codes with values: refund to a gift card, archived soon …"""
    notifies: bool = True
    """The source tells the customer, unless that is switched off."""
