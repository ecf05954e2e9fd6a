"""A desk whose source does as it is told, and workers that carry its changes out."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionRequest, Mode
from helpdesk_tui.domain.setting.commerce import SHOP_ACTIONS
from helpdesk_tui.services.commerce.actions import ShopActions
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.settings import Settings
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.commerce.previewing import PreviewLoop
from tests.support.shops.scripted import Scripted
from tests.support.store import (
    FakeClock,
    activity_kinds,
    add_agent,
    add_profile,
    add_ticket,
    make_store,
)


class World:
    """A store with an agent, a customer's ticket, and a source that does as it is told."""

    def __init__(self, folder: Path) -> None:
        self.store = make_store(folder)
        self.clock = FakeClock()
        agent = add_agent(self.store, "anna")
        self.anna = Actor(ActorKind.AGENT, agent, "anna", Role.SUPPORT)
        self.profile = add_profile(self.store, "Mia Chen", "mia@mail.example")
        self.ticket = add_ticket(self.store, name="Mia Chen", email="mia@mail.example")
        settings = {"file": str(folder / "shop.json")}
        self.source = Sources(self.store, SYSTEM).add("sandbox", "shop", settings)
        self.actions = ShopActions(self.store, self.anna, now=self.clock)
        self.shop = Scripted()

    def worker(self, owner: str = "worker") -> Acting:
        opened = OpenedSource(self.store, self.source.id, lambda _: "", self.shop.connect)
        return Acting(self.store, owner, self.source.id, opened, now=self.clock)

    def round(self) -> float | None:
        """Let a worker of its own do what is due."""
        worker = self.worker()
        try:
            return worker.round()
        finally:
            worker.close()
            worker.finish()

    def previewing(self) -> PreviewLoop:
        return PreviewLoop(self.store, "w", lambda _: "", connect=self.shop.connect, now=self.clock)

    def ask(self, key: str = "k1", target: str = "o1") -> Action:
        return self.actions.ask(self.request(key, target))

    def request(self, key: str = "k1", target: str = "o1") -> ActionRequest:
        return ActionRequest(
            ActionKind.ORDER_EDIT, self.source.id, target, "#1042", {"items": {"i1": 1}},
            {"total": "20.00"}, key, self.profile, self.ticket,
        )  # fmt: skip

    def now(self, action: Action) -> Action:
        return self.actions.load(action.id)

    def log(self) -> list[str]:
        return [kind for kind in activity_kinds(self.store) if kind.startswith("action.")]

    def set_mode(self, mode: Mode) -> None:
        Settings(self.store, SYSTEM).set(SHOP_ACTIONS, mode.value, desk=True)
