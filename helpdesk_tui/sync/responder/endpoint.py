"""Asking an OpenAI-compatible service to word an answer: bounded in time and size, not trusted."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.prompting import Turn, Worded, messages_for, worded
from helpdesk_tui.sync.responder.stoppable import run_stoppable
from helpdesk_tui.sync.trust import trusted

log = logging.getLogger(__name__)

LIMIT = 10.0
"""Seconds that an answer may take from the first byte sent to the last byte read."""
_MOST_BYTES = 200_000
_MOST_TEXT = 20_000
_MOST_TOKENS = 700
_DONE = "[DONE]"


class EndpointError(Exception):
    """The service gave nothing that can be used; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is asked."""

    url: str
    """Such as ``https://llm.shop.example/v1``."""
    model: str
    key: str = ""

    def __repr__(self) -> str:
        """Leave the key out."""
        return f"Endpoint({self.url}, {self.model})"

    def word(
        self,
        passages: Sequence[Passage],
        turns: Sequence[Turn],
        language: str,
        *,
        limit: float = LIMIT,
        stopping: threading.Event | None = None,
    ) -> Worded | None:
        """Return an answer made of passages, or None on whatever goes wrong; blocks.

        Args:
            passages: What it may be made of.
            turns: What was said, oldest first.
            language: Of the answer.
            limit: Seconds that it may take in all.
            stopping: Ends it when it is set.

        Raises:
            Stopped: if it was told to end.
        """
        body = {
            "model": self.model,
            "messages": messages_for(passages, turns, language),
            "stream": True,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
        }
        try:
            said = run_stoppable(self._ask(body, limit), limit, stopping)
        except (EndpointError, httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            log.warning("the language model did not answer: %s", type(error).__name__)
            return None
        found = worded(said, passages)
        if found is None:
            log.warning("the language model said something that cannot be used")
        return found

    async def _ask(self, body: dict[str, Any], limit: float) -> str:
        # packed, a few bytes could become many
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        # no redirect is followed: the key goes to this host and to no other
        async with (
            httpx.AsyncClient(
                timeout=limit, follow_redirects=False, trust_env=False, verify=trusted()
            ) as client,
            client.stream(
                "POST", f"{self.url}/chat/completions", json=body, headers=headers
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise EndpointError(f"status {answer.status_code}")
            return await _read(answer)


async def _read(answer: httpx.Response) -> str:
    """Return the text of a stream of events, or of one document from a service without streams."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise EndpointError("packed")
    is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
    data, size = bytearray(), 0
    parts: list[str] = []
    async for chunk in answer.aiter_bytes():
        size += len(chunk)
        if size > _MOST_BYTES:
            raise EndpointError("too much")
        data += chunk
        if is_stream and _take_lines(data, parts):
            return "".join(parts)
    if is_stream:
        raise EndpointError("the stream ended early")
    return _text(_json(bytes(data)), "message")


def _take_lines(data: bytearray, parts: list[str]) -> bool:
    """Take the whole lines off what has come; tell whether the end was said."""
    while (end := data.find(b"\n")) >= 0:
        line = bytes(data[:end]).decode("utf-8", errors="replace").strip()
        del data[: end + 1]
        if not line.startswith("data:"):
            continue
        value = line.removeprefix("data:").strip()
        if value == _DONE:
            return True
        parts.append(_text(_json(value.encode()), "delta"))
        if sum(map(len, parts)) > _MOST_TEXT:
            raise EndpointError("too much")
    return False


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EndpointError("no JSON") from error


def _text(said: Any, name: str) -> str:
    """Return the text of the first choice; a call of a tool is nothing that was offered."""
    choices = said.get("choices") if isinstance(said, dict) else None
    if not isinstance(choices, list):
        raise EndpointError("no choices")
    if not choices:
        return ""
    part = choices[0].get(name) if isinstance(choices[0], dict) else None
    if not isinstance(part, dict) or part.get("tool_calls"):
        raise EndpointError("no text")
    text = part.get("content")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise EndpointError("no text")
    return text
