"""Trying a token of Recharge: whether it is taken, and what it may do."""

from __future__ import annotations

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.sync.channels.errors import ChannelError, Gone, Rejected
from helpdesk_tui.sync.providers.recharge.client import SCOPE, RechargeClient

_READS = {
    "read_customers": "customers",
    "read_subscriptions": "subscriptions",
    "read_orders": "charges",
}
"""What shows whether a right is there: reading tells more than what the token says of itself."""


def check(client: RechargeClient) -> tuple[Check, ...]:
    """Return what was tried, one check for each right that is needed."""
    try:
        said = client.token().get("scopes")
        scopes = frozenset(map(str, said)) if isinstance(said, list) else None
    except (Gone, Rejected):
        # not every token may tell of itself
        scopes = None
    except ChannelError as error:
        if error.code != "provider.nonsense":
            return (_failed("login", error),)
        scopes = None
    found = [Check("login", ok=True)]
    for scope in SOURCES["recharge"].scopes:
        if scope.name in _READS:
            found.append(_read(client, scope.name))
        elif scopes is not None:
            found.append(_told(scope.name, is_there=scope.name in scopes))
    return tuple(found)


def _read(client: RechargeClient, scope: str) -> Check:
    try:
        client.some(_READS[scope])
    except ChannelError as error:
        return _told(scope, is_there=False) if error.code == SCOPE else _failed(scope, error)
    return _told(scope, is_there=True)


def _told(scope: str, *, is_there: bool) -> Check:
    if is_there:
        return Check(scope, ok=True)
    return Check(scope, ok=False, code=SCOPE, values={"scope": scope})


def _failed(name: str, error: ChannelError) -> Check:
    values = {key: str(each) for key, each in error.values.items()}
    return Check(name, ok=False, code=error.code, values=values)
