"""A site on loopback whose pages may be anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"

Reply = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """The pages of a site, and what was asked of it."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""
        self.leave = threading.Event()

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in their order."""
        return [path for path, _ in self.asked]

    def put(self, path: str, body: str | bytes, kind: str = HTML, **headers: str) -> str:
        """Let a page stand at a path and return its address; an ETag is honoured."""
        data = body if isinstance(body, bytes) else body.encode()
        sent = {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}

        def reply(handler: BaseHTTPRequestHandler) -> None:
            tag = sent.get("ETag")
            is_known = tag is not None and handler.headers.get("If-None-Match") == tag
            answer(handler, 304 if is_known else 200, sent, b"" if is_known else data)

        self.replies[path] = reply
        return self.url + path

    def turn(self, path: str, status: int, **headers: str) -> str:
        """Let a path give a status alone, such as that of a redirect."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = lambda handler: answer(handler, status, named, b"")
        return self.url + path

    def drip(self, path: str) -> str:
        """Let a path begin a page and never end it."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", HTML)
            handler.end_headers()
            while not self.leave.wait(0.02):
                handler.wfile.write(b"<p>drip")

        self.replies[path] = reply
        return self.url + path


def answer(
    handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Send an answer whole."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def running_site() -> Iterator[Site]:
    """Run a site on loopback."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            reply = site.replies.get(self.path)
            try:
                if reply is None:
                    answer(self, 404, {}, b"")
                else:
                    reply(self)
            except OSError:
                # whoever asked has hung up, which is what some tests want
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the tests' output free of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        site.leave.set()
        server.shutdown()
        thread.join()
        server.server_close()
