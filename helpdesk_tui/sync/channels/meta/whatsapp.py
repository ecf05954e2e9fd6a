"""Sending on WhatsApp by Meta's Cloud API."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from helpdesk_tui.domain.json_fields import id_at, objects_at
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.meta_codes import PERSON_SECONDS
from helpdesk_tui.domain.messaging.parts import (
    PartKind,
    PartLimits,
    PlannedPart,
    Reply,
    TemplateUse,
    plan,
)
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.sync.channels.errors import Rejected, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingMedia, OutgoingPart
from helpdesk_tui.sync.channels.meta.graph import Graph, Troubled
from helpdesk_tui.sync.channels.meta.patience import Patience

LIMITS = PartLimits(
    text=4_096, caption=1_024, caption_kinds=frozenset(("image", "video", "application", "text"))
)
_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "image": ("image/jpeg", "image/png"),
        "video": ("video/mp4", "video/3gpp"),
        "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    }
)
"""What WhatsApp shows as such, by content type."""
_KEPT = 20 * 86_400.0
"""Seconds that an upload is used again: Meta keeps it for thirty days."""
_MOST_KEPT = 200


class WhatsAppProvider:
    """One number; :class:`~helpdesk_tui.sync.channels.messaging.provider.Provider`."""

    needs_url = False
    can_find = False
    """Nothing over there can be listed: a status names what we gave along instead."""
    polls_status = False

    def __init__(self, graph: Graph, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._graph = graph
        self._clock = clock
        self._sent_at: dict[str, float] = {}
        self._patience = Patience()
        self._uploads: dict[tuple[str, str], tuple[str, float]] = {}

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the parts of a reply: one file each, the text beside the first where it fits."""
        return plan(reply, LIMITS)

    def pace(self, address: str) -> float:
        """Return how long the customer has to be left alone: Meta wants six seconds."""
        now = self._clock()
        for known, at in list(self._sent_at.items()):
            if now - at >= PERSON_SECONDS:
                del self._sent_at[known]
        return max(0.0, self._sent_at.get(address, -PERSON_SECONDS) + PERSON_SECONDS - now)

    def send(self, part: OutgoingPart) -> Accepted:
        """Send one part; see the protocol for what it raises."""
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": part.address.removeprefix("+"),
            **self._content(part),
            "biz_opaque_callback_data": part.reference,
        }
        self._sent_at[part.address] = self._clock()
        try:
            said = self._graph.send(body)
        except Troubled as error:
            raise self._patience.judged(part.reference, error) from error
        found = id_at(next(objects_at(said, "messages"), {}), "id")
        if not found:
            raise Uncertain("provider.uncertain", reason="no id")
        return Accepted(found, Delivery.SENDING)

    def find(self, part: OutgoingPart) -> str | None:
        """Tell nothing: nothing can be looked up here."""
        return None

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Tell nothing: what became of it comes by webhook."""
        return None

    def read(self, address: str, external_id: str) -> None:
        """Let the customer see that their message, and all before it, has been read."""
        said = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
        self._graph.tell(f"{self._graph.settings.account_id}/messages", json=said)

    def close(self) -> None:
        """Drop the connections."""
        self._graph.close()

    def _content(self, part: OutgoingPart) -> dict[str, Any]:
        if part.kind is PartKind.TEMPLATE and part.template is not None:
            return {"type": "template", "template": template_json(part.template)}
        if part.kind is PartKind.TEXT or not part.files:
            return {"type": "text", "text": {"body": part.text}}
        file = part.files[0]
        kind = kind_of(file.content_type)
        said: dict[str, Any] = {"id": self._uploaded(file)}
        if part.text and kind != "audio":
            said["caption"] = part.text
        if kind == "document":
            said["filename"] = file.name
        return {"type": kind, kind: said}

    def _uploaded(self, file: OutgoingMedia) -> str:
        """Return Meta's id of a file, handed over only once for all that it is sent to."""
        now, key = self._clock(), (file.sha256, file.content_type)
        known = self._uploads.get(key)
        if known is not None and now - known[1] < _KEPT:
            return known[0]
        fields = {"messaging_product": "whatsapp", "type": file.content_type}
        said = self._graph.upload("media", fields, file.name, file.content_type, file.read())
        found = id_at(said, "id")
        if not found:
            raise Rejected("meta.131053", number="131053", text="")
        while len(self._uploads) >= _MOST_KEPT:
            self._uploads.pop(next(iter(self._uploads)))
        self._uploads[key] = found, now
        return found


def kind_of(content_type: str) -> str:
    """Return as what a file is sent; what is no picture, film or sound of theirs is a document."""
    plain = content_type.partition(";")[0].strip().lower()
    return next((kind for kind, known in _KINDS.items() if plain in known), "document")


def template_json(template: TemplateUse) -> dict[str, Any]:
    """Return a template with its values as the interface takes it."""
    said: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.values:
        values = [{"type": "text", "text": value} for value in template.values]
        said["components"] = [{"type": "body", "parameters": values}]
    return said
