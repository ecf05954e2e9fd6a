"""Editing an order: begin, set the quantities, compare the total, commit once.

What is set in a session changes nothing until it is committed; a session that is left lapses. A
session can be committed once. Whether one whose answer was lost was committed is seen by reading
the order again; it is never committed blindly a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionRequest, AmountLine, Phase, Preview
from helpdesk_tui.domain.commerce.changing import LONGEST_NOTE
from helpdesk_tui.domain.commerce.facts import Order, OrderItem
from helpdesk_tui.domain.commerce.reading import whole_of
from helpdesk_tui.domain.commerce.shopify_reading import (
    amount,
    count,
    moment,
    number_of,
    variant_of,
)
from helpdesk_tui.domain.json_fields import id_at, is_true, object_at, objects_at, word_at
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.sync.channels.errors import Rejected, Retry, Uncertain
from helpdesk_tui.sync.providers.shopify.client import ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import (
    ALL_ITEMS,
    EDIT_BEGIN,
    EDIT_COMMIT,
    EDIT_LINES,
    EDIT_SET,
)
from helpdesk_tui.sync.providers.shopify.orders import (
    MOST_PAGES,
    WholeOrder,
    is_same,
    refusal_of,
    state_of,
    text_of,
    whole_order,
)
from helpdesk_tui.sync.providers.source import Outcome, Progress, Stale

_MOST = 9_999


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a session: it has an id of its own."""

    id: str
    signature: tuple[object, ...]
    quantity: int
    editable: int
    """How many of it may be taken away."""
    is_restockable: bool


@dataclass(frozen=True, slots=True)
class _Staged:
    """A session with all quantities set, and what it would come to."""

    session: str
    total: Decimal
    outstanding: Decimal


