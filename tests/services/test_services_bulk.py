"""One action on many tickets: in parts, under one change, stopped, raced, killed, taken back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.tickets import Sort, Status, View, ViewFilter
from helpdesk_tui.services.bulk import CHUNK, Bulk, Targets
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.store import add_agent, add_profile, make_desk

ALL_OPEN = ViewFilter(View.ALL, Status.OPEN)


def close(desk: Desk, ids: Sequence[int], seen: Any) -> Any:
    return desk.triage.close(ids, versions=seen)


def tag(desk: Desk, ids: Sequence[int], seen: Any) -> Any:
    return desk.triage.tag(ids, ["sorted"], versions=seen)


def add_many(store: Store, count: int, **fields: object) -> list[int]:
    """Add open tickets in one statement."""
    profile = add_profile(store, email="lena@example.net")
    values = {
        "profile_id": profile, "channel": "email", "status": "open", "subject": "parcel",
        "customer_name": "Lena", "customer_address": "lena@example.net", "spam": 0, "unread": 0,
        "created_at": 1, "updated_at": 1, "version": 1, **fields,
    }  # fmt: skip
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    with store.write() as connection:
        top = connection.execute("SELECT coalesce(max(id), 0) FROM ticket").fetchone()[0]
        connection.executemany(
            f"INSERT INTO ticket (id, last_message_at, {names}) VALUES (:id, :id, {marks})",
            [{**values, "id": top + place} for place in range(1, count + 1)],
        )
    return list(range(top + 1, top + count + 1))


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def statuses(desk: Desk) -> dict[str, int]:
    with desk.store.read() as connection:
        return dict(connection.execute("SELECT status, count(*) FROM ticket GROUP BY 1").fetchall())


def change_ids(desk: Desk) -> set[str]:
    with desk.store.read() as connection:
        return {row[0] for row in connection.execute("SELECT DISTINCT change_id FROM activity")}


def test_many_tickets_are_one_change_and_one_undo_and_one_redo(desk: Desk) -> None:
    count = 3 * CHUNK + 7
    add_many(desk.store, count)
    told: list[tuple[int, int]] = []
    targets = desk.bulk.everything(ALL_OPEN)
    report = desk.bulk.run(close, targets, told=lambda *at: told.append(at))
    assert (len(report.changed), report.skipped, report.is_whole) == (count, (), True)
    assert told == [(CHUNK, count), (2 * CHUNK, count), (3 * CHUNK, count), (count, count)]
    assert change_ids(desk) == {report.change_id}
    undone = desk.bulk.undo(report.change_id)
    assert (len(undone.changed), undone.is_whole, statuses(desk)) == (count, True, {"open": count})
    redone = desk.bulk.undo(undone.change_id)
    assert (len(redone.changed), statuses(desk)) == (count, {"closed": count})
    again = desk.bulk.undo(redone.change_id)
    assert (len(again.changed), statuses(desk)) == (count, {"open": count})


def test_what_changed_since_it_was_shown_is_left_and_named(desk: Desk) -> None:
    ids = add_many(desk.store, 2 * CHUNK)
    targets = desk.bulk.everything(ALL_OPEN)
    desk.triage.tag([ids[3], ids[150]], ["vip"])
    desk.triage.close([ids[7]])
    report = desk.bulk.run(close, targets)
    assert sorted(report.skipped) == [
        (ids[3], "ticket.changed-meanwhile"),
        (ids[7], "ticket.changed-meanwhile"),
        (ids[150], "ticket.changed-meanwhile"),
    ]
    assert len(report.changed) == 2 * CHUNK - 3


def test_a_stop_ends_it_between_two_parts_and_undo_takes_back_what_was_done(desk: Desk) -> None:
    add_many(desk.store, 4 * CHUNK)
    stop = threading.Event()
    report = desk.bulk.run(
        close, desk.bulk.everything(ALL_OPEN), stop=stop,
        told=lambda seen, _total: stop.set() if seen == 2 * CHUNK else None,
    )  # fmt: skip
    assert (report.is_whole, report.seen, len(report.changed)) == (False, 2 * CHUNK, 2 * CHUNK)
    assert statuses(desk) == {"closed": 2 * CHUNK, "open": 2 * CHUNK}
    desk.bulk.undo(report.change_id)
    assert statuses(desk) == {"open": 4 * CHUNK}


def test_an_undo_that_was_stopped_goes_on_where_it_stood(desk: Desk) -> None:
    count = 10 * CHUNK
    add_many(desk.store, count)
    done = desk.bulk.run(close, desk.bulk.everything(ALL_OPEN))
    stop = threading.Event()
    half = desk.bulk.undo(done.change_id, stop=stop, told=lambda *_at: stop.set())
    assert not half.is_whole
    assert 0 < len(half.changed) < count
    rest = desk.bulk.undo(done.change_id)
    assert rest.change_id == half.change_id
    assert statuses(desk) == {"open": count}
    desk.bulk.undo(rest.change_id)
    assert statuses(desk) == {"closed": count}


def test_an_undo_leaves_what_a_colleague_has_changed_since(desk: Desk) -> None:
    ids = add_many(desk.store, 2 * CHUNK)
    done = desk.bulk.run(close, desk.bulk.everything(ALL_OPEN))
    desk.triage.snooze([ids[0]], None)
    undone = desk.bulk.undo(done.change_id)
    assert {ticket for ticket, _field in undone.kept} == {ids[0]}
    assert statuses(desk) == {"open": 2 * CHUNK - 1, "snoozed": 1}


def test_what_a_verb_refuses_before_anything_is_done_is_an_error(desk: Desk) -> None:
    targets = Targets(add_many(desk.store, 3))
    with pytest.raises(UsageError):
        desk.bulk.run(lambda desk, ids, seen: desk.triage.tag(ids, []), targets)
    with pytest.raises(NotFound):
        desk.bulk.undo("unknown")


def test_an_error_halfway_ends_it_with_what_was_done(desk: Desk) -> None:
    add_many(desk.store, 3 * CHUNK)
    calls: list[int] = []

    def once(desk: Desk, ids: Sequence[int], seen: Any) -> Any:
        calls.append(len(ids))
        if len(calls) > 1:
            raise UsageError("tag.none")
        return close(desk, ids, seen)

    report = desk.bulk.run(once, desk.bulk.everything(ALL_OPEN))
    assert report.error is not None
    assert (report.error.code, len(report.changed), report.is_whole) == ("tag.none", CHUNK, False)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "query", ["", "channel:email", "channel:email -tag:kept", "is:open limit:40"]
)
def test_a_whole_list_is_every_ticket_of_it_once(desk: Desk, sort: Sort, query: str) -> None:
    ids = add_many(desk.store, 1000)
    desk.triage.tag(ids[:10], ["kept"])
    desk.triage.close(ids[20:30])
    targets = desk.bulk.everything(
        ViewFilter(View.ALL, Status.OPEN, query=query, sort=sort), left_out={ids[40]}
    )
    meant = set(ids) - set(ids[20:30]) - {ids[40]}
    if "kept" in query:
        meant -= set(ids[:10])
    assert len(targets.ids) == len(set(targets.ids))
    if "limit" in query:
        assert len(targets) in (39, 40)
        assert set(targets.ids) <= meant
    else:
        assert set(targets.ids) == meant


def test_a_sample_is_of_the_first_few_as_a_list_shows_them(desk: Desk) -> None:
    ids = add_many(desk.store, 9)
    rows = desk.bulk.sample(desk.bulk.everything(ALL_OPEN))
    assert [row.id for row in rows] == ids[::-1][:5]


def test_twelve_at_once_do_each_ticket_once(desk: Desk) -> None:
    count = 3 * CHUNK
    add_many(desk.store, count)
    targets = desk.bulk.everything(ALL_OPEN)
    names = [f"agent{number}" for number in range(12)]
    for name in names:
        add_agent(desk.store, name)
    desks = [open_desk(desk.store.paths.root, agent=name) for name in names]
    reports: list[Any] = []
    begin = threading.Barrier(len(desks))

    def work(one: Desk) -> None:
        begin.wait()
        reports.append(Bulk(one).run(close, targets))

    threads = [threading.Thread(target=work, args=(one,)) for one in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in desks:
        one.close()
    assert len(reports) == len(desks)
    changed = [ticket for report in reports for ticket in report.changed]
    assert sorted(changed) == sorted(targets.ids)
    assert sum(len(report.skipped) for report in reports) == (len(desks) - 1) * count
    assert statuses(desk) == {"closed": count}


_KILLED = """
import sys
from pathlib import Path
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.desk import open_desk

