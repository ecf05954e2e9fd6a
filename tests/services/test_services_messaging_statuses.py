"""What becomes of messages: told in any order, twice, too early or late, it ends the same."""

from __future__ import annotations

import tempfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartLimits
from helpdesk_tui.domain.messaging.received import ReadUpTo, StatusNews
from helpdesk_tui.services.messaging.statuses import apply_read, apply_status
from tests.support.messaging_out import CUSTOMER, World
from tests.support.store import activity_kinds

_STATES = [Delivery.SENDING, Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, "whatsapp")
    yield made
    made.store.close()


def test_whoever_looks_at_the_ticket_hears_that_a_reply_arrived_and_was_read(world):
    message = sent(world)
    for state in (Delivery.DELIVERED, Delivery.DELIVERED, Delivery.READ):
        tell(world, f"id-{message}.0", state)
    kinds = activity_kinds(world.store)
    assert [kind for kind in kinds if kind in ("message.delivered", "message.read")] == [
        "message.delivered", "message.read",
    ]  # fmt: skip


def tell(world, provider_id, state, code="", *, reference="", text=""):
    news = StatusNews(provider_id, state, world.clock(), code, text, reference)
    with world.store.write() as connection:
        return apply_status(connection, SYSTEM, world.clock(), world.account, news)


def sent(world, text="hello"):
    message = world.reply(text)
    world.run()
    assert world.message(message)["delivery"] == "sent"
    return message


@pytest.mark.parametrize(
    "order", permutations([Delivery.SENT, Delivery.DELIVERED, Delivery.READ]), ids=str
)
def test_statuses_never_go_backward(world, order):
    message = sent(world)
    for state in (*order, *order):
        tell(world, f"id-{message}.0", state)
    assert world.message(message)["delivery"] == "read"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    told=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(_STATES)), max_size=12),
    early=st.booleans(),
    seed=st.randoms(use_true_random=False),
)
def test_any_order_of_statuses_ends_the_same(told, early, seed):
    ends = []
    for _ in range(2):
        folder = Path(tempfile.mkdtemp(prefix="statuses-"))
        world = World(folder, "whatsapp")
        message = world.reply("one two three " * 7)
        world.cloud.limits = PartLimits(text=40)
        if not early:
            world.run()
        for position, state in told:
            tell(world, f"id-{message}.{position}", state, "131047")
        world.run()
        parts = world.parts(message)
        ends.append((world.message(message)["delivery"], [part["state"] for part in parts]))
        assert len(parts) == 3
        world.store.close()
        seed.shuffle(told)
    assert ends[0] == ends[1]


def test_what_comes_before_the_id_is_known_counts(world):
    message = world.reply("hello")
    assert tell(world, f"id-{message}.0", Delivery.DELIVERED) is None
    world.run()
    assert world.message(message)["delivery"] == "delivered"
    assert world.rows("SELECT * FROM early_status") == []


def test_a_reference_names_a_part_whose_id_was_lost(world):
    message = world.reply("hello")
    world.cloud.can_find = False
    world.cloud.faults.append("unanswered")
    loop = world.loop()
    loop.deliver()
    tell(world, "wamid.new", Delivery.SENT, reference=f"{message}.0")
    world.run(loop)
    assert world.message(message)["delivery"] == "sent"
    assert len(world.cloud.taken) == 1
    assert world.parts(message)[0]["provider_id"] == "wamid.new"


def test_news_of_an_uncertain_part_settle_it_and_let_the_rest_follow(world):
    world.cloud.limits = PartLimits(text=40)
    world.cloud.can_find = False
    message = world.reply("one two three " * 5)
    world.cloud.faults.append("unanswered")
    world.run()
    assert world.message(message)["delivery"] == "unknown"
    tell(world, "wamid.new", Delivery.DELIVERED, reference=f"{message}.0")
    world.run()
    assert [part["state"] for part in world.parts(message)] == ["delivered", "sent"]
    assert world.message(message)["delivery"] == "sent"


def test_a_failure_that_comes_late_brings_the_ticket_back(world):
    message = sent(world)
    with world.store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL")
    tell(world, f"id-{message}.0", Delivery.FAILED, "131047", text="Re-engagement message")
    row = world.message(message)
    assert (row["delivery"], row["error_code"]) == ("failed", "meta.131047")
    assert row["error_text"] == "Re-engagement message"
    ticket = world.rows("SELECT * FROM ticket")[0]
    assert (ticket["status"], ticket["unread"]) == ("open", 1)
    assert ticket["waiting_since"] is not None
    failed = world.rows("SELECT * FROM activity WHERE kind = 'message.failed'")
    assert [each["message_id"] for each in failed] == [message]


def test_what_came_too_late_for_the_window_can_return_to_the_draft(world):
    message = sent(world)
    tell(world, f"id-{message}.0", Delivery.FAILED, "131047")
    assert world.replies.undo_send(message).text == "hello"
    assert tell(world, f"id-{message}.0", Delivery.FAILED, "131047") is None


def test_news_of_a_try_that_was_given_up_move_nothing(world):
    message = sent(world)
    tell(world, f"id-{message}.0", Delivery.FAILED, "131047")
    world.replies.retry(message)
    tell(world, f"id-{message}.0", Delivery.FAILED, "131047", reference=f"{message}.0")
    world.run()
    assert world.message(message)["delivery"] == "sent"
    assert len(world.cloud.taken) == 2


def test_reading_reads_everything_up_to_a_moment(world):
    first = sent(world)
    between = world.clock.advance(minutes=1)
    world.clock.advance(minutes=1)
    second = sent(world)
    news = ReadUpTo(CUSTOMER, between)
    with world.store.write() as connection:
        apply_read(connection, SYSTEM, world.clock(), world.account, news)
    assert world.message(first)["delivery"] == "read"
    assert world.message(second)["delivery"] == "sent"
    named = ReadUpTo(CUSTOMER, between, f"id-{second}.0")
    with world.store.write() as connection:
        apply_read(connection, SYSTEM, world.clock(), world.account, named)
    assert world.message(second)["delivery"] == "read"


@pytest.mark.parametrize(
    "reference", ["", ".", "x.0", "9.x", "-1.0", "1.0.0", "9" * 40 + ".0", "٣.0", "²." * 9]
)
def test_nonsense_as_a_reference_is_kept_and_moves_nothing(world, reference):
    message = sent(world)
    assert tell(world, "other", Delivery.FAILED, "1", reference=reference) is None
    assert world.message(message)["delivery"] == "sent"
    assert len(world.rows("SELECT * FROM early_status")) == 1


def test_a_message_is_as_far_as_the_least_of_its_parts(world):
    world.cloud.limits = PartLimits(text=40)
    message = sent(world, "one two three " * 5)
    tell(world, f"id-{message}.0", Delivery.READ)
    assert world.message(message)["delivery"] == "sent"
    tell(world, f"id-{message}.1", Delivery.DELIVERED)
    assert world.message(message)["delivery"] == "delivered"


def test_what_is_never_asked_for_is_forgotten(world):
    from helpdesk_tui.services.messaging.parts import Parts

    tell(world, "never-ours", Delivery.SENT)
    world.clock.advance(days=9)
    Parts(world.store, now=world.clock).forget_old()
    assert world.rows("SELECT * FROM early_status") == []
