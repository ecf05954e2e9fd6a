"""Fetching the pages that the setting names: politely, bounded in number, size and time."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from helpdesk_tui.domain.answering.pages import Page, Pages, failed, is_passing
from helpdesk_tui.domain.answering.robots import Robots, read_robots
from helpdesk_tui.domain.setting.responder import MOST_PAGES
from helpdesk_tui.domain.web_addresses import origin_of
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.responder.reading import addresses_in, read_page
from helpdesk_tui.sync.responder.stoppable import run_stoppable
from helpdesk_tui.sync.responder.visiting import (
    AGENT,
    Allowed,
    Answer,
    VisitError,
    Visitor,
)

log = logging.getLogger(__name__)

LONGEST = 900.0
"""Seconds that all pages together may take."""
PAUSE = 0.5
"""Seconds between two requests."""
_MOST_TEXT = 8_000_000
_MOST_LISTS = 20
_GIVES_UP = 4
"""Failures in a row after which a site is left alone until the next time."""
_TEXTS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_LISTS = ("application/xml", "text/xml", "application/rss+xml")

MakeVisitor = Callable[[frozenset[str]], Visitor]


def fetch_pages(
    wanted: Sequence[str],
    known: Pages,
    *,
    now: Clock = utc_now,
    stopping: threading.Event | None = None,
    pause: float = PAUSE,
    longest: float = LONGEST,
    visitor: MakeVisitor = Visitor,
) -> Pages:
    """Return what is known after a visit of all pages; blocks.

    Args:
        wanted: The setting: addresses of pages, or of sitemaps.
        known: What was known before.
        now: The clock.
        stopping: Ends it when it is set.
        pause: Seconds between two requests.
        longest: Seconds that it may take; what is not reached stays as it was.
        visitor: Makes what fetches from some sites.

    Raises:
        Stopped: if it was told to end.
    """
    round_ = _Round(wanted, known, now, pause, longest)
    return run_stoppable(round_.run(visitor), longest + 60.0, stopping)


class _Round:
    """One visit of everything that is wanted."""

    def __init__(
        self, wanted: Sequence[str], known: Pages, now: Clock, pause: float, longest: float
    ) -> None:
        self._wanted = tuple(wanted)
        self._known = {each.address: each for each in known.pages}
        self._now = now
        self._pause = pause
        self._ends = time.monotonic() + longest
        self._next = 0.0
        self._robots: dict[str, Robots | None] = {}
        self._troubles: dict[str, str] = {}
        self._failures: dict[str, int] = {}
        self._pages: dict[str, Page] = {}
        self._room = _MOST_TEXT

    async def run(self, make: MakeVisitor) -> Pages:
        """Visit everything."""
        async with make(frozenset(filter(None, map(origin_of, self._wanted)))) as visitor:
            for named in self._wanted:
                if _is_list(named):
                    await self._list(visitor, named)
                else:
                    await self._page(visitor, named, named)
        pages = tuple(self._pages.values())
        return Pages(self._wanted, self._now(), pages, self._troubles)

    async def _list(self, visitor: Visitor, named: str) -> None:
        """Visit the pages of a sitemap, and of those that it names in turn."""
        waiting, seen, is_elsewhere = [named], 0, False
        while waiting and seen < _MOST_LISTS:
            address = waiting.pop(0)
            seen += 1
            try:
                answer = await self._get(visitor, address)
                if answer.content_type not in (*_LISTS, *_TEXTS):
                    raise VisitError("not-a-list")
            except VisitError as error:
                self._list_failed(named, address, error.code)
                continue
            found, are_lists = addresses_in(answer.body)
            found = [urldefrag(urljoin(answer.address, each)).url for each in found]
            ours = [each for each in found if visitor.may_visit(each)]
            is_elsewhere = is_elsewhere or len(ours) < len(found)
            if are_lists:
                # lists of lists of lists are none that a shop has
                waiting += ours if address == named else []
                continue
            for each in ours:
                await self._page(visitor, each, named)
        if is_elsewhere and named not in self._troubles:
            self._troubles[named] = "some-elsewhere"

    def _list_failed(self, named: str, address: str, code: str) -> None:
        """Keep for some days what a list that cannot be had named before."""
        self._troubles[address] = code
        for page in self._known.values():
            if page.named_by == named and page.address not in self._pages:
                self._add(failed(page, code, self._now()))

    async def _page(self, visitor: Visitor, address: str, named: str) -> None:
        if address in self._pages and not self._pages[address].trouble:
            return
        if address not in self._pages and len(self._pages) >= MOST_PAGES:
            self._troubles[named] = "too-many"
            return
        before = replace(self._known.get(address, Page(address, named)), named_by=named)
        try:
            answer = await self._get(visitor, address, before)
            self._add(self._read(before, answer))
        except VisitError as error:
            log.info("a page of the shop was not read: %s", error.code)
            self._add(failed(before, error.code, self._now()))

    def _read(self, before: Page, answer: Answer) -> Page:
        """Return a page with what was got of it.

        Raises:
            VisitError: where that is no text.
        """
        if answer.status == 304 and before.text:
            return replace(before, read_at=self._now(), trouble="")
        if answer.content_type not in _TEXTS:
            raise VisitError("not-text")
        found = read_page(answer.body, answer.content_type, answer.charset)
        if not found.text:
            raise VisitError("empty")
        return Page(
            before.address, before.named_by, found.title, found.language, found.text,
            answer.etag, answer.modified, self._now(),
        )  # fmt: skip

    def _add(self, page: Page) -> None:
        old = self._pages.pop(page.address, None)
        self._room += len(old.text) if old else 0
        if len(page.text) > self._room:
            page = Page(page.address, page.named_by, trouble="no-room")
        self._room -= len(page.text)
        self._pages[page.address] = page

    async def _get(self, visitor: Visitor, url: str, before: Page | None = None) -> Answer:
        """Return what stands at an address, if its site lets us.

        Raises:
            VisitError: with the reason.
        """

        async def allowed(address: str) -> None:
            await self._check(visitor, address)

        await self._check(visitor, url)
        if self._failures.get(origin_of(url), 0) >= _GIVES_UP:
            raise VisitError("given-up")
        known = before if before is not None and before.text else Page(url, url)
        answer = await self._asked(
            visitor, url, etag=known.etag, modified=known.modified, allowed=allowed
        )
        if answer.status != 200 and not (answer.status == 304 and known.text):
            raise VisitError(f"status-{answer.status}")
        return answer

    async def _asked(
        self, visitor: Visitor, url: str, *, etag: str = "", modified: str = "",
        allowed: Allowed | None = None,
    ) -> Answer:  # fmt: skip
        """Ask once the time for it has come; count what a site fails at."""
        origin = origin_of(url)
        if max(self._next, time.monotonic()) >= self._ends:
            raise VisitError("no-time")
        await asyncio.sleep(max(0.0, self._next - time.monotonic()))
        is_failure = True
        try:
            answer = await visitor.get(url, etag=etag, modified=modified, allowed=allowed)
            is_failure = is_passing(f"status-{answer.status}")
        except VisitError as error:
            is_failure = is_passing(error.code)
            raise
        finally:
            self._failures[origin] = self._failures.get(origin, 0) + 1 if is_failure else 0
            rules = self._robots.get(origin)
            self._next = time.monotonic() + max(self._pause, rules.pause if rules else 0.0)
        return answer

    async def _check(self, visitor: Visitor, url: str) -> None:
        """Raise VisitError where a site does not want an address fetched, or cannot say."""
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = await self._rules(visitor, url)
        rules = self._robots[origin]
        if rules is None:
            raise VisitError("robots-unknown")
        if not rules.allows(url):
            raise VisitError("robots")

    async def _rules(self, visitor: Visitor, url: str) -> Robots | None:
        """Return what a site lets us fetch, or None where it fails to say."""
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        try:
            answer = await self._asked(visitor, address)
        except VisitError as error:
            # rules that stand elsewhere, or lead in circles, are none
            if not is_passing(error.code) and not error.code.startswith("refused"):
                return Robots()
            self._troubles[address] = error.code
            return None
        if is_passing(f"status-{answer.status}"):
            self._troubles[address] = f"status-{answer.status}"
            return None
        if answer.status != 200 or "html" in answer.content_type:
            return Robots()
        return read_robots(answer.body.decode("utf-8-sig", "replace"), AGENT)


def _is_list(address: str) -> bool:
    return urlsplit(address).path.lower().endswith(".xml")
