"""Write a batch of received mails: rows are gathered, then inserted table by table.

All of it runs inside one write transaction of the caller, so ids can be handed out here.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

from helpdesk_tui.db import ingest_sql as sql
from helpdesk_tui.db.addresses import note_change
from helpdesk_tui.db.auto_answers import Answering
from helpdesk_tui.db.blobs import put_blobs
from helpdesk_tui.db.known import Known
from helpdesk_tui.db.notices import packed_notices
from helpdesk_tui.db.numbering import MessageIds, last_id
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.actor import ActorKind
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words, packed_folds
from helpdesk_tui.domain.inbound import Place, Verdict, VerdictKind
from helpdesk_tui.domain.intake import customers_mail
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.matching import StoredMail, nameless_key, referenced_ids
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.offer_codes import OfferKind, offer_of
from helpdesk_tui.domain.offers import Recent
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.received import Packed, Received, Source, searched
from helpdesk_tui.domain.reopening import (
    Arrival,
    ReceivingTicket,
    after_arrival,
    after_bounce,
    with_flags,
)
from helpdesk_tui.domain.reports import failures_of
from helpdesk_tui.domain.text import clean, fold, shorten
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.verification import Outcome

_COMPARED = 4_000
"""Characters of a new ticket's text that later mails are compared with."""
_MAX_PEOPLE = 50
"""To and Cc addresses of one mail that become participants."""


