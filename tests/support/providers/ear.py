"""A receiver of webhooks that believes everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.providers.running import Providers
from tests.support.waiting import PATIENCE


@contextmanager
def running_hook(sim: Providers) -> Iterator[list[bytes]]:
    """Let all providers send their news to a list of bodies."""
    bodies: list[bytes] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        for provider in (sim.twilio, sim.whatsapp, sim.instagram):
            provider.hook.url = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield bodies
        finally:
            for provider in (sim.twilio, sim.whatsapp, sim.instagram):
                provider.hook.url = ""
            server.shutdown()
            thread.join(PATIENCE)
