"""Replies and notes: one transaction each, and what can still be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.outbox import load_waiting
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.scheduling import load_outbox
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.mail import Address, OutgoingFile
from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.outbox import OutboxRow
from helpdesk_tui.services import scheduling, unsend
from helpdesk_tui.services.addressing import answerable, proposed
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.drafts import ReadyFiles, ready
from helpdesk_tui.services.forwarding import PassedOnMails, begin_forward, passed_on
from helpdesk_tui.services.media.outgoing import cleaned
from helpdesk_tui.services.notes import note_to_draft, write_note
from helpdesk_tui.services.preview import Preview, preview_of
from helpdesk_tui.services.queueing import (
    Queued,
    queue_reply,
    stored_files,
)
from helpdesk_tui.services.recipients import Recipients
from helpdesk_tui.services.ways.wanted import Then, Wanted

if TYPE_CHECKING:
    from helpdesk_tui.services.macros.macros import Macros

_MAX_OUTBOX = 500

__all__ = ["Preview", "Queued", "Recipients", "Replies", "Then"]


class Replies:
    """Answers customers, and keeps notes that never leave; every call blocks."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        *,
        now: Clock = utc_now,
        macros: Callable[[], Macros] | None = None,
    ) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._macros = macros

    def recipients(self, ticket_id: int, *, everyone: bool = False) -> Recipients:
        """Return where a reply would come from and go to; ``everyone`` includes the copies.

        Raises:
            NotFound: ``ticket.missing``.
            NotAllowed: if this ticket cannot be answered, with the reason.
        """
        with self._store.read() as connection:
            target = answerable(connection, ticket_id)
            return proposed(connection, target, everyone=everyone)

    def preview(
        self,
        ticket_id: int,
        text: str,
        *,
        to: Sequence[str] = (),
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        kind: DraftKind = DraftKind.REPLY,
    ) -> Preview:
        """Return what would leave with the files of the draft, and what to know before.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: a bad address, none, or files too large.
            NotAllowed: this ticket or address cannot be written to, with the reason.
        """
        agent_id = self._agent_id()
        wanted = Wanted(text, tuple(to), tuple(cc), "none", None, ReadyFiles(), True, True,
                        tuple(bcc), kind)  # fmt: skip
        with self._store.read() as connection:
            target = answerable(connection, ticket_id, is_forward=wanted.is_forward)
            key = DraftKey(ticket_id, agent_id, kind)
            files = stored_files(draft_rows.load_files(connection, key))
            return preview_of(connection, target, agent_id, wanted, files)

    def people(self, ticket_id: int) -> tuple[Address, ...]:
        """Return who takes part in a ticket besides us: whom to offer as recipients."""
        with self._store.read() as connection:
            own = load_desk(connection).own
            known = rows.load_people(connection, ticket_id)
            return tuple(Address(name, each) for each, name in known if each not in own)

    def waiting(self) -> list[tuple[int, str]]:
        """Return ticket and subject of this agent's replies that have not left yet."""
        with self._store.read() as connection:
            return load_waiting(connection, self._actor.agent_id)

    def outbox(self, *, everybody: bool = False) -> tuple[OutboxRow, ...]:
        """Return what has not left, or not for certain: of this agent, or of the whole desk."""
        agent_id = None if everybody else self._agent_id()
        with self._store.read() as connection:
            return load_outbox(connection, agent_id, _MAX_OUTBOX)

    def reply(
        self,
        ticket_id: int,
        text: str,
        *,
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        to: str = "",
        then: Then = "none",
        seen: int | None = None,
        use_draft_files: bool = True,
        files: Sequence[OutgoingFile] = (),
        undo: bool = True,
        at: datetime | None = None,
        template: TemplateUse | None = None,
    ) -> Queued:
        """Queue a reply; the worker sends it once it is due.

        One that is to leave at a moment of its own answers nobody until then, and goes back into
        the draft if the customer writes first.

        Args:
            ticket_id: The ticket.
            text: What the customer reads; the agent's signature is added.
            cc: Further recipients.
            bcc: Further recipients that the others do not see.
            to: Somebody of the ticket other than the customer.
            then: What happens to the ticket.
            seen: The newest message the agent saw.
            use_draft_files: Send the files of the agent's draft along.
            files: Further files.
            undo: Leave time to take it back; False sends at once (scripts).
            at: When it leaves; None: now.
            template: An approved template that leaves instead of ``text`` and files (WhatsApp),
                also while nothing else may; the draft stays.

        Raises:
            NotFound: ``ticket.missing`` or ``template.missing``.
            UsageError: nothing to send, a bad address, files too large, a snooze or moment in the
                past, other values than the template has places for.
            NotAllowed: this ticket cannot be answered, with the reason.
            Conflict: ``reply.overtaken`` if another agent replied after ``seen``.
        """
        wanted = Wanted(text, (to,) if to else (), tuple(cc), then, seen, self._ready(files),
                        use_draft_files, undo, tuple(bcc), at=at)  # fmt: skip
        if template is not None:
            wanted = replace(wanted, template=template, use_draft_files=False, keeps_draft=True,
                             files=ReadyFiles())  # fmt: skip
        return self._queue(ticket_id, wanted)

    def hold(self, ticket_id: int, text: str = "") -> Queued:
        """Tell a visitor who waits that somebody still looks into it; nothing is answered by it.

        Args:
            ticket_id: The ticket of a chat.
            text: What the visitor reads; empty: the desk's holding message, or the usual one in
                the visitor's language.

        Raises:
            NotFound: ``ticket.missing``.
            NotAllowed: ``chat.no-hold`` on other channels, ``chat.ended``, ``chat.closing``, or
                why else this ticket cannot be answered.
            UsageError: ``reply.too-long``.
        """
        # the texts in all languages are loaded only where one is sent
        from helpdesk_tui.services.chat.holding import hold

        self._agent_id()
        with self._store.write() as connection:
            return hold(connection, self._actor, self._now(), ticket_id, text)

    def forward(
        self,
        ticket_id: int,
        text: str,
        *,
        to: Sequence[str],
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        then: Then = "none",
        use_draft_files: bool = True,
        files: Sequence[OutgoingFile] = (),
        undo: bool = True,
        at: datetime | None = None,
    ) -> Queued:
        """Queue a forward to somebody outside the ticket; what they answer joins it.

        The customer stays who it is, and still waits for an answer.

        Args:
            ticket_id: The ticket.
            text: What they read, the passed-on mails included (see :meth:`start_forward`).
            to: Whom it goes to.
            cc: Further recipients.
            bcc: Further recipients that the others do not see.
            then: What happens to the ticket.
            use_draft_files: Send the files of the agent's draft of a forward along.
            files: Further files.
            undo: Leave time to take it back; False sends at once (scripts).
            at: When it leaves; None: now.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: nothing to send, a bad address or none, files too large.
            NotAllowed: this ticket cannot be forwarded, or not there, with the reason.
        """
        wanted = Wanted(text, tuple(to), tuple(cc), then, None, self._ready(files), use_draft_files,
                        undo, tuple(bcc), DraftKind.FORWARD, at=at)  # fmt: skip
        return self._queue(ticket_id, wanted)

    def start_forward(self, ticket_id: int, message_id: int | None = None) -> Draft:
        """Return the agent's draft of a forward, begun with a message, or the talk, and its files.

        A draft that is there already stays as it is. Notes are never passed on.

        Args:
            ticket_id: The ticket.
            message_id: What to pass on; None passes on the whole talk with the customer.

        Raises:
            NotFound: ``ticket.missing`` or ``message.missing``.
            NotAllowed: nothing can leave from this ticket, with the reason.
        """
        key = DraftKey(ticket_id, self._agent_id(), DraftKind.FORWARD)
        with self._store.write() as connection:
            return begin_forward(connection, key, self._now(), message_id)

    def passed_on(self, ticket_id: int, message_id: int | None = None) -> PassedOnMails:
        """Return text and files of a forward without making a draft (scripts).

        Raises:
            NotFound: ``ticket.missing`` or ``message.missing``.
            NotAllowed: nothing can leave from this ticket, with the reason.
        """
        with self._store.read() as connection:
            return passed_on(connection, self._store.paths, ticket_id, message_id)

    def _ready(self, files: Sequence[OutgoingFile]) -> ReadyFiles:
        return ready(cleaned(self._store, files))

    def _queue(self, ticket_id: int, wanted: Wanted) -> Queued:
        self._agent_id()
        with self._store.write() as connection:
            target = answerable(connection, ticket_id, is_forward=wanted.is_forward)
            key = DraftKey(target.id, self._agent_id(), wanted.kind)
            macros = draft_rows.load_macros(connection, key) if wanted.use_draft_files else ()
            queued = queue_reply(
                connection, self._store.paths, self._actor, self._now(), target, wanted
            )
            if macros and self._macros is not None:
                # in the same transaction: no reply leaves without what its macros do
                self._macros().follow(connection, target.id, macros, queued.change_id)
        return queued

    def note(self, ticket_id: int, text: str) -> int:
        """Keep an internal note, with the files of the note's draft; return its message id.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: ``note.empty``.
        """
        key = DraftKey(ticket_id, self._agent_id(), DraftKind.NOTE)
        with self._store.write() as connection:
            files = stored_files(draft_rows.load_files(connection, key))
            message_id = write_note(connection, self._actor, self._now(), ticket_id, text, files)
            draft_rows.delete_draft(connection, key)
        return message_id

    def take_note_back(self, message_id: int) -> int:
        """Take an own note back: its text and files are a draft again; return its ticket.

        Raises:
            NotFound: ``note.missing``.
            NotAllowed: ``note.not-yours``, or ``note.answered``: a colleague wrote since.
        """
        with self._store.write() as connection:
            return note_to_draft(connection, self._actor, self._now(), message_id)

    def undo_send(self, message_id: int) -> Draft:
        """Take back a reply that has not left: its text and files return to the draft.

        What happened to the ticket with it is undone too, where nobody has changed it since.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.already-sent`` once the worker has it, ``reply.not-yours``.
        """
        with self._store.write() as connection:
            return unsend.undo_send(connection, self._actor, self._now(), message_id)

    def reschedule(self, message_id: int, at: datetime) -> None:
        """Let a scheduled reply leave at another moment.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.not-scheduled`` or ``reply.not-yours``.
            UsageError: ``schedule.past``.
        """
        with self._store.write() as connection:
            scheduling.reschedule(connection, self._actor, self._now(), message_id, at)

    def send_now(self, message_id: int) -> None:
        """Let a reply leave at once that is scheduled, or that could still be taken back.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``reply.not-waiting`` or ``reply.not-yours``.
        """
        with self._store.write() as connection:
            scheduling.send_now(connection, self._actor, self._now(), message_id)

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
