"""Webchat as the worker sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.sending import Sender

# a desk without a chat never loads what talks to a relay


def _receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    from helpdesk_tui.sync.channels.webchat.receiver import PollLoop

    return PollLoop(account, store, password)


def _beside(receiver: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    from helpdesk_tui.sync.channels.webchat.teller import TellLoop

    return (TellLoop(receiver, store, password),)


def _sender(store: Store, password: Password) -> Sender:
    from helpdesk_tui.sync.channels.webchat.sender import ChatSender

    return ChatSender(store, password)


def _test(account: Account, password: Password) -> list[Check]:
    from helpdesk_tui.sync.channels.webchat.checks import check_account

    return list(check_account(account, password(account, "relay")))


def _switched_off(account: Account, store: Store, password: Password) -> tuple[Loop, ...]:
    from helpdesk_tui.sync.channels.webchat.switching_off import SwitchOffLoop

    return (SwitchOffLoop(account, store, password),)


ADAPTER = Adapter(
    spec=WEBCHAT,
    receiver=_receiver,
    beside=_beside,
    sender=_sender,
    test=_test,
    switched_off=_switched_off,
)
