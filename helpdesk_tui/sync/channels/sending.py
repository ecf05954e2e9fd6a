"""What a channel does to bring messages of ours out: the part of delivery that is its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from helpdesk_tui.db.outbox import Claimed
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.services.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed message on its way out."""

    claim: Claimed
    account: Account
    owner: str
    """The worker that has claimed it."""
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side has a message."""

    code: str = ""
    """What an agent should know all the same, such as recipients that were refused."""
    text: str = ""
    is_filed: bool = False
    """No copy of it has to be put anywhere."""


class Sender(Protocol):
    """Sends the messages of a channel's accounts; used by one thread."""

    @property
    def keeps_order(self) -> bool:
        """Whether what is written later in a ticket must not arrive earlier."""

    def is_ready(self, account: Account) -> bool:
        """Tell whether to try at all: False while the other side is known to be out of reach."""

    def send(self, outgoing: Outgoing) -> Taken:
        """Send one message; blocks.

        Raises:
            Retry: nothing left, and a later try may do.
            Rejected: refused for good.
            AuthFailed: the other side refuses the login.
            Uncertain: it may have left; only a channel without idempotent sending says so.
        """

    def holds(self, account: Account, external_id: str) -> bool:
        """Tell whether the other side has a message that may have left.

        Raises:
            HelpdeskError: if that cannot be seen now.
        """

    def after_round(self, accounts: Mapping[int, Account], stop: threading.Event) -> None:
        """Do what is left to do once all that was due has gone, such as filing copies."""

    def pause(self) -> float:
        """Return the seconds until :meth:`after_round` has something to try again."""

    def end_round(self) -> None:
        """Let go of what is not kept until the next round."""

    def interrupt(self) -> None:
        """Cut short what is waited for; a message on its way out is finished."""

    def close(self) -> None:
        """Drop all connections."""
