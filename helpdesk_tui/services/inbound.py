"""Received mail becomes tickets: small transactions, each with the cursor that acknowledges it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.db.auto_answers import Answering
from helpdesk_tui.db.ingest import Batch, move_cursor
from helpdesk_tui.db.known import Known
from helpdesk_tui.db.numbering import MessageIds, history_ids, live_ids
from helpdesk_tui.db.own import account_address, default_account, load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.unstorable import UnstorableError, savepoint, storable
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.auto_answer import Refusal
from helpdesk_tui.domain.inbound import (
    Desk,
    Verdict,
    VerdictKind,
    decide,
    is_unreadable,
    recipient_of,
)
from helpdesk_tui.domain.mail import Address, Evidence, ParsedMail
from helpdesk_tui.domain.offers import MERGE_WITHIN
from helpdesk_tui.domain.received import Received, Source, Summary
from helpdesk_tui.domain.times import from_us, span_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.hours import load_office_hours
from helpdesk_tui.services.scheduling import withdraw

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Inbound", "Received", "Source", "Summary"]

BATCH = 50
"""Mails of one transaction: agents' writes get in between two of them."""
SHORT_BATCH = 12
"""The same while agents are writing: whoever waits does so for a few milliseconds."""

_FIELDS = {
    VerdictKind.TICKET: "tickets",
    VerdictKind.JOINS: "messages",
    VerdictKind.REJECTED: "rejected",
    VerdictKind.BOUNCE: "bounces",
    VerdictKind.AUTOMATIC: "automatic",
    VerdictKind.DUPLICATE: "duplicates",
}
log = logging.getLogger(__name__)


class Inbound:
    """Stores received mail by the rules. Blocking; one instance per run and thread."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._block: MessageIds | None = None

    def ingest(self, batch: Sequence[Received], *, source: Source) -> Summary:
        """Store mails in their order and move the source's cursor; returns what became of them.

        A mail that cannot be stored becomes an "unreadable message" ticket; nothing is lost and
        nothing stops the ones behind it. When a :class:`StoreError` is raised (full disk …), the
        mails of finished transactions are stored, their cursor moved, and the rest untouched.
        """
        total, start = Summary(), 0
        while start < len(batch) or not start:
            size = SHORT_BATCH if self._store.turnstile.is_wanted else BATCH
            chunk = batch[start : start + size]
            start += size
            position = max((mail.uid for mail in chunk), default=0)
            if start >= len(batch):
                position = max(position, source.position)
            total += self._store_chunk(chunk, source, position)
        return total

    def _store_chunk(self, chunk: Sequence[Received], source: Source, position: int) -> Summary:
        try:
            return self._transaction(chunk, source, position)
        except UnstorableError:
            log.info("a batch holds a mail that cannot be stored; storing them one by one")
            return self._transaction(chunk, source, position, one_by_one=True)

    def explain(self, mail: ParsedMail, desk: Desk | None = None) -> Verdict:
        """Return what would become of a mail, and why; stores nothing."""
        with self._store.read() as connection:
            asked = desk or load_desk(connection)
            known, now = Known(connection), to_us(self._now())
            known.load([mail], asked, since=now - span_us(MERGE_WITHIN))
            verdict = decide(mail, asked, known, at=now)
            return replace(verdict, evidence=(
                *verdict.evidence, _answer_evidence(connection, asked, mail, verdict, known, now)
            ))  # fmt: skip

    def _transaction(
        self, chunk: Sequence[Received], source: Source, position: int, *, one_by_one: bool = False
    ) -> Summary:
        with self._store.write(bulk=True) as connection:
            now = to_us(self._now())
            work = _Work(self._store, connection, self._ids(connection, source, len(chunk)),
                         source, now)  # fmt: skip
            summary = work.store_each(chunk) if one_by_one else work.store(chunk)
            move_cursor(connection, source, position, now)
        if source.history:
            self._block = work.ids if work.has_stored else None
        return summary

    def _ids(self, connection: sqlite3.Connection, source: Source, count: int) -> MessageIds:
        """Return the ids of this transaction's messages; a copy, so that it can be given up."""
        if not source.history:
            return live_ids(connection)
        block = self._block
        if block is None or (block.left or 0) < count:
            block = history_ids(connection, max(source.expected, count))
        return MessageIds(block.next, block.end)


def _answer_evidence(
    connection: sqlite3.Connection,
    desk: Desk,
    mail: ParsedMail,
    verdict: Verdict,
    known: Known,
    now: int,
) -> Evidence:
    """Return whether a mail would be answered automatically, were it to come now."""
    answering = Answering(connection, desk, default_account(connection), now,
                          is_open=lambda: _is_open(connection, now))  # fmt: skip
    is_known = verdict.customer.addr in known.profiles
    refused = answering.refuses(mail, verdict, now, is_known=is_known)
    return Evidence("auto-reply", "would be sent" if refused is None else f"none: {refused}")


def _is_open(connection: sqlite3.Connection, now: int) -> bool:
    """Tell whether somebody is in the office."""
    at = from_us(now)
    return load_office_hours(connection, at).is_open(at)


