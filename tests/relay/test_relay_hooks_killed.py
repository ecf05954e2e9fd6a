"""A relay that is killed at any moment: what a provider was told is kept, is kept."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.errors import RemoteError
from helpdesk_tui.sync.relay_line import RelayLine
from tests.support.relay import TOKEN, running_relay
from tests.support.relay_hooks import APP_SECRET, Hooked, meta_body, metas_signature
from tests.support.relay_killed import KilledRelay
from tests.support.waiting import AT_ONCE, PATIENCE

MESSAGES = 150
KILLS = 8


def _deliver(url: str, texts: list[str], *, told: list[str]) -> None:
    """Send each body until it is answered with 200, as Meta does; some twice."""
    draws = random.Random(7)
    for text in texts:
        body = meta_body(text)
        headers = {"X-Hub-Signature-256": metas_signature(body)}
        for _ in range(draws.choice((1, 1, 2))):
            while True:
                try:
                    answer = httpx.post(
                        f"{url}/hooks/m", content=body, headers=headers, timeout=PATIENCE
                    )
                except httpx.TransportError:
                    time.sleep(0.02)
                    continue
                if answer.status_code == 200:
                    break
                time.sleep(0.02)
        told.append(text)


class _Box(threading.Thread):
    """Fetches, stores, acknowledges; forgets at times to say so, as if it were killed, too."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.is_over = threading.Event()
        self.stored: list[str] = []

    def run(self) -> None:
        draws = random.Random(11)
        line = RelayLine(self._url, TOKEN)
        while True:
            is_last = self.is_over.is_set()
            try:
                found = line.deliveries("m", "one", wait=0.0 if is_last else 1.0)
                for each in found:
                    self.stored.append(json.loads(each.body)["entry"][0]["changes"][0])
                if found and draws.random() < 0.8:
                    line.ack("m", "one", found[-1].seq)
            except RemoteError:
                line.close()
                line = RelayLine(self._url, TOKEN)
                time.sleep(0.02)
                continue
            if is_last and not found:
                line.close()
                return


@pytest.mark.slow
def test_nothing_that_was_accepted_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    texts = [f"message {number}" for number in range(MESSAGES)]
    told: list[str] = []
    with KilledRelay(tmp_path) as relay:
        Hooked(relay.running()).publish("m", "meta", secrets=[APP_SECRET])
        box = _Box(relay.url)
        provider = threading.Thread(target=_deliver, args=(relay.url, texts), kwargs={"told": told})
        box.start()
        provider.start()
        draws = random.Random(3)
        for _ in range(KILLS):
            time.sleep(draws.uniform(0.05, 0.3))
            relay.restart()
            relay.wait()
        provider.join(120)
        box.is_over.set()
        box.join(PATIENCE)

    assert told == texts
    assert set(box.stored) == set(texts)
    # in the order in which they came, leaving out what came again
    assert list(dict.fromkeys(box.stored)) == texts


def test_what_is_answered_stands_on_the_disk(tmp_path: Path) -> None:
    with KilledRelay(tmp_path) as relay:
        hooked = Hooked(relay.running())
        hooked.publish("m", "meta")
        for number in range(5):
            assert hooked.meta(meta_body(str(number))).status_code == 200
            relay.restart()
            relay.wait()
        assert len(hooked.bodies()) == 5


@pytest.mark.parametrize("sent", [b"", b'{"text": '])
def test_a_slow_body_is_cut_and_nothing_of_it_is_kept(tmp_path: Path, sent: bytes) -> None:
    with running_relay(tmp_path, site=None, body_seconds=0.5, body_seconds_total=2.0) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        host, port = relay.url.removeprefix("http://").split(":")
        head = (
            f"POST /hooks/m HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n"
            f"X-Hub-Signature-256: {metas_signature(sent)}\r\n\r\n"
        )
        began = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as slow:
            slow.sendall(head.encode() + sent)
            answer = b""
            while part := slow.recv(4_096):
                answer += part
        assert time.monotonic() - began < AT_ONCE
        assert answer.split(b" ")[1] == b"408"
        assert hooked.bodies() == []
