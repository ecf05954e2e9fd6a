"""What made no ticket stands on the intake list, and becomes one when an agent wants it to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.services.intake import Intake
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import add_agent


@pytest.fixture
def intake(box: MessagingBox) -> Intake:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    return Intake(box.store, anna, now=box.clock)


def test_a_keyword_becomes_a_ticket_once(box: MessagingBox, intake: Intake) -> None:
    news = box.said("HELP", name="Lena")
    box.hear(box.whatsapp, news)
    (row,) = intake.page().rows
    assert (row.text, row.is_message) == ("HELP", True)
    assert intake.load(row.id)[1] == b""
    ticket = intake.adopt_message(row.id)
    assert intake.adopt_message(row.id) == ticket
    assert box.row("message")["text"] == "HELP"
    assert box.row("ticket")["customer_address"] == LENA
    assert intake.count() == 0
    box.hear(box.whatsapp, news)
    assert len(box.rows("message")) == 1
    assert box.told(box.whatsapp, "and more") == ticket
    assert "intake.ticket" in box.events(ticket)


def test_what_our_side_wrote_first_becomes_a_ticket_in_which_we_said_it(
    box: MessagingBox, intake: Intake
) -> None:
    box.hear(box.instagram, box.answered("hi Lena"))
    ticket = intake.adopt_message(intake.page().rows[0].id)
    (message,) = box.rows("message")
    assert (message["direction"], message["flags"]) == ("outbound", "answered-outside")
    assert box.row("ticket")["unread"] == 0
    assert box.told(box.instagram) == ticket


def test_what_cannot_be_read_is_kept_as_it_came(box: MessagingBox, intake: Intake) -> None:
    poison = replace(box.said("oh"), address="+4670\ud800")
    box.hear(box.sms, poison, raw={poison.external_id: b"{}"})
    (row,) = intake.page().rows
    assert (row.reason, row.text) == ("unreadable", "oh")
    assert intake.load(row.id)[1] == b"{}"
    assert intake.adopt_message(row.id) == box.row("ticket")["id"]


def test_what_is_not_there_becomes_nothing(intake: Intake) -> None:
    with pytest.raises(NotFound, match=r"intake\.missing"):
        intake.adopt_message(7)
