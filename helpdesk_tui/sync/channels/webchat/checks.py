"""Try out a webchat account step by step, for the Test button and ``channel test``."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.channels.webchat.client import Health, RelayClient
from helpdesk_tui.sync.channels.webchat.settings import read_settings

_MOST_SKEW = 120.0
"""Seconds that the clocks may differ: tokens of visitors are valid for minutes."""


def check_account(account: Account, secret: str) -> list[Check]:
    """Return how each step of reaching the relay goes; stops at the first failure.

    Blocks for as long as the relay takes. Changes nothing.

    Args:
        account: The account, switched on or not.
        secret: The relay's token.
    """
    try:
        settings = read_settings(account.settings, account.address)
    except HelpdeskError as error:
        return [_failed("settings", error)]
    where = {"relay": settings.relay}
    client = RelayClient(settings, secret)
    try:
        health = client.health()
    except AuthFailed as error:
        connected = Check("relay-connect", True, values=where)
        return [Check("settings", True), connected, _failed("relay-login", error)]
    except HelpdeskError as error:
        return [Check("settings", True), _failed("relay-connect", error)]
    finally:
        client.close()
    return [
        Check("settings", True),
        Check("relay-connect", True, values=where),
        Check("relay-login", True),
        *_answers(account, health),
    ]


def _answers(account: Account, health: Health) -> Iterator[Check]:
    # a site is published by the worker: before it has run once the relay cannot know it
    yield Check(
        "relay-site",
        True,
        values={"site": account.address, "known": health.knows_site, "waiting": health.events},
    )
    skew = round((health.now - utc_now()).total_seconds())
    is_near = abs(skew) <= _MOST_SKEW
    yield Check("relay-clock", is_near, "" if is_near else "relay.clock", {"seconds": skew})
    yield Check("relay-public", True, values={"url": health.public_url})


def _failed(name: str, error: HelpdeskError) -> Check:
    return Check(name, False, error.code, error.values)
