"""The saved views of an inbox: shown with their numbers, opened, picked, kept and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.query.order import order_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort, View, ViewFilter
from helpdesk_tui.domain.views import (
    BUILT_IN_QUERIES,
    PINS,
    SORTS,
    SavedView,
    ViewDraft,
    ViewUnread,
    pinned,
)
from helpdesk_tui.screens.acting.steps import Step
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.changes import Changes
    from helpdesk_tui.screens.dialogs.view_edit import Kept
    from helpdesk_tui.screens.dialogs.view_pick import Picked
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.view_counts import ViewCounts
    from helpdesk_tui.widgets.rail import Rail

_COUNT_EVERY = 3.0
"""Seconds between two counts at least, however much changes."""
_COUNT_ANYWAY = 300.0
"""Seconds after which views are counted anew although nothing changed: queries know of time."""


class ViewsDesk:
    """Keeps the saved views of one screen; all reading is done in threads."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self.saved: tuple[SavedView, ...] = ()
        self.unread: Mapping[int, ViewUnread] = {}
        self._counts: ViewCounts | None = None
        self._is_counting = False
        self._is_stale = False
        self._is_whole = True
        self._rest: Timer | None = None
        self._clock: Timer | None = None

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            **{f"view.{pin}": partial(self.open_pinned, pin) for pin in PINS},
            "view.pick": self.pick,
            "view.keep": self.keep,
            "view.delete": self.delete_open,
            "view.up": partial(self._move_open, -1),
            "view.down": partial(self._move_open, 1),
        }

    # what is shown ---------------------------------------------------------------------------

    def load(self) -> None:
        """Read the views, show them, and count them."""
        self._screen.start(self._desk.views.all, self._loaded, group="views", exclusive=True)

    def _loaded(self, saved: tuple[SavedView, ...]) -> None:
        self.saved = saved
        self._show()
        self._follow()
        self.count()
        if self._clock is None:
            self._clock = self._screen.set_interval(_COUNT_ANYWAY, self.count)

    def _follow(self) -> None:
        """Show the view that is open as it is now, if somebody else changed its query."""
        where = self._data.where
        open_now = self.find(where.saved_id)
        if where.saved_id and open_now is not None and open_now.query != where.query:
            self.open(open_now)

    def _show(self) -> None:
        screen = self._screen
        screen.rail.show_saved(self.saved, self.unread)
        screen.head.name_views({view.id: view.name for view in self.saved})
        screen.update_header(saved=self.saved, saved_unread=self.unread)

    def changed(self, changes: Changes) -> None:
        """Read the views anew if somebody changed them; count what may hold others now."""
        if any(kind.startswith("view.") for kind in changes.kinds):
            self.load()
        elif changes.tickets:
            self.count()

    def count(self) -> None:
        """Count unread tickets: at once, or soon if that was done just now."""
        if not self.saved:
            return
        self._is_stale = True
        if not self._is_counting and self._rest is None:
            self._count_some()

    def _count_some(self) -> None:
        """Count what is stale, or go on with what there was no time for."""
        saved, anew = self.saved, self._is_stale
        self._is_counting, self._is_stale = True, False

        def work() -> tuple[bool, dict[int, ViewUnread]]:
            if self._counts is None:
                from helpdesk_tui.services.view_counts import ViewCounts

                self._counts = ViewCounts(self._desk.views)
            is_whole = self._counts.refresh(saved, anew=anew)
            return is_whole, self._counts.numbers(saved)

        self._screen.start(work, self._counted, self._uncounted, group="view-counts")

    def _counted(self, found: tuple[bool, dict[int, ViewUnread]]) -> None:
        self._is_whole, self.unread = found
        self._is_counting = False
        self._rest = self._screen.set_timer(_COUNT_EVERY, self._rested)
        self._show()

    def _uncounted(self, _: HelpdeskError) -> None:
        """Leave the numbers as they are; the next change counts again."""
        self._is_counting = False

    def _rested(self) -> None:
        self._rest = None
        if self._is_stale or not self._is_whole:
            self._count_some()

    # opening ---------------------------------------------------------------------------------

    def find(self, view_id: int) -> SavedView | None:
        """Return a saved view by its id."""
        return next((view for view in self.saved if view.id == view_id), None)

    def open(self, view: View | SavedView) -> None:
        """Show the tickets of a view."""
        self._screen.panes.go("list")
        self._data.open(self._filter_of(view), failed=self._screen.complain)

    def _filter_of(self, view: View | SavedView) -> ViewFilter:
        if isinstance(view, View):
            return self._data.filter_of(view)
        where = view.where
        sort = order_of(where.query, where.sort, self._screen.now())
        return ViewFilter(where.view, where.status, None, where.query, sort, view.id)

    def open_pinned(self, pin: str) -> None:
        """Show the view on a key."""
        view = pinned(self.saved).get(pin)
        if view is None:
            self._screen.footer.say(
                _("no view is on {pin}: v picks one, + puts it on a key").format(pin=pin)
            )
        else:
            self.open(view)

    def picked(self, message: Rail.Picked) -> None:
        """Open the view, or show the status, that was clicked in the rail."""
        if message.saved is not None:
            self.open(message.saved)
        elif message.view is not None:
            self.open(message.view)
        elif message.status is not None:
            self._data.open(self._data.with_status(message.status))
        elif message.more:
            self.pick()

    def pick(self, current: View | SavedView | None = None) -> None:
        """Ask which view to open."""
        from helpdesk_tui.screens.dialogs.view_pick import ViewPicker

        screen, where = self._screen, self._data.where
        if current is None:
            current = self.find(where.saved_id) if where.saved_id else where.view
        dialog = ViewPicker(
            self.saved,
            unread=self.unread,
            counts=screen.counts,
            current=current,
            keymap=screen.keymap,
            signs=screen.signs,
        )
        screen.app.push_screen(dialog, self._chosen)

    def _chosen(self, picked: Picked | None) -> None:
        if picked is None:
            return
        view = picked.view
        if picked.verb == "open":
            self.open(view)
        elif isinstance(view, View):
            self._screen.footer.say(_("every desk has this view as it is"))
        elif picked.verb == "edit":
            self._edit(view, view.draft)
        elif picked.verb == "delete":
            self.delete(view)
        else:
            self._move(view, -1 if picked.verb == "up" else 1, then=self.pick)

    # keeping ---------------------------------------------------------------------------------

    def keep(self) -> None:
        """Save the list that is shown as a view, or change the view that is open."""
        where = self._data.where
        view = self.find(where.saved_id)
        sort = where.sort if where.sort in SORTS else Sort.NEWEST
        query = where.query
        if not query and view is None:
            query = BUILT_IN_QUERIES[where.view]
        shared = not self._desk.views.may_own
        draft = ViewDraft("", query, shared, where.status, sort)
        if view is not None:
            # an order that the query itself asks for is none of the view's
            sort = view.sort if "sort:" in view.query else sort
            self._edit(view, replace(view.draft, status=where.status, sort=sort))
            return
        before = self._data.searched_from.saved_id if not where.takes_new else 0
        self._ask(draft, self.find(before), is_new=True)

    def _edit(self, view: SavedView, draft: ViewDraft) -> None:
        if view.is_shared and not self._desk.views.may_share:
            # somebody else keeps it: this agent can have one like it
            self._ask(
                ViewDraft("", draft.query, False, draft.status, draft.sort), None, is_new=True
            )
        else:
            self._ask(draft, view, is_new=False)

    def _ask(self, draft: ViewDraft, view: SavedView | None, *, is_new: bool) -> None:
        from helpdesk_tui.screens.dialogs.view_edit import ViewDialog
        from helpdesk_tui.screens.inbox.searching import ask_completion

        views = self._desk.views
        may_change = view is not None and (not view.is_shared or views.may_share)
        dialog = ViewDialog(
            draft,
            view if may_change else None,
            is_new=is_new,
            keys=pinned(self.saved),
            may_share=views.may_share,
            may_own=views.may_own,
            now=self._screen.now(),
            save=self._save,
            complete=partial(ask_completion, self._screen, self._desk),
        )
        self._screen.app.push_screen(dialog)

    def _save(
        self, kept: Kept, done: Callable[[], object], failed: Callable[[HelpdeskError], None]
    ) -> None:
        """Keep what the dialog holds; it stays open where that is refused."""
        views = self._desk.views

        def work() -> tuple[SavedView, tuple[SavedView, ...]]:
            if kept.over is None:
                view = views.save(kept.draft)
            else:
                view = views.change(kept.over.id, kept.draft, version=kept.over.version)
            return view, views.all()

        def saved(found: tuple[SavedView, tuple[SavedView, ...]]) -> None:
            view, self.saved = found
            done()
            self._show()
            self.count()
            self.open(view)
            key = (
                " · " + _("{pin} opens it").format(pin=view.pin)
                if view.pin
                else " · " + _("v opens it")
            )
            self._screen.footer.say(_("saved {name}{key}").format(name=clean(view.name), key=key))

        self._screen.start(work, saved, failed, group="view-write")

    def _move_open(self, by: int) -> None:
        view = self._open_view()
        if view is not None:
            self._move(view, by, then=lambda _: None)

    def _move(self, view: SavedView, by: int, *, then: Callable[[SavedView], object]) -> None:
        def work() -> tuple[SavedView, tuple[SavedView, ...]]:
            return self._desk.views.move(view.id, by), self._desk.views.all()

        def moved(found: tuple[SavedView, tuple[SavedView, ...]]) -> None:
            there, self.saved = found
            self._show()
            self.count()
            then(there)

        self._screen.start(work, moved, group="view-write")

    # deleting --------------------------------------------------------------------------------

    def delete_open(self) -> None:
        """Delete the view that is shown."""
        view = self._open_view()
        if view is not None:
            self.delete(view)

    def _open_view(self) -> SavedView | None:
        view = self.find(self._data.where.saved_id)
        if view is None:
            self._screen.footer.say(_("this is no saved view: open one with v"))
        return view

    def delete(self, view: SavedView) -> None:
        """Delete a view; ``z`` brings it back."""

        def deleted(gone: SavedView) -> None:
            self.saved = tuple(one for one in self.saved if one.id != gone.id)
            self._show()
            if self._data.where.saved_id == gone.id:
                view = View.ALL if self._desk.actor.agent_id is None else View.MINE
                self.open(view)
            step = Step(
                "",
                0,
                _("view {name} deleted").format(name=clean(gone.name)),
                back=partial(self._restore, gone),
            )
            if self._screen.actions is not None:
                self._screen.actions.did(step)

        self._screen.start(
            lambda: self._desk.views.delete(view.id), deleted, self._refused, group="view-write"
        )

    def _restore(self, view: SavedView) -> None:
        def restored(back: SavedView) -> None:
            self._screen.footer.say(_("view {name} is back").format(name=clean(back.name)))
            self.load()
            self.open(back)

        self._screen.start(
            lambda: self._desk.views.restore(view), restored, self._refused, group="view-write"
        )

    def _refused(self, error: HelpdeskError) -> None:
        self._screen.footer.say(sentence(error))


def views_desk(screen: InboxScreen, data: InboxData, desk: Desk) -> ViewsDesk:
    """Return the views of a screen; they are made once."""
    if screen.views is None:
        screen.views = ViewsDesk(screen, data, desk)
    return screen.views
