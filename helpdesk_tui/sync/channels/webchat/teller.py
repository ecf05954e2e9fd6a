"""The thread that tells the relay: the site, who types, what was read, and that a chat is over."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from helpdesk_tui.db.chat.chats import ChatRow
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.webchat.chats import CLOSING, EndedBy
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.chat.publishing import site_hash, site_of_account
from helpdesk_tui.services.chat.typing import Typing
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Gone
from helpdesk_tui.sync.channels.webchat.access import Line
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import STOPPED_PAUSE, Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.webchat.client import RelayClient

log = logging.getLogger(__name__)

_LOOK = 0.2
"""Seconds between two looks for who types."""
_IDLE_LOOK = 2.0
"""The same while no chat runs."""
_TYPING_ANEW = 3.0
_PUBLISH_EVERY = 3_600.0
_PUBLISH_LOOK = 1.0
"""Seconds between two looks whether the site has changed."""
_END_AGAIN = 1.0
_GIVEN_UP_LOOK = 30.0


def identity_keys(account: Account, password: Password) -> tuple[str, ...]:
    """Return what the shop signs with, newest first; raises HelpdeskError where there is none."""
    return (password(account, "identity"), password(account, "identity-old"))


class TellLoop(Loop):
    """Keeps the relay's picture of one account up to date; its trouble is the receiver's too."""

    def __init__(self, receiver: ReceiveLoop, store: Store, password: Password) -> None:
        super().__init__(f"tell {receiver.account.name}")
        self._account = receiver.account
        self._receiver = receiver
        self._store = store
        self._password = password
        self._chats = Chats(store)
        self._typing = Typing(store)
        self._line = Line(self._account, password)
        self._backoff = Backoff(longest=60.0)
        self._changed = threading.Event()
        self._changed.set()
        self._published = ""
        self._published_at = self._looked_at = 0.0
        self._may_differ = True
        self._troubles = 0
        self._tickets: dict[int, str] = {}
        self._read: dict[str, str] = {}
        self._typists: dict[str, tuple[str, float]] = {}
        self._names: dict[int, str] = {}
        self._end_at = 0.0

    def store_changed(self) -> None:
        """Look what there is to tell."""
        self._changed.set()
        self.wake()

    def interrupt(self) -> None:
        """Cut the connection."""
        self._line.drop()

    def finish(self) -> None:
        """Close the connection."""
        self._line.drop()
        self._typing.close()

    def once(self) -> None:
        """Tell all that is to be told."""
        self.tell()

    def step(self) -> float:
        """Tell what is new; return the seconds until the next look."""
        if self._receiver.has_given_up:
            return _GIVEN_UP_LOOK
        try:
            self.tell()
        except HelpdeskError as error:
            if self.stopping.is_set():
                return 0.0
            log.info("%s: %s", self.name, error.code)
            self._line.drop()
            # whatever a relay out of reach has lost meanwhile is told anew
            self._published, self._read, self._typists = "", {}, {}
            self._changed.set()
            return self._backoff.next()
        self._backoff.clear()
        if self._tickets:
            return _LOOK
        return _PUBLISH_LOOK if self._may_differ else _IDLE_LOOK

    def tell(self) -> None:
        """Tell all that is to be told now; raises HelpdeskError."""
        client = self._line.client()
        is_changed = self._changed.is_set()
        self._changed.clear()
        self._may_differ = self._may_differ or is_changed
        self._publish(client)
        if is_changed:
            running = self._chats.running(self._account)
            self._tickets = {chat.ticket_id: chat.conversation for chat in running}
            self._tell_read(client)
        self._end_chats(client, is_changed=is_changed)
        if self._tickets or self._typists:
            self._tell_typing(client)

    def _publish(self, client: RelayClient) -> None:
        """Publish the site if anything of it has changed, and every hour, as hours move on."""
        now = time.monotonic()
        if self._troubles != self._receiver.troubles:
            # a relay that was away may have come back without what it knew
            self._troubles, self._published = self._receiver.troubles, ""
        is_old = not self._published or now - self._published_at >= _PUBLISH_EVERY
        if not is_old and not (self._may_differ and now - self._looked_at >= _PUBLISH_LOOK):
            return
        self._may_differ, self._looked_at = False, now
        keys = identity_keys(self._account, self._password)
        site = site_of_account(self._store, self._account, keys)
        found = site_hash(site)
        if found != self._published or is_old:
            self._chats.will_publish(self._account)
            client.publish(site)
            self._published, self._published_at = found, now

    def _tell_read(self, client: RelayClient) -> None:
        """Say how far the agents have read, where that is news."""
        read = {
            each.conversation: each.client_id for each in self._chats.read_by_agents(self._account)
        }
        for conversation, client_id in read.items():
            if self._read.get(conversation) != client_id:
                client.seen(conversation, client_id)
                self._read[conversation] = client_id
        self._read = {
            name: self._read[name] for name in self._tickets.values() if name in self._read
        }

    def _end_chats(self, client: RelayClient, *, is_changed: bool) -> None:
        """End chats whose time has come: final once the relay has agreed."""
        now = time.monotonic()
        if not is_changed and now < self._end_at:
            return
        for chat, by in self._chats.to_close(self._account):
            if self.stopping.is_set():
                return
            end_at_relay(client, self._chats, chat, by)
        following = self._chats.next_closing(self._account)
        left = STOPPED_PAUSE if following is None else following.timestamp() - time.time()
        # a clock that went back must not keep a visitor waiting
        left = min(left, CLOSING.total_seconds())
        self._end_at = now + (left if left > 0 else _END_AGAIN)

    def _tell_typing(self, client: RelayClient) -> None:
        """Say which agents write in running chats; again and again, as the relay forgets soon."""
        writing = {
            self._tickets[ticket_id]: self._name(agent_id)
            for ticket_id, agent_id in self._typing.look().items()
            if ticket_id in self._tickets
        }
        now = time.monotonic()
        for conversation, name in writing.items():
            known = self._typists.get(conversation)
            if known is None or known[0] != name or now - known[1] >= _TYPING_ANEW:
                client.typing(conversation, name, typing=True)
                self._typists[conversation] = name, now
        for conversation in list(self._typists.keys() - writing.keys()):
            client.typing(conversation, self._typists.pop(conversation)[0], typing=False)

    def _name(self, agent_id: int) -> str:
        if agent_id not in self._names:
            self._names[agent_id] = self._chats.agent_name(agent_id)
        return self._names[agent_id]


def end_at_relay(client: RelayClient, chats: Chats, chat: ChatRow, by: EndedBy) -> bool:
    """End a chat there and then here; False if its visitor has written something meanwhile.

    Args:
        client: Of the chat's account.
        chats: Notes the end.
        chat: The chat as it stood when its end was decided: what came later is an objection, also
            when it is stored here by now.
        by: Who ended it.

    Raises:
        HelpdeskError: as the relay or the store fail; asking again is harmless.
    """
    try:
        if not client.end(chat.conversation, chat.last_seq, by.value):
            return False
    except Gone:
        log.info("chat %s is not known at the relay any more", chat.conversation)
    chats.closed(chat, by)
    return True
