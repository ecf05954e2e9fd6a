"""The way into the dialogs: from the sidebar, a command, a macro; and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from helpdesk_tui.domain.commerce.actions import ORDER_KINDS, Action, ActionKind, Mode
from helpdesk_tui.domain.commerce.changing import (
    Person,
    check_order,
    check_subscription,
    order_now,
    subscription_now,
)
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Order, Subscription
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.screens.beside.job_watch import JobWatch
from helpdesk_tui.screens.commerce.details import DetailsDialog, OrderDialog, SubscriptionDialog
from helpdesk_tui.screens.commerce.drafting import customer_language, put_line
from helpdesk_tui.screens.commerce.following import Answer, Case, FollowDialog
from helpdesk_tui.screens.commerce.orders import OrderCancelDialog, OrderChange, OrderEditDialog
from helpdesk_tui.screens.commerce.picking import TargetPicker
from helpdesk_tui.screens.commerce.subscriptions import SUBSCRIPTION_DIALOGS
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.app import HelpdeskApp
    from helpdesk_tui.domain.accounts import Job
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.jobs import Jobs
    from helpdesk_tui.services.desk import Desk

_ORDER_DIALOGS: Mapping[ActionKind, type[OrderChange]] = {
    one.KIND: one for one in (OrderEditDialog, OrderCancelDialog)
}
_SUBSCRIPTION_DIALOGS = {one.KIND: one for one in SUBSCRIPTION_DIALOGS}


@dataclass(frozen=True, slots=True)
class Target:
    """An order or a subscription, and where it is."""

    source_id: int
    thing: Order | Subscription

    @property
    def called(self) -> str:
        """What people call it."""
        return self.thing.name if isinstance(self.thing, Order) else self.thing.product


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that is known of a customer's orders and subscriptions, as it was read."""

    sources: tuple[ConnectedSource, ...]
    targets: tuple[Target, ...]
    mode: Mode
    language: str
    """Of the customer as a source knows it; may be empty."""


def open_order(host: Jobs, desk: Desk, person: Person, source_id: int, order_id: str) -> None:
    """Show an order; from there it is changed."""
    Opening(host, desk, person).look(source_id, order_id, ActionKind.ORDER_EDIT)


def open_subscription(
    host: Jobs, desk: Desk, person: Person, source_id: int, subscription_id: str
) -> None:
    """Show a subscription; from there it is changed."""
    Opening(host, desk, person).look(source_id, subscription_id, ActionKind.SUBSCRIPTION_SKIP)


def open_action(host: Jobs, desk: Desk, person: Person, action_id: int) -> None:
    """Show how a change stands."""
    Opening(host, desk, person).action(action_id)


def begin(host: Jobs, desk: Desk, person: Person, kind: ActionKind, name: str = "") -> None:
    """Ask for a change of the order or subscription of a name; without one it is asked which."""
    Opening(host, desk, person).begin(kind, name)


