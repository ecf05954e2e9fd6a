"""The tokens of signed-in accounts: kept with the secrets, refreshed by one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.secrets import Secret, find_secret, set_secret
from helpdesk_tui.sync.oauth.flow import Flow, Grant
from helpdesk_tui.sync.oauth.providers import App, app_of

_EARLY = timedelta(minutes=5)
"""A token that ends sooner than this is renewed before it is used."""


@dataclass(frozen=True, slots=True)
class _Kept:
    access: str
    refresh: str
    until: datetime


class Tokens:
    """Gives access tokens; every call blocks.

    Safe in several processes: by a file lock per account one of them refreshes, and the others use
    what it got.
    """

    def __init__(
        self, root: Path, *, now: Clock = utc_now, flow: Callable[[App], Flow] = Flow
    ) -> None:
        self._root = root
        self._now = now
        self._flow = flow

    def access(self, account: Account) -> str:
        """Return a token that is good for some minutes at least.

        Raises:
            UsageError: ``oauth.not-signed-in``.
            RemoteError: ``oauth.*`` if a refresh fails.
        """
        kept = self._load(account.name)
        if kept is not None and kept.until - self._now() > _EARLY:
            return kept.access
        with self._only_one(account.name):
            kept = self._load(account.name)
            if kept is None:
                raise UsageError("oauth.not-signed-in", name=account.name)
            if kept.until - self._now() > _EARLY:
                return kept.access
            return self._renew(account, kept)

    def keep(self, name: str, grant: Grant) -> None:
        """Keep what a sign-in gave.

        Raises:
            UsageError: ``oauth.no-refresh`` if it would end within the hour.
        """
        if not grant.refresh:
            raise UsageError("oauth.no-refresh", name=name)
        with self._only_one(name):
            self._save(name, grant)

    def _renew(self, account: Account, kept: _Kept) -> str:
        app = app_of(account.settings, client_secret(self._root, account.name))
        if app is None:
            raise UsageError("oauth.not-signed-in", name=account.name)
        with self._flow(app) as flow:
            grant = flow.refresh(kept.refresh)
        self._save(account.name, Grant(grant.access, grant.refresh or kept.refresh, grant.lives))
        return grant.access

    def _load(self, name: str) -> _Kept | None:
        found = find_secret(self._root, secret_name(name), by_name=True)
        if found is None:
            return None
        try:
            values = json.loads(found.reveal())
            return _Kept(
                str(values["access"]), str(values["refresh"]), from_us(int(values["until"]))
            )
        except (ValueError, KeyError, TypeError):
            raise UsageError("oauth.broken", name=name) from None

    def _save(self, name: str, grant: Grant) -> None:
        until = self._now() + timedelta(seconds=grant.lives)
        values = {"access": grant.access, "refresh": grant.refresh, "until": to_us(until)}
        set_secret(self._root, secret_name(name), Secret(json.dumps(values)))

    @contextmanager
    def _only_one(self, name: str) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self._root / f"oauth-{name}.lock", flags, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def secret_name(account: str) -> str:
    """Return under which name the tokens of an account are kept."""
    return f"{account}-oauth"


def client_secret(root: Path, account: str) -> str:
    """Return the secret of the app that an account signs in with; empty if it has none."""
    found = find_secret(root, f"{account}-client", by_name=True)
    return "" if found is None else found.reveal()
