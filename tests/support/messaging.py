"""A store with numbers and accounts of ours, and news made as adapters make them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.messaging.received import Echo, News, Received
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.messaging.messages import Messaging
from tests.support.rows import HasRows
from tests.support.store import FakeClock

OURS = "+46700000001"
LENA = "+46701112233"
PROVIDERS = {"sms": "twilio", "whatsapp": "meta", "instagram": "instagram-login"}


class MessagingBox(HasRows):
    """A store that hears from providers."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.messaging = Messaging(store, now=clock)
        self.sms = self.account("sms")
        self.whatsapp = self.account("whatsapp")
        self.instagram = self.account("instagram", "@shop")
        self._count = 0
        self.set("sms-auto-reply", "off")

    def account(
        self, channel: str, address: str = OURS, name: str = "", **settings: Any
    ) -> Account:
        """Add an account of ours."""
        held = json.dumps({"provider": PROVIDERS.get(channel, ""), **settings})
        called = name or channel
        with self.store.write() as connection:
            row = connection.execute(
                "INSERT INTO channel_account (name, channel, address, enabled, settings,"
                " created_at) VALUES (?, ?, ?, 1, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET settings = excluded.settings RETURNING id",
                (called, channel, address, held, to_us(self.clock.now)),
            ).fetchone()
        return Account(row[0], called, channel, address, True, held, AccountState.OK, "")

    def set(self, name: str, value: Any) -> None:
        """Set a setting of the desk."""
        with self.store.write() as connection:
            save_setting(connection, name, DESK, json.dumps(value))

    def said(self, text: str = "hello", address: str = LENA, **fields: Any) -> Received:
        """Return a message of a customer."""
        self._count += 1
        values: dict[str, Any] = {"external_id": f"in-{self._count}", "at": self.clock.now}
        return Received(**{**values, "address": address, "text": text, **fields})

    def answered(self, text: str = "hi", address: str = LENA, **fields: Any) -> Echo:
        """Return a message of our side that another program has sent."""
        self._count += 1
        values: dict[str, Any] = {"external_id": f"out-{self._count}", "at": self.clock.now}
        return Echo(**{**values, "address": address, "text": text, **fields})

    def hear(self, account: Account, *news: News, **options: Any) -> Summary:
        """Store news."""
        return self.messaging.ingest(account, news, **options)

    def told(self, account: Account, text: str = "hello", **fields: Any) -> int:
        """Store a customer's message a second later; return the ticket that it stands in."""
        self.clock.advance(seconds=1)
        news = self.said(text, **fields)
        self.hear(account, news)
        return int(self.row("message", external_id=news.external_id)["ticket_id"])

    def change(self, table: str, key: int, **values: Any) -> None:
        """Change a row by its id."""
        sets = ", ".join(f"{name} = :{name}" for name in values)
        plain = {
            name: to_us(each) if isinstance(each, datetime) else each
            for name, each in values.items()
        }
        with self.store.write() as connection:
            connection.execute(f"UPDATE {table} SET {sets} WHERE id = :key", {**plain, "key": key})

    def events(self, ticket: int, kinds: Iterable[str] = ()) -> list[str]:
        """Return what was noted of a ticket, in its order."""
        wanted = set(kinds)
        found = [row["kind"] for row in self.rows("activity", ticket_id=ticket)]
        return [kind for kind in found if not wanted or kind in wanted]
