from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain import triage
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.triage import Snooze, TicketState
from helpdesk_tui.domain.webchat import responder, rules
from helpdesk_tui.domain.webchat.chats import CLOSING, Responder, Talk

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OPEN = TicketState(
    id=1, channel="webchat", status=Status.OPEN, spam=False, unread=True, assignee_id=None,
    waiting_since=NOW - timedelta(minutes=1), closed_at=None, snoozed_until=None, snooze_zone="",
    snooze_keep=False, tags=(), merged_into=None, version=3, talk=Talk(),
)  # fmt: skip
Verb = Callable[[TicketState], TicketState | str]


def done(state: TicketState, *verbs: Verb, at: datetime = NOW) -> TicketState:
    """Do verbs to a ticket as every change of one goes."""
    for verb in verbs:
        after = verb(state)
        assert isinstance(after, TicketState), after
        state = rules.settled(after, at)
    return state


def close(state: TicketState) -> TicketState | str:
    return triage.close(state, NOW)


def start(state: TicketState) -> TicketState | str:
    return responder.start(state, NOW)


def hand_over(state: TicketState) -> TicketState | str:
    return responder.hand_over(state, NOW)


def take_over(state: TicketState) -> TicketState | str:
    return responder.take_over(state, NOW)


def solved(state: TicketState) -> TicketState | str:
    return responder.solved(state, NOW)


def elsewhere(state: TicketState) -> TicketState | str:
    return responder.elsewhere(state, NOW)


def snooze(state: TicketState) -> TicketState | str:
    return triage.snooze(state, Snooze(NOW + timedelta(hours=1)))


def test_closing_a_chat_leaves_time_to_take_it_back():
    closing = done(OPEN, close)
    assert closing.talk == Talk(NOW + CLOSING)
    later = rules.settled(closing, NOW + timedelta(seconds=5))
    assert later == closing
    for back in (triage.reopen, snooze):
        assert done(closing, back).talk == Talk()


def test_other_tickets_have_nothing_to_settle():
    mail = replace(OPEN, channel="email", talk=None)
    assert rules.settled(mail, NOW) is mail


def test_while_the_responder_talks_nobody_is_called_and_nothing_ends():
    state = done(OPEN, start)
    assert (state.status, state.unread, state.waiting_since) == (Status.CLOSED, False, None)
    assert state.flags == ("with-responder",)
    assert state.talk == Talk(None, Responder.ANSWERING)
    assert responder.is_answering(state)


@pytest.mark.parametrize(("verb", "unread"), [(hand_over, True), (take_over, False)])
def test_agents_get_a_chat_whose_visitor_begins_to_wait(verb, unread):
    state = done(OPEN, start, verb)
    assert (state.status, state.unread, state.waiting_since) == (Status.OPEN, unread, NOW)
    assert (state.flags, state.closed_at) == ((), None)
    assert state.talk == Talk(None, Responder.HANDED_OVER)
    assert done(state, close).talk == Talk(NOW + CLOSING, Responder.HANDED_OVER)


@pytest.mark.parametrize(
    ("verb", "how"), [(solved, Responder.SOLVED), (elsewhere, Responder.ELSEWHERE)]
)
def test_what_the_responder_has_done_ends_and_stands_in_its_list(verb, how):
    state = done(OPEN, start, verb)
    assert (state.status, state.flags) == (Status.CLOSED, ("by-responder",))
    assert state.talk == Talk(NOW + CLOSING, how)
    back = done(state, triage.reopen)
    assert (back.flags, back.talk) == ((), Talk(None, Responder.HANDED_OVER))


@pytest.mark.parametrize("verb", [triage.reopen, snooze, close])
def test_an_agent_who_moves_the_ticket_has_the_chat(verb):
    state = done(OPEN, start, verb)
    assert state.talk is not None
    assert (state.flags, state.talk.responder) == ((), Responder.HANDED_OVER)
    assert (state.talk.closing_at is None) == (verb is not close)


def test_what_an_agent_took_can_be_given_back():
    talking = done(OPEN, start)
    taken = done(talking, triage.reopen)
    back, kept = triage.restored(taken, *triage.differences(talking, taken))
    assert (rules.settled(back, NOW), kept) == (talking, ())


def test_what_the_responder_had_done_is_its_own_again_after_undo():
    finished = done(OPEN, start, solved)
    opened = done(finished, triage.reopen)
    back, _ = triage.restored(opened, *triage.differences(finished, opened))
    assert rules.settled(back, NOW) == finished


@pytest.mark.parametrize(
    ("verb", "state", "code"),
    [
        (hand_over, OPEN, "chat.not-with-responder"),
        (take_over, OPEN, "chat.not-with-responder"),
        (solved, OPEN, "chat.not-with-responder"),
        (elsewhere, OPEN, "chat.not-with-responder"),
        (start, replace(OPEN, talk=None), "reply.no-chat"),
        (start, replace(OPEN, flags=("chat-ended",)), "ticket.chat-ended"),
        (hand_over, replace(OPEN, flags=("chat-ended",)), "ticket.chat-ended"),
        (solved, replace(OPEN, flags=("chat-ended",)), "ticket.chat-ended"),
    ],
)
def test_the_responder_has_nothing_to_do_elsewhere(verb, state, code):
    assert verb(state) == code


def test_nothing_of_an_ended_chat_is_settled_anew():
    over = replace(done(OPEN, close), flags=("chat-ended",))
    assert rules.settled(over, NOW + CLOSING) is over
