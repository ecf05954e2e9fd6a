"""What the worker needs of a channel: everything it does with an account goes through this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.sync.channels.sending import Sender
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop


def nothing_to_do(account: Account, store: Store, password: Password) -> tuple[Loop, ...]:
    """Leave an account that is switched off alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Adapter:
    """One channel: a module that declares one of these."""

    spec: ChannelSpec
    receiver: Callable[[Account, Store, Password], ReceiveLoop]
    """Makes the thread that receives; not started."""
    beside: Callable[[ReceiveLoop, Store, Password], tuple[Loop, ...]]
    """Makes the further threads of an account; woken when the store changes."""
    sender: Callable[[Store, Password], Sender]
    """Makes what sends for all accounts of the channel."""
    test: Callable[[Account, Password], list[Check]]
    """Tries an account out, without sending anything to anybody."""
    switched_off: Callable[[Account, Store, Password], tuple[Loop, ...]] = nothing_to_do
    """Makes what runs for an account that is switched off, until all is told that has to be."""
