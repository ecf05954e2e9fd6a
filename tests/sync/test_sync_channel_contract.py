"""What every channel has to do, whatever carries its messages: one suite for all adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.sync import once
from helpdesk_tui.sync.channels.messaging import sender
from helpdesk_tui.sync.channels.meta.whatsapp import WhatsAppProvider
from helpdesk_tui.sync.channels.registry import adapters
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.dovecot import running_dovecot
from tests.support.pictures import picture
from tests.support.providers.running import running_providers
from tests.support.relay import running_relay
from tests.support.rigs.email import EmailRig
from tests.support.rigs.pigeon import PigeonRig
from tests.support.rigs.providers import (
    InstagramRig,
    ProviderRig,
    TwilioRig,
    TwilioWhatsAppRig,
    WhatsAppRig,
)
from tests.support.rigs.rig import Killed, Rig
from tests.support.rigs.webchat import WebchatRig
from tests.support.smtp import running_smtp
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]

PICTURE = OutgoingFile("parcel.png", "image/png", picture())
LABEL = OutgoingFile("label.pdf", "application/pdf", b"%PDF-1.4\n" + b"label " * 50)
_LEFT = {Delivery.SENT, Delivery.DELIVERED, Delivery.READ}
_WRITES = 60
"""More writes to the store than any round has."""


@contextmanager
def email_rig(folder: Path) -> Iterator[Rig]:
    with running_dovecot() as imap, running_smtp(imap.certificates) as smtp:
        yield EmailRig(folder, imap, smtp)


@contextmanager
def webchat_rig(folder: Path) -> Iterator[Rig]:
    with running_relay(folder / "relay", site=None) as relay:
        yield WebchatRig(folder, relay)


@contextmanager
def pigeon_rig(folder: Path) -> Iterator[Rig]:
    yield PigeonRig(folder)


def provider_rig(make: type[ProviderRig]) -> MakeRig:
    @contextmanager
    def made(folder: Path) -> Iterator[Rig]:
        with running_providers() as sim, running_relay(folder / "relay", site=None) as relay:
            yield make(folder, sim, relay)

    return made


MakeRig = Callable[[Path], AbstractContextManager[Rig]]
RIGS: dict[str, MakeRig] = {
    "email": email_rig,
    "webchat": webchat_rig,
    "sms": provider_rig(TwilioRig),
    "whatsapp-twilio": provider_rig(TwilioWhatsAppRig),
    "whatsapp-meta": provider_rig(WhatsAppRig),
    "instagram": provider_rig(InstagramRig),
    "pigeon": pigeon_rig,
}
"""By ``channel`` or ``channel-kind``."""


def channel_of(name: str) -> str:
    return name.partition("-")[0]


@pytest.fixture(params=[name for name in RIGS if channel_of(name) in CHANNELS])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "email":
        request.applymarker(pytest.mark.dovecot)
    with RIGS[request.param](tmp_path) as made:
        yield made
        made.close()
        assert made.is_fine()


def asked(rig: Rig, text: str = "Where is my parcel?") -> None:
    """Let the customer's first message be there."""
    rig.customer_writes(text)
    rig.round_until(lambda: rig.heard() == [text])


def deliveries(rig: Rig) -> list[str]:
    return [row[0] for row in rig.rows(_OURS)]


_OURS = "SELECT delivery FROM message WHERE direction = 'outbound' ORDER BY id"


def round_until_gone(rig: Rig) -> None:
    """Let the worker do rounds until nothing of ours is left to send."""

    def gone() -> bool:
        rig.round()
        return all(each not in ("queued", "sending") for each in deliveries(rig))

    until(gone, 90)


def texts(rig: Rig) -> list[str]:
    return [one.text.strip() for one in rig.came() if one.text]


def test_every_adapter_is_held_to_this():
    assert {channel_of(name) for name in RIGS} >= {each.spec.name for each in adapters()}
    assert all(each.spec is CHANNELS[each.spec.name] for each in adapters())


def test_a_question_becomes_a_ticket_and_the_answer_arrives(rig: Rig):
    asked(rig)
    assert rig.rows("SELECT channel, status, channel_account_id FROM ticket") == [
        (rig.channel, "open", 1)
    ]
    rig.reply("It is on its way.")
    round_until_gone(rig)
    assert [text.splitlines()[0] for text in texts(rig)] == ["It is on its way."]
    if rig.tells_delivered:
        rig.round_until(lambda: deliveries(rig) == ["delivered"])
    assert Delivery(deliveries(rig)[0]) in _LEFT
    assert rig.account.state == "ok"


def test_what_comes_twice_is_there_once(rig: Rig):
    asked(rig)
    rig.repeat()
    rig.round()
    rig.customer_writes("Hello?")
    rig.round_until(lambda: rig.heard() == ["Where is my parcel?", "Hello?"])
    assert rig.rows("SELECT count(*) FROM ticket") == [(1,)]


