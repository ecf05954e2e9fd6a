"""The settings of a webchat account: which relay its site is at."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.domain.accounts import settings_in
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_base, is_safe
from helpdesk_tui.domain.webchat.reading import is_id


@dataclass(frozen=True, slots=True)
class WebchatSettings:
    """All that is needed to reach a site, the token apart."""

    relay: str
    """Address of the relay without a slash at the end, such as ``https://chat.shop.example``."""
    site: str


def read_settings(text: str, address: str) -> WebchatSettings:
    """Return the settings in the JSON ``text`` of a channel account; blocks on nothing.

    Args:
        text: ``channel_account.settings``.
        address: The id of the site.

    Raises:
        UsageError: ``channel.settings-broken``, ``relay.bad-url``, ``relay.plain-refused`` or
            ``channel.bad-site``.
    """
    values = settings_in(text)
    if not is_id(address):
        raise UsageError("channel.bad-site", site=clean(address))
    return WebchatSettings(_relay(str(values.get("relay") or "").strip()), address)


def _relay(address: str) -> str:
    """Return an address that the token may be sent to: encrypted, or on this machine."""
    if not is_base(address):
        raise UsageError("relay.bad-url", url=clean(address))
    if not is_safe(address):
        raise UsageError("relay.plain-refused", address=clean(address))
    return address.rstrip("/")
