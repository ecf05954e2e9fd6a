"""Replies by a provider: every part leaves once, in order, whatever goes wrong in between."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest

from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messaging.parts import PartLimits
from tests.support.messaging_out import CUSTOMER, Killed, KillingStore, World

LONG = "Your parcel left our warehouse this morning and will reach you on Thursday, we think."


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.store.close()


def test_a_long_text_leaves_in_parts_at_word_ends(world):
    message = world.reply(LONG)
    world.run()
    assert " ".join(world.cloud.texts) == LONG
    assert all(len(text) <= 40 for text in world.cloud.texts)
    assert world.message(message)["delivery"] == "sent"
    assert {part["state"] for part in world.parts(message)} == {"sent"}


def test_a_busy_provider_is_asked_again_and_nothing_leaves_twice(world):
    message = world.reply(LONG)
    world.cloud.faults.extend(["", "429", "429"])
    world.run()
    assert world.cloud.references == [f"{message}.{n}" for n in range(3)]
    assert world.message(message)["delivery"] == "sent"


def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(world):
    message = world.reply(LONG)
    world.cloud.lists_after = timedelta(seconds=20)
    world.cloud.faults.extend(["", "unanswered"])
    world.run()
    assert world.cloud.references == [f"{message}.{n}" for n in range(3)]
    assert world.message(message)["delivery"] == "sent"


@pytest.mark.parametrize("can_find", [True, False])
def test_what_cannot_be_found_within_a_minute_is_left_to_a_person(world, can_find):
    message = world.reply(LONG)
    world.cloud.can_find = can_find
    world.cloud.faults.extend(["", "lost"])
    began = world.clock()
    world.run()
    assert world.message(message)["delivery"] == "unknown"
    assert timedelta(seconds=60) <= world.clock() - began < timedelta(seconds=80)
    assert len(world.cloud.taken) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_a_decision_about_an_unknown_part_sends_only_what_is_missing(world, sent):
    message = world.reply(LONG)
    world.cloud.faults.extend(["", "lost"])
    world.run()
    world.replies.resolve(message, sent=sent)
    world.run()
    wanted = [0, 2] if sent else [0, 1, 2]
    assert world.cloud.references == [f"{message}.{n}" for n in wanted]
    assert world.message(message)["delivery"] == "sent"


def test_a_retry_of_a_failed_message_sends_only_what_is_missing(world):
    message = world.reply(LONG)
    world.cloud.faults.extend(["", "refused"])
    world.run()
    failed = world.message(message)
    assert (failed["delivery"], failed["error_code"]) == ("failed", "twilio.21610")
    world.consent("given")
    world.replies.retry(message)
    world.run()
    assert world.cloud.references == [f"{message}.{n}" for n in range(3)]
    assert world.message(message)["delivery"] == "sent"


def test_a_refusal_for_opting_out_withdraws_consent(world):
    world.reply("hello")
    world.cloud.faults.append("refused")
    world.run()
    newest = world.rows("SELECT * FROM consent ORDER BY id DESC LIMIT 1")[0]
    assert (newest["state"], newest["source"]) == ("withdrawn", "provider")
    ticket = world.rows(f"SELECT * FROM ticket WHERE id = {world.ticket}")[0]
    assert (ticket["status"], ticket["unread"]) == ("open", 1)


def test_a_customer_who_is_to_wait_holds_up_nobody_else(world):
    other = world.add_ticket("+15557770002")
    world.consent("given", "+15557770002")
    first, second = world.reply("one"), world.reply("two", other)
    world.cloud.faults.append("too-fast")
    world.run()
    assert world.cloud.references == [f"{second}.0", f"{first}.0"]
    assert world.cloud.at[1] - world.cloud.at[0] >= timedelta(seconds=6)


def test_the_order_within_a_ticket_is_kept_while_the_first_waits(world):
    first, second = world.reply("one"), world.reply("two")
    world.cloud.wait[CUSTOMER] = 6.0
    world.run()
    assert world.cloud.references == [f"{first}.0", f"{second}.0"]


def test_refused_credentials_stop_the_account(world):
    other = world.add_ticket("+15557770002")
    world.consent("given", "+15557770002")
    world.reply("one")
    world.reply("two", other)
    world.cloud.faults.append("auth")
    loop = world.loop()
    loop.deliver()
    assert world.cloud.taken == []
    assert world.waiting() == 2


@pytest.mark.parametrize("state", ["withdrawn"])
def test_a_stop_that_comes_while_a_reply_waits_stops_it(world, state):
    message = world.reply(LONG)
    world.cloud.wait[CUSTOMER] = 3.0
    loop = world.loop()
    loop.deliver()
    world.consent(state)
    world.run(loop)
    row = world.message(message)
    assert (row["delivery"], row["error_code"]) == ("failed", "reply.opted-out")
    assert world.cloud.taken == []


def test_what_our_own_rules_held_back_can_return_to_the_draft(world):
    message = world.reply("hello")
    world.consent("withdrawn")
    world.run()
    draft = world.replies.undo_send(message)
    assert draft.text == "hello"
    assert world.rows("SELECT * FROM message WHERE direction = 'outbound'") == []


def test_nothing_returns_to_the_draft_once_a_part_has_left(world):
    message = world.reply(LONG)
    world.cloud.faults.extend(["", "429"])
    world.loop().deliver()
    assert len(world.cloud.taken) == 1
    with pytest.raises(Exception, match="already-sent"):
        world.replies.undo_send(message)


def test_files_travel_with_their_bytes_and_a_caption(tmp_path):
    world = World(tmp_path, "whatsapp")
    world.cloud.limits = PartLimits(4_096, caption=1_024, caption_kinds=frozenset({"image"}))
    picture = OutgoingFile("label.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 500)
    world.reply("here it is", files=[picture])
    world.run()
    part = world.cloud.taken[0]
    assert (part.text, part.files[0].read()) == ("here it is", picture.data)
    assert len(world.cloud.taken) == 1
    world.store.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_worker_that_ends_between_any_two_steps_sends_every_part_once(tmp_path, after):
    for kill_at in count(1):
        world = World(tmp_path / f"{kill_at}-{after}")
        message = world.reply(LONG)
        store = KillingStore(world.store.paths.root, kill_at, after=after)
        with suppress(Killed):
            world.run(world.loop(store))
        store.close()
        world.run()
        was_killed = store.left <= 0
        if world.message(message)["delivery"] == "unknown":
            # it ended between the note and the request: nobody can know, so a person is asked
            assert after
            world.replies.resolve(message, sent=False)
            world.run()
        assert world.cloud.references == [f"{message}.{n}" for n in range(3)], kill_at
        assert world.message(message)["delivery"] == "sent", kill_at
        world.store.close()
        if not was_killed:
            assert kill_at > 8
            return


@pytest.mark.parametrize("seed", range(25))
def test_whatever_goes_wrong_every_part_leaves_once_in_order(tmp_path, seed):
    dice = random.Random(seed)
    world = World(tmp_path)
    second = world.add_ticket("+15557770002")
    world.consent("given", "+15557770002")
    sent = [world.reply(f"{n} {LONG}", dice.choice([world.ticket, second])) for n in range(6)]
    kinds = ["", "", "", "429", "unanswered", "too-fast", "dies-before", "dies-after"]
    world.cloud.faults.extend(dice.choice(kinds) for _ in range(40))
    world.cloud.lists_after = timedelta(seconds=dice.randrange(40))
    loop = world.loop()
    for _ in range(2_000):
        try:
            loop.deliver()
        except Killed:
            loop = world.loop()
            loop.owner = f"anew-{dice.random()}"
        if not world.waiting():
            break
        world.clock.advance(seconds=1)
    references = world.cloud.references
    assert len(references) == len(set(references))
    for ticket in (world.ticket, second):
        of_ticket = [
            each["id"]
            for each in world.rows(
                f"SELECT id FROM message WHERE ticket_id = {ticket} AND direction = 'outbound'"
            )
        ]
        left = [tuple(map(int, each.split("."))) for each in references]
        left = [each for each in left if each[0] in of_ticket]
        assert left == sorted(left)
    for message in sent:
        row, parts = world.message(message), world.parts(message)
        assert row["delivery"] in ("sent", "unknown")
        if row["delivery"] == "sent":
            assert {part["state"] for part in parts} == {"sent"}
            assert references.count(f"{message}.0") == 1
    world.store.close()
