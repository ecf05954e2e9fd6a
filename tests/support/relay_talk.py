"""Both ends of a relay as tests play them: a browser that listens, and a box that asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx

from helpdesk_tui.domain.webchat.wire import (
    Author,
    Event,
    EventKind,
    News,
    OurMessage,
    WireFile,
    message_json,
    news_of,
)
from tests.support.waiting import PATIENCE, until

Told = tuple[int, str, dict[str, Any]]
"""Number (0: none), event and data."""


def say(visitor: httpx.Client, client_id: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    """Write as a visitor; returns the answer."""
    answer = visitor.post("/v1/chat/messages", json={"client_id": client_id, "text": text, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


class Box:
    """The box of one site: what it has stored, and how far."""

    def __init__(self, client: httpx.Client, site: str = "shop") -> None:
        self.client = client
        self.site = site
        self.events: list[Event] = []
        self.position = 0
        self.live = 0

    def ask(self, wait: int = 0) -> News:
        """Ask for news once and store it; acknowledges nothing."""
        answer = self.client.get(
            "/box/v1/events",
            params={"site": self.site, "after": self.position, "live": self.live, "wait": wait},
        )
        assert answer.status_code == 200, answer.text
        news = news_of(answer.json())
        self.events += news.events
        self.position = max((self.position, *(each.seq for each in news.events)))
        self.live = news.live_version
        return news

    def catch_up(self) -> list[Event]:
        """Ask until nothing is new; returns what was."""
        before = len(self.events)
        while self.ask().events:
            pass
        return self.events[before:]

    def acknowledge(self) -> None:
        """Say that all is stored."""
        self.tell("ack", {"site": self.site, "through": self.position})

    def wait_for(self, kind: EventKind, seconds: float = PATIENCE) -> Event:
        """Ask until something of a kind came; returns the last one."""
        deadline = time.monotonic() + seconds
        while not any(each.kind is kind for each in self.events):
            assert time.monotonic() < deadline, f"no {kind} in {self.events}"
            self.ask(wait=1)
        return [each for each in self.events if each.kind is kind][-1]

    def reply(
        self,
        conversation: str,
        id: str,
        text: str = "answer",
        files: Sequence[WireFile] = (),
    ) -> httpx.Response:
        """Send a message of ours."""
        message = OurMessage(
            conversation, id, Author.AGENT, "Ana", text, datetime.now(UTC), tuple(files)
        )
        return self.client.post(f"/box/v1/messages?site={self.site}", json=message_json(message))

    def end(self, conversation: str, seen: int | None = None, by: str = "agent") -> httpx.Response:
        """End a conversation, knowing what the box knows."""
        body = {
            "conversation": conversation,
            "seen": self.position if seen is None else seen,
            "by": by,
        }
        return self.client.post(f"/box/v1/end?site={self.site}", json=body)

    def tell(self, what: str, body: dict[str, Any]) -> None:
        """Tell the relay something that it must accept."""
        answer = self.client.post(f"/box/v1/{what}?site={self.site}", json=body)
        assert answer.status_code == 204, answer.text

    def of(self, kind: EventKind) -> list[Event]:
        """Return all of a kind that were heard."""
        return [each for each in self.events if each.kind is kind]


class Listener:
    """A browser's stream, read in a thread until it is cut."""

    def __init__(self, client: httpx.Client, after: int = 0, *, last_id: bool = False) -> None:
        self.told: list[Told] = []
        self._response: httpx.Response | None = None
        self._client = client
        self._is_cut = False
        headers = {"Last-Event-ID": str(after)} if last_id else {}
        self._request = client.build_request(
            "GET", "/v1/stream" if last_id else f"/v1/stream?after={after}", headers=headers
        )
        self._thread = threading.Thread(target=self._read)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(PATIENCE), "no stream"

    @property
    def kept(self) -> list[Told]:
        """Return what has a number."""
        return [each for each in self.told if each[0]]

    @property
    def is_over(self) -> bool:
        """Tell whether the stream ended."""
        return not self._thread.is_alive()

    @property
    def texts(self) -> list[str]:
        """Return the texts of the messages, in the order in which they came."""
        return [data["text"] for _, event, data in self.told if event == "message"]

    def names(self) -> list[str]:
        """Return the names of the events."""
        return [event for _, event, _ in self.told]

    def wait_for(self, event: str, times: int = 1) -> dict[str, Any]:
        """Wait for an event; returns its data."""
        until(lambda: self.names().count(event) >= times)
        return [data for _, name, data in self.told if name == event][times - 1]

    def cut(self) -> None:
        """Cut the line."""
        self._is_cut = True
        if self._response is not None:
            stream = self._response.extensions["network_stream"]
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(2)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _read(self) -> None:
        with suppress(httpx.HTTPError):
            self._response = self._client.send(self._request, stream=True)
            assert self._response.status_code == 200, self._response.read()
            self._ready.set()
            lines: list[str] = []
            for line in self._response.iter_lines():
                if line:
                    lines.append(line)
                    continue
                self._hear(lines)
                lines = []
            self._response.close()
        self._ready.set()

    def _hear(self, lines: Sequence[str]) -> None:
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        if "data" in fields:
            said = json.loads(fields["data"])
            self.told.append((int(fields.get("id", 0)), fields["event"], said))


@contextmanager
def listening(client: httpx.Client, after: int = 0) -> Iterator[Listener]:
    """Listen as a browser with the session of a client."""
    listener = Listener(client, after)
    try:
        yield listener
    finally:
        listener.cut()
