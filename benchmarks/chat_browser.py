"""One visitor in a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from benchmarks.chat_part import signed

if TYPE_CHECKING:
    from playwright.sync_api import Locator


class _Shop(BaseHTTPRequestHandler):
    """Gives out one page, whatever is asked for."""

    text = b""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.text)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def shop() -> ThreadingHTTPServer:
    """Return a shop that listens; whoever made it serves and closes it."""
    return ThreadingHTTPServer(("127.0.0.1", 0), _Shop)


def origin_of(server: ThreadingHTTPServer) -> str:
    """Return the origin of its pages."""
    return f"http://127.0.0.1:{server.server_port}"


class Page:
    """A shop page with the chat tab open."""

    def __init__(self, tab: Locator) -> None:
        self._tab = tab

    def write(self, text: str) -> None:
        """Send a message."""
        self._tab.get_by_role("textbox", name="Write a message").fill(text)
        self._tab.get_by_role("button", name="Send", exact=True).click()

    def wait_for(self, text: str) -> None:
        """Return once a text is there to be seen."""
        self._tab.get_by_text(text, exact=True).first.wait_for()


@contextmanager
def page_of(server: ThreadingHTTPServer, relay: str, site: str, key: str) -> Iterator[Page | None]:
    """Open a shop page whose customer is logged in; None without a browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    token = signed(key, site, 20_000)
    _Shop.text = (
        "<!doctype html><title>Shop</title>"
        f'<script src="{relay}/widget.js" data-site="{site}" data-token="{token}" async></script>'
    ).encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(locale="en-GB")
        page.goto(origin_of(server))
        tab = page.locator("helpdesk-chat")
        tab.get_by_role("button", name="Open chat").click()
        yield Page(tab)
        browser.close()
    server.shutdown()
