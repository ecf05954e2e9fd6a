"""The thread that fetches an account's webhooks from the relay and stores what they say."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.channels import CHANNELS, INSTAGRAM
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.messaging.meta_hooks import Product, Told, hook_news
from helpdesk_tui.domain.messaging.meta_reading import Unreadable
from helpdesk_tui.domain.messaging.relaying import Delivery
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.messaging.messages import Messaging
from helpdesk_tui.services.messaging.meta import MetaAccount
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.meta.people import People
from helpdesk_tui.sync.channels.meta.settings import MetaSettings, read_settings
from helpdesk_tui.sync.receiving import Password, ReceiveLoop
from helpdesk_tui.sync.relay_line import RelayLine, line_of

log = logging.getLogger(__name__)

WAIT = 25.0
"""Seconds that the relay holds a question back until something comes."""
_SAY_ANEW = 20.0
"""Seconds after which it is noted again that all is well: it wakes all who watch the store."""
_AT_ONCE = 50
"""Deliveries that are stored and acknowledged together."""
_HASTE = 0.2
_BREATH = 0.5
"""Seconds between two questions to a relay that answers at once without any news."""
_LONGEST_WAIT = 20.0
"""Seconds between two tries while a relay is out of reach."""


class HookReceiver(ReceiveLoop):
    """Asks the relay for the webhooks of one account, one long question after the other.

    The webhook is that of the app, so several accounts may share it: each takes what is its own
    and acknowledges all, and the relay keeps a delivery until the last of them has.
    """

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self._backoff = Backoff(longest=_LONGEST_WAIT)
        self._messaging = Messaging(store)
        is_instagram = account.channel == INSTAGRAM.name
        known = MetaAccount(store, account)
        self._people = People(account, known, password) if is_instagram else None
        self._line: RelayLine | None = None
        self._summary = Summary()
        self.token_trouble: HelpdeskError | None = None
        """Why Meta refuses the token; what the relay has is received all the same."""
        self._strangers: set[tuple[str, str]] = set()
        self._waits = False
        self._noted_at = 0.0
        self._pause = 0.0

    @property
    def summary(self) -> Summary:
        """What became of the messages so far."""
        return self._summary

    def pause(self) -> float:
        """Return how long to wait until the next question."""
        self._waits = True
        return self._pause

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        line = self._line
        if line is not None:
            line.close()

    def finish(self) -> None:
        """Close the connection."""
        self.drop()

    def drop(self) -> None:
        """Close the connection; the next question makes a new one, and is not held back."""
        line, self._line = self._line, None
        self._waits = False
        if line is not None:
            line.close()

    def fetch(self) -> None:
        """Fetch what came and store it; blocks.

        Raises:
            HelpdeskError: as the relay, the settings or the store fail.
        """
        settings, line = self._connected()
        began = time.monotonic()
        wait = WAIT if self._waits and not self._asked else 0.0
        deliveries = line.deliveries(settings.hook, self.account.name, 0, wait)
        for start in range(0, len(deliveries), _AT_ONCE):
            group = deliveries[start : start + _AT_ONCE]
            # what cannot be stored now is not acknowledged, and comes again
            self._take(settings, group)
            line.ack(settings.hook, self.account.name, group[-1].seq)
        took = time.monotonic() - began
        self._pause = _BREATH if not deliveries and self._waits and took < _HASTE else 0.0
        self._note(is_quiet=not deliveries)

    def _connected(self) -> tuple[MetaSettings, RelayLine]:
        settings = read_settings(self.account)
        if not settings.has_hook:
            raise UsageError("meta.needs-relay", name=self.account.name)
        line = self._line
        if line is None:
            line = line_of(self.account, self._password)
            if line is None:
                raise UsageError("meta.needs-relay", name=self.account.name)
            self._line = line
        return settings, line

    def _take(self, settings: MetaSettings, deliveries: Sequence[Delivery]) -> None:
        all_told = [told for each in deliveries for told in self._understood(each)]
        own = [told for told in all_told if _is_own(told, settings)]
        if len(own) < len(all_told):
            self._name_strangers(all_told)
        news = [each.news for each in own]
        if self._people is not None:
            news = self._people.named(news)
        if news:
            raw = dict(each.raw for each in own if each.raw is not None)
            self._summary += self._messaging.ingest(self.account, news, raw=raw)

    def _name_strangers(self, all_told: Sequence[Told]) -> None:
        """Log for whom news came that no account here is for: once each."""
        found = {(told.product.value, told.account) for told in all_told} - self._strangers
        if not found:
            return
        known = {pair for each in self._accounts.all() if (pair := _named(each)) is not None}
        for product, account in found - known:
            log.warning("%s: news of %s %s, which is not connected", self.name, product, account)
        self._strangers |= found

    def _understood(self, delivery: Delivery) -> list[Told]:
        try:
            return hook_news(delivery.body, delivery.at)
        except Unreadable as error:
            log.error("%s: delivery %s: %s", self.name, delivery.seq, error)
            return []

    def _note(self, *, is_quiet: bool) -> None:
        """Note that all is well: seldom, as every note wakes all who watch the store."""
        is_due = time.monotonic() - self._noted_at >= _SAY_ANEW
        if is_due or not is_quiet or not self.healthy.is_set() or self._refusals:
            self._noted_at = time.monotonic()
            if self.token_trouble is None:
                self.went_well()
                return
            # what the relay has comes in, and still somebody has to look after the account
            self._backoff.clear()
            self._refusals = 0
            self.healthy.set()
            self._report(AccountState.RETRYING, self.token_trouble)


def _named(account: Account) -> tuple[str, str] | None:
    """Return by what webhooks name an account; None for one that gets none of these."""
    if not CHANNELS[account.channel].is_messaging:
        return None
    try:
        return account.channel, read_settings(account).account_id
    except UsageError:
        return None


def _is_own(told: Told, settings: MetaSettings) -> bool:
    product = Product.WHATSAPP if settings.is_whatsapp else Product.INSTAGRAM
    return told.product is product and told.account == settings.account_id
