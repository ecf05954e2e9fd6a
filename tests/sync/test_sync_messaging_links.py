"""Files for providers that take addresses: served before the request, the same when put again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.messaging.parts import PartKind
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.channels.messaging.media_links import MediaLinks, token_of
from helpdesk_tui.sync.channels.messaging.provider import OutgoingMedia, OutgoingPart
from helpdesk_tui.sync.channels.messaging.sender import MessagingSender
from tests.support.messaging_out import World
from tests.support.store import START

ACCOUNT = Account(1, "line", "sms", "+15550001111", True, "{}", AccountState.OK, "")
FILE = OutgoingMedia("a" * 64, "a b.png", "image/png", 3, lambda: b"abc")
PART = OutgoingPart(7, 0, PartKind.FILE, "+1", "+2", files=(FILE,))


@dataclass
class FakeLine:
    """A relay that keeps what is put there."""

    kept: dict[str, bytes] = field(default_factory=dict)
    fails: int = 0
    closed: int = 0

    def put_media(self, token: str, data: bytes, **_: Any) -> str:
        if self.fails:
            self.fails -= 1
            raise Retry("relay.unreachable")
        self.kept[token] = data
        return f"https://relay.example/m/{token}/a.png"

    def close(self) -> None:
        self.closed += 1


def test_a_file_is_put_at_the_same_unguessable_address_each_time():
    line = FakeLine()
    links = MediaLinks(ACCOUNT, lambda *_: "", open_line=lambda *_: line)  # type: ignore[arg-type]
    first = links.served(PART, "secret").files[0].url
    assert links.served(PART, "secret").files[0].url == first
    assert list(line.kept.values()) == [b"abc"]
    token = next(iter(line.kept))
    assert len(token) == 32
    assert token != token_of("another secret", 7, FILE.sha256)
    assert token != token_of("secret", 8, FILE.sha256)


def test_without_a_relay_it_is_refused_for_good():
    links = MediaLinks(ACCOUNT, lambda *_: "", open_line=lambda *_: None)
    with pytest.raises(Rejected) as caught:
        links.served(PART, "secret")
    assert caught.value.code == "reply.no-relay"


def test_a_relay_out_of_reach_costs_neither_the_message_nor_a_try(tmp_path, monkeypatch):
    world = World(tmp_path, relay="https://relay.example")
    world.cloud.needs_url = True
    line = FakeLine(fails=3)
    monkeypatch.setattr(
        "helpdesk_tui.sync.channels.messaging.sender.MediaLinks",
        lambda account, password: MediaLinks(account, password, open_line=lambda *_: line),  # type: ignore[arg-type]
    )
    from helpdesk_tui.domain.mail import OutgoingFile

    picture = OutgoingFile("a.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 90)
    message = world.reply("", files=[picture])
    world.run()
    assert world.message(message)["delivery"] == "sent"
    assert world.cloud.taken[0].files[0].url.startswith("https://relay.example/m/")
    assert len(world.cloud.taken) == 1
    world.store.close()


@pytest.mark.parametrize(("hours", "is_tagged"), [(23, False), (25, True)])
def test_what_leaves_after_a_day_is_marked_as_written_by_a_person(tmp_path, hours, is_tagged):
    world = World(tmp_path, "instagram", human_agent=True)
    world.clock.now = START + timedelta(hours=hours)
    world.reply("hello")
    world.run()
    assert world.cloud.taken[0].uses_human_tag is is_tagged
    world.store.close()


def test_an_account_that_cannot_be_connected_keeps_its_messages(tmp_path, monkeypatch):
    from helpdesk_tui.domain.errors import NotFound

    world = World(tmp_path)
    message = world.reply("hello")
    loop = world.loop()
    sender = loop._sender
    assert isinstance(sender, MessagingSender)
    make, broken = sender._make, [True]

    def sometimes(account, password):
        if broken:
            raise NotFound("secret.missing", name=account.name)
        return make(account, password)

    monkeypatch.setattr(sender, "_make", sometimes)
    loop.deliver()
    row = world.message(message)
    assert (row["delivery"], row["error_code"]) == ("queued", "secret.missing")
    broken.clear()
    world.run(loop)
    assert world.message(message)["delivery"] == "sent"
    world.store.close()
