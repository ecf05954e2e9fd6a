"""SMS, WhatsApp and Instagram with real parts: providers, relay, worker, programs, CLI."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.secrets import variable_of
from helpdesk_tui.services.worker_state import start_worker, worker_running
from tests.support.dovecot import PASSWORD
from tests.support.providers.running import Providers, running_providers
from tests.support.providers.values import Sent
from tests.support.relay import TOKEN
from tests.support.relay_killed import KilledRelay
from tests.support.store import add_agent, make_root
from tests.support.terminal import Terminal
from tests.support.waiting import until

TEXTS, WHATS, INSTA, MAILBOX = "texts", "whats", "insta", "support"
PATIENCE = 20.0
_VERIFY = "verify-token-of-tests"


@dataclass(slots=True)
class MessagingWorld:
    """A desk with a number at Twilio, one at WhatsApp and an Instagram account."""

    folder: Path
    root: Path
    relay: KilledRelay
    sim: Providers
    environ: dict[str, str] = field(default_factory=dict)
    """The environment of every process of the desk."""
    worker: subprocess.Popen[bytes] | None = None

    # processes -----------------------------------------------------------------------------------

    def start_worker(self) -> None:
        """Start the worker and wait until it works."""
        self.worker = start_worker(self.root, environ=self.environ)
        until(self._is_up, PATIENCE)

    def _is_up(self) -> bool:
        assert self.worker is not None
        assert self.worker.poll() is None, "the worker does not start"
        return worker_running(StorePaths(self.root))

    def kill_worker(self) -> None:
        """Kill the worker as the kernel would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.communicate(timeout=10)
            self.worker = None

    def program(
        self, *arguments: str, size: tuple[int, int] = (120, 36), answers: Sequence[Any] = (),
        **env: str,
    ) -> Terminal:  # fmt: skip
        """Open the program in a terminal."""
        argv = [sys.executable, "-m", "helpdesk_tui", "--agent", "anna", *arguments]
        environ = {**self.environ, "HELPDESK_WORKER": "off", **env}
        return Terminal(argv, size, environ, answers)

    def opened(self, ticket: int, **how: Any) -> Terminal:
        """Open the program in a ticket."""
        return self.program("--ticket", str(ticket), **how)

    def cli(self, *arguments: str, code: int = 0, given: bytes = b"", **env: str) -> str:
        """Run a command; returns what it printed, complaints included."""
        done = self.run(*arguments, given=given, **env)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, f"{arguments}: {done.returncode}: {said}"
        return said

    def run(
        self, *arguments: str, given: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as it would be over SSH; returns all that came back."""
        return subprocess.run(
            [sys.executable, "-m", "helpdesk_tui", "--agent", "anna", *arguments],
            env={**self.environ, **env}, capture_output=True, timeout=60, input=given, check=False,
        )  # fmt: skip

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with ``--json``; returns the document."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stderr.decode()
        return json.loads(done.stdout)

    def desk(self) -> closing[Desk]:
        """Open the desk in this process; use it in a ``with``."""
        return closing(open_desk(self.root, agent="anna"))

    def set(self, **values: Any) -> None:
        """Change settings of the desk; ``_`` stands for ``-``."""
        with self.desk() as desk:
            for name, value in values.items():
                desk.settings.set(name.replace("_", "-"), value, desk=True)

    # the store -----------------------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        where = f"file:{StorePaths(self.root).database}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=30)) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """Return the only value that a query finds."""
        found = self.rows(query, *values)
        assert len(found) == 1, found
        return found[0][0]

    def change(self, query: str, *values: Any) -> None:
        """Change rows, as time would: no other clock is to be had in processes of their own."""
        where = StorePaths(self.root).database
        with closing(sqlite3.connect(where, timeout=30)) as connection, connection:
            connection.execute(query, values)

    def ticket_of(self, text: str) -> int:
        """Wait for the message with a text, and return its ticket."""
        query = "SELECT ticket_id FROM message WHERE rtrim(text, char(10)) = ?"
        until(lambda: self.rows(query, text), PATIENCE)
        return int(self.one(query, text))

    def consented(self, number: str) -> None:
        """Record that somebody agreed to SMS."""
        self.cli("consent", "record", number, "--source", "at the till")

    def files_here(self, ticket: int, count: int) -> None:
        """Wait until that many files of a ticket have been fetched."""
        query = (
            "SELECT count(*) FROM attachment JOIN message ON message.id = message_id"
            " WHERE ticket_id = ? AND attachment.state = ''"
        )
        until(lambda: self.one(query, ticket) == count, PATIENCE)

    def sent(self, to: str, count: int = 1) -> list[Sent]:
        """Wait until the providers have taken that many messages to somebody, and return them."""
        until(lambda: len(self.sim.sent_to(to)) >= count, PATIENCE)
        return self.sim.sent_to(to)

    def delivery(self, text: str, wanted: str) -> None:
        """Wait until an answer of ours has come so far."""
        query = (
            "SELECT delivery FROM message"
            " WHERE rtrim(text, char(10)) = ? AND direction = 'outbound'"
        )
        until(lambda: self.rows(query, text) == [(wanted,)], PATIENCE)

    def close(self) -> None:
        """End everything."""
        if self.worker is not None:
            self.worker.terminate()
            self.worker.communicate(timeout=10)
            self.worker = None


def photo(width: int = 900, height: int = 600, kind: str = "JPEG", noise: int = 0) -> bytes:
    """Return a picture: a red left half, a blue right half, and as much noise as is asked for."""
    picture = Image.new("RGB", (width, height), (208, 32, 32))
    ImageDraw.Draw(picture).rectangle([width // 2, 0, width, height], fill=(32, 64, 208))
    if noise:
        rough = Image.effect_noise((width, height), noise).convert("RGB")
        picture = Image.blend(picture, rough, 0.5)
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def _secrets(sim: Providers) -> Mapping[str, str]:
    return {
        TEXTS: sim.twilio.token, f"{TEXTS}-app": sim.twilio.token,
        WHATS: sim.whatsapp.token, f"{WHATS}-app": sim.whatsapp.hook.secret,
        f"{WHATS}-verify": _VERIFY,
        INSTA: sim.instagram.token, f"{INSTA}-app": sim.instagram.hook.secret,
        f"{INSTA}-verify": _VERIFY,
        "relay": TOKEN, MAILBOX: PASSWORD,
    }  # fmt: skip


def _environ(folder: Path, root: Path, sim: Providers) -> dict[str, str]:
    home = str(folder / "home")
    unwanted = ("HELPDESK_", "XDG_", "SSH_", "TMUX")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(unwanted) and name not in ("DISPLAY", "NO_COLOR", "STY", "ZELLIJ")
    }
    return {
        **kept,
        "HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data",
        "HELPDESK_STORE": str(root), "TZ": "UTC", "TERM_PROGRAM": "",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **{variable_of(name): value for name, value in _secrets(sim).items()},
    }  # fmt: skip


def _settle(world: MessagingWorld) -> None:
    sim, relay = world.sim, world.relay.url
    with closing(open_desk(world.root)) as desk:
        add_agent(desk.store, "anna", role="owner", full_name="Anna Berg")
    with world.desk() as desk:
        add = desk.admin.add_channel
        add(TEXTS, "sms", sim.twilio.numbers[0], settings={
            "provider": "twilio", "account_sid": sim.twilio.account_sid, "api": sim.twilio.url,
            "relay": relay, "hook": "twilio"})  # fmt: skip
        add(WHATS, "whatsapp", sim.whatsapp.number, settings={
            "provider": "meta", "phone_number_id": sim.whatsapp.phone_id,
            "waba_id": sim.whatsapp.waba_id, "api": sim.whatsapp.url, "version": "v23.0",
            "relay": relay, "hook": WHATS})  # fmt: skip
        add(INSTA, "instagram", f"@{sim.instagram.handle}", settings={
            "provider": "instagram-login", "account_id": sim.instagram.ig_id,
            "page_id": sim.instagram.page_id, "api": sim.instagram.url, "version": "v24.0",
            "relay": relay, "hook": INSTA, "human_agent": True})  # fmt: skip
        for account in desk.admin.channels():
            desk.admin.set_channel_state(account.id, enabled=True)
    for name, hook in (
        ("twilio", sim.twilio.hook),
        (WHATS, sim.whatsapp.hook),
        (INSTA, sim.instagram.hook),
    ):
        hook.url = f"{relay}/hooks/{name}"


@contextmanager
def running_messaging(folder: Path) -> Iterator[MessagingWorld]:
    """Give a world whose worker runs; providers hold it to their contracts at its end."""
    with running_providers() as sim:
        relay = KilledRelay(folder / "relay", media_grace=1)
        try:
            root = make_root(folder)
            (folder / "home").mkdir()
            world = MessagingWorld(folder, root, relay, sim, _environ(folder, root, sim))
            _settle(world)
            try:
                world.start_worker()
                yield world
            finally:
                world.close()
        finally:
            relay.kill()
