"""Many visitors, or many agents, of one chat; prints what became of them as JSON.

``chat_part.py visitors URL SITE KEY COUNT SECONDS`` · ``chat_part.py agents STORE COUNT SECONDS``
· ``chat_part.py idle URL SITE KEY COUNT`` (streams that only listen, until standard input ends)
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

_WRITE_EVERY = 6.0
_LINGER = 15.0
"""Seconds that visitors stay after their last message, for the answers to it."""
_RAMP = 8
"""Streams that are opened at once."""


@dataclass
class Visit:
    """What one visitor sent and got."""

    number: int
    conversation: str = ""
    sent: list[str] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds from an agent's reply to its arrival here."""
    posts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def signed(key: str, site: str, number: int) -> str:
    """Return the token of a customer."""
    now = datetime.now(UTC)
    claims = {
        "sub": f"v{number}",
        "email": f"v{number}@customer.example",
        "name": f"Visitor {number}",
        "aud": site,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=10)).timestamp()),
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))


def client(url: str, number: int) -> httpx.AsyncClient:
    """Return a browser with an address of its own, as the proxy in front would say."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    headers = {"Origin": "https://shop.example", "X-Forwarded-For": address}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=60)


async def enter(browser: httpx.AsyncClient, site: str, key: str, number: int) -> None:
    """Become a customer."""
    answer = await browser.post(
        f"/v1/sites/{site}/session", json={"token": signed(key, site, number)}
    )
    answer.raise_for_status()
    browser.headers["Authorization"] = f"Bearer {answer.json()['session']}"


async def listen(browser: httpx.AsyncClient, visit: Visit) -> None:
    """Take in the stream; an answer carries the moment it was given."""
    after, event = 0, ""
    while True:
        try:
            async with browser.stream("GET", "/v1/stream", params={"after": after}) as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("id:"):
                        after = int(line[3:])
                    elif line.startswith("event:"):
                        event = line[6:].strip()
                    elif line.startswith("data:") and event == "message":
                        _take(json.loads(line[5:]), visit)
        except httpx.HTTPError as error:
            visit.errors.append(repr(error))
        await asyncio.sleep(0.2)


def _take(message: dict[str, object], visit: Visit) -> None:
    if message["from"] == "agent":
        text = str(message["text"])
        visit.got.append(text)
        visit.waits.append(time.time() - float(text.rpartition(" ")[2]))


async def visit(url: str, site: str, key: str, number: int, seconds: float) -> Visit:
    """Write now and then, and listen."""
    one, dice = Visit(number), random.Random(number)
    async with client(url, number) as browser:
        await asyncio.sleep(dice.random() * _WRITE_EVERY)
        await enter(browser, site, key, number)
        listening = asyncio.create_task(listen(browser, one))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await _write(browser, one)
            await asyncio.sleep(_WRITE_EVERY * (0.5 + dice.random()))
        await asyncio.sleep(_LINGER)
        listening.cancel()
    return one


async def _write(browser: httpx.AsyncClient, one: Visit) -> None:
    text = f"question {len(one.sent)} of {one.number}"
    started = time.perf_counter()
    answer = await browser.post(
        "/v1/chat/messages", json={"client_id": f"c{len(one.sent)}-{one.number}", "text": text}
    )
    one.posts.append(time.perf_counter() - started)
    if answer.status_code == 201:
        one.sent.append(text)
        one.conversation = answer.json()["conversation"]
    else:
        one.errors.append(f"{answer.status_code} {answer.text[:80]}")


async def visitors(url: str, site: str, key: str, count: int, seconds: float) -> list[Visit]:
    """Be many visitors."""
    return list(
        await asyncio.gather(*(visit(url, site, key, each, seconds) for each in range(count)))
    )


async def idle(url: str, site: str, key: str, count: int) -> None:
    """Open streams that nobody writes in; tell when all are open, and end with the input."""
    ramp = asyncio.Semaphore(_RAMP)

    async def one(number: int, opened: asyncio.Event) -> None:
        async with client(url, number) as browser:
            async with ramp:
                await enter(browser, site, key, number)
            async with browser.stream("GET", "/v1/stream", timeout=None) as stream:
                opened.set()
                async for _line in stream.aiter_lines():
                    pass

    events = [asyncio.Event() for _ in range(count)]
    tasks = [asyncio.create_task(one(at, event)) for at, event in enumerate(events)]
    for event in events:
        await event.wait()
    print(json.dumps({"open": count}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()


def agents(store: Path, count: int, seconds: float) -> dict[str, object]:
    """Be many agents: each answers what waits in the tickets of its share."""
    from helpdesk_tui.domain.errors import HelpdeskError
    from helpdesk_tui.domain.tickets import Status, View, ViewFilter
    from helpdesk_tui.services.desk import open_desk

    said: dict[int, list[str]] = {}
    writes: list[float] = []
    errors: list[str] = []
    end = time.monotonic() + seconds
    rest = threading.Event()

    def work(number: int) -> None:
        desk = open_desk(store, agent=f"agent{number}")
        open_ones = ViewFilter(View.ALL, Status.OPEN)
        while time.monotonic() < end:
            for row in desk.inbox.page(open_ones, limit=100).rows:
                if row.id % count != number or row.waiting_since is None:
                    continue
                text = f"answer {len(said.get(row.id, []))} {time.time():.6f}"
                started = time.perf_counter()
                try:
                    desk.replies.reply(row.id, text)
                except HelpdeskError as error:
                    errors.append(str(error))
                    continue
                writes.append(time.perf_counter() - started)
                said.setdefault(row.id, []).append(text)
            rest.wait(0.2)
        desk.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"said": said, "writes": writes, "errors": errors}


def main(arguments: list[str]) -> None:
    """Do what is asked for, and print what became of it."""
    match arguments:
        case ["visitors", url, site, key, count, seconds]:
            found = asyncio.run(visitors(url, site, key, int(count), float(seconds)))
            print(json.dumps([asdict(each) for each in found]))
        case ["idle", url, site, key, count]:
            asyncio.run(idle(url, site, key, int(count)))
        case ["agents", store, count, seconds]:
            print(json.dumps(agents(Path(store), int(count), float(seconds))))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
