"""A store with accounts at the simulated Meta and a real relay, and their threads, by hand."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartKind, TemplateUse
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.messaging.media_loop import MediaLoop
from helpdesk_tui.sync.channels.messaging.provider import OutgoingMedia, OutgoingPart
from helpdesk_tui.sync.channels.meta import threads
from helpdesk_tui.sync.channels.meta.media import MetaMedia
from helpdesk_tui.sync.receiving import ReceiveLoop
from tests.support.providers.running import Providers
from tests.support.relay import TOKEN, Running
from tests.support.relay_hooks import Hooked
from tests.support.rows import HasRows

HOOK = "meta"


class MetaDesk(HasRows):
    """Accounts of ours at a simulated Meta."""

    def __init__(self, store: Store, sim: Providers, relay: Running | None = None) -> None:
        self.store = store
        self.sim = sim
        self.relay = relay
        self.secrets: dict[str, str] = {"relay": TOKEN, "app-secret": sim.whatsapp.hook.secret}

    def password(self, account: Account, purpose: str) -> str:
        """Give the secrets of all accounts."""
        if purpose == "token":
            is_whatsapp = account.channel == "whatsapp"
            return self.sim.whatsapp.token if is_whatsapp else self.sim.instagram.token
        return self.secrets.get(purpose, "")

    def whatsapp(self, **settings: Any) -> Account:
        """Connect the number, with the relay where there is one."""
        sim = self.sim.whatsapp
        held = {
            "provider": "meta",
            "phone_number_id": sim.phone_id,
            "waba_id": sim.waba_id,
            "api": sim.url,
        }
        return self._account("whatsapp", sim.number, held | settings)

    def instagram(self, provider: str = "instagram-login", **settings: Any) -> Account:
        """Connect the account, with the relay where there is one."""
        sim = self.sim.instagram
        held = {"provider": provider, "account_id": sim.ig_id, "api": sim.url}
        if provider == "facebook-login":
            held["page_id"] = sim.page_id
        return self._account("instagram", f"@{sim.handle}", held | settings)

    def _account(self, channel: str, address: str, held: dict[str, Any]) -> Account:
        name = f"{channel}-{len(self.rows('channel_account')) + 1}"
        if self.relay is not None:
            held = {"relay": self.relay.url, "hook": HOOK, **held}
        with self.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (name, channel, address, enabled, settings,"
                " created_at) VALUES (?, ?, ?, 1, ?, ?)",
                (name, channel, address, json.dumps(held), to_us(utc_now())),
            )
        if self.relay is not None:
            names = [row["name"] for row in self.rows("channel_account")]
            secret = self.sim.whatsapp.hook.secret
            url = Hooked(self.relay).publish(HOOK, "meta", secrets=[secret], consumers=names)
            hook = self.sim.whatsapp.hook if channel == "whatsapp" else self.sim.instagram.hook
            hook.url = url
        return Accounts(self.store, SYSTEM).named(name)

    def receiver(self, account: Account) -> ReceiveLoop:
        """Return what receives, not started."""
        return threads.receiver(account, self.store, self.password)

    def fetch(self, account: Account) -> None:
        """Receive all that was told so far, with a new thread's means."""
        self.sim.wait_until_told()
        receiver = self.receiver(account)
        try:
            receiver.fetch()
        finally:
            receiver.finish()

    def fetch_files(self, account: Account) -> None:
        """Fetch the files that are due."""
        fetch = MetaMedia(account, self.password).fetch
        MediaLoop(self.receiver(account), self.store, fetch).once()

    def provider(self, account: Account) -> Any:
        """Return what sends."""
        return threads.make_provider(self.store, account, self.password)

    def checks(self, account: Account) -> dict[str, Check]:
        """Try an account out; return the steps by name."""
        return {each.name: each for each in threads.test(account, self.password)}

    def notices(self) -> list[str]:
        """Return the kinds of what messages carry beside text."""
        found = [json.loads(row["notices"] or "[]") for row in self.rows("message")]
        return [
            each["kind"] if isinstance(each, dict) else each[0] for row in found for each in row
        ]


def part_of(address: str, text: str = "", **changes: Any) -> OutgoingPart:
    """Return a part on its way out."""
    given: dict[str, Any] = {
        "message_id": 41,
        "position": 0,
        "kind": PartKind.TEXT,
        "address": address,
        "ours": "",
        "text": text,
        "begun_at": utc_now(),
    }
    return OutgoingPart(**(given | changes))


def media_of(data: bytes, content_type: str, name: str = "file", url: str = "") -> OutgoingMedia:
    """Return a file on its way out."""
    digest = hashlib.sha256(data).hexdigest()
    return OutgoingMedia(digest, name, content_type, len(data), lambda: data, url)


__all__ = ["HOOK", "Delivery", "MetaDesk", "TemplateUse", "media_of", "part_of"]
