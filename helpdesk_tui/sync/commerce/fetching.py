"""Fetching from one connected source: several customers beside each other, each part by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Failure, Section
from helpdesk_tui.domain.commerce.identities import Identities
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.commerce.errands import Errand, Errands
from helpdesk_tui.sync.pacing import PACED, Paces, modestly
from helpdesk_tui.sync.providers.source import Source, Suspended, failure_of

log = logging.getLogger(__name__)

THREADS = 8
"""Parts of customers that are fetched from a source at the same time, within its rate."""
PROBE_AFTER = 600.0
"""Seconds after which an account that was shut is tried again."""
SOON = 120.0
"""Seconds up to which having to wait for a turn is nothing to tell of."""
LEFT_FOR_OPENED = 0.5
"""The share of it that customers beside the cursor leave to those that an agent opens."""
LEFT_FOR_CHANGES = 0.25
"""The share of what a shop lets be asked at once that is left for changes of orders."""


class Fetching:
    """The threads that ask one connected source; :meth:`close` ends them."""

    def __init__(
        self,
        connected: ConnectedSource,
        secret: str,
        *,
        store: ContextStore,
        sources: Sources,
        identities: Callable[[int], Identities],
        opened: Callable[[ConnectedSource, str, Paces], Source],
        threads: int = THREADS,
    ) -> None:
        """Begin.

        Args:
            connected: Which source.
            secret: What logs in there.
            store: Where facts go.
            sources: Where it stands how the source fares.
            identities: By what a profile may be looked up.
            opened: Connects to it.
            threads: How many ask at the same time.
        """
        self.connected = connected
        self.secret = secret
        self._store = store
        self._sources = sources
        self._identities = identities
        self._connect = opened
        self._errands = Errands(most_ahead=max(1, threads // 2))
        self._stopping = threading.Event()
        reserve = LEFT_FOR_CHANGES if connected.spec.actions else 0.0
        self._paces = Paces(reserve=reserve, wait=self._stopping.wait)
        self._lock = threading.Lock()
        self._open: list[Source] = []
        self._gone: set[tuple[int, str]] = set()
        """Customers whose number the source does not know any more, with that number."""
        self._is_told = False
        self._has_greeted = threading.Event()
        self._shut_until = float("-inf")
        self._threads = [
            threading.Thread(target=run, name=f"source {connected.name}", daemon=True)
            for run in (self._run_first, *[self._run] * (threads - 1))
        ]
        for each in self._threads:
            each.start()

    @property
    def is_shut(self) -> bool:
        """Whether the whole account is left alone for a while."""
        return time.monotonic() < self._shut_until

    def put(self, errand: Errand) -> None:
        """Fetch something; while the account is shut, nothing is asked for."""
        if self.is_shut:
            return
        # whoever is looked up first brings some sections along: the rest is parted then
        for each in [errand] if errand.match is None else self._parts(errand, errand.sections):
            self._errands.put(each)

    def is_idle(self) -> bool:
        """Tell whether nothing is left to do."""
        return self._errands.is_idle()

    @property
    def waiting(self) -> int:
        """How much is yet to be begun."""
        return len(self._errands)

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._stopping.set()
        self._errands.close()
        with self._lock:
            for each in self._open:
                each.close()

    def join(self, seconds: float) -> bool:
        """Wait for the end of all threads; tell whether it came."""
        deadline = time.monotonic() + seconds
        for each in self._threads:
            each.join(max(0.0, deadline - time.monotonic()))
        return not any(each.is_alive() for each in self._threads)

    def _run_first(self) -> None:
        """Hear what the source says of itself before anybody is asked for; then do as the rest."""
        try:
            with closing(self._opened()) as source:
                self._fares_well(source)
        except HelpdeskError as error:
            self._ended(error)
        except Exception:
            # whatever is wrong with it, customers may still be found there
            log.exception("%s: greeting failed", self.connected.name)
        finally:
            self._has_greeted.set()
        self._run()

    def _run(self) -> None:
        with ExitStack() as opened:
            source: Source | None = None
            while (errand := self._errands.take()) is not None:
                following: list[Errand] = []
                try:
                    if source is None:
                        # what was begun while all was being closed ends here, too
                        source = opened.enter_context(closing(self._connected()))
                    with modestly(LEFT_FOR_OPENED) if errand.is_ahead else nullcontext():
                        following = self._done(source, errand)
                    self._fares_well(source)
                except HelpdeskError as error:
                    self._ended(error)
                except Exception:
                    # one odd customer must not end the thread that all others wait for
                    log.exception("%s: fetching failed", self.connected.name)
                finally:
                    self._errands.done(errand, following)

    def _ended(self, error: HelpdeskError) -> None:
        """Take in what ended an errand: trouble of the whole account, or of our own store."""
        if self._stopping.is_set():
            return
        log.warning("%s: %s", self.connected.name, error.code)
        if isinstance(error, StoreError):
            return
        with self._lock:
            if self.is_shut:
                # told already: whoever has mended it since must not hear the same trouble again
                return
            self._shut_until = time.monotonic() + PROBE_AFTER
            self._is_told = False
        self._errands.clear()
        try:
            self._sources.trouble(self.connected.id, error.code, error.values)
        except StoreError as again:
            log.warning("%s: %s", self.connected.name, again.code)

    def _connected(self) -> Source:
        """Return a source that knows what it said of itself, such as its currency."""
        self._has_greeted.wait()
        return self._opened()

    def _opened(self) -> Source:
        source = self._connect(self.connected, self.secret, self._paces)
        with self._lock:
            self._open.append(source)
        if self._stopping.is_set():
            source.close()
        return source

    def _done(self, source: Source, errand: Errand) -> list[Errand]:
        """Run an errand; return what follows from it."""
        later: list[Errand] = []
        try:
            if errand.match is None:
                return self._found(source, errand)
            source.fetch(
                errand.match.external_id,
                errand.sections,
                lambda facts: later.extend(self._told(errand, facts)),
            )
        except (AuthFailed, Suspended):
            raise
        except Gone:
            return self._look_again(errand)
        except ChannelError as error:
            if self._stopping.is_set():
                return []
            failed = dict.fromkeys(errand.sections, failure_of(error))
            return self._told(errand, Facts(failed=failed))
        # what another part has found out meanwhile holds for this one as well
        return later if self._still_holds(errand) else self._look_again(errand)

    def _found(self, source: Source, errand: Errand) -> list[Errand]:
        identities = self._identities(errand.profile_id)
        found = source.find(identities, errand.sections)
        if found is None:
            self._save(errand, None)
            return []
        known = replace(errand, match=found.match)
        left = errand.sections - sections_of(found.facts)
        # the rest is on its way while what came is stored, which takes as long as others write
        self._errands.pass_on(errand, self._parts(known, left))
        return self._told(known, found.facts)

    def _parts(self, errand: Errand, sections: frozenset[Section]) -> list[Errand]:
        """Return an errand's sections as errands: together what is asked together."""
        if self.connected.spec.is_one_call:
            return [replace(errand, sections=sections)]
        return [replace(errand, sections=frozenset((each,))) for each in sections]

    def _look_again(self, errand: Errand) -> list[Errand]:
        """Look for somebody anew who is not there any more under their number."""
        if errand.is_again:
            self._save(replace(errand, match=None), None)
            return []
        if errand.match is not None:
            with self._lock:
                self._gone.add((errand.profile_id, errand.match.external_id))
        return [replace(errand, match=None, is_again=True)]

    def _still_holds(self, errand: Errand) -> bool:
        """Tell whether the number that somebody was asked for by is not known to be gone."""
        if errand.match is None or errand.is_again:
            return True
        with self._lock:
            return (errand.profile_id, errand.match.external_id) not in self._gone

    def _told(self, errand: Errand, facts: Facts) -> list[Errand]:
        """Store facts; return errands for what only has to wait for its turn."""
        if self._stopping.is_set():
            return []
        waits = {
            each: why
            for each, why in facts.failed.items()
            if why.code == PACED and why.retry_after <= SOON
        }
        rest = {each: why for each, why in facts.failed.items() if each not in waits}
        told = replace(facts, failed=rest)
        if not waits or sections_of(told):
            self._save(errand, told)
        return self._again(errand, waits)

    def _again(self, errand: Errand, waits: Mapping[Section, Failure]) -> list[Errand]:
        """Return errands for what only has to wait for its turn; together what is asked together.

        A section that is asked for by itself has a turn of its own: nobody's comes sooner.
        """
        if not waits:
            return []
        now = time.monotonic()
        if errand.match is None or self.connected.spec.is_one_call or errand.is_ahead:
            after = max(why.retry_after for why in waits.values())
            return [replace(errand, sections=frozenset(waits), not_before=now + after)]
        for each, why in waits.items():
            self._errands.defer(each, now + why.retry_after)
        return [replace(errand, sections=frozenset((each,))) for each in waits]

    def _save(self, errand: Errand, facts: Facts | None) -> None:
        lost = self._store.store(
            self.connected, errand.profile_id, errand.match, facts, asked=errand.sections,
            still_holds=lambda: self._still_holds(errand),
        )  # fmt: skip
        # a source that calls them something else at each look must not be asked for ever
        if not errand.is_refill:
            self._refill(errand, lost - errand.sections)

    def _refill(self, errand: Errand, missing: frozenset[Section]) -> None:
        """Ask for what was told under the number before, while somebody looks."""
        if errand.is_ahead:
            missing -= frozenset(self.connected.spec.scarce)
        refill = replace(errand, is_refill=True)
        self._errands.add_beside(errand, self._parts(refill, missing))

    def _fares_well(self, source: Source) -> None:
        """Note once that the source answers, with what it says of itself."""
        with self._lock:
            if self._is_told:
                return
            self._is_told = True
        try:
            told = source.about()
        except Retry:
            # the line is down just now: nothing is known of the account
            with self._lock:
                self._is_told = False
        except (Gone, Rejected):
            self._sources.well(self.connected.id)
        else:
            self.connected = replace(self.connected, told=told)
            self._sources.told(self.connected.id, told)


def sections_of(facts: Facts) -> frozenset[Section]:
    """Return the sections that facts say something of."""
    told = {
        Section.PROFILE: facts.profile, Section.SEGMENTS: facts.segments,
        Section.VALUE: facts.value, Section.ORDERS: facts.orders,
        Section.SUBSCRIPTIONS: facts.subscriptions, Section.EVENTS: facts.events,
    }  # fmt: skip
    known = frozenset(section for section, value in told.items() if value is not None)
    return known | facts.not_available | frozenset(facts.failed)
