"""The requests of signing in: device code (RFC 8628), code with PKCE (RFC 7636), refresh."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from helpdesk_tui.domain.errors import RemoteError, UsageError
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.oauth.providers import App

_TIMEOUT = httpx.Timeout(20.0)
_MAX_ANSWER = 200_000
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER = 5.0
_GRANTS = frozenset((_DEVICE, "refresh_token", "authorization_code"))
_SHORT = 5
_DEFAULT_LIFE = 3600.0
_MAX_SECONDS = 30 * 86_400.0
_PATIENCE = 60.0
"""Seconds that a whole answer may take: one that drips would keep the lock of the tokens."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in or a refresh gave; never printed."""

    access: str
    refresh: str
    """Empty where the provider keeps the old one valid."""
    lives: float
    """Seconds the access token is good for."""

    def __repr__(self) -> str:
        return "Grant(***)"


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person has to type, and where."""

    user_code: str
    address: str
    device_code: str
    interval: float
    lives: float

    def __repr__(self) -> str:
        return f"DeviceCode({self.user_code!r}, {self.address!r})"


class Flow:
    """Speaks to one provider; every call blocks.

    Raises:
        RemoteError: ``oauth.unreachable``, ``oauth.bad-answer``, ``oauth.refused`` with what the
            provider said.
    """

    def __init__(self, app: App, transport: httpx.BaseTransport | None = None) -> None:
        self._app = app
        # no redirects: the secret of the request would travel to wherever an answer points
        self._http = httpx.Client(timeout=_TIMEOUT, transport=transport, follow_redirects=False)

    def close(self) -> None:
        """Drop the connections."""
        self._http.close()

    def __enter__(self) -> Flow:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start_device(self) -> DeviceCode:
        """Ask for a code that a person types on any other device."""
        provider = self._app.provider
        found = self._ask(provider.device_url, {"scope": " ".join(provider.scopes)})
        address = found.get("verification_uri") or found.get("verification_url")
        codes = (found.get("user_code"), address, found.get("device_code"))
        if not all(isinstance(code, str) and code for code in codes):
            raise RemoteError("oauth.bad-answer", host=_host(provider.device_url))
        user_code, shown, device_code = (str(code) for code in codes)
        return DeviceCode(
            clean(user_code),
            clean(shown),
            device_code,
            max(_number(found.get("interval"), 5.0), 0.1),
            _number(found.get("expires_in"), 900.0),
        )

    def poll_device(self, code: DeviceCode) -> tuple[Grant | None, float]:
        """Return the grant once the person has agreed, and seconds to wait before asking again.

        Raises:
            RemoteError: ``oauth.denied`` or ``oauth.expired`` too.
        """
        try:
            return self._token({"grant_type": _DEVICE, "device_code": code.device_code}), 0.0
        except RemoteError as error:
            said = str(error.values.get("error", ""))
            if said == "authorization_pending":
                return None, code.interval
            if said == "slow_down":
                return None, code.interval + _SLOWER
            if said in ("authorization_declined", "access_denied"):
                raise RemoteError("oauth.denied") from None
            if said in ("expired_token", "code_expired", "bad_verification_code"):
                raise RemoteError("oauth.expired") from None
            raise

    def authorize_address(self, attempt: Attempt) -> str:
        """Return the page on which a person signs in."""
        provider = self._app.provider
        query = {
            "client_id": self._app.client_id,
            "redirect_uri": attempt.redirect,
            "response_type": "code",
            "scope": " ".join(provider.scopes),
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            "state": attempt.state,
            "access_type": "offline",
            "prompt": "consent",
            "login_hint": attempt.user,
        }
        return f"{provider.authorize_url}?{urlencode(query)}"

    def exchange(self, attempt: Attempt, address: str) -> Grant:
        """Trade the address that the browser was sent back to for tokens.

        Raises:
            UsageError: ``oauth.no-code`` or ``oauth.other-attempt``.
            RemoteError: ``oauth.denied`` too.
        """
        query = parse_qs(urlsplit(address.strip()).query)
        if query.get("error"):
            raise RemoteError("oauth.denied", reason=shorten(clean(query["error"][0]), 200))
        code = query.get("code", [""])[0]
        if not code:
            raise UsageError("oauth.no-code")
        if not secrets.compare_digest(query.get("state", [""])[0].encode(), attempt.state.encode()):
            raise UsageError("oauth.other-attempt")
        return self._token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": attempt.redirect,
                "code_verifier": attempt.verifier,
            }
        )

    def refresh(self, token: str) -> Grant:
        """Trade a refresh token for a new access token.

        Raises:
            AuthFailed: ``oauth.sign-in-again`` if the provider takes it no more.
        """
        try:
            return self._token({"grant_type": "refresh_token", "refresh_token": token})
        except RemoteError as error:
            if error.values.get("error") in ("invalid_grant", "interaction_required"):
                reason = error.values.get("reason", "")
                raise AuthFailed("oauth.sign-in-again", reason=reason) from None
            raise

    def _token(self, values: dict[str, str]) -> Grant:
        address = self._app.provider.token_url
        found = self._ask(address, values)
        access = found.get("access_token")
        if not isinstance(access, str) or not access or not _is_plain(access):
            raise RemoteError("oauth.bad-answer", host=_host(address))
        refresh = found.get("refresh_token")
        lives = _number(found.get("expires_in"), _DEFAULT_LIFE)
        return Grant(access, refresh if isinstance(refresh, str) else "", lives)

    def _ask(self, address: str, values: dict[str, str]) -> dict[str, Any]:
        host = _host(address)
        sent = {"client_id": self._app.client_id, **values}
        if self._app.client_secret:
            sent["client_secret"] = self._app.client_secret
        deadline = time.monotonic() + _PATIENCE
        try:
            with self._http.stream("POST", address, data=sent) as answer:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _MAX_ANSWER or time.monotonic() > deadline:
                        raise RemoteError("oauth.bad-answer", host=host)
        except httpx.HTTPError as error:
            reason = shorten(clean(str(error)), 200)
            raise RemoteError("oauth.unreachable", host=host, reason=reason) from None
        found = _object(bytes(body))
        if answer.status_code >= 500 or answer.status_code == 429:
            raise RemoteError("oauth.unreachable", host=host, reason=f"HTTP {answer.status_code}")
        if answer.status_code != 200 or found is None:
            hidden = (*values.values(), self._app.client_secret)
            raise _refused(host, found or {}, answer.status_code, hidden)
        return found


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in by browser: what proves that the answer belongs to it."""

    redirect: str
    user: str
    state: str
    verifier: str

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (RFC 7636 section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")

    def __repr__(self) -> str:
        return f"Attempt({self.redirect!r})"


def new_attempt(redirect: str, user: str) -> Attempt:
    """Begin a sign-in by browser."""
    return Attempt(redirect, user, secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def _refused(host: str, found: dict[str, Any], status: int, hidden: Iterable[str]) -> RemoteError:
    """Return what a provider said as an error, without what was sent: it is kept and logged."""
    error = clean(str(found.get("error", "")))[:100]
    said = str(found.get("error_description") or error or f"HTTP {status}")
    for value in hidden:
        if len(value) > _SHORT and value not in _GRANTS:
            said = said.replace(value, "***")
    reason = shorten(" ".join(clean(said).split()), 200)
    return RemoteError("oauth.refused", host=host, error=error, reason=reason)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(value: object, default: float) -> float:
    try:
        found = float(str(value)) if value is not None else default
    except ValueError:
        return default
    # "inf", "nan" and a life of centuries are numbers too
    return min(found, _MAX_SECONDS) if found >= 0 else default


def _is_plain(token: str) -> bool:
    """Tell whether a token can stand in what we send: one that breaks out of it is none."""
    return token.isascii() and token.isprintable() and " " not in token


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
