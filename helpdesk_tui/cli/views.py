"""``view``: the saved views from scripts."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.output import cut
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.domain.tickets import DEFAULT_STATUS, Sort, View, ViewFilter
from helpdesk_tui.domain.views import (
    BUILT_IN_PINS,
    BUILT_IN_QUERIES,
    MANY,
    SavedView,
    ViewDraft,
    ViewUnread,
    find_view,
    pin_key,
    pinned,
)
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.view_names import NAMES, view_name
from helpdesk_tui.widgets.words.views import SORT_NAMES, STATUS_WORDS

_QUERY_CELLS = 44
_WAYS: Mapping[str, int] = {"up": -1, "down": 1, "first": -1_000_000, "last": 1_000_000}
Json = dict[str, object]


def list_views(args: argparse.Namespace) -> int:
    """Print the views every desk has, one's own, and the shared ones."""
    out = output_of(args)
    with desk_of(args) as desk:
        saved = desk.views.all()
        if out.quiet:
            out.ids([view.id for view in saved])
            return 0
        keys = pinned(saved)
        numbers = {view.id: desk.views.unread(view) for view in saved}
        built_in = _built_in(desk, keys)
    if out.json:
        own = [view_json(view, numbers[view.id]) for view in saved]
        out.document({"views": [*built_in, *own]})
        return 0
    rows = [[_("key"), _("name"), _("unread"), _("whose"), _("status"), _("order"), _("query")]]
    rows += [_cells(view) for view in built_in]
    rows += [_cells(view_json(view, numbers[view.id])) for view in saved]
    out.table(rows, right=frozenset({2}))
    return 0


def save(args: argparse.Namespace) -> int:
    """Keep a query under a name and print the view's id."""
    out = output_of(args)
    with desk_of(args) as desk:
        draft = ViewDraft(
            args.name,
            args.query,
            is_shared=args.shared,
            status=STATUS_WORDS[args.status],
            sort=Sort(args.sort),
            pin=pin_key(args.pin),
        )
        view = desk.views.save(draft, replaces=args.replace)
        count = desk.views.unread(view)
    if out.json:
        out.document(view_json(view, count))
    elif out.quiet:
        out.ids([view.id])
    else:
        out.say(_saved(view))
    return 0


def _saved(view: SavedView) -> str:
    if view.is_shared:
        said = (
            _("saved {name} for everybody, on key {pin}")
            if view.pin
            else _("saved {name} for everybody")
        )
    else:
        said = _("saved {name} for you, on key {pin}") if view.pin else _("saved {name} for you")
    return said.format(name=view.name, pin=view.pin)


def rename(args: argparse.Namespace) -> int:
    """Give a view another name."""
    with desk_of(args) as desk:
        view = desk.views.rename(_named(desk, args).id, args.new_name)
    return _told(args, view, _("{name} is {name_2} now").format(name=args.name, name_2=view.name))


def pin(args: argparse.Namespace) -> int:
    """Put a view on a key."""
    with desk_of(args) as desk:
        view = desk.views.pin(_named(desk, args).id, pin_key(args.pin))
    return _told(
        args,
        view,
        _("{name} is on key {pin}").format(name=view.name, pin=view.pin)
        if view.pin
        else _("{name} is on no key").format(name=view.name),
    )


def move(args: argparse.Namespace) -> int:
    """Put a view further up or down."""
    with desk_of(args) as desk:
        view = desk.views.move(_named(desk, args).id, _WAYS[args.way])
    return _told(
        args,
        view,
        _("{name} is view {position} now").format(name=view.name, position=view.position + 1),
    )


def delete(args: argparse.Namespace) -> int:
    """Delete a view."""
    with desk_of(args) as desk:
        view = desk.views.delete(_named(desk, args).id)
    return _told(
        args, view, _("deleted {name}; its tickets are where they were").format(name=view.name)
    )


def filter_of(desk: Desk, name: str, query: str) -> ViewFilter:
    """Return the list that a view of this name opens, narrowed by a query.

    Raises:
        NotFound: ``view.unknown``.
        UsageError: ``agent.missing`` for the own tickets of nobody.
    """
    for view in View:
        if fold(name) in (view.value, fold(NAMES[view]), fold(view_name(view))):
            if view is View.MINE and desk.actor.agent_id is None:
                raise UsageError("agent.missing")
            return ViewFilter(view, DEFAULT_STATUS[view], query=query)
    saved = desk.views.find(name)
    both = f"({saved.query}) {query}" if " OR " in saved.query else f"{saved.query} {query}"
    return ViewFilter(
        View.ALL,
        saved.status,
        query=both.strip() if query and saved.query else saved.query or query,
        sort=saved.sort,
        saved_id=saved.id,
    )


def view_json(view: SavedView, unread: ViewUnread) -> Json:
    """Return a saved view as scripts read it."""
    return {
        "id": str(view.id),
        "name": view.name,
        "query": view.query,
        "status": "any" if view.status is None else view.status.value,
        "sort": view.sort.value,
        "pin": view.pin or None,
        "shared": view.is_shared,
        "built_in": False,
        "unread": None if unread.is_partial else min(unread.count, MANY),
        "unread_is_exact": not unread.is_partial and unread.count <= MANY,
    }


def _built_in(desk: Desk, keys: Mapping[str, View | SavedView]) -> list[Json]:
    counts = desk.inbox.counts()
    found: list[Json] = []
    for key, view in BUILT_IN_PINS.items():
        status = DEFAULT_STATUS[view]
        found.append(
            {
                "id": view.value,
                "name": NAMES[view],
                "query": BUILT_IN_QUERIES[view],
                "status": "any" if status is None else status.value,
                "sort": Sort.NEWEST.value,
                "pin": key if keys.get(key) is view else None,
                "shared": True,
                "built_in": True,
                "unread": counts[view].unread,
                "unread_is_exact": True,
            }
        )
    return found


def _cells(view: Json) -> list[str]:
    unread = view["unread"]
    badge = "…" if unread is None else str(unread or "")
    if unread == MANY and not view["unread_is_exact"]:
        badge = f"{MANY}+"
    whose = _("every desk's") if view["built_in"] else _("shared") if view["shared"] else _("yours")
    return [
        str(view["pin"] or ""),
        str(view["name"]),
        badge,
        whose,
        str(view["status"]),
        _(SORT_NAMES[Sort(str(view["sort"]))]),
        cut(str(view["query"]), _QUERY_CELLS),
    ]


def _named(desk: Desk, args: argparse.Namespace) -> SavedView:
    """Return the view that is named: of one's own or the shared ones, where that is said."""
    if not (args.shared or args.private):
        return desk.views.find(args.name)
    views = [view for view in desk.views.all() if view.is_shared is args.shared]
    found = find_view(views, args.name)
    if found is None:
        known = ", ".join(view.name for view in views)
        raise NotFound("view.unknown", name=clean(args.name), known=known or "-")
    return found


def _told(args: argparse.Namespace, view: SavedView, words: str) -> int:
    out = output_of(args)
    if out.json:
        out.document({"id": str(view.id), "name": view.name, "pin": view.pin or None})
    elif out.quiet:
        out.ids([view.id])
    else:
        out.say(words)
    return 0