class _Work:
    """One transaction of ingest."""

    def __init__(
        self,
        store: Store,
        connection: sqlite3.Connection,
        ids: MessageIds,
        source: Source,
        now: int,
    ) -> None:
        self._paths = store.paths
        self._connection = connection
        self.ids = ids
        self._first = ids.next
        self._source = source
        self._now = now
        self._recipient = source.address or account_address(connection, source.account_id)
        desk = load_desk(connection)
        self._desk = replace(
            desk, own=desk.own.with_address(self._recipient), account_id=source.account_id
        )
        self._answering = self._make_answering()
        self._heard: set[int] = set()

    def _make_answering(self) -> Answering | None:
        """Return what answers automatically; old mail is never answered."""
        if self._source.history or self._source.account_id is None:
            return None
        answering = Answering(
            self._connection, self._desk, self._source.account_id, self._now,
            is_open=lambda: _is_open(self._connection, self._now),
        )  # fmt: skip
        return answering if answering.rules.text else None

    @property
    def has_stored(self) -> bool:
        """Whether any message was stored."""
        return self.ids.next > self._first

    def store(self, chunk: Sequence[Received]) -> Summary:
        """Store mails together.

        Raises:
            UnstorableError: if one of them cannot be stored; the transaction must not commit then.
        """
        # no savepoint: undoing the whole transaction is as good, and a savepoint writes each
        # page it may have to bring back a second time
        self._heard.clear()
        with storable():
            known = Known(self._connection)
            known.load(
                [received.parsed for received in chunk], self._desk, since=self._since(chunk)
            )
            batch = Batch(self._connection, known, self.ids, self._source, self._desk.own,
                          now=self._now)  # fmt: skip
            counts = dict.fromkeys(_FIELDS.values(), 0) | {"failed": 0}
            for received in chunk:
                counts[self._add(batch, known, received)] += 1
            batch.write(self._paths)
        withdraw(self._connection, from_us(self._now), self._heard)
        return Summary(seen=len(chunk), **counts)

    def _since(self, chunk: Sequence[Received]) -> int | None:
        """Return since when a ticket may be one that these mails go on with; None in history."""
        if self._source.history or not chunk:
            return None
        return to_us(min(each.received_at for each in chunk)) - span_us(MERGE_WITHIN)

    def store_each(self, chunk: Sequence[Received]) -> Summary:
        """Store mails each on its own, so that one that cannot be stored harms no other."""
        total = Summary()
        for received in chunk:
            total += self._store_alone(received)
        return total

    def _add(self, batch: Batch, known: Known, received: Received) -> str:
        """Decide about one mail and gather its rows; return the field it counts in."""
        mail = received.parsed
        at = None if self._source.history else to_us(received.received_at)
        verdict = decide(mail, self._desk, known, at=at)
        is_known = verdict.customer.addr in known.profiles
        ticket_id = batch.add(
            received, verdict, recipient_of(mail, self._desk.own, self._recipient)
        )
        if ticket_id is not None and self._withdraws(verdict):
            self._heard.add(ticket_id)
        if self._answering is not None and ticket_id is not None:
            self._answer(batch, received, verdict, ticket_id, is_known=is_known)
        if is_unreadable(mail) and verdict.kind is not VerdictKind.DUPLICATE:
            return "failed"
        return _FIELDS[verdict.kind]

    def _withdraws(self, verdict: Verdict) -> bool:
        """Tell whether a person wrote into a ticket: what waits to be sent there is overtaken."""
        is_person = verdict.kind is VerdictKind.JOINS and not verdict.automatic
        is_heard = not (verdict.is_ours or verdict.is_blocked)
        return is_person and is_heard and not self._source.history

    def _answer(
        self, batch: Batch, received: Received, verdict: Verdict, ticket_id: int, *, is_known: bool
    ) -> None:
        """Answer a mail automatically, if the rules want it."""
        answering, mail = self._answering, received.parsed
        if answering is None:
            return
        refused = answering.refuses(mail, verdict, to_us(received.received_at), is_known=is_known)
        if refused is None:
            batch.answer(mail, verdict, answering, ticket_id)
        elif refused is Refusal.INBOX:
            answering.hold()
            batch.hold_answer(ticket_id)
            log.warning("too many automatic answers this hour: ticket %s gets none", ticket_id)

    def _store_alone(self, received: Received) -> Summary:
        """Store one mail; at its second failure, what is known of it."""
        for attempt in (received, *_reduced(received)):
            start = self.ids.next
            try:
                with savepoint(self._connection):
                    return self.store([attempt])
            except UnstorableError as error:
                self.ids.next = start
                # the kind alone: what some of these errors say quotes the mail
                kind = type(error.__cause__).__name__
                log.warning("mail %s cannot be stored: %s", received.raw_sha256, kind)
                last = error
        raise last


def _reduced(received: Received) -> Iterator[Received]:
    """Yield poorer and poorer versions of a mail; the last one holds nothing of the mail's own."""
    mail = received.parsed
    raw = tuple(blob for blob in received.blobs if blob[0] == received.raw_sha256)
    sender = Address(_storable(mail.sender.name), _storable(mail.sender.addr))
    plain = ParsedMail(
        message_id=_storable(mail.message_id), in_reply_to=(), references=(), sender=sender,
        reply_to=(), to=(), cc=(), delivered_to=(), original_senders=(), date=None,
        subject=_storable(mail.subject), text="", folds=(), has_html=False, links=(),
        attachments=(), mail_class=mail.mail_class, bounce=None, auth=None, instance="",
        markers=(), is_forward=False, evidence=(Evidence("unreadable", "not-storable"),),
        defects=("not-storable",), content_hash=received.raw_sha256,
    )  # fmt: skip
    yield replace(received, parsed=plain, blobs=raw, searched=None)
    bare = replace(plain, message_id="", sender=Address("", ""), subject="")
    yield replace(received, parsed=bare, blobs=raw, searched=None)


def _storable(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8", "replace")
