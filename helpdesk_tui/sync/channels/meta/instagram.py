"""Sending on Instagram, by either door: Instagram Login, or Facebook Login with a page."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.domain.json_fields import id_at
from helpdesk_tui.domain.messaging.meta_pages import message_news
from helpdesk_tui.domain.messaging.parts import PartKind, PartLimits, PlannedPart, Reply, plan
from helpdesk_tui.domain.messaging.providers import Carrier
from helpdesk_tui.domain.messaging.received import Echo, StatusNews
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.channels.errors import Rejected, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingMedia, OutgoingPart
from helpdesk_tui.sync.channels.meta.conversations import Conversations, Pace
from helpdesk_tui.sync.channels.meta.graph import Graph, Troubled
from helpdesk_tui.sync.channels.meta.patience import Patience

LIMITS = PartLimits(text=1_000, text_bytes=1_000)
_KINDS = ("image", "video", "audio")
_SKEW = timedelta(seconds=30)
"""How far the clocks may be apart when a message of ours is looked for."""


class InstagramProvider:
    """One account; :class:`~helpdesk_tui.sync.channels.messaging.provider.Provider`."""

    can_find = True
    polls_status = False

    def __init__(
        self, graph: Graph, *, is_known: Callable[[str], bool], now: Clock = utc_now
    ) -> None:
        """Send for an account.

        Args:
            graph: The connection.
            is_known: Whether an id is already that of another message of ours.
            now: The clock.
        """
        self._graph = graph
        self._is_known = is_known
        self._now = now
        self._stopping = threading.Event()
        self._conversations = Conversations(graph, Pace(self._stopping))
        self._patience = Patience()

    @property
    def needs_url(self) -> bool:
        """Whether files have to be served by the relay: only the other door takes bytes."""
        return self._graph.settings.provider != Carrier.FACEBOOK_LOGIN

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the parts of a reply: texts of 1,000 bytes, then one file each."""
        return plan(reply, LIMITS)

    def pace(self, address: str) -> float:
        """Return no wait: hundreds a second are allowed."""
        return 0.0

    def send(self, part: OutgoingPart) -> Accepted:
        """Send one part; see the protocol for what it raises."""
        body: dict[str, Any] = {"recipient": {"id": part.address}, "message": self._message(part)}
        if part.uses_human_tag:
            body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        try:
            said = self._graph.send(body)
        except Troubled as error:
            raise self._patience.judged(part.reference, error) from error
        found = id_at(said, "message_id")
        if not found:
            raise Uncertain("provider.uncertain", reason="no id")
        return Accepted(found)

    def find(self, part: OutgoingPart) -> str | None:
        """Return the id of a message of ours that says the same, written since the request.

        Raises:
            ChannelError: if that cannot be seen now.
        """
        since = (part.begun_at or self._now()) - _SKEW
        for each in self._conversations.with_person(part.address):
            _, messages = self._conversations.read(each)
            for message in reversed(messages):
                if self._is_same(message, part, since):
                    return id_at(message, "id")
        return None

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Tell nothing: what is told comes by webhook."""
        return None

    def read(self, address: str, external_id: str) -> None:
        """Let the customer see that what they wrote has been read."""
        said = {"recipient": {"id": address}, "sender_action": "mark_seen"}
        self._graph.tell(f"{self._graph.settings.page_id or 'me'}/messages", json=said)

    def close(self) -> None:
        """Drop the connections."""
        self._stopping.set()
        self._graph.close()

    def _message(self, part: OutgoingPart) -> dict[str, Any]:
        if part.kind is PartKind.TEXT or not part.files:
            return {"text": part.text}
        file = part.files[0]
        kind = kind_of(file.content_type)
        payload = {"url": file.url} if self.needs_url else self._uploaded(file, kind)
        return {"attachment": {"type": kind, "payload": payload}}

    def _uploaded(self, file: OutgoingMedia, kind: str) -> dict[str, Any]:
        said = {"attachment": {"type": kind, "payload": {"is_reusable": False}}}
        fields = {"platform": "instagram", "message": json.dumps(said)}
        answer = self._graph.upload(
            "message_attachments", fields, file.name, file.content_type, file.read()
        )
        found = id_at(answer, "attachment_id")
        if not found:
            raise Rejected("meta.upload-refused")
        return {"attachment_id": found}

    def _is_same(self, message: Mapping[str, Any], part: OutgoingPart, since: datetime) -> bool:
        ours = frozenset((self._graph.settings.account_id, part.ours.removeprefix("@")))
        news = next(iter(message_news(message, ours, self._now())), None)
        if not isinstance(news, Echo) or news.at < since or self._is_known(news.external_id):
            return False
        return bool(news.media) if part.files else news.text.strip() == part.text.strip()


def kind_of(content_type: str) -> str:
    """Return as what a file is sent."""
    kind = content_type.partition("/")[0].lower()
    return kind if kind in _KINDS else "file"
