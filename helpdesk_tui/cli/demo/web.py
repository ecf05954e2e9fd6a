"""The web side of the demo: relay and shop page on loopback, in a process of their own.

That process gets what it needs over its standard input, tells its addresses on its standard
output, and ends once nobody holds the input any more, however the demo went.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.errors import RemoteError
from helpdesk_tui.domain.webchat.secret_names import identity_name
from helpdesk_tui.services.secrets import variable_of, without_secrets

if TYPE_CHECKING:
    from helpdesk_tui.relay.config import RelayConfig
    from helpdesk_tui.services.desk import Desk

SITE = "acme"
ACCOUNT = "chat"
_END_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web side of the demo is reached."""

    relay: str
    shop: str
    token: str
    key: str

    def hand_over(self, environ: MutableMapping[str, str]) -> None:
        """Let the worker that is started from here find the secrets."""
        environ[variable_of(ACCOUNT)] = self.token
        environ[variable_of(identity_name(ACCOUNT))] = self.key


@contextmanager
def web_of(folder: Path) -> Iterator[Web]:
    """Run relay and shop while the block runs.

    Raises:
        RemoteError: ``demo.no-web`` if they do not start.
    """
    token, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    command = [sys.executable, "-m", __spec__.name, str(folder)]
    child = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=without_secrets(os.environ),
    )
    try:
        if child.stdin is None or child.stdout is None:
            raise RemoteError("demo.no-web")
        with suppress(BrokenPipeError):
            child.stdin.write(json.dumps({"token": token, "key": key}).encode() + b"\n")
            child.stdin.flush()
        line = child.stdout.readline()
        if not line:
            raise RemoteError("demo.no-web")
        told = json.loads(line)
        yield Web(told["relay"], told["shop"], token, key)
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        child.wait(_END_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def connect(desk: Desk, web: Web) -> None:
    """Connect the sample desk's chat to the relay, and let the shop carry the tab."""
    from helpdesk_tui.domain.setting import webchat as names

    account = next(each for each in desk.admin.channels() if each.name == ACCOUNT)
    desk.admin.set_channel_settings(account.id, {"relay": web.relay})
    desk.admin.set_channel_state(account.id, enabled=True)
    values: dict[str, Any] = {
        names.CHAT_ORIGINS: [web.shop],
        names.CHAT_NAME: "Acme Outdoor",
        names.CHAT_LOGIN: "all",
        names.CHAT_PRIVACY_URL: f"{web.shop}/privacy",
        names.CHAT_TERMS_URL: f"{web.shop}/terms",
        names.CHAT_LOGIN_URL: f"{web.shop}/",
        names.CHAT_ACCENT: "#2f6f4f",
    }
    for name, value in values.items():
        desk.settings.set(name, value, desk=True)


def serve(folder: Path) -> None:
    """Be the process of the web side: serve until the standard input ends."""
    from helpdesk_tui.relay.config import RelayConfig

    told = json.loads(sys.stdin.buffer.readline())
    config = RelayConfig(store=folder, token=told["token"], port=0)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(config, told["key"]))


async def _serve(config: RelayConfig, key: str) -> None:
    from helpdesk_tui.relay.app import make_app
    from helpdesk_tui.relay.demo_shop import make_shop
    from helpdesk_tui.relay.serving import RelayServer, listen
    from helpdesk_tui.relay.store.store import Store

    with listen(config) as at_relay, listen(config) as at_shop:
        relay, shop = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (at_relay, at_shop))
        store = Store(config.store)
        try:
            servers = [
                RelayServer(make_app(store, config), config, at_relay),
                RelayServer(make_shop(relay, SITE, key), config, at_shop),
            ]
            _end_with_input(asyncio.get_running_loop(), servers)
            print(json.dumps({"relay": relay, "shop": shop}), flush=True)
            await asyncio.gather(servers[0].serve([at_relay]), servers[1].serve([at_shop]))
        finally:
            store.close()


def _end_with_input(loop: asyncio.AbstractEventLoop, servers: list[Any]) -> None:
    """Stop the servers once the demo is gone."""

    def end() -> None:
        for server in servers:
            server.should_exit = True

    def watch() -> None:
        while sys.stdin.buffer.read(1024):
            pass
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(end)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
