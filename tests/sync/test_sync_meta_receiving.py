"""What customers write on WhatsApp and Instagram becomes tickets, once, by whichever way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.channels.meta import conversations
from helpdesk_tui.sync.channels.meta.poller import BackfillLoop
from helpdesk_tui.sync.channels.meta.upkeep import UpkeepLoop
from tests.support.material import material
from tests.support.meta_desk import MetaDesk
from tests.support.providers.running import running_providers
from tests.support.providers.values import SimFile
from tests.support.relay import running_relay
from tests.support.relay_hooks import metas_signature
from tests.support.store import make_desk
from tests.support.waiting import PATIENCE

ADA = "+15557770001"
BO = "990000000000001"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000")


@pytest.fixture
def sim():
    with running_providers() as running:
        yield running


@pytest.fixture
def store(tmp_path):
    made = make_desk(tmp_path)
    yield made.store
    made.close()


@pytest.fixture
def hooked(tmp_path, store, sim):
    with running_relay(tmp_path / "relay", site=None) as relay:
        yield MetaDesk(store, sim, relay)


@pytest.fixture
def polled(store, sim, monkeypatch):
    sim.instagram.calls_per_second = 0
    monkeypatch.setattr(conversations, "_PER_SECOND", 1_000.0)
    return MetaDesk(store, sim)


def test_whatsapp_by_the_relay_becomes_one_ticket_however_often_it_is_told(hooked, sim):
    account = hooked.whatsapp()
    sim.whatsapp.hook.duplicates = 1.0
    sim.whatsapp.customer_sends(ADA, "Where is order 1042?")
    hooked.fetch(account)
    sim.whatsapp.customer_sends(ADA, "It was due on Monday")
    hooked.fetch(account)
    assert hooked.heard() == ["Where is order 1042?", "It was due on Monday"]
    assert [row["address"] for row in hooked.rows("contact")] == [ADA]
    assert [row["customer_name"] for row in hooked.rows("ticket")] == ["Ada Example"]


def test_a_picture_is_fetched_with_the_token_and_stays_the_same(hooked, sim):
    account = hooked.whatsapp()
    sim.whatsapp.customer_sends(ADA, "it arrived broken", file=SimFile(PNG, "image/png"))
    hooked.fetch(account)
    hooked.fetch_files(account)
    (file,) = hooked.rows("attachment")
    assert (file["state"], file["content_type"], file["size"]) == ("", "image/png", len(PNG))
    assert sim.trespasses == []


def test_two_accounts_share_a_webhook_and_each_takes_its_own(hooked, sim):
    number, handle = hooked.whatsapp(), hooked.instagram()
    sim.instagram.hook.url = sim.whatsapp.hook.url
    sim.whatsapp.customer_sends(ADA, "by WhatsApp")
    sim.instagram.customer_sends(BO, "by Instagram", handle="bo")
    hooked.fetch(number)
    hooked.fetch(handle)
    assert sorted(hooked.heard()) == ["by Instagram", "by WhatsApp"]
    assert {row["channel"] for row in hooked.rows("ticket")} == {"whatsapp", "instagram"}
    assert sum(hooked_health(hooked).values()) == 0


def hooked_health(desk):
    with desk.relay.box() as box:
        return box.get("/box/v1/hooks/meta/health").json()["waiting"]


def test_what_cannot_be_stored_stays_at_the_relay(hooked, sim, monkeypatch):
    account = hooked.whatsapp()
    sim.whatsapp.customer_sends(ADA, "hello")
    sim.wait_until_told()
    receiver = hooked.receiver(account)

    def broken(*_args, **_kwargs):
        raise UsageError("store.broken")

    monkeypatch.setattr(receiver._messaging, "ingest", broken)
    with pytest.raises(UsageError):
        receiver.fetch()
    receiver.finish()
    assert sum(hooked_health(hooked).values()) == 1
    hooked.fetch(account)
    assert hooked.heard() == ["hello"]


def test_whatsapp_without_a_relay_says_what_it_needs(polled):
    with pytest.raises(UsageError, match="needs-relay"):
        polled.fetch(polled.whatsapp())


def test_people_of_instagram_are_named_and_a_story_stands_beside_their_answer(hooked, sim):
    account = hooked.instagram()
    sim.instagram.customer_sends(BO, "love this!", handle="bo.b", story="18000000000000001")
    hooked.fetch(account)
    hooked.fetch_files(account)
    assert hooked.heard() == ["love this!"]
    assert hooked.notices() == ["story"]
    (file,) = hooked.rows("attachment")
    assert file["state"] == ""
    (contact,) = hooked.rows("contact")
    assert contact["address"] == BO
    kinds = {(row["kind"], row["value"]) for row in hooked.rows("identity")}
    assert ("instagram-handle", "bo.b") in kinds


def test_the_same_message_by_webhook_and_by_asking_is_one(hooked, sim, monkeypatch):
    monkeypatch.setattr(conversations, "_PER_SECOND", 1_000.0)
    sim.instagram.calls_per_second = 0
    account = hooked.instagram()
    sim.instagram.customer_sends(BO, "one")
    hooked.fetch(account)
    sim.instagram.hook.url = ""
    sim.instagram.customer_sends(BO, "two, told by nobody")
    backfill = BackfillLoop(hooked.receiver(account), hooked.store, hooked.password)
    backfill.once()
    backfill.once()
    assert hooked.heard() == ["one", "two, told by nobody"]


@pytest.mark.parametrize("is_nested", [True, False])
def test_conversations_are_read_where_no_webhook_comes(polled, sim, is_nested):
    sim.instagram.has_nested_fields = is_nested
    account = polled.instagram()
    sim.instagram.customer_sends(BO, "hello", handle="bo")
    polled.fetch(account)
    sim.instagram.owner_sends(BO, "answered on the phone")
    sim.instagram.customer_sends(BO, "thanks", files=[SimFile(PNG, "image/png")])
    polled.fetch(account)
    polled.fetch(account)
    polled.fetch_files(account)
    assert polled.heard() == ["hello", "thanks"]
    sent = polled.rows("message", direction="outbound")
    assert [row["text"] for row in sent] == ["answered on the phone"]
    assert [row["state"] for row in polled.rows("attachment")] == [""]
    assert len(polled.rows("ticket")) == 1


def test_conversations_on_later_pages_are_read_too(polled, sim, monkeypatch):
    monkeypatch.setattr(conversations, "_PAGE", 2)
    account = polled.instagram()
    for number in range(5):
        sim.instagram.customer_sends(f"99000000000001{number}", f"text {number}")
    polled.fetch(account)
    assert sorted(polled.heard()) == [f"text {number}" for number in range(5)]


def test_more_than_can_be_read_leaves_a_gap_that_is_told_once(polled, sim):
    account = polled.instagram()
    polled.fetch(account)
    began = datetime.now(UTC)
    for number in range(25):
        sim.instagram.customer_sends(BO, f"{number}", at=began + timedelta(seconds=number))
    polled.fetch(account)
    polled.fetch(account)
    assert polled.heard() == [f"{number}" for number in range(5, 25)]
    gaps = polled.rows("activity", kind="messaging.gap")
    assert len(gaps) == 1
    sim.instagram.customer_sends(BO, "25", at=began + timedelta(seconds=26))
    polled.fetch(account)
    assert len(polled.rows("activity", kind="messaging.gap")) == 1
    assert polled.heard()[-1] == "25"


def test_what_was_there_long_before_us_is_left_alone(polled, sim):
    old = datetime.now(UTC) - timedelta(days=3)
    sim.instagram.customer_sends(BO, "long ago", at=old)
    account = polled.instagram()
    sim.instagram.customer_sends(BO, "new")
    polled.fetch(account)
    assert polled.heard() == ["new"]


def test_conversations_are_asked_for_no_faster_than_allowed(store, sim):
    desk = MetaDesk(store, sim)
    account = desk.instagram()
    for number in range(4):
        sim.instagram.customer_sends(f"99000000000001{number}", "hi")
    desk.fetch(account)
    assert len(desk.heard()) == 4
    assert sim.instagram.too_fast == 0


def test_a_refused_token_stops_the_account(polled, sim):
    account = polled.instagram()
    polled.password = lambda *_: "wrong"
    with pytest.raises(AuthFailed, match=r"meta\.190"):
        polled.fetch(account)


def test_a_refused_token_shows_and_messages_come_in_all_the_same(hooked, sim):
    account = hooked.whatsapp()
    receiver = hooked.receiver(account)
    upkeep = UpkeepLoop(receiver, hooked.store, lambda *_: "wrong")
    upkeep.step()
    sim.whatsapp.customer_sends(ADA, "hello")
    sim.wait_until_told()
    receiver.fetch()
    (row,) = hooked.rows("channel_account")
    assert (row["state"], row["error_code"]) == ("retrying", "meta.190")
    assert hooked.heard() == ["hello"]
    UpkeepLoop(receiver, hooked.store, hooked.password).step()
    sim.whatsapp.customer_sends(ADA, "again")
    sim.wait_until_told()
    receiver.fetch()
    assert hooked.rows("channel_account")[0]["state"] == "ok"
    receiver.finish()


def test_news_of_a_number_that_is_not_connected_are_named_in_the_log(hooked, sim, caplog):
    account = hooked.whatsapp(phone_number_id="111")
    sim.whatsapp.customer_sends(ADA, "hello")
    hooked.fetch(account)
    assert hooked.heard() == []
    assert f"news of whatsapp {sim.whatsapp.phone_id}, which is not connected" in caplog.text


def test_reactions_reads_and_messages_taken_back_follow_their_message(hooked, sim):
    account = hooked.instagram()
    mid = sim.instagram.customer_sends(BO, "secret")
    answer = sim.instagram.owner_sends(BO, "we are on it")
    sim.instagram.customer_reacts(BO, answer, "🔥")
    sim.instagram.unsends(mid)
    hooked.fetch(account)
    assert hooked.heard() != ["secret"]
    assert set(hooked.notices()) == {"unsent", "reaction"}


def test_the_words_of_the_provider_are_kept(hooked, sim):
    account = hooked.whatsapp()
    sim.whatsapp.customer_sends(ADA, "hello")
    hooked.fetch(account)
    (row,) = hooked.rows("message", direction="inbound")
    (blob,) = [each for each in hooked.rows("blob") if each["sha256"] == row["raw_sha256"]]
    assert blob["size"] > 0
    assert json.loads(json.dumps(row["external_id"])).startswith("wamid.")


def test_every_body_of_the_vendors_becomes_tickets_once_through_the_relay(hooked, sim):
    bodies = []
    for name in ("whatsapp_own", "whatsapp_vendor", "instagram_own"):
        path = material("contracts") / "payloads" / f"{name}_examples.json"
        bodies += [json.dumps(body).encode() for body in json.loads(path.read_text()).values()]
    accounts = [
        hooked.whatsapp(),
        hooked.whatsapp(phone_number_id="106540352242922"),
        hooked.instagram(),
    ]
    secret = sim.whatsapp.hook.secret
    url = sim.whatsapp.hook.url
    first: list[str] = []
    for _ in range(3):
        for body in bodies:
            headers = {"X-Hub-Signature-256": metas_signature(body, secret)}
            assert (
                httpx.post(url, content=body, headers=headers, timeout=PATIENCE).status_code == 200
            )
        for account in accounts:
            hooked.fetch(account)
        found = [row["external_id"] for row in hooked.rows("message")]
        assert len(found) == len(set(found))
        first = first or found
        assert found == first
    assert len(first) > 20
    assert not sum(hooked_health(hooked).values())


def test_a_forged_body_is_refused_and_the_true_one_is_stored(hooked, sim):
    account = hooked.whatsapp()
    sim.whatsapp.hook.forged = 1.0
    sim.whatsapp.customer_sends(ADA, "hello")
    hooked.fetch(account)
    assert hooked.heard() == ["hello"]
    with hooked.relay.box() as box:
        assert box.get("/box/v1/hooks/meta/health").json()["refused"] >= 1
