"""Values of channel accounts, of the addresses forwarded into them, and of jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from helpdesk_tui.domain.errors import UsageError


class AccountState(StrEnum):
    """How a channel account fares."""

    NEW = "new"
    OK = "ok"
    RETRYING = "retrying"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Account:
    """One connected mailbox, number or page."""

    id: int
    name: str
    channel: str
    address: str
    enabled: bool
    settings: str
    """JSON, without secrets."""
    state: AccountState
    error_code: str


def settings_in(text: str) -> dict[str, Any]:
    """Return the settings of an account, read from the column that holds them.

    Raises:
        UsageError: ``channel.settings-broken``.
    """
    try:
        values = json.loads(text or "{}")
    except ValueError as error:
        raise UsageError("channel.settings-broken", reason=str(error)) from error
    if not isinstance(values, dict):
        raise UsageError("channel.settings-broken", reason="not an object")
    return values


def setting_of(account: Account, name: str) -> str:
    """Return a text of an account's settings; empty if it is not there.

    Raises:
        UsageError: ``channel.settings-broken``.
    """
    found = settings_in(account.settings).get(name)
    return found.strip() if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a connection test and how it went."""

    name: str
    """``connect``, ``login``, ``folder``, ``idle``, ``smtp-connect`` …"""
    ok: bool
    code: str = ""
    """Why not: the code of an error."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountReport:
    """How a channel account fares, in numbers."""

    account: Account
    last_sync_at: datetime | None
    """When it was last in step with the other side."""
    error_at: datetime | None
    error_text: str
    waiting: int = 0
    """Messages of ours that have still to leave."""
    failed: int = 0
    """Messages that were not sent, or that nobody knows of."""
    fetching: int = 0
    """Files that are still with the provider."""
    templates: int = 0
    """Approved templates."""


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """What a screen or command wants from the worker."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: JobState
    result: Mapping[str, Any]


class AddressState(StrEnum):
    """Whether mail to a support address is known to arrive."""

    PENDING = "pending"
    VERIFIED = "verified"
    FAILING = "failing"
    OFF = "off"


class Provider(StrEnum):
    """Whose instructions for forwarding apply to a support address."""

    GMAIL = "gmail"
    WORKSPACE = "workspace"
    MICROSOFT = "microsoft"
    YAHOO = "yahoo"
    ICLOUD = "icloud"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the mail of a provider holds that asks to confirm a forwarding."""

    code: str
    """Digits to type in at the provider; may be empty."""
    link: str
    """Page of the provider that confirms; may be empty. Never opened by us."""
    provider: str
    """Whose mail it is: a :class:`Provider`, or the domain of another one."""
    seen_at: datetime
    address: str = ""
    """The mailbox whose forwarding it is about, where the mail names one."""


@dataclass(frozen=True, slots=True)
class SupportAddress:
    """An address customers write to, and whether its mail reaches a connected mailbox."""

    id: int
    address: str
    name: str
    """Sender name of replies."""
    account: str
    """Name of the channel account its mail is forwarded into."""
    workspace: str
    """The mailbox's own address: where to forward to."""
    state: AddressState
    provider: str
    """A :class:`Provider`, or empty while nobody said."""
    asked_at: datetime | None
    """When the last test mail left."""
    verified_at: datetime | None
    error_code: str
    """Why it is failing, or what went wrong in a test."""
    confirmation: Confirmation | None
    signature: str
    """Put below replies from here, after the agent's own."""
    forwarded_at: datetime | None = None
    """When somebody said that the forwarding is set up."""
    hides_own_mail: bool = False
    """The mailbox shows no mail that comes back to its sender: test mails stay unseen there."""

    @property
    def is_workspace(self) -> bool:
        """Whether it is the mailbox's own address, which needs no forwarding."""
        return self.address == self.workspace


class AddressTestStage(StrEnum):
    """How far the test of a support address is."""

    QUEUED = "queued"
    """No worker has taken it yet."""
    SENDING = "sending"
    SENT = "sent"
    """The test mail left and is waited for."""
    ARRIVED = "arrived"
    FAILED = "failed"
    """It could not be sent, or came back."""
    TIMED_OUT = "timed-out"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in (self.ARRIVED, self.FAILED, self.TIMED_OUT)


@dataclass(frozen=True, slots=True)
class AddressTest:
    """One test of a support address."""

    stage: AddressTestStage
    started_at: datetime
    waited_seconds: float
    error_code: str = ""
    timeout_seconds: float = 600.0
    """How long the test mail is waited for."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Values of the error, and the ``token`` that is waited for."""
