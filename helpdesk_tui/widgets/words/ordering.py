"""The words of changes to orders and subscriptions: what is asked, shown before a yes, and told."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionState, Mode, Phase
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.actions import STATE_SIGNS, why
from helpdesk_tui.widgets.words.commerce import code_words
from helpdesk_tui.widgets.words.language import Marked, _

TITLES: Marked[Mapping[ActionKind, str]] = {
    ActionKind.ORDER_EDIT: "edit order {name}",
    ActionKind.ORDER_CANCEL: "cancel order {name}",
    ActionKind.SUBSCRIPTION_SKIP: "skip a delivery of {name}",
    ActionKind.SUBSCRIPTION_UNSKIP: "take back the skip of {name}",
    ActionKind.SUBSCRIPTION_CHANGE: "change {name}",
    ActionKind.SUBSCRIPTION_DATE: "move the next delivery of {name}",
    ActionKind.SUBSCRIPTION_ADDRESS: "send {name} elsewhere",
    ActionKind.SUBSCRIPTION_CANCEL: "cancel the subscription to {name}",
    ActionKind.SUBSCRIPTION_ACTIVATE: "reactivate {name}",
}
"""What a dialog is about."""

VERBS: Marked[Mapping[ActionKind, str]] = {
    ActionKind.ORDER_EDIT: "change the order",
    ActionKind.ORDER_CANCEL: "cancel the order",
    ActionKind.SUBSCRIPTION_SKIP: "skip it",
    ActionKind.SUBSCRIPTION_UNSKIP: "take the skip back",
    ActionKind.SUBSCRIPTION_CHANGE: "change it",
    ActionKind.SUBSCRIPTION_DATE: "move it",
    ActionKind.SUBSCRIPTION_ADDRESS: "send it there",
    ActionKind.SUBSCRIPTION_CANCEL: "cancel the subscription",
    ActionKind.SUBSCRIPTION_ACTIVATE: "reactivate it",
}
"""What a yes does."""

COMMANDS: Marked[Mapping[ActionKind, str]] = {
    ActionKind.ORDER_EDIT: "quantities, lines taken out",
    ActionKind.ORDER_CANCEL: "with reason, refund and restock",
    ActionKind.SUBSCRIPTION_SKIP: "skip the next delivery",
    ActionKind.SUBSCRIPTION_UNSKIP: "take a skip back",
    ActionKind.SUBSCRIPTION_CHANGE: "quantity or interval",
    ActionKind.SUBSCRIPTION_DATE: "move the next delivery",
    ActionKind.SUBSCRIPTION_ADDRESS: "another address",
    ActionKind.SUBSCRIPTION_CANCEL: "end the subscription",
    ActionKind.SUBSCRIPTION_ACTIVATE: "make it active again",
}
"""What each command does, behind its name in the palette."""

AMOUNTS: Marked[Mapping[str, str]] = {
    "total-before": "total",
    "total-after": "total afterwards",
    "difference": "difference",
    "refund": "money back",
    "to-pay": "still to pay",
    "owed": "owed to the customer",
    "outstanding": "outstanding",
    "not-charged": "not charged this time",
    "charged-again": "charged as planned",
}

REASONS: Marked[Mapping[str, str]] = {
    "customer": "the customer asked for it",
    "inventory": "not in stock",
    "declined": "the payment was declined",
    "fraud": "it looks like fraud",
    "staff": "a mistake of ours",
    "other": "something else",
}
"""Why an order is cancelled."""

LOCKED: Marked[Mapping[str, str]] = {
    "item.removed": "taken out",
    "item.sent": "already sent",
    "item.not-editable": "cannot be changed",
}

PIECES: Marked[Mapping[str, str]] = {
    "total": "total",
    "refund": "refund",
    "fulfilment": "sent",
    "status": "status",
    "quantity": "quantity",
    "every": "interval",
    "unit": "interval in",
    "next_date": "next delivery",
    "next-date": "next delivery",
    "date": "date",
    "charge": "charge",
    "items": "in the box",
    "address": "address",
    "title": "what",
    "price": "price",
    "variant": "variant",
    "interval": "interval",
    "reason": "reason",
}
"""What can be otherwise than an agent saw it."""

STEPS: Marked[tuple[tuple[Phase, str], ...]] = (
    (Phase.NONE, "waits for its turn"),
    (Phase.CHECKED, "checked: it is as you saw it"),
    (Phase.ASKED, "asked for at the shop"),
    (Phase.ACCEPTED, "accepted, the shop works on it"),
)
"""What happens to a change, in its order."""

_STATES: Marked[Mapping[ActionState, str]] = {
    ActionState.QUEUED: "waits for its turn",
    ActionState.RUNNING: "under way",
    ActionState.DONE: "done",
    ActionState.FAILED: "not done, nothing was changed",
    ActionState.UNKNOWN: "unknown: it may have been done",
}

ORDERING_SENTENCES: Marked[dict[str, str]] = {
    "customer.none": "no ticket is chosen: its customer's orders could be shown then",
    "order.none": "no order of this customer is known here",
    "order.no-such": "this customer has no order {name} here: without a name, one can be picked",
    "order.is-cancelled": "this order is cancelled already",
    "order.is-sent": "everything of this order has left already: nothing in it can be changed",
    "order.is-gone": "everything of this order has left already: it cannot be cancelled any more,"
    " only sent back",
    "order.no-editing": "the shop does not let this order be edited: {reason}",
    "order.nothing-left": "an order without any line is a cancelled one: use :order cancel",
    "subscription.none": "no subscription of this customer is known here",
    "subscription.no-such": "no subscription of this customer is called {name} here: without a"
    " name, one can be picked",
    "subscription.one-address": "the shop knows one address of this customer only: add the other"
    " one there",
}
"""What can be said without asking the shop."""


def title_of(kind: ActionKind, name: str) -> str:
    """Return what a dialog is about."""
    return _(TITLES[kind]).format(name=clean(name))


def change_told(said: Mapping[str, object]) -> str:
    """Return in one line what the log of a ticket says of a change.

    Args:
        said: What was noted: its kind, the name of its object, and what else there is to say.
    """
    kind, name = str(said.get("change", "")), clean(str(said.get("object", "")))
    told = [title_of(ActionKind(kind), name) if kind in set(ActionKind) else name]
    if said.get("dry_run"):
        told.append(_("dry run"))
    if said.get("code"):
        told.append(why(str(said["code"])))
    return " · ".join(told)


def amount_name(code: str) -> str:
    """Return what an amount is."""
    return _(AMOUNTS[code]) if code in AMOUNTS else code_words(code.replace("-", " "))


def piece_name(code: str) -> str:
    """Return what is otherwise, or the name of the thing it is about."""
    return _(PIECES[code]) if code in PIECES else clean(code)


def state_line(action: Action) -> tuple[str, str, Ink]:
    """Return the sign, the word and the ink of how a change stands."""
    state = action.state
    words = _(_STATES[state])
    if state is ActionState.DONE and action.is_dry_run:
        words = _("dry run: checked, nothing was changed")
    elif state is ActionState.RUNNING and action.phase is Phase.ACCEPTED:
        words = _("accepted, the shop works on it")
    sign, ink = STATE_SIGNS[state]
    return sign, words, ink


def mode_line(mode: Mode) -> str:
    """Return what is to be known of how changes are carried out; empty where they simply are."""
    if mode is Mode.DRY_RUN:
        return _("dry run: everything is checked, nothing is changed")
    return _("changes are switched off") if mode is Mode.OFF else ""
