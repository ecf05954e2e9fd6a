"""WhatsApp as the worker sees it; which provider carries it, each account's settings say."""

from __future__ import annotations

import json
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import WHATSAPP
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.messaging.provider import Provider
    from helpdesk_tui.sync.channels.sending import Sender

_MODULES = {
    "twilio": "helpdesk_tui.sync.channels.twilio.threads",
    "meta": "helpdesk_tui.sync.channels.meta.threads",
}
"""Module by provider; each has ``receiver``, ``beside``, ``make_provider`` and ``test``."""

# a desk without WhatsApp never loads what talks to a provider


def _module(account: Account) -> ModuleType:
    """Return what speaks to an account's provider; broken settings show once it is asked."""
    try:
        values = json.loads(account.settings or "{}")
    except ValueError:
        values = None
    named = values.get("provider") if isinstance(values, dict) else None
    return import_module(_MODULES.get(str(named), _MODULES["meta"]))


def _receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    found: ReceiveLoop = _module(account).receiver(account, store, password)
    return found


def _beside(receiver: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    found: tuple[Loop, ...] = _module(receiver.account).beside(receiver, store, password)
    return found


def _sender(store: Store, password: Password) -> Sender:
    from helpdesk_tui.sync.channels.messaging.sender import MessagingSender

    def connect(account: Account, password: Password) -> Provider:
        found: Provider = _module(account).make_provider(store, account, password)
        return found

    return MessagingSender(WHATSAPP, store, password, connect)


def _test(account: Account, password: Password) -> list[Check]:
    found: list[Check] = _module(account).test(account, password)
    return found


ADAPTER = Adapter(
    spec=WHATSAPP,
    receiver=_receiver,
    beside=_beside,
    sender=_sender,
    test=_test,
)
