"""SMS, WhatsApp and Instagram with real parts: providers, relay, worker, programs, CLI."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from helpdesk_tui.services.desk import open_desk
from tests.support.desk_world import DeskWorld, desk_environ
from tests.support.dovecot import PASSWORD
from tests.support.providers.running import Providers, running_providers
from tests.support.providers.values import Sent
from tests.support.relay import TOKEN
from tests.support.relay_killed import KilledRelay
from tests.support.store import add_agent, make_root
from tests.support.waiting import until

TEXTS, WHATS, INSTA, MAILBOX = "texts", "whats", "insta", "support"
_VERIFY = "verify-token-of-tests"


@dataclass(slots=True)
class MessagingWorld(DeskWorld):
    """A desk with a number at Twilio, one at WhatsApp and an Instagram account."""

    relay: KilledRelay
    sim: Providers

    def consented(self, number: str) -> None:
        """Record that somebody agreed to SMS."""
        self.cli("consent", "record", number, "--source", "at the till")

    def files_here(self, ticket: int, count: int) -> None:
        """Wait until that many files of a ticket have been fetched."""
        query = (
            "SELECT count(*) FROM attachment JOIN message ON message.id = message_id"
            " WHERE ticket_id = ? AND attachment.state = ''"
        )
        until(lambda: self.one(query, ticket) == count)

    def sent(self, to: str, count: int = 1) -> list[Sent]:
        """Wait until the providers have taken that many messages to somebody, and return them."""
        until(lambda: len(self.sim.sent_to(to)) >= count)
        return self.sim.sent_to(to)

    def delivery(self, text: str, wanted: str) -> None:
        """Wait until an answer of ours has come so far."""
        query = (
            "SELECT delivery FROM message"
            " WHERE rtrim(text, char(10)) = ? AND direction = 'outbound'"
        )
        until(lambda: self.rows(query, text) == [(wanted,)])


def photo(width: int = 900, height: int = 600, kind: str = "JPEG", noise: int = 0) -> bytes:
    """Return a picture: a red left half, a blue right half, and as much noise as is asked for."""
    picture = Image.new("RGB", (width, height), (208, 32, 32))
    ImageDraw.Draw(picture).rectangle([width // 2, 0, width, height], fill=(32, 64, 208))
    if noise:
        rough = Image.effect_noise((width, height), noise).convert("RGB")
        picture = Image.blend(picture, rough, 0.5)
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def _secrets(sim: Providers) -> Mapping[str, str]:
    return {
        TEXTS: sim.twilio.token, f"{TEXTS}-app": sim.twilio.token,
        WHATS: sim.whatsapp.token, f"{WHATS}-app": sim.whatsapp.hook.secret,
        f"{WHATS}-verify": _VERIFY,
        INSTA: sim.instagram.token, f"{INSTA}-app": sim.instagram.hook.secret,
        f"{INSTA}-verify": _VERIFY,
        "relay": TOKEN, MAILBOX: PASSWORD,
    }  # fmt: skip


def _settle(world: MessagingWorld) -> None:
    sim, relay = world.sim, world.relay.url
    with closing(open_desk(world.root)) as desk:
        add_agent(desk.store, "anna", role="owner", full_name="Anna Berg")
    with world.desk() as desk:
        add = desk.admin.add_channel
        add(TEXTS, "sms", sim.twilio.numbers[0], settings={
            "provider": "twilio", "account_sid": sim.twilio.account_sid, "api": sim.twilio.url,
            "relay": relay, "hook": "twilio"})  # fmt: skip
        add(WHATS, "whatsapp", sim.whatsapp.number, settings={
            "provider": "meta", "phone_number_id": sim.whatsapp.phone_id,
            "waba_id": sim.whatsapp.waba_id, "api": sim.whatsapp.url, "version": "v23.0",
            "relay": relay, "hook": WHATS})  # fmt: skip
        add(INSTA, "instagram", f"@{sim.instagram.handle}", settings={
            "provider": "instagram-login", "account_id": sim.instagram.ig_id,
            "page_id": sim.instagram.page_id, "api": sim.instagram.url, "version": "v24.0",
            "relay": relay, "hook": INSTA, "human_agent": True})  # fmt: skip
        for account in desk.admin.channels():
            desk.admin.set_channel_state(account.id, enabled=True)
    for name, hook in (
        ("twilio", sim.twilio.hook),
        (WHATS, sim.whatsapp.hook),
        (INSTA, sim.instagram.hook),
    ):
        hook.url = f"{relay}/hooks/{name}"


@contextmanager
def running_messaging(folder: Path) -> Iterator[MessagingWorld]:
    """Give a world whose worker runs; providers hold it to their contracts at its end."""
    with running_providers() as sim:
        relay = KilledRelay(folder / "relay", media_grace=1)
        try:
            root = make_root(folder)
            (folder / "home").mkdir()
            world = MessagingWorld(
                folder, root, relay, sim, environ=desk_environ(folder, root, _secrets(sim))
            )
            _settle(world)
            try:
                world.start_worker()
                yield world
            finally:
                world.close()
        finally:
            relay.kill()
