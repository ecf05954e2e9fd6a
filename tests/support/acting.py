"""A shop whose orders are really changed, and a source that goes wrong where a test says so."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    Phase,
    Preview,
)
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities
from helpdesk_tui.services.clock import Clock
from helpdesk_tui.services.commerce.actions import ShopActions
from helpdesk_tui.sync.channels.errors import Uncertain
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.providers.source import Found, Outcome, Progress, Stale
from tests.support.store import FakeClock, add_agent, add_profile, add_ticket, make_store

CLAIMED, CHECKED, ASKED, MADE = "claimed", "checked", "asked", "made"
"""Where a change may be cut: before its look, after it, before its request leaves, after that."""
POINTS = (CLAIMED, CHECKED, ASKED, MADE)


class Killed(BaseException):
    """The process is gone: nothing of ours handles this."""


@dataclass
class Shop:
    """Orders with a version each, and every change that was really made."""

    versions: Counter[str] = field(default_factory=Counter)
    made: list[str] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    """Key → how often its job is still under way when it is asked for."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, request: ActionRequest) -> None:
        """Change an order: whoever asks twice has it twice, as with money."""
        with self.lock:
            self.versions[request.target] += 1
            self.made.append(request.key)

    def now(self, target: str) -> dict[str, Any]:
        """Return what an agent sees of an order."""
        return {"updated_at": str(self.versions[target]), "total": "20.00", "currency": "EUR"}


class ShopSource:
    """The shop as the worker sees it; ``at`` maps a point to what happens there, once."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.at: dict[str, BaseException | Callable[[], None]] = {}
        self.looks: list[BaseException] = []
        """What the next look-ups raise."""
        self.is_slow = False
        """It takes changes over and works on them by itself."""

    def preview(self, request: ActionRequest) -> Preview:
        """Fill in what is seen."""
        raise NotImplementedError

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Compare, tell, ask, answer."""
        self._meet(CLAIMED)
        now = self.shop.now(request.target)
        if now["updated_at"] != request.expected["updated_at"]:
            raise Stale(now)
        progress(Phase.CHECKED, {})
        self._meet(CHECKED)
        progress(Phase.ASKED, {"session": "1"})
        self._meet(ASKED)
        self.shop.make(request)
        self._meet(MADE)
        if self.is_slow:
            progress(Phase.ACCEPTED, {"job": request.key})
            return Outcome({}, is_finished=False)
        return Outcome({"amount": "5.00", "currency": "EUR"})

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Tell whether a change was made, by the keys the shop has seen."""
        if self.looks:
            raise self.looks.pop(0)
        if self.shop.jobs.get(request.key, 0) > 0:
            self.shop.jobs[request.key] -= 1
            return Outcome({}, is_finished=False)
        return Outcome({"amount": "5.00"}) if request.key in self.shop.made else None

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Know nobody."""
        return None

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Have nothing to tell."""

    def test(self) -> tuple[Check, ...]:
        """Have nothing to try."""
        return ()

    def about(self) -> Mapping[str, str]:
        """Say nothing."""
        return {}

    def close(self) -> None:
        """Hold nothing."""

    def _meet(self, point: str) -> None:
        happens = self.at.pop(point, None)
        if isinstance(happens, BaseException):
            raise happens
        if happens is not None:
            happens()


class _Opened:
    """Stands where the connection is kept."""

    def __init__(self, source: ShopSource) -> None:
        self._source = source

    def get(self) -> ShopSource:
        """Return the source."""
        return self._source

    def drop(self) -> None:
        """Hold nothing."""

    def close(self) -> None:
        """Hold nothing."""


class ActingDesk:
    """A store with a shop, a ticket, two agents, and workers that are made anew at will."""

    def __init__(self, tmp_path: Path) -> None:
        self.store = make_store(tmp_path)
        self.clock = FakeClock()
        self.shop = Shop()
        self.source = ShopSource(self.shop)
        self.source_id = add_source(self.store)
        self.anna = add_agent(self.store, "anna")
        self.bert = add_agent(self.store, "bert")
        self.profile = add_profile(self.store, "Lena Doe", "lena@example.net")
        self.ticket = add_ticket(self.store, profile_id=self.profile)
        self._keys = 0

    def actions(self, agent: int | None = None) -> ShopActions:
        """Return the service as an agent has it."""
        actor = Actor(ActorKind.AGENT, agent or self.anna, "anna")
        return ShopActions(self.store, actor, now=self.clock)

    def request(self, target: str = "1042", **more: Any) -> ActionRequest:
        """Return a change as it is asked for after a yes."""
        self._keys += 1
        values: dict[str, Any] = {
            "kind": ActionKind.ORDER_CANCEL,
            "source_id": self.source_id,
            "target": target,
            "name": f"#{target}",
            "arguments": {"reason": "customer"},
            "expected": {**self.shop.now(target), "refund": "20.00"},
            "key": f"key-{self._keys}",
            "profile_id": self.profile,
            "ticket_id": self.ticket,
            **more,
        }
        return ActionRequest(**values)

    def ask(self, target: str = "1042", **more: Any) -> Action:
        """Ask for a change as Anna."""
        return self.actions().ask(self.request(target, **more))

    def worker(self, owner: str = "one", now: Clock | None = None) -> Acting:
        """Return a worker's hand at the source."""
        opened = cast("OpenedSource", _Opened(self.source))
        return Acting(self.store, owner, self.source_id, opened, now=now or self.clock)

    def work(self, owner: str = "one") -> None:
        """Let a worker do what is due now."""
        acting = self.worker(owner)
        try:
            acting.round()
        finally:
            acting.finish()

    def load(self, action: Action) -> Action:
        """Return a change as it stands now."""
        return self.actions().load(action.id)

    def logged(self) -> list[str]:
        """Return what the log says of changes, oldest first."""
        with self.store.read() as connection:
            found = connection.execute(
                "SELECT kind FROM activity WHERE kind LIKE 'action.%' ORDER BY id"
            )
            return [row[0] for row in found]

    def set(self, name: str, value: str) -> None:
        """Write a setting of the desk."""
        with self.store.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO setting (scope, agent_id, name, value)"
                " VALUES ('desk', 0, ?, ?)",
                (name, json.dumps(value)),
            )

    def execute(self, statement: str, *values: object) -> None:
        """Change a row as somebody else does."""
        with self.store.write() as connection:
            connection.execute(statement, values)

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def add_source(store: Store, name: str = "shop", kind: str = "sandbox", **settings: str) -> int:
    """Connect a source."""
    with store.write() as connection:
        return int(
            connection.execute(
                "INSERT INTO source (name, kind, settings, enabled, created_at, told, error_code,"
                " error_values) VALUES (?, ?, ?, 1, 0, '{}', '', '{}') RETURNING id",
                (name, kind, json.dumps(settings)),
            ).fetchone()[0]
        )


def lost() -> Uncertain:
    """Return what a lost answer is."""
    return Uncertain("provider.uncertain", reason="cut")
