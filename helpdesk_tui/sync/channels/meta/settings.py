"""The settings of accounts at Meta: which number or account, by which door, through which relay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk_tui.domain.accounts import Account, settings_in
from helpdesk_tui.domain.channels import INSTAGRAM, WHATSAPP
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.providers import PROVIDER, Carrier
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.web_addresses import is_base, is_safe

WHATSAPP_VERSION = "v23.0"
INSTAGRAM_VERSION = "v24.0"
FACEBOOK_API = "https://graph.facebook.com"
INSTAGRAM_API = "https://graph.instagram.com"

_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}", re.ASCII)
_ID = re.compile(r"\d{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MetaSettings:
    """All that is needed to reach an account at Meta, the secrets apart."""

    provider: str
    """``meta``, ``instagram-login`` or ``facebook-login``."""
    api: str
    version: str
    account_id: str
    """By which webhooks name it: WhatsApp the phone number's id, Instagram the account's."""
    waba_id: str = ""
    """WhatsApp: the business account, which holds the templates."""
    page_id: str = ""
    """Facebook Login: the page that the account belongs to."""
    relay: str = ""
    hook: str = ""
    human_agent: bool = False

    @property
    def is_whatsapp(self) -> bool:
        """Whether it is a number of WhatsApp."""
        return self.provider == Carrier.META

    @property
    def has_hook(self) -> bool:
        """Whether webhooks come, by a relay."""
        return bool(self.relay and self.hook)

    @property
    def node(self) -> str:
        """The path that messages are sent to, version included."""
        owner = self.page_id if self.provider == Carrier.FACEBOOK_LOGIN else "me"
        return f"/{self.version}/{self.account_id if self.is_whatsapp else owner}"


def read_settings(account: Account) -> MetaSettings:
    """Return the settings of an account; blocks on nothing.

    Raises:
        UsageError: ``channel.settings-broken`` or ``meta.bad-setting``.
    """
    values = settings_in(account.settings)
    provider = _text(values, PROVIDER)
    known = {
        WHATSAPP.name: (Carrier.META,),
        INSTAGRAM.name: (Carrier.INSTAGRAM_LOGIN, Carrier.FACEBOOK_LOGIN),
    }
    if provider not in known.get(account.channel, ()):
        raise bad_setting("provider", provider)
    is_whatsapp = provider == Carrier.META
    api = _text(values, "api") or (
        INSTAGRAM_API if provider == Carrier.INSTAGRAM_LOGIN else FACEBOOK_API
    )
    if not is_base(api) or not is_safe(api):
        raise bad_setting("api", api)
    version = _text(values, "version") or (WHATSAPP_VERSION if is_whatsapp else INSTAGRAM_VERSION)
    if not _VERSION.fullmatch(version):
        raise bad_setting("version", version)
    return MetaSettings(
        provider,
        api.rstrip("/"),
        version,
        _id(values, "phone_number_id" if is_whatsapp else "account_id"),
        _id(values, "waba_id") if is_whatsapp else "",
        _id(values, "page_id") if provider == Carrier.FACEBOOK_LOGIN else "",
        _text(values, "relay").rstrip("/"),
        _text(values, "hook"),
        values.get("human_agent") is True,
    )


def bad_setting(name: str, value: str) -> UsageError:
    """Return what to say of a setting that cannot be."""
    return UsageError("meta.bad-setting", name=name, value=shorten(clean(value), 60) or "–")


def _id(values: Mapping[str, Any], name: str) -> str:
    """Return an id: it goes into paths, so nothing but digits will do."""
    found = _text(values, name)
    if not _ID.fullmatch(found):
        raise bad_setting(name, found)
    return found


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()
