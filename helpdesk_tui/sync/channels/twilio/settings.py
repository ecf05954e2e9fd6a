"""The settings of an account at Twilio: which number of ours, and who logs in."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.domain.accounts import Account, settings_in
from helpdesk_tui.domain.channels import WHATSAPP
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.twilio import WHATSAPP as PREFIX
from helpdesk_tui.domain.messaging.twilio import is_number, is_short_code, is_sid
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_base, is_safe

API = "https://api.twilio.com"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """All that is needed to reach an account, the secret apart."""

    number: str
    """Ours, as E.164 writes it."""
    is_whatsapp: bool
    account_sid: str
    key_sid: str = ""
    """Of the key that logs in instead of the account itself."""
    messaging_service: str = ""
    """The service that picks the sender; empty: the number itself sends."""
    api: str = API
    answers_keywords: bool = True
    """Twilio itself acts on STOP and the like, unless that was switched off there."""

    @property
    def login(self) -> str:
        """The name that logs in."""
        return self.key_sid or self.account_sid

    @property
    def ours(self) -> str:
        """The number as Twilio is given it."""
        return self.address_of(self.number)

    def address_of(self, number: str) -> str:
        """Return a number as Twilio is given it."""
        return f"{PREFIX}{number}" if self.is_whatsapp else number


def read_settings(account: Account) -> TwilioSettings:
    """Return the settings of an account; blocks on nothing.

    Raises:
        UsageError: ``channel.settings-broken``, ``twilio.bad-sid``, ``twilio.bad-api``,
            ``number.alphanumeric`` or ``number.bad``.
    """
    values = settings_in(account.settings)
    is_whatsapp = account.channel == WHATSAPP.name
    handles = values.get("handles_keywords", not is_whatsapp)
    return TwilioSettings(
        number=require_number(account.address, is_whatsapp=is_whatsapp),
        is_whatsapp=is_whatsapp,
        account_sid=_sid(values, "account_sid", "AC", is_needed=True),
        key_sid=_sid(values, "key_sid", "SK"),
        messaging_service=_sid(values, "messaging_service", "MG"),
        api=_api(str(values.get("api") or API)),
        answers_keywords=handles is True,
    )


def require_number(text: str, *, is_whatsapp: bool = False) -> str:
    """Return a number of ours that can receive.

    Args:
        text: As it was given.
        is_whatsapp: It has to be a whole one: short codes carry text messages only.

    Raises:
        UsageError: ``number.alphanumeric`` for the name of a brand, which nobody can answer to,
            ``number.bad`` for anything else that is no number.
    """
    number = text.strip()
    if is_number(number) or (is_short_code(number) and not is_whatsapp):
        return number
    if any(char.isalpha() for char in number):
        raise UsageError("number.alphanumeric", address=clean(number))
    raise UsageError("number.bad", address=clean(number))


def _sid(values: dict[str, object], name: str, kind: str, *, is_needed: bool = False) -> str:
    found = str(values.get(name) or "").strip()
    if not found and not is_needed:
        return ""
    if not is_sid(found) or not found.startswith(kind):
        raise UsageError("twilio.bad-sid", setting=name, kind=kind, value=clean(found))
    return found


def _api(address: str) -> str:
    """Return an address that the secret may be sent to: encrypted, or on this machine."""
    if not is_base(address) or not is_safe(address):
        raise UsageError("twilio.bad-api", address=clean(address))
    return address.rstrip("/")
