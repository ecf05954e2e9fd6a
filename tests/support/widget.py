"""The chat widget in a real browser: a shop's pages, the box at the other end, and Chromium."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect, sync_playwright

from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.domain.webchat.wire import (
    Author,
    Event,
    EventKind,
    OurMessage,
    Site,
    WireFile,
    event_of,
    message_json,
)
from tests.support.relay import SITE, Running, signed_token
from tests.support.waiting import PATIENCE

_T = TypeVar("_T")
_PLAIN = "body { margin: 0; font: 16px sans-serif }"


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once; skip the test, saying so, where there is none."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("HELPDESK_REQUIRE_CHROMIUM") == "1":
            pytest.fail("chromium is not installed, and HELPDESK_REQUIRE_CHROMIUM=1")
        pytest.skip("chromium is not installed")
    flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def given(name: str, content_type: str, content: bytes) -> FilePayload:
    """Return a file that a visitor chooses."""
    return {"name": name, "mimeType": content_type, "buffer": content}


class ShopPages:
    """A web server of the shop: whatever page a test puts there."""

    def __init__(self) -> None:
        pages: dict[str, tuple[str, str]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, policy = pages.get(self.path, ("", ""))
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_words: Any) -> None:
                pass

        self._pages = pages
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def put(self, body: str, policy: str = "") -> str:
        """Put a page and return its address."""
        path = f"/page-{next(self._numbers)}"
        self._pages[path] = (body, policy)
        return self.origin + path

    def stop(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(slots=True)
class BoxSide:
    """The box at the other end of the line, by hand."""

    line: httpx.Client
    site: str
    _events: list[Event] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def events(self) -> list[Event]:
        """Return everything that has happened so far."""
        after = self._events[-1].seq if self._events else 0
        asked: dict[str, Any] = {"site": self.site, "after": after, "wait": 0}
        said = self.line.get("/box/v1/events", params=asked)
        self._events += [event_of(each) for each in said.raise_for_status().json()["events"]]
        return self._events

    def live(self) -> dict[str, Any]:
        """Return what holds now, by conversation."""
        asked: dict[str, Any] = {"site": self.site, "after": 2**62, "live": 0, "wait": 0}
        said = self.line.get("/box/v1/events", params=asked)
        live: dict[str, Any] = said.raise_for_status().json()["live"]["conversations"]
        return live

    def wait_for(self, kind: EventKind, count: int = 1) -> list[Event]:
        """Return the events of a kind as soon as there are so many."""
        return until(
            lambda: [each for each in self.events() if each.kind is kind],
            lambda found: len(found) >= count,
        )

    def conversation(self) -> str:
        """Return the conversation that began last, waiting for the first one."""
        return self.wait_for(EventKind.STARTED)[-1].conversation

    def say(
        self,
        conversation: str,
        text: str,
        *,
        author: Author = Author.AGENT,
        name: str = "Maja",
        files: Sequence[tuple[str, str, bytes]] = (),
    ) -> None:
        """Write to the visitor, with files as (name, type, bytes)."""
        sent = tuple(self._put(*each) for each in files)
        id_ = f"message-{next(self._numbers)}"
        ours = OurMessage(conversation, id_, author, name, text, datetime.now(UTC), sent)
        self.post("messages", message_json(ours))

    def post(self, what: str, value: dict[str, Any]) -> None:
        """Tell the relay something."""
        said = self.line.post(f"/box/v1/{what}", params={"site": self.site}, json=value)
        said.raise_for_status()

    def fetch(self, id_: str) -> bytes:
        """Return the bytes of an upload."""
        said = self.line.get(f"/box/v1/files/{id_}", params={"site": self.site})
        return said.raise_for_status().content

    def _put(self, name: str, content_type: str, content: bytes) -> WireFile:
        sha256 = hashlib.sha256(content).hexdigest()
        where = f"/box/v1/files/{sha256}"
        self.line.put(where, params={"site": self.site}, content=content).raise_for_status()
        return WireFile(sha256, name, content_type, len(content), sha256)


def until(look: Callable[[], _T], good: Callable[[_T], bool]) -> _T:
    """Look again and again until it is good."""
    over = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not good(found := look()):
        assert time.monotonic() < over, f"waited in vain, last seen: {found!r}"
        pause.wait(0.03)
    return found


class Desk:
    """A relay, a shop and a browser; each test publishes a site and visits it as somebody new."""

    def __init__(self, relay: Running, pages: ShopPages, browser: Browser) -> None:
        self.relay = relay
        self.pages = pages
        self.browser = browser
        self._lines: dict[str, httpx.Client] = {}
        self._numbers = itertools.count(1)
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def publish(self, **changes: Any) -> Site:
        """Publish another site for the shop's pages."""
        number = next(self._numbers)
        kept = {"id": f"shop-{number}", "origins": (self.pages.origin,)}
        site = replace(SITE, **{**kept, **changes})
        said = self._line().put("/box/v1/site", json=site_json(site))
        said.raise_for_status()
        return site

    def box(self, site: Site) -> BoxSide:
        """Return the box's side of a site."""
        return BoxSide(self._line(), site.id)

    def _line(self) -> httpx.Client:
        """Return the connection to the relay of now; making one costs more than using it."""
        if self.relay.url not in self._lines:
            self._lines[self.relay.url] = self.relay.box()
        return self._lines[self.relay.url]

    def token(self, site: Site, who: str = "1001", **claims: Any) -> str:
        """Return what the shop signs for a customer."""
        return signed_token(aud=site.id, sub=who, **claims)

    def address(
        self,
        site: Site,
        *,
        token: str | None = "",
        language: str = "en",
        attributes: str = "",
        style: str = _PLAIN,
        body: str = "<button id=mine>Buy</button>",
        policy: str = "",
    ) -> str:
        """Put a page of the shop that carries the widget; a token of None is nobody."""
        said = self.token(site) if token == "" else token
        identity = f'data-token="{said}"' if said else ""
        return self.pages.put(
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Shop</title>{'<style>' + style + '</style>' if style else ''}"
            f'<script src="{self.relay.url}/widget.js" data-site="{site.id}" {identity}'
            f" {attributes} async></script></head><body>{body}</body></html>",
            policy,
        )

    def context(self, **options: Any) -> BrowserContext:
        """Return a browser of somebody who was never here."""
        wanted: dict[str, Any] = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-GB",
            "timezone_id": "Europe/Warsaw",
            "reduced_motion": "reduce",
            **options,
        }
        context = self.browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._contexts.append(context)
        return context

    def visit(self, site: Site, context: BrowserContext | None = None, **page: Any) -> Page:
        """Open a page of the shop and wait for the tab."""
        opened = (context or self.context()).new_page()
        opened.goto(self.address(site, **page))
        opened.locator("helpdesk-chat .launcher").wait_for()
        return opened

    def write(self, page: Page, *texts: str) -> None:
        """Write messages, opening the chat if need be."""
        page.locator(".launcher").wait_for(state="attached")
        if page.locator(".panel").is_hidden():
            page.locator(".launcher").click()
        if page.locator(".home").is_visible():
            page.locator(".home-foot button").click()
        for text in texts:
            page.locator("textarea").fill(text)
            page.locator("textarea").press("Enter")

    def close(self) -> None:
        """Close every browser that was opened."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        for line in self._lines.values():
            line.close()
        self._lines.clear()
