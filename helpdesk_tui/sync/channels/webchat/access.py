"""How the threads of an account come to their connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.channels.webchat.settings import read_settings
from helpdesk_tui.sync.receiving import Password

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.webchat.client import RelayClient


class Line:
    """The connection of one account for one thread: made when it is needed, dropped after trouble.

    What is wrong with settings or token may be put right at any time, and is tried again.
    """

    def __init__(self, account: Account, password: Password) -> None:
        self.account = account
        self._password = password
        self._client: RelayClient | None = None

    @property
    def is_new(self) -> bool:
        """Whether the next request is the first one since trouble, or ever."""
        return self._client is None

    def client(self) -> RelayClient:
        """Return the connection; raises HelpdeskError."""
        if self._client is None:
            # a desk whose chats are switched off never loads what speaks to a relay
            from helpdesk_tui.sync.channels.webchat.client import RelayClient

            settings = read_settings(self.account.settings, self.account.address)
            self._client = RelayClient(settings, self._password(self.account, "relay"))
        return self._client

    def patient_client(self) -> RelayClient:
        """Return the connection; whatever is wrong with settings or token is a reason to wait.

        Raises:
            Retry: with the code of what is wrong.
        """
        try:
            return self.client()
        except HelpdeskError as error:
            raise Retry(error.code, reason=str(error)) from error

    def drop(self) -> None:
        """Cut the connection; the next request makes a new one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
