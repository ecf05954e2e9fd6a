"""The worker's side of chats: what visitors did comes in, what the relay has to hear goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from helpdesk_tui.db.accounts import load_position
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.chat import chats as rows
from helpdesk_tui.db.chat.chats import ChatRow, Read, Reply
from helpdesk_tui.db.ingest import move_cursor
from helpdesk_tui.db.replies import load_author
from helpdesk_tui.db.settings import (
    DESK,
    delete_setting,
    load_desk_settings,
    load_setting,
    save_setting,
)
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM, Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.received import Source, Summary
from helpdesk_tui.domain.setting.responder import has_responder
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.webchat.chats import EndedBy
from helpdesk_tui.domain.webchat.wire import Event, EventKind
from helpdesk_tui.services.chat.events import ChatEvents, end_chat
from helpdesk_tui.services.clock import Clock, utc_now

BATCH = 50
"""Events of one transaction: agents' writes get in between two of them."""
_FOLDER = "relay"


class Chats:
    """Stores what the relay tells and says what it has to be told; every call blocks."""

    def __init__(self, store: Store, actor: Actor = SYSTEM, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def position(self, account: Account) -> int:
        """Return the number of the newest event of an account that is stored."""
        with self._store.read() as connection:
            return load_position(connection, account.id, _FOLDER)[1]

    def ingest(
        self, account: Account, events: Sequence[Event], files: Mapping[str, bytes]
    ) -> Summary:
        """Store events in their order and move the account's cursor: one transaction.

        Events that are stored already change nothing: they may come any number of times.

        Args:
            account: Whose site they are of.
            events: At most :data:`BATCH` of them, as :func:`batches` makes them.
            files: The bytes of uploads by their SHA-256, as far as the relay still has them.

        Raises:
            StoreError: if they cannot be stored; nothing of them is then.
        """
        if not events:
            return Summary()
        with self._store.write(bulk=True) as connection:
            now = self._now()
            work = ChatEvents(
                connection, self._store.paths, account, now,
                position=load_position(connection, account.id, _FOLDER)[1],
                has_responder=has_responder(load_desk_settings(connection)),
            )  # fmt: skip
            for event in events:
                work.add(event, files)
            work.finish()
            source = Source(account.id, account.address, _FOLDER)
            move_cursor(connection, source, max(event.seq for event in events), to_us(now))
        return work.summary

    def running(self, account: Account) -> list[ChatRow]:
        """Return the chats of an account in which either side can still write."""
        with self._store.read() as connection:
            return rows.load_running(connection, account.id)

    def read_by_agents(self, account: Account) -> list[Read]:
        """Return how far agents have read in the running chats of an account."""
        with self._store.read() as connection:
            return rows.load_read(connection, account.id)

    def to_close(self, account: Account) -> list[tuple[ChatRow, EndedBy]]:
        """Return the chats whose visitors are to be told of the end now, and by whom it came."""
        with self._store.read() as connection:
            return rows.load_to_close(connection, account.id, self._now())

    def next_closing(self, account: Account) -> datetime | None:
        """Return when the next visitor is to be told of the end."""
        with self._store.read() as connection:
            return rows.next_closing(connection, account.id)

    def closed(self, chat: ChatRow, by: EndedBy) -> bool:
        """The relay has ended a chat: it is final for both sides; False if it was before.

        Even where the end was taken back meanwhile: the visitor was told of it.
        """
        with self._store.write() as connection:
            found = rows.chat_of_ticket(connection, chat.ticket_id)
            if found is None or found.ended_at is not None:
                return False
            end_chat(connection, self._actor, self._now(), found, by)
        return True

    def is_told_off(self, account: Account) -> bool:
        """Tell whether the relay shows nothing of an account: never did, or was told of its end."""
        with self._store.read() as connection:
            return load_setting(connection, _published(account), DESK) is None

    def told_off(self, account: Account) -> None:
        """The relay knows that an account is switched off, and no chat runs there."""
        with self._store.write(bulk=True) as connection:
            delete_setting(connection, _published(account), DESK)

    def will_publish(self, account: Account) -> None:
        """The relay is about to show an account, and has to be told once it is switched off."""
        if self.is_told_off(account):
            with self._store.write(bulk=True) as connection:
                save_setting(connection, _published(account), DESK, "true")

    def reply(self, message_id: int) -> Reply:
        """Return a message of ours as the relay gets it.

        Raises:
            NotFound: ``message.missing``.
        """
        with self._store.read() as connection:
            found = rows.load_reply(connection, message_id)
        if found is None:
            raise NotFound("message.missing", id=message_id)
        return found

    def chat(self, account: Account, conversation: str) -> ChatRow | None:
        """Return the chat of a conversation."""
        with self._store.read() as connection:
            return rows.find_chat(connection, account.id, conversation)

    def file(self, sha256: str) -> bytes:
        """Return the bytes of a file of ours; raises NotFound ``blob.missing``."""
        with self._store.read() as connection:
            return get_blob(connection, self._store.paths, sha256)

    def agent_name(self, agent_id: int) -> str:
        """Return how visitors see an agent."""
        with self._store.read() as connection:
            return load_author(connection, agent_id).name


def batches(events: Sequence[Event], most_bytes: int) -> list[list[Event]]:
    """Return events in groups that are stored together.

    The beginning of a conversation stays with its first message, as a ticket is made of both; and
    a group has files of ``most_bytes`` together at most, unless a single message has more.
    """
    groups: list[list[Event]] = []
    size = 0
    for event in events:
        weight = sum(each.size for each in event.files)
        is_full = bool(groups) and (len(groups[-1]) >= BATCH or size + weight > most_bytes)
        if not groups or is_full:
            moved = groups[-1].pop() if groups and _begins(groups[-1]) else None
            groups.append([] if moved is None else [moved])
            size = 0
        groups[-1].append(event)
        size += weight
    return [group for group in groups if group]


def _published(account: Account) -> str:
    return f"webchat-published.{account.id}"


def _begins(group: Sequence[Event]) -> bool:
    return bool(group) and group[-1].kind is EventKind.STARTED
