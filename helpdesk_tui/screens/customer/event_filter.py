"""Which events are shown: one kind, a saved filter, or kinds that are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events

from helpdesk_tui.domain.commerce.context import EventFilter
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.sidebar.events import metric_words
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.wrap import shorten_cells

_NAME = 40


class EventFilterDialog(PickDialog[EventFilter]):
    """Answers with a filter; one without kinds shows all events."""

    TITLE_TEXT: ClassVar[str] = N_("events")
    OPENED_BY: ClassVar[str] = "customer.events"
    PLACEHOLDER: ClassVar[str] = N_("type to filter, or a name to save the marked ones by")
    HINT: ClassVar[str] = N_("tab marks · enter shows · ctrl+s saves by the typed name")

    def __init__(
        self,
        metrics: Sequence[tuple[str, int]],
        saved: Sequence[EventFilter],
        current: EventFilter | None,
    ) -> None:
        super().__init__()
        self._metrics = tuple(metrics)
        self._saved = tuple(saved)
        self._marked = set(current.metrics if current is not None else ())
        self.save: Callable[[EventFilter], object] = _nothing
        """Keeps a filter for later."""

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return all events, the saved filters, and the kinds that fit what is typed."""
        out = []
        everything = EventFilter(0, "", ())
        if fits(typed, _("all metrics")):
            out.append(ChoiceRow(((_("all metrics"), Ink.TEXT),), (), everything))
        for one in self._saved:
            if fits(typed, one.name):
                names = ", ".join([metric_words(metric) for metric in one.metrics])
                right = ((shorten_cells(names, 24), Ink.DIM),)
                out.append(ChoiceRow((("≡ ", Ink.TAG), (clean(one.name), Ink.TAG)), right, one))
        for metric, count in self._metrics:
            name = metric_words(metric)
            if fits(typed, name):
                sign = "■ " if metric in self._marked else "  "
                left = ((sign, Ink.KEY), (shorten_cells(name, _NAME), Ink.TEXT))
                one = EventFilter(0, metric, (metric,))
                out.append(ChoiceRow(left, ((number(count), Ink.DIM),), one))
        return out

    def take(self, row: ChoiceRow) -> None:
        """Show what is marked, or else what is selected."""
        wanted = row.value if isinstance(row.value, EventFilter) else None
        if wanted is None:
            return
        is_kind = wanted.id == 0 and bool(wanted.metrics)
        if is_kind and self._marked:
            self.dismiss(self._of((*self._marked, *wanted.metrics)))
        else:
            self.dismiss(wanted)

    def _of(self, metrics: tuple[str, ...], name: str = "") -> EventFilter:
        """Return a filter in the order of the list."""
        known = [metric for metric, _count in self._metrics if metric in metrics]
        kept = tuple(known or metrics)
        words = name or ", ".join([metric_words(one) for one in kept])
        return EventFilter(0, words, kept)

    def before_typing(self, event: events.Key) -> bool:
        """Mark with tab; save what is marked by the name that is typed."""
        row = self.choices.current
        value = row.value if row is not None else None
        if event.key == "tab" and isinstance(value, EventFilter) and len(value.metrics) == 1:
            self._marked ^= set(value.metrics)
            self.choices.show(self.rows(self.input.value.strip()), keep=True)
            return True
        if event.key == "ctrl+s":
            name = self.input.value.strip()
            if name and self._marked:
                wanted = self._of(tuple(self._marked), name)
                self.save(wanted)
                self.dismiss(wanted)
            else:
                self.say(_("mark kinds with tab, then type a name"))
            return True
        return super().before_typing(event)


def _nothing(_filter: EventFilter) -> None:
    return
