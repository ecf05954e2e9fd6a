"""Mail that answers a chat: it goes on in an email ticket of its own, linked to the chat.

A chat is final, and its visitor no longer sits in front of it: nothing that a person mails is
written into it. Who may join which ticket is decided by the same rules as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.mail import Evidence
from helpdesk_tui.domain.matching import Lookup, Match


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a mail goes that was matched."""

    match: Match | None
    """The ticket it joins; None for a new one."""
    follows_id: int | None = None
    """The chat that a new ticket goes on with."""
    evidence: tuple[Evidence, ...] = ()


def onward(match: Match | None, address: str, lookup: Lookup, *, automatic: bool) -> Onward:
    """Return where a mail goes: as matched, unless that is a chat.

    Args:
        match: The ticket that the mail belongs to.
        address: Its sender's.
        lookup: What the store knows.
        automatic: No person wrote it: it stays with the chat, which it does not move.
    """
    ticket = lookup.ticket(match.ticket_id) if match is not None else None
    if match is None or ticket is None or not CHANNELS[ticket.channel].is_live:
        return Onward(match)
    chat = match.ticket_id
    later = _later(chat, address, lookup, is_stranger=match.is_stranger)
    if later is not None:
        said = Evidence("match.follow-up", f"#{chat} goes on in #{later}")
        is_known = lookup.takes_part(later, address)
        joined = replace(match, ticket_id=later, is_stranger=not is_known, is_beside=False)
        return Onward(joined, evidence=(said,))
    if automatic:
        return Onward(match)
    return Onward(None, chat, (Evidence("follows-chat", f"#{chat}"),))


def _later(chat: int, address: str, lookup: Lookup, *, is_stranger: bool) -> int | None:
    """Return the email ticket that a sender's mail about a chat goes to, if there is one.

    The customer of the chat never lands in a ticket that a stranger began, nor is a stranger's
    mail the beginning of theirs.
    """
    tickets = [now for each in lookup.following(chat) if (now := lookup.standing(each)) is not None]
    for ticket in tickets:
        if lookup.takes_part(ticket, address):
            return ticket
    if not is_stranger:
        return None
    return next((each for each in tickets if _is_of_customer(each, chat, lookup)), None)


def _is_of_customer(ticket: int, chat: int, lookup: Lookup) -> bool:
    found, begun = lookup.ticket(ticket), lookup.ticket(chat)
    return found is not None and begun is not None and found.profile_id == begun.profile_id
