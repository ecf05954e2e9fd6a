"""Links in SMS: short ones leave, the thread shows the long ones, late relays hold up nobody."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from helpdesk_tui.db.reads.thread import load_message
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.messaging.links import links_in, shortened
from helpdesk_tui.domain.messaging.parts import PartLimits
from helpdesk_tui.domain.messaging.relaying import Click
from helpdesk_tui.services.messaging.short_links import ShortLinks
from tests.support.messaging_out import World

LONG = "https://shop.example/parcels/where-is-it?order=4711&utm_source=sms&utm_medium=reply"
TEXT = f"Look here: {LONG}. Or ({LONG}), or https://a.example."


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, relay="https://relay.example", links="https://l.shop.example")
    made.cloud.limits = PartLimits(text=1_600)
    with made.store.write() as connection:
        save_setting(connection, "sms-short-links", DESK, json.dumps("on"))
    yield made
    made.store.close()


def test_long_links_leave_in_short_and_stand_in_the_thread_as_written(world):
    message = world.reply(TEXT)
    links = ShortLinks(world.store)
    ((code, url),) = links.unpublished([world.account], 10).items()
    assert url == LONG
    assert re.fullmatch(r"[A-Za-z0-9]{7,}", code)
    links.published([code])
    world.run()
    short = f"https://l.shop.example/l/{code}"
    assert world.cloud.texts == [f"Look here: {short}. Or ({short}), or https://a.example."]
    assert world.message(message)["text"] == TEXT


def test_a_reply_waits_for_the_relay_to_know_its_links(world):
    world.reply(TEXT)
    loop = world.loop()
    loop.deliver()
    assert world.cloud.taken == []
    links = ShortLinks(world.store)
    links.published(list(links.unpublished([world.account], 10)))
    world.run(loop)
    assert LONG not in world.cloud.texts[0]


def shown_links(world, message):
    """Return the links of a message as a thread has them."""
    with world.store.read() as connection:
        row = load_message(connection, message)
    assert row is not None
    return [(each.url, each.clicks, each.last_click_at) for each in row.short_links]


def version(world):
    """Return the version of the one ticket."""
    return world.rows("SELECT version FROM ticket")[0]["version"]


def test_the_thread_shows_how_often_its_links_were_followed(world):
    message = world.reply(TEXT)
    links = ShortLinks(world.store)
    (code,) = links.unpublished([world.account], 10)
    links.published([code])
    assert shown_links(world, message) == []
    world.run()
    assert shown_links(world, message) == [(LONG, 0, None)]
    before, at = version(world), world.clock()
    links.clicked([Click(1, code, at), Click(2, code, at + timedelta(minutes=1))])
    links.clicked([Click(2, code, at + timedelta(minutes=1))])
    assert shown_links(world, message) == [(LONG, 2, at + timedelta(minutes=1))]
    assert version(world) > before


def test_a_relay_that_does_not_answer_is_not_waited_for_long(world):
    message = world.reply(TEXT)
    began = world.clock()
    world.run()
    assert world.cloud.texts == [TEXT]
    assert shown_links(world, message) == []
    assert world.clock() - began < timedelta(seconds=30)


def test_nothing_is_put_in_short_without_the_setting_or_a_relay(tmp_path):
    world = World(tmp_path)
    world.reply(TEXT)
    assert world.rows("SELECT * FROM short_link") == []
    world.store.close()


def test_links_of_a_reply_that_was_taken_back_are_gone(world):
    queued = world.replies.reply(world.ticket, TEXT)
    assert len(world.rows("SELECT * FROM short_link")) == 1
    world.replies.undo_send(queued.message_id)
    assert world.rows("SELECT * FROM short_link") == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("https://a.example/1 https://a.example/1", ["https://a.example/1"]),
        ("HTTPS://A.example/x!?", ["HTTPS://A.example/x"]),
        ("no link: http//x ftp://y", []),
        ("https://å.example/x", []),
        ("https://" + "x" * 3_000, []),
        ("https://me:word@a.example/x https://a.example:99999/x", []),
    ],
)
def test_links_are_found_without_the_sentence_around_them(text, links):
    assert links_in(text) == links
    assert shortened(text, {}) == text
