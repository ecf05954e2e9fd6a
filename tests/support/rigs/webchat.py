"""Webchat: a real relay, and a visitor who talks to it as the widget does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.channels.sending import Outgoing, Taken
from helpdesk_tui.sync.channels.webchat.sender import ChatSender
from tests.support.relay import IDENTITY_KEY, ORIGIN, TOKEN, Running
from tests.support.rigs.rig import Came, Rig


class WebchatRig(Rig):
    """A chat tab, and somebody who writes into it."""

    channel = "webchat"
    kind = "relay"
    address = "shop"
    tells_delivered = False
    is_told_off = True

    def __init__(self, folder: Path, relay: Running) -> None:
        super().__init__(folder)
        self._relay = relay
        self._visitor: httpx.Client | None = None
        self.secrets.by_purpose = {"relay": TOKEN, "identity": IDENTITY_KEY}
        self._count = 0
        self._last: dict[str, Any] = {}
        for name, value in (("chat-origins", json.dumps([ORIGIN])), ("chat-login", '"all"')):
            self.change(
                "INSERT INTO setting (scope, agent_id, name, value) VALUES ('desk', 0, ?, ?)",
                name,
                value,
            )
        self.connect()
        self.round()

    def settings(self) -> dict[str, Any]:
        return {"relay": self._relay.url}

    @property
    def visitor(self) -> httpx.Client:
        """Who writes; known to the relay from the first question on."""
        if self._visitor is None:
            self._visitor = self._relay.visitor()
        return self._visitor

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        self._count += 1
        ids = []
        for file in files:
            headers = {"X-File-Name": file.filename}
            sent = self.visitor.post("/v1/chat/files", content=file.data, headers=headers)
            ids.append(sent.raise_for_status().json()["id"])
        self._last = {"client_id": f"v{self._count}", "text": text, "files": ids}
        self.repeat()

    def repeat(self) -> None:
        self.visitor.post("/v1/chat/messages", json=self._last).raise_for_status()

    def came(self) -> list[Came]:
        told = self.visitor.get("/v1/chat").raise_for_status().json()
        return [self._came(one) for one in told["messages"] if one["from"] == "agent"]

    def _came(self, message: dict[str, Any]) -> Came:
        files = [
            self.visitor.get(f"/v1/chat/files/{file['id']}").raise_for_status().content
            for file in message.get("files", ())
        ]
        return Came(message["text"], tuple(files))

    def busy(self) -> None:
        def once(sender: ChatSender, outgoing: Outgoing) -> Taken:
            patch.stop()
            raise Retry("relay.unreachable")

        patch = mock.patch.object(ChatSender, "send", once)
        patch.start()

    def close(self) -> None:
        if self._visitor is not None:
            self._visitor.close()
        super().close()
