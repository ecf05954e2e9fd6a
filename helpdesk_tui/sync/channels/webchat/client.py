"""Asking and telling a relay: every request is bounded, and nothing it says is believed unread."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.webchat.reading import WireError, moment_of, object_of, whole_of
from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.domain.webchat.wire import (
    FILE_LIMIT,
    News,
    OurMessage,
    Site,
    WireFile,
    message_json,
    news_of,
)
from helpdesk_tui.sync.channels.errors import ChannelError, Gone, Rejected
from helpdesk_tui.sync.channels.webchat.settings import WebchatSettings
from helpdesk_tui.sync.relay_wire import SAID, Refused, RelayWire

_UPLOAD = 60.0
_WAIT_MORE = 15.0
"""Seconds beyond those that the relay was asked to wait."""
_TRANSFER = 300.0
"""Seconds beyond those for a file, however slow the line is."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the relay says that it fares."""

    version: int
    now: datetime
    knows_site: bool
    events: int
    """How many wait to be fetched."""
    oldest: datetime | None
    conversations: int
    public_url: str


class RelayClient:
    """One site at one relay; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError` and :class:`WireError`.
    """

    def __init__(
        self,
        settings: WebchatSettings,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._site = settings.site
        self._wire = RelayWire(settings.relay, token, transport=transport)

    def close(self) -> None:
        """Drop the connections; a request that waits for its answer ends with :class:`Retry`."""
        self._wire.close()

    def news(self, after: int, live: int, wait: float) -> News:
        """Return what happened after an event, at once or within ``wait`` seconds."""
        params = {"site": self._site, "after": after, "live": live, "wait": int(wait)}
        said = self._wire.ask("GET", "/box/v1/events", params=params, limit=wait + _WAIT_MORE)
        return news_of(said)

    def acknowledge(self, through: int) -> None:
        """Say that all events up to this one are stored here."""
        self._tell("POST", "/box/v1/ack", {"site": self._site, "through": through})

    def file(self, file: WireFile) -> bytes:
        """Return the bytes of a visitor's upload.

        Raises:
            Gone: ``relay.file-gone`` if the relay has it no more, or something else than it said.
        """
        try:
            data = self._bytes(f"/box/v1/files/{file.id}", file.size)
        except (Gone, WireError) as error:
            raise Gone("relay.file-gone", name=clean(file.name)) from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Gone("relay.file-gone", name=clean(file.name))
        return data

    def put_file(self, sha256: str, data: bytes) -> None:
        """Put a file of ours there, once or more often."""
        params = {"site": self._site}
        headers = {"Content-Type": "application/octet-stream"}
        self._wire.ask("PUT", f"/box/v1/files/{sha256}", params=params, content=data,
                       headers=headers, limit=_UPLOAD, transfer=_TRANSFER)  # fmt: skip

    def send(self, message: OurMessage) -> tuple[str, ...]:
        """Hand over a message of ours; return the files that the relay does not have yet.

        Raises:
            Gone: ``chat.ended`` or ``chat.unknown``.
        """
        try:
            self._tell("POST", "/box/v1/messages", message_json(message))
        except Refused as error:
            if error.said == "file.missing":
                return error.files
            raise _gone(error) from error
        return ()

    def end(self, conversation: str, seen: int, by: str) -> bool:
        """End a chat; False if its visitor has written something that is not known here yet.

        Raises:
            Gone: ``chat.unknown``.
        """
        body = {"conversation": conversation, "seen": seen, "by": by}
        try:
            self._tell("POST", "/box/v1/end", body)
        except Refused as error:
            if error.said == "conversation.pending":
                return False
            if error.said == "conversation.ended":
                return True
            raise _gone(error) from error
        return True

    def typing(self, conversation: str, name: str, *, typing: bool) -> None:
        """Say that an agent writes, or no more."""
        body = {"conversation": conversation, "name": name, "typing": typing}
        self._courtesy("/box/v1/typing", body)

    def seen(self, conversation: str, client_id: str) -> None:
        """Say how far the agents have read."""
        self._courtesy("/box/v1/seen", {"conversation": conversation, "client_id": client_id})

    def publish(self, site: Site) -> None:
        """Put the site there as it is now."""
        self._tell("PUT", "/box/v1/site", site_json(site))

    def health(self) -> Health:
        """Return how the relay fares."""
        answer = self._wire.ask("GET", "/box/v1/health", params={"site": self._site})
        said = object_of(answer, "health")
        oldest = said.get("oldest")
        return Health(
            version=whole_of(said, "version"),
            now=moment_of(said.get("now")),
            knows_site=said.get("known") is True,
            events=whole_of(said, "events"),
            oldest=None if oldest is None else moment_of(oldest),
            conversations=whole_of(said, "conversations"),
            public_url=shorten(clean(str(said.get("public_url") or "")), SAID),
        )

    def _courtesy(self, path: str, body: Mapping[str, Any]) -> None:
        """Tell something that may as well stay unsaid where the chat is over."""
        try:
            self._tell("POST", path, body)
        except Refused:
            return

    def _tell(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        self._wire.ask(method, path, params={"site": self._site}, json=body)

    def _bytes(self, path: str, size: int) -> bytes:
        try:
            return self._wire.answer(
                "GET", path, min(size, FILE_LIMIT), limit=_UPLOAD, transfer=_TRANSFER,
                params={"site": self._site},
            )  # fmt: skip
        except Refused as error:
            raise _gone(error) from error


def _gone(error: Refused) -> ChannelError:
    """Return a refusal as the one who asked for it understands it."""
    codes = {"conversation.ended": "chat.ended", "conversation.unknown": "chat.unknown"}
    if error.said in codes:
        return Gone(codes[error.said])
    if error.said.endswith((".unknown", ".missing", ".gone")):
        return Gone("relay.gone", reason=error.said)
    return Rejected("relay.refused", reason=error.said)
