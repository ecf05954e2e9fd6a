"""What the worker keeps of an account at Meta beside its messages: read marks, its token's end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.db.messaging.contacts import load_contact
from helpdesk_tui.db.messaging.messages import is_stored
from helpdesk_tui.db.messaging.read_marks import ReadMark, load_read
from helpdesk_tui.db.settings import DESK, load_setting, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now

_LIVELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TokenAge:
    """Since when an account has its token, and how long that is good for."""

    since: datetime
    until: datetime


class MetaAccount:
    """One account at Meta; every call blocks."""

    def __init__(self, store: Store, account: Account, *, now: Clock = utc_now) -> None:
        self._store = store
        self._account = account
        self._now = now

    def knows(self, external_id: str) -> bool:
        """Tell whether a message is stored."""
        with self._store.read() as connection:
            return is_stored(connection, self._account.id, external_id)

    def has_contact(self, address: str) -> bool:
        """Tell whether somebody has been in touch with this account before."""
        with self._store.read() as connection:
            return load_contact(connection, self._account.id, address) is not None

    def read_by_agents(self) -> list[ReadMark]:
        """Return what agents have read of what customers wrote since yesterday."""
        since = self._now() - _LIVELY
        with self._store.read() as connection:
            return load_read(connection, self._account.id, self._account.channel, since)

    def token_age(self) -> TokenAge | None:
        """Return how old the token is; None where nobody knows."""
        with self._store.read() as connection:
            found = load_setting(connection, self._setting, DESK)
        try:
            since, until = json.loads(found or "null")
            return TokenAge(from_us(int(since)), from_us(int(until)))
        except (ValueError, TypeError, OverflowError):
            return None

    def save_token_age(self, age: TokenAge) -> None:
        """Note how old the token is."""
        text = json.dumps([to_us(age.since), to_us(age.until)])
        with self._store.write(bulk=True) as connection:
            save_setting(connection, self._setting, DESK, text)

    @property
    def _setting(self) -> str:
        return f"token-age.{self._account.id}"
