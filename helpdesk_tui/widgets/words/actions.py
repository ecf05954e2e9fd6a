"""The words of changes to orders and subscriptions in the log, and why one was not made."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionState
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.language import N_, Marked, _, pgettext

CHANGES: Mapping[str, str] = N_(
    {
        ActionKind.ORDER_EDIT: "edit an order",
        ActionKind.ORDER_CANCEL: "cancel an order",
        ActionKind.SUBSCRIPTION_SKIP: "skip a delivery",
        ActionKind.SUBSCRIPTION_UNSKIP: "take a skip back",
        ActionKind.SUBSCRIPTION_CHANGE: "change a subscription",
        ActionKind.SUBSCRIPTION_DATE: "move a delivery",
        ActionKind.SUBSCRIPTION_ADDRESS: "send a subscription elsewhere",
        ActionKind.SUBSCRIPTION_CANCEL: "cancel a subscription",
        ActionKind.SUBSCRIPTION_ACTIVATE: "reactivate a subscription",
    },
    context="shop",
)
"""What was to be changed, in the log and in lists."""

STATES: Mapping[str, str] = N_(
    {
        ActionState.QUEUED: "waits",
        ActionState.RUNNING: "under way",
        ActionState.DONE: "done",
        ActionState.FAILED: "not done",
        ActionState.UNKNOWN: "unknown",
    },
    context="shop",
)

STATE_SIGNS: Mapping[ActionState, tuple[str, Ink]] = {
    ActionState.QUEUED: ("○", Ink.WAITING),
    ActionState.RUNNING: ("↻", Ink.ACCENT),
    ActionState.DONE: ("✓", Ink.GOOD),
    ActionState.FAILED: ("✗", Ink.BAD),
    ActionState.UNKNOWN: ("▲", Ink.WAITING),
}
"""Sign and ink of a state wherever it is shown: what waits for an answer or for an agent is amber,
red is only what failed."""

_WHY: Marked[Mapping[str, str]] = {
    "action.stale": "it was no longer as it was seen",
    "action.late": "too late",
    "action.not-made": "it was not made",
    "action.interrupted": "interrupted",
    "action.not-seen": "not seen in the shop so far",
    "action.slow": "takes long",
    "action.off": "switched off",
    "action.now-dry-run": "only tried out",
    "action.source-off": "the source is switched off",
    "action.role": "not allowed",
    "provider.uncertain": "no answer",
}
"""Why a change failed or is unknown, in a few words for the log."""

ACTION_SENTENCES: Marked[Mapping[str, str]] = {
    "action.interrupted": "the program ended before the shop had answered: the shop is looked at"
    " to find out whether it was done",
    "action.key-taken": "{name} was asked to be changed in another way under the same key: begin"
    " anew",
    "action.late": "nobody could carry it out in time, so it was given up and nothing was changed:"
    " is “helpdesk sync” running, can the shop be reached? Then ask for it anew",
    "action.missing": "there is no change {id}; 'helpdesk action list' names them",
    "action.not-a-person": "only agents change orders and subscriptions: say who you are with"
    " --agent NAME",
    "action.not-made": "it was not made, the shop is as it was: it may be asked for anew",
    "action.not-seen": "the shop does not show it so far: it is looked at again, as a request may"
    " be long on its way",
    "action.not-unknown": "it is known what became of the change of {name}: nothing to decide",
    "action.now-dry-run": "changes are only tried out by now (setting shop-actions), so {name} was"
    " left as it is",
    "action.off": "changes of orders and subscriptions are switched off here (setting"
    " shop-actions): ask an administrator",
    "action.role": "your role may not change orders and subscriptions: that takes the role {role}",
    "action.source-off": "the source {name} is switched off or gone, so nothing was changed",
    "action.slow": "the shop has taken it over and is not done with it for a long time",
    "action.stale": "it is no longer as you saw it, so nothing was changed: look at it and decide"
    " anew",
    "action.undecided": "nobody can tell yet whether another change of {name} was made (asked for"
    " by {agent}): look there, or say what became of it, before it is changed again",
    "action.doubted-sender": "a message of this ticket may be of somebody else than this customer:"
    " make sure who asks for it",
    "action.not-theirs": "{name} belongs to another customer than the one of this ticket: open it"
    " there",
    "action.under-way": "another change of {name} is under way, asked for by {agent}: wait until it"
    " is over",
    "action.unseen": "nobody has seen what a change of {name} would do: look at it first",
}


def change_name(kind: str) -> str:
    """Return what a kind of change is called."""
    return pgettext("shop", CHANGES[kind]) if kind in CHANGES else clean(kind)


def action_state_name(state: str) -> str:
    """Return what the state of a change is called."""
    return pgettext("shop", STATES[state]) if state in STATES else clean(state)


def why(code: str) -> str:
    """Return in a few words why a change was not made, or is unknown."""
    return _(_WHY[code]) if code in _WHY else clean(code)
