"""Keywords of people without a ticket are answered, each once at most whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.sync.channels.errors import Rejected, Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.keyword_loop import KeywordLoop
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingPart
from tests.support.messaging import LENA, OURS, MessagingBox
from tests.support.store import FakeClock, make_store


class Line:
    """A provider that takes texts, and goes wrong when told to."""

    def __init__(self) -> None:
        self.taken: list[OutgoingPart] = []
        self.faults: list[HelpdeskError] = []

    def send(self, part: OutgoingPart) -> Accepted:
        """Take a text."""
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(part)
        return Accepted(f"id-{len(self.taken)}", Delivery.SENT)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def box(store: Store) -> MessagingBox:
    box = MessagingBox(store, FakeClock())
    box.set("stop-answer", "bye")
    box.hear(box.whatsapp, box.said("STOPP"))
    return box


@pytest.fixture
def line() -> Line:
    return Line()


def loop(box: MessagingBox, line: Line) -> KeywordLoop:
    class Receiver:
        account = box.whatsapp

    return KeywordLoop(Receiver(), box.store, lambda: line, now=box.clock)  # type: ignore[arg-type,return-value]


def test_an_answer_leaves_once(box: MessagingBox, line: Line) -> None:
    found = loop(box, line)
    found.once()
    found.once()
    ((part),) = line.taken
    assert (part.address, part.ours, part.text) == (LENA, OURS, "bye")
    assert box.row("keyword_answer")["state"] == "sent"
    assert found.step() > 60


def test_what_did_not_leave_is_tried_again(box: MessagingBox, line: Line) -> None:
    line.faults.append(Retry("provider.busy", after=5.0))
    found = loop(box, line)
    found.once()
    assert line.taken == []
    assert 20 <= found.step() <= 31
    box.clock.advance(minutes=1)
    found.once()
    assert len(line.taken) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [(Uncertain("provider.uncertain"), "unknown"), (Rejected("twilio.21610"), "failed")],
)
def test_what_may_have_left_and_what_is_refused_stay_so(
    box: MessagingBox, line: Line, fault: HelpdeskError, state: str
) -> None:
    line.faults.append(fault)
    found = loop(box, line)
    for _ in range(3):
        found.once()
        box.clock.advance(minutes=5)
    assert line.taken == []
    assert box.row("keyword_answer")["state"] == state


def test_what_a_dead_worker_was_sending_is_not_sent_again(box: MessagingBox, line: Line) -> None:
    box.change("keyword_answer", 1, state="sending")
    loop(box, line).once()
    assert line.taken == []
    assert box.row("keyword_answer")["state"] == "unknown"


def test_nobody_is_answered_hours_later(box: MessagingBox, line: Line) -> None:
    box.clock.advance(hours=2)
    loop(box, line).once()
    assert line.taken == []
    assert box.row("keyword_answer")["error_code"] == "keyword.too-late"


def test_the_echo_of_an_answer_is_no_message(box: MessagingBox, line: Line) -> None:
    loop(box, line).once()
    box.hear(box.whatsapp, box.answered("bye", external_id="id-1"))
    assert len(box.rows("intake")) == 1
