"""Where a message of ours goes and what it is made of, by the channel of its ticket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.reads.chats import Line, load_line
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.passing_on import forward_subject
from helpdesk_tui.domain.reply_headers import chain, reply_subject, signed
from helpdesk_tui.services.recipients import (
    Envelope,
    Recipients,
    envelope,
    mailbox_of,
    outside_addresses,
    proposal,
    to_address,
)

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.domain.mail import Fold
    from helpdesk_tui.services.queueing import Wanted


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
        NotAllowed: ``ticket.merged``, ``reply.channel-closed``, ``chat.ended``, ``reply.no-chat``
            or ``reply.no-forward``.
    """
    target = rows.load_target(connection, ticket_id)
    if target is None:
        raise NotFound("ticket.missing", id=ticket_id)
    if target.merged_into is not None:
        raise NotAllowed("ticket.merged", id=ticket_id, into=target.merged_into)
    spec = CHANNELS[target.channel]
    if not spec.can_answer:
        raise NotAllowed("reply.channel-closed", channel=spec.label)
    if spec.is_live:
        line_of(connection, target)
    if is_forward and not spec.has_subject:
        raise NotAllowed("reply.no-forward", channel=spec.label)
    return target


def line_of(connection: sqlite3.Connection, target: Target) -> Line:
    """Return the conversation that runs behind a chat.

    Raises:
        NotAllowed: ``chat.ended``, or ``reply.no-chat`` where there never was one.
    """
    if Flag.CHAT_ENDED in target.flags:
        raise NotAllowed("chat.ended", id=target.id)
    line = load_line(connection, target.id)
    if line is None:
        raise NotAllowed("reply.no-chat", id=target.id)
    return line


def addressed(connection: sqlite3.Connection, target: Target, wanted: Wanted) -> dict[str, Any]:
    """Return the columns of sender, recipients and thread.

    Raises:
        UsageError: a bad address, or none, or copies where the channel has none.
        NotAllowed: an address that may not be written to, or nowhere to write from.
    """
    if CHANNELS[target.channel].is_live:
        return _to_visitor(connection, target, wanted)
    return _by_mail(connection, target, wanted)


def _to_visitor(connection: sqlite3.Connection, target: Target, wanted: Wanted) -> dict[str, Any]:
    """Return where a message of a chat goes: into the one conversation behind its ticket."""
    line = line_of(connection, target)
    _check_only_visitor(target, line, wanted)
    return {
        "channel_account_id": line.account_id,
        "sender": line.site,
        "recipients": json.dumps([line.conversation]),
    }


def _check_only_visitor(target: Target, line: Line, wanted: Wanted) -> None:
    label = CHANNELS[target.channel].label
    if wanted.cc or wanted.bcc:
        raise UsageError("reply.no-copies", channel=label)
    for each in wanted.to:
        if each not in (line.conversation, target.customer_address):
            raise NotAllowed("reply.not-participant", address=each)


def _by_mail(connection: sqlite3.Connection, target: Target, wanted: Wanted) -> dict[str, Any]:
    """Return where a mail goes.

    A forward begins a thread of its own: ids of the customer's mails are nobody else's business.
    """
    mailbox = mailbox_of(connection, target)
    people, answered = addressees(connection, target, wanted)
    thread: tuple[str, ...] = ()
    if answered is not None:
        known = rows.load_chains(connection, target.id)
        thread = chain(answered.external_id, answered.thread_ids, known)
    return {
        "channel_account_id": mailbox.account_id,
        "sender": mailbox.address,
        "recipients": json.dumps(list(people.to)),
        "copies": json.dumps(list(people.cc)),
        "blind_copies": json.dumps(list(people.bcc)),
        "thread_ids": json.dumps(list(thread)),
        "answers_id": None if answered is None else answered.id,
    }


def addressees(
    connection: sqlite3.Connection, target: Target, wanted: Wanted
) -> tuple[Envelope, Answered | None]:
    """Return whom a message goes to, and the message that it answers and quotes.

    Raises:
        UsageError: a bad address, or none.
        NotAllowed: an address that may not be written to, with the reason.
    """
    if CHANNELS[target.channel].is_live:
        line = line_of(connection, target)
        _check_only_visitor(target, line, wanted)
        return Envelope((line.conversation,)), None
    own = load_desk(connection).own
    if wanted.is_forward:
        return envelope(outside_addresses(wanted.to, own), wanted.cc, wanted.bcc, own), None
    first = wanted.to[0].strip().lower() if wanted.to else ""
    answered = rows.load_answered(connection, target.id, target.customer_address, first)
    to = to_address(connection, target, answered, own, first)
    return envelope([to], wanted.cc, wanted.bcc, own), answered


def sender_of(connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
    """Return account, address and name that a message leaves under.

    Raises:
        NotAllowed: nowhere to write from, with the reason.
    """
    if CHANNELS[target.channel].is_live:
        line = line_of(connection, target)
        return line.account_id, line.site, ""
    mailbox = mailbox_of(connection, target)
    return mailbox.account_id, mailbox.address, mailbox.name


def proposed(connection: sqlite3.Connection, target: Target, *, everyone: bool) -> Recipients:
    """Return where a reply would come from and go to; ``everyone`` includes the copies.

    Raises:
        NotAllowed: nowhere to write from, or no address to write to, with the reason.
    """
    if CHANNELS[target.channel].is_live:
        line = line_of(connection, target)
        return Recipients(line.site, "", (line.conversation,), ())
    return proposal(connection, target, load_desk(connection).own, everyone=everyone)


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
