"""Who carries messages of phones: an account's settings name one of these."""

from __future__ import annotations

from enum import StrEnum

from helpdesk_tui.domain.accounts import Account, setting_of
from helpdesk_tui.domain.errors import UsageError

PROVIDER = "provider"
"""The setting of an account that names one."""


class Company(StrEnum):
    """Who stands behind a provider: webhooks and numbers of errors are the company's."""

    META = "meta"
    TWILIO = "twilio"


class Carrier(StrEnum):
    """A provider of messages, as accounts name it; Meta has a door for each of its channels."""

    TWILIO = "twilio"
    META = "meta"
    """WhatsApp's Cloud API."""
    INSTAGRAM_LOGIN = "instagram-login"
    FACEBOOK_LOGIN = "facebook-login"
    SANDBOX = "sandbox"
    """Nobody: the sample desk is tried out with it, and nothing leaves."""


def carrier_of(account: Account) -> str:
    """Return who carries the messages of an account; empty where nobody is named.

    Raises:
        UsageError: ``channel.settings-broken``.
    """
    return setting_of(account, PROVIDER)


def is_sandbox(account: Account) -> bool:
    """Tell whether an account is there to try things out: nobody is logged in to for it."""
    try:
        return carrier_of(account) == Carrier.SANDBOX
    except UsageError:
        return False


def company_of(carrier: str) -> Company:
    """Return who stands behind a provider, by the name that settings have for it."""
    return Company.TWILIO if carrier == Carrier.TWILIO else Company.META
