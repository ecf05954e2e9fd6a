"""Which events are shown: one kind, a saved filter, or kinds that are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events

from helpdesk_tui.domain.commerce.context import EventFilter
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.sidebar.events import metric_words
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.wrap import shorten_cells

_NAME = 40


class EventFilterDialog(PickDialog[EventFilter]):
    """Answers with a filter; one without kinds shows all events."""

    DEFAULT_CSS = """
    EventFilterDialog > #dialog-box { width: 76; }
    """
    TITLE_TEXT: ClassVar[str] = N_("events")
    OPENED_BY: ClassVar[str] = "customer.events"
    PLACEHOLDER: ClassVar[str] = N_("type to filter, or a name to save the marked ones by")
    HINT: ClassVar[str] = N_("tab marks · enter shows · ctrl+s saves by the typed name")
    KEPT_HINT: ClassVar[str] = N_(
        "tab marks · enter shows · ctrl+s saves · f2 renames · del deletes"
    )
    """Where there are filters already."""
    RENAME_HINT: ClassVar[str] = N_("type its name · enter renames · esc back")

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
        self._renamed: EventFilter | None = None
        """The filter whose name is being typed."""
        self._doomed = 0
        """The filter that goes when it is asked for once more."""
        self.save: Callable[[EventFilter], object] = _nothing
        """Keeps a filter for later."""
        self.rename: Callable[[EventFilter, str], object] = _nothing_named
        self.delete: Callable[[EventFilter], object] = _nothing

    def prepare(self) -> None:
        """Name the keys for saved filters where there are some."""
        super().prepare()
        self._hint()

    def _hint(self) -> None:
        words = self.KEPT_HINT if self._saved else self.HINT
        said = self.RENAME_HINT if self._renamed is not None else words
        self.query_one("#dialog-box").border_subtitle = key_hints(_(said))

    def show_saved(self, saved: Sequence[EventFilter]) -> None:
        """Show other saved filters: one was renamed or deleted."""
        self._saved, self._renamed, self._doomed = tuple(saved), None, 0
        self.input.value = ""
        self.choices.show(self.rows(""), keep=True)
        self._hint()

    def refused(self, error: HelpdeskError) -> None:
        """Say why a filter was not renamed or deleted."""
        self.say(sentence(error))

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return all events, the saved filters, and the kinds that fit what is typed."""
        if self._renamed is not None:
            return [self._saved_row(self._renamed)]
        out = []
        everything = EventFilter(0, "", ())
        if fits(typed, _("all metrics")):
            out.append(ChoiceRow(((_("all metrics"), Ink.TEXT),), (), everything))
        out += [self._saved_row(one) for one in self._saved if fits(typed, one.name)]
        for metric, count in self._metrics:
            name = metric_words(metric)
            if fits(typed, name):
                sign = "■ " if metric in self._marked else "  "
                left = ((sign, Ink.KEY), (shorten_cells(name, _NAME), Ink.TEXT))
                one = EventFilter(0, metric, (metric,))
                out.append(ChoiceRow(left, ((number(count), Ink.DIM),), one))
        return out

    def _saved_row(self, one: EventFilter) -> ChoiceRow:
        names = ", ".join([metric_words(metric) for metric in one.metrics])
        right = ((shorten_cells(names, 24), Ink.DIM),)
        name = shorten_cells(clean(one.name), _NAME)
        return ChoiceRow((("≡ ", Ink.TAG), (name, Ink.TAG)), right, one)

    def take(self, row: ChoiceRow) -> None:
        """Show what is marked, or else what is selected; a name that was typed is kept."""
        wanted = row.value if isinstance(row.value, EventFilter) else None
        if wanted is None:
            return
        if self._renamed is not None:
            self.rename(self._renamed, self.input.value)
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
        if self._renamed is not None:
            if event.key == "escape":
                self.show_saved(self._saved)
                return True
            return event.key in ("tab", "f2", "ctrl+s")
        if isinstance(value, EventFilter) and value.id and event.key in ("f2", "delete"):
            return self._change(value, event.key)
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

    def _change(self, saved: EventFilter, key: str) -> bool:
        """Begin to rename a saved filter, or delete it at the second press. True: a key of ours."""
        if key == "delete" and self.input.value:
            return False  # it takes a letter away
        if saved.is_shared:
            self.say(_("{name} is everybody's").format(name=clean(saved.name)))
        elif key == "f2":
            self._renamed = saved
            self.input.value = clean(saved.name)
            self.input.action_end()
            self._hint()
        elif self._doomed != saved.id:
            self._doomed = saved.id
            self.say(_("del again deletes {name}").format(name=clean(saved.name)))
        else:
            self.say("")
            self.delete(saved)
        return True


def _nothing_named(_filter: EventFilter, _name: str) -> None:
    return


def _nothing(_filter: EventFilter) -> None:
    return
