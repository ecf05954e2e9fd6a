"""Whether mail comes and goes: what the header and the status line say of the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.accounts import Account, AccountState


class FlowState(StrEnum):
    """How messages flow, the worst first."""

    STOPPED = "stopped"
    """An account was given up: somebody has to do something."""
    OFF = "off"
    """No worker runs."""
    RETRYING = "retrying"
    HELD = "held"
    """Automatic answers are held back: too many in an hour."""
    GOOD = "good"
    NONE = "none"
    """There is no account to fetch from."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A state, and the account it is about."""

    state: FlowState
    account: str = ""


def flow_of(accounts: Sequence[Account], *, running: bool, held: str = "") -> Flow:
    """Return how messages flow.

    Args:
        accounts: The channel accounts that are switched on.
        running: Whether the worker runs.
        held: The inbox that gave too many automatic answers within an hour.
    """
    if not accounts:
        return Flow(FlowState.NONE)
    stopped = [one for one in accounts if one.state is AccountState.STOPPED]
    if stopped:
        return Flow(FlowState.STOPPED, stopped[0].name)
    if not running:
        return Flow(FlowState.OFF)
    retrying = [one for one in accounts if one.state is AccountState.RETRYING]
    if retrying:
        return Flow(FlowState.RETRYING, retrying[0].name)
    return Flow(FlowState.HELD, held) if held else Flow(FlowState.GOOD)
