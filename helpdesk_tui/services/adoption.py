"""A rejected mail becomes a ticket: the customer's message first, a colleague's lines as a note."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity, replies
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.ingest import Batch
from helpdesk_tui.db.intake import find_agent, load_standing, set_ticket
from helpdesk_tui.db.known import Known
from helpdesk_tui.db.numbering import live_ids
from helpdesk_tui.db.own import account_address, load_desk
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.inbound import recipient_of
from helpdesk_tui.domain.intake import Adoption
from helpdesk_tui.domain.mail import Evidence, MailClass, ParsedMail
from helpdesk_tui.domain.matching import StoredMail
from helpdesk_tui.domain.message_ids import verify_id
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.received import Source
from helpdesk_tui.domain.senders import UNCLEAR_FROM, Proof, is_spoofed, proof_of
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.verdicts import Desk, Place, Verdict, VerdictKind

if TYPE_CHECKING:
    import sqlite3


def write_ticket(
    connection: sqlite3.Connection,
    paths: StorePaths,
    actor: Actor,
    now: datetime,
    intake_id: int,
    adoption: Adoption,
) -> int:
    """Write a ticket of an intake row inside the caller's transaction; return it.

    Where the row already has one nothing is written.

    Raises:
        NotFound: ``intake.missing``.
    """
    standing = load_standing(connection, intake_id)
    if standing is None:
        raise NotFound("intake.missing", id=intake_id)
    account, made = standing
    if made is not None:
        return made
    address = account_address(connection, account)
    desk = load_desk(connection)
    desk = replace(desk, own=desk.own.with_address(address), account_id=account)
    mail = _without_own_ids(adoption.received.parsed, desk.secret)
    known = Known(connection)
    known.load([mail], desk)
    batch = Batch(connection, known, live_ids(connection), Source(account, address), desk.own,
                  now=to_us(now))  # fmt: skip
    ticket_id = batch.add(
        replace(adoption.received, parsed=mail),
        _verdict(adoption, mail, desk, known),
        recipient_of(adoption.outer, desk.own, address),
    )
    assert ticket_id is not None  # noqa: S101 - a new place always gives a ticket
    batch.write(paths)
    set_ticket(connection, intake_id, ticket_id, to_us(now))
    activity.record(connection, actor, now, [
        Entry("intake.ticket", ticket_id, None, {}, {"intake": intake_id}),
    ])  # fmt: skip
    if adoption.note.strip() or adoption.note_files:
        _write_note(connection, actor, now, ticket_id, adoption)
    return ticket_id


def _without_own_ids(mail: ParsedMail, secret: str) -> ParsedMail:
    """Drop our own keyed ids from what a mail refers to.

    They belong to another ticket: kept, they would lead answers to this one into that one.
    """
    if not secret:
        return mail
    references, answered = (
        tuple(each for each in ids if verify_id(secret, each) is None)
        for ids in (mail.references, mail.in_reply_to)
    )
    return replace(mail, references=references, in_reply_to=answered, markers=())


def _verdict(adoption: Adoption, mail: ParsedMail, desk: Desk, known: Known) -> Verdict:
    found = {
        Flag.AUTH_FAILED: _is_forged(adoption.outer, mail, desk),
        Flag.FROM_OWN_ADDRESS: mail.sender.addr in desk.own,
        Flag.PASSED_ON: adoption.is_passed_on,
        Flag.SPOOFED_NAME: is_spoofed(mail.sender, desk.own, desk.names),
        Flag.SAME_ID: any(each.message_id is not None for each in _namesakes(mail, known)),
    }
    flags = tuple(code for code, holds in found.items() if holds)
    is_ours = found[Flag.FROM_OWN_ADDRESS]
    shown = tuple(code for code in (Flag.AUTH_FAILED, Flag.SPOOFED_NAME) if found[code])
    return Verdict(
        VerdictKind.TICKET,
        Place.NEW,
        (Evidence("intake"),),
        mail.sender,
        found_in="forwarded" if adoption.is_passed_on else "from",
        flags=flags,
        ticket_flags=(*shown, *((Flag.OWN_CUSTOMER,) if is_ours else ())),
        automatic=mail.mail_class is not MailClass.HUMAN,
        is_ours=is_ours,
    )


def _is_forged(outer: ParsedMail, mail: ParsedMail, desk: Desk) -> bool:
    """Tell whether the mail that came in, or the one inside, may be of somebody else."""
    return UNCLEAR_FROM in mail.defects or proof_of(outer, desk.trusted) is Proof.FAILED


def _namesakes(mail: ParsedMail, known: Known) -> Sequence[StoredMail]:
    return known.mails(mail.message_id) if mail.message_id else ()


def _write_note(
    connection: sqlite3.Connection, actor: Actor, now: datetime, ticket_id: int, adoption: Adoption
) -> None:
    """Keep what the colleague wrote and attached, under their own name."""
    colleague = adoption.outer.sender
    values = {
        "ticket_id": ticket_id,
        "original_ticket_id": ticket_id,
        "channel": "email",
        "direction": Direction.NOTE.value,
        "delivery": Delivery.RECEIVED.value,
        "author_kind": AuthorKind.AGENT.value,
        "agent_id": find_agent(connection, colleague.addr),
        "author_name": colleague.name or colleague.addr,
        "text": adoption.note,
        "links": json.dumps(adoption.outer.links) if adoption.outer.links else "[]",
        "sent_at": adoption.outer.date or now,
        "received_at": now,
    }
    message_id = replies.insert_message(connection, values, adoption.note_files)
    replies.finish_message(connection, message_id)
    entry = Entry("note.added", ticket_id, message_id)
    activity.record(connection, actor, now, [entry])
