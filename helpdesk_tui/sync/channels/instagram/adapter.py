"""Instagram as the worker sees it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import INSTAGRAM
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.sending import Sender

# a desk without Instagram never loads what talks to Meta


def _receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    from helpdesk_tui.sync.channels.meta.threads import receiver

    return receiver(account, store, password)


def _beside(receiver: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    from helpdesk_tui.sync.channels.meta.threads import beside

    return beside(receiver, store, password)


def _sender(store: Store, password: Password) -> Sender:
    from helpdesk_tui.sync.channels.messaging.sender import MessagingSender
    from helpdesk_tui.sync.channels.meta.threads import make_provider

    return MessagingSender(INSTAGRAM, store, password, partial(make_provider, store))


def _test(account: Account, password: Password) -> list[Check]:
    from helpdesk_tui.sync.channels.meta.threads import test

    return test(account, password)


ADAPTER = Adapter(
    spec=INSTAGRAM,
    receiver=_receiver,
    beside=_beside,
    sender=_sender,
    test=_test,
)
