"""Changes asked of a simulated shop while the worker is killed and answers are lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionRequest, ActionState
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.services.commerce.actions import ActionFilter, ShopActions
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.secrets import variable_of
from helpdesk_tui.sync.pacing import Bucket, Paces
from helpdesk_tui.sync.providers.shopify.documents import CANCEL, EDIT_COMMIT
from helpdesk_tui.sync.providers.source import ActingSource
from tests.support.providers.faults import Fault, Faults
from tests.support.shops.recharge import TOKEN, Recharge
from tests.support.shops.running import running_shops
from tests.support.shops.shopify import ShopifyShop
from tests.support.shops.shopify_routes import needs_schema
from tests.support.shops.shopify_views import gid
from tests.support.store import add_agent, add_profile, add_ticket, make_store

LOST = (Fault.CUT_AFTER, Fault.BROKEN_AFTER, Fault.CUT, Fault.BROKEN)
"""No answer, or none that says anything: to changes that were made, and to some that were not."""
_PAGE = 500
_WIDE = 10_000
_TAKES = 0.03
"""Seconds that a shop takes for a change: long enough to be killed in."""
_EVERY = 0.02
_SPAWN = multiprocessing.get_context("forkserver")
# a new worker begins with all this imported: it is at work within tenths of a second
_SPAWN.set_forkserver_preload(["tests.support.acting_kills", "helpdesk_tui.sync.worker"])


class Unpaced(Paces):
    """A shop that may be asked as fast as it answers."""

    def bucket(self, name: str, size: float, per_second: float) -> Bucket:
        """Return a bucket that is never empty."""
        return super().bucket(name, size * _WIDE, per_second * _WIDE)


class Trial(Protocol):
    """A simulated shop as this goes about it."""

    kind: str
    settings: dict[str, str]
    changing: tuple[str, ...]
    """Patterns of the operations that change something."""
    faults: Faults

    @property
    def secret(self) -> str:
        """What logs in there."""

    def wants(self, count: int) -> Sequence[ActionRequest]:
        """Return so many changes, each of something else, as they would be previewed."""

    def joined(self) -> ActingSource:
        """Return a source to work out what is seen."""

    def made(self) -> Counter[str]:
        """Return how often each target was really changed."""


@dataclass(slots=True)
class RechargeTrial:
    """Skips and changes of quantity at Recharge."""

    sim: Recharge
    faults: Faults
    kind: str = "recharge"
    secret: str = TOKEN
    changing: tuple[str, ...] = ("recharge.update", "recharge.skip")
    settings: dict[str, str] = field(default_factory=dict)

    def wants(self, count: int) -> Sequence[ActionRequest]:
        """Return changes of as many subscriptions."""
        kinds = (ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_SKIP)
        wanted = []
        for number in range(count):
            customer = self.sim.add_customer(f"customer-{number}@mail.example")
            tea = self.sim.subscribe(customer, "Tea", in_days=9)
            kind = kinds[number % 2]
            given = {"quantity": 2} if number % 2 == 0 else {}
            wanted.append(ActionRequest(kind, 0, str(tea), "Tea", given))
        return wanted

    def joined(self) -> ActingSource:
        """Return a source that asks the simulated shop."""
        from helpdesk_tui.sync.providers.recharge.source import connect

        connected = ConnectedSource(0, "shop", self.kind, self.settings)
        return connect(connected, self.secret, paces=Unpaced())

    def made(self) -> Counter[str]:
        """Return how often each subscription was changed."""
        with self.sim.lock:
            counted = Counter(str(number) for what, number in self.sim.changed if what != "skip")
            for charge in self.sim.charges.values():
                if charge["status"] == "skipped":
                    counted.update(str(each["purchase_item_id"]) for each in charge["line_items"])
        return counted


@contextmanager
def recharge_trial(*, validate_one_in: int = 1) -> Iterator[RechargeTrial]:
    """Run a shop at the simulated Recharge."""
    sim = Recharge()
    with running_shops(sim, validate_one_in=validate_one_in) as shops:
        yield RechargeTrial(sim, shops.faults, settings={"api": sim.url})


@dataclass(slots=True)
class ShopifyTrial:
    """Edits and cancellations at Shopify."""

    sim: ShopifyShop
    faults: Faults
    kind: str = "shopify"
    changing: tuple[str, ...] = (CANCEL.name, EDIT_COMMIT.name)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        """The token of the shop."""
        return self.sim.key

    def wants(self, count: int) -> Sequence[ActionRequest]:
        """Return edits and cancellations of as many orders."""
        wanted = []
        ada = self.sim.has("Ada Lovelace", "ada@mail.example")
        for number in range(count):
            order = self.sim.ordered(ada, ("Tea", "9.00", 3))
            given: dict[str, Any] = {"restock": True, "notify": True}
            if number % 2:
                kind = ActionKind.ORDER_CANCEL
                given |= {"reason": "customer", "refund": "original"}
            else:
                kind = ActionKind.ORDER_EDIT
                given |= {"items": {gid("LineItem", order.lines[0].number): 2}}
            target = gid("Order", order.number)
            wanted.append(ActionRequest(kind, 0, target, order.name, given))
        return wanted

    def joined(self) -> ActingSource:
        """Return a source that asks the simulated shop."""
        from helpdesk_tui.sync.providers.shopify.source import connect

        connected = ConnectedSource(0, "shop", self.kind, self.settings)
        return connect(connected, self.secret, paces=Unpaced())

    def made(self) -> Counter[str]:
        """Return how often each order was edited or cancelled, by the money that moved."""
        with self.sim.lock:
            numbers = {one.name: one.number for one in self.sim.orders.values()}
            counted = Counter(gid("Order", one.order.number) for one in self.sim.commits)
            counted.update(gid("Order", numbers[name]) for name, _ in self.sim.refunds)
        return counted


@contextmanager
def shopify_trial(*, validate_one_in: int = 1) -> Iterator[ShopifyTrial]:
    """Run a shop at the simulated Shopify."""
    needs_schema()
    sim = ShopifyShop()
    sim.maximum, sim.restore = 1e9, 1e9
    with running_shops(sim, validate_one_in=validate_one_in) as shops:
        settings = {"shop": sim.domain, "api": sim.url}
        yield ShopifyTrial(sim, shops.faults, settings=settings)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it all."""

    asked: int
    done: int
    failed: int
    unknown: int
    """At the end, after everything that can be looked up was."""
    kills: int
    lost_answers: int
    doubts: int
    """How often the log says that nobody knows."""
    twice: int
    """Changed more than once."""
    wrong: int
    """Shown as done and not made, or as not done and made."""
    gone: int
    """Neither over nor shown as unknown."""
    unshown: int
    """Unknown and not in the log of its ticket."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things wait, short enough for a test: all of it a real worker's own, divided."""

    shorter: float = 40.0

    def apply(self) -> None:
        """Shorten what this process waits for; the shop is asked as fast as it answers."""
        from helpdesk_tui.sync.commerce import acting, opened

        patched: dict[str, Any] = {
            "LOOK_AFTER": tuple(each / self.shorter for each in acting.LOOK_AFTER),
            "BELIEVED_AFTER": acting.BELIEVED_AFTER / self.shorter,
            "LOOK_EVERY": acting.LOOK_EVERY / self.shorter,
            "_AGAIN_AFTER": timedelta(seconds=5) / self.shorter,
        }
        for name, value in patched.items():
            setattr(acting, name, value)
        for name, value in {"Paces": Unpaced}.items():
            setattr(opened, name, value)


