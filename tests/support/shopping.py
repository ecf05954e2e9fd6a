"""A desk whose customer has orders and subscriptions, and a shop that does as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.accounts import Job
from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    AmountLine,
    Mode,
    Phase,
    Preview,
)
from helpdesk_tui.domain.commerce.commands import Command
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import (
    BoxItem,
    NextCharge,
    Order,
    OrderItem,
    PlaceOption,
    Subscription,
    Tracking,
)
from helpdesk_tui.domain.commerce.subscription_changes import preview_of
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.commerce.changing import ChangeDialog, Stage
from helpdesk_tui.screens.commerce.commanding import command
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.jobs import Jobs
from tests.support.scene import make_scene, settle
from tests.support.store import START
from tests.support.waiting import until_so

SHOP = ConnectedSource(1, "shop", "sandbox", {})
ITEMS = (
    OrderItem("11", "Trail shoes", 2, Decimal("64.50"), "size 39, blue", unfulfilled=2),
    OrderItem("12", "Wool socks, three pairs", 3, Decimal("9.00"), unfulfilled=3),
    OrderItem("13", "Gift wrapping", 1, Decimal("2.50"), unfulfilled=0),
)
ORDER = Order(
    "501", "#1042", START - timedelta(days=2), updated_at=START - timedelta(days=1),
    currency="EUR", total=Decimal("163.40"), subtotal=Decimal("158.50"), shipping=Decimal("4.90"),
    payment="paid", fulfilment="unfulfilled", items=ITEMS, is_editable=True,
    address="Anna Kowalska\nul. Długa 5\n31-147 Kraków\nPoland", tags=("gift",),
    note="Please leave it with the neighbour.",
)  # fmt: skip
SENT = Order(
    "498", "#0987", START - timedelta(days=30), currency="EUR", total=Decimal("41.50"),
    payment="paid", fulfilment="fulfilled",
    items=(OrderItem("9", "Trail bottle", 1, Decimal("41.50"), unfulfilled=0),),
    parcels=(Tracking("DHL", "00340434161094021501", delivered_at=START - timedelta(days=26)),),
)  # fmt: skip
CHARGE = NextCharge(
    "9001", date(2026, 12, 2), Decimal("42.00"),
    (BoxItem("71", "Coffee 1 kg", 1), BoxItem("72", "Paper filters", 2)),
)  # fmt: skip
COFFEE = Subscription(
    "71", "Coffee 1 kg", "active", 1, "beans", price=Decimal("24.00"), currency="EUR", every=1,
    unit="month", next_date=date(2026, 12, 2), charge=CHARGE, address="a1",
    address_lines="ul. Długa 5, 31-147 Kraków", started_at=START - timedelta(days=200),
    places=(PlaceOption("a1", "ul. Długa 5\n31-147 Kraków"),
            PlaceOption("a2", "ul. Krótka 7\n00-001 Warszawa")),
)  # fmt: skip
ENDED = Subscription("73", "Tea, green", "cancelled", 2, every=6, unit="week", currency="EUR")


class Contexts:
    """What is known of the customer."""

    def __init__(self) -> None:
        self.all_orders: list[Order] = [ORDER, SENT]
        self.all_subscriptions: list[Subscription] = [COFFEE, ENDED]
        self.source = SHOP
        self.sought: list[str] = []
        """Names of orders that were to be looked for at the shop."""
        self.job: int | None = None
        """What looks for them; None: all orders are kept."""

    def look_for_order(self, profile_id: int, name: str) -> int | None:
        """Note what is looked for."""
        self.sought.append(name)
        return self.job

    def load(self, profile_id: int, event_filter: object = None) -> CustomerContext:
        """Return the customer."""
        return CustomerContext(
            profile_id, (self.source,), orders=self.orders(profile_id),
            subscriptions=self.subscriptions(profile_id),
        )  # fmt: skip

    def orders(self, profile_id: int) -> tuple[tuple[int, Order], ...]:
        """Return all orders."""
        return tuple((self.source.id, one) for one in self.all_orders)

    def subscriptions(self, profile_id: int) -> tuple[tuple[int, Subscription], ...]:
        """Return all subscriptions."""
        return tuple((self.source.id, one) for one in self.all_subscriptions)

    def want(self, profile_ids: object, rank: int) -> None:
        """Ask for nothing."""

    def stamp(self, profile_id: int) -> int:
        """Return that nothing changes."""
        return 0


class Actions:
    """Answers as a test says; what it was asked for is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.previews: dict[int, Preview | HelpdeskError] = {}
        self.asked: list[ActionRequest] = []
        self.action: Action | None = None
        self.is_holding = False
        """Whether what shall be worked out is left lying."""
        self.refusal: HelpdeskError | None = None
        """What comes instead of a preview."""
        self.gate_error: HelpdeskError | None = None
        self.the_mode = Mode.ON
        self.decided: list[bool] = []
        self.checks = 0
        self.seen: list[ActionRequest] = []

    def mode(self) -> Mode:
        """Return whether changes are made."""
        return self.the_mode

    def gate(self, kind: ActionKind, source: ConnectedSource) -> None:
        """Refuse what a test says."""
        if self.gate_error is not None:
            raise self.gate_error

    def preview(self, request: ActionRequest) -> int:
        """Work it out at once, unless it is left lying."""
        self.seen.append(request)
        jobs = Jobs(self._desk.store, self._desk.actor, now=self._desk.clock)
        job_id = jobs.ask("action.preview", {})
        self.previews[job_id] = self.refusal or effect_of(request)
        if not self.is_holding:
            self.release()
        return job_id

    def release(self) -> None:
        """Work out what was left lying."""
        jobs = Jobs(self._desk.store, self._desk.actor, now=self._desk.clock)
        while (job := jobs.claim("test")) is not None:
            found = self.previews[job.id]
            if isinstance(found, HelpdeskError):
                jobs.finish(job, {"code": found.code, "values": dict(found.values)}, failed=True)
            else:
                jobs.finish(job, {})

    def previewed(self, job: Job) -> Preview:
        """Return what was worked out."""
        found = self.previews[job.id]
        assert isinstance(found, Preview)
        return found

    def ask(self, request: ActionRequest) -> Action:
        """Take the change."""
        self.asked.append(request)
        if self.action is None or self.action.request.key != request.key:
            self.action = Action(
                len(self.asked), request, ActionState.QUEUED, Phase.NONE, {}, {}, "", {}, START
            )
        return self.action

    def load(self, action_id: int) -> Action:
        """Return how it stands."""
        assert self.action is not None
        return self.action

    def move(self, state: ActionState, phase: Phase = Phase.NONE, **changes: Any) -> None:
        """Have it stand otherwise."""
        assert self.action is not None
        self.action = replace(self.action, state=state, phase=phase, **changes)

    def check(self, action_id: int) -> Action:
        """Count that it was looked up."""
        self.checks += 1
        return self.load(action_id)

    def decide(self, action_id: int, *, was_done: bool) -> Action:
        """Take what an agent says."""
        self.decided.append(was_done)
        self.move(ActionState.DONE if was_done else ActionState.FAILED, code="action.not-made")
        return self.load(action_id)


