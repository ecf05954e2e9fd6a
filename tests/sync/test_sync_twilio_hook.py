"""What Twilio tells the relay comes at once, and is the same message as the one that is read."""

from __future__ import annotations

import httpx
import pytest

from helpdesk_tui.sync.channels.twilio.hook_loop import HookLoop
from helpdesk_tui.sync.channels.twilio.threads import beside
from tests.support.providers.running import running_providers
from tests.support.providers.values import SimFile
from tests.support.relay import TOKEN, running_relay
from tests.support.relay_hooks import Hooked, twilios_signature
from tests.support.store import make_desk
from tests.support.twilio_desk import TwilioDesk
from tests.support.waiting import PATIENCE

LENA = "+15557770001"
HOOK = "messages"


@pytest.fixture
def sim():
    with running_providers() as running:
        yield running


@pytest.fixture
def relay(tmp_path):
    with running_relay(tmp_path / "relay", site=None) as running:
        yield running


@pytest.fixture
def desk(tmp_path, sim, relay):
    made = make_desk(tmp_path)
    desk = TwilioDesk(made.store, sim.twilio)
    desk.secrets["relay"] = TOKEN
    yield desk
    made.close()


@pytest.fixture
def account(desk, sim, relay):
    made = desk.number(relay=relay.url, hook=HOOK)
    sim.twilio.hook.url = Hooked(relay).publish(
        HOOK, "twilio", secrets=[sim.twilio.token], consumers=[made.name]
    )
    return made


def _take(desk, sim, account):
    sim.wait_until_told()
    loop = HookLoop(desk.receiver(account), desk.store, desk.password)
    loop.once()
    loop.finish()


def _read(desk, account):
    reader = desk.receiver(account)
    reader.fetch()
    reader.finish()


@pytest.mark.parametrize("hook_first", [True, False])
def test_both_ways_end_in_one_message(desk, sim, account, hook_first):
    sim.twilio.customer_sends(LENA, "hello & goodbye = ✓ +1")
    ways = [lambda: _take(desk, sim, account), lambda: _read(desk, account)]
    for way in ways if hook_first else reversed(ways):
        way()
        way()
    assert desk.heard() == ["hello & goodbye = ✓ +1"]


def test_what_only_the_hook_tells_is_stored_with_its_files(desk, sim, account):
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 50
    sim.twilio.customer_sends(LENA, "", files=[SimFile(png)], is_polled=False)
    _take(desk, sim, account)
    _read(desk, account)
    desk.files(account).once()
    assert [row["state"] for row in desk.rows("attachment")] == [""]
    assert len(desk.rows("message", direction="inbound")) == 1


def test_duplicates_and_disorder_change_nothing(desk, sim, account):
    sim.twilio.hook.duplicates = 0.5
    sim.twilio.hook.reorders = 0.5
    sim.twilio.hook.forged = 0.3
    for number in range(12):
        sim.twilio.customer_sends(LENA, f"m{number}")
    _take(desk, sim, account)
    _take(desk, sim, account)
    assert sorted(desk.heard()) == sorted(f"m{number}" for number in range(12))
    assert sim.twilio.hook.forgeries_taken == 0


def test_what_came_to_another_number_is_not_taken(desk, sim, account):
    sim.twilio.numbers.append("+15550002222")
    sim.twilio.customer_sends(LENA, "to the other", to="+15550002222")
    sim.twilio.customer_sends(LENA, "to this")
    _take(desk, sim, account)
    assert desk.heard() == ["to this"]


def test_whatsapp_says_how_they_call_themselves(desk, sim, relay):
    account = desk.number("whatsapp", relay=relay.url, hook=HOOK)
    sim.twilio.hook.url = Hooked(relay).publish(
        HOOK, "twilio", secrets=[sim.twilio.token], consumers=[account.name]
    )
    sim.twilio.customer_sends(f"whatsapp:{LENA}", "hei", name="Lena Berg")
    _take(desk, sim, account)
    contact = desk.rows("contact")[0]
    assert (contact["address"], contact["name"]) == (LENA, "Lena Berg")


def test_what_became_of_a_message_is_told_there_too(desk, sim, account):
    provider = desk.provider(account)
    form = provider._form(_part())
    provider.close()
    assert form["StatusCallback"] == sim.twilio.hook.url


def _part():
    from helpdesk_tui.domain.messaging.parts import PartKind
    from helpdesk_tui.sync.channels.messaging.provider import OutgoingPart

    return OutgoingPart(1, 0, PartKind.TEXT, LENA, "+15550001111", "hi")


def test_a_hook_runs_only_where_there_is_one(desk, account):
    without = desk.number(number="+15550003333")
    kinds = [type(each) for each in beside(desk.receiver(without), desk.store, desk.password)]
    assert HookLoop not in kinds
    kinds = [type(each) for each in beside(desk.receiver(account), desk.store, desk.password)]
    assert HookLoop in kinds


@pytest.mark.parametrize("settings", ["{", "[]", '{"relay": "http://evil.example", "hook": "x"}'])
def test_broken_settings_keep_the_worker_from_nothing(desk, settings):
    account = desk.number(number="+15550004444")
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ? WHERE id = ?", (settings, account.id)
        )
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.accounts import Accounts

    broken = Accounts(desk.store, SYSTEM).named(account.name)
    assert beside(desk.receiver(broken), desk.store, desk.password)


def test_a_thousand_replays_make_no_second_message(desk, sim, relay, account):
    url = f"{relay.url}/hooks/{HOOK}"
    with httpx.Client(timeout=PATIENCE) as twilio:
        for number in range(1_000):
            # each of them differs, so that the relay cannot tell that they are the same
            form = {"MessageSid": "SM" + "0" * 31 + "9", "From": LENA, "To": account.address,
                    "Body": "once", "NumMedia": "0", "Try": str(number)}  # fmt: skip
            signature = twilios_signature(url, form, sim.twilio.token)
            answer = twilio.post(url, data=form, headers={"X-Twilio-Signature": signature})
            assert answer.status_code == 200
    _take(desk, sim, account)
    assert Hooked(relay).health(HOOK)["waiting"] == {account.name: 0}
    assert desk.heard() == ["once"]
