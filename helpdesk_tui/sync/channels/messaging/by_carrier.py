"""The adapter of a channel whose accounts are with providers, as each one's settings say."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of, company_of
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.messaging.provider import Provider
    from helpdesk_tui.sync.channels.sending import Sender


class Threads(Protocol):
    """What ``sync/channels/COMPANY/threads.py`` has to offer for an account of its company."""

    def receiver(self, account: Account, store: Store, password: Password) -> ReceiveLoop:
        """Return the thread that receives; not started."""

    def beside(self, receiving: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
        """Return the further threads of the account."""

    def make_provider(self, store: Store, account: Account, password: Password) -> Provider:
        """Return what sends for the account; raises HelpdeskError."""

    def test(self, account: Account, password: Password) -> list[Check]:
        """Try the account out, without sending anything to anybody."""


def adapter_by_carrier(spec: ChannelSpec, usual: Carrier) -> Adapter:
    """Return the adapter of a channel.

    Args:
        spec: The channel.
        usual: Who is asked about an account whose settings cannot be read, and says so.
    """

    def threads(account: Account) -> Threads:
        try:
            carrier = carrier_of(account) or usual
        except UsageError:
            carrier = usual
        # a desk without such an account never loads what talks to its provider
        parent = __package__.rpartition(".")[0]
        folder = carrier if carrier == Carrier.SANDBOX else company_of(carrier)
        return cast("Threads", import_module(f"{parent}.{folder}.threads"))

    def receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
        return threads(account).receiver(account, store, password)

    def beside(receiving: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
        return threads(receiving.account).beside(receiving, store, password)

    def sender(store: Store, password: Password) -> Sender:
        from helpdesk_tui.sync.channels.messaging.sender import MessagingSender

        def connect(account: Account, password: Password) -> Provider:
            return threads(account).make_provider(store, account, password)

        return MessagingSender(spec, store, password, connect)

    def test(account: Account, password: Password) -> list[Check]:
        return threads(account).test(account, password)

    return Adapter(spec=spec, receiver=receiver, beside=beside, sender=sender, test=test)
