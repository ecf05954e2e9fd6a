"""From a customer's text message to answers on their phone, over a provider that goes wrong."""

from __future__ import annotations

import time

from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.providers.faults import Fault
from tests.support.providers.running import running_providers
from tests.support.store import make_desk
from tests.support.twilio_desk import TwilioDesk

PEOPLE = [f"+1555777000{n}" for n in range(1, 5)]


def test_every_answer_arrives_once_though_a_third_of_the_requests_go_wrong(tmp_path):
    with running_providers() as sim:
        made = make_desk(tmp_path)
        desk = TwilioDesk(made.store, sim.twilio)
        account = desk.number()
        for person in PEOPLE:
            sim.twilio.customer_sends(person, "where is my parcel?")
        receiver = desk.receiver(account)
        receiver.fetch()
        tickets = [row["id"] for row in desk.rows("ticket", channel="sms")]
        assert len(tickets) == len(PEOPLE)
        texts = []
        for ticket in tickets:
            made.consent.record_for(ticket, ConsentState.GIVEN, "by telephone")
            for n in range(4):
                texts.append(f"answer {n} in ticket {ticket}")
                made.replies.reply(ticket, texts[-1], undo=False)
        sim.faults.at_rate("twilio.send", 0.34, Fault.BUSY, Fault.CUT_AFTER, Fault.BROKEN_AFTER)
        loop = DeliveryLoop(made.store, "worker", desk.password, adapter=adapter_of(SMS.name))
        deadline = time.monotonic() + 100
        while any(row["delivery"] in ("queued", "sending") for row in desk.rows("message")):
            assert time.monotonic() < deadline
            loop.step()
            time.sleep(0.1)
        loop.finish()
        receiver.drop()
        everything = [(each.to, each.text) for each in sim.sent]
        by_itself = [each for each in everything if "not consented" in each[1]]
        assert sorted(to for to, _ in by_itself) == PEOPLE
        arrived = [each for each in everything if each not in by_itself]
        assert sorted(body for _, body in arrived) == sorted(texts)
        for person in PEOPLE:
            of_person = [body for to, body in arrived if to == person]
            assert of_person == sorted(of_person)
        assert {row["delivery"] for row in desk.rows("message", direction="outbound")} == {"sent"}
        assert sim.faults.counts
        made.close()
