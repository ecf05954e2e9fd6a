"""The send ledger of messages: what is about to leave is written down first, what left after.

One transaction each. Whatever ends a worker in between, the next one finds how far it got.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.messaging import early, parts
from helpdesk_tui.db.messaging.answers import is_answer
from helpdesk_tui.db.messaging.parts import Outgoing, Part
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.db.replies import remove_message
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PlannedPart
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.domain.messaging.statuses import ENDS, furthest
from helpdesk_tui.domain.messaging.windows import needs_human_tag
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.gate import lock_at_leaving
from helpdesk_tui.services.messaging.shortening import ShortOnes, links_of
from helpdesk_tui.services.messaging.statuses import code_of, opted_out, settle, told

_FIRST_CHECK = timedelta(seconds=5)
"""After a provider has taken a part, before it is asked what became of it."""
_KEPT = timedelta(days=8)
"""Providers say things anew for up to a week."""


_NONE = ShortOnes({}, is_published=True)


@dataclass(frozen=True, slots=True)
class Planned:
    """A message with its parts, as it is about to leave."""

    message: Outgoing
    parts: tuple[Part, ...]
    uses_human_tag: bool
    template_id: str = ""
    short: ShortOnes = _NONE


class Parts:
    """Reads and writes the ledger for the worker; every call blocks."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now

    def load(self, message_id: int, spec: ChannelSpec) -> Planned:
        """Return a message of ours and its parts; none before they were planned.

        Raises:
            NotFound: ``message.missing``.
        """
        with self._store.read() as connection:
            message = parts.load_outgoing(connection, message_id)
            if message is None:
                raise NotFound("message.missing", id=message_id)
            found = tuple(parts.load_parts(connection, message_id))
            info = load_messaging(connection, message.ticket_id)
            tagged = info is not None and needs_human_tag(info, spec, self._now())
            template_id = ""
            if message.template is not None and info is not None:
                template_id = parts.load_template_id(connection, info.account_id, message.template)
            short = _NONE
            if info is not None and not found:
                short = links_of(connection, message_id, info.account_id)
        return Planned(message, found, tagged, template_id, short)

    def plan(self, message_id: int, account_id: int, planned: Sequence[PlannedPart]) -> None:
        """Write down what a message leaves in, once: a plan that is there stays."""
        with self._store.write() as connection:
            if not parts.load_parts(connection, message_id):
                parts.insert_parts(connection, message_id, account_id, planned)

    def begin(self, part: Part, owner: str, spec: ChannelSpec) -> datetime:
        """Commit that the request of a part is about to be made, and return the moment.

        Raises:
            Conflict: ``outbox.lost-claim``.
            NotAllowed: it may not leave any more, with the reason.
        """
        now = self._now()
        with self._store.write() as connection:
            message = parts.load_outgoing(connection, part.message_id)
            if message is None:
                raise NotFound("message.missing", id=part.message_id)
            lock = lock_at_leaving(connection, message, spec, now)
            if lock is not None:
                raise NotAllowed(lock.code, **lock.values)
            if not parts.begin(connection, part.message_id, part.position, owner, now):
                raise Conflict("outbox.lost-claim", id=part.message_id)
        return now

    def put_back(self, part: Part) -> None:
        """Note that a request was certainly not carried out."""
        with self._store.write() as connection:
            parts.put_back(connection, part.message_id, part.position)

    def accepted(
        self, part: Part, provider_id: str, state: Delivery, *, is_polled: bool = False
    ) -> None:
        """Note that the provider has a part, and use what it said of it before.

        Args:
            part: The part.
            provider_id: By which the provider knows it.
            state: How far it is.
            is_polled: The provider has to be asked what becomes of it.
        """
        now = self._now()
        with self._store.write() as connection:
            kept = next(
                (each for each in parts.load_parts(connection, part.message_id)
                 if each.position == part.position), part)  # fmt: skip
            reached = furthest(kept.state, state if state is not Delivery.FAILED else Delivery.SENT)
            parts.save_state(connection, kept, reached, provider_id=provider_id)
            known = parts.by_provider_id(connection, part.account_id, provider_id) or part
            if is_polled and known.state not in ENDS:
                parts.set_check(connection, known, now + _FIRST_CHECK, 0)
            for each in early.take_early(connection, part.account_id, provider_id):
                code = code_of(connection, part.account_id, each.code)
                fresh = parts.by_provider_id(connection, part.account_id, provider_id) or known
                told(connection, fresh, each.state, code, each.text)
            for echo in parts.drop_echo(connection, part.account_id, provider_id):
                remove_message(connection, echo)
            if part.position == 0:
                parts.name_message(connection, part.message_id, provider_id)

    def refused(self, part: Part, code: str, text: str) -> None:
        """Note that a part was refused for good."""
        with self._store.write() as connection:
            parts.save_state(connection, part, Delivery.FAILED, code=code, text=text)
            opted_out(connection, self._now(), part.message_id, code)

    def unknown(self, part: Part) -> None:
        """Note that nobody can tell whether a part has left."""
        with self._store.write() as connection:
            parts.save_state(connection, part, Delivery.UNKNOWN)

    def blob(self, sha256: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            NotFound: ``blob.missing``.
        """
        with self._store.read() as connection:
            return get_blob(connection, self._store.paths, sha256)

    def secret(self) -> str:
        """Return the secret of the store that unguessable names are made with."""
        with self._store.read() as connection:
            return load_desk(connection).secret

    def checks_due(self, account_id: int, now: datetime, most: int) -> list[Part]:
        """Return the parts of which the provider is to be asked now, longest due first."""
        with self._store.read() as connection:
            return parts.due_checks(connection, account_id, now, most)

    def checked(self, part: Part, news: StatusNews | None, next_check_at: datetime | None) -> None:
        """Note what a provider has answered, and when it is asked again.

        Args:
            part: What it was asked of.
            news: Its answer; None where it could not say.
            next_check_at: When it is asked again; None: no more.
        """
        now = self._now()
        with self._store.write() as connection:
            parts.set_check(connection, part, next_check_at, part.checks + 1)
            fresh = parts.by_provider_id(connection, part.account_id, part.provider_id)
            if news is not None and fresh is not None:
                code = code_of(connection, part.account_id, news.code)
                told(connection, fresh, news.state, code, news.text)
                settle(connection, SYSTEM, now, part.message_id)

    def is_known(self, account_id: int, provider_id: str) -> bool:
        """Tell whether a message that a provider lists is one of ours that is accounted for."""
        with self._store.read() as connection:
            known = parts.by_provider_id(connection, account_id, provider_id)
            return known is not None or is_answer(connection, account_id, provider_id)

    def first_check(self, account_id: int) -> datetime | None:
        """Return when a provider is to be asked next."""
        with self._store.read() as connection:
            return parts.first_check(connection, account_id)

    def forget_old(self) -> None:
        """Forget what providers said long ago of messages that nobody knows."""
        with self._store.write(bulk=True) as connection:
            early.forget_early(connection, self._now() - _KEPT)
