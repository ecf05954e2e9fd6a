"""Subscriptions: a delivery skipped, moved or sent elsewhere, the terms, the end of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.widget import Widget

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.changing import (
    LONGEST_NOTE,
    other_places,
    parsed_date,
    subscription_request,
)
from helpdesk_tui.domain.commerce.facts import UNITS, Subscription
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.screens.commerce.changing import ChangeDialog, label
from helpdesk_tui.screens.commerce.following import Case
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.commerce.fields import ChoiceField, Quantity, switch
from helpdesk_tui.widgets.commerce.span_lines import SpanLines
from helpdesk_tui.widgets.commerce.subscription_page import charge_rows
from helpdesk_tui.widgets.words.commerce import coming_day
from helpdesk_tui.widgets.words.language import _, pgettext


class SubscriptionChange(ChangeDialog):
    """A change of one subscription."""

    def __init__(
        self, case: Case, subscription: Subscription, chosen: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(case, chosen)
        self.subscription = subscription

    @property
    def called(self) -> str:
        """What people call it."""
        return self.subscription.product

    def arguments(self) -> dict[str, Any]:
        """Return what exactly shall be done; none where the kind says it all."""
        return {}

    def request(self, key: str) -> ActionRequest:
        """Return the request that the form makes."""
        case = self.case
        return subscription_request(
            self.KIND, case.person, case.source.id, self.subscription, self.arguments(), key
        )


class SkipDialog(SubscriptionChange):
    """Skips the next delivery: of this one alone, or of the whole box."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_SKIP

    @property
    def _others(self) -> list[str]:
        charge = self.subscription.charge
        box = charge.box if charge is not None else ()
        return [one.subscription for one in box if one.subscription != self.subscription.id]

    def fields(self) -> Sequence[Widget]:
        """Ask what is meant where more than one thing leaves in the box."""
        charge, one = self.subscription.charge, self.subscription
        if charge is None or not self._others:
            return ()
        box = SpanLines(id="case-box")
        today, plain = self.case.now().date(), self.case.plain
        box.show(lambda width: charge_rows(charge, one, width, today, plain=plain))
        chosen = self.chosen.get("items", ())
        values = (
            (False, _("this one only, the rest leaves as planned")),
            (True, _("everything that is in the box")),
        )
        field = ChoiceField(_("skip"), values, len(chosen) > 1, label_cells=4, id="case-all")
        field.add_class("apart")
        return (box, field)

    def arguments(self) -> dict[str, Any]:
        """Return the charge, and which subscriptions are not in it this time."""
        charge = self.subscription.charge
        items = [self.subscription.id]
        if self._others and self.query_one("#case-all", ChoiceField).value:
            items += self._others
        return {"charge": charge.id if charge is not None else "", "items": items}


class UnskipDialog(SubscriptionChange):
    """Takes the skip of a delivery back."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_UNSKIP

    def arguments(self) -> dict[str, Any]:
        """Return the charge that was skipped."""
        skipped = self.subscription.skipped
        return {
            "charge": skipped.id if skipped is not None else "",
            "items": [self.subscription.id],
        }


class DateDialog(SubscriptionChange):
    """Moves the next delivery to another day."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_DATE

    def fields(self) -> Sequence[Widget]:
        """Return the line for the day."""
        day = self.subscription.next_date
        now = _("now: {day}").format(day=coming_day(day, self.case.now().date())) if day else ""
        written = str(self.chosen.get("date", ""))
        hint = _("2026-12-01, or +7 for a week later")
        return (
            label(" · ".join(part for part in (_("next delivery on"), now) if part)),
            CleanInput(written, hint, id="case-date"),
        )

    def form_hint(self) -> str:
        """Return what the keys of the form do."""
        return _("enter goes on · esc closes")

    def arguments(self) -> dict[str, Any]:
        """Return the day.

        Raises:
            UsageError: ``subscription.bad-date`` or ``action.nothing``.
        """
        typed = self.query_one("#case-date", CleanInput).value
        if not typed.strip():
            raise UsageError("action.nothing")
        before = self.subscription.next_date
        day = parsed_date(typed, self.case.now().date(), before)
        if day == before:
            raise UsageError("action.nothing")
        return {"date": day.isoformat()}


