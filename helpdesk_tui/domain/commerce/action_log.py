"""What the log says of a change: amounts, dates, numbers, before and after; never a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionState

_Values = dict[str, object]


def moved_by(action: Action) -> tuple[_Values, _Values]:
    """Return what a change moves, before and after, as the log keeps it."""
    request = action.request
    seen, wanted = request.expected, request.arguments
    before: _Values = {}
    after: _Values = {}
    match request.kind:
        case ActionKind.ORDER_EDIT:
            before["total"] = _amount(seen, "total")
            after["total"] = _amount(seen, "new_total")
        case ActionKind.ORDER_CANCEL:
            after["total"] = _amount(seen, "total")
            after["refund"] = _refund(action)
        case ActionKind.SUBSCRIPTION_SKIP | ActionKind.SUBSCRIPTION_UNSKIP:
            after["date"] = _plain(seen.get("date"))
        case ActionKind.SUBSCRIPTION_DATE:
            before["date"] = _plain(seen.get("next_date"))
            after["date"] = _plain(wanted.get("date"))
        case ActionKind.SUBSCRIPTION_CHANGE:
            before, after = _terms(seen), _terms(wanted)
            before = {name: value for name, value in before.items() if name in after}
    if action.state is ActionState.DONE and "amount" in action.result:
        after["amount"] = _amount(action.result, "amount")
    return _known(before), _known(after)


def _refund(action: Action) -> str:
    """Return what was paid back; until that is known, what was to be."""
    is_made = action.state is ActionState.DONE and "refund" in action.result
    return _amount(action.result if is_made else action.request.expected, "refund")


def _terms(values: Mapping[str, Any]) -> _Values:
    out: _Values = {"quantity": _plain(values.get("quantity"))}
    if values.get("every"):
        out["interval"] = f"{_plain(values['every'])} {_plain(values.get('unit'))}"
    return _known(out)


def _amount(values: Mapping[str, Any], name: str) -> str:
    amount = _plain(values.get(name))
    return f"{amount} {_plain(values.get('currency'))}".strip() if amount else ""


def _plain(value: object) -> str:
    return str(value)[:40] if isinstance(value, str | int) else ""


def _known(values: _Values) -> _Values:
    return {name: value for name, value in values.items() if value}
