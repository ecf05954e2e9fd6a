"""What holds between a ticket and the conversation behind it: pure functions.

Nothing but :func:`settled` says when a chat is being closed and what the responder has to do with
it: both follow from the status and the flags of the ticket, whoever moved these and however.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.triage import TicketState, is_final, without
from helpdesk_tui.domain.webchat.chats import CLOSING, Responder, Talk

_DONE = (Responder.SOLVED, Responder.ELSEWHERE)


def settled(state: TicketState, now: datetime) -> TicketState:
    """Return a ticket with its conversation as its status and flags want it.

    A running chat is being closed as long as its ticket is closed, unless the responder talks in
    it; with the responder is only what is closed for everybody else.
    """
    if state.talk is None or is_final(state):
        return state
    if state.status is not Status.CLOSED:
        flags = without(state.flags, Flag.WITH_RESPONDER, Flag.BY_RESPONDER)
        talk = replace(state.talk, closing_at=None, responder=_silent(state.talk.responder))
        return replace(state, flags=flags, talk=talk)
    if Flag.WITH_RESPONDER in state.flags:
        talk = replace(state.talk, closing_at=None, responder=Responder.ANSWERING)
        return replace(state, talk=talk)
    return replace(state, talk=_closing(state.talk, now, by_it=Flag.BY_RESPONDER in state.flags))


def _closing(talk: Talk, now: datetime, *, by_it: bool) -> Talk:
    responder = talk.responder
    if not by_it:
        responder = _silent(responder)
    elif responder not in _DONE:
        responder = Responder.SOLVED
    return replace(talk, closing_at=talk.closing_at or now + CLOSING, responder=responder)


def _silent(responder: Responder) -> Responder:
    """Return what becomes of the responder once agents have a chat."""
    return Responder.NONE if responder is Responder.NONE else Responder.HANDED_OVER
