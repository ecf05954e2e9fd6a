"""The thread that keeps relays in step with the store: their webhooks, their short links.

One for all accounts, since several can share a relay, and also a webhook: that of a Meta app tells
of all its numbers. A relay that was lost is filled anew within half a minute.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState, setting_of
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of, company_of
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.messaging.short_links import ShortLinks
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relay_line import RelayLine, hook_of, line_of, relay_of

log = logging.getLogger(__name__)

OpenLine = Callable[[Account, Password], RelayLine | None]

_LOOK_EVERY = 30.0
"""Seconds between two looks whether a relay still knows what it was told."""
_PUBLISH_EVERY = 3_600.0
_IDLE = 600.0
_LINKS = 500
_LONGEST_WAIT = 60.0
_NEVER = float("-inf")


@dataclass(slots=True)
class _Hook:
    """What a relay was last told of a webhook."""

    key: bytes = b""
    secrets: bytes = b""
    """A hash of the secrets that were told."""
    at: float = _NEVER


@dataclass(slots=True)
class _Relay:
    """One relay, as it stands."""

    line: RelayLine | None = None
    hooks: dict[str, _Hook] = field(default_factory=dict)
    looked_at: float = _NEVER
    not_before: float = _NEVER
    backoff: Backoff = field(default_factory=lambda: Backoff(longest=_LONGEST_WAIT))

    def drop(self) -> None:
        """Cut the connection; the next request makes a new one."""
        line, self.line = self.line, None
        if line is not None:
            line.close()


class RelaysLoop(Loop):
    """Publishes webhooks and short links, and fetches who followed them."""

    def __init__(self, store: Store, password: Password, *, open_line: OpenLine = line_of) -> None:
        super().__init__("relays")
        self._accounts = Accounts(store, SYSTEM)
        self._links = ShortLinks(store)
        self._password = password
        self._open = open_line
        self._relays: dict[str, _Relay] = {}

    def store_changed(self) -> None:
        """An account or a link may be new."""
        self.wake()

    def interrupt(self) -> None:
        """Cut the connections."""
        for relay in list(self._relays.values()):
            relay.drop()

    def finish(self) -> None:
        """Close the connections."""
        self.interrupt()

    def once(self) -> None:
        """Bring every relay up to date now; raises the first HelpdeskError, after all of them."""
        errors = [error for error in self._round() if error is not None]
        if errors:
            raise errors[0]

    def step(self) -> float:
        """Bring every relay up to date that is due; return the seconds until the next look."""
        for error in self._round():
            if error is not None and not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
        if not self._relays:
            return _IDLE
        now = time.monotonic()
        ahead = [max(each.not_before, each.looked_at + _LOOK_EVERY) for each in
                 self._relays.values()]  # fmt: skip
        return max(0.2, min(ahead) - now)

    def _round(self) -> Iterable[HelpdeskError | None]:
        """Serve each relay; gives what went wrong with each."""
        found = by_relay(self._accounts.all())
        for url in self._relays.keys() - found.keys():
            self._relays.pop(url).drop()
        for url, accounts in found.items():
            if self.stopping.is_set():
                return
            relay = self._relays.setdefault(url, _Relay())
            if time.monotonic() >= relay.not_before:
                yield self._attempt(relay, accounts)

    def _attempt(self, relay: _Relay, accounts: Sequence[Account]) -> HelpdeskError | None:
        try:
            self._serve(relay, accounts)
        except HelpdeskError as error:
            relay.drop()
            # what a relay out of reach has lost meanwhile is told anew
            relay.hooks, relay.looked_at = {}, _NEVER
            after = error.after if isinstance(error, Retry) else 0.0
            relay.not_before = time.monotonic() + relay.backoff.next(at_least=after)
            return error
        relay.backoff.clear()
        return None

    def _serve(self, relay: _Relay, accounts: Sequence[Account]) -> None:
        now = time.monotonic()
        is_due = now - relay.looked_at >= _LOOK_EVERY
        ids = [each.id for each in accounts]
        hooks = by_hook(accounts)
        waiting = self._links.unpublished(ids, _LINKS)
        expected = self._links.expected(ids) if is_due else 0
        if hooks or waiting or expected:
            line = self._line(relay, accounts)
            for hook, its in hooks.items():
                self._serve_hook(relay, line, hook, its, is_due=is_due)
            if expected:
                self._fetch_clicks(line, ids, expected)
            while waiting:
                line.put_links(waiting)
                self._links.published(list(waiting))
                waiting = self._links.unpublished(ids, _LINKS)
        if is_due:
            relay.looked_at = now

    def _line(self, relay: _Relay, accounts: Sequence[Account]) -> RelayLine:
        if relay.line is None:
            relay.line = self._open(accounts[0], self._password)
        if relay.line is None:
            raise Retry("relay.unreachable", reason="")
        return relay.line

    def _serve_hook(
        self,
        relay: _Relay,
        line: RelayLine,
        hook: str,
        accounts: Sequence[Account],
        *,
        is_due: bool,
    ) -> None:
        """Publish a webhook if anything of it changed, hourly, and where the relay lost it.

        Nobody tells when a secret was changed: it is looked at now and then.
        """
        known = relay.hooks.setdefault(hook, _Hook())
        key = _key(accounts)
        is_new = key != known.key or time.monotonic() - known.at >= _PUBLISH_EVERY
        if not (is_new or is_due):
            return
        secrets = _hash(self._spoken(accounts))
        if not is_new and secrets == known.secrets and line.hook_health(hook).is_known:
            return
        publish(line, hook, accounts, self._password)
        known.key, known.secrets, known.at = key, secrets, time.monotonic()

    def _spoken(self, accounts: Sequence[Account]) -> list[list[str]]:
        """Return all secrets that a webhook is published with."""
        return [
            [*signing_secrets(each, self._password), self._password(each, "verify")]
            for each in accounts
        ]

    def _fetch_clicks(self, line: RelayLine, ids: Sequence[int], expected: int) -> None:
        """Take over who followed links; a relay that knows too few of them gets all anew."""
        found = line.clicks()
        if found.links < expected:
            self._links.lost(ids)
        while found.clicks:
            self._links.clicked(found.clicks)
            line.ack_clicks(found.clicks[-1].seq)
            found = line.clicks()


def by_relay(accounts: Iterable[Account]) -> dict[str, list[Account]]:
    """Return messaging accounts by the address of their relay; those that have none left out."""
    found: dict[str, list[Account]] = {}
    for account in accounts:
        if not CHANNELS[account.channel].is_messaging:
            continue
        try:
            url = relay_of(account)
        except HelpdeskError as error:
            # the account itself says so, where people see it
            log.info("%s: %s", account.name, error.code)
            continue
        if url:
            found.setdefault(url, []).append(account)
    return {url: its for url, its in found.items() if any(each.enabled for each in its)}


def by_hook(accounts: Iterable[Account]) -> dict[str, list[Account]]:
    """Return the accounts of one relay by their webhook, as far as one of them is switched on."""
    found: dict[str, list[Account]] = {}
    for account in accounts:
        try:
            hook = hook_of(account)
        except HelpdeskError as error:
            log.info("%s: %s", account.name, error.code)
            continue
        if hook:
            found.setdefault(hook, []).append(account)
    return {hook: its for hook, its in found.items() if any(each.enabled for each in its)}


def publish(line: RelayLine, hook: str, accounts: Sequence[Account], password: Password) -> str:
    """Publish a webhook as its accounts say; return its public address. Raises HelpdeskError.

    Args:
        line: To their relay.
        hook: Its id.
        accounts: All that share it. Those that are switched off are waited for, too: what comes
            meanwhile is there when they are switched on again.
        password: Gives their secrets.
    """
    secrets: dict[str, None] = {}
    tokens: dict[str, None] = {}
    for account in accounts:
        for secret in signing_secrets(account, password):
            secrets[secret] = None
        if token := password(account, "verify"):
            tokens[token] = None
    return line.put_hook(
        hook,
        provider=company_of(carrier_of(accounts[0])),
        secrets=list(secrets),
        verify_tokens=list(tokens),
        consumers=sorted(account.name for account in accounts),
    )


def signing_secrets(account: Account, password: Password) -> list[str]:
    """Return what signs the webhooks of an account, none if nothing is known; raises HelpdeskError.

    While a secret is changed there are two: the provider may use either.
    """
    found = [password(account, "app-secret"), password(account, "app-secret-old")]
    is_twilios = carrier_of(account) == Carrier.TWILIO
    if is_twilios and not found[0] and not setting_of(account, "key_sid"):
        # who logs in with the auth token itself has said it already
        found.append(password(account, "token"))
    return [each for each in found if each]


def _key(accounts: Sequence[Account]) -> bytes:
    """Return what changes when a webhook has to be published anew."""
    said = [
        (each.name, each.settings, each.enabled, each.state is AccountState.NEW)
        for each in accounts
    ]
    return _hash(said)


def _hash(said: object) -> bytes:
    return hashlib.sha256(json.dumps(said).encode()).digest()
