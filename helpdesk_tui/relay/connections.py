"""Connections before and between requests: nobody holds many, or one that says nothing.

What comes through a named proxy is counted by the guard, by the visitor's address; here everything
of the proxy would be one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from helpdesk_tui.relay.config import RelayConfig
from helpdesk_tui.relay.proxies import is_proxy, shared_by

type_of_protocol = type[asyncio.Protocol]

log = logging.getLogger(__name__)


def watched_protocol(config: RelayConfig) -> type_of_protocol:
    """Return the protocol of one relay's connections: they share the count of its addresses."""
    held: Counter[str] = Counter()

    class Watched(_Watched):
        relay = config
        counted = held

    return Watched


class _Watched(H11Protocol):
    """HTTP/1.1, with a time limit whenever the other end has to say something."""

    relay: RelayConfig
    counted: Counter[str]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owing: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._holder = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection; one too many of its address is closed at once."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        if peer and not is_proxy(peer, self.relay.trusted_proxies):
            self._holder = shared_by(peer)
            self.counted[self._holder] += 1
            if 0 < self.relay.connections < self.counted[self._holder]:
                transport.abort()
                return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self._rest()
        self._took()
        if self._holder:
            self.counted[self._holder] -= 1
            if self.counted[self._holder] <= 0:
                del self.counted[self._holder]
            self._holder = ""
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see whether more is owed."""
        if self.transport.is_closing():
            return
        try:
            super().data_received(data)
        except h11.LocalProtocolError:
            # it broke the protocol while an answer was on its way: nothing more can be said
            self.transport.abort()
        self._watch()

    def pause_writing(self) -> None:
        """See whether the other end takes what it asked for: all of it waits in memory."""
        super().pause_writing()
        if self._taking is None:
            self._taking = self.loop.call_later(self.relay.body_seconds_total, self._cut)

    def resume_writing(self) -> None:
        """Go on: it was taken."""
        self._took()
        super().resume_writing()

    def _took(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless an answer to something else is on its way."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.transport.abort()
            return
        super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """See whether the other end is still sending a body that nobody reads."""
        super().on_response_complete()
        self._watch()

    def _owes(self) -> bool:
        if self.transport.is_closing():
            return False
        theirs = self.conn.their_state
        if theirs is h11.IDLE:
            # nothing yet, or a part of the headers; between two requests uvicorn itself waits
            return self.timeout_keep_alive_task is None
        return theirs is h11.SEND_BODY and self.conn.our_state in (h11.DONE, h11.MUST_CLOSE)

    def _watch(self) -> None:
        if not self._owes():
            self._rest()
        elif self._owing is None:
            self._owing = self.loop.call_later(self.relay.body_seconds, self._cut)

    def _rest(self) -> None:
        if self._owing is not None:
            self._owing.cancel()
            self._owing = None

    def _cut(self) -> None:
        self._owing = None
        log.debug("a connection was cut: it said or took nothing")
        self.transport.abort()
