"""The running threads of all accounts, kept in step with what the store says."""

from __future__ import annotations

import logging

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.mailbox import FetchLoop, IdleLoop, Password

log = logging.getLogger(__name__)


class RunningAccounts:
    """Starts, restarts and stops the two threads of each account; used by one thread."""

    def __init__(self, store: Store, password: Password, only: str = "") -> None:
        self._store = store
        self._password = password
        self._only = only
        self._accounts = Accounts(store, SYSTEM)
        self._running: dict[int, tuple[Account, FetchLoop, IdleLoop]] = {}
        self._ending: list[Loop] = []

    def refresh(self) -> None:
        """Follow added, changed, switched on and switched off accounts."""
        self._ending = [loop for loop in self._ending if loop.alive]
        wanted = {
            account.id: account
            for account in self._accounts.enabled()
            if self._only in ("", account.name)
        }
        for key, (account, fetcher, idler) in list(self._running.items()):
            is_mended = fetcher.has_given_up and wanted.get(key, account).state is AccountState.NEW
            if is_mended or key not in wanted or _differs(account, wanted[key]):
                self._end(key, fetcher, idler)
        for key, account in wanted.items():
            if key not in self._running:
                self._begin(account)

    def _begin(self, account: Account) -> None:
        fetcher = FetchLoop(account, self._store, self._password)
        idler = IdleLoop(fetcher, self._password)
        self._running[account.id] = (account, fetcher, idler)
        fetcher.start()
        idler.start()

    def _end(self, key: int, *loops: Loop) -> None:
        del self._running[key]
        for loop in loops:
            loop.stop()
            self._ending.append(loop)

    def fetchers(self) -> list[FetchLoop]:
        """Return the fetching threads of all accounts."""
        return [fetcher for _, fetcher, _ in self._running.values()]

    def stop(self) -> list[Loop]:
        """Tell all threads to end; return them, to be waited for."""
        for key, (_, fetcher, idler) in list(self._running.items()):
            self._end(key, fetcher, idler)
        return self._ending


def _differs(old: Account, new: Account) -> bool:
    """Tell whether an account has to be started anew; its state alone is no reason."""
    return (old.name, old.address, old.settings) != (new.name, new.address, new.settings)
