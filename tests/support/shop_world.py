"""A desk whose customers are known elsewhere: simulated sources, a real worker, real programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.services.desk import open_desk
from tests.support.desk_world import DeskWorld, desk_environ
from tests.support.shops.endpoint import OwnEndpoint
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.recharge import Recharge
from tests.support.shops.running import Shops, running_shops
from tests.support.shops.shopify import ShopifyShop
from tests.support.shops.shopify_routes import needs_schema
from tests.support.store import add_agent, add_message, add_ticket, make_root
from tests.support.terminal import Terminal
from tests.support.waiting import until

CRM, SHOP, BOXES, OWN = "crm", "shop", "boxes", "own"
"""What the sources are called: Klaviyo, Shopify, Recharge, an endpoint of their own."""


@dataclass(slots=True)
class ShopWorld(DeskWorld):
    """A desk, the sources that are connected to it, and whoever writes."""

    shops: Shops
    klaviyo: KlaviyoShop
    shopify: ShopifyShop
    recharge: Recharge
    own: OwnEndpoint
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        """Open the store through another door."""
        self.store = Store(self.root)

    def writes(
        self, name: str, email: str, text: str = "Where is my order?", *, flags: str = ""
    ) -> int:
        """Let a customer have written a mail; return the ticket."""
        at = datetime.now(UTC)
        ticket = add_ticket(
            self.store, name=name, email=email, subject=text, at=at, status="open",
            assignee="anna",
        )  # fmt: skip
        add_message(
            self.store, ticket, sender=email, author_name=name, text=text, at=at, flags=flags
        )
        return ticket

    def profile_of(self, ticket: int) -> int:
        """Return whose ticket it is."""
        return int(self.one("SELECT profile_id FROM ticket WHERE id = ?", ticket))

    def known(self, ticket: int, *sections: str) -> None:
        """Wait until somebody has told sections of a ticket's customer."""
        query = (
            "SELECT DISTINCT section FROM customer_section WHERE profile_id = ? AND state = 'known'"
        )
        profile = self.profile_of(ticket)
        until(lambda: {row[0] for row in self.rows(query, profile)} >= set(sections))

    def actions(self, ticket: int) -> list[tuple[str, str, str]]:
        """Return kind, state and phase of the changes that were asked for in a ticket."""
        return self.rows(
            "SELECT kind, state, phase FROM shop_action WHERE ticket_id = ? ORDER BY id", ticket
        )

    def log(self, ticket: int) -> list[str]:
        """Return the kinds of what was logged in a ticket, in its order."""
        query = "SELECT kind FROM activity WHERE ticket_id = ? ORDER BY id"
        return [row[0] for row in self.rows(query, ticket)]

    def close(self) -> None:
        """End everything."""
        self.store.close()
        DeskWorld.close(self)


def commands(terminal: Terminal, line: str) -> None:
    """Give a command by its name."""
    terminal.press(":")
    terminal.see("action, view or theme")
    terminal.type(line)
    # in the line, and as what is found
    terminal.until(lambda: terminal.text().count(line) == 2)
    terminal.press("enter")


def _connect(world: ShopWorld) -> None:
    with closing(open_desk(world.root)) as desk:
        add_agent(desk.store, "anna", role="owner", full_name="Anna Berg")
        add_agent(desk.store, "sam", role="support", full_name="Sam Holt")
    connected: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("klaviyo", CRM, {"api": world.klaviyo.url}),
        ("shopify", SHOP, {"shop": world.shopify.domain, "api": world.shopify.url}),
        ("recharge", BOXES, {"api": world.recharge.url}),
        ("endpoint", OWN, {"url": f"{world.own.url}/helpdesk"}),
    )
    with world.desk() as desk:
        for kind, name, settings in connected:
            desk.sources.add(kind, name, settings)


@contextmanager
def running_shop_world(folder: Path, *, is_started: bool = True, **how: Any) -> Iterator[ShopWorld]:
    """Give a world whose worker runs; the sources hold it to their contracts at its end.

    Args:
        folder: Where all of it may write.
        is_started: Start the worker; else the test does.
        how: See ``running_shops``.
    """
    needs_schema()
    klaviyo, shopify, recharge, own = KlaviyoShop(), ShopifyShop(), Recharge(), OwnEndpoint()
    with running_shops(klaviyo, shopify, recharge, own, **how) as shops:
        root = make_root(folder)
        (folder / "home").mkdir()
        secrets = {
            f"source-{CRM}": klaviyo.key,
            f"source-{SHOP}": shopify.key,
            f"source-{BOXES}": recharge.token,
            f"source-{OWN}": own.token,
        }
        environ = desk_environ(folder, root, secrets)
        world = ShopWorld(folder, root, shops, klaviyo, shopify, recharge, own, environ=environ)
        try:
            _connect(world)
            if is_started:
                world.start_worker()
            yield world
        finally:
            world.close()
