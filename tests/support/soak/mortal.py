"""A worker in a process of its own that can be killed at any moment and started again."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.sync import worker
from tests.support.waiting import PATIENCE

_SPAWN = multiprocessing.get_context("forkserver")
# a new process begins with all this imported: it is there within hundredths of a second
_SPAWN.set_forkserver_preload(["tests.support.soak.mortal", "tests.support.relay_killed"])


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets by the name of the account, then by purpose; goes over to another process."""

    held: Mapping[str, Mapping[str, str]]

    def __call__(self, account: Account, purpose: str) -> str:
        """Return one of them."""
        return self.held[account.name].get(purpose, "")


def _work(root: str, secrets: Secrets) -> None:
    worker.run(Path(root), password=secrets)


class MortalWorker:
    """Runs between :meth:`start` and :meth:`kill`; the next one goes on where it ended."""

    def __init__(self, root: Path, secrets: Secrets) -> None:
        self._root = root
        self._secrets = secrets
        self._process = self._begun()

    def _begun(self) -> multiprocessing.process.BaseProcess:
        process = _SPAWN.Process(target=_work, args=(str(self._root), self._secrets), daemon=False)
        process.start()
        return process

    def restart(self) -> None:
        """Kill it as the kernel would, and start another."""
        self.kill()
        self._process = self._begun()

    def kill(self) -> None:
        """Kill it as the kernel would."""
        self._process.kill()
        self._process.join(PATIENCE)
