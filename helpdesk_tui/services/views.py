"""Saved views: kept, ordered, pinned to keys, and how many unread tickets each of them holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.db import views as rows
from helpdesk_tui.db.activity import Entry, record
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, Role
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.query.parsing import QueryError, parse_query
from helpdesk_tui.domain.query.values import Group, Query
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.domain.views import (
    MANY,
    SHARED,
    SORTS,
    SavedView,
    ViewDraft,
    ViewUnread,
    find_view,
    pin_key,
    view_name,
)
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.reads.criteria import Criteria

MAY_SHARE = (Role.MANAGER, Role.ADMIN, Role.OWNER)
"""Who makes and changes the views that everybody sees."""
_EACH = 0.03
"""Seconds that counting one view may take."""


class Views:
    """Keeps the saved views that one agent sees; every call blocks.

    Everybody keeps private views; managers also keep the shared ones.
    """

    def __init__(
        self, store: Store, actor: Actor, *, now: Clock = utc_now, zone: str = "UTC"
    ) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._zone = zone

    @property
    def may_share(self) -> bool:
        """Whether this agent may make and change shared views."""
        return self._actor.role in MAY_SHARE

    @property
    def may_own(self) -> bool:
        """Whether there is an agent who can have private views."""
        return self._actor.agent_id is not None

    # reading ---------------------------------------------------------------------------------

    def all(self) -> tuple[SavedView, ...]:
        """Return one's own views in their order, then the shared ones in theirs."""
        with self._store.read() as connection:
            return rows.load_views(connection, self._actor.agent_id)

    def find(self, name: str) -> SavedView:
        """Return the view of a name; one's own before a shared one.

        Raises:
            NotFound: ``view.unknown``.
        """
        views = self.all()
        found = find_view(views, name)
        if found is None:
            known = ", ".join(view.name for view in views)
            raise NotFound("view.unknown", name=clean(name), known=known or "-")
        return found

    def unread(self, view: SavedView, *, budget: float = _EACH) -> ViewUnread:
        """Return how many unread tickets a view holds under its status, up to a hundred.

        A view whose query is not understood any more holds none.
        """
        from helpdesk_tui.db.reads.search import find
        from helpdesk_tui.db.reads.search_sql import Walk

        with self._store.read() as connection:
            try:
                criteria = self._criteria(connection, view.draft, only_unread=True)
            except QueryError:
                return ViewUnread(0)
            found = find(connection, criteria, Walk(None, True, MANY + 1, budget))
        count = len({key.id for key in found.keys})
        return ViewUnread(count, is_partial=found.place is not None and count <= MANY)

    # writing ---------------------------------------------------------------------------------

    def save(self, draft: ViewDraft, *, replaces: bool = False) -> SavedView:
        """Keep a new view; with ``replaces`` one of the same name and owner becomes it.

        The key it is pinned to is taken from the view of this owner that had it.

        Raises:
            NotAllowed: ``view.shared-by-managers``.
            UsageError: ``view.exists``, ``view.bad-name`` … or a query that is not understood.
        """
        owner = self._owner(is_shared=draft.is_shared)
        with self._store.write() as connection:
            draft = self._checked(connection, draft)
            mine = self._of(connection, owner)
            there = find_view(mine, draft.name)
            if there is not None:
                if not replaces:
                    raise UsageError("view.exists", name=there.name)
                return self._update(connection, there, draft)
            position = max((view.position for view in mine), default=-1) + 1
            number = rows.insert_view(connection, owner, draft, position, self._now())
            rows.free_pin(connection, owner, draft.pin, keep=number)
            self._record(connection, "view.saved", number, {}, draft)
            return self._load(connection, number)

    def change(self, view_id: int, draft: ViewDraft, *, version: int | None = None) -> SavedView:
        """Make a view what a draft says: its name, its query, whose it is, and so on.

        Args:
            view_id: The view.
            draft: What it shall be.
            version: The version that was seen; a newer one is not overwritten.

        Raises:
            Conflict: ``view.changed-meanwhile``.
            NotAllowed: ``view.shared-by-managers``.
            NotFound: ``view.missing``.
            UsageError: as for :meth:`save`.
        """
        with self._store.write() as connection:
            view = self._load(connection, view_id)
            if version is not None and version != view.version:
                raise Conflict("view.changed-meanwhile", name=view.name)
            return self._update(connection, view, self._checked(connection, draft))

    def rename(self, view_id: int, name: str) -> SavedView:
        """Give a view another name."""
        return self._edit(view_id, name=name)

    def pin(self, view_id: int, key: str) -> SavedView:
        """Pin a view to a key, ``1`` to ``9``, or with nothing to none."""
        return self._edit(view_id, pin=key)

    def move(self, view_id: int, by: int) -> SavedView:
        """Move a view up (below zero) or down among those of its owner."""
        with self._store.write() as connection:
            view = self._load(connection, view_id)
            self._owner(is_shared=view.is_shared)
            order = [one.id for one in self._of(connection, view.agent_id)]
            at = order.index(view_id)
            order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
            for position, number in enumerate(order):
                rows.place_view(connection, number, position)
            self._record(connection, "view.moved", view_id, {"place": at},
                         {"place": order.index(view_id)})  # fmt: skip
            return self._load(connection, view_id)

    def delete(self, view_id: int) -> SavedView:
        """Remove a view and return what it was; its tickets stay as they are.

        Raises:
            NotAllowed: ``view.shared-by-managers``.
            NotFound: ``view.missing``.
        """
        with self._store.write() as connection:
            view = self._load(connection, view_id)
            self._owner(is_shared=view.is_shared)
            rows.delete_view(connection, view_id)
            self._record(connection, "view.deleted", view_id, view.draft, {})
        return view

    def restore(self, view: SavedView) -> SavedView:
        """Put a deleted view back; its key only if no other view has taken it since.

        Raises:
            UsageError: ``view.exists`` if another one has its name by now.
        """
        owner = self._owner(is_shared=view.is_shared)
        with self._store.write() as connection:
            mine = self._of(connection, owner)
            there = find_view(mine, view.name) or next((o for o in mine if o.id == view.id), None)
            if there is not None:
                raise UsageError("view.exists", name=there.name)
            pin = "" if any(one.pin == view.pin for one in mine) else view.pin
            rows.restore_view(connection, replace(view, pin=pin), self._now())
            self._record(connection, "view.saved", view.id, {}, view.draft)
            return self._load(connection, view.id)

    # how it is done --------------------------------------------------------------------------

    def _edit(self, view_id: int, **fields: str) -> SavedView:
        with self._store.write() as connection:
            view = self._load(connection, view_id)
            changed = replace(view.draft, **fields)  # type: ignore[arg-type]
            draft = replace(changed, name=view_name(changed.name), pin=pin_key(changed.pin))
            return self._update(connection, view, draft)

    def _update(
        self, connection: sqlite3.Connection, view: SavedView, draft: ViewDraft
    ) -> SavedView:
        """Write a draft that was checked over a view."""
        self._owner(is_shared=view.is_shared)
        owner = self._owner(is_shared=draft.is_shared)
        others = [one for one in self._of(connection, owner) if one.id != view.id]
        if find_view(others, draft.name) is not None:
            raise UsageError("view.exists", name=draft.name)
        rows.free_pin(connection, owner, draft.pin, keep=view.id)
        rows.update_view(connection, view, owner, draft, self._now())
        if owner != view.agent_id:
            last = max((one.position for one in others), default=-1)
            rows.place_view(connection, view.id, last + 1)
        self._record(connection, "view.saved", view.id, view.draft, draft)
        return self._load(connection, view.id)

    def _owner(self, *, is_shared: bool) -> int:
        if is_shared:
            if not self.may_share:
                raise NotAllowed("view.shared-by-managers")
            return SHARED
        if self._actor.agent_id is None:
            raise UsageError("view.nobodys")
        return self._actor.agent_id

    def _of(self, connection: sqlite3.Connection, owner: int) -> list[SavedView]:
        views = rows.load_views(connection, self._actor.agent_id)
        return [view for view in views if view.agent_id == owner]

    def _load(self, connection: sqlite3.Connection, view_id: int) -> SavedView:
        for view in rows.load_views(connection, self._actor.agent_id):
            if view.id == view_id:
                return view
        raise NotFound("view.missing", id=view_id)

    def _checked(self, connection: sqlite3.Connection, draft: ViewDraft) -> ViewDraft:
        if draft.sort not in SORTS:
            raise UsageError(
                "view.bad-sort", sort=draft.sort.value, known=", ".join(s.value for s in SORTS)
            )  # fmt: skip
        query = clean(draft.query).strip()
        draft = replace(draft, name=view_name(draft.name), query=query, pin=pin_key(draft.pin))
        self._criteria(connection, draft)
        return draft

    def _criteria(
        self, connection: sqlite3.Connection, draft: ViewDraft, *, only_unread: bool = False
    ) -> Criteria:
        """Return what a view asks for; refuse what there is not, such as a tag."""
        from helpdesk_tui.db.reads.criteria import criteria_of
        from helpdesk_tui.domain.tickets import View, ViewFilter

        now = self._now()
        query = parse_query(draft.query, now=now, zone=self._zone)
        where = ViewFilter(View.ALL, draft.status, None, draft.query, draft.sort)
        if only_unread:
            unread = parse_query("is:unread", now=now, zone=self._zone).root.parts
            root = Group((*query.root.parts, *unread), False, False)
            # neither the order nor the length of the list matters to a number
            query, where = Query(query.text, root), replace(where, sort=Sort.NEWEST)
        return criteria_of(connection, where, query, self._actor.agent_id, now)

    def _record(
        self,
        connection: sqlite3.Connection,
        kind: str,
        view_id: int,
        before: ViewDraft | dict[str, int],
        after: ViewDraft | dict[str, int],
    ) -> None:
        was, now = ({"view": view_id, **_facts(facts)} for facts in (before, after))
        record(connection, self._actor, self._now(), [Entry(kind, before=was, after=now)])


def _facts(draft: ViewDraft | dict[str, int]) -> dict[str, object]:
    """Return what the log keeps of a view: names and texts are no facts for it."""
    if not isinstance(draft, ViewDraft):
        return dict(draft)
    return {
        "shared": draft.is_shared,
        "status": "" if draft.status is None else draft.status.value,
        "sort": draft.sort.value,
        "pin": draft.pin,
    }
