"""Messages at Twilio are read without losing one, and stored once."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.setting.media import LARGEST_FILE
from helpdesk_tui.services.messaging.media import PendingMedia
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from tests.support.providers.faults import Fault
from tests.support.providers.running import running_providers
from tests.support.providers.values import SimFile
from tests.support.store import make_desk
from tests.support.twilio_desk import TwilioDesk

LENA = "+15557770001"
_MINUTE = timedelta(minutes=1)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        packed = kind + data
        return struct.pack(">I", len(data)) + packed + struct.pack(">I", zlib.crc32(packed))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


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
def reader(desk, account):
    made = desk.receiver(account)
    yield made
    made.finish()


def _asked(sim, operation="twilio.list"):
    return [each for each in sim.watch.asked if each.operation == operation]


def test_a_text_becomes_a_ticket_once_however_often_it_is_read(desk, sim, account):
    sim.twilio.customer_sends(LENA, "Where is order 1042?")
    for _ in range(3):
        reader = desk.receiver(account)
        reader.fetch()
        reader.fetch()
        reader.finish()
    assert desk.heard() == ["Where is order 1042?"]
    assert len(desk.rows("ticket")) == 1


def test_messages_of_one_second_keep_their_order(desk, sim, reader):
    at = datetime.now(UTC).replace(microsecond=0)
    for number in range(5):
        sim.twilio.customer_sends(LENA, f"line {number}", at=at + timedelta(milliseconds=number))
    reader.fetch()
    assert desk.heard() == [f"line {number}" for number in range(5)]


def test_a_late_message_that_sorts_below_known_ones_is_found(desk, sim, reader):
    now = datetime.now(UTC)
    sim.twilio.customer_sends(LENA, "first seen", at=now)
    reader.fetch()
    sim.twilio.customer_sends(LENA, "late", at=now - 10 * _MINUTE)
    reader.fetch()
    assert sorted(desk.heard()) == ["first seen", "late"]


def test_a_very_late_one_is_found_by_the_hourly_reading_of_the_whole(desk, sim, account):
    now = datetime.now(UTC)
    sim.twilio.customer_sends(LENA, "first seen", at=now)
    reader = desk.receiver(account)
    reader.fetch()
    sim.twilio.customer_sends(LENA, "yesterday", at=now - timedelta(hours=20))
    reader.fetch()
    assert desk.heard() == ["first seen"]
    reader._whole_at -= 3_601
    reader.fetch()
    assert desk.heard() == ["first seen", "yesterday"]
    reader.finish()


def test_what_came_while_no_worker_ran_for_days_is_read(desk, sim, account, monkeypatch):
    reader = desk.receiver(account)
    reader.fetch()
    reader.finish()
    position = desk.rows("cursor")[0]["position"]
    with desk.store.write() as connection:
        connection.execute("UPDATE cursor SET position = ?", (position - 5 * 86_400,))
    sim.twilio.customer_sends(LENA, "days ago", at=datetime.now(UTC) - timedelta(days=4))
    again = desk.receiver(account)
    again.fetch()
    again.finish()
    assert desk.heard() == ["days ago"]


def test_pages_are_followed_to_the_end_and_their_boundary_loses_nothing(desk, sim, reader):
    sim.twilio.page_most = 3
    now = datetime.now(UTC)
    for number in range(10):
        sim.twilio.customer_sends(LENA, f"m{number}", at=now - (20 - number) * _MINUTE)
    more = iter(("meanwhile 1", "meanwhile 2"))

    def arrive(page: int) -> None:
        text = next(more, "")
        if text:
            sim.twilio.customer_sends(LENA, text)

    sim.twilio.between_pages = arrive
    reader.fetch()
    sim.twilio.between_pages = lambda page: None
    reader.fetch()
    texts = [*(f"m{number}" for number in range(10)), "meanwhile 1", "meanwhile 2"]
    assert sorted(desk.heard()) == sorted(texts)


def test_one_that_slips_over_a_page_boundary_is_found_by_reading_again(desk, sim, reader):
    sim.twilio.page_most = 3
    now = datetime.now(UTC)
    for number in range(7):
        sim.twilio.customer_sends(LENA, f"m{number}", at=now - (20 - number) * _MINUTE)
    removed: list[object] = []

    def vanish(page: int) -> None:
        # somebody deletes the newest over there: all that follow move up by one
        if page == 0 and not removed:
            removed.append(sim.twilio.messages.pop())

    sim.twilio.between_pages = vanish
    reader.fetch()
    assert removed
    assert set(desk.heard()) == {f"m{number}" for number in range(7)}


def test_only_what_came_to_this_number_is_stored(desk, sim):
    sim.twilio.numbers = ["+15550001111", "+15550002222"]
    accounts = [desk.number(number=number) for number in sim.twilio.numbers]
    sim.twilio.customer_sends(LENA, "to one", to="+15550001111")
    sim.twilio.customer_sends(LENA, "to two", to="+15550002222")
    for account in accounts:
        reader = desk.receiver(account)
        reader.fetch()
        reader.finish()
    found = {
        row["channel_account_id"]: row["text"] for row in desk.rows("message", direction="inbound")
    }
    assert found == {accounts[0].id: "to one", accounts[1].id: "to two"}


def test_whatsapp_numbers_lose_what_stands_before_them(desk, sim):
    account = desk.number("whatsapp")
    sim.twilio.customer_sends(f"whatsapp:{LENA}", "hei")
    reader = desk.receiver(account)
    reader.fetch()
    reader.finish()
    assert desk.rows("contact")[0]["address"] == LENA
    assert dict(_asked(sim)[0].query)["To"] == "whatsapp:+15550001111"


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BUSY_UNTIL, Fault.BROKEN, Fault.CUT])
def test_trouble_on_a_later_page_loses_nothing(desk, sim, reader, fault):
    sim.twilio.page_most = 2
    for number in range(5):
        sim.twilio.customer_sends(LENA, f"m{number}")
    sim.faults.next("twilio.list", fault, skip=1)
    with pytest.raises(Retry) as caught:
        reader.fetch()
    assert caught.value.code.startswith("provider.")
    reader.drop()
    reader.fetch()
    assert sorted(desk.heard()) == [f"m{number}" for number in range(5)]


def test_a_redirect_is_not_followed(desk, sim, reader):
    sim.faults.next("twilio.list", Fault.REDIRECTED)
    reader._whole_at = 0.0
    with pytest.raises(Retry) as caught:
        reader.fetch()
    assert caught.value.code == "provider.redirects"
    assert not sim.trespasses


def test_a_busy_provider_says_how_long_to_wait(desk, sim, reader):
    sim.faults.retry_after = 7
    sim.faults.next("twilio.*", Fault.BUSY)
    with pytest.raises(Retry) as caught:
        reader.fetch()
    assert caught.value.after == 7


def test_refused_credentials_stop_the_account(desk, sim, account):
    desk.secrets["token"] = "wrong"
    reader = desk.receiver(account)
    with pytest.raises(AuthFailed):
        reader.fetch()
    reader.finish()


def test_a_number_that_cannot_be_one_is_said_so(desk):
    account = desk.number(number="ACME")
    reader = desk.receiver(account)
    with pytest.raises(HelpdeskError) as caught:
        reader.fetch()
    assert caught.value.code == "number.alphanumeric"
    reader.finish()


def test_a_store_that_cannot_be_written_moves_no_cursor(desk, sim, reader, monkeypatch):
    reader.fetch()
    before = desk.rows("cursor")
    sim.twilio.customer_sends(LENA, "hello")

    def fail(*args, **options):
        raise Retry("channel.internal")

    with monkeypatch.context() as patched:
        patched.setattr(reader._messaging, "ingest", fail)
        with pytest.raises(Retry):
            reader.fetch()
    assert desk.rows("cursor") == before
    reader.fetch()
    assert desk.heard() == ["hello"]


def test_it_is_read_often_only_while_an_agent_is_here(desk, sim, reader, monkeypatch):
    assert reader.step() > 0
    before = len(_asked(sim))
    reader._read_at -= 20
    reader.step()
    assert len(_asked(sim)) == before
    monkeypatch.setattr(reader._presence, "is_anybody_here", lambda: True)
    reader.step()
    assert len(_asked(sim)) == before + 1
    reader.step()
    assert len(_asked(sim)) == before + 1


def test_nothing_new_writes_nothing(desk, sim, reader):
    sim.twilio.customer_sends(LENA, "hello")
    reader.fetch()
    version = desk.store.data_version()
    for _ in range(5):
        reader.fetch()
    assert desk.store.data_version() == version


def test_a_file_is_fetched_after_its_message_even_if_it_lags(desk, sim, account, reader):
    sim.twilio.customer_sends(LENA, "see", files=[SimFile(_png(), lag=1), SimFile(_png())])
    reader.fetch()
    assert [row["state"] for row in desk.rows("attachment")] == ["pending", "pending"]
    loop = desk.files(account)
    loop.once()
    assert sorted(row["state"] for row in desk.rows("attachment")) == ["", "pending"]
    with desk.store.write() as connection:
        connection.execute("UPDATE attachment SET next_try_at = 1 WHERE state = 'pending'")
    loop.once()
    found = desk.rows("attachment")
    assert [row["state"] for row in found] == ["", ""]
    assert [row["content_type"] for row in found] == ["image/png", "image/png"]
    loop.finish()


def test_credentials_stay_at_twilio_and_other_hosts_are_refused(desk, sim, account, reader):
    sim.twilio.customer_sends(LENA, "", files=[SimFile(_png(), elsewhere=sim.elsewhere)])
    reader.fetch()
    loop = desk.files(account)
    loop.once()
    row = desk.rows("attachment")[0]
    assert (row["state"], row["error_code"]) == ("refused", "media.host-refused")
    assert not sim.trespasses
    storage = [each for each in sim.watch.asked if each.operation == "twilio.storage"]
    assert not storage
    loop.finish()


def test_a_file_that_is_over_there_no_more_is_said_so(desk, sim, account, reader):
    sim.twilio.customer_sends(LENA, "", files=[SimFile(_png(), is_expired=True)])
    reader.fetch()
    loop = desk.files(account)
    for _ in range(7):
        loop.once()
        with desk.store.write() as connection:
            connection.execute("UPDATE attachment SET next_try_at = 1 WHERE state = 'pending'")
    assert desk.rows("attachment")[0]["state"] == "expired"
    loop.finish()


def test_a_file_larger_than_the_desk_wants_stays_there_until_it_wants_more(
    desk, sim, account, reader
):
    large = SimFile(_png() + bytes(1_000_000), "image/png")
    sim.twilio.customer_sends(LENA, "see", files=[SimFile(_png()), large])
    reader.fetch()
    loop = desk.files(account)
    with desk.store.write() as connection:
        save_setting(connection, LARGEST_FILE, DESK, '"1"')
    loop.once()
    small, left = desk.rows("attachment")
    assert small["state"] == ""
    assert (left["state"], left["error_code"]) == ("refused", "media.larger-than-fetched")
    with desk.store.write() as connection:
        save_setting(connection, LARGEST_FILE, DESK, '"2"')
    PendingMedia(desk.store).ask_again(left["id"])
    loop.once()
    assert [row["state"] for row in desk.rows("attachment")] == ["", ""]
    loop.finish()