def effect_of(request: ActionRequest) -> Preview:
    """Return what a change of the orders and subscriptions above would do."""
    if request.kind is ActionKind.ORDER_EDIT:
        return _edited(request)
    if request.kind is ActionKind.ORDER_CANCEL:
        is_back = request.arguments["refund"] == "original"
        refund = (AmountLine("refund", "163.40", "EUR"),) if is_back else ()
        amounts = (AmountLine("total-before", "163.40", "EUR"), *refund)
        return Preview(request, amounts, notifies=True)
    one = ENDED if request.target == ENDED.id else COFFEE
    if request.kind is ActionKind.SUBSCRIPTION_UNSKIP:
        one = replace(one, skipped=CHARGE)
    return preview_of(request, one, START.date())


def _edited(request: ActionRequest) -> Preview:
    items, total = request.arguments["items"], Decimal("163.40")
    changes = []
    for item in ITEMS:
        if item.id in items:
            total += (item.price or Decimal(0)) * (items[item.id] - item.quantity)
            changes.append((item.title, str(item.quantity), str(items[item.id])))
    difference = total - Decimal("163.40")
    amounts = [
        AmountLine("total-before", "163.40", "EUR"), AmountLine("total-after", str(total), "EUR"),
        AmountLine("difference", str(difference), "EUR"),
        AmountLine("to-pay" if difference > 0 else "owed", str(abs(difference)), "EUR"),
    ]  # fmt: skip
    expected = {
        "updated_at": request.expected["updated_at"], "total": "163.40", "currency": "EUR",
        "items": {one.id: one.quantity for one in ITEMS}, "new_total": str(total),
        "outstanding": str(difference),
    }  # fmt: skip
    return Preview(replace(request, expected=expected), tuple(amounts), tuple(changes))


def shop_scene(tmp_path: Path, **looks: Any) -> tuple[HelpdeskApp, Actions, Contexts]:
    """Make the program on the usual desk; the customer of its first ticket buys at a shop."""
    app = make_scene(tmp_path, **looks)
    make: Callable[[], Desk] = app._factory  # type: ignore[assignment]
    desk = make()
    actions, contexts = Actions(desk), Contexts()
    # what an attribute holds is found before what would be made for it
    vars(desk).update(shop_actions=actions, customer_context=contexts)
    return app, actions, contexts


@dataclass
class Shopping:
    """The program with a customer who buys at a shop."""

    pilot: Pilot[None]
    app: HelpdeskApp
    actions: Actions
    contexts: Contexts

    async def until(self, condition: Callable[[], object]) -> None:
        await until_so(self.pilot, condition, lambda: self.text)

    async def sees(self, words: str) -> None:
        await self.until(lambda: words in self.text)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)

    async def begin(self, kind: ActionKind, name: str = "") -> ChangeDialog:
        command(self.app.inbox, Command(kind, name))
        await self.until(lambda: isinstance(self.app.screen, ChangeDialog))
        dialog = self.app.screen
        assert isinstance(dialog, ChangeDialog)
        await self.pilot.pause()
        return dialog

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text for strip in strips)

    @property
    def stage(self) -> Stage:
        assert isinstance(self.app.screen, ChangeDialog)
        return self.app.screen.stage


@asynccontextmanager
async def shopping(tmp_path: Path) -> AsyncIterator[Shopping]:
    app, actions, contexts = shop_scene(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lambda: app.inbox.panes.thread is not None)
        await settle(pilot, lambda: app.inbox.tickets.cursor_row is not None)
        yield Shopping(pilot, app, actions, contexts)
