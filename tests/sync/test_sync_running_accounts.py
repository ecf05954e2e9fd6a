"""The threads of accounts: one that cannot be worked for leaves the others alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.sync import accounts as module
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.receiving import ReceiveLoop
from tests.support.store import make_store
from tests.support.waiting import PATIENCE


def broken(account: Account, *_: object) -> ReceiveLoop:
    raise ValueError("a fault of the program")


def test_an_account_that_cannot_be_worked_for_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: Store = make_store(tmp_path)
    admin = Admin(store, SYSTEM)
    admin.add_channel("texts", "sms", "+15550001111", settings={"provider": "twilio"})
    admin.add_channel("support", "email", "help@shop.example")
    faulty: list[Adapter] = [replace(adapter_of("sms"), receiver=broken), adapter_of("email")]
    running = RunningAccounts(store, lambda *_: "secret")
    monkeypatch.setattr(module, "adapters", lambda: faulty)
    running.refresh()
    running.refresh()
    try:
        assert [each.account.name for each in running.fetchers()] == ["support"]
        texts = Accounts(store, SYSTEM).named("texts")
        assert (texts.state, texts.error_code) == (AccountState.RETRYING, "channel.internal")
    finally:
        for loop in running.stop():
            loop.join(PATIENCE)
        store.close()
