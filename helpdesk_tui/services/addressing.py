"""Where a message of ours goes and what it is made of, by the channel of its ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import replies as rows
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.passing_on import forward_subject
from helpdesk_tui.domain.reply_headers import reply_subject, signed
from helpdesk_tui.services.recipients import Envelope, Recipients
from helpdesk_tui.services.ways.way import way_of

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.domain.mail import Fold
    from helpdesk_tui.services.ways.wanted import Wanted


def answerable(
    connection: sqlite3.Connection, ticket_id: int, *, is_forward: bool = False
) -> Target:
    """Return a ticket that messages may be written in.

    Args:
        connection: Inside a transaction.
        ticket_id: The ticket.
        is_forward: They go to somebody outside of it.

    Raises:
        NotFound: ``ticket.missing``.
        NotAllowed: ``ticket.merged``, ``reply.channel-closed``, ``chat.ended``, ``reply.no-chat``,
            ``reply.no-account`` or ``reply.no-forward``.
    """
    target = rows.load_target(connection, ticket_id)
    if target is None:
        raise NotFound("ticket.missing", id=ticket_id)
    if target.merged_into is not None:
        raise NotAllowed("ticket.merged", id=ticket_id, into=target.merged_into)
    spec = CHANNELS[target.channel]
    if not spec.can_answer:
        raise NotAllowed("reply.channel-closed", channel=spec.label)
    way_of(target.channel).check(connection, target)
    if is_forward and not spec.has_subject:
        raise NotAllowed("reply.no-forward", channel=spec.label)
    return target


def addressed(connection: sqlite3.Connection, target: Target, wanted: Wanted) -> dict[str, Any]:
    """Return the columns of sender, recipients and thread.

    Raises:
        UsageError: a bad address, or none, or copies where the channel has none.
        NotAllowed: an address that may not be written to, or nowhere to write from.
    """
    return way_of(target.channel).columns(connection, target, wanted)


def addressees(
    connection: sqlite3.Connection, target: Target, wanted: Wanted
) -> tuple[Envelope, Answered | None]:
    """Return whom a message goes to, and the message that it answers and quotes.

    Raises:
        UsageError: a bad address, or none.
        NotAllowed: an address that may not be written to, with the reason.
    """
    return way_of(target.channel).addressees(connection, target, wanted)


def sender_of(connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
    """Return account, address and name that a message leaves under.

    Raises:
        NotAllowed: nowhere to write from, with the reason.
    """
    return way_of(target.channel).sender(connection, target)


def proposed(connection: sqlite3.Connection, target: Target, *, everyone: bool) -> Recipients:
    """Return where a reply would come from and go to; ``everyone`` includes the copies.

    Raises:
        NotAllowed: nowhere to write from, or no address to write to, with the reason.
    """
    return way_of(target.channel).proposed(connection, target, everyone=everyone)


def subject_of(target: Target, *, is_forward: bool = False) -> str:
    """Return the subject that a message leaves under; empty on channels without subjects."""
    if not CHANNELS[target.channel].has_subject:
        return ""
    return forward_subject(target.subject) if is_forward else reply_subject(target.subject)


def signed_text(
    connection: sqlite3.Connection, target: Target, agent_id: int, text: str
) -> tuple[str, tuple[Fold, ...]]:
    """Return a text with what stands below it: the agent's signature, then the address's.

    Nobody signs line by line where there is no subject either.
    """
    if not CHANNELS[target.channel].has_subject:
        return signed(text, "")
    author = rows.load_author(connection, agent_id)
    mailbox = rows.load_mailbox(connection, target)
    below = (author.signature, mailbox.signature if mailbox else "")
    return signed(text, "\n".join(filter(None, below)))