def test_files_come_in_whole(rig: Rig):
    rig.customer_writes("Look at this", [PICTURE])
    query = "SELECT content_type, size, state FROM attachment"
    rig.round_until(lambda: rig.rows(query) == [("image/png", len(PICTURE.data), "")])
    [(sha256,)] = rig.rows("SELECT sha256 FROM attachment")
    assert rig.blob(sha256) == PICTURE.data


def test_files_leave_whole(rig: Rig):
    asked(rig)
    rig.reply("Here is the label.", [LABEL])
    round_until_gone(rig)
    assert [file for one in rig.came() for file in one.files] == [LABEL.data]
    assert texts(rig)[0].startswith("Here is the label.")


@pytest.mark.parametrize("over", ["size", "count", "text"])
def test_what_the_channel_does_not_carry_is_refused_before_it_is_queued(rig: Rig, over: str):
    asked(rig)
    spec = rig.spec
    large = OutgoingFile("a.pdf", "application/pdf", b"%PDF" + b"x" * spec.attachment_limit)
    files = {"size": [large], "count": [LABEL] * (spec.files_limit + 1)}
    text = "x" * (spec.text_limit + 1) if over == "text" else "Here."
    has_limit = {"size": True, "count": spec.files_limit, "text": spec.text_limit}[over]
    if not has_limit:
        pytest.skip(f"{spec.label} carries any {over}")
    with pytest.raises(HelpdeskError):
        rig.reply(text, files.get(over, ()))
    rig.round()
    assert rig.came() == []


def test_an_account_that_is_switched_off_neither_asks_nor_sends(rig: Rig):
    asked(rig)
    rig.reply("Too late.")
    rig.switch(on=False)
    rig.customer_writes("Hello?")
    rig.round()
    assert rig.came() == []
    if rig.is_told_off:
        # a chat ends with its account: nobody is there any more to read the reply
        assert rig.rows("SELECT ended_by FROM chat") == [("channel",)]
        return
    assert rig.heard() == ["Where is my parcel?"]
    rig.switch(on=True)
    round_until_gone(rig)
    assert len(rig.came()) == 1


def test_the_test_of_an_account_finds_nothing_wrong(rig: Rig):
    checks = rig.adapter.test(rig.account, rig.secrets)
    assert checks
    assert [(check.name, check.code) for check in checks if not check.ok] == []


def test_wrong_credentials_are_said_and_lose_nothing(rig: Rig):
    asked(rig)
    rig.secrets.are_wrong = True
    checks = rig.adapter.test(rig.account, rig.secrets)
    assert not all(check.ok for check in checks)
    rig.reply("It is on its way.")
    rig.customer_writes("Hello?")
    summary = rig.round()
    assert summary["errors"]
    assert rig.account.error_code
    assert rig.came() == []
    rig.secrets.are_wrong = False
    rig.mended()
    round_until_gone(rig)
    rig.round_until(lambda: rig.heard() == ["Where is my parcel?", "Hello?"])
    assert len(rig.came()) == 1


@pytest.mark.parametrize("is_after", [False, True], ids=["before-commit", "after-commit"])
def test_a_worker_killed_at_any_write_loses_and_doubles_nothing(
    rig: Rig, is_after: bool, monkeypatch: pytest.MonkeyPatch
):
    # nobody has to be given time here: not the provider to list, not the customer to read
    monkeypatch.setattr(sender, "_LOOK_FOR", timedelta(seconds=2))
    monkeypatch.setattr(WhatsAppProvider, "pace", lambda provider, address: 0.0)
    # nor the mail server to file: what it has taken can be seen at once
    monkeypatch.setattr(once, "DeliveryLoop", partial(DeliveryLoop, look_again_after=0.05))
    asked(rig)
    wrote = answered = 0
    for number in range(1, _WRITES):
        wrote, answered = wrote + 1, answered + 1
        rig.customer_writes(f"question {wrote}")
        rig.reply(f"answer {answered}")
        try:
            with rig.killed_at_write(number, is_after=is_after):
                rig.round()
        except Killed:
            continue
        else:
            break
    else:
        pytest.fail("a round never came to its end")
    round_until_gone(rig)
    asked_all = ["Where is my parcel?", *(f"question {n + 1}" for n in range(wrote))]
    rig.round_until(lambda: rig.heard() == asked_all)
    unknown = rig.rows("SELECT text FROM message WHERE delivery = 'unknown'")
    known = [f"answer {n + 1}" for n in range(answered)]
    got = [text.splitlines()[0] for text in texts(rig)]
    assert len(got) == len(set(got)), "a reply arrived twice"
    missing = [text for text in known if text not in got]
    assert [(text,) for text in missing if (text,) not in unknown] == []
    if rig.keeps_order:
        assert got == [text for text in known if text in got], "replies out of order"


def test_replies_keep_their_order_where_the_first_is_put_off(rig: Rig):
    asked(rig)
    rig.busy()
    for number in range(3):
        rig.reply(f"answer {number}")
    round_until_gone(rig)
    got = [text.splitlines()[0] for text in texts(rig)]
    assert sorted(got) == [f"answer {number}" for number in range(3)]
    if rig.keeps_order:
        assert got == [f"answer {number}" for number in range(3)]
