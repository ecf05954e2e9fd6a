"""The outbox as the worker sees it: claim, send in phases, and tell how it went.

The order for one message: :meth:`claim_due`, :meth:`rendered` (bytes stored before connecting),
:meth:`begin_data` just before the content goes out, then exactly one of :meth:`sent`,
:meth:`retry_later`, :meth:`failed`, :meth:`unknown`. After a crash :meth:`recover` queues again
what cannot have left and hands over what may have, for a look into the Sent folder.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity, scheduling
from helpdesk_tui.db import outbox as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blobs import get_blob, pack, put_blobs
from helpdesk_tui.db.chat.chats import reached_by
from helpdesk_tui.db.messaging.parts import Part, load_parts
from helpdesk_tui.db.outbox import Claimed, Outcome, Stored, Unfiled
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor
from helpdesk_tui.domain.delivery import has_expired, retry_delay
from helpdesk_tui.domain.errors import Conflict, NotFound
from helpdesk_tui.domain.mail import Address, OutgoingFile, OutgoingMail
from helpdesk_tui.domain.message_ids import make_marker, make_reply_address
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.statuses import whole
from helpdesk_tui.domain.reply_headers import with_quote
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.verdicts import Desk
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.failing import bring_back
from helpdesk_tui.services.scheduling import release_due

if TYPE_CHECKING:
    import sqlite3

LEASE = timedelta(minutes=5)
"""How long a claim lasts without a sign of life: longer than any one step of sending."""
_MAX_ERROR = 500
_LEAST_TRIES = 5
"""A message has this many tries before its age counts: the worker may have been off for days."""
_JITTER_STEPS = 1 << 16


class Outbox:
    """Moves queued messages out of the house; every call blocks and is one transaction.

    Calls about a claimed message raise :class:`Conflict` ``outbox.lost-claim`` if another worker
    has it by now; nothing was changed then.
    """

    def __init__(self, store: Store, actor: Actor = SYSTEM, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def claim_due(
        self,
        owner: str,
        *,
        account_id: int | None = None,
        limit: int = 10,
        in_order: bool = False,
    ) -> list[Claimed]:
        """Take messages whose time has come; of accounts that are switched on only.

        With ``in_order`` none before those that were written earlier in its ticket have left.
        """
        now = self._now()
        with self._store.read() as connection:
            ids = rows.due_ids(connection, now, account_id, limit, in_order=in_order)
            scheduled = scheduling.due_ids(connection, now, account_id, limit)
        if not ids and not scheduled:
            return []
        with self._store.write() as connection:
            if scheduled:
                # one of them may have been given another moment since it was looked for
                scheduled = scheduling.due_ids(connection, now, account_id, limit)
                release_due(connection, self._actor, now, scheduled)
                ids = rows.due_ids(connection, now, account_id, limit, in_order=in_order)
            claims = (rows.claim(connection, each, owner, now + LEASE) for each in ids)
            return [claim for claim in claims if claim is not None]

    def next_due(self, *, account_id: int | None = None, channel: str = "") -> datetime | None:
        """Return when the next message is due, or None."""
        with self._store.read() as connection:
            return rows.next_due(connection, account_id, channel)

    def recover(
        self, owner: str, *, others_are_dead: bool = False, channel: str = ""
    ) -> list[Claimed]:
        """Look after messages of workers that are gone.

        Args:
            owner: The worker that calls.
            others_are_dead: The caller holds the lock of the one worker: deadlines of others need
                not pass.
            channel: Only messages of this channel's accounts.

        Returns:
            Those whose content may have left, now claimed by ``owner``: find them in Sent, then
            call :meth:`sent` or :meth:`unknown`. The rest is queued again.
        """
        now = self._now()
        with self._store.read() as connection:
            lost = rows.expired(
                connection, now, owner, others_are_dead=others_are_dead, channel=channel
            )
        if not lost:
            return []
        with self._store.write() as connection:
            lost = rows.expired(
                connection, now, owner, others_are_dead=others_are_dead, channel=channel
            )
            for claim in lost:
                if claim.phase:
                    rows.take_over(connection, claim.message_id, owner, now + LEASE)
                else:
                    rows.requeue_expired(connection, claim.message_id, now)
        return [claim for claim in lost if claim.phase]

    def outgoing(self, message_id: int) -> OutgoingMail:
        """Return all that fixes the bytes of a message; the same stored rows give the same value.

        Raises:
            NotFound: ``message.missing``, or ``blob.missing`` if a file is gone.
        """
        with self._store.read() as connection:
            stored = self._stored(connection, message_id)
            desk = load_desk(connection)
            files = tuple(
                OutgoingFile(name, kind, get_blob(connection, self._store.paths, sha256))
                for name, kind, sha256 in stored.files
            )
        marker = make_marker(desk.secret, stored.ticket_id)
        text = with_quote(
            stored.text,
            name=stored.quoted_name,
            at=stored.quoted_at or stored.sent_at,
            original=stored.quoted_text,
            marker=marker,
        )
        return OutgoingMail(
            message_id=stored.external_id,
            date=stored.sent_at,
            sender=stored.sender,
            to=stored.to,
            cc=stored.cc,
            bcc=stored.bcc,
            subject=stored.subject,
            text=text,
            html=stored.html,
            in_reply_to=stored.thread_ids[-1] if stored.thread_ids else "",
            references=stored.thread_ids,
            instance=desk.instance,
            files=files,
            automatic=stored.automatic,
            reply_to=_reply_to(desk, stored),
        )

    def rendered(
        self, message_id: int, owner: str, render: Callable[[OutgoingMail], bytes]
    ) -> bytes:
        """Return the bytes that leave, stored before anything is sent; a retry sends the same.

        Args:
            message_id: A message claimed by ``owner``.
            owner: The worker.
            render: Makes the bytes, the first time.
        """
        with self._store.read() as connection:
            sha256 = self._stored(connection, message_id).raw_sha256
            if sha256:
                return get_blob(connection, self._store.paths, sha256)
        raw = render(self.outgoing(message_id))
        sha256 = hashlib.sha256(raw).hexdigest()
        packed = pack(sha256, raw)
        with self._store.write() as connection:
            put_blobs(connection, self._store.paths, [packed])
            _held(rows.save_rendered(connection, message_id, owner, sha256), message_id)
        return raw

    def begin_data(self, message_id: int, owner: str) -> None:
        """Commit that the content is about to go out: from here on a crash is uncertain."""
        self._renew(message_id, owner, phase="data")

    def keep(self, message_id: int, owner: str, *, phase: str = "") -> None:
        """Hold a claim longer."""
        self._renew(message_id, owner, phase=phase)

    def sent(
        self,
        message_id: int,
        owner: str,
        *,
        filed: bool = False,
        code: str = "",
        text: str = "",
    ) -> None:
        """The other side took it.

        Args:
            message_id: A message claimed by ``owner``.
            owner: The worker.
            filed: Its copy was found in Sent.
            code: What an agent should know all the same, such as recipients that were refused.
            text: Its details.
        """
        with self._store.write() as connection:
            parts = load_parts(connection, message_id)
            if parts:
                self._sent_in_parts(connection, message_id, owner, parts)
                return
            reached = reached_by(connection, message_id)
            outcome = Outcome(reached, code, _said(text), filed=filed)
            self._finish(connection, message_id, owner, outcome, "message.sent")
            rows.add_participants(connection, message_id)

    def _sent_in_parts(
        self, connection: sqlite3.Connection, message_id: int, owner: str, parts: Sequence[Part]
    ) -> None:
        """Note how far the parts of a message have got: news of them may have come before."""
        reached = whole(part.state for part in parts)
        bad = next((part for part in parts if part.state is Delivery.FAILED), None)
        code, text = ("", "") if bad is None else (bad.error_code, bad.error_text)
        kind = "message.sent" if bad is None else "message.failed"
        outcome = Outcome(reached, code, text)
        ticket_id = self._finish(connection, message_id, owner, outcome, kind)
        if bad is not None:
            bring_back(connection, self._actor, self._now(), message_id, ticket_id)

    def postpone(self, claim: Claimed, owner: str, after: timedelta, code: str = "") -> None:
        """Let a message wait for its turn; that counts as no try.

        Args:
            claim: What was claimed.
            owner: The worker.
            after: How long.
            code: What it waits for, where an agent should know.
        """
        now = self._now()
        outcome = Outcome(Delivery.QUEUED, code, due_at=now + after)
        with self._store.write() as connection:
            if rows.finish(connection, claim.message_id, owner, outcome) is None:
                raise Conflict("outbox.lost-claim", id=claim.message_id)
            rows.uncount(connection, claim.message_id)

    def retry_later(
        self,
        claim: Claimed,
        owner: str,
        code: str,
        text: str = "",
        *,
        after: timedelta | None = None,
        is_live: bool = False,
    ) -> bool:
        """Refused for now, or not reached: queue it again; False if it has failed by now.

        Args:
            claim: What was claimed.
            owner: The worker.
            code: Code of the trouble such as ``smtp.451``.
            text: What the other side said.
            after: What the other side asked to wait.
            is_live: Somebody waits for it in front of a screen.
        """
        now = self._now()
        if claim.attempts >= _LEAST_TRIES and has_expired(now - self._wanted_since(claim)):
            self.failed(claim.message_id, owner, code, text)
            return False
        jitter = secrets.randbelow(_JITTER_STEPS) / _JITTER_STEPS
        delay = retry_delay(claim.attempts, jitter, after, is_live=is_live)
        outcome = Outcome(Delivery.QUEUED, code, _said(text), due_at=now + delay)
        with self._store.write() as connection:
            self._finish(connection, claim.message_id, owner, outcome, "message.queued")
        return True

    def _wanted_since(self, claim: Claimed) -> datetime:
        """Return since when the tries count: an agent who sends again gives new patience."""
        with self._store.read() as connection:
            decided = activity.last_decided(connection, claim.message_id, claim.ticket_id)
        return decided or claim.queued_at

    def failed(self, message_id: int, owner: str, code: str, text: str = "") -> None:
        """Refused for good: the ticket opens, unread and waiting, so that an agent sees it.

        An automatic answer changes nothing of its ticket, not even when it fails.
        """
        outcome = Outcome(Delivery.FAILED, code, _said(text))
        with self._store.write() as connection:
            ticket_id = self._finish(connection, message_id, owner, outcome, "message.failed")
            bring_back(connection, self._actor, self._now(), message_id, ticket_id)

    def unknown(self, message_id: int, owner: str, code: str = "outbox.uncertain") -> None:
        """Nobody knows whether it left, and Sent does not hold it: a person decides."""
        outcome = Outcome(Delivery.UNKNOWN, code)
        with self._store.write() as connection:
            ticket_id = self._finish(connection, message_id, owner, outcome, "message.unknown")
            bring_back(connection, self._actor, self._now(), message_id, ticket_id)

    def file_pending(
        self, *, account_id: int | None = None, after: int = 0, limit: int = 20
    ) -> list[Unfiled]:
        """Return sent messages whose copy still has to be appended to Sent, by growing id."""
        with self._store.read() as connection:
            return rows.unfiled(connection, account_id, after, limit)

    def raw(self, sha256: str) -> bytes:
        """Return stored bytes.

        Raises:
            NotFound: ``blob.missing``.
        """
        with self._store.read() as connection:
            return get_blob(connection, self._store.paths, sha256)

    def filed(self, message_id: int) -> None:
        """Its copy is in Sent."""
        with self._store.write() as connection:
            ticket_id = rows.mark_filed(connection, message_id)
            if ticket_id is not None:
                self._log(connection, "message.filed", ticket_id, message_id, {})

    def _stored(self, connection: sqlite3.Connection, message_id: int) -> Stored:
        stored = rows.load_stored(connection, message_id)
        if stored is None:
            raise NotFound("message.missing", id=message_id)
        return stored

    def _renew(self, message_id: int, owner: str, *, phase: str) -> None:
        until = self._now() + LEASE
        with self._store.write() as connection:
            _held(rows.renew(connection, message_id, owner, until, phase=phase), message_id)

    def _finish(
        self,
        connection: sqlite3.Connection,
        message_id: int,
        owner: str,
        outcome: Outcome,
        kind: str,
    ) -> int:
        ticket_id = rows.finish(connection, message_id, owner, outcome)
        if ticket_id is None:
            raise Conflict("outbox.lost-claim", id=message_id)
        after = {"delivery": outcome.delivery.value}
        if outcome.error_code:
            after["error"] = outcome.error_code
        self._log(connection, kind, ticket_id, message_id, after)
        return ticket_id

    def _log(
        self,
        connection: sqlite3.Connection,
        kind: str,
        ticket_id: int,
        message_id: int,
        after: dict[str, str],
    ) -> None:
        before = {"delivery": "sending"} if after else {}
        entry = Entry(kind, ticket_id, message_id, before, after)
        activity.record(connection, self._actor, self._now(), [entry])


def _reply_to(desk: Desk, stored: Stored) -> Address | None:
    """Return the address that names the ticket, where the desk wants answers to go there."""
    if not desk.reply_plus:
        return None
    keyed = make_reply_address(desk.secret, stored.ticket_id, stored.sender.addr)
    return Address(stored.sender.name, keyed) if keyed else None


def _held(done: bool, message_id: int) -> None:
    if not done:
        raise Conflict("outbox.lost-claim", id=message_id)


def _said(text: str) -> str:
    return shorten(" ".join(clean(text).split()), _MAX_ERROR)
