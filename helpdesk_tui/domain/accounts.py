"""Values of channel accounts as the worker sees them, and of the jobs it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a connection test and how it went."""

    name: str
    """``connect``, ``login``, ``folder``, ``idle``, ``smtp-connect`` …"""
    ok: bool
    code: str = ""
    """Why not: the code of an error."""
    values: Mapping[str, Any] = field(default_factory=dict)


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
