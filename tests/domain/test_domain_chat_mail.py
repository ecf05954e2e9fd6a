"""Mail that answers a chat: where it goes, for whom, and what it does to the chat."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.chat_mail import onward
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.matching import Match, Nothing, Step
from helpdesk_tui.domain.reopening import Arrival, after_arrival, after_bounce
from helpdesk_tui.domain.tickets import Status
from tests.support.lookup import LENA, STRANGER, Memory, make_ticket

CHAT = 7


def known(*, follows: tuple[int, ...] = (), people: dict[int, set[str]] | None = None) -> Memory:
    """Return a store in which ticket 7 is a chat of Lena's."""
    memory = Memory()
    memory.tickets = {CHAT: make_ticket(channel="webchat"), 9: make_ticket(id=9)}
    memory.follows = {CHAT: list(follows)}
    memory.people = people or {CHAT: {LENA}, 9: {LENA}}
    return memory


def match(*, is_stranger: bool = False) -> Match:
    return Match(CHAT, Step.KEYED_ID, "hd.7.1@shop.example", is_stranger)


def test_an_email_ticket_is_joined_as_ever() -> None:
    memory = Memory()
    assert onward(match(), LENA, memory, automatic=False).match == match()
    assert onward(None, LENA, memory, automatic=False).match is None
    assert onward(match(), LENA, Nothing(), automatic=False).match == match()


def test_the_first_answer_begins_a_ticket_and_the_next_one_joins_it() -> None:
    first = onward(match(), LENA, known(), automatic=False)
    assert (first.match, first.follows_id) == (None, CHAT)
    later = onward(match(), LENA, known(follows=(9,)), automatic=False)
    assert later.match is not None
    assert (later.match.ticket_id, later.match.is_stranger, later.follows_id) == (9, False, None)


def test_the_customer_does_not_join_what_a_stranger_began() -> None:
    memory = known(follows=(9,), people={CHAT: {LENA}, 9: {STRANGER}})
    memory.tickets[9] = make_ticket(id=9, profile_id=2)
    assert onward(match(), LENA, memory, automatic=False).follows_id == CHAT
    other = onward(match(is_stranger=True), "third@x.example", memory, automatic=False)
    assert other.follows_id == CHAT


def test_a_stranger_with_a_proof_joins_the_customers_ticket_as_one() -> None:
    found = onward(match(is_stranger=True), STRANGER, known(follows=(9,)), automatic=False)
    assert found.match is not None
    assert (found.match.ticket_id, found.match.is_stranger) == (9, True)


def test_a_machine_stays_with_the_chat_unless_a_ticket_is_there() -> None:
    assert onward(match(), LENA, known(), automatic=True).match == match()
    joined = onward(match(), LENA, known(follows=(9,)), automatic=True).match
    assert joined is not None
    assert joined.ticket_id == 9


def test_a_ticket_that_is_gone_is_passed_over() -> None:
    assert onward(match(), LENA, known(follows=(404,)), automatic=False).follows_id == CHAT


@pytest.mark.parametrize("is_final", [True, False])
def test_nothing_that_is_mailed_reopens_an_ended_chat(is_final: bool) -> None:
    ended = make_ticket(channel="webchat", status=Status.CLOSED, flags=(Flag.CHAT_ENDED,))
    arrival = Arrival(at=5, preview="hello", has_media=False)
    assert after_arrival(ended, arrival).status is Status.CLOSED
    assert after_bounce(ended, arrival, is_final=is_final).status is Status.CLOSED
