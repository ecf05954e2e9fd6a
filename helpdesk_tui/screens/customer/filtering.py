"""Asks which events are shown, and keeps the filters that agents save, rename and delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.context import EventFilter
from helpdesk_tui.screens.customer.event_filter import EventFilterDialog
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.jobs import Jobs
    from helpdesk_tui.services.desk import Desk


class Filtering:
    """Opens the dialog over a screen; what is chosen there is told to that screen."""

    def __init__(
        self,
        host: Jobs,
        desk: Desk,
        chosen: Callable[[EventFilter | None], object],
        say: Callable[[str], object],
    ) -> None:
        """Make it.

        Args:
            host: The screen.
            desk: Where filters are kept.
            chosen: Takes the filter from now on; None shows all events.
            say: Takes what was done.
        """
        self._host = host
        self._desk = desk
        self._chosen = chosen
        self._say = say
        self._current: EventFilter | None = None

    def ask(self, metrics: Sequence[tuple[str, int]], current: EventFilter | None) -> None:
        """Ask which of some kinds of events are shown; each kind comes with its count."""
        self._current = current

        def show(saved: tuple[EventFilter, ...]) -> None:
            dialog = EventFilterDialog(metrics, saved, current)
            dialog.save = self._save
            dialog.rename = lambda one, name: self._rename(dialog, one, name)
            dialog.delete = lambda one: self._delete(dialog, one)
            self._host.app.push_screen(dialog, self._answered)

        self._host.ask(self._desk.event_filters.all, show, group="ask")

    def _answered(self, wanted: EventFilter | None) -> None:
        if wanted is not None:
            self._chosen(wanted if wanted.metrics else None)

    def _save(self, wanted: EventFilter) -> None:
        filters = self._desk.event_filters
        self._host.start(
            lambda: filters.save(wanted.name, wanted.metrics),
            lambda kept: self._say(_("saved {name}").format(name=kept.name)),
            group="write",
        )

    def _rename(self, dialog: EventFilterDialog, one: EventFilter, name: str) -> None:
        filters = self._desk.event_filters

        def rename() -> tuple[EventFilter, ...]:
            filters.rename(one.id, name)
            return filters.all()

        def renamed(saved: tuple[EventFilter, ...]) -> None:
            dialog.show_saved(saved)
            if self._is_current(one):
                self._chosen(next((each for each in saved if each.id == one.id), None))

        self._host.start(rename, renamed, dialog.refused, group="write")

    def _delete(self, dialog: EventFilterDialog, one: EventFilter) -> None:
        filters = self._desk.event_filters

        def delete() -> tuple[EventFilter, ...]:
            filters.delete(one.id)
            return filters.all()

        def deleted(saved: tuple[EventFilter, ...]) -> None:
            dialog.show_saved(saved)
            self._say(_("deleted {name}").format(name=one.name))
            if self._is_current(one):
                self._chosen(None)

        self._host.start(delete, deleted, dialog.refused, group="write")

    def _is_current(self, one: EventFilter) -> bool:
        return self._current is not None and self._current.id == one.id
