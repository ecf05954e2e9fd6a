"""Every list is read from an index, in its order, whatever view, status and direction."""

from __future__ import annotations

import sqlite3
from itertools import product

import pytest

from helpdesk_tui.db.reads.lists import BY_ID, load_next_unread, load_page, page_sql, scope_of
from helpdesk_tui.db.reads.orders import PLAIN
from helpdesk_tui.db.reads.rows import key_of
from helpdesk_tui.domain.tickets import Sort, SortKey, Status, View, ViewFilter
from tests.support.store import make_store

STATUSES = (None, *Status)


@pytest.fixture(scope="module", params=["fresh", "analyzed"])
def connection(tmp_path_factory, request):
    """A store of 3,000 tickets with skewed statuses, with and without SQLite's statistics."""
    store = make_store(tmp_path_factory.mktemp(request.param))
    with store.write() as link:
        link.execute("INSERT INTO agent (id, name, created_at) VALUES (1, 'anna', 0)")
        link.execute("INSERT INTO agent (id, name, created_at) VALUES (2, 'marek', 0)")
        link.execute("INSERT INTO profile (id, created_at, updated_at) VALUES (1, 0, 0)")
        link.executemany(
            "INSERT INTO ticket (channel, status, spam, unread, assignee_id, merged_into,"
            " profile_id, created_at, updated_at, last_message_at)"
            " VALUES ('email', ?, ?, ?, ?, ?, 1, 0, 0, ?)",
            [_ticket(number) for number in range(3000)],
        )
        if request.param == "analyzed":
            link.execute("ANALYZE")
    with store.read() as link:
        yield link
    store.close()


def _ticket(number: int) -> tuple[str, int, int, int | None, int | None, int]:
    status = "closed" if number % 10 else ("open" if number % 20 else "snoozed")
    merged = 1 if number % 101 == 100 else None
    # four tickets share each moment, so that the id has to decide
    return (
        status,
        int(number % 13 == 0),
        int(number % 7 == 0),
        (None, 1, 2)[number % 3],
        merged,
        number // 4,
    )


def _plan(connection: sqlite3.Connection, sql: str, params: dict[str, object]) -> str:
    found = connection.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
    return " | ".join(str(row[3]) for row in found)


@pytest.mark.parametrize(
    ("view", "status", "keyed", "descending"),
    list(product(View, STATUSES, (True, False), (True, False))),
)
def test_a_page_needs_no_sorting_and_no_full_scan(connection, view, status, keyed, descending):
    scope = scope_of(ViewFilter(view, status, agent_id=1))
    params = {**scope.params, "limit": 51, "at": 100, "id": 7}
    plan = _plan(connection, page_sql(scope.where, keyed=keyed, descending=descending), params)
    assert "USING INDEX ticket_" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    needs_equality = status is not None or view in (View.MINE, View.UNASSIGNED)
    if keyed or needs_equality:
        assert plan.startswith("SEARCH"), plan
    if keyed:
        assert "last_message_at" in plan, plan
    if status is not None:
        assert "status=?" in plan, plan


@pytest.mark.parametrize("descending", [True, False])
def test_the_next_unread_ticket_comes_from_its_own_index(connection, descending):
    scope = scope_of(ViewFilter(View.ALL, Status.OPEN))
    sql = page_sql(
        f"unread = 1 AND {scope.where}", keyed=True, descending=descending, index="ticket_unread"
    )
    plan = _plan(connection, sql, {**scope.params, "limit": 1, "at": 5, "id": 5})
    assert plan.startswith("SEARCH ticket USING INDEX ticket_unread"), plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(("view", "status"), list(product(View, STATUSES)))
def test_named_rows_are_read_by_their_ids(connection, view, status):
    scope = scope_of(ViewFilter(view, status, agent_id=1))
    sql = f"SELECT id FROM {BY_ID} WHERE id IN (1, 2, 3) AND {scope.where}"
    plan = _plan(connection, sql, scope.params)
    assert plan == "SEARCH ticket USING INTEGER PRIMARY KEY (rowid=?)"


def _expected(connection: sqlite3.Connection, where: ViewFilter) -> list[int]:
    """The ids of a view by a statement that shares nothing with the one under test."""
    rows = connection.execute(
        "SELECT id, status, spam, assignee_id, last_message_at FROM ticket"
        " WHERE merged_into IS NULL"
    ).fetchall()
    keep = {
        View.MINE: lambda row: not row[2] and row[3] == where.agent_id,
        View.UNASSIGNED: lambda row: not row[2] and row[3] is None,
        View.ALL: lambda row: not row[2],
        View.SPAM: lambda row: bool(row[2]),
    }[where.view]
    rows = [row for row in rows if keep(row) and where.status in (None, row[1])]
    rows.sort(key=lambda row: (row[4], row[0]), reverse=where.sort is Sort.NEWEST)
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("view", "status", "sort"), list(product(View, (None, Status.OPEN, Status.CLOSED), PLAIN))
)
def test_pages_join_to_the_whole_list_in_both_directions(connection, view, status, sort):
    where = ViewFilter(view, status, agent_id=1, sort=sort)
    expected = _expected(connection, where)
    for backwards in (False, True):
        walked: list[int] = []
        key: SortKey | None = None
        while page := load_page(connection, where, beyond=key, backwards=backwards, limit=37):
            walked += [raw[0] for raw in page]
            key = key_of(page[-1])
        assert walked == (expected[::-1] if backwards else expected)


@pytest.mark.parametrize(
    ("view", "status"), list(product(View, (None, Status.OPEN, Status.SNOOZED)))
)
def test_the_next_unread_is_the_first_one_after_the_key(connection, view, status):
    where = ViewFilter(view, status, agent_id=1)
    expected = _expected(connection, where)
    unread = {row[0] for row in connection.execute("SELECT id FROM ticket WHERE unread = 1")}
    for start in (0, 3, len(expected) // 2, len(expected) - 1):
        at = connection.execute(
            "SELECT last_message_at FROM ticket WHERE id = ?", (expected[start],)
        ).fetchone()[0]
        found = load_next_unread(connection, where, SortKey(at, expected[start]))
        following = [number for number in expected[start + 1 :] if number in unread]
        assert (found[0] if found else None) == (following[0] if following else None)
