"""What runs for one account at Meta: a number of WhatsApp, or an account of Instagram."""

from __future__ import annotations

from functools import partial

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import CHANNELS, INSTAGRAM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.messaging.parts import Parts
from helpdesk_tui.sync.channels.messaging.keyword_loop import KeywordLoop
from helpdesk_tui.sync.channels.messaging.media_loop import MediaLoop
from helpdesk_tui.sync.channels.messaging.provider import Provider
from helpdesk_tui.sync.channels.meta.checks import check_account
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.instagram import InstagramProvider
from helpdesk_tui.sync.channels.meta.media import MetaMedia
from helpdesk_tui.sync.channels.meta.poller import BackfillLoop, ConversationReceiver
from helpdesk_tui.sync.channels.meta.read_loop import ReadLoop
from helpdesk_tui.sync.channels.meta.receiver import HookReceiver
from helpdesk_tui.sync.channels.meta.settings import read_settings
from helpdesk_tui.sync.channels.meta.upkeep import UpkeepLoop
from helpdesk_tui.sync.channels.meta.whatsapp import WhatsAppProvider
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop


def receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    """Return the thread that receives: from the relay, or where there is none by asking."""
    if account.channel == INSTAGRAM.name and not _has_hook(account):
        return ConversationReceiver(account, store, password)
    return HookReceiver(account, store, password)


def beside(receiving: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    """Return what fetches files, tells what was read, and keeps templates and token fresh."""
    account = receiving.account
    loops: list[Loop] = [
        MediaLoop(receiving, store, MetaMedia(account, password).fetch),
        ReadLoop(receiving, store, password, partial(make_provider, store)),
        UpkeepLoop(receiving, store, password),
    ]
    if CHANNELS[account.channel].has_opt_out:
        connect = partial(make_provider, store, account, password)
        loops.append(KeywordLoop(receiving, store, connect))
    if account.channel == INSTAGRAM.name and isinstance(receiving, HookReceiver):
        loops.append(BackfillLoop(receiving, store, password))
    return tuple(loops)


def make_provider(store: Store, account: Account, password: Password) -> Provider:
    """Return what sends for an account; raises HelpdeskError."""
    settings = read_settings(account)
    graph = Graph(settings, password(account, "token"))
    if settings.is_whatsapp:
        return WhatsAppProvider(graph)
    parts = Parts(store)
    return InstagramProvider(graph, is_known=lambda mid: parts.is_known(account.id, mid))


def test(account: Account, password: Password) -> list[Check]:
    """Try an account out, without sending anything to anybody."""
    return check_account(account, password)


def _has_hook(account: Account) -> bool:
    try:
        return read_settings(account).has_hook
    except HelpdeskError:
        # the receiver says what is wrong with them
        return False