class OrderEditing:
    """Edits orders of one shop; used by one thread at a time."""

    def __init__(self, client: ShopifyClient, shop: str) -> None:
        self._client = client
        self._shop = shop

    def preview(self, request: ActionRequest) -> Preview:
        """Let Shopify work out what an edit would come to; nothing is committed.

        Raises:
            Rejected: it cannot be edited so.
        """
        found = self._read(request)
        wanted = _wanted(request, found.order)
        staged = self._stage(request, found.order, wanted)
        expected = _state(found, staged)
        given = {**request.arguments, "items": wanted}
        warnings: list[tuple[str, Mapping[str, str]]] = []
        if staged.outstanding < 0:
            warnings.append(("order.owed-by-hand", {}))
        if not found.can_notify:
            warnings.append(("order.no-address", {}))
        return Preview(
            replace(request, arguments=given, expected=expected),
            _amounts(found.order, staged),
            tuple(_changes(found.order, wanted)),
            warnings=tuple(warnings),
            notifies=found.can_notify and request.arguments.get("notify", True) is not False,
        )

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Edit an order if all is as the agent saw it, and comes to what they saw.

        Raises:
            Stale: it is not.
            Rejected: Shopify refuses.
            Uncertain: it may have been edited.
        """
        found = whole_order(self._client, request.target, self._shop)
        seen = {**state_of(found), "items": _quantities(found.order)}
        if not is_same({name: request.expected.get(name) for name in seen}, seen):
            raise Stale({**seen, **_outcome_unknown(found.order)})
        _check(found.order)
        wanted = _wanted(request, found.order)
        staged = self._stage(request, found.order, wanted)
        now = _state(found, staged)
        if not is_same(request.expected, now):
            raise Stale(now)
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {"session": staged.session})
        try:
            return self._commit(request, staged)
        except Retry:
            # nothing has gone out, or it was turned away at the door: nothing was committed
            progress(Phase.CHECKED, {})
            raise

    def look_up(self, request: ActionRequest) -> Outcome | None:
        """Find out whether an edit has been committed, by what the order holds now.

        Raises:
            Uncertain: it was changed in yet another way meanwhile: nobody can tell.
        """
        try:
            order = whole_order(self._client, request.target, self._shop).order
        except Rejected as error:
            raise Uncertain("action.target-gone") from error
        expected, now = request.expected, _quantities(order)
        before = {str(name): whole_of(each) for name, each in expected.get("items", {}).items()}
        wanted = {
            str(name): whole_of(each) for name, each in request.arguments.get("items", {}).items()
        }
        was_cancelled = order.cancelled_at is not None
        moved = order.updated_at is not None and (
            order.updated_at.isoformat() != expected.get("updated_at")
        )
        if moved and not was_cancelled and all(now.get(name) == n for name, n in wanted.items()):
            return Outcome(_result(request, order.total, order.outstanding, order.currency))
        if not was_cancelled and all(now.get(name) == before.get(name) for name in wanted):
            return None
        raise Uncertain("action.third-state")

    def _read(self, request: ActionRequest) -> WholeOrder:
        found = whole_order(self._client, request.target, self._shop)
        _check(found.order)
        return found

    def _stage(self, request: ActionRequest, order: Order, wanted: Mapping[str, int]) -> _Staged:
        """Begin a session and set the quantities in it.

        Raises:
            Rejected: Shopify, or a line of it, does not let that be.
        """
        reply = self._client.ask(EDIT_BEGIN, id=request.target, items=ALL_ITEMS, afterItem=None)
        begun = reply.payload("orderEditBegin")
        said = _session_of(begun)
        session = id_at(said, "id")
        lines = _matched(order.items, list(self._lines(session, said)))
        items = {one.id: one for one in order.items}
        for item_id, quantity in wanted.items():
            line = lines.get(item_id)
            if line is None:
                raise Rejected("order.item-not-editable", item=items[item_id].name)
            least = line.quantity - line.editable
            if quantity < least:
                raise Rejected("order.item-sent", item=items[item_id].name, least=least)
            said = self._set(request, session, line, quantity)
        total, left = amount(said, "totalPriceSet"), amount(said, "totalOutstandingSet")
        if not session or total is None or left is None:
            raise Retry("provider.nonsense", status="edit")
        return _Staged(session, total, left)

    def _set(
        self, request: ActionRequest, session: str, line: _Line, quantity: int
    ) -> Mapping[str, Any]:
        restock = request.arguments.get("restock") is True and line.is_restockable
        reply = self._client.ask(
            EDIT_SET,
            id=session,
            line=line.id,
            quantity=quantity,
            restock=restock if quantity < line.quantity else None,
        )
        return _session_of(reply.payload("orderEditSetQuantity"))

    def _lines(self, session: str, said: Mapping[str, Any]) -> Iterator[_Line]:
        for _ in range(MOST_PAGES):
            for each in objects_at(said, "lineItems", "nodes"):
                yield _line(each)
            info = object_at(said, "lineItems", "pageInfo")
            if not is_true(info, "hasNextPage"):
                return
            cursor = word_at(info, "endCursor")
            reply = self._client.ask(EDIT_LINES, id=session, items=ALL_ITEMS, afterItem=cursor)
            said = reply.payload("node")
        raise Retry("provider.nonsense", status="pages")

    def _commit(self, request: ActionRequest, staged: _Staged) -> Outcome:
        reply = self._client.ask(
            EDIT_COMMIT,
            repeats=False,
            id=staged.session,
            notify=request.arguments.get("notify", True) is not False,
            note=str(request.arguments.get("note") or "")[:LONGEST_NOTE] or None,
        )
        payload = reply.payload("orderEditCommit", repeats=False)
        refusal = refusal_of(payload)
        if refusal:
            raise Rejected("order.refused", text=refusal)
        order = object_at(payload, "order")
        total = amount(order, "currentTotalPriceSet")
        left = amount(order, "totalOutstandingSet")
        currency = str(request.expected.get("currency", ""))
        result = _result(
            request,
            staged.total if total is None else total,
            staged.outstanding if left is None else left,
            currency,
        )
        at = moment(order, "updatedAt")
        return Outcome({**result, "updated_at": at.isoformat() if at else ""})


def _check(order: Order) -> None:
    """Find out what speaks against any edit; raises Rejected."""
    if order.cancelled_at is not None:
        raise Rejected("order.is-cancelled")
    if not order.is_editable:
        told = "; ".join(order.not_editable)
        raise Rejected("order.no-editing", reason=told or "-")


def _wanted(request: ActionRequest, order: Order) -> dict[str, int]:
    """Return the quantities that are to be set, those left out that are so already."""
    given = request.arguments.get("items")
    items = {one.id: one for one in order.items}
    wanted: dict[str, int] = {}
    for name, quantity in (given if isinstance(given, Mapping) else {}).items():
        item = items.get(str(name))
        if item is None:
            raise Rejected("order.no-item", item=str(name))
        is_count = isinstance(quantity, int) and not isinstance(quantity, bool)
        if not is_count or not 0 <= quantity <= _MOST:
            raise Rejected("order.bad-quantity", quantity=str(quantity))
        if quantity != item.quantity:
            wanted[item.id] = quantity
    if not wanted:
        raise Rejected("action.nothing")
    return wanted


def _session_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    refusal = refusal_of(payload)
    if refusal:
        raise Rejected("order.refused", text=refusal)
    return object_at(payload, "calculatedOrder")


def _line(said: Mapping[str, Any]) -> _Line:
    quantity = count(said, "quantity") or 0
    price = amount(said, "discountedUnitPriceSet")
    return _Line(
        id_at(said, "id"),
        (word_at(said, "title"), variant_of(said), word_at(said, "sku"), price, quantity),
        quantity,
        count(said, "editableQuantity") or 0,
        is_true(said, "restockable"),
    )


def _matched(items: tuple[OrderItem, ...], lines: list[_Line]) -> dict[str, _Line]:
    """Return the line of the session for each line of the order, where that is beyond doubt.

    The ids end in the same number; that is believed where name and quantity are alike, too. Else
    the one line that looks the same is taken, if there is only one: in all that is told of it, or
    in name and quantity.
    """
    found: dict[str, _Line] = {}
    for item in items:
        short = (item.title, item.quantity)
        whole = (item.title, item.variant, item.sku, item.price, item.quantity)
        alike = [one for one in lines if (one.signature[0], one.quantity) == short]
        twins = [one for one in items if (one.title, one.quantity) == short]
        same = [one for one in alike if number_of(one.id) == number_of(item.id)]
        exact = [one for one in alike if one.signature == whole]
        of_exact = [
            one
            for one in twins
            if (one.title, one.variant, one.sku, one.price, one.quantity) == whole
        ]
        if len(same) == 1:
            found[item.id] = same[0]
        elif len(exact) == 1 and len(of_exact) == 1:
            found[item.id] = exact[0]
        elif len(alike) == 1 and len(twins) == 1:
            found[item.id] = alike[0]
    return found


def _quantities(order: Order) -> dict[str, int]:
    return {one.id: one.quantity for one in order.items}


def _state(found: WholeOrder, staged: _Staged) -> dict[str, Any]:
    """Return what an agent sees of an order before a yes."""
    return {
        **state_of(found),
        "items": _quantities(found.order),
        "new_total": str(staged.total),
        "outstanding": str(staged.outstanding),
    }


def _outcome_unknown(order: Order) -> dict[str, Any]:
    """Return the rest of what an agent sees where an edit was not worked out anew."""
    return {"new_total": "", "outstanding": text_of(order.outstanding)}


def _amounts(order: Order, staged: _Staged) -> tuple[AmountLine, ...]:
    before = order.total or Decimal(0)
    lines = [
        ("total-before", before),
        ("total-after", staged.total),
        ("difference", staged.total - before),
    ]
    if staged.outstanding:
        name = "to-pay" if staged.outstanding > 0 else "owed"
        lines.append((name, abs(staged.outstanding)))
    return tuple([AmountLine(name, str(each), order.currency) for name, each in lines])


def _changes(order: Order, wanted: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    for item in order.items:
        if item.id in wanted:
            yield item.name, str(item.quantity), str(wanted[item.id])


def _result(
    request: ActionRequest, total: Decimal | None, left: Decimal | None, currency: str
) -> dict[str, Any]:
    before = decimal_of(request.expected.get("total"))
    difference = None if before is None or total is None else total - before
    return {
        "total": text_of(total),
        "difference": text_of(difference),
        "outstanding": text_of(left),
        "currency": currency,
    }
