"""Replies leave for the relay, in their order; one that came twice is one message there."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpdesk_tui.db.chat.chats import Reply
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import RemoteError
from helpdesk_tui.domain.messages import AuthorKind
from helpdesk_tui.domain.webchat.chats import EndedBy
from helpdesk_tui.domain.webchat.reading import WireError
from helpdesk_tui.domain.webchat.wire import Author, OurMessage, WireFile
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.channels.sending import Outgoing, Taken
from helpdesk_tui.sync.channels.webchat.access import Line
from helpdesk_tui.sync.receiving import Password

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.webchat.client import RelayClient

log = logging.getLogger(__name__)

_FOREVER = 86_400.0
_LONGEST = 15.0
_TRIES = 3
"""Times a message is handed over until the relay has all its files."""
_AUTHORS = {AuthorKind.AGENT: Author.AGENT, AuthorKind.AI: Author.AI}


@dataclass(slots=True)
class _Site:
    """One account as the sender knows it."""

    line: Line
    settings: str
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.5, longest=_LONGEST))
    not_before: float = 0.0

    @property
    def is_away(self) -> bool:
        """Whether the relay was out of reach the last time."""
        return self.backoff.failures > 0


class ChatSender:
    """Hands messages over to relays, on connections that are kept."""

    def __init__(self, store: Store, password: Password) -> None:
        self._chats = Chats(store)
        self._password = password
        self._sites: dict[int, _Site] = {}

    @property
    def keeps_order(self) -> bool:
        """What is said later in a chat arrives later."""
        return True

    def is_ready(self, account: Account) -> bool:
        """Tell whether the relay can be reached; where it could not, it is asked now and then.

        So that an outage costs no message its tries.
        """
        site = self._site(account)
        if not site.is_away:
            return True
        if time.monotonic() < site.not_before:
            return False
        try:
            site.line.patient_client().health()
        except RemoteError as error:
            self._out_of_reach(site, error)
            return False
        site.backoff.clear()
        return True

    def send(self, outgoing: Outgoing) -> Taken:
        """Send one message; blocks.

        Never uncertain: whatever was lost on the way is sent again under the same id.
        """
        site = self._site(outgoing.account)
        reply = self._chats.reply(outgoing.claim.message_id)
        try:
            self._hand_over(site.line.patient_client(), reply)
        except Gone as error:
            self._over(outgoing.account, reply, error)
            raise Rejected(error.code) from error
        except WireError as error:
            self._out_of_reach(site, error)
            raise Retry(error.code, reason=str(error)) from error
        except Retry as error:
            self._out_of_reach(site, error)
            raise
        except ChannelError:
            site.line.drop()
            raise
        return Taken(is_filed=True)

    def holds(self, account: Account, external_id: str) -> bool:
        """Nothing is ever uncertain here."""
        return False

    def after_round(self, accounts: Mapping[int, Account], stop: threading.Event) -> None:
        """Forget accounts that are there no more."""
        for key in self._sites.keys() - accounts.keys():
            self._sites.pop(key).line.drop()

    def pause(self) -> float:
        """Return the seconds until a relay that was out of reach is asked again."""
        now = time.monotonic()
        away = [site.not_before - now for site in self._sites.values() if site.is_away]
        return max(0.1, min(away, default=_FOREVER))

    def end_round(self) -> None:
        """Keep the connections: the next message is to arrive at once."""

    def interrupt(self) -> None:
        """Let a message on its way out arrive."""

    def close(self) -> None:
        """Drop the connections."""
        for site in self._sites.values():
            site.line.drop()
        self._sites.clear()

    def _site(self, account: Account) -> _Site:
        known = self._sites.get(account.id)
        if known is None or known.settings != account.settings:
            if known is not None:
                known.line.drop()
            known = _Site(Line(account, self._password), account.settings)
            self._sites[account.id] = known
        return known

    def _out_of_reach(self, site: _Site, error: Exception) -> None:
        site.line.drop()
        least = error.after if isinstance(error, Retry) else 0.0
        site.not_before = time.monotonic() + site.backoff.next(at_least=least)

    def _hand_over(self, client: RelayClient, reply: Reply) -> None:
        """Send a message; where the relay lacks files of it, those first."""
        message = _message(reply)
        for _ in range(_TRIES):
            missing = client.send(message)
            if not missing:
                return
            for sha256 in missing:
                if sha256 not in {file.sha256 for file in message.files}:
                    raise WireError("relay.nonsense", what="files")
                client.put_file(sha256, self._chats.file(sha256))
        raise Retry("relay.keeps-no-file")

    def _over(self, account: Account, reply: Reply, error: Gone) -> None:
        """Note what the relay knew before this side: nothing can be said in this chat any more."""
        chat = self._chats.chat(account, reply.conversation)
        if chat is not None:
            by = EndedBy.AGENT if error.code == "chat.ended" else EndedBy.CHANNEL
            self._chats.closed(chat, by)


def _message(reply: Reply) -> OurMessage:
    return OurMessage(
        conversation=reply.conversation,
        id=reply.external_id,
        author=_AUTHORS.get(reply.author_kind, Author.AUTO),
        name=reply.author_name,
        text=reply.text,
        at=reply.at,
        files=tuple(
            WireFile(id=sha256, name=name, content_type=kind, size=size, sha256=sha256)
            for name, kind, size, sha256 in reply.files
        ),
    )
