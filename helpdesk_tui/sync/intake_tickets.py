"""Rejected mail becomes a ticket: it is read again in the parser process, then written at once."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime

from helpdesk_tui.db.blobs import Packed
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.inbound import customer_of
from helpdesk_tui.domain.intake import BY_HAND, Adoption, customers_mail
from helpdesk_tui.domain.mail import Address, Forwarded, MailClass, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.received import Received, searched
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.mail.addresses import date_of
from helpdesk_tui.mail.folding import find_folds
from helpdesk_tui.mail.forward import ATTACHED_MAIL
from helpdesk_tui.mail.parse import content_hash
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.intake import Intake
from helpdesk_tui.sync.parsed import Parsed
from helpdesk_tui.sync.parser import ParserProcess


def make_ticket(
    store: Store,
    actor: Actor,
    parser: ParserProcess,
    intake_id: int,
    customer: Address | None,
    *,
    now: Clock = utc_now,
) -> int:
    """Make a ticket of an intake row and return it; the one made before, if there is one.

    Args:
        store: The store.
        actor: Who wants it.
        parser: Reads the mail.
        intake_id: The row.
        customer: Whose ticket it is; None for the one found in the mail.
        now: The clock.

    Raises:
        NotFound: ``intake.missing`` or ``blob.missing``.
        UsageError: ``intake.customer-missing``, ``customer.own-address`` or ``address.invalid``.
    """
    intake = Intake(store, actor, now=now)
    row, raw = intake.load(intake_id)
    if row.ticket_id is not None:
        return row.ticket_id
    if row.is_message:
        return intake.adopt_message(intake_id)
    with store.read() as connection:
        own = load_desk(connection).own
    outer = parser.parse([raw])[0]
    found = outer.mail.forwarded if row.reason == BY_HAND else None
    found = found and customers_mail(found, own)
    wanted = _customer(intake_id, customer, outer.mail, found, own)
    if found is None:
        adoption = _whole(outer, wanted, row.received_at, by_hand=row.reason == BY_HAND)
    elif found.is_attached:
        adoption = _attached(parser, outer, found, wanted, row.received_at)
    else:
        adoption = _passed_on(outer, found, wanted, row.received_at)
    return intake.adopt(intake_id, adoption)


def _customer(
    intake_id: int,
    wanted: Address | None,
    mail: ParsedMail,
    found: Forwarded | None,
    own: OwnAddresses,
) -> Address:
    """Return whose ticket it becomes."""
    if wanted is not None:
        address = check_address(wanted.addr).lower()
        if address in own:
            raise UsageError("customer.own-address", address=address)
        known = [person for person in (found.sender if found else None, mail.sender) if person]
        name = next((person.name for person in known if person.addr == address), "")
        return Address(wanted.name or name, address)
    person = found.sender if found is not None else customer_of(mail, own)[0]
    if not person.addr or person.addr in own:
        raise UsageError("intake.customer-missing", id=intake_id)
    return person


def _whole(outer: Parsed, customer: Address, at: datetime, *, by_hand: bool) -> Adoption:
    """Return a mail as it came, as the customer's own."""
    mail = replace(outer.mail, sender=customer)
    return Adoption(_received(mail, outer, outer.blobs, at), outer.mail, is_passed_on=by_hand)


def _passed_on(outer: Parsed, found: Forwarded, customer: Address, at: datetime) -> Adoption:
    """Return the mail that stands in a colleague's text, with all files of the colleague's mail."""
    source = outer.mail
    date = date_of(found.date.encode("utf-8", "replace"))
    hashes = tuple(file.sha256 for file in source.attachments)
    mail = replace(
        source,
        message_id="",
        sender=customer,
        reply_to=(),
        to=found.to,
        cc=found.cc,
        original_senders=(),
        date=date,
        subject=found.subject,
        text=found.body,
        folds=find_folds(found.body),
        mail_class=MailClass.HUMAN,
        bounce=None,
        forwarded=None,
        is_forward=False,
        content_hash=content_hash(customer.addr, date, found.subject, found.body, hashes),
    )
    received = _received(mail, outer, outer.blobs, at)
    return Adoption(received, source, found.message, is_passed_on=True)


def _attached(
    parser: ParserProcess, outer: Parsed, found: Forwarded, customer: Address, at: datetime
) -> Adoption:
    """Return the mail that is attached to a colleague's, whose other files go to the note."""
    files = list(enumerate(outer.mail.attachments))
    place = next(number for number, file in files if file.content_type == ATTACHED_MAIL)
    inner = parser.parse([_unpacked(outer.blobs[place])])[0]
    mail = replace(inner.mail, sender=customer, forwarded=None, is_forward=False)
    kept = [file for number, file in files if number != place and not file.inline]
    received = _received(mail, inner, (*inner.blobs, *outer.blobs), at)
    return Adoption(
        received,
        outer.mail,
        found.message,
        tuple((file.filename, file.content_type, file.size, file.sha256) for file in kept),
        is_passed_on=True,
    )


def _received(
    mail: ParsedMail, source: Parsed, blobs: tuple[Packed, ...], at: datetime
) -> Received:
    return Received(mail, source.raw_sha256, source.raw_size, (source.raw, *blobs), 0, at,
                    searched(mail))  # fmt: skip


def _unpacked(blob: Packed) -> bytes:
    return zlib.decompress(blob[3]) if blob[2] == "zlib" else blob[3]
