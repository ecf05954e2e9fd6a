"""The whole way at Meta: a customer writes, an agent answers, and what becomes of it is shown."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.sync.channels.meta import conversations
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.meta_desk import MetaDesk
from tests.support.providers.faults import Fault
from tests.support.providers.running import running_providers
from tests.support.relay import running_relay
from tests.support.store import add_agent, make_store
from tests.support.waiting import until

ADA = "+15557770001"
BO = "990000000000001"


@pytest.fixture
def sim(monkeypatch):
    monkeypatch.setattr(conversations, "_PER_SECOND", 1_000.0)
    with running_providers() as running:
        running.instagram.calls_per_second = 0
        yield running


@pytest.fixture
def desk(tmp_path, sim):
    store = make_store(tmp_path)
    with running_relay(tmp_path / "relay", site=None) as relay:
        yield MetaDesk(store, sim, relay)
    store.close()


class Worker:
    """What sends, for as long as a message waits."""

    def __init__(self, desk, channel):
        self.desk = desk
        self.loop = DeliveryLoop(
            desk.store, "worker", desk.password, adapter=adapter_of(channel), look_again_after=0.0
        )

    def send(self):
        until(self._is_sent)

    def _is_sent(self):
        self.loop.deliver()
        states = {row["delivery"] for row in self.desk.rows("message", direction="outbound")}
        return not states & {"queued", "sending"}

    def close(self):
        self.loop.finish()


@pytest.fixture
def whatsapp(desk, sim):
    account = desk.whatsapp()
    worker = Worker(desk, "whatsapp")
    yield account, worker
    worker.close()


@pytest.fixture
def instagram(desk, sim):
    account = desk.instagram()
    worker = Worker(desk, "instagram")
    yield account, worker
    worker.close()


def answer(desk, text):
    found = [row["id"] for row in desk.rows("agent")]
    agent = found[0] if found else add_agent(desk.store, "anna")
    actor = Actor(ActorKind.AGENT, agent)
    (ticket,) = desk.rows("ticket")
    return Replies(desk.store, actor).reply(ticket["id"], text, undo=False).message_id


def sent(desk):
    return desk.rows("message", direction="outbound")


def test_an_answer_on_whatsapp_is_followed_to_the_end(desk, sim, whatsapp):
    account, worker = whatsapp
    sim.whatsapp.customer_sends(ADA, "Where is order 1042?")
    desk.fetch(account)
    answer(desk, "On its way")
    worker.send()
    desk.fetch(account)
    assert [each.text for each in sim.sent_to(ADA)] == ["On its way"]
    assert sent(desk)[0]["delivery"] == "delivered"
    sim.whatsapp.becomes(sim.sent_to(ADA)[0], "read")
    desk.fetch(account)
    assert sent(desk)[0]["delivery"] == "read"
    sim.whatsapp.becomes(sim.sent_to(ADA)[0], "delivered")
    desk.fetch(account)
    assert sent(desk)[0]["delivery"] == "read"


def test_a_late_refusal_fails_the_message_with_its_number(desk, sim, whatsapp):
    account, worker = whatsapp
    sim.whatsapp.customer_sends(ADA, "hi")
    desk.fetch(account)
    sim.whatsapp.steps = ("sent",)
    sim.whatsapp.outcomes[ADA] = ("failed", 131047)
    answer(desk, "too late")
    worker.send()
    desk.fetch(account)
    (row,) = sent(desk)
    assert (row["delivery"], row["error_code"]) == ("failed", "meta.131047")


def test_an_answer_nobody_saw_the_end_of_is_settled_by_its_status(desk, sim, whatsapp):
    account, worker = whatsapp
    sim.whatsapp.customer_sends(ADA, "hi")
    desk.fetch(account)
    sim.faults.next("whatsapp.send", Fault.CUT_AFTER)
    answer(desk, "did it leave?")

    def is_delivered():
        worker.loop.deliver()
        desk.fetch(account)
        return sent(desk)[0]["delivery"] == "delivered"

    until(is_delivered)
    assert len(sim.sent_to(ADA)) == 1


@pytest.mark.parametrize("fault", [None, Fault.CUT_AFTER, Fault.BROKEN_AFTER])
def test_the_echo_of_our_own_answer_is_no_second_one(desk, sim, instagram, fault):
    account, worker = instagram
    sim.instagram.customer_sends(BO, "do you ship to Norway?", handle="bo")
    desk.fetch(account)
    if fault is not None:
        sim.faults.next("instagram.send", fault)
    answer(desk, "Yes, to Norway too")
    worker.send()
    desk.fetch(account)
    assert [(row["text"], row["delivery"]) for row in sent(desk)] == [
        ("Yes, to Norway too", "sent")
    ]
    assert [each.text for each in sim.sent_to(BO)] == ["Yes, to Norway too"]
    sim.instagram.customer_reads(BO, sim.sent_to(BO)[0].external_id)
    desk.fetch(account)
    assert sent(desk)[0]["delivery"] == "read"


def test_an_answer_by_phone_stands_beside_ours(desk, sim, instagram):
    account, worker = instagram
    sim.instagram.customer_sends(BO, "hello?")
    desk.fetch(account)
    sim.instagram.owner_sends(BO, "from the phone")
    answer(desk, "from the desk")
    worker.send()
    desk.fetch(account)
    assert sorted(row["text"] for row in sent(desk)) == ["from the desk", "from the phone"]
    outside = next(row for row in sent(desk) if row["text"] == "from the phone")
    assert "answered-outside" in outside["flags"]
