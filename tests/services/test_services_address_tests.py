"""Tests of support addresses in a real store: asked, sent, come back, late, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressState, AddressTestStage
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.mail import Bounce, MailClass
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.services.settings import Settings
from tests.support.forwarded import HELP, asked, came_back, forwarding_store, take
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.store import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Store:
    return forwarding_store(tmp_path, clock)


@pytest.fixture
def addresses(store: Store, clock: FakeClock) -> Addresses:
    return Addresses(store, SYSTEM, now=clock)


def test_a_test_goes_from_asked_to_arrived(store, clock, addresses):
    addresses.add("main", HELP)
    job_id = addresses.ask_test(HELP)
    assert addresses.test_progress(job_id).stage is AddressTestStage.QUEUED
    jobs = Jobs(store, SYSTEM, now=clock)
    job = jobs.claim("worker")
    assert job is not None
    assert addresses.test_progress(job_id).stage is AddressTestStage.SENDING
    clock.advance(seconds=2)
    token = addresses.begin_test(HELP)
    jobs.finish(job, {})
    clock.advance(seconds=5)
    waiting = addresses.test_progress(job_id)
    assert (waiting.stage, waiting.waited_seconds) == (AddressTestStage.SENT, 7)
    assert waiting.values["token"] == token

    summary = take(store, clock, came_back(token))
    assert (summary.automatic, summary.tickets) == (1, 0)
    known = addresses.load(HELP)
    assert (known.state, known.error_code, known.verified_at) == ("verified", "", clock())
    assert known.forwarded_at == clock()
    clock.advance(seconds=60)
    done = addresses.test_progress(job_id)
    assert (done.stage, done.waited_seconds, done.stage.is_over) == (
        AddressTestStage.ARRIVED, 7, True,
    )  # fmt: skip
    # it did what it was for: nobody has to look at it
    assert rows(store, "SELECT reason, done_at IS NOT NULL FROM intake") == [("address-test", 1)]
    assert rows(store, "SELECT count(*) FROM ticket") == [(0,)]
    kinds = [row[0] for row in rows(store, "SELECT kind FROM activity ORDER BY id")]
    assert kinds[-2:] == ["address.added", "address.state"]


def test_a_token_works_once(store, clock, addresses):
    addresses.add("main", HELP)
    _, token = asked(addresses)
    take(store, clock, came_back(token))
    _, second = asked(addresses)
    assert second != token
    clock.advance(minutes=11)
    addresses.expire()
    take(store, clock, came_back(token, message_id="again@x.example"))
    assert addresses.load(HELP).state == "failing"
    done = "SELECT reason, done_at IS NOT NULL FROM intake ORDER BY id"
    assert rows(store, done) == [("address-test", 1), ("address-test", 0)]


def test_the_same_test_mail_is_stored_once(store, clock, addresses):
    addresses.add("main", HELP)
    _, token = asked(addresses)
    mail = came_back(token, message_id="t@desk.example")
    assert take(store, clock, mail, mail).duplicates == 1


def test_a_token_counts_only_where_the_address_leads_to(store, clock, addresses):
    addresses.add("main", HELP)
    _, token = asked(addresses)
    take(store, clock, came_back(token), source=Source(account_id=2, folder="INBOX"))
    assert addresses.load(HELP).state == "pending"
    take(store, clock, came_back(token, message_id="old@x"), source=Source(1, history=True))
    assert addresses.load(HELP).state == "pending"
    assert rows(store, "SELECT reason, done_at FROM intake") == [("address-test", None)] * 2


def test_a_guessed_token_changes_nothing(store, clock, addresses):
    addresses.add("main", HELP)
    asked(addresses)
    for token in ("hdt-" + "0" * 40, "hdt-" + "f" * 40):
        take(store, clock, came_back(token))
    assert addresses.load(HELP).state == "pending"


def test_a_test_that_is_late_fails_and_is_mended_by_its_arrival(store, clock, addresses):
    addresses.add("main", HELP)
    assert addresses.expire() is None
    job_id, token = asked(addresses)
    assert addresses.expire() == clock.advance(minutes=10)
    clock.advance(seconds=1)
    assert addresses.test_progress(job_id).stage is AddressTestStage.TIMED_OUT
    assert addresses.expire() is None
    late = addresses.load(HELP)
    assert (late.state, late.error_code) == ("failing", "address.test-timed-out")
    [(before, after)] = rows(
        store, "SELECT before, after FROM activity WHERE kind = 'address.state'"
    )
    assert (json.loads(before)["state"], json.loads(after)["state"]) == ("pending", "failing")
    take(store, clock, came_back(token))
    mended = addresses.load(HELP)
    assert (mended.state, mended.error_code) == ("verified", "")


def test_a_failing_address_fails_again(store, clock, addresses):
    addresses.add("main", HELP)
    for _ in range(2):
        job_id, _ = asked(addresses)
        assert addresses.load(HELP).error_code == ""
        clock.advance(minutes=11)
        addresses.expire()
        assert addresses.load(HELP).error_code == "address.test-timed-out"
        assert addresses.test_progress(job_id).error_code == "address.test-timed-out"


def test_the_time_to_wait_is_a_setting(store, clock, addresses):
    Settings(store, SYSTEM).set("address-test-timeout", "20s", desk=True)
    addresses.add("main", HELP)
    job_id, _ = asked(addresses)
    assert addresses.timeout() == addresses.test_progress(job_id).timeout_seconds == 20
    clock.advance(seconds=21)
    addresses.expire()
    assert addresses.load(HELP).state == "failing"


def test_a_returned_test_mail_fails_at_once(store, clock, addresses):
    addresses.add("main", HELP)
    job_id, token = asked(addresses)
    report = make_mail(
        "mailer-daemon@brand.example", mail_class=MailClass.BOUNCE,
        bounce=Bounce("5.1.1", True, HELP, f"{token}@desk.example", "no such user"),
    )  # fmt: skip
    take(store, clock, report)
    assert addresses.load(HELP).state == "failing"
    test = addresses.test_progress(job_id)
    assert (test.stage, test.error_code) == (AddressTestStage.FAILED, "address.test-bounced")


def test_a_forward_by_hand_is_told_but_verifies_nothing(store, clock, addresses):
    addresses.add("main", HELP)
    job_id, token = asked(addresses)
    forwarded = make_mail(HELP, subject=f"Fwd: Forwarding test {token}", is_forward=True)
    take(store, clock, forwarded)
    assert (addresses.load(HELP).state, addresses.load(HELP).error_code) == (
        "pending", "address.test-by-hand",
    )  # fmt: skip
    assert addresses.test_progress(job_id).stage is AddressTestStage.SENT
    clock.advance(minutes=11)
    addresses.expire()
    assert addresses.test_progress(job_id).error_code == "address.test-by-hand"
    assert addresses.load(HELP).state == "failing"


def test_a_mail_that_did_not_leave_leaves_the_state(addresses):
    addresses.add("main", HELP)
    addresses.begin_test(HELP)
    addresses.not_sent(HELP, "smtp.unreachable", is_final=False)
    assert (addresses.load(HELP).state, addresses.load(HELP).error_code) == (
        "pending", "smtp.unreachable",
    )  # fmt: skip
    addresses.not_sent(HELP, "address.test-refused", is_final=True)
    assert addresses.load(HELP).state == "failing"


def test_a_job_of_another_kind_is_no_test(store, clock, addresses):
    job_id = Jobs(store, SYSTEM, now=clock).ask("sync.now")
    with pytest.raises(NotFound, match=r"job\.missing"):
        addresses.test_progress(job_id)


def test_a_failed_job_says_why(store, clock, addresses):
    addresses.add("main", HELP)
    job_id = addresses.ask_test(HELP)
    jobs = Jobs(store, SYSTEM, now=clock)
    job = jobs.claim("worker")
    assert job is not None
    jobs.finish(job, {"code": "smtp.unreachable", "values": {"host": "mx"}}, failed=True)
    test = addresses.test_progress(job_id)
    assert (test.stage, test.error_code, test.values["host"]) == (
        AddressTestStage.FAILED, "smtp.unreachable", "mx",
    )  # fmt: skip


def test_evidence_of_a_test_mail_is_kept(store, clock, addresses):
    addresses.add("main", HELP)
    _, token = asked(addresses)
    take(store, clock, came_back(token))
    ((detail,),) = rows(store, "SELECT detail FROM intake")
    assert json.loads(detail) == {"address-test.header": HELP}


def test_a_test_ends_when_its_address_is_switched_off(addresses):
    addresses.add("main", HELP)
    job_id, _ = asked(addresses)
    addresses.set_state(HELP, AddressState.OFF)
    test = addresses.test_progress(job_id)
    assert (test.stage, test.error_code) == (AddressTestStage.FAILED, "address.off")
