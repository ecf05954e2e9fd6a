"""Changing subscriptions at Recharge: look, compare, ask once, and look again if in doubt.

Every change there sets a state. So whether one whose answer was lost has been made is seen by
reading again and comparing; it is never asked for a second time blindly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Phase, Preview
from helpdesk_tui.domain.commerce.facts import Subscription
from helpdesk_tui.domain.commerce.recharge_reading import (
    RechargeCharge,
    read_charge,
    read_place,
    read_subscription,
    with_charges,
)
from helpdesk_tui.domain.commerce.subscription_changes import (
    Impossible,
    is_as_expected,
    preview_of,
    state_of,
    was_made,
)
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.errors import Gone, Rejected, Retry, Uncertain
from helpdesk_tui.sync.providers.recharge.client import RechargeClient, path_of
from helpdesk_tui.sync.providers.source import Outcome, Progress, Stale

_SKIPS = (ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP)
_OVER = frozenset({"success", "error", "refunded", "partially_refunded", "pending"})
"""States of a charge that was made, or tried: it was not skipped."""


class RechargeActions:
    """What can be changed at one shop; used by one thread at a time."""

    def __init__(self, client: RechargeClient, currency: str, zone: tzinfo) -> None:
        self._client = client
        self._currency = currency
        self._zone = zone

    def preview(self, request: ActionRequest) -> Preview:
        """Work out what a change would do.

        Raises:
            Rejected: it cannot be made.
        """
        subscription = self._read(request)
        # what another one of the box is, only it can say: whether it may be skipped
        for other in self._others(request):
            if not other.is_skippable:
                raise Rejected("subscription.not-skippable", name=other.product)
        return self._previewed(request, subscription)

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Make a change if all is as the agent saw it.

        Raises:
            Stale: it is not.
            Rejected: Recharge refuses.
            Uncertain: it may have been made.
        """
        subscription = self._read(request)
        now = state_of(request, subscription)
        if not is_as_expected(request, now):
            raise Stale(now)
        checked = self._previewed(request, subscription).request
        method, path, body = _call(checked)
        name = "charge" if request.kind in _SKIPS else "subscription"
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {"path": path})
        try:
            said = self._client.change(method, path, body, name)
        except Retry:
            # busy, or changing it already: this request was not begun
            progress(Phase.CHECKED, {})
            raise
        return Outcome(self._result(checked, said))

    def look_up(self, request: ActionRequest) -> Outcome | None:
        """Find out whether a change has been made.

        Raises:
            Uncertain: nobody can tell.
        """
        try:
            if request.kind in _SKIPS:
                return self._skip_found(request)
            said = self._client.subscription(request.target)
        except Gone:
            raise Uncertain("action.target-gone") from None
        subscription = self._subscription(said)
        made = was_made(request, state_of(request, subscription))
        if made is None:
            raise Uncertain("action.third-state")
        return Outcome(self._result(request, said)) if made else None

    def _previewed(self, request: ActionRequest, subscription: Subscription) -> Preview:
        try:
            return preview_of(request, subscription, utc_now().astimezone(self._zone).date())
        except Impossible as error:
            raise Rejected(error.code, **error.values) from None

    def _read(self, request: ActionRequest) -> Subscription:
        """Return the subscription as it is now, with what the kind of change has to know."""
        found = self._subscription(self._client.subscription(request.target))
        queued: list[RechargeCharge] = []
        skipped: list[RechargeCharge] = []
        if request.kind is ActionKind.SUBSCRIPTION_UNSKIP:
            skipped = self._charges(request.target, "skipped")
        elif request.kind in (ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_DATE):
            queued = self._charges(request.target, "queued")
        places = []
        if request.kind is ActionKind.SUBSCRIPTION_ADDRESS:
            said = self._client.listed("addresses", customer_id=found.customer)
            places = [one for each in said if (one := read_place(each))]
        named = [one for one in skipped if one.id == request.arguments.get("charge")]
        return with_charges(found, queued, named or skipped, places)

    def _others(self, request: ActionRequest) -> list[Subscription]:
        if request.kind is not ActionKind.SUBSCRIPTION_SKIP:
            return []
        named = {str(each) for each in request.arguments.get("items") or ()} - {request.target}
        return [self._subscription(self._client.subscription(each)) for each in sorted(named)]

    def _subscription(self, said: Mapping[str, Any]) -> Subscription:
        found = read_subscription(said, zone=self._zone, currency=self._currency)
        if found is None:
            raise Gone("provider.gone")
        return found

    def _charges(self, subscription: str, status: str) -> list[RechargeCharge]:
        since = utc_now().astimezone(self._zone)
        filters = {"scheduled_at_min": f"{since:%Y-%m-%d}"} if status == "skipped" else {}
        asked = self._client.listed(
            "charges",
            purchase_item_id=subscription,
            status=status,
            sort_by="scheduled_at-asc",
            **filters,
        )
        found = [one for each in asked if (one := read_charge(each))]
        return [one for one in found if one.has(subscription) and one.status == status]

    def _skip_found(self, request: ActionRequest) -> Outcome | None:
        """Find out whether a skip, or the taking back of one, has been made."""
        is_back = request.kind is ActionKind.SUBSCRIPTION_UNSKIP
        before, after = ("skipped", "queued") if is_back else ("queued", "skipped")
        day, charge = request.expected.get("date"), str(request.expected.get("charge") or "")
        items = {str(each) for each in request.arguments.get("items") or [request.target]}
        for one in self._charges(request.target, after):
            if one.date and one.date.isoformat() == day and items <= set(one.ids):
                return Outcome({"charge": one.id, "date": day})
        there = read_charge(self._client.charge(charge))
        if there is not None and items <= set(there.ids) and there.status in (before, *_OVER):
            return None
        raise Uncertain("action.third-state")

    def _result(self, request: ActionRequest, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is shown and noted of a change that was made."""
        if request.kind in _SKIPS:
            charge = read_charge(said)
            day = request.expected.get("date")
            return {"charge": charge.id if charge else "", "date": day}
        found = read_subscription(said, zone=self._zone, currency=self._currency)
        if found is None:
            return {}
        day = found.next_date.isoformat() if found.next_date else ""
        return {"status": found.status, "quantity": found.quantity, "next_date": day}


def _call(request: ActionRequest) -> tuple[str, str, dict[str, Any]]:
    """Return method, path and body of what asks for a change."""
    given, target = request.arguments, request.target
    match request.kind:
        case ActionKind.SUBSCRIPTION_SKIP | ActionKind.SUBSCRIPTION_UNSKIP:
            step = "skip" if request.kind is ActionKind.SUBSCRIPTION_SKIP else "unskip"
            # always with ids: without them all that is in the box would be left out
            items = [int(each) for each in given["items"]]
            return "POST", path_of("charges", given["charge"], step), {"purchase_item_ids": items}
        case ActionKind.SUBSCRIPTION_CHANGE:
            return "PUT", path_of("subscriptions", target), _update(given)
        case ActionKind.SUBSCRIPTION_DATE:
            path = path_of("subscriptions", target, "set_next_charge_date")
            return "POST", path, {"date": given["date"]}
        case ActionKind.SUBSCRIPTION_ADDRESS:
            path = path_of("subscriptions", target, "change_address")
            return "POST", path, {"address_id": int(given["address"])}
        case ActionKind.SUBSCRIPTION_CANCEL:
            body = {"cancellation_reason": given["reason"], "send_email": given["notify"]}
            if given["comments"]:
                body["cancellation_reason_comments"] = given["comments"]
            return "POST", path_of("subscriptions", target, "cancel"), body
        case ActionKind.SUBSCRIPTION_ACTIVATE:
            return "POST", path_of("subscriptions", target, "activate"), {}
    raise Rejected("action.not-possible", kind=request.kind)


def _update(given: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "quantity" in given:
        body["quantity"] = given["quantity"]
    if "every" in given:
        # all three together, or Recharge refuses: it is charged as often as it is sent
        body["order_interval_frequency"] = given["every"]
        body["charge_interval_frequency"] = given["every"]
        body["order_interval_unit"] = given["unit"]
    if "variant" in given:
        body["external_variant_id"] = {"ecommerce": given["variant"]}
        body["use_external_variant_defaults"] = True
    return body