desk = open_desk(Path(sys.argv[1]), agent="anna")
targets = desk.bulk.everything(ViewFilter(View.ALL, Status.OPEN))
desk.bulk.run(
    lambda desk, ids, seen: desk.triage.close(ids, versions=seen), targets, change_id="killed",
    told=lambda seen, total: print(seen, flush=True),
)
"""


def test_what_was_done_before_a_kill_is_taken_back_by_its_id(desk: Desk) -> None:
    count = 60 * CHUNK
    add_many(desk.store, count)
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(desk.store.paths.root)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    seen = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    closed = statuses(desk)["closed"]
    assert seen <= closed < count
    assert closed % CHUNK == 0
    undone = desk.bulk.undo("killed")
    assert len(undone.changed) == closed
    assert statuses(desk) == {"open": count}


def test_merging_many_into_one_is_one_change_and_is_taken_back(desk: Desk) -> None:
    ids = add_many(desk.store, CHUNK + 30)

    def merge(desk: Desk, part: Sequence[int], seen: Any) -> Any:
        return desk.merging.merge(part, ids[0], versions=seen)

    targets = desk.bulk.named(ids[1:])
    desk.triage.tag([ids[5]], ["vip"])
    report = desk.bulk.run(merge, targets)
    assert report.skipped == ((ids[5], "ticket.changed-meanwhile"),)
    assert len(report.changed) == CHUNK + 28
    undone = desk.bulk.undo(report.change_id)
    assert len(desk.bulk.everything(ALL_OPEN)) == len(ids)
    assert set(undone.changed) >= set(report.changed)


def test_adding_and_taking_tags_is_one_change(desk: Desk) -> None:
    (ticket,) = add_many(desk.store, 1)
    desk.triage.tag([ticket], ["old"])
    change = desk.triage.retag([ticket], ["new"], ["old"])
    with desk.store.read() as connection:
        assert connection.execute("SELECT tags FROM ticket").fetchone() == ("new",)
    assert desk.triage.retag([ticket], ["new"], ["old"]).skipped
    desk.triage.undo(change.change_id)
    with desk.store.read() as connection:
        assert connection.execute("SELECT tags FROM ticket").fetchone() == ("old",)
