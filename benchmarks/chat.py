"""The chat: idle visitors, and visitors and agents who write to each other all at once."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from benchmarks.chat_browser import origin_of, page_of, shop
from benchmarks.common import SIZE, Result, environment, percentile, program, ui
from benchmarks.term import Term, terminal
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.secrets import variable_of

VISITORS, AGENTS = 50, 10
IDLE = 1_000
_SITE = "shop"
_SETTLE = 5.0
_WATCH = 30.0
_BETWEEN = 3.2
"""Seconds between two messages of one visitor: more often is refused."""
_PART = Path(__file__).with_name("chat_part.py")
_PAGE = 4096
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Running:
    """A relay, and the secrets that go with it."""

    url: str
    process: subprocess.Popen[str]
    token: str
    key: str

    @property
    def memory(self) -> int:
        """Resident bytes of the relay."""
        text = Path(f"/proc/{self.process.pid}/statm").read_text()
        return int(text.split()[1]) * _PAGE


@contextmanager
def relay(folder: Path) -> Iterator[Running]:
    """Run ``helpdesk relay``, told of a proxy: so each visitor can have an address of their own."""
    token, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    command = [sys.executable, "-m", "helpdesk_tui", "--store", str(folder / "relay"), "relay",
               "--port", "0", "--trusted-proxy", "127.0.0.1", "--json"]  # fmt: skip
    environ = {**os.environ, **environment(), "HELPDESK_RELAY_TOKEN": token}
    with (folder / "relay.log").open("w") as log:
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError((folder / "relay.log").read_text())
            yield Running(json.loads(line)["url"], process, token, key)
        finally:
            process.terminate()
            process.communicate(timeout=15)


def idle() -> list[Result]:
    """R1: a thousand visitors who only look; what each costs, and that it stays so."""
    with tempfile.TemporaryDirectory() as name, relay(Path(name)) as running:
        _publish(running)
        empty = running.memory
        command = [sys.executable, str(_PART), "idle", running.url, _SITE, running.key, str(IDLE)]
        visitors = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            if visitors.stdout is None or "open" not in visitors.stdout.readline():
                raise RuntimeError("the streams do not open")
            time.sleep(_SETTLE)
            full, spent = running.memory, _cpu(running.process.pid)
            time.sleep(_WATCH)
            later, used = running.memory, _cpu(running.process.pid) - spent
        finally:
            visitors.communicate(timeout=30)
    note = f"{empty / _MB:.0f} → {full / _MB:.0f} MB, {used / _WATCH:.1%} of a core"
    return [
        Result("R1", f"relay: memory per idle visitor, {IDLE:,} open",
               (full - empty) / IDLE / 1000,
               "kB", 100, 60, note),
        Result("R2", f"relay: growth in {_WATCH:.0f} s with all open", (later - full) / _MB, "MB",
               2, 0.5),
    ]  # fmt: skip


def chatting() -> list[Result]:
    """R3 to R6: visitors and agents who write all at once, a browser and a terminal among them."""
    seconds = float(os.environ.get("HELPDESK_CHAT_SECONDS", "60"))
    with tempfile.TemporaryDirectory() as name, relay(Path(name)) as running, shop() as server:
        root = Path(name) / "store"
        _fill(root, running, origin_of(server))
        with _worker(root, running):
            _wait_for_site(running)
            arguments = [running.url, _SITE, running.key, str(VISITORS), str(seconds)]
            visitors = _begin("visitors", *arguments)
            agents = _begin("agents", str(root), str(AGENTS), str(seconds + 10))
            painted = _painted(root, running, seconds)
            shown = _shown(server, root, running, seconds / 2)
            visits = json.loads(visitors.communicate(timeout=seconds + 120)[0])
            work = json.loads(agents.communicate(timeout=120)[0])
        lost = _wrong(root, visits)
    waits = [wait for each in visits for wait in each["waits"]]
    sent, got = (sum(len(each[side]) for each in visits) for side in ("sent", "got"))
    errors = [error for each in visits for error in each["errors"]] + work["errors"]
    note = f"{sent} questions, {got} answers in {seconds:.0f} s; {len(errors)} errors {errors[:2]}"
    results = [
        Result("R3", "lost, doubled or out of order, both ways", lost, "", 0, 0, note),
        Result("R4", "reply committed → at the visitor's stream p95",
               percentile(waits, 0.95) * 1000, "ms", 1000, 300,
               f"p50 {percentile(waits, 0.5) * 1000:.0f}, max {max(waits) * 1000:.0f}"),
        Result("R5", "visitor's message → painted in the terminal p95",
               percentile(painted, 0.95) * 1000, "ms", 1000, 300,
               f"p50 {percentile(painted, 0.5) * 1000:.0f}, {len(painted)} of them"),
    ]  # fmt: skip
    if shown:
        results.append(Result("R6", "reply committed → visible in the browser p95",
                              percentile(shown, 0.95) * 1000, "ms", 1000, 300,
                              f"p50 {percentile(shown, 0.5) * 1000:.0f}"))  # fmt: skip
    return results


def _publish(running: Running) -> None:
    from helpdesk_tui.domain.webchat.site_wire import site_json
    from helpdesk_tui.domain.webchat.wire import Site

    site = Site(_SITE, "Shop", enabled=True, login="all", origins=("https://shop.example",),
                identity_keys=(running.key,), languages=("en",))  # fmt: skip
    headers = {"Authorization": f"Bearer {running.token}"}
    httpx.put(
        f"{running.url}/box/v1/site", json=site_json(site), headers=headers
    ).raise_for_status()


def _fill(root: Path, running: Running, origin: str) -> None:
    from helpdesk_tui.services.setup import prepare_store

    prepare_store(root)
    with closing(open_desk(root)) as desk:
        desk.admin.add_agent("anna", full_name="Anna")
        for number in range(AGENTS):
            desk.admin.add_agent(f"agent{number}")
        desk.admin.add_channel("chat", "webchat", _SITE, settings={"relay": running.url})
    with closing(open_desk(root, agent="anna")) as desk:
        desk.settings.set("chat-origins", ["https://shop.example", origin], desk=True)
        desk.settings.set("chat-login", "all", desk=True)


@contextmanager
def _worker(root: Path, running: Running) -> Iterator[None]:
    secret = {variable_of("chat"): running.token, variable_of("chat-identity"): running.key}
    process = subprocess.Popen(
        program(root, "sync", "--quiet"), env={**os.environ, **environment(), **secret}
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def _wait_for_site(running: Running) -> None:
    end = time.monotonic() + 30
    while httpx.get(f"{running.url}/v1/sites/{_SITE}").status_code != 200:
        if time.monotonic() > end:
            raise RuntimeError("the worker never published the site")
        time.sleep(0.2)


def _begin(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(_PART), *words], stdout=subprocess.PIPE, text=True)


def _cpu(pid: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _visitor(running: Running, number: int) -> httpx.Client:
    from benchmarks.chat_part import signed

    headers = {"Origin": "https://shop.example", "X-Forwarded-For": f"192.0.2.{number}"}
    browser = httpx.Client(base_url=running.url, headers=headers, timeout=30)
    answer = browser.post(
        f"/v1/sites/{_SITE}/session", json={"token": signed(running.key, _SITE, 10_000 + number)}
    )
    browser.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['session']}"
    return browser


def _painted(root: Path, running: Running, seconds: float) -> list[float]:
    """Write as a visitor and wait until the open ticket in a terminal shows it."""
    waits: list[float] = []
    with closing(_visitor(running, 1)) as browser, closing(open_desk(root, agent="anna")) as desk:
        _write(browser, 0, "painted first")
        ticket = _ticket_of(desk, "painted first")
        with terminal([*ui(root), "--ticket", str(ticket)], "painted first", SIZE) as term:
            _drain(term, 1.0)
            number, end = 1, time.monotonic() + seconds / 2
            while time.monotonic() < end:
                text = f"zq{number:03}"
                started = time.perf_counter()
                _write(browser, number, text)
                term.wait_for_bytes(text.encode(), text)
                waits.append(time.perf_counter() - started)
                number += 1
                _drain(term, _BETWEEN)
    return waits


def _drain(term: Term, seconds: float) -> None:
    """Take in what comes: while others chat, the picture never stands still."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        term.read(left)


