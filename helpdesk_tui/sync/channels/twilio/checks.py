"""Try out a number at Twilio step by step, for the Test button and ``channel test``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.twilio import is_short_code
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.channels.messaging.relay_checks import check_relay
from helpdesk_tui.sync.channels.twilio.client import TwilioClient
from helpdesk_tui.sync.channels.twilio.settings import TwilioSettings, read_settings
from helpdesk_tui.sync.receiving import Password

_ACTIVE = "active"
_LATELY = timedelta(minutes=5)


def check_account(account: Account, password: Password) -> list[Check]:
    """Return how each step goes; blocks for as long as others take. Changes nothing."""
    try:
        settings = read_settings(account)
        client = TwilioClient(settings, password(account, "token"))
    except HelpdeskError as error:
        return [_failed("settings", error)]
    with closing(client):
        checks = [Check("settings", True), *_login(client, settings)]
        if all(each.ok for each in checks):
            checks += _number(client, settings)
    return [*checks, *check_relay(account, password)]


def _login(client: TwilioClient, settings: TwilioSettings) -> Iterator[Check]:
    where = {"host": settings.api.partition("://")[2]}
    try:
        status = client.status()
    except Retry as error:
        yield _failed("provider-connect", error)
        return
    except HelpdeskError as error:
        yield Check("provider-connect", True, values=where)
        yield _failed("provider-login", error)
        return
    yield Check("provider-connect", True, values=where)
    if status not in ("", _ACTIVE):
        yield Check("provider-login", False, "twilio.not-active", {"status": status})
        return
    yield Check("provider-login", True, values={"account": settings.account_sid})


def _number(client: TwilioClient, settings: TwilioSettings) -> Iterator[Check]:
    """Look whether the number is one of the account, and its messages can be read."""
    # senders of WhatsApp and short codes stand in lists of their own
    if not settings.is_whatsapp and not is_short_code(settings.number):
        try:
            yield _capable(client, settings)
        except HelpdeskError as error:
            # a key may be kept from looking at numbers, and still read and send messages
            if isinstance(error, AuthFailed):
                yield Check("number", True, values={"number": settings.number, "unseen": True})
            else:
                yield _failed("number", error)
    try:
        next(iter(client.pages(since=utc_now() - _LATELY, to=settings.ours)), None)
    except HelpdeskError as error:
        yield _failed("messages", error)
    else:
        yield Check("messages", True, values={"number": settings.ours})


def _capable(client: TwilioClient, settings: TwilioSettings) -> Check:
    found = client.number(settings.number)
    if found is None:
        return Check("number", False, "twilio.number-missing", {"number": settings.number})
    if not found.sms:
        return Check("number", False, "twilio.number-silent", {"number": settings.number})
    return Check("number", True, values={"number": settings.number, "mms": found.mms})


def _failed(name: str, error: HelpdeskError) -> Check:
    return Check(name, False, error.code, error.values)
