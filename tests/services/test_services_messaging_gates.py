"""What may be sent by SMS, WhatsApp and Instagram, when, and to whom: nothing passes by scripts."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from helpdesk_tui.db.messaging.parts import set_whole
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.messaging.templates import TemplateFound
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.messaging.templates import Templates
from tests.support.messaging_out import CUSTOMER, OURS, World
from tests.support.store import START, add_message

PICTURE = OutgoingFile("a.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 90)


@pytest.fixture
def make(tmp_path):
    made: list[World] = []

    def world(channel="sms", **settings):
        made.append(World(tmp_path / str(len(made)), channel, **settings))
        return made[-1]

    yield world
    for each in made:
        each.store.close()


def code_of(call, *args, **more):
    with pytest.raises(HelpdeskError) as caught:
        call(*args, **more)
    return caught.value.code


def test_a_reply_goes_to_the_customer_from_the_number_they_wrote_to(make):
    world = make()
    row = world.message(world.reply("hello"))
    assert json.loads(row["recipients"]) == [CUSTOMER]
    assert (row["sender"], row["channel_account_id"]) == (OURS, world.account)
    assert (row["subject"], row["text"]) == ("", "hello")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"cc": ["x@y.example"]}, "reply.no-copies"),
        ({"bcc": ["x@y.example"]}, "reply.no-copies"),
        ({"to": "+15550009999"}, "reply.not-participant"),
    ],
)
def test_nobody_else_can_be_written_to(make, more, code):
    assert code_of(make().reply, "hello", **more) == code


def test_three_seconds_are_left_to_take_it_back(make):
    world = make()
    queued = world.replies.reply(world.ticket, "hello")
    assert queued.due_at - world.clock() == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("state", "code"), [("withdrawn", "reply.opted-out"), (None, "reply.no-consent")]
)
def test_sms_needs_consent(make, state, code):
    world = make()
    ticket = world.add_ticket("+15557770009")
    if state:
        world.consent(state, "+15557770009")
    assert code_of(world.reply, "hello", ticket) == code
    with pytest.raises(NotAllowed) as caught:
        world.reply("hello", ticket)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("channel", "settings", "hours", "code"),
    [
        ("whatsapp", {}, 23.9, ""),
        ("whatsapp", {}, 24.1, "reply.window-closed"),
        ("instagram", {}, 23.9, ""),
        ("instagram", {}, 24.1, "reply.human-only"),
        ("instagram", {"human_agent": True}, 24.1, ""),
        ("instagram", {"human_agent": True}, 7 * 24 + 0.1, "reply.window-closed"),
        ("instagram", {}, 7 * 24 + 0.1, "reply.window-closed"),
    ],
)
def test_windows_open_and_shut(make, channel, settings, hours, code):
    world = make(channel, **settings)
    world.clock.now = START + timedelta(hours=hours)
    if code:
        assert code_of(world.reply, "hello") == code
    else:
        world.reply("hello")


def test_a_channel_that_is_off_takes_no_replies(make):
    world = make()
    with world.store.write() as connection:
        connection.execute("UPDATE channel_account SET enabled = 0")
    assert code_of(world.reply, "hello") == "channel.off"


def test_a_reply_cannot_be_put_off_beyond_the_window(make):
    world = make("whatsapp")
    later = START + timedelta(hours=30)
    assert code_of(world.reply, "hello", at=later) == "reply.window-closed"
    queued = world.replies.reply(world.ticket, "hello", at=START + timedelta(hours=10))
    assert code_of(world.replies.reschedule, queued.message_id, later) == "reply.window-closed"


def test_a_scheduled_reply_fails_with_the_reason_if_consent_was_withdrawn_meanwhile(make):
    world = make()
    queued = world.replies.reply(world.ticket, "hello", at=START + timedelta(hours=10))
    world.consent("withdrawn")
    world.clock.now = START + timedelta(hours=11)
    world.run()
    row = world.message(queued.message_id)
    assert (row["delivery"], row["error_code"]) == ("failed", "reply.opted-out")
    assert code_of(world.replies.retry, queued.message_id) == "reply.opted-out"
    assert world.replies.undo_send(queued.message_id).text == "hello"


def test_texts_beyond_the_limit_are_refused_with_the_numbers(make):
    with pytest.raises(UsageError) as caught:
        make().reply("x" * 1_601)
    assert caught.value.code == "reply.too-long"
    assert caught.value.values["limit"] == 1_600


@pytest.mark.parametrize(
    ("channel", "settings", "code"),
    [
        ("sms", {}, "reply.no-relay"),
        ("sms", {"relay": "https://relay.example"}, ""),
        ("instagram", {}, "reply.no-relay"),
        ("whatsapp", {}, ""),
    ],
)
def test_files_need_a_relay_where_the_provider_takes_addresses_only(make, channel, settings, code):
    world = make(channel, **settings)
    if code:
        assert code_of(world.reply, "look", files=[PICTURE]) == code
    else:
        world.reply("look", files=[PICTURE])


def entered(world, body="Hello {{1}}, about order {{2}}: write to us."):
    account = Accounts(world.store, world.agent).all("whatsapp")[0]
    found = [
        TemplateFound("order_news", "en", "approved", body, "utility"),
        TemplateFound("sale", "en", "rejected", "Buy!", "marketing"),
    ]
    Templates(world.store, SYSTEM).synced(account, found)
    return account


def test_a_template_may_be_sent_while_the_window_is_shut(make):
    world = make("whatsapp")
    entered(world)
    world.clock.now = START + timedelta(days=40)
    use = TemplateUse("order_news", "en", ("Lena", "{{1}}"))
    message = world.reply("", template=use)
    assert world.message(message)["text"] == "Hello Lena, about order {{1}}: write to us."
    world.run()
    part = world.cloud.taken[0]
    assert (part.kind, part.template) == ("template", use)
    thread_row = world.message(message)
    assert thread_row["delivery"] == "sent"


@pytest.mark.parametrize(
    ("use", "code"),
    [
        (TemplateUse("order_news", "en", ("Lena",)), "template.values"),
        (TemplateUse("order_news", "en", ("Lena", "1\n2")), "template.bad-value"),
        (TemplateUse("order_news", "en", ("Lena", " ")), "template.bad-value"),
        (TemplateUse("order_news", "pl", ("Lena", "1")), "template.missing"),
        (TemplateUse("sale", "en"), "template.not-approved"),
    ],
)
def test_templates_that_would_be_refused_are_refused_here(make, use, code):
    world = make("whatsapp")
    entered(world)
    assert code_of(world.reply, "", template=use) == code


def test_who_opted_out_gets_no_template_either(make):
    world = make("whatsapp")
    entered(world)
    world.consent("withdrawn")
    use = TemplateUse("order_news", "en", ("Lena", "1"))
    assert code_of(world.reply, "", template=use) == "reply.opted-out"


def test_the_draft_stays_when_a_template_is_sent(make):
    from helpdesk_tui.domain.messages import DraftKind
    from helpdesk_tui.services.drafts import Drafts

    world = make("whatsapp")
    entered(world)
    drafts = Drafts(world.store, world.agent, now=world.clock)
    drafts.save(world.ticket, DraftKind.REPLY, "half a thought")
    world.reply("", template=TemplateUse("order_news", "en", ("Lena", "1")))
    draft = drafts.load(world.ticket, DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "half a thought"


def test_synced_templates_that_are_gone_go_and_entered_ones_stay(make):
    world = make("whatsapp")
    account = entered(world)
    templates = Templates(world.store, SYSTEM)
    templates.add(account, TemplateFound("by_hand", "pl", "approved", "Cześć {{1}}"))
    templates.synced(account, [TemplateFound("sale", "en", "approved", "Buy!")])
    found = [(each.name, each.status) for each in templates.of_account(account)]
    assert found == [("by_hand", "approved"), ("sale", "approved")]
    assert code_of(templates.remove, account, "sale") == "template.in-use"
    assert templates.remove(account, "by_hand") == 1


@pytest.mark.parametrize(
    ("name", "language", "body", "code"),
    [
        ("Big", "en", "x", "template.bad-name"),
        ("a", "english", "x", "template.bad-language"),
        ("a", "en", "", "template.bad-body"),
        ("a", "en", "{{1}} {{3}}", "template.bad-body"),
    ],
)
def test_templates_that_providers_would_refuse_cannot_be_entered(make, name, language, body, code):
    world = make("whatsapp")
    account = Accounts(world.store, world.agent).all("whatsapp")[0]
    templates = Templates(world.store, SYSTEM)
    assert code_of(templates.add, account, TemplateFound(name, language, "approved", body)) == code


# addresses at which nothing arrives ---------------------------------------------------------------


def dead_end(world):
    """Return why nothing arrives, as the composer is told."""
    with world.store.read() as connection:
        info = load_messaging(connection, world.ticket)
    assert info is not None
    return info.dead_end


def ends(world, message, state, code=""):
    """Let a message end."""
    with world.store.write() as connection:
        set_whole(connection, message, state, code, "")


@pytest.mark.parametrize(
    ("channel", "code", "is_told"),
    [
        ("sms", "twilio.21211", True),
        ("sms", "twilio.21614", True),
        ("sms", "twilio.21635", True),
        ("sms", "twilio.30005", True),
        ("sms", "twilio.30006", True),
        ("sms", "twilio.30003", False),
        ("sms", "twilio.30007", False),
        ("whatsapp", "twilio.63003", True),
        ("whatsapp", "meta.131026", True),
        ("whatsapp", "meta.131047", False),
        ("instagram", "meta.551", True),
    ],
)
def test_a_number_that_cannot_be_reached_is_told_and_may_be_tried(make, channel, code, is_told):
    world = make(channel)
    assert dead_end(world) == ""
    ends(world, world.reply("hello"), Delivery.FAILED, code)
    assert dead_end(world) == (code if is_told else "")
    again = world.reply("hello again")
    assert dead_end(world) == (code if is_told else "")
    ends(world, again, Delivery.DELIVERED)
    assert dead_end(world) == ""


def test_whoever_writes_can_be_reached(make):
    world = make()
    ends(world, world.reply("hello"), Delivery.FAILED, "twilio.30006")
    add_message(world.store, world.ticket, channel="sms", text="hi", sender=CUSTOMER)
    assert dead_end(world) == ""