class Opening:
    """Opens dialogs about one customer, one at a time."""

    def __init__(self, host: Jobs, desk: Desk, person: Person) -> None:
        self._host = host
        self._desk = desk
        self._person = replace(person, agent_id=desk.actor.agent_id)
        self.closed: Callable[[], None] = _nothing
        """Called once nothing of it is open any more."""

    # ways in ---------------------------------------------------------------------------------

    def look(self, source_id: int, target: str, kind: ActionKind) -> None:
        """Show an order or a subscription."""

        def show(shelf: Shelf) -> None:
            found = self._find(shelf, kind, source_id, target)
            if found is None:
                self._stop(_none(kind))
            else:
                self._details(shelf, found)

        self._load(show)

    def begin(self, kind: ActionKind, name: str, *, was_looked_for: bool = False) -> None:
        """Ask for a change; an order that is not kept is looked for at the shop, once."""

        def show(shelf: Shelf) -> None:
            found = [one for one in shelf.targets if _fits(one, kind, name)]
            usable = [one for one in found if _problem(kind, one) is None] or found
            if not found and name and kind in ORDER_KINDS and not was_looked_for:
                self._look_for(kind, name)
            elif not found:
                self._stop(_no_such(kind, name) if name else _none(kind))
            elif len(usable) == 1:
                self._change(shelf, usable[0], kind)
            else:
                self._pick(shelf, usable, kind)

        self._load(show)

    def _look_for(self, kind: ActionKind, name: str) -> None:
        """Have an order looked for that is too old to be kept, then go on as if it were."""
        is_over, there = False, self._host.app.screen

        def again(_job: Job) -> None:
            self._inbox.footer.say("")
            # whoever has gone elsewhere meanwhile wants no dialog there
            if not is_over and self._host.app.screen is there:
                self.begin(kind, name, was_looked_for=True)

        def failed(error: HelpdeskError) -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._inbox.footer.say("")
                self._stop(error)

        def waits(is_worked: bool) -> None:
            if is_worked:
                said = _("looking for {name} at the shop …").format(name=clean(name))
                self._inbox.footer.say(said)
            else:
                failed(_no_such(kind, name))

        def asked(job_id: int | None) -> None:
            if job_id is None:
                failed(_no_such(kind, name))
            else:
                JobWatch(self._host, self._desk).follow(job_id, again, failed, waits)

        contexts = self._desk.customer_context
        self._host.ask(
            lambda: contexts.look_for_order(self._person.profile_id, name), asked, failed,
            group="commerce",
        )  # fmt: skip

    def action(self, action_id: int) -> None:
        """Show how a change stands."""

        def show(found: tuple[Shelf, Action]) -> None:
            shelf, action = found
            target = self._find(shelf, action.request.kind, action.request.source_id,
                                action.request.target)  # fmt: skip
            case = self._case(shelf, action.request.source_id)
            if case is None:
                return
            dialog = FollowDialog(case, action)
            if target is not None and isinstance(target.thing, Order):
                dialog.names = {one.id: clean(one.title) for one in target.thing.items}
            self._push(dialog)

        self._host.ask(
            lambda: (self._read(), self._desk.shop_actions.load(action_id)), show, group="commerce"
        )

    # reading ---------------------------------------------------------------------------------

    def _load(self, show: Callable[[Shelf], None]) -> None:
        self._host.ask(self._read, show, self._stop, group="commerce")

    def _stop(self, error: HelpdeskError) -> None:
        """Say why nothing is opened."""
        self._host.complain(error)
        self.closed()

    def _read(self) -> Shelf:
        """Read all that is known. Blocks."""
        contexts, profile = self._desk.customer_context, self._person.profile_id
        context = contexts.load(profile)
        targets = [Target(source, one) for source, one in contexts.orders(profile)]
        targets += [Target(source, one) for source, one in contexts.subscriptions(profile)]
        languages = [facts.language for _source, facts in context.profiles if facts.language]
        return Shelf(
            context.sources, tuple(targets), self._desk.shop_actions.mode(), *languages[:1] or [""]
        )

    def _find(self, shelf: Shelf, kind: ActionKind, source_id: int, target: str) -> Target | None:
        of = Order if kind in ORDER_KINDS else Subscription
        return next(
            (one for one in shelf.targets if isinstance(one.thing, of)
             and one.source_id == source_id and one.thing.id == target),
            None,
        )  # fmt: skip

    def _case(self, shelf: Shelf, source_id: int) -> Case | None:
        source = next((one for one in shelf.sources if one.id == source_id), None)
        if source is None:
            self._stop(NotFound("source.unknown", name=source_id))
            return None
        inbox = self._inbox
        language = customer_language(inbox, self._person.ticket_id, shelf.language)
        return Case(
            self._desk, self._person, source, inbox.now, inbox.zone, language, shelf.mode,
            inbox.signs.ascii_only,
        )  # fmt: skip

    @property
    def _inbox(self) -> InboxScreen:
        return cast("HelpdeskApp", self._host.app).inbox

    # dialogs ---------------------------------------------------------------------------------

    def _pick(self, shelf: Shelf, found: list[Target], kind: ActionKind) -> None:
        things = [one.thing for one in found]
        picker = TargetPicker(
            kind, things, self._inbox.now(), self._inbox.zone,
            plain=self._inbox.signs.ascii_only,
        )  # fmt: skip

        def picked(place: int | None) -> None:
            if place is None:
                self.closed()
            else:
                self._change(shelf, found[place], kind)

        self._host.app.push_screen(picker, picked)

    def _details(self, shelf: Shelf, target: Target, problem: HelpdeskError | None = None) -> None:
        case = self._case(shelf, target.source_id)
        if case is None:
            return
        dialog: DetailsDialog
        if isinstance(target.thing, Order):
            dialog = OrderDialog(case, target.thing, problem)
        else:
            dialog = SubscriptionDialog(case, target.thing, problem)

        def wanted(kind: ActionKind | None) -> None:
            if kind is None:
                self.closed()
            else:
                self._change(shelf, target, kind)

        self._host.app.push_screen(dialog, wanted)

    def _change(
        self,
        shelf: Shelf,
        target: Target,
        kind: ActionKind,
        chosen: Mapping[str, Any] | None = None,
    ) -> None:
        """Open the dialog of a change, or say beside its object why there is none."""
        case = self._case(shelf, target.source_id)
        if case is None:
            return
        problem = _problem(kind, target)
        if problem is not None:
            self._details(shelf, target, problem)
            return

        def open_it(_allowed: None) -> None:
            if isinstance(target.thing, Order):
                self._push(_ORDER_DIALOGS[kind](case, target.thing, chosen))
            else:
                self._push(_SUBSCRIPTION_DIALOGS[kind](case, target.thing, chosen))

        self._host.ask(
            lambda: self._desk.shop_actions.gate(kind, case.source), open_it,
            lambda error: self._details(shelf, target, error), group="commerce",
        )  # fmt: skip

    def _push(self, dialog: FollowDialog) -> None:
        self._host.app.push_screen(dialog, self._answered)

    # afterwards ------------------------------------------------------------------------------

    def _answered(self, answer: Answer | None) -> None:
        """Go on as the agent said, or say that a change goes on by itself."""
        action = answer.action if answer is not None else None
        if action is not None and answer is not None and answer.is_again:
            self._again(action)
            return
        if action is not None and answer is not None:
            self._leave(action, answer)
        self.closed()

    def _leave(self, action: Action, answer: Answer) -> None:
        if answer.line and action.request.ticket_id is not None:
            app = cast("HelpdeskApp", self._host.app)
            if app.screen is not app.inbox:
                app.pop_screen()
            put_line(self._inbox, action.request.ticket_id, answer.line)
        elif not action.is_over:
            said = _("{name}: the change goes on, the ticket tells how it ends")
            self._inbox.footer.say(said.format(name=clean(action.request.name)))

    def _again(self, action: Action) -> None:
        """Ask for a change anew, from what the shop has said is so now."""
        request, now = action.request, action.result.get("now")
        is_now: Mapping[str, Any] = now if isinstance(now, Mapping) else {}

        def show(shelf: Shelf) -> None:
            target = self._find(shelf, request.kind, request.source_id, request.target)
            if target is None:
                self._stop(_none(request.kind))
                return
            thing = target.thing
            if isinstance(thing, Order):
                fresh: Order | Subscription = order_now(thing, is_now)
            else:
                fresh = subscription_now(thing, is_now)
            self._change(shelf, replace(target, thing=fresh), request.kind, request.arguments)

        self._load(show)


def _nothing() -> None:
    return


def _problem(kind: ActionKind, target: Target) -> HelpdeskError | None:
    """Return what speaks against a change, as far as that is known here."""
    try:
        if isinstance(target.thing, Order):
            check_order(kind, target.thing)
        else:
            check_subscription(kind, target.thing)
    except HelpdeskError as error:
        return error
    return None


def _fits(target: Target, kind: ActionKind, name: str) -> bool:
    """Return whether a change of a kind may mean something, called by this name."""
    is_order = isinstance(target.thing, Order)
    if is_order is not (kind in ORDER_KINDS):
        return False
    if not name:
        return True
    wanted, called = fold(name.strip()), fold(target.called)
    return wanted.lstrip("#") == called.lstrip("#") if is_order else wanted in called


def _none(kind: ActionKind) -> HelpdeskError:
    return NotFound("order.none" if kind in ORDER_KINDS else "subscription.none")


def _no_such(kind: ActionKind, name: str) -> HelpdeskError:
    code = "order.no-such" if kind in ORDER_KINDS else "subscription.no-such"
    return NotFound(code, name=name)
