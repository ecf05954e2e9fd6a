"""A customer's SMS is attributed to the campaign it answers, whichever of the two came first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.cli.schemas import attribution_json
from helpdesk_tui.db.messaging.sends import SendRow
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.facts import ticket_facts
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.messaging.sends import Sends
from helpdesk_tui.services.people import People
from helpdesk_tui.services.threads import Threads
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import START, add_agent

OTHER = "+46709998877"


@pytest.fixture
def sends(box: MessagingBox) -> Sends:
    return Sends(box.store, now=box.clock)


def send(name: str = "Winter", **fields: Any) -> SendRow:
    values = {
        "channel": "sms", "address": LENA, "source": "import", "external_id": name,
        "kind": "campaign", "name": name, "text": f"{name} sale!", "sent_at": START,
        "delivered_at": START,
    }  # fmt: skip
    return SendRow(**{**values, **fields})


@pytest.mark.parametrize("is_sent_first", [True, False])
def test_send_and_answer_find_each_other(
    box: MessagingBox, sends: Sends, is_sent_first: bool
) -> None:
    if is_sent_first:
        sends.store([send()])
    ticket = box.told(box.sms, "is it still on?")
    if not is_sent_first:
        sends.store([send()])
    box.told(box.sms, "hello?")
    thread = Threads(box.store, Actor(ActorKind.SYSTEM)).load(ticket)
    assert [each.attributed_to for each in thread.messages] == ["Winter", ""]
    info = thread.ticket.messaging
    assert info is not None
    assert info.attribution is not None
    assert (info.attribution.name, info.attribution.kind) == ("Winter", "campaign")
    assert info.attribution.text == "Winter sale!"
    assert box.events(ticket, ["message.attributed"]) == ["message.attributed"]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_answer_finds_a_send_that_is_known_on_each_channel_of_campaigns(
    box: MessagingBox, sends: Sends, channel: str
) -> None:
    sends.store([send(channel=channel)])
    ticket = box.told(box.sms if channel == "sms" else box.whatsapp, "is it still on?")
    thread = Threads(box.store, Actor(ActorKind.SYSTEM)).load(ticket)
    assert [each.attributed_to for each in thread.messages] == ["Winter"]


@pytest.mark.parametrize(("query", "is_found"), [("winter", True), ("sum", False)])
def test_tickets_are_found_by_the_campaign_they_answer(
    box: MessagingBox, sends: Sends, query: str, is_found: bool
) -> None:
    sends.store([send(), send("Summer", delivered_at=START - timedelta(days=9))])
    ticket = box.told(box.sms)
    box.told(box.sms, address=OTHER)
    inbox = Inbox(box.store, Actor(ActorKind.SYSTEM), now=box.clock)
    found = inbox.page(ViewFilter(View.ALL, query=f"campaign:{query}")).rows
    assert [row.id for row in found] == ([ticket] if is_found else [])
    offered = inbox.searches.complete("campaign:w", 10).proposals
    assert [each.text for each in offered] == ["Winter"]


def test_the_ticket_of_a_script_says_what_it_answers(box: MessagingBox, sends: Sends) -> None:
    sends.store([send()])
    ticket = box.told(box.sms)
    facts = ticket_facts(box.store, [ticket])[ticket]
    found = attribution_json(facts.attribution)
    assert found == {
        "id": "1", "kind": "campaign", "name": "Winter", "sent_at": "2026-11-21T10:00:00Z",
        "message": str(box.row("message")["id"]),
    }  # fmt: skip
    assert attribution_json(None) is None


def test_a_send_that_turns_out_not_to_have_arrived_is_answered_by_nothing(
    box: MessagingBox, sends: Sends
) -> None:
    sends.store([send()])
    ticket = box.told(box.sms)
    sends.store([send(delivered_at=None)])
    assert box.row("ticket", id=ticket)["campaign_send_id"] is None
    assert box.row("campaign_send")["message_id"] is None
    assert box.row("message")["campaign_send_id"] is None


def test_a_later_send_takes_the_answer_over(box: MessagingBox, sends: Sends) -> None:
    sends.store([send()])
    box.clock.advance(hours=2)
    ticket = box.told(box.sms)
    sends.store([send("Flow", kind="flow", delivered_at=START + timedelta(hours=1))])
    (flow,) = box.rows("campaign_send", name="Flow")
    assert box.row("ticket", id=ticket)["campaign_send_id"] == flow["id"]
    assert box.row("campaign_send", name="Winter")["message_id"] is None


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_only_a_text_message_answers_one(box: MessagingBox, sends: Sends, channel: str) -> None:
    sends.store([send()])
    box.told(getattr(box, channel))
    assert box.row("campaign_send")["message_id"] is None


def test_a_keyword_answers_nothing(box: MessagingBox, sends: Sends) -> None:
    sends.store([send()])
    box.hear(box.sms, box.said("STOP"))
    ticket = box.told(box.sms, "why do I get this?")
    assert box.row("campaign_send")["message_id"] == box.row("message")["id"]
    assert box.row("ticket", id=ticket)["campaign_send_id"] is not None


def test_somebody_elses_send_is_not_answered_by_me(box: MessagingBox, sends: Sends) -> None:
    sends.store([send(address=OTHER)])
    box.told(box.sms)
    assert box.row("campaign_send")["message_id"] is None


def test_a_person_answers_from_either_of_their_numbers(box: MessagingBox, sends: Sends) -> None:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    first, second = box.told(box.sms), box.told(box.sms, address=OTHER)
    profiles = [box.row("ticket", id=each)["profile_id"] for each in (first, second)]
    People(box.store, anna, now=box.clock).link(profiles[1], profiles[0])
    box.clock.advance(hours=1)
    sends.store([send(delivered_at=box.clock.now)])
    box.told(box.sms, "yes please", address=OTHER)
    assert box.row("campaign_send")["message_id"] == box.rows("message")[-1]["id"]


def test_the_window_is_a_setting(box: MessagingBox, sends: Sends) -> None:
    box.set("attribution-window", "1h")
    sends.store([send()])
    box.clock.advance(hours=2)
    box.told(box.sms)
    assert box.row("campaign_send")["message_id"] is None


def test_the_same_file_twice_changes_nothing(box: MessagingBox, sends: Sends) -> None:
    both = [send(), send("Spring")]
    assert sends.store(both) == 2
    box.told(box.sms)
    assert sends.store(both) == 0
    assert [each.name for each in sends.page()] == ["Spring", "Winter"]
    assert [each.name for each in sends.page(answered=True)] == ["Spring"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "letter"}, "sends.kind"),
        ({"external_id": ""}, "sends.no-id"),
        ({"name": ""}, "sends.no-name"),
        ({"channel": "email"}, "consent.channel"),
    ],
)
def test_a_send_that_says_nothing_is_refused(
    sends: Sends, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(UsageError, match=code.replace(".", r"\.")):
        sends.store([send(), send(**{"name": "Other", "external_id": "other", **fields})])
    assert sends.page() == []
