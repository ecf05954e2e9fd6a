"""Replies and notes: one transaction each, and what can still be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.db import activity
from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.outbox import load_waiting
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import Delivery, Direction, Draft, DraftKind
from helpdesk_tui.domain.reply_headers import signed
from helpdesk_tui.services import unsend
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.drafts import ready
from helpdesk_tui.services.queueing import (
    Queued,
    Then,
    Wanted,
    answerable,
    common_values,
    queue_reply,
    stored_files,
)
from helpdesk_tui.services.recipients import Recipients, proposal

__all__ = ["Queued", "Recipients", "Replies", "Then"]


class Replies:
    """Answers customers, and keeps notes that never leave; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def recipients(self, ticket_id: int, *, everyone: bool = False) -> Recipients:
        """Return where a reply would come from and go to; ``everyone`` includes the copies.

        Raises:
            NotFound: ``ticket.missing``.
            NotAllowed: if this ticket cannot be answered, with the reason.
        """
        with self._store.read() as connection:
            target = answerable(connection, ticket_id)
            return proposal(connection, target, load_desk(connection).own, everyone=everyone)

    def waiting(self) -> list[tuple[int, str]]:
        """Return ticket and subject of this agent's replies that have not left yet."""
        with self._store.read() as connection:
            return load_waiting(connection, self._actor.agent_id)

    def reply(
        self,
        ticket_id: int,
        text: str,
        *,
        cc: Sequence[str] = (),
        to: str = "",
        then: Then = "none",
        seen: int | None = None,
        use_draft_files: bool = True,
        files: Sequence[OutgoingFile] = (),
        undo: bool = True,
    ) -> Queued:
        """Queue a reply; the worker sends it once it is due.

        Args:
            ticket_id: The ticket.
            text: What the customer reads; the agent's signature is added.
            cc: Further recipients.
            to: Somebody of the ticket other than the customer.
            then: What happens to the ticket.
            seen: The newest message the agent saw.
            use_draft_files: Send the files of the agent's draft along.
            files: Further files.
            undo: Leave time to take it back; False sends at once (scripts).

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: nothing to send, a bad address, files too large, a snooze in the past.
            NotAllowed: this ticket cannot be answered, with the reason.
            Conflict: ``reply.overtaken`` if another agent replied after ``seen``.
        """
        self._agent_id()
        wanted = Wanted(text, to, tuple(cc), then, seen, ready(files), use_draft_files, undo)
        with self._store.write() as connection:
            target = answerable(connection, ticket_id)
            return queue_reply(
                connection, self._store.paths, self._actor, self._now(), target, wanted
            )

    def note(self, ticket_id: int, text: str) -> int:
        """Keep an internal note, with the files of the note's draft; return its message id.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: ``note.empty``.
        """
        agent_id = self._agent_id()
        now = self._now()
        body, _ = signed(text, "")
        key = DraftKey(ticket_id, agent_id, DraftKind.NOTE)
        with self._store.write() as connection:
            target = rows.load_target(connection, ticket_id)
            if target is None:
                raise NotFound("ticket.missing", id=ticket_id)
            files = stored_files(draft_rows.load_files(connection, key))
            if not body and not files:
                raise UsageError("note.empty")
            author = rows.load_author(connection, agent_id)
            values = {
                **common_values(target, agent_id, author.name, now),
                "direction": Direction.NOTE.value,
                "delivery": Delivery.RECEIVED.value,
                "text": body,
            }
            message_id = rows.insert_message(connection, values, files)
            rows.finish_message(connection, message_id)
            rows.update_ticket(connection, ticket_id, now, {})
            entry = Entry("note.added", ticket_id, message_id)
            activity.record(connection, self._actor, now, [entry], new_change_id())
            draft_rows.delete_draft(connection, key)
        return message_id

    def undo_send(self, message_id: int) -> Draft:
        """Take back a reply that has not left: its text and files return to the draft.

        What happened to the ticket with it is undone too, where nobody has changed it since.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.already-sent`` once the worker has it, ``reply.not-yours``.
        """
        with self._store.write() as connection:
            return unsend.undo_send(connection, self._actor, self._now(), message_id)

    def retry(self, message_id: int) -> None:
        """Send a failed reply again, under the same Message-ID.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.not-failed``.
        """
        with self._store.write() as connection:
            unsend.retry(connection, self._actor, self._now(), message_id)

    def resolve(self, message_id: int, *, sent: bool) -> None:
        """Decide about a reply of which nobody knows whether it left.

        Args:
            message_id: The message.
            sent: True keeps it as sent; False sends it again under the same Message-ID.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.not-unknown``.
        """
        with self._store.write() as connection:
            unsend.resolve(connection, self._actor, self._now(), message_id, sent=sent)

    def _agent_id(self) -> int:
        if self._actor.agent_id is None:
            raise NotAllowed("agent.missing")
        return self._actor.agent_id
