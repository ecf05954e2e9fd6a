"""The worker's side of channel accounts: what to poll, from where on, and how it goes."""

from __future__ import annotations

import os
import socket

from helpdesk_tui.db import accounts as rows
from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now

_TEXT = 300


class Accounts:
    """Reads channel accounts and reports their state; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def enabled(self, name: str = "", *, channel: str = "") -> list[Account]:
        """Return the accounts that are switched on, or the one of this name.

        Args:
            name: Only the one of this name.
            channel: Only those of this channel.

        Raises:
            NotFound: if there is no account of this name that is switched on.
        """
        wanted = [one for one in self.all(channel) if one.enabled and name in ("", one.name)]
        if name and not wanted:
            raise NotFound("channel.unknown", name=name)
        return wanted

    def all(self, channel: str = "") -> list[Account]:
        """Return the accounts of a channel, or of all, whether switched on or not."""
        names = [channel] if channel else list(CHANNELS)
        with self._store.read() as connection:
            return [one for each in names for one in rows.load_accounts(connection, each)]

    def named(self, name: str) -> Account:
        """Return the account of this name, switched on or not.

        Raises:
            NotFound: if there is none.
        """
        for account in self.all():
            if account.name == name:
                return account
        raise NotFound("channel.unknown", name=name)

    def position(self, account: Account, folder: str) -> tuple[int, int]:
        """Return (UIDVALIDITY, highest stored UID) of a folder."""
        with self._store.read() as connection:
            return rows.load_position(connection, account.id, folder)

    def synced(self, account: Account) -> None:
        """Note that a poll went through, and clear an earlier error."""
        now = self._now()
        with self._store.write(bulk=True) as connection:
            rows.save_synced(connection, account.id, to_us(now))
        self.report(account, AccountState.OK)

    def takes_up_to(self, account: Account, size: int) -> None:
        """Note how large a mail the account's server takes."""
        with self._store.write(bulk=True) as connection:
            save_setting(connection, rows.size_setting(account.id), DESK, str(size))

    def report(self, account: Account, state: AccountState, code: str = "", text: str = "") -> None:
        """Write how an account fares; a change of state is an activity."""
        now = self._now()
        text = shorten(clean(text), _TEXT)
        with self._store.write(bulk=True) as connection:
            before = rows.save_state(connection, account.id, state, code, text, to_us(now))
            if before is None or before is state:
                return
            activity.record(
                connection,
                self._actor,
                now,
                [
                    Entry(
                        "channel.state",
                        before={"account": account.id, "state": before.value},
                        after={"account": account.id, "state": state.value, "code": code},
                    )
                ],
            )

    def lease(self, name: str, owner: str) -> None:
        """Report that this process does a job that only one process may do."""
        now = to_us(self._now())
        with self._store.write(bulk=True) as connection:
            rows.save_lease(connection, name, owner, os.getpid(), socket.gethostname(), now)
