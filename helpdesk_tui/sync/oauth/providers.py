"""Where to sign in, and the mail servers that belong there.

Microsoft: learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth" (device
code flow, works over SSH). Google: developers.google.com, "OAuth 2.0 for Desktop Apps" and "XOAUTH2
Mechanism" (its device flow refuses the scope of mail, so the browser is sent back to this machine).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_safe


@dataclass(frozen=True, slots=True)
class Provider:
    """One place to sign in."""

    name: str
    token_url: str
    scopes: tuple[str, ...]
    device_url: str = ""
    """Empty: no device flow, the browser has to come back to us."""
    authorize_url: str = ""
    servers: tuple[tuple[str, Any], ...] = ()
    """Settings of its mail servers."""


@dataclass(frozen=True, slots=True)
class App:
    """This program as the provider knows it."""

    provider: Provider
    client_id: str
    client_secret: str = ""
    """Google's desktop apps have one; it is none in truth, but has to be sent."""


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
PROVIDERS: dict[str, Provider] = {
    "microsoft": Provider(
        "microsoft",
        token_url=f"{_MICROSOFT}/token",
        device_url=f"{_MICROSOFT}/devicecode",
        scopes=(
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
        ),
        servers=(
            ("imap_host", "outlook.office365.com"),
            ("smtp_host", "smtp.office365.com"),
            ("smtp_security", "starttls"),
        ),
    ),
    "google": Provider(
        "google",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        scopes=("https://mail.google.com/",),
        servers=(("imap_host", "imap.gmail.com"), ("smtp_host", "smtp.gmail.com")),
    ),
    "custom": Provider("custom", token_url="", scopes=()),
}


def app_of(settings: str, client_secret: str = "") -> App | None:
    """Return how an account signs in, or None if it uses a password.

    Args:
        settings: JSON settings of the channel account: ``oauth`` (provider), ``oauth_client_id``,
            ``oauth_tenant``, and for ``custom`` ``oauth_token_url``, ``oauth_device_url``,
            ``oauth_authorize_url``, ``oauth_scopes``.
        client_secret: The secret of the app, if it has one.

    Raises:
        UsageError: ``oauth.unknown-provider``, ``oauth.no-client``, ``oauth.insecure-address``.
    """
    try:
        values = json.loads(settings or "{}")
    except ValueError:
        return None
    name = str(values.get("oauth", "")) if isinstance(values, dict) else ""
    if not name:
        return None
    found = PROVIDERS.get(name)
    if found is None:
        raise UsageError("oauth.unknown-provider", name=clean(name), known=", ".join(PROVIDERS))
    client_id = str(values.get("oauth_client_id", "")).strip()
    if not client_id:
        raise UsageError("oauth.no-client", provider=name)
    provider = _configured(found, values)
    for address in (provider.token_url, provider.device_url, provider.authorize_url):
        _check_address(address, required=address == provider.token_url)
    return App(provider, client_id, client_secret)


def _configured(found: Provider, values: dict[str, Any]) -> Provider:
    if found.name == "custom":
        return replace(
            found,
            token_url=str(values.get("oauth_token_url", "")),
            device_url=str(values.get("oauth_device_url", "")),
            authorize_url=str(values.get("oauth_authorize_url", "")),
            scopes=tuple(str(values.get("oauth_scopes", "")).split()),
        )
    tenant = str(values.get("oauth_tenant", "")).strip() or "common"
    if not tenant.replace("-", "").replace(".", "").isalnum():
        raise UsageError("oauth.bad-tenant", tenant=clean(tenant))
    return replace(
        found,
        token_url=found.token_url.replace("{tenant}", tenant),
        device_url=found.device_url.replace("{tenant}", tenant),
    )


def _check_address(address: str, *, required: bool) -> None:
    if not address and not required:
        return
    if not is_safe(address):
        raise UsageError("oauth.insecure-address", address=clean(address))
