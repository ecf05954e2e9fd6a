"""Orders: quantities changed and lines taken out, or the whole of it cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.widget import Widget

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.changing import (
    CANCEL_REASONS,
    LONGEST_NOTE,
    least_of,
    order_request,
    why_locked,
)
from helpdesk_tui.domain.commerce.facts import Order
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.commerce.changing import ChangeDialog, label
from helpdesk_tui.screens.commerce.following import Case
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.commerce.fields import ChoiceField, Quantity, switch
from helpdesk_tui.widgets.words.commerce import money_words
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.ordering import LOCKED, REASONS


class OrderChange(ChangeDialog):
    """A change of one order."""

    def __init__(self, case: Case, order: Order, chosen: Mapping[str, Any] | None = None) -> None:
        super().__init__(case, chosen)
        self.order = order
        self.names = {one.id: clean(one.name) for one in order.items}

    @property
    def called(self) -> str:
        """Its name."""
        return self.order.name

    def arguments(self) -> dict[str, Any]:
        """Return what exactly shall be done; subclasses say."""
        raise NotImplementedError

    def request(self, key: str) -> ActionRequest:
        """Return the request that the form makes."""
        case = self.case
        return order_request(
            self.KIND, case.person, case.source.id, self.order, self.arguments(), key
        )

    def note_line(self, hint: str) -> Sequence[Widget]:
        """Return the line for a note of ours."""
        written = str(self.chosen.get("note", ""))
        return (label(_("note in the shop"), apart=True), CleanInput(written, hint, id="case-note"))

    @property
    def note(self) -> str:
        """What is noted in the shop."""
        return self.query_one("#case-note", CleanInput).value.strip()[:LONGEST_NOTE]

    def is_on(self, name: str) -> bool:
        """Return how a switch of the form stands."""
        return bool(self.query_one(f"#case-{name}", ChoiceField).value)

    def tells(self, words: str) -> ChoiceField[bool]:
        """Return the switch of whether the shop writes to the customer."""
        silent = _("no, the shop tells them nothing")
        is_on = bool(self.chosen.get("notify", True))
        return switch(_("tell the customer"), is_on, words, silent, id="case-notify")


class OrderEditDialog(OrderChange):
    """Changes quantities; the price comes live from the shop."""

    DEFAULT_CSS = """
    OrderEditDialog #case-restock { margin: 1 0 0 0; }
    """
    KIND: ClassVar[ActionKind] = ActionKind.ORDER_EDIT
    IS_LIVE: ClassVar[bool] = True

    def fields(self) -> Sequence[Widget]:
        """Return a line for each thing in the order, then what goes along."""
        before = self.chosen.get("items")
        wanted: Mapping[str, Any] = before if isinstance(before, Mapping) else {}
        rows: list[Widget] = []
        for place, item in enumerate(self.order.items):
            code = why_locked(item)
            price = ""
            if item.price is not None:
                price = money_words(item.price, self.order.currency, plain=self.case.plain)
            row = Quantity(
                clean(item.name), item.quantity, least=least_of(item), price=price,
                locked=_(LOCKED[code]) if code else "", id=f"case-item-{place}",
            )  # fmt: skip
            if not code and isinstance(wanted.get(item.id), int):
                row.set(wanted[item.id])
            rows.append(row)
        stays = _("no, the stock stays as it is")
        back = switch(
            _("back to stock"), bool(self.chosen.get("restock", True)), _("yes"), stays,
            id="case-restock",
        )  # fmt: skip
        tells = self.tells(_("yes, the shop sends the new invoice"))
        return (*rows, back, tells, *self.note_line(_("why, for your colleagues at the shop")))

    def form_hint(self) -> str:
        """Return what the keys of the form do."""
        return _("j/k move · +/- quantity · 0 takes out · enter goes on · esc closes")

    def arguments(self) -> dict[str, Any]:
        """Return the lines that change, and how.

        Raises:
            UsageError: ``action.nothing`` or ``order.nothing-left``.
        """
        rows = list(self.query(Quantity))
        pairs = list(zip(self.order.items, rows, strict=True))
        items = {item.id: row.value for item, row in pairs if row.is_changed}
        if not items:
            raise UsageError("action.nothing")
        if not any(row.value for row in rows):
            raise UsageError("order.nothing-left")
        return {
            "items": items, "restock": self.is_on("restock"), "notify": self.is_on("notify"),
            "note": self.note,
        }  # fmt: skip


class OrderCancelDialog(OrderChange):
    """Cancels an order: why, with or without money back, and only when its name is typed."""

    KIND: ClassVar[ActionKind] = ActionKind.ORDER_CANCEL
    TYPES_NAME: ClassVar[bool] = True

    def fields(self) -> Sequence[Widget]:
        """Return what the shop wants to know."""
        chosen = self.chosen
        reasons = [(one, _(REASONS[one])) for one in CANCEL_REASONS]
        refunds = (
            ("original", _("the way it was paid")),
            ("none", _("no money goes back")),
        )
        stays = _("no, the stock stays as it is")
        return (
            ChoiceField(_("because"), reasons, chosen.get("reason", "customer"), id="case-reason"),
            ChoiceField(
                _("money back"), refunds, chosen.get("refund", "original"), id="case-refund"
            ),
            switch(
                _("back to stock"), bool(chosen.get("restock", True)), _("yes"), stays,
                id="case-restock",
            ),
            self.tells(_("yes, the shop tells them it is cancelled")),
            *self.note_line(_("why, for your colleagues at the shop")),
        )  # fmt: skip

    def form_hint(self) -> str:
        """Return what the keys of the form do."""
        return _("j/k move · ←→ choose · enter goes on · esc closes")

    def arguments(self) -> dict[str, Any]:
        """Return why and how it is cancelled."""
        return {
            "reason": self.query_one("#case-reason", ChoiceField).value,
            "restock": self.is_on("restock"),
            "refund": self.query_one("#case-refund", ChoiceField).value,
            "notify": self.is_on("notify"),
            "note": self.note,
        }
