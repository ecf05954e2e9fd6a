"""Reading conversations of Instagram: never faster than Meta allows, and no message twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.json_fields import id_at, objects_at
from helpdesk_tui.domain.messaging.meta_pages import (
    MESSAGE_FIELDS,
    READABLE,
    Changed,
    changed_of,
    has_content,
    messages_of,
)
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.http import Params

_PER_SECOND = 2.0
"""Calls that Meta allows an account for its conversations."""
_PAGE = 50


class Pace:
    """Lets calls through one after the other, so many a second; used by one thread."""

    def __init__(
        self,
        stopping: threading.Event,
        *,
        per_second: float = _PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stopping = stopping
        self._between = 1.0 / per_second
        self._clock = clock
        self._next = 0.0

    def wait(self) -> None:
        """Wait for the next turn; blocks for at most half a second, or until the stop."""
        left = self._next - self._clock()
        if left > 0:
            self._stopping.wait(left)
        self._next = max(self._next, self._clock()) + self._between


class Conversations:
    """The conversations of one account; used by one thread."""

    def __init__(self, graph: Graph, pace: Pace) -> None:
        self._graph = graph
        self._pace = pace
        self._is_nested = True

    def changed(self, since: datetime, now: datetime) -> Iterator[Changed]:
        """Give the conversations in which something has happened since, the newest first.

        Raises:
            ChannelError: as Meta answers.
        """
        params: Params = {
            "platform": "instagram",
            "fields": "id,updated_time",
            "limit": _PAGE,
        }
        self._pace.wait()
        for page in self._graph.pages(f"{self._owner}/conversations", params):
            found = changed_of(page, now)
            yield from (each for each in found if each.updated_at >= since)
            if any(each.updated_at < since for each in found):
                return
            self._pace.wait()

    def with_person(self, person: str) -> list[str]:
        """Return the ids of the conversations with somebody; one, or none."""
        params = {"platform": "instagram", "user_id": person, "fields": "id"}
        self._pace.wait()
        page = self._graph.get(f"{self._owner}/conversations", params)
        return [id_at(each, "id") for each in objects_at(page, "data") if id_at(each, "id")]

    def read(self, conversation: str) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """Return a conversation and its newest messages that can still be read, newest first.

        Raises:
            ChannelError: as Meta answers.
        """
        if self._is_nested:
            try:
                said = self._get(conversation, f"participants,messages{{{MESSAGE_FIELDS}}}")
            except Gone:
                raise
            except Rejected:
                # some versions take no fields of fields: then every message is asked for
                said = self._get(conversation, "participants,messages")
                self._is_nested = False
        else:
            said = self._get(conversation, "participants,messages")
        messages = [
            each if has_content(each) else self._message(id_at(each, "id"))
            for each in messages_of(said)[:READABLE]
        ]
        return said, [each for each in messages if each]

    def _message(self, message: str) -> Mapping[str, Any]:
        """Return one message; nothing where it cannot be read any more."""
        if not message:
            return {}
        try:
            return self._get(message, MESSAGE_FIELDS)
        except AuthFailed:
            raise
        except (Rejected, Gone):
            return {}

    def _get(self, node: str, fields: str) -> Mapping[str, Any]:
        self._pace.wait()
        return self._graph.get(node, {"fields": fields})

    @property
    def _owner(self) -> str:
        return self._graph.settings.page_id or "me"
