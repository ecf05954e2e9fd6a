"""Changes of orders and subscriptions that are under way, or that nobody can tell of."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionState
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import Rows, SidebarInput, SideRow, both_ends, heading
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.actions import STATE_SIGNS, action_state_name
from helpdesk_tui.widgets.words.language import N_, _, pgettext
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_VERBS: dict[ActionKind, str] = N_(
    {
        ActionKind.ORDER_EDIT: "edit",
        ActionKind.ORDER_CANCEL: "cancel",
        ActionKind.SUBSCRIPTION_SKIP: "skip",
        ActionKind.SUBSCRIPTION_UNSKIP: "unskip",
        ActionKind.SUBSCRIPTION_CHANGE: "change",
        ActionKind.SUBSCRIPTION_DATE: "new date",
        ActionKind.SUBSCRIPTION_ADDRESS: "new address",
        ActionKind.SUBSCRIPTION_CANCEL: "cancel",
        ActionKind.SUBSCRIPTION_ACTIVATE: "reactivate",
    },
    context="change",
)


def change_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section; nothing while nothing is under way."""
    context = shown.context
    if context is None or not context.actions:
        return
    waits = sum([one.state is ActionState.UNKNOWN for one in context.actions])
    said = _("press enter to decide") if waits else ""
    yield heading(_("CHANGES"), said, shown.width, STATE_SIGNS[ActionState.UNKNOWN][1])
    rows: Rows = [_change(action, shown) for action in context.actions]
    yield from rows


def _change(action: Action, shown: SidebarInput) -> SideRow:
    sign, ink = STATE_SIGNS[action.state]
    state = action_state_name(action.state)
    if action.is_dry_run:
        state = _("{state}, dry run").format(state=state)
    when = age(action.created_at, shown.now)
    right = f"{state} {when}"
    words = _("{verb} {name}").format(
        verb=pgettext("change", _VERBS[action.request.kind]), name=clean(action.request.name)
    )
    room = shown.width - cells(right) - 3
    spans: list[Span] = [(f"{sign} ", ink), (shorten_cells(words, room), Ink.TEXT)]
    target = Target(TargetKind.ACTION, str(action.id), copied=words)
    return both_ends(spans, (right, ink), shown.width, target)