def _work(root: str, variable: str, secret: str, patience: Patience) -> None:
    os.environ[variable] = secret
    patience.apply()
    from helpdesk_tui.sync.worker import run

    run(Path(root))


class KilledWorkers:
    """A real worker, killed and started again."""

    def __init__(self, root: Path, name: str, secret: str, patience: Patience) -> None:
        self._given = (str(root), variable_of(f"source-{name}"), secret, patience)
        self._process = self._start()
        self.kills = 0

    def kill(self) -> None:
        """Kill it as ``kill -9`` does, and start the next one."""
        self.end()
        self.kills += 1
        self._process = self._start()

    def end(self) -> None:
        """Kill it for the last time."""
        self._process.kill()
        self._process.join()

    def _start(self) -> Any:
        process = _SPAWN.Process(target=_work, args=self._given, daemon=True)
        process.start()
        return process


class Story:
    """A desk whose agents ask for changes of a shop."""

    def __init__(self, folder: Path, trial: Trial) -> None:
        self._trial = trial
        self.store = make_store(folder)
        self.source = Sources(self.store, SYSTEM).add(trial.kind, "shop", trial.settings)
        self.agents = [
            Actor(ActorKind.AGENT, add_agent(self.store, name), name) for name in ("anna", "bert")
        ]
        self.actions = ShopActions(self.store, self.agents[0])

    def run(self, count: int, kills: int, *, lost: float = 0.1, seed: int = 1) -> Told:
        """Ask for changes, lose answers, kill workers; return what came of it."""
        began, chance = time.monotonic(), random.Random(seed)
        requests = self._previewed(self._trial.wants(count))
        for pattern in self._trial.changing:
            self._trial.faults.at_rate(pattern, lost, *LOST)
            self._trial.faults.slow(pattern, _TAKES)
        workers = KilledWorkers(self.store.paths.root, "shop", self._trial.secret, Patience())
        try:
            for number, request in enumerate(requests):
                ShopActions(self.store, self.agents[number % 2]).ask(request)
            for number in range(1, kills + 1):
                share = count * number // (kills + 1)
                self._until(lambda share=share: self._over() >= share)  # type: ignore[misc]
                if number % 2:
                    # in the middle of it: asked for, made or not, and no answer yet
                    self._until(self._is_asking, every=0.001)
                time.sleep(chance.random() * 2 * _TAKES)
                workers.kill()
            self._until(lambda: self._over() == count)
        finally:
            workers.end()
        return self._told(count, workers.kills, time.monotonic() - began)

    def _previewed(self, wanted: Sequence[ActionRequest]) -> list[ActionRequest]:
        """Return what agents say yes to: with what they saw, each for a ticket of its own."""
        source, out = self._trial.joined(), []
        profile = add_profile(self.store, "Mia Chen", "mia@mail.example")
        for number, each in enumerate(wanted):
            each = replace(each, source_id=self.source.id)
            ticket = add_ticket(self.store, profile_id=profile)
            previewed = source.preview(each).request
            out.append(
                replace(previewed, key=f"key-{number}", profile_id=profile, ticket_id=ticket)
            )
        source.close()
        return out

    def _over(self) -> int:
        with self.store.read() as connection:
            found = connection.execute(
                "SELECT count(*) FROM shop_action WHERE state IN ('done', 'failed')"
            )
            return int(found.fetchone()[0])

    def _is_asking(self) -> bool:
        with self.store.read() as connection:
            found = connection.execute(
                "SELECT 1 FROM shop_action WHERE state = 'running' AND phase = 'asked'"
            )
            return found.fetchone() is not None

    def _until(self, is_so: Callable[[], bool], most: float = 600.0, every: float = _EVERY) -> None:
        end = time.monotonic() + most
        while not is_so():
            if time.monotonic() > end:
                raise AssertionError(f"nothing more happens: {self.actions.counts()}")
            time.sleep(every)

    def _all(self) -> list[Action]:
        found: list[Action] = []
        while True:
            before = found[-1].id if found else None
            page = self.actions.list(ActionFilter(before=before), _PAGE)
            if not page:
                return found
            found += page

    def _doubted(self) -> list[int]:
        with self.store.read() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM activity WHERE kind = 'action.unknown'"
            )
            return [row[0] for row in rows]

    def _told(self, count: int, kills: int, seconds: float) -> Told:
        made, found, doubted = self._trial.made(), self._all(), self._doubted()
        states = Counter(each.state for each in found)
        over = {ActionState.DONE, ActionState.FAILED}
        known = [each for each in found if each.state in over]
        unknown = [each for each in found if each.state is ActionState.UNKNOWN]
        return Told(
            asked=count,
            done=states[ActionState.DONE],
            failed=states[ActionState.FAILED],
            unknown=len(unknown),
            kills=kills,
            lost_answers=sum(self._trial.faults.counts.values()),
            doubts=len(doubted),
            twice=sum(number > 1 for number in made.values()),
            wrong=sum((each.state is ActionState.DONE) != (made[each.request.target] > 0)
                      for each in known),
            gone=count - len(known) - len(unknown),
            unshown=sum(each.request.ticket_id not in doubted for each in unknown),
            seconds=seconds,
        )  # fmt: skip

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def story_of(folder: Path, trial: Trial, count: int, kills: int, **more: Any) -> Told:
    """Run a story from its beginning to its end."""
    story = Story(folder, trial)
    try:
        return story.run(count, kills, **more)
    finally:
        story.close()
