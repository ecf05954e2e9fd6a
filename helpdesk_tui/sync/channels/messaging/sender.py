"""Messages leave part by part, each written down before its request: the sender of all providers.

What a message was split into, which part was being sent and which have left stands in the store
(``services/messaging/parts.py``). So a worker that begins anew goes on at the first part that is
not done; one that was being sent is looked for at the provider before anything else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from helpdesk_tui.db.messaging.parts import Outgoing as Message
from helpdesk_tui.db.messaging.parts import Part
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, StoreError
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.links import shortened
from helpdesk_tui.domain.messaging.parts import Reply
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.parts import Parts, Planned
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import (
    AuthFailed,
    ChannelError,
    NotYet,
    Rejected,
    Retry,
    Uncertain,
    Undecided,
)
from helpdesk_tui.sync.channels.messaging.media_links import MediaLinks
from helpdesk_tui.sync.channels.messaging.provider import (
    OutgoingMedia,
    OutgoingPart,
    Provider,
    TooFast,
)
from helpdesk_tui.sync.channels.sending import Outgoing, Taken
from helpdesk_tui.sync.receiving import Password

log = logging.getLogger(__name__)

MakeProvider = Callable[[Account, Password], Provider]

_LOOK_FOR = timedelta(seconds=60)
"""How long a part that may have left is looked for: providers list it late."""
_ASK_FOR = timedelta(minutes=10)
"""How long a provider that cannot be asked is waited for."""
_LOOK_EVERY = 5.0
_PUBLISHED_WITHIN = timedelta(seconds=20)
"""A relay that does not know short links by then is not waited for: the long ones leave."""
_LONGEST = 60.0
_TIDY_EVERY = 86_400.0
_FOREVER = 86_400.0


@dataclass(slots=True)
class _Line:
    """One account as the sender knows it."""

    provider: Provider
    links: MediaLinks
    settings: str
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.5, longest=_LONGEST))
    not_before: float = 0.0


class MessagingSender:
    """Hands messages over to providers; used by one thread."""

    def __init__(
        self,
        spec: ChannelSpec,
        store: Store,
        password: Password,
        make_provider: MakeProvider,
        *,
        now: Clock = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the sender of a channel.

        Args:
            spec: The channel.
            store: The store.
            password: Gives the secrets of accounts.
            make_provider: Connects an account.
            now: The clock on the wall.
            ticks: A clock that only goes forward, in seconds.
        """
        self._spec = spec
        self._parts = Parts(store, now=now)
        self._password = password
        self._make = make_provider
        self._now = now
        self._ticks = ticks
        self._tidy_at = 0.0
        self._lines: dict[int, _Line] = {}
        self._waits: dict[int, tuple[str, float]] = {}

    @property
    def keeps_order(self) -> bool:
        """What is said later to a customer arrives later."""
        return True

    def is_ready(self, account: Account) -> bool:
        """Tell whether an account may send: not while it was told to wait."""
        settings, until = self._waits.get(account.id, ("", 0.0))
        if settings == account.settings and self._ticks() < until:
            return False
        line = self._lines.get(account.id)
        return line is None or self._ticks() >= line.not_before

    def send(self, outgoing: Outgoing) -> Taken:
        """Send what is left of a message; blocks.

        Raises:
            NotYet: it waits for its turn, or for news of a part that may have left.
            Retry: the account has to wait.
            Rejected: refused for good, by the provider or by our own rules.
            AuthFailed: the credentials are refused.
            Undecided: nobody can tell whether a part has left.
        """
        line = self._line(outgoing.account)
        planned = self._planned(line, outgoing)
        for part in planned.parts:
            if part.has_left:
                continue
            outgoing.outbox.keep(outgoing.claim.message_id, outgoing.owner)
            self._bring_out(line, outgoing, planned, part)
        line.backoff.clear()
        return Taken(is_filed=True)

    def holds(self, account: Account, external_id: str) -> bool:
        """Nothing is left to be looked for here: parts are settled one by one."""
        return False

    def after_round(self, accounts: Mapping[int, Account], stop: threading.Event) -> None:
        """Forget accounts that are there no more."""
        for key in self._lines.keys() - accounts.keys():
            self._drop(key)
        if self._ticks() >= self._tidy_at:
            self._tidy_at = self._ticks() + _TIDY_EVERY
            self._parts.forget_old()

    def pause(self) -> float:
        """Return the seconds until an account may send again."""
        moment = self._ticks()
        waits = [line.not_before - moment for line in self._lines.values()]
        waits += [until - moment for _, until in self._waits.values()]
        waits = [wait for wait in waits if wait > 0]
        return max(0.2, min(waits, default=_FOREVER))

    def end_round(self) -> None:
        """Keep the connections: the next message is to leave at once."""

    def interrupt(self) -> None:
        """Let a part on its way out leave."""

    def close(self) -> None:
        """Drop the connections."""
        for key in list(self._lines):
            self._drop(key)

    def _line(self, account: Account) -> _Line:
        known = self._lines.get(account.id)
        if known is not None and known.settings == account.settings:
            return known
        self._drop(account.id)
        try:
            provider = self._make(account, self._password)
        except StoreError:
            raise
        except HelpdeskError as error:
            # nothing is wrong with the message: it waits until the account is in order
            wait = self._ticks() + _LONGEST
            self._waits[account.id] = (account.settings, wait)
            raise NotYet(error.code, after=_LONGEST) from error
        self._waits.pop(account.id, None)
        line = _Line(provider, MediaLinks(account, self._password), account.settings)
        self._lines[account.id] = line
        return line

    def _drop(self, key: int) -> None:
        line = self._lines.pop(key, None)
        if line is not None:
            line.provider.close()
            line.links.close()

    def _planned(self, line: _Line, outgoing: Outgoing) -> Planned:
        """Return a message with its parts, planned now if they were not yet."""
        key = outgoing.claim.message_id
        found = self._parts.load(key, self._spec)
        if found.parts:
            return found
        message = found.message
        text = message.text
        if found.short.is_published:
            text = shortened(text, found.short.links)
        elif self._now() - message.written_at < _PUBLISHED_WITHIN:
            raise NotYet(after=1.0)
        reply = Reply(text, message.files, message.template)
        parts = line.provider.plan(reply)
        if not parts:
            raise Rejected("reply.empty")
        self._parts.plan(key, outgoing.account.id, parts)
        return self._parts.load(key, self._spec)

    def _bring_out(self, line: _Line, outgoing: Outgoing, planned: Planned, part: Part) -> None:
        """Let one part leave, or find out that it has."""
        if part.state is Delivery.FAILED:
            raise Rejected(part.error_code or "delivery.no-reason", text=part.error_text)
        if part.state is Delivery.UNKNOWN:
            raise Undecided("outbox.uncertain")
        if part.state is Delivery.SENDING:
            self._look(line, planned, part)
            return
        wait = line.provider.pace(planned.message.address)
        if wait > 0:
            raise NotYet(after=wait)
        ready = self._ready(line, planned, part)
        try:
            self._parts.begin(part, outgoing.owner, self._spec)
        except NotAllowed as error:
            raise Rejected(error.code, **error.values) from error
        self._request(line, ready, part)

    def _request(self, line: _Line, ready: OutgoingPart, part: Part) -> None:
        """Make the request of a part that is written down."""
        try:
            accepted = line.provider.send(ready)
        except Uncertain as error:
            log.warning("message %s: %s, looked for", part.message_id, error.code)
            raise NotYet("outbox.uncertain", after=1.0) from error
        except TooFast as error:
            self._parts.put_back(part)
            raise NotYet(after=max(error.after, 0.5)) from error
        except (Retry, AuthFailed) as error:
            self._parts.put_back(part)
            self._wait(line, error)
            raise
        except (Conflict, StoreError):
            raise
        except HelpdeskError as error:
            self._parts.refused(part, error.code, str(error.values.get("text", "")))
            raise
        self._parts.accepted(
            part, accepted.provider_id, accepted.state, is_polled=line.provider.polls_status
        )

    def _look(self, line: _Line, planned: Planned, part: Part) -> None:
        """Find out whether a part has left whose request nobody saw the end of."""
        provider = line.provider
        age = self._now() - (part.begun_at or planned.message.written_at)
        found, can_ask = part.provider_id or None, True
        if found is None and provider.can_find:
            try:
                found = provider.find(self._outgoing(planned, part))
            except ChannelError as error:
                log.warning("message %s cannot be looked for: %s", part.message_id, error.code)
                can_ask = False
        if found is not None:
            self._parts.accepted(part, found, Delivery.SENT, is_polled=provider.polls_status)
            return
        if age < (_LOOK_FOR if can_ask else _ASK_FOR):
            raise NotYet("outbox.uncertain", after=_LOOK_EVERY)
        self._parts.unknown(part)
        raise Undecided("outbox.uncertain")

    def _wait(self, line: _Line, error: Retry | AuthFailed) -> None:
        """Let the whole account wait."""
        least = error.after if isinstance(error, Retry) else _LOOK_EVERY
        line.not_before = self._ticks() + line.backoff.next(at_least=least)
        if isinstance(error, AuthFailed):
            # the next try asks for the secret anew
            line.settings = ""

    def _ready(self, line: _Line, planned: Planned, part: Part) -> OutgoingPart:
        """Return a part as its request is made; what it needs is served before."""
        ready = self._outgoing(planned, part)
        if not (ready.files and line.provider.needs_url):
            return ready
        try:
            return line.links.served(ready, self._parts.secret())
        except Retry as error:
            raise NotYet(error.code, after=max(error.after, _LOOK_EVERY)) from error

    def _outgoing(self, planned: Planned, part: Part) -> OutgoingPart:
        message: Message = planned.message
        known = {file.sha256: file for file in message.files}
        return OutgoingPart(
            message_id=part.message_id,
            position=part.position,
            kind=part.kind,
            address=message.address,
            ours=message.ours,
            text=part.text,
            files=tuple(
                OutgoingMedia(
                    sha256=each,
                    name=known[each].name,
                    content_type=known[each].content_type,
                    size=known[each].size,
                    read=partial(self._parts.blob, each),
                )
                for each in part.files
                if each in known
            ),
            template=message.template,
            template_id=planned.template_id,
            uses_human_tag=planned.uses_human_tag,
            begun_at=part.begun_at,
            provider_id=part.provider_id,
        )
