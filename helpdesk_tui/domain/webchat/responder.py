"""A chat that the automatic responder talks in: begun, handed over, done. Pure functions.

Each gives the ticket as it will be, or the code why it does not apply to this one; what follows
for the conversation is said by :func:`helpdesk_tui.domain.webchat.rules.settled`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.reopening import with_flags
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.triage import TicketState, is_final, without
from helpdesk_tui.domain.webchat.chats import Responder

_NOT_THERE = "chat.not-with-responder"


def start(state: TicketState, now: datetime) -> TicketState | str:
    """Let the responder talk first: no agent sees the chat, is called or waited for."""
    refused = _refusal(state)
    if refused or state.talk is None:
        return refused or "reply.no-chat"
    return replace(
        state,
        status=Status.CLOSED,
        closed_at=now,
        unread=False,
        waiting_since=None,
        flags=with_flags(state.flags, (str(Flag.WITH_RESPONDER),)),
        talk=replace(state.talk, responder=Responder.ANSWERING),
    )


def hand_over(state: TicketState, now: datetime) -> TicketState | str:
    """Put the chat before the agents, as one whose visitor begins to wait now."""
    refused = _refusal(state)
    if refused or not is_answering(state):
        return refused or _NOT_THERE
    return replace(
        state,
        status=Status.OPEN,
        closed_at=None,
        unread=True,
        waiting_since=now,
        flags=without(state.flags, Flag.WITH_RESPONDER),
    )


def take_over(state: TicketState, now: datetime) -> TicketState | str:
    """Let an agent talk on: the ticket opens, read by whoever took it."""
    after = hand_over(state, now)
    return after if isinstance(after, str) else replace(after, unread=False)


def solved(state: TicketState, now: datetime) -> TicketState | str:
    """The responder has helped: the chat ends, and stands in a list of its own."""
    return _done(state, now, Responder.SOLVED)


def elsewhere(state: TicketState, now: datetime) -> TicketState | str:
    """Another system goes on with it: the chat ends here, and stands in a list of its own."""
    return _done(state, now, Responder.ELSEWHERE)


def is_answering(state: TicketState) -> bool:
    """Tell whether the responder talks in a chat now."""
    return Flag.WITH_RESPONDER in state.flags


def _done(state: TicketState, now: datetime, how: Responder) -> TicketState | str:
    refused = _refusal(state)
    if refused or not is_answering(state) or state.talk is None:
        return refused or _NOT_THERE
    flags = without(state.flags, Flag.WITH_RESPONDER)
    return replace(
        state,
        status=Status.CLOSED,
        closed_at=now,
        waiting_since=None,
        flags=with_flags(flags, (str(Flag.BY_RESPONDER),)),
        talk=replace(state.talk, responder=how),
    )


def _refusal(state: TicketState) -> str:
    return "ticket.chat-ended" if is_final(state) else ""
