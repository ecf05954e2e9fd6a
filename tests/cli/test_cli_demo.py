"""The sample desk: believable, on all channels, the same for the same seed."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from helpdesk_tui.cli.demo.desk import sample_desk
from helpdesk_tui.cli.demo.files import sample_file
from helpdesk_tui.cli.demo.phones import open_phones
from helpdesk_tui.cli.demo.stories import load_library
from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Delivery, Direction
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.store import START


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill one sample store for all tests here, which only read it."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    fill(folder, now=START)
    return folder


@pytest.fixture
def desk(root: Path) -> Desk:
    return open_desk(root, agent="anna", read_only=True, clock=lambda: START)


def test_about_two_hundred_tickets_on_all_channels() -> None:
    tickets = sample_desk(START).tickets
    assert 180 <= len(tickets) <= 220
    assert set(Counter(ticket.channel for ticket in tickets)) == set(CHANNELS)
    assert {ticket.status for ticket in tickets} == set(Status)
    assert any(ticket.spam for ticket in tickets)
    sent = {m.delivery for t in tickets for m in t.messages if m.direction is Direction.OUTBOUND}
    assert {
        Delivery.SENT,
        Delivery.DELIVERED,
        Delivery.READ,
        Delivery.FAILED,
        Delivery.QUEUED,
    } <= sent


def test_the_same_seed_and_moment_give_the_same_desk() -> None:
    assert sample_desk(START, seed=5) == sample_desk(START, seed=5)
    assert sample_desk(START, seed=5) != sample_desk(START, seed=6)


def test_times_end_now_and_run_forward() -> None:
    for ticket in sample_desk(START).tickets:
        times = [message.at for message in ticket.messages]
        assert times == sorted(times)
        assert START - timedelta(days=40) < times[0] <= times[-1] <= START
        assert all(times[0] <= event.at <= START for event in ticket.events)
        if ticket.snoozed_until is not None:
            assert ticket.snoozed_until > START


def test_no_gap_or_choice_of_a_story_is_left_open() -> None:
    for ticket in sample_desk(START).tickets:
        for text in (ticket.subject, *(message.text for message in ticket.messages)):
            assert not set("{}|") & set(text.replace("Kevin | SEO", "")), text
            assert "[[" not in text


def test_texts_are_stored_as_ingest_would_leave_them() -> None:
    for ticket in sample_desk(START).tickets:
        assert clean(ticket.subject) == ticket.subject
        for message in ticket.messages:
            assert clean_lines(message.text) == message.text
            assert all(0 <= f.start < f.end <= len(message.text) for f in message.folds)


def test_the_first_screen_has_something_to_do(desk: Desk) -> None:
    counts = desk.inbox.counts()
    assert counts[View.UNASSIGNED].unread >= 5
    assert counts[View.MINE].unread >= 3
    assert counts[View.SPAM].unread >= 1
    first = desk.inbox.page(ViewFilter(View.UNASSIGNED, Status.OPEN), limit=1).rows[0]
    assert (first.customer_name, first.unread) == ("Anna Kowalska", True)
    thread = desk.threads.load(first.id)
    assert [m.direction.value for m in thread.messages] == [
        "inbound",
        "note",
        "outbound",
        "inbound",
    ]
    assert thread.messages[0].attachments[0].filename == "box.jpg"


def test_counters_and_search_agree_with_the_rows(root: Path, desk: Desk) -> None:
    link = sqlite3.connect(StorePaths(root).database)
    (tickets,) = link.execute("SELECT count(*) FROM ticket").fetchone()
    (tallied,) = link.execute("SELECT sum(total) FROM ticket_tally").fetchone()
    (messages,) = link.execute("SELECT count(*) FROM message").fetchone()
    (indexed,) = link.execute("SELECT count(*) FROM message_fts_docsize").fetchone()
    orders = link.execute("SELECT received_at FROM message ORDER BY id").fetchall()
    link.close()
    assert tickets == tallied
    assert messages == indexed
    assert orders == sorted(orders)


def test_nothing_can_be_sent_from_it(root: Path) -> None:
    link = sqlite3.connect(StorePaths(root).database)
    rows = link.execute("SELECT enabled, settings FROM channel_account").fetchall()
    link.close()
    assert len(rows) == len(CHANNELS)
    assert {(enabled, json.dumps(json.loads(text))) for enabled, text in rows} == {(0, "{}")}


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "instagram"])
def test_the_phones_can_be_tried_out_and_nothing_leaves(tmp_path: Path, channel: str) -> None:
    fill(tmp_path)
    with closing(open_desk(tmp_path, agent="anna")) as desk:
        open_phones(desk)
        account = next(each for each in desk.admin.channels() if each.channel == channel)
        ticket = desk.inbox.page(ViewFilter(View.ALL, query=f"channel:{channel}")).rows[0]
        queued = desk.replies.reply(ticket.id, "On its way", undo=False)
        adapter = adapter_of(channel)
        assert [check.ok for check in adapter.test(account, no_secret)] == [True]
        loop = DeliveryLoop(desk.store, "worker", no_secret, adapter=adapter)
        loop.deliver()
        thread = desk.threads.load(ticket.id)
    sent = next(each for each in thread.messages if each.id == queued.message_id)
    assert sent.delivery is Delivery.SENT
    assert thread.ticket.messaging is not None
    assert thread.ticket.messaging.templates == (2 if channel == "whatsapp" else 0)


def no_secret(account: object, purpose: str) -> str:
    raise AssertionError("nobody is logged in to")


@pytest.mark.parametrize("name", ["box.jpg", "pole-1.jpg", "logo.png"])
def test_pictures_are_real(name: str) -> None:
    file = sample_file(name)
    picture = Image.open(io.BytesIO(file.data))
    picture.load()
    assert picture.width > 0
    assert f"image/{(picture.format or '').lower()}" == file.content_type
    assert len(picture.convert("RGB").getcolors(100_000) or ()) > 20


def test_a_sample_pdf_points_at_its_own_objects() -> None:
    data = sample_file("invoice-1.pdf").data
    start = int(data.split(b"startxref\n")[1].split()[0])
    assert data[start : start + 4] == b"xref"
    offsets = [int(line[:10]) for line in data[start:].splitlines()[3:8]]
    assert [data[at : at + 1] for at in offsets] == [b"1", b"2", b"3", b"4", b"5"]


def test_every_language_has_its_own_people() -> None:
    languages = {story.language.code for story in load_library().stories}
    assert {"en", "pl", "de", "sv", "pt"} <= languages


def test_the_past_ends_where_it_is_told(tmp_path: Path) -> None:
    moment = datetime(2031, 2, 28, 23, 59, tzinfo=UTC)
    fill(tmp_path / "store", now=moment)
    desk = open_desk(tmp_path / "store", agent="anna")
    newest = desk.inbox.page(ViewFilter(View.ALL), limit=1).rows[0]
    desk.close()
    assert timedelta(0) <= moment - newest.last_message_at < timedelta(minutes=5)
