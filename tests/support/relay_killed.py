"""A relay in a process of its own that can be killed at any moment and started again."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.presence import Patience
from helpdesk_tui.relay.serving import RelayServer, listen
from helpdesk_tui.relay.store.store import Store
from tests.support.dovecot import free_port
from tests.support.relay import SITE, TOKEN, Running, relay_config
from tests.support.waiting import PATIENCE, until

_SPAWN = multiprocessing.get_context("forkserver")
# a new process begins with all this imported: it is there within hundredths of a second
_SPAWN.set_forkserver_preload(["tests.support.relay_killed"])


def _serve(folder: str, port: int, patience: Patience, changes: Mapping[str, Any]) -> None:
    config = relay_config(Path(folder), port=port, **changes)
    with listen(config) as listening:
        store = Store(config.store)
        server = RelayServer(make_app(store, config, patience=patience), config, listening)
        asyncio.run(server.serve([listening]))
        store.close()


class KilledRelay:
    """Runs between ``with`` and its end; :meth:`kill` may come from any thread."""

    def __init__(self, folder: Path, patience: Patience | None = None, **changes: Any) -> None:
        self._folder = folder
        self._changes = changes
        self._patience = patience or Patience()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = self._start()
        self.wait()

    def __enter__(self) -> KilledRelay:
        """Publish the site of tests."""
        self.running().publish(SITE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill it for the last time."""
        self.kill()

    def running(self) -> Running:
        """Return clients of it; there is no store to look into."""
        return Running(self.url, relay_config(self._folder), None)  # type: ignore[arg-type]

    def restart(self) -> None:
        """Kill it as the kernel would, and start it again at the same place."""
        self.kill()
        self.start()

    def kill(self) -> None:
        """Kill it as the kernel would."""
        self._process.kill()
        self._process.join(PATIENCE)

    def start(self) -> None:
        """Start it again at the same place."""
        self._process = self._start()

    def wait(self) -> None:
        """Wait until it answers."""
        headers = {"Authorization": f"Bearer {TOKEN}"}

        def is_there() -> bool:
            with suppress(httpx.TransportError):
                url = f"{self.url}/box/v1/health?site=shop"
                httpx.get(url, headers=headers, timeout=PATIENCE)
                return True
            return False

        until(is_there)

    def _start(self) -> multiprocessing.process.BaseProcess:
        process = _SPAWN.Process(
            target=_serve,
            args=(str(self._folder), self.port, self._patience, self._changes),
            daemon=True,
        )
        process.start()
        return process