class TermsDialog(SubscriptionChange):
    """Changes how many come, and how often."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_CHANGE

    def fields(self) -> Sequence[Widget]:
        """Return the quantity and the interval."""
        one, chosen = self.subscription, self.chosen
        quantity = Quantity(_("quantity"), one.quantity, least=1, id="case-quantity")
        every = Quantity(_("comes every so many"), max(1, one.every), least=1, id="case-every")
        for row, name in ((quantity, "quantity"), (every, "every")):
            if isinstance(chosen.get(name), int):
                row.set(chosen[name])
        names = {"day": _("days"), "week": _("weeks"), "month": _("months")}
        unit = str(chosen.get("unit") or one.unit)
        units = [(each, names[each]) for each in UNITS]
        label = pgettext("unit", "of")
        below = ChoiceField(label, units, unit, is_below_quantities=True, id="case-unit")
        return (quantity, every, below)

    def form_hint(self) -> str:
        """Return what the keys of the form do."""
        return _("j/k move · +/- change · enter goes on · esc closes")

    def arguments(self) -> dict[str, Any]:
        """Return what is otherwise than now.

        Raises:
            UsageError: ``action.nothing``.
        """
        one = self.subscription
        quantity = self.query_one("#case-quantity", Quantity).value
        every = self.query_one("#case-every", Quantity).value
        unit = self.query_one("#case-unit", ChoiceField).value
        found: dict[str, Any] = {}
        if quantity != one.quantity:
            found["quantity"] = quantity
        if (every, unit) != (one.every, one.unit):
            found |= {"every": every, "unit": unit}
        if not found:
            raise UsageError("action.nothing")
        return found


class AddressDialog(SubscriptionChange):
    """Sends it to another address of the same customer."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_ADDRESS

    def fields(self) -> Sequence[Widget]:
        """Return the addresses that the shop knows."""
        places = [(one.id, one_line(one.lines)) for one in other_places(self.subscription)]
        now = one_line(self.subscription.address_lines)
        field = ChoiceField(
            _("goes to"), places, self.chosen.get("address", places[0][0] if places else ""),
            label_cells=8, id="case-address",
        )  # fmt: skip
        # one address alone is no choice, but it still has to be gone on from
        field.can_focus = True
        known = _("now: {address}").format(address=now) if now else ""
        return (*([label(known)] if known else []), field)

    def arguments(self) -> dict[str, Any]:
        """Return the address."""
        return {"address": self.query_one("#case-address", ChoiceField).value}


class EndDialog(SubscriptionChange):
    """Ends a subscription, with the reason that the shop keeps."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_CANCEL

    def fields(self) -> Sequence[Widget]:
        """Return the reason, what else there is to say, and whether the customer is told."""
        chosen = self.chosen
        tells = switch(
            _("tell the customer"), bool(chosen.get("notify", True)),
            _("yes, the shop tells them it is cancelled"), _("no, the shop tells them nothing"),
            id="case-notify",
        )  # fmt: skip
        tells.add_class("apart")
        why = str(chosen.get("reason", ""))
        return (
            label(_("because")),
            CleanInput(why, _("such as: too much of it at home"), id="case-reason"),
            label(_("more about it, if there is"), apart=True),
            CleanInput(str(chosen.get("comments", "")), "", id="case-comments"),
            tells,
        )

    def arguments(self) -> dict[str, Any]:
        """Return why.

        Raises:
            UsageError: ``subscription.no-reason``.
        """
        reason = self.query_one("#case-reason", CleanInput).value.strip()
        if not reason:
            raise UsageError("subscription.no-reason")
        return {
            "reason": reason[:LONGEST_NOTE],
            "comments": self.query_one("#case-comments", CleanInput).value.strip(),
            "notify": bool(self.query_one("#case-notify", ChoiceField).value),
        }


class ActivateDialog(SubscriptionChange):
    """Makes a subscription active again."""

    KIND: ClassVar[ActionKind] = ActionKind.SUBSCRIPTION_ACTIVATE


def one_line(address: str) -> str:
    """Return an address in one line."""
    return ", ".join(part.strip() for part in clean_lines(address).split("\n") if part.strip())


SUBSCRIPTION_DIALOGS: tuple[type[SubscriptionChange], ...] = (
    SkipDialog, UnskipDialog, DateDialog, TermsDialog, AddressDialog, EndDialog, ActivateDialog,
)  # fmt: skip
"""The dialog of each kind."""
