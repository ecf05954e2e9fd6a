"""Messages leave through Twilio once, and what became of them is told in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import (
    PartKind,
    PlannedPart,
    Reply,
    ReplyFile,
    TemplateUse,
)
from helpdesk_tui.domain.messaging.twilio_codes import known_numbers
from helpdesk_tui.services.messaging.parts import Parts
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import OutgoingMedia, OutgoingPart
from helpdesk_tui.widgets.words.errors import SENTENCES
from tests.support.providers.faults import Fault
from tests.support.providers.running import running_providers
from tests.support.store import make_desk
from tests.support.twilio_desk import TwilioDesk

LENA = "+15557770001"


@pytest.fixture
def sim():
    with running_providers() as running:
        yield running


@pytest.fixture
def desk(tmp_path, sim):
    made = make_desk(tmp_path)
    yield TwilioDesk(made.store, sim.twilio)
    made.close()


@pytest.fixture
def account(desk):
    return desk.number()


@pytest.fixture
def provider(desk, account):
    made = desk.provider(account)
    yield made
    made.close()


def _part(text="It is on its way.", **values):
    plain = OutgoingPart(
        message_id=1, position=0, kind=PartKind.TEXT, address=LENA, ours="+15550001111",
        text=text, begun_at=datetime.now(UTC),
    )  # fmt: skip
    return replace(plain, **values)


def _file(kind="image/png", name="label.png"):
    return ReplyFile("a" * 64, name, kind, 100)


def test_a_text_leaves_and_is_followed_to_its_end(provider, sim):
    taken = provider.send(_part())
    assert [each.text for each in sim.sent_to(LENA)] == ["It is on its way."]
    assert taken.state in (Delivery.SENDING, Delivery.SENT)
    news = provider.status(_part(provider_id=taken.provider_id))
    assert (news.external_id, news.state) == (taken.provider_id, Delivery.DELIVERED)


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.BROKEN_AFTER])
def test_one_that_left_without_an_answer_is_found_and_not_sent_again(provider, sim, fault):
    provider.send(_part("Hello again"))
    sim.faults.next("twilio.send", fault)
    part = _part("It  is on its way. ")
    with pytest.raises(Uncertain):
        provider.send(part)
    found = provider.find(part)
    assert [each.external_id for each in sim.sent_to(LENA)][-1] == found
    assert len(sim.sent_to(LENA)) == 2


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.BROKEN])
def test_one_that_never_left_is_not_found(provider, sim, fault):
    sim.faults.next("twilio.send", fault)
    with pytest.raises(Uncertain):
        provider.send(_part())
    assert provider.find(_part()) is None


def test_the_same_words_sent_earlier_are_not_taken_for_it(desk, account, provider, sim):
    first = provider.send(_part("OK"))
    parts = Parts(desk.store)
    ticket = _ticket(desk)
    parts.plan(ticket, account.id, [PlannedPart(PartKind.TEXT, "OK")])
    with desk.store.write() as connection:
        connection.execute("UPDATE message_part SET provider_id = ?", (first.provider_id,))
    assert provider.find(_part("OK")) is None
    second = provider.send(_part("OK"))
    assert provider.find(_part("OK")) == second.provider_id


def _ticket(desk):
    """Let somebody write; return the id of their message: parts belong to one."""
    account = desk.number(number="+15550001111")
    desk.sim.customer_sends(LENA, "hello")
    reader = desk.receiver(account)
    reader.fetch()
    reader.finish()
    return desk.rows("message")[0]["id"]


def test_clocks_that_differ_by_hours_keep_nothing_from_being_found(desk, account, sim):
    slow = desk.provider(account)
    hours = timedelta(hours=5)
    slow._now = lambda: datetime.now(UTC) - hours
    part = _part(begun_at=datetime.now(UTC) - hours)
    sim.faults.next("twilio.send", Fault.CUT_AFTER)
    with pytest.raises(Uncertain):
        slow.send(part)
    assert slow.find(part) == sim.sent_to(LENA)[0].external_id
    slow.close()


def test_busy_means_not_done(provider, sim):
    sim.faults.retry_after = 3
    sim.faults.next("twilio.send", Fault.BUSY)
    with pytest.raises(Retry) as caught:
        provider.send(_part())
    assert caught.value.after == 3
    assert not sim.sent_to(LENA)


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (21610, Rejected, "twilio.21610"),
        (21614, Rejected, "twilio.21614"),
        (21611, Retry, "twilio.21611"),
        (20003, AuthFailed, "twilio.20003"),
        (99999, Rejected, "twilio.error"),
    ],
)
def test_a_refusal_becomes_what_follows_from_it(provider, sim, number, kind, code):
    sim.twilio.refusals[LENA] = (number, "no")
    with pytest.raises(kind) as caught:
        provider.send(_part())
    assert caught.value.code == code


@pytest.mark.parametrize("number", [30003, 30005, 30006, 30007, 30008, 63016])
def test_what_became_of_it_is_told_by_number(provider, sim, number):
    sim.twilio.outcomes[LENA] = ("undelivered", number)
    taken = provider.send(_part())
    news = provider.status(_part(provider_id=taken.provider_id))
    assert (news.state, news.code) == (Delivery.FAILED, f"twilio.{number}")


def test_every_known_number_has_a_sentence():
    missing = [number for number in known_numbers() if f"twilio.{number}" not in SENTENCES]
    assert not missing


def test_a_wrong_account_stops_it_instead_of_failing_messages(desk, sim):
    account = desk.number(account_sid="AC" + "f" * 32)
    provider = desk.provider(account)
    with pytest.raises(AuthFailed):
        provider.send(_part())
    provider.close()


@pytest.mark.parametrize(
    ("channel", "reply", "parts"),
    [
        ("sms", Reply("x" * 1_600), [PartKind.TEXT]),
        ("sms", Reply("word " * 400), [PartKind.TEXT, PartKind.TEXT]),
        ("sms", Reply("see", (_file(), _file())), [PartKind.TEXT_AND_FILES]),
        ("whatsapp", Reply("see", (_file(),)), [PartKind.TEXT_AND_FILES]),
        ("whatsapp", Reply("see", (_file(), _file())), [PartKind.TEXT_AND_FILES, PartKind.FILE]),
        ("whatsapp", Reply("see", (_file("application/pdf"),)), [PartKind.TEXT, PartKind.FILE]),
    ],
)
def test_a_reply_is_planned_by_what_one_request_carries(desk, channel, reply, parts):
    provider = desk.provider(desk.number(channel))
    planned = provider.plan(reply)
    assert [each.kind for each in planned] == parts
    assert all(len(each.text) <= 1_600 for each in planned)
    provider.close()


def test_a_template_leaves_by_its_id_with_its_values(desk, sim):
    provider = desk.provider(desk.number("whatsapp"))
    use = TemplateUse("order_update", "en", ("Lena", "1042"))
    sid = "HX" + "0" * 31 + "1"
    provider.send(_part("Hi", kind=PartKind.TEMPLATE, template=use, template_id=sid))
    sent = sim.sent_to(f"whatsapp:{LENA}")[0]
    assert (sent.template, sent.values) == (sid, ('{"1": "Lena", "2": "1042"}',))
    with pytest.raises(Rejected) as caught:
        provider.send(_part("Hi", kind=PartKind.TEMPLATE, template=use))
    assert caught.value.code == "twilio.no-template"
    provider.close()


def test_files_are_named_by_their_address_and_found_again(desk, provider, sim):
    # what a relay would serve is served by the simulator itself
    sid = sim.twilio.customer_sends("+15559990000", "", files=[_sim_png()])
    message = next(each for each in sim.twilio.messages if each.sid == sid)
    url = f"{sim.twilio.url}/storage/{message.media_sids[0]}"
    file = OutgoingMedia("a" * 64, "label.png", "image/png", 8, lambda: b"", url)
    part = _part("see", kind=PartKind.TEXT_AND_FILES, files=(file,))
    sim.faults.next("twilio.send", Fault.CUT_AFTER)
    with pytest.raises(Uncertain):
        provider.send(part)
    assert sim.sent_to(LENA)[0].files == (b"\x89PNG1234",)
    assert provider.find(part) == sim.sent_to(LENA)[0].external_id
    assert provider.find(_part("see")) is None


def _sim_png():
    from tests.support.providers.values import SimFile

    return SimFile(b"\x89PNG1234")


def test_a_long_code_sends_a_segment_a_second_in_the_long_run(desk, account):
    provider = desk.provider(account)
    moment = [100.0]
    provider._clock = lambda: moment[0]
    for _ in range(10):
        provider._free_at = max(provider._free_at, moment[0]) + provider._cost(_part("x" * 200))
    # twenty segments, of which ten may be handed over at once
    assert provider.pace(LENA) == pytest.approx(10)
    moment[0] += 10
    assert provider.pace(LENA) == 0
    provider.close()


def test_what_was_sent_is_asked_for_until_it_is_at_an_end(desk, account, sim):
    message = _ticket(desk)
    provider = desk.provider(account)
    taken = provider.send(_part())
    provider.close()
    sim.twilio.message(taken.provider_id).next_statuses = ["sent", "delivered"]
    parts = Parts(desk.store)
    parts.plan(message, account.id, [PlannedPart(PartKind.TEXT, "It is on its way.")])
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE message_part SET provider_id = ?, state = 'sent', next_check_at = 1,"
            " begun_at = ?",
            (taken.provider_id, int(datetime.now(UTC).timestamp() * 1_000_000)),
        )
    loop = desk.follower(account)
    loop.once()
    assert desk.rows("message_part")[0]["state"] == "sent"
    assert desk.rows("message_part")[0]["next_check_at"] is not None
    with desk.store.write() as connection:
        connection.execute("UPDATE message_part SET next_check_at = 1")
    loop.once()
    loop.finish()
    row = desk.rows("message_part")[0]
    assert (row["state"], row["next_check_at"]) == ("delivered", None)


def test_trouble_is_waited_out_however_often_the_store_changes(desk, account, sim):
    message = _ticket(desk)
    parts = Parts(desk.store)
    parts.plan(message, account.id, [PlannedPart(PartKind.TEXT, "It is on its way.")])
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE message_part SET provider_id = ?, state = 'sent', next_check_at = 1",
            ("SM" + "f" * 32,),
        )
    sim.faults.next("twilio.status", Fault.BROKEN, times=9)
    loop = desk.follower(account)
    for _ in range(5):
        assert loop.step() > 0
    asked = [each for each in sim.watch.asked if each.operation == "twilio.status"]
    assert len(asked) == 1
    loop.finish()
