"""Which order or subscription is meant, where a command names none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual.content import Content

from helpdesk_tui.domain.commerce.actions import ORDER_KINDS, ActionKind
from helpdesk_tui.domain.commerce.facts import Order, Subscription
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.commerce import (
    coming_day,
    every_words,
    item_count,
    money_words,
    order_state,
    subscription_status,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import short_day
from helpdesk_tui.widgets.words.ordering import COMMANDS


class TargetPicker(PickDialog[int]):
    """Lists what a change could be about; answers with its place."""

    DEFAULT_CSS = """
    TargetPicker > #dialog-box { width: 84; }
    """

    def __init__(
        self,
        kind: ActionKind,
        things: Sequence[Order | Subscription],
        now: datetime,
        zone: tzinfo | None,
        *,
        plain: bool = False,
    ) -> None:
        super().__init__()
        self._kind = kind
        self._things = tuple(things)
        self._now = now
        self._zone = zone
        self._plain = plain

    def prepare(self) -> None:
        """Say what it is for."""
        super().prepare()
        which = _("which order") if self._kind in ORDER_KINDS else _("which subscription")
        title = f"{which} · {_(COMMANDS[self._kind])}"
        self.query_one("#dialog-box").border_title = Content(title)

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return those that fit, by name or by what is in them."""
        return [
            self._row(place, one)
            for place, one in enumerate(self._things)
            if fits(typed, *_texts(one))
        ]

    def take(self, row: ChoiceRow) -> None:
        """Answer with the place."""
        if isinstance(row.value, int):
            self.dismiss(row.value)

    def _row(self, place: int, one: Order | Subscription) -> ChoiceRow:
        today = self._now.astimezone(self._zone).date()
        if isinstance(one, Order):
            state, ink = order_state(one)
            day = short_day(one.created_at.astimezone(self._zone).date(), today.year)
            left: list[Span] = [
                (clean(one.name), Ink.BRIGHT), (f"  {day}", Ink.DIM),
                (f"  {item_count(one)}", Ink.SOFT),
            ]  # fmt: skip
            amount = money_words(one.total, one.currency, plain=self._plain)
            right: list[Span] = [(state, ink), (f"  {amount:>10}", Ink.TEXT)]
            return ChoiceRow(tuple(left), tuple(right), place)
        state, ink = subscription_status(one)
        often = every_words(one.every, one.unit)
        left = [(clean(one.product), Ink.BRIGHT), (f"  {one.quantity} × {often}", Ink.SOFT)]
        said = coming_day(one.next_date, today) if one.next_date is not None else "–"
        return ChoiceRow(tuple(left), ((state, ink), (f"  {said}", Ink.TEXT)), place)


def _texts(one: Order | Subscription) -> tuple[str, ...]:
    if isinstance(one, Order):
        return (one.name, *[item.title for item in one.items])
    return (one.product, one.variant)
