"""Brings providers' news to where they are wanted, again and again until they are taken."""

from __future__ import annotations

import json
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.providers.contract import faults_of_webhook
from tests.support.providers.front import Watch
from tests.support.providers.values import Hook
from tests.support.waiting import PATIENCE

Signed = Callable[[bytes, str], Mapping[str, str]]
"""Headers of a body, under a secret."""
_GAPS = (0.05, 0.1, 0.2, 0.5)
"""Seconds before it is brought again; the last one for ever."""


@dataclass(slots=True)
class _Letter:
    hook: Hook
    body: bytes
    headers: Mapping[str, str]
    forged: Mapping[str, str]


class Postman:
    """One thread for each hook of a provider; order is kept but where a hook says otherwise."""

    def __init__(self, watch: Watch, seed: int) -> None:
        self._watch = watch
        self._random = random.Random(seed)
        self._waiting: deque[_Letter] = deque()
        self._news = threading.Condition()
        self._last: _Letter | None = None
        self._is_busy = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="postman")
        self._thread.start()

    def bring(self, hook: Hook, body: bytes, sign: Signed, content_type: str) -> None:
        """Send a body to a hook, as the hook behaves."""
        headers = {"Content-Type": content_type}
        letter = _Letter(
            hook,
            body,
            {**headers, **sign(body, hook.secret)},
            {**headers, **sign(body, hook.secret + "!")},
        )
        self._last = letter
        if hook.url and self._random.random() >= hook.losses:
            self._post(letter)

    def repeat(self) -> None:
        """Send the last body once more, as providers do whenever they are in doubt."""
        if self._last is not None and self._last.hook.url:
            self._post(self._last)

    def _post(self, letter: _Letter) -> None:
        hook = letter.hook
        with self._news:
            copies = 2 if self._random.random() < hook.duplicates else 1
            if self._waiting and self._random.random() < hook.reorders:
                self._waiting.insert(self._random.randrange(len(self._waiting)), letter)
                copies -= 1
            self._waiting.extend([letter] * copies)
            self._news.notify_all()

    def bring_json(self, hook: Hook, body: Mapping[str, Any], sign: Signed) -> None:
        """Send a webhook of Meta, held to its schema first."""
        self._watch.blame(*faults_of_webhook(body))
        self.bring(hook, json.dumps(body).encode(), sign, "application/json")

    def release(self, hook: Hook) -> None:
        """Let go what was held back."""
        with self._news:
            hook.is_held = False
            self._news.notify_all()

    def is_idle(self) -> bool:
        """Tell whether everything has been brought."""
        with self._news:
            return not self._waiting and not self._is_busy

    def close(self) -> None:
        """Stop, whatever still waits."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while (letter := self._next()) is not None:
                self._bring(client, letter)
                with self._news:
                    self._is_busy = False

    def _next(self) -> _Letter | None:
        with self._news:
            while not self._closing:
                for position, letter in enumerate(self._waiting):
                    if not letter.hook.is_held:
                        del self._waiting[position]
                        self._is_busy = True
                        return letter
                self._news.wait()
        return None

    def _bring(self, client: httpx.Client, letter: _Letter) -> None:
        hook = letter.hook
        if self._random.random() < hook.forged and self._is_taken(client, letter, letter.forged):
            hook.forgeries_taken += 1
        attempt = 0
        while not self._is_taken(client, letter, letter.headers):
            hook.refused += 1
            gap = _GAPS[min(attempt, len(_GAPS) - 1)]
            attempt += 1
            with self._news:
                if self._closing or self._news.wait_for(lambda: self._closing, gap):
                    return
        hook.delivered += 1

    def _is_taken(self, client: httpx.Client, letter: _Letter, headers: Mapping[str, str]) -> bool:
        try:
            answer = client.post(letter.hook.url, content=letter.body, headers=dict(headers))
        except httpx.TransportError:
            return False
        return answer.is_success
