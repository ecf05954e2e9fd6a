"""Reading what a customer of Klaviyo did: as far back as is shown, and no further than needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from helpdesk_tui.domain.commerce.facts import CustomerEvent, EventsPage
from helpdesk_tui.domain.commerce.klaviyo_events import (
    Metric,
    campaignless,
    nameless,
    read_events,
    read_metrics,
)
from helpdesk_tui.domain.json_fields import object_at, objects_at
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.sync.channels.errors import Gone, Rejected, Retry
from helpdesk_tui.sync.providers.klaviyo.client import KlaviyoClient

Timer = Callable[[], float]

_NAMES_LAST = 3_600.0
_DEEP_EVERY = 86_400.0
"""Events may be dated back: once a day all pages are read again, else only what is new."""
_MOST_REMEMBERED = 5_000
_LONGEST_CURSOR = 2_000
_Names = TypeVar("_Names")


class EventReader:
    """Reads the events of customers; used by one thread."""

    def __init__(self, client: KlaviyoClient, *, timer: Timer = time.monotonic) -> None:
        self._client = client
        self._timer = timer
        self._metrics = _Remembered(client.metrics, timer)
        self._campaigns = _Remembered(client.campaigns, timer)
        self._read: dict[str, tuple[str, float]] = {}
        """The newest event of customers, and when all of theirs were read last."""

    def pages(self, profile: str, tell: Callable[[EventsPage], None]) -> None:
        """Hand over what a customer did, the newest first, page by page.

        Of a customer whose events were read lately, pages are read until one that is known. Where
        trouble comes after the first page, older events wait for the next time.
        """
        newest, deep_at = self._read.get(profile, ("", float("-inf")))
        is_deep = not newest or self._timer() - deep_at >= _DEEP_EVERY
        told: list[EventsPage] = []
        try:
            for said in self._client.events(profile):
                told.append(self._page(said))
                tell(told[-1])
                if not is_deep and any(one.id == newest for one in told[-1].events):
                    break
        except (Rejected, Retry):
            if not told:
                raise
            return
        first = next((one.id for page in told for one in page.events), "")
        self._remember(profile, first, self._timer() if is_deep else deep_at)

    def _page(self, said: Mapping[str, Any]) -> EventsPage:
        cursor = object_at(said, "links").get("next")
        cursor = shorten(clean(cursor), _LONGEST_CURSOR) if isinstance(cursor, str) else ""
        return EventsPage(self._events(said), is_all=not cursor, cursor=cursor)

    def _events(self, said: Mapping[str, Any]) -> tuple[CustomerEvent, ...]:
        metrics: Mapping[str, Metric] = read_metrics(objects_at(said, "included"))
        if nameless(said, metrics):
            metrics = {**self._metrics(), **{k: v for k, v in metrics.items() if v.name}}
        campaigns = self._campaigns() if campaignless(said, metrics) else {}
        return read_events(said, metrics, campaigns)

    def _remember(self, profile: str, newest: str, deep_at: float) -> None:
        self._read.pop(profile, None)
        self._read[profile] = (newest, deep_at)
        if len(self._read) > _MOST_REMEMBERED:
            del self._read[next(iter(self._read))]


class _Remembered(dict[str, _Names]):
    """Names of the whole account, asked for once in a while; without the right, none."""

    def __init__(self, ask: Callable[[], Mapping[str, _Names]], timer: Timer) -> None:
        super().__init__()
        self._ask = ask
        self._timer = timer
        self._until = float("-inf")

    def __call__(self) -> Mapping[str, _Names]:
        if self._timer() >= self._until:
            try:
                found = self._ask()
            except (Gone, Rejected):
                # names that may not be read cost no event
                found = {}
            self.clear()
            self.update(found)
            self._until = self._timer() + _NAMES_LAST
        return self
