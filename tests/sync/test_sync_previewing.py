"""What a change would do is worked out for each source by itself: a slow one delays no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.actions import ActionRequest, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.commerce.previewing import PreviewLoop
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.source import ActingSource
from tests.support.acting import ActingDesk, Shop, ShopSource, add_source
from tests.support.store import add_message
from tests.support.waiting import PATIENCE, until


class _Shown(ShopSource):
    """A source that answers once it is let."""

    def __init__(self, may: threading.Event) -> None:
        super().__init__(Shop())
        self._may = may

    def preview(self, request: ActionRequest) -> Preview:
        """Show what was asked."""
        assert self._may.wait(PATIENCE)
        return Preview(request)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ActingDesk]:
    made = ActingDesk(tmp_path)
    yield made
    made.close()


def test_a_source_that_does_not_answer_delays_no_other(desk: ActingDesk) -> None:
    slow, quick = threading.Event(), threading.Event()
    quick.set()
    other = add_source(desk.store, "other")
    may = {desk.source_id: slow, other: quick}

    def connect(connected: ConnectedSource, secret: str, paces: Paces) -> ActingSource:
        return cast("ActingSource", _Shown(may[connected.id]))

    loop = PreviewLoop(desk.store, "w", lambda _: "", connect=connect, now=desk.clock)
    jobs = Jobs(desk.store, SYSTEM, now=desk.clock)
    first = desk.actions().preview(desk.request())
    second = desk.actions().preview(replace(desk.request(), source_id=other))
    loop.start()
    try:
        until(lambda: jobs.load(second).state is JobState.DONE)
        assert jobs.load(first).state is JobState.RUNNING
        slow.set()
        until(lambda: jobs.load(first).state is JobState.DONE)
    finally:
        slow.set()
        loop.stop()
        assert loop.join(PATIENCE)


@pytest.mark.parametrize(
    ("flags", "warned"),
    [("", []), ("same-id", []), ("same-id auth-failed", ["action.doubted-sender"]),
     ("typed-sender", ["action.doubted-sender"]), ("new-sender", ["action.doubted-sender"])],
)  # fmt: skip
def test_who_may_be_somebody_else_is_not_obeyed_without_a_warning(
    desk: ActingDesk, flags: str, warned: list[str]
) -> None:
    add_message(desk.store, desk.ticket, text="cancel #1042 please")
    with desk.store.write() as connection:
        connection.execute("UPDATE message SET flags = ?", (flags,))
    may = threading.Event()
    may.set()

    def connect(connected: ConnectedSource, secret: str, paces: Paces) -> ActingSource:
        return cast("ActingSource", _Shown(may))

    job = desk.actions().preview(desk.request())
    PreviewLoop(desk.store, "w", lambda _: "", connect=connect, now=desk.clock).once()
    done = Jobs(desk.store, SYSTEM, now=desk.clock).load(job)
    assert [code for code, _ in desk.actions().previewed(done).warnings] == warned
