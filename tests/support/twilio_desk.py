"""A store with a number at the simulated Twilio, and the threads of that number, called by hand."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.messaging.media_loop import MediaLoop
from helpdesk_tui.sync.channels.messaging.status_loop import StatusLoop
from helpdesk_tui.sync.channels.twilio.connecting import make_provider
from helpdesk_tui.sync.channels.twilio.media import TwilioMedia
from helpdesk_tui.sync.channels.twilio.provider import TwilioProvider
from helpdesk_tui.sync.channels.twilio.receiver import TwilioReceiver
from tests.support.providers.twilio import Twilio
from tests.support.rows import HasRows


class TwilioDesk(HasRows):
    """One or more numbers of ours at a simulated Twilio."""

    def __init__(self, store: Store, sim: Twilio) -> None:
        self.store = store
        self.sim = sim
        self.secrets: dict[str, str] = {"token": sim.token}

    def password(self, account: Account, purpose: str) -> str:
        """Give the secrets of all accounts."""
        return self.secrets.get(purpose, "")

    def number(self, channel: str = "sms", number: str = "", **settings: Any) -> Account:
        """Connect a number; return its account."""
        held = {"provider": "twilio", "account_sid": self.sim.account_sid, "api": self.sim.url}
        name = f"{channel}-{len(self.rows('channel_account')) + 1}"
        with self.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (name, channel, address, enabled, settings,"
                " created_at) VALUES (?, ?, ?, 1, ?, ?)",
                (
                    name,
                    CHANNELS[channel].name,
                    number or self.sim.numbers[0],
                    json.dumps({**held, **settings}),
                    to_us(utc_now()),
                ),
            )
        return Accounts(self.store, SYSTEM).named(name)

    def receiver(self, account: Account) -> TwilioReceiver:
        """Return what reads, not started."""
        return TwilioReceiver(account, self.store, self.password)

    def files(self, account: Account) -> MediaLoop:
        """Return what fetches files, not started."""
        fetch = TwilioMedia(account, self.password).fetch
        return MediaLoop(self.receiver(account), self.store, fetch)

    def follower(self, account: Account) -> StatusLoop:
        """Return what asks for statuses, not started."""
        return StatusLoop(self.receiver(account), self.store, lambda: self.provider(account))

    def provider(self, account: Account) -> TwilioProvider:
        """Return what sends."""
        return make_provider(self.store, account, self.password)
