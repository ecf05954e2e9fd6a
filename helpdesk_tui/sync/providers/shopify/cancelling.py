"""Cancelling an order: asked for once, carried out by a job of Shopify, never taken back.

Shopify says yes before it is done. So the job is followed; what counts in the end is whether the
order says that it is cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionRequest, AmountLine, Phase, Preview
from helpdesk_tui.domain.commerce.changing import CANCEL_REASONS, LONGEST_NOTE
from helpdesk_tui.domain.commerce.shopify_reading import shown
from helpdesk_tui.domain.json_fields import id_at, is_true, object_at, objects_at, word_at
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.sync.channels.errors import ChannelError, Rejected, Retry, Uncertain
from helpdesk_tui.sync.providers.shopify.client import ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import CANCEL, JOB
from helpdesk_tui.sync.providers.shopify.orders import (
    WholeOrder,
    is_same,
    state_of,
    text_of,
    whole_order,
)
from helpdesk_tui.sync.providers.source import Outcome, Progress, Stale

_RETURNING = frozenset(("in_progress", "return_requested"))
_SENT = frozenset(("fulfilled", "partially_fulfilled", "in_progress"))
_GIFT_CARD = "gift_card"
_REFUSALS: Mapping[str, str] = {
    "NO_REFUND_PERMISSION": "order.no-refund-right",
    "NO_REFUND_TO_STORE_CREDIT_PERMISSION": "order.no-refund-right",
    "NOT_FOUND": "order.out-of-reach",
    "INVALID": "order.not-cancellable",
}


class OrderCancelling:
    """Cancels orders of one shop; used by one thread at a time."""

    def __init__(self, client: ShopifyClient, shop: str) -> None:
        self._client = client
        self._shop = shop

    def preview(self, request: ActionRequest) -> Preview:
        """Return what cancelling would come to.

        Raises:
            Rejected: it cannot be cancelled.
        """
        found = whole_order(self._client, request.target, self._shop)
        _check(request, found)
        order, refund = found.order, _refund(request, found)
        lines = [("total-before", order.total or Decimal(0)), ("refund", refund)]
        return Preview(
            replace(request, expected=_state(request, found)),
            tuple([AmountLine(name, str(each), order.currency) for name, each in lines]),
            tuple([(one.name, str(one.quantity), "0") for one in order.items if one.quantity]),
            warnings=tuple([(code, {}) for code in _warnings(request, found, refund)]),
            notifies=found.can_notify and request.arguments.get("notify", True) is not False,
        )

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Ask for an order to be cancelled, if all is as the agent saw it.

        Raises:
            Stale: it is not.
            Rejected: Shopify refuses.
            Uncertain: it may be cancelled.
        """
        found = whole_order(self._client, request.target, self._shop)
        now = _state(request, found)
        if not is_same(request.expected, now):
            raise Stale(now)
        _check(request, found)
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {})
        try:
            payload = self._ask(request)
        except Retry:
            # nothing has gone out, or it was turned away at the door: nothing was asked for
            progress(Phase.CHECKED, {})
            raise
        job = object_at(payload, "job")
        if not id_at(job, "id"):
            raise Uncertain("provider.uncertain", reason="no job")
        progress(Phase.ACCEPTED, {"job": id_at(job, "id")})
        return Outcome({"job": id_at(job, "id")}, is_finished=False)

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Find out how far it has come.

        Returns:
            What came of it; unfinished while the job runs; None where it was not cancelled.
        """
        job = progress.get("job")
        # first the job, then the order: a job that ends in between has changed the order already
        is_done = self._is_done(job) if isinstance(job, str) and job else None
        try:
            found = whole_order(self._client, request.target, self._shop)
        except Rejected as error:
            raise Uncertain("action.target-gone") from error
        if found.order.cancelled_at is not None:
            # the refund is part of the job: before its end what is paid back is not all yet
            if is_done is False:
                return Outcome({"job": job}, is_finished=False)
            return Outcome(_result(request, found))
        if is_done is False:
            return Outcome({"job": job}, is_finished=False)
        return None

    def _ask(self, request: ActionRequest) -> Mapping[str, Any]:
        given = request.arguments
        reply = self._client.ask(
            CANCEL,
            repeats=False,
            id=request.target,
            reason=str(given.get("reason")).upper(),
            restock=given.get("restock") is True,
            refund={"originalPaymentMethodsRefund": given.get("refund") == "original"},
            notify=given.get("notify", True) is not False,
            note=str(given.get("note") or "")[:LONGEST_NOTE] or None,
        )
        payload = reply.payload("orderCancel", repeats=False)
        for error in objects_at(payload, "orderCancelUserErrors"):
            raise _refusal(error)
        return payload

    def _is_done(self, job: str) -> bool | None:
        """Tell whether a job has ended; None where Shopify does not know it any more."""
        said = object_at(self._client.ask(JOB, id=job).data, "job")
        return is_true(said, "done") if said else None


def _check(request: ActionRequest, found: WholeOrder) -> None:
    """Find out what speaks against it; raises Rejected."""
    if found.order.cancelled_at is not None:
        raise Rejected("order.is-cancelled")
    if found.order.returns in _RETURNING:
        raise Rejected("order.return-open")
    reason = request.arguments.get("reason")
    if reason not in CANCEL_REASONS:
        raise Rejected("order.bad-reason", reason=str(reason or "-"))


def _refund(request: ActionRequest, found: WholeOrder) -> Decimal:
    is_wanted = request.arguments.get("refund") == "original"
    return max(Decimal(0), found.received) if is_wanted else Decimal(0)


def _state(request: ActionRequest, found: WholeOrder) -> dict[str, Any]:
    """Return what an agent sees of an order before a yes."""
    return {
        **state_of(found),
        "refund": str(_refund(request, found)),
        "fulfilment": found.order.fulfilment,
    }


def _warnings(request: ActionRequest, found: WholeOrder, refund: Decimal) -> list[str]:
    told = []
    if found.received > 0 and not refund:
        told.append("order.keeps-money")
    if refund and _GIFT_CARD in found.gateways:
        told.append("order.refund-to-gift-card")
    if found.order.fulfilment in _SENT:
        told.append("order.has-left")
    if not found.can_notify and request.arguments.get("notify", True) is not False:
        told.append("order.no-address")
    return told


def _refusal(error: Mapping[str, Any]) -> ChannelError:
    code, text = word_at(error, "code"), shown(word_at(error, "message"))
    if code == "INTERNAL_ERROR":
        return Uncertain("provider.uncertain", reason=text or code)
    return Rejected(_REFUSALS.get(code, "order.refused"), text=text or code)


def _result(request: ActionRequest, found: WholeOrder) -> dict[str, Any]:
    order = found.order
    total = decimal_of(request.expected.get("refund")) or Decimal(0)
    return {
        # what was paid back for it: all that came in before, less what is still here
        "refund": str(total - max(Decimal(0), found.received) if total else total),
        "currency": order.currency,
        "refunded": text_of(order.refunded),
        "cancelled_at": order.cancelled_at.isoformat() if order.cancelled_at else "",
    }
