"""What the threads of an account at Twilio connect with."""

from __future__ import annotations

import time

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.messaging.parts import Parts
from helpdesk_tui.sync.channels.twilio.client import TwilioClient
from helpdesk_tui.sync.channels.twilio.provider import TwilioProvider
from helpdesk_tui.sync.channels.twilio.settings import read_settings
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relay_line import hook_of, line_of

_ASK_AGAIN = 600.0


def make_client(account: Account, password: Password) -> TwilioClient:
    """Return a new connection to an account; raises HelpdeskError."""
    return TwilioClient(read_settings(account), password(account, "token"))


def make_provider(store: Store, account: Account, password: Password) -> TwilioProvider:
    """Return what sends for an account; raises HelpdeskError."""
    parts = Parts(store)
    return TwilioProvider(
        read_settings(account),
        make_client(account, password),
        is_known=lambda sid: parts.is_known(account.id, sid),
        callback=Callback(account, password),
    )


class Callback:
    """The address at the relay that is told what becomes of messages; it helps, no more."""

    def __init__(self, account: Account, password: Password) -> None:
        self._account = account
        self._password = password
        self._url = ""
        self._ask_at = 0.0

    def __call__(self) -> str:
        """Return the address, empty where there is none or it cannot be asked for."""
        if not self._url and time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + _ASK_AGAIN
            try:
                self._url = self._asked()
            except HelpdeskError:
                # what becomes of messages is asked for as well
                return ""
        return self._url

    def _asked(self) -> str:
        hook = hook_of(self._account)
        line = line_of(self._account, self._password) if hook else None
        if line is None:
            return ""
        try:
            return line.hook_health(hook).url
        finally:
            line.close()
