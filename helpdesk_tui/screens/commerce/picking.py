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
from helpdesk_tui.widgets.words.ordering import COMMANDS, VERBS
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_LONGEST_NAME = 30
Cells = tuple[Span, ...]
"""What stands in the columns of a row, one span in each."""


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
        # what is chosen for an order stands in the next dialog
        what = VERBS[self._kind] if self._kind in ORDER_KINDS else COMMANDS[self._kind]
        title = f"{which} · {_(what)}"
        self.query_one("#dialog-box").border_title = Content(title)

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return those that fit, by name or by what is in them."""
        fitting = [
            (place, *self._cells(one))
            for place, one in enumerate(self._things)
            if fits(typed, *_texts(one))
        ]
        left = _widths([left for _place, left, _right in fitting])
        right = _widths([right for _place, _left, right in fitting])
        return [
            ChoiceRow(_padded(one, left), _padded(other, right, to_right=True), place)
            for place, one, other in fitting
        ]

    def take(self, row: ChoiceRow) -> None:
        """Answer with the place."""
        if isinstance(row.value, int):
            self.dismiss(row.value)

    def _cells(self, one: Order | Subscription) -> tuple[Cells, Cells]:
        """Return what stands at the left of its row, and at the right."""
        today = self._now.astimezone(self._zone).date()
        if isinstance(one, Order):
            state, ink = order_state(one)
            day = short_day(one.created_at.astimezone(self._zone).date(), today.year)
            amount = money_words(one.total, one.currency, plain=self._plain)
            name = shorten_cells(clean(one.name), _LONGEST_NAME)
            left: Cells = ((name, Ink.BRIGHT), (day, Ink.DIM), (item_count(one), Ink.SOFT))
            return left, ((state, ink), (amount, Ink.TEXT))
        state, ink = subscription_status(one)
        often = every_words(one.every, one.unit)
        said = coming_day(one.next_date, today) if one.next_date is not None else "–"
        name = shorten_cells(clean(one.product), _LONGEST_NAME)
        left = ((name, Ink.BRIGHT), (f"{one.quantity} × {often}", Ink.SOFT))
        return left, ((state, ink), (said, Ink.TEXT))


def _widths(rows: Sequence[Cells]) -> list[int]:
    """Return how wide each column is."""
    return [max(cells(text) for text, _ink in column) for column in zip(*rows, strict=True)]


def _padded(row: Cells, widths: Sequence[int], *, to_right: bool = False) -> Cells:
    """Return the spans of a row as wide as their columns, with a gap between them."""
    out: list[Span] = []
    for place, ((text, ink), width) in enumerate(zip(row, widths, strict=True)):
        gap = " " * (width - cells(text))
        between = "  " if place else ""
        out.append((between + (gap + text if to_right else text + gap), ink))
    return tuple(out)


def _texts(one: Order | Subscription) -> tuple[str, ...]:
    if isinstance(one, Order):
        return (one.name, *[item.title for item in one.items])
    return (one.product, one.variant)