def _shown(
    server: ThreadingHTTPServer, root: Path, running: Running, seconds: float
) -> list[float]:
    """Answer a visitor in a real browser and wait until the answer is there; empty without one."""
    waits: list[float] = []
    end = time.monotonic() + seconds
    with page_of(server, running.url, _SITE, running.key) as page, closing(
        open_desk(root, agent="anna")
    ) as desk:  # fmt: skip
        if page is None:
            return waits
        page.write("shown first")
        ticket = _ticket_of(desk, "shown first")
        while time.monotonic() < end:
            text = f"seen {len(waits)}."
            started = time.perf_counter()
            desk.replies.reply(ticket, text)
            page.wait_for(text)
            waits.append(time.perf_counter() - started)
            time.sleep(0.5)
    return waits


def _write(browser: httpx.Client, number: int, text: str) -> None:
    browser.post(
        "/v1/chat/messages", json={"client_id": f"p{number}", "text": text}
    ).raise_for_status()


def _ticket_of(desk: Desk, text: str) -> int:
    from helpdesk_tui.domain.tickets import View, ViewFilter

    end = time.monotonic() + 30
    while time.monotonic() < end:
        for row in desk.inbox.page(ViewFilter(View.ALL), limit=200).rows:
            if text in (row.subject, row.preview):
                return row.id
        time.sleep(0.1)
    raise RuntimeError(f"{text!r} made no ticket")


def _wrong(root: Path, visits: list[dict[str, Any]]) -> int:
    """Return how many messages are missing, twice there or out of order, at either end."""
    wrong = 0
    with closing(open_desk(root, agent="anna", read_only=True)) as desk:
        from helpdesk_tui.domain.tickets import View, ViewFilter

        rows = desk.inbox.page(ViewFilter(View.ALL), limit=500).rows
        tickets = {row.customer_name: row.id for row in rows}
        for each in visits:
            ticket = tickets.get(f"Visitor {each['number']}")
            if ticket is None:
                wrong += len(each["sent"])
                continue
            page = desk.threads.load(ticket, limit=1000)
            inbound = [one.text for one in page.messages if one.direction == "inbound"]
            ours = [one.text for one in page.messages if one.direction == "outbound"]
            wrong += (inbound != each["sent"]) + (ours != each["got"])
    return wrong
