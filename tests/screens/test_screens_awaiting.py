"""The store is looked at more often while somebody waits for what is about to come."""

from __future__ import annotations

import threading

from helpdesk_tui.screens.inbox.live import LiveWatch, Task
from tests.support.waiting import PATIENCE, until


def test_what_is_awaited_is_looked_at_more_often_than_the_rest() -> None:
    done: list[str] = []
    is_awaited = threading.Event()
    is_awaited.set()
    watch = LiveWatch(
        lambda: None,
        lambda _changes: None,
        (
            Task(1, lambda: done.append("tick")),
            Task(1, lambda: done.append("soon"), is_awaited.is_set),
        ),
    )
    watch.start()
    until(lambda: done.count("tick") >= 4)
    hurried = done.count("soon") / done.count("tick")
    is_awaited.clear()
    begun = len(done)
    until(lambda: len(done) >= begun + 12)
    watch.stop()
    calm = done[begun:]
    assert hurried > 2
    assert abs(calm.count("soon") - calm.count("tick")) <= 4


def test_watch_ends_at_once_while_somebody_waits() -> None:
    looks: list[None] = []
    task = Task(1, lambda: looks.append(None), lambda: True)
    watch = LiveWatch(lambda: None, lambda _changes: None, (task,))
    watch.start()
    until(lambda: len(looks) > 3)
    ended = threading.Thread(target=watch.stop)
    ended.start()
    ended.join(PATIENCE)
    assert not ended.is_alive()
