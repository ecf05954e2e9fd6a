"""What runs for one number at Twilio, whichever channel it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.messaging.keyword_loop import KeywordLoop
from helpdesk_tui.sync.channels.messaging.media_loop import MediaLoop
from helpdesk_tui.sync.channels.messaging.status_loop import StatusLoop
from helpdesk_tui.sync.channels.twilio.checks import check_account
from helpdesk_tui.sync.channels.twilio.connecting import make_provider
from helpdesk_tui.sync.channels.twilio.hook_loop import HookLoop
from helpdesk_tui.sync.channels.twilio.media import TwilioMedia
from helpdesk_tui.sync.channels.twilio.receiver import TwilioReceiver
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop
from helpdesk_tui.sync.relay_line import hook_of, relay_of

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.messaging.provider import Provider

__all__ = ["beside", "make_provider", "receiver", "test"]


def receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    """Return the thread that reads the messages to a number."""
    return TwilioReceiver(account, store, password)


def beside(reading: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    """Return what fetches files, follows what was sent and listens to the webhook."""
    account = reading.account

    def connect() -> Provider:
        return make_provider(store, account, password)

    loops: list[Loop] = [
        MediaLoop(reading, store, TwilioMedia(account, password).fetch),
        StatusLoop(reading, store, connect),
        KeywordLoop(reading, store, connect),
    ]
    if _has_hook(account):
        loops.append(HookLoop(reading, store, password))
    return tuple(loops)


def _has_hook(account: Account) -> bool:
    try:
        return bool(relay_of(account) and hook_of(account))
    except UsageError:
        # whoever reads the account says what is wrong with it
        return False


def test(account: Account, password: Password) -> list[Check]:
    """Try a number out, without sending anything to anybody."""
    return check_account(account, password)
