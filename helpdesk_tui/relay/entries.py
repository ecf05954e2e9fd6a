"""What a browser reads, as JSON: the conversation, and what happened after a point, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk_tui.domain.webchat.wire import WireFile
from helpdesk_tui.relay.store.history import MOST_LINES
from helpdesk_tui.relay.values import VISITOR, Chat, History, Line


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a stream or a poll tells."""

    event: str
    data: Mapping[str, Any]
    seq: int = 0
    """Where the browser stands after it; 0: told once and kept nowhere."""

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a poll tells it."""
        found = {"event": self.event, "data": self.data}
        return {**found, "id": self.seq} if self.seq else found

    @property
    def as_sse(self) -> bytes:
        """Return it as a stream tells it (WHATWG HTML, section 9.2)."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        id = f"id: {self.seq}\n" if self.seq else ""  # noqa: A001 - the name of the field
        return f"{id}event: {self.event}\ndata: {data}\n\n".encode()


def entries_of(history: History, after: int) -> tuple[list[Entry], bool]:
    """Return what happened after a point, oldest first, and whether there is more of it."""
    found = [Entry("message", line_json(each), each.seq) for each in history.lines]
    for chat in history.chats:
        where = {"conversation": chat.id}
        found += [
            Entry("started", where, chat.started_seq),
            Entry("ended", {**where, "by": chat.ended_by}, chat.ended_seq),
            Entry("seen", {**where, "client_id": chat.agent_seen_id}, chat.agent_seen_seq),
        ]
    is_part = len(history.lines) == MOST_LINES
    until = history.lines[-1].seq if is_part else 2**63
    found = [each for each in found if after < each.seq <= until]
    return sorted(found, key=lambda each: each.seq), is_part


def line_json(line: Line) -> dict[str, Any]:
    """Return a message as its visitor reads it."""
    found: dict[str, Any] = {
        "seq": line.seq,
        "conversation": line.conversation,
        "id": line.id,
        "from": line.author,
        "name": line.name,
        "text": line.text,
        "at": line.at,
        "files": [file_json(each) for each in line.files],
    }
    if line.author == VISITOR:
        found |= {"client_id": line.id, "state": "seen" if line.is_seen else "sent"}
    return found


def file_json(file: WireFile) -> dict[str, Any]:
    """Return a file as its visitor reads it."""
    return {
        "id": file.id,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
    }


def chat_json(chat: Chat | None, lines: tuple[Line, ...], seq: int) -> dict[str, Any]:
    """Return the newest conversation; ``seq`` is where a stream goes on without a gap."""
    if chat is None:
        return {"conversation": None, "messages": [], "closed": None, "seq": seq}
    closed = {"by": chat.ended_by, "at": chat.ended_at} if chat.ended_seq else None
    return {
        "conversation": {"id": chat.id, "ended": bool(chat.ended_seq), "at": chat.started_at},
        "messages": [line_json(each) for each in lines],
        "closed": closed,
        "seq": seq,
    }