class Batch:
    """Gathers the rows of some mails and writes them at once."""

    def __init__(
        self, connection: sqlite3.Connection, known: Known, ids: MessageIds, source: Source,
        own: OwnAddresses, *, now: int,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._own = own
        self._known = known
        self._ids = ids
        self._source = source
        self._now = self._at = now
        self._next_ticket = last_id(connection, "ticket") + 1
        profile = connection.execute("SELECT max(id) FROM profile").fetchone()[0]
        self._next_profile = (profile or 0) + 1
        self._rows: dict[str, list[Any]] = {name: [] for name in sql.INSERTS}
        self._blobs: dict[str, Packed] = {}
        self._new: dict[int, tuple[Any, ...]] = {}
        self._changed: set[int] = set()

    def add(self, received: Received, verdict: Verdict, recipient: str) -> int | None:
        """Gather one mail; return its ticket, if it has one."""
        if verdict.place is Place.NOWHERE:
            return None
        self._at = to_us(received.received_at) if self._source.history else self._now
        change, account = verdict.address_change, self._source.account_id
        counts = change is not None and not self._source.history
        if change is not None and counts:
            counts = note_change(self._connection, change, account, self._now)
        for blob in received.blobs:
            self._blobs.setdefault(blob[0], blob)
        if verdict.place is Place.INTAKE:
            # a test mail that did what it was sent for waits for nobody
            is_settled = counts and change is not None and change.outcome is Outcome.VERIFIED
            self._add_intake(received, verdict, self._at if is_settled else None)
            return None
        if verdict.place is Place.APPEND and verdict.ticket_id is not None:
            return self._append(received, verdict, verdict.ticket_id)
        return self._open(received, verdict, recipient)

    def answer(
        self, mail: ParsedMail, verdict: Verdict, answering: Answering, ticket_id: int
    ) -> None:
        """Queue the automatic answer to a mail that made a ticket.

        The ticket counts it and stays otherwise as it is: unread, waiting, nobody's.
        """
        ticket = self._known.tickets[ticket_id]
        self._known.tickets[ticket_id] = replace(ticket, message_count=ticket.message_count + 1)
        message, recipient = self._ids.take(), self._new[ticket_id][3]
        rows = answering.rows(mail, verdict, ticket_id, message, recipient)
        self._rows["answer"].append(rows.message)
        self._rows["search"].append(rows.search)
        self._rows["auto_answer"].append(rows.counted)
        self._note(ticket_id, message, "message.queued", actor=ActorKind.SYSTEM,
                   after={"automatic": True})  # fmt: skip

    def hold_answer(self, ticket_id: int) -> None:
        """Log that the limit per hour left a ticket without its automatic answer."""
        self._note(ticket_id, None, "auto-answer.held", actor=ActorKind.SYSTEM)

    def _add_intake(self, received: Received, verdict: Verdict, done_at: int | None) -> None:
        mail = received.parsed
        self._rows["intake"].append((
            self._source.account_id, to_us(received.received_at), verdict.reason,
            json.dumps(sql.by_code(verdict.evidence)),
            mail.sender.addr, mail.subject, mail.message_id, mail.content_hash,
            received.raw_sha256, done_at, *intake_view(mail, self._own),
        ))  # fmt: skip
        self._known.add_mail(mail.message_id, StoredMail(mail.content_hash))
        if verdict.failed_message is not None:
            self._rows["complained"].append((verdict.failed_message,))

    def _append(self, received: Received, verdict: Verdict, ticket_id: int) -> int:
        mail = received.parsed
        before = self._known.tickets[ticket_id]
        arrival = self._arrival(received, verdict)
        if verdict.kind is VerdictKind.BOUNCE:
            is_final = mail.bounce is not None and mail.bounce.is_final
            after = after_bounce(before, arrival, is_final=is_final)
        else:
            after = after_arrival(before, arrival)
        after = self._with_customer(after, verdict, arrival.at)
        if ticket_id not in self._new:
            self._changed.add(ticket_id)
        message = self._add_message(received, verdict, ticket_id)
        if verdict.offer == OfferKind.SPLIT:
            after = replace(after, offer=offer_of(OfferKind.SPLIT, message))
        self._known.tickets[ticket_id] = after
        if verdict.kind is VerdictKind.BOUNCE:
            self._mark_failed(mail, verdict, ticket_id)
        elif not verdict.is_blocked:
            self._add_people(mail, verdict, ticket_id, is_first=False)
        self._note_status(before, after, message)
        return ticket_id

    def _with_customer(self, ticket: ReceivingTicket, verdict: Verdict, at: int) -> ReceivingTicket:
        """Correct the customer of a ticket that began with a mail of ours, once they write."""
        flag = Flag.OWN_CUSTOMER
        if flag not in ticket.flags or not verdict.waits or verdict.is_stranger:
            return ticket
        profile, name = self._profile(verdict, at)
        return replace(
            ticket,
            profile_id=profile,
            customer_name=name,
            customer_address=verdict.customer.addr,
            flags=tuple(code for code in ticket.flags if code != flag),
        )

    def _open(self, received: Received, verdict: Verdict, recipient: str) -> int:
        mail = received.parsed
        arrival = self._arrival(received, verdict)
        profile, name = self._profile(verdict, arrival.at)
        ticket_id = self._next_ticket
        self._next_ticket += 1
        self._known.tickets[ticket_id] = ReceivingTicket(
            id=ticket_id,
            profile_id=profile,
            customer_name=name,
            customer_address=verdict.customer.addr,
            status=Status.OPEN,
            spam=verdict.is_blocked,
            unread=not verdict.is_blocked,
            automatic=verdict.automatic,
            snooze_keep=False,
            snoozed_until=None,
            closed_at=None,
            created_at=arrival.at,
            last_message_at=arrival.at,
            waiting_since=arrival.at if verdict.waits else None,
            message_count=1,
            has_media=arrival.has_media,
            preview=arrival.preview,
            flags=with_flags((), verdict.ticket_flags),
            subject=mail.subject,
            offer=verdict.offer,
            follows_id=verdict.follows_id,
        )
        if not self._source.history:
            recent = Recent(ticket_id, arrival.at, mail.subject, mail.text[:_COMPARED] or " ")
            self._known.add_recent(profile, recent)
        self._new[ticket_id] = ("email", self._source.account_id, mail.subject, recipient)
        message = self._add_message(received, verdict, ticket_id)
        self._add_people(mail, verdict, ticket_id, is_first=True)
        after: dict[str, object] = {"channel": "email", "status": Status.OPEN}
        if verdict.is_blocked:
            after["spam"] = True
        if verdict.refused_ticket is not None:
            after["named_ticket"] = verdict.refused_ticket
        self._note(ticket_id, message, "ticket.created", after=after)
        if verdict.follows_id is not None:
            self._link_chat(verdict.follows_id, ticket_id)
        return ticket_id

    def _link_chat(self, chat: int, ticket_id: int) -> None:
        """Say in the log of a chat and of the ticket that goes on with it where the other is."""
        self._known.add_following(chat, ticket_id)
        self._note(ticket_id, None, "ticket.follows", after={"ticket": chat})
        self._note(chat, None, "chat.continued", after={"ticket": ticket_id})

    def _arrival(self, received: Received, verdict: Verdict) -> Arrival:
        mail = received.parsed
        return Arrival(
            at=to_us(received.received_at),
            preview=first_words(mail.text, mail.folds) or mail.subject,
            has_media=any(not file.inline for file in mail.attachments),
            flags=verdict.ticket_flags,
            automatic=verdict.automatic,
            is_ours=verdict.is_ours,
            is_blocked=verdict.is_blocked,
            is_thanks=verdict.is_thanks,
        )

    def _profile(self, verdict: Verdict, at: int) -> tuple[int, str]:
        """Return the customer's profile, made if the address is new, and the name to show."""
        address, name = verdict.customer.addr, verdict.customer.name
        known = self._known.profiles.get(address) if address else None
        if known is not None:
            profile, shown = known
            if not shown and name:
                self._rows["profile_name"].append((name, at, profile))
                self._known.profiles[address] = (profile, name)
            return profile, shown or name or address
        profile = self._next_profile
        self._next_profile += 1
        self._rows["profile"].append((profile, name, address, at, at))
        if address:
            self._rows["identity"].append((profile, address))
            self._known.profiles[address] = (profile, name)
        return profile, name or address

    def _add_message(self, received: Received, verdict: Verdict, ticket_id: int) -> int:
        mail = received.parsed
        message = self._ids.take()
        at = to_us(received.received_at)
        name, address = verdict.customer.name, verdict.customer.addr
        kind = AuthorKind.SYSTEM if verdict.kind is VerdictKind.BOUNCE else AuthorKind.CUSTOMER
        threads = tuple(dict.fromkeys((*mail.references, *mail.in_reply_to)))
        self._rows["message"].append((
            message, ticket_id, ticket_id, "email", self._source.account_id, Direction.INBOUND,
            kind, name, address, sql.json_list(p.addr for p in mail.to),
            sql.json_list(p.addr for p in mail.cc), verdict.reply_to, mail.subject, mail.text,
            packed_folds(mail.folds),
            json.dumps(mail.links) if mail.links else "[]", mail.has_html, verdict.automatic,
            " ".join(sorted(verdict.flags)), mail.message_id, sql.json_list(threads),
            mail.content_hash, received.raw_sha256,
            at if mail.date is None else to_us(mail.date), at, Delivery.RECEIVED,
            packed_notices(mail.notices),
        ))  # fmt: skip
        self._rows["attachment"].extend(
            (message, file.filename, file.content_type, file.size, file.sha256, file.inline,
             file.content_id)
            for file in mail.attachments
        )  # fmt: skip
        subject, text, files = received.searched or searched(mail)
        self._rows["search"].append((message, subject, text, fold(f"{name} {address}"), files))
        self._remember(mail, address, message, ticket_id)
        codes = {"automatic": verdict.automatic, "gratitude": verdict.is_thanks}
        # whoever waits for news of a ticket hears nothing of a blocked sender
        logged = "message.blocked" if verdict.is_blocked else "message.received"
        self._note(ticket_id, message, logged,
                   after={code: True for code, holds in codes.items() if holds})  # fmt: skip
        return message

    def _remember(self, mail: ParsedMail, address: str, message: int, ticket_id: int) -> None:
        """Keep what later mails may refer to."""
        self._known.add_mail(mail.message_id, StoredMail(mail.content_hash, message, ticket_id))
        unknown = [
            name
            for name in referenced_ids(mail)
            if all(stored.ticket_id is None for stored in self._known.mails(name))
        ]
        if not mail.message_id:
            unknown.append(nameless_key(address, mail.subject))
        self._rows["thread_ref"].extend(
            (name, ticket_id) for name in unknown if self._known.add_reference(name, ticket_id)
        )

    def _add_people(
        self, mail: ParsedMail, verdict: Verdict, ticket_id: int, *, is_first: bool
    ) -> None:
        """Add the sender, and whom a trusted sender wrote to, to the participants.

        Mail from an own address may be forged: later ones of them let nobody else in.
        """
        address = verdict.customer.addr
        role = "joined" if verdict.is_stranger else "customer"
        people = [(verdict.customer, role)] if is_first or not verdict.is_ours else []
        forged = Flag.AUTH_FAILED in verdict.flags
        if is_first or not (verdict.is_ours or verdict.is_stranger or verdict.automatic or forged):
            people += [
                (person, "cc")
                for person in (*mail.to, *mail.cc)[:_MAX_PEOPLE]
                if person.addr not in self._own and person.addr != address
            ]
        self._rows["participant"].extend(
            (ticket_id, person.addr, person.name, part)
            for person, part in people
            if self._known.add_person(ticket_id, person.addr, part)
        )

    def _mark_failed(self, mail: ParsedMail, verdict: Verdict, ticket_id: int) -> None:
        """Show on the message that did not arrive what its report says."""
        failures = sorted(failures_of(mail), key=lambda each: (not each.is_final, not each.hard))
        has_failed = bool(failures) and failures[0].is_final
        status = failures[0].status if failures else ""
        code = f"bounce.{status}" if status else "bounce"
        reason = clean("; ".join([f"{each.recipient}: {each.reason}" for each in failures]))
        table = "failed" if has_failed else "delayed"
        self._rows[table].append((code, shorten(reason, 500), verdict.failed_message))
        if has_failed:
            self._note(ticket_id, verdict.failed_message, "message.failed",
                       after={"delivery": Delivery.FAILED, "error": code})  # fmt: skip

    def _note_status(self, before: ReceivingTicket, after: ReceivingTicket, message: int) -> None:
        if before.status is after.status:
            return
        kind = "ticket.woken" if before.status is Status.SNOOZED else "ticket.reopened"
        self._note(after.id, message, kind, before={"status": before.status},
                   after={"status": after.status})  # fmt: skip

    def _note(
        self, ticket_id: int, message_id: int | None, kind: str, *,
        before: dict[str, object] | None = None, after: dict[str, object] | None = None,
        actor: ActorKind = ActorKind.CUSTOMER,
    ) -> None:  # fmt: skip
        self._rows["activity"].append((
            self._at, ticket_id, message_id, actor, kind,
            json.dumps(before) if before else "{}", json.dumps(after) if after else "{}",
        ))  # fmt: skip

    def write(self, paths: StorePaths) -> None:
        """Write everything gathered: files first, then the rows in the order they refer."""
        connection = self._connection
        put_blobs(connection, paths, self._blobs.values())
        self._rows["ticket"] = [
            sql.new_ticket(self._known.tickets[number], *fixed, now=self._now)
            for number, fixed in self._new.items()
        ]
        self._rows["ticket_change"] = [
            sql.changed_ticket(self._known.tickets[number], now=self._now)
            for number in self._changed
        ]
        for name, statement in sql.INSERTS.items():
            rows = self._rows[name]
            if rows:
                connection.executemany(statement, rows)


def move_cursor(connection: sqlite3.Connection, source: Source, position: int, now: int) -> None:
    """Move the cursor of the source's folder, never back within one validity."""
    if source.account_id is not None and source.folder:
        connection.execute(
            sql.CURSOR,
            {"account": source.account_id, "folder": source.folder, "validity": source.validity,
             "position": position, "now": now},
        )  # fmt: skip


def intake_view(mail: ParsedMail, own: OwnAddresses) -> tuple[str, str, str]:
    """Return what the intake list shows of a mail: first words, name and address of the customer.

    What a colleague forwarded is shown as what is inside.
    """
    if mail.forwarded is not None and mail.sender.addr in own:
        inside = customers_mail(mail.forwarded, own)
        customer, text = inside.sender, inside.body or inside.message
        preview = first_words(text)
    else:
        customer, preview = mail.sender, first_words(mail.text, mail.folds)
    if customer.addr in own:
        return preview, "", ""
    return preview, customer.name if customer.addr else "", customer.addr
