"""What the contract tests need of a channel: a desk on this side, a customer on the other."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.channels import CHANNELS, ChannelSpec
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.once import sync_once
from tests.support.store import add_agent, make_store
from tests.support.waiting import until


class Killed(BaseException):
    """A worker ends here and now: nothing of the program may catch it."""


@dataclass(frozen=True, slots=True)
class Came:
    """What the customer got of us."""

    text: str
    files: tuple[bytes, ...] = ()


@dataclass(slots=True)
class Secrets:
    """Stands for the keeper of secrets."""

    by_purpose: dict[str, str] = field(default_factory=dict)
    are_wrong: bool = False
    """What logs in is not what it should be."""

    def __call__(self, account: Account, purpose: str) -> str:
        """Return a secret of an account."""
        found = self.by_purpose.get(purpose, "")
        return f"wrong {found}" if self.are_wrong and purpose in self.logins else found

    logins: frozenset[str] = frozenset({"imap", "smtp", "token", "relay"})
    """Purposes that log in."""


class Rig(ABC):
    """A channel with both of its ends; a subclass says how the other end behaves."""

    channel = ""
    """Name of the channel."""
    kind = ""
    """What tells rigs of one channel apart, such as the provider."""
    tells_delivered = True
    """The other side says that a message has arrived."""
    is_told_off = False
    """The other side is told that an account is switched off, and what it still held is kept."""
    keeps_order = True
    """What is said later in a ticket does not arrive earlier, whatever is put off."""

    def __init__(self, folder: Path) -> None:
        self.secrets = Secrets()
        self.store: Store = make_store(folder)
        add_agent(self.store)
        self.agent = Actor(ActorKind.AGENT, 1, "anna")

    # what subclasses say

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the settings of the account."""

    address = ""
    """Of ours."""

    @abstractmethod
    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        """Let the customer write something new."""

    @abstractmethod
    def repeat(self) -> None:
        """Let the provider bring what the customer wrote last once more."""

    @abstractmethod
    def came(self) -> list[Came]:
        """Return what the customer got of us, oldest first."""

    @abstractmethod
    def busy(self) -> None:
        """Let the next send be put off by the provider; nothing is done."""

    def is_fine(self) -> bool:
        """Tell whether the other end found nothing to object to."""
        return True

    # the desk

    @property
    def spec(self) -> ChannelSpec:
        """The channel's declaration."""
        return CHANNELS[self.channel]

    @property
    def adapter(self) -> Adapter:
        """The channel's adapter."""
        return adapter_of(self.channel)

    def connect(self) -> None:
        """Add the account."""
        with self.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (name, channel, address, enabled, settings,"
                " created_at, error_code, error_text, state)"
                " VALUES ('desk', ?, ?, 1, ?, 0, '', '', 'new')",
                (self.channel, self.address, json.dumps(self.settings())),
            )

    @property
    def account(self) -> Account:
        """The account as the store has it now."""
        return Accounts(self.store, SYSTEM).named("desk")

    def round(self) -> dict[str, Any]:
        """Let the worker do one round; returns its summary."""
        return sync_once(self.store, "", threading.Event(), self.secrets)

    def round_until(self, holds: Callable[[], bool], seconds: float = 40) -> None:
        """Let the worker do rounds until something is so."""

        def holds_now() -> bool:
            self.round()
            return holds()

        until(holds_now, seconds)

    def heard(self) -> list[str]:
        """Return what the customer has written, in the order of the thread."""
        query = "SELECT text FROM message WHERE direction = 'inbound' ORDER BY received_at, id"
        return [row[0].strip() for row in self.rows(query)]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(query, values)]

    def change(self, query: str, *values: Any) -> None:
        """Change something behind the back of the services."""
        with self.store.write() as connection:
            connection.execute(query, values)

    def reply(self, text: str, files: Sequence[OutgoingFile] = (), ticket: int = 1) -> int:
        """Queue a reply that is due at once; returns its id."""
        replies = Replies(self.store, self.agent)
        return replies.reply(ticket, text, seen=None, undo=False, files=files).message_id

    def switch(self, *, on: bool) -> None:
        """Switch the account on or off."""
        self.change("UPDATE channel_account SET enabled = ?", int(on))

    @contextmanager
    def killed_at_write(self, number: int, *, is_after: bool) -> Iterator[None]:
        """Kill the worker at a write to the store: before it is committed, or right after."""
        count = 0
        write = Store.write

        @contextmanager
        def mortal(store: Store, *, bulk: bool = False) -> Iterator[Any]:
            nonlocal count
            count += 1
            mine = count == number
            with write(store, bulk=bulk) as connection:
                yield connection
                if mine and not is_after:
                    raise Killed
            if mine:
                raise Killed

        with mock.patch.object(Store, "write", mortal):
            yield

    def blob(self, sha256: str) -> bytes:
        """Return the bytes of a stored file."""
        with self.store.read() as connection:
            return get_blob(connection, self.store.paths, sha256)

    def mended(self) -> None:
        """Say that an account has been put right, as saving a secret does."""
        self.change("UPDATE channel_account SET state = 'new', error_code = ''")
        self.change("UPDATE message SET delivery = 'queued', due_at = 0 WHERE delivery = 'failed'")

    def close(self) -> None:
        """End everything of this side."""
        self.store.close()
