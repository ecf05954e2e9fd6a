"""Try out an account at Meta step by step, for the Test button and ``channel test``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.json_fields import id_at, object_at, word_at
from helpdesk_tui.domain.messaging.providers import Carrier
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.channels.messaging.relay_checks import check_relay
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.settings import (
    MetaSettings,
    read_settings,
)
from helpdesk_tui.sync.channels.meta.upkeep import fetch_templates
from helpdesk_tui.sync.receiving import Password

INSTAGRAM_FIELDS = (
    "messages",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
)
"""What Instagram has to tell of."""
_NUMBER_FIELDS = "id,display_phone_number,verified_name,quality_rating"


def check_account(account: Account, password: Password) -> list[Check]:
    """Return how each step goes; blocks for as long as others take. Changes nothing."""
    try:
        settings = read_settings(account)
        token = password(account, "token")
        secret = password(account, "app-secret")
    except HelpdeskError as error:
        return [_failed("settings", error)]
    if settings.has_hook and not secret:
        return [Check("settings", False, "meta.no-app-secret", {"name": account.name})]
    if settings.is_whatsapp and not settings.has_hook:
        return [Check("settings", False, "meta.needs-relay", {"name": account.name})]
    checks = [Check("settings", True)]
    with closing(Graph(settings, token)) as graph:
        checks += _login(graph, account)
        if all(each.ok for each in checks):
            checks += _expiry(graph, token)
            checks += _subscription(graph)
            if settings.is_whatsapp:
                checks += _templates(graph)
    return [*checks, *check_relay(account, password)]


def subscribe(graph: Graph) -> None:
    """Ask Meta to tell of messages; once or more often is the same.

    Raises:
        ChannelError: as Meta answers.
    """
    settings = graph.settings
    if settings.is_whatsapp:
        graph.tell(f"{settings.waba_id}/subscribed_apps")
    else:
        params = {"subscribed_fields": ",".join(_fields(settings))}
        graph.tell(f"{settings.page_id or 'me'}/subscribed_apps", params)


def _fields(settings: MetaSettings) -> tuple[str, ...]:
    # a page's own names differ: it tells of Instagram as soon as it tells of messages at all
    return ("messages",) if settings.provider == Carrier.FACEBOOK_LOGIN else INSTAGRAM_FIELDS


def _login(graph: Graph, account: Account) -> Iterator[Check]:
    settings = graph.settings
    where = {"host": settings.api.partition("://")[2]}
    try:
        if settings.is_whatsapp:
            said = graph.get(settings.account_id, {"fields": _NUMBER_FIELDS})
        else:
            who = settings.account_id if settings.provider == Carrier.FACEBOOK_LOGIN else "me"
            said = graph.get(who, {"fields": "user_id,username"})
    except Retry as error:
        yield _failed("provider-connect", error)
        return
    except AuthFailed as error:
        yield Check("provider-connect", True, values=where)
        yield _failed("provider-login", error)
        return
    except HelpdeskError as error:
        yield Check("provider-connect", True, values=where)
        yield _failed("whatsapp-number" if settings.is_whatsapp else "account", error)
        return
    yield Check("provider-connect", True, values=where)
    yield Check("provider-login", True)
    if settings.is_whatsapp:
        number = word_at(said, "display_phone_number")
        yield _same("whatsapp-number", "meta.other-number", number, account.address)
        return
    found = id_at(said, "user_id") or id_at(said, "id")
    if found != settings.account_id:
        values = {"found": found, "wanted": settings.account_id}
        yield Check("account", False, "meta.other-account", values)
        return
    yield _same("account", "meta.other-account", f"@{word_at(said, 'username')}", account.address)


def _same(name: str, code: str, found: str, wanted: str) -> Check:
    """Compare two numbers or handles, however they are written."""
    is_same = _plain(found) == _plain(wanted)
    values = {name: wanted} if is_same else {"found": found, "wanted": wanted}
    return Check(name, is_same, "" if is_same else code, values)


def _plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum() or char in "._")


def _expiry(graph: Graph, token: str) -> Iterator[Check]:
    """Say until when the token is good, where Meta tells."""
    if graph.settings.provider == Carrier.INSTAGRAM_LOGIN:
        # that door tells only with each new token, and the worker renews it in time
        return
    try:
        said = object_at(graph.get("debug_token", {"input_token": token}), "data")
    except HelpdeskError:
        # it may be asked by tokens of the app alone: the login has shown that it is good
        return
    ends = said.get("expires_at")
    if not isinstance(ends, int) or isinstance(ends, bool) or not 0 < ends < 2**40:
        yield Check("token-end", True, values={"until": ""})
        return
    yield Check("token-end", True, values={"until": datetime.fromtimestamp(ends, UTC).date()})


def _subscription(graph: Graph) -> Iterator[Check]:
    """Look whether Meta tells our app of what happens."""
    settings = graph.settings
    if not settings.has_hook:
        return
    owner = settings.waba_id if settings.is_whatsapp else settings.page_id or "me"
    try:
        apps = list(graph.objects(f"{owner}/subscribed_apps", {}))
    except HelpdeskError as error:
        yield _failed("subscription", error)
        return
    if not apps:
        yield Check("subscription", False, "meta.not-subscribed")
        return
    inner = "whatsapp_business_api_data"
    names = [word_at(each, "name") or word_at(each, inner, "name") for each in apps]
    yield Check("subscription", True, values={"apps": ", ".join(name for name in names if name)})


def _templates(graph: Graph) -> Iterator[Check]:
    """Count the templates that can be offered once the window is shut."""
    try:
        found = fetch_templates(graph)
    except HelpdeskError as error:
        yield _failed("templates", error)
        return
    approved = sum(1 for each in found if each.status == "approved")
    yield Check("templates", True, values={"approved": approved})


def _failed(name: str, error: HelpdeskError) -> Check:
    return Check(name, False, error.code, error.values)
