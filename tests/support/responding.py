"""Chats with the responder for tests, a FAQ it knows, and a language model that may be anything."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.services.faq import Faq
from tests.support.chats import add_chat

ENTRIES = (
    FaqDraft("en", "How do I return an item?", "Print the label in your account.", "returns"),
    FaqDraft("en", "How long does delivery take?", "Two to four days.", "delivery"),
    FaqDraft("en", "Which payment methods do you accept?", "Cards and PayPal.", "payment"),
    FaqDraft("en", "How can I track my order?", "Use the link in the mail.", "track"),
    FaqDraft("en", "I forgot my password", "Press “Forgot” at the login.", "password"),
    FaqDraft("en", "Do you sell gift cards?", "Yes, from 10 euro.", "gift-cards"),
    FaqDraft("pl", "Jak zwrócić towar?", "Wydrukuj etykietę na koncie.", "returns"),
)


def add_faq(store: Store) -> None:
    """Publish a small FAQ."""
    faq = Faq(store, SYSTEM)
    for draft in ENTRIES:
        faq.publish(faq.add(draft).id)


def settle(store: Store, **settings: Any) -> None:
    """Set settings of the desk; an underscore stands for a dash."""
    with store.write() as connection:
        for name, value in settings.items():
            save_setting(connection, name.replace("_", "-"), DESK, json.dumps(value))


def add_talk(store: Store, *texts: str, **fields: Any) -> int:
    """Add a running chat that the responder talks in, and return its ticket's id."""
    chat = {"responder": "answering", **fields.pop("chat", {})}
    return add_chat(
        store, texts=texts, chat=chat, status="closed", flags="with-responder",
        **{"waiting_since": None, "unread": 0, **fields},
    )  # fmt: skip


def thread_of(store: Store, ticket: int) -> list[tuple[str, str]]:
    """Return who wrote what in a ticket: (direction and author, text)."""
    with store.read() as connection:
        found = connection.execute(
            "SELECT direction, author_kind, text FROM message WHERE ticket_id = ? ORDER BY id",
            (ticket,),
        )
        return [(f"{row[0]} {row[1]}", row[2]) for row in found]


class Model:
    """What the fake language model was asked, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""
        self.leave = threading.Event()
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: None

    def says(self, text: str) -> None:
        """Stream a text in pieces of three characters, as such services do."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            pieces = [text[at : at + 3] for at in range(0, len(text), 3)]
            lines = [": ping\n\n", 'data: {"choices": []}\n\n']
            lines += [f"data: {json.dumps(_delta(piece))}\n\n" for piece in pieces]
            self.stream(handler, *lines, "data: [DONE]\n\n")

        self.answer = answer

    def stream(self, handler: BaseHTTPRequestHandler, *lines: str) -> None:
        """Send lines as events."""
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.end_headers()
        for line in lines:
            handler.wfile.write(line.encode())
            handler.wfile.flush()


def _delta(text: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


@contextmanager
def language_model() -> Iterator[Model]:
    """Run a fake OpenAI-compatible service on loopback."""
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            model.asked.append(json.loads(self.rfile.read(length)))
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            try:
                model.answer(self)
            except OSError:
                # whoever asked has hung up, which is what some tests want
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the tests' output free of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        model.leave.set()
        server.shutdown()
        thread.join()
        server.server_close()
