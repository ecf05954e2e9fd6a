"""Support addresses in a real store: added, tested, verified by what comes in, switched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressState, AddressTestStage
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mail import Bounce, MailClass, ParsedMail
from helpdesk_tui.domain.received import Source, Summary
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.settings import Settings
from tests.support.mails import make_mail, receive
from tests.support.store import FakeClock, add_agent, make_store

BOX, HELP, SHOP = "box@desk.example", "help@brand.example", "shop@brand.example"
INTO = Source(account_id=1, folder="INBOX", validity=7)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Store:
    store = make_store(tmp_path)
    admin = Admin(store, SYSTEM, now=clock)
    admin.add_channel("main", "email", BOX, sender_name="Acme")
    admin.add_channel("second", "email", "two@desk.example")
    return store


@pytest.fixture
def addresses(store: Store, clock: FakeClock) -> Addresses:
    return Addresses(store, SYSTEM, now=clock)


def take(store: Store, clock: FakeClock, *mails: ParsedMail, source: Source = INTO) -> Summary:
    batch = [receive(mail, at=clock()) for mail in mails]
    return Inbound(store, SYSTEM, now=clock).ingest(batch, source=source)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return connection.execute(query).fetchall()


def came_back(token: str, **fields: Any) -> ParsedMail:
    """Return the test mail as it arrives through the forwarding."""
    return make_mail(
        BOX, to=HELP, subject=f"Forwarding test {token}", text=token, address_test=token,
        mail_class=MailClass.AUTO, **fields,
    )  # fmt: skip


def asked(addresses: Addresses, address: str = HELP) -> tuple[int, str]:
    """Ask for a test and send it as the worker does; return its job and token."""
    jobs = Jobs(addresses._store, SYSTEM, now=addresses._now)
    job_id = addresses.ask_test(address)
    job = jobs.claim("worker")
    assert job is not None
    token = addresses.begin_test(address)
    jobs.finish(job, {})
    return job_id, token


def test_an_added_address_waits_for_its_test(addresses):
    added = addresses.add("main", " Help@Brand.example ", provider="microsoft")
    assert (added.address, added.account, added.workspace) == (HELP, "main", BOX)
    assert (added.state, added.provider, added.name) == ("pending", "microsoft", "Acme")
    addresses.add("second", "a@gmail.com", sender_name="Second\n")
    assert [(each.address, each.provider, each.name) for each in addresses.list()] == [
        (BOX, "", "Acme"),
        (HELP, "microsoft", "Acme"),
        ("two@desk.example", "", ""),
        ("a@gmail.com", "gmail", "Second"),
    ]
    assert addresses.load(HELP.upper()) == added


@pytest.mark.parametrize(
    ("host", "hides"),
    [("imap.gmail.com", True), ("IMAP.googlemail.com", True), ("mx.desk.example", False),
     ("imap.gmail.com.evil.example", False), ("", False)],
)  # fmt: skip
def test_a_mailbox_at_google_hides_what_comes_back(store, addresses, host, hides):
    with store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ?", (json.dumps({"imap_host": host}),)
        )
    assert addresses.add("main", HELP).hides_own_mail is hides


@pytest.mark.parametrize(
    ("account", "address", "provider", "code"),
    [
        ("main", "nonsense", "", "address.invalid"),
        ("main", "a@b.example\nBcc: x@y.example", "", "address.invalid"),
        ("main", BOX.upper(), "", "address.exists"),
        ("second", HELP, "", "address.exists"),
        ("nope", "a@b.example", "", "channel.unknown"),
        ("main", "a@b.example", "fax", "address.bad-provider"),
    ],
)
def test_what_cannot_be_added_is_named(addresses, account, address, provider, code):
    addresses.add("main", HELP)
    with pytest.raises(HelpdeskError) as caught:
        addresses.add(account, address, provider=provider)
    assert caught.value.code == code
    assert len(addresses.list()) == 3


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
    assert rows(store, "SELECT reason FROM intake") == [("address-test",)]
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
    assert rows(store, "SELECT reason FROM intake") == [("address-test",)] * 2


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
    assert rows(store, "SELECT reason FROM intake") == [("address-test",)] * 2


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


def test_a_provider_asks_to_confirm(store, clock, addresses):
    addresses.add("main", SHOP)
    addresses.add("main", HELP)
    link = "https://mail-settings.google.com/mail/vf-abc"
    mail = make_mail(
        "forwarding-noreply@google.com", subject="(#729154863) Gmail Forwarding Confirmation",
        text=f"{SHOP} forwards to {BOX}\n{link}\n", message_id="c@google.com",
    )  # fmt: skip
    summary = take(store, clock, mail)
    assert summary.automatic == 1
    asks = addresses.load(SHOP).confirmation
    assert asks is not None
    assert (asks.code, asks.link, asks.provider, asks.address) == (
        "729154863", link, "workspace", SHOP,
    )  # fmt: skip
    assert asks.seen_at == clock()
    assert addresses.load(HELP).confirmation is None
    assert rows(store, "SELECT automatic, assignee_id, flags FROM ticket") == [
        (1, None, "forwarding-confirmation")
    ]
    _, token = asked(addresses, SHOP)
    take(store, clock, came_back(token))
    assert addresses.load(SHOP).confirmation is None


def test_a_request_for_another_address_hides_none_for_ours(store, clock, addresses):
    addresses.add("main", SHOP)
    asked_for = ("jane@shop.example", SHOP, "trudy@gmail.com", SHOP)
    for number, (address, kept) in enumerate(zip(asked_for, "0113", strict=True)):
        subject = f"(#{number}11111111) Gmail Forwarding Confirmation"
        sender = "forwarding-noreply@google.com"
        take(store, clock, make_mail(sender, message_id=f"{number}@x", subject=subject,
                                     text=address))  # fmt: skip
        found = addresses.load(SHOP).confirmation
        assert found is not None
        assert found.code == f"{kept}11111111"


def test_only_waiting_addresses_take_a_confirmation(store, clock, addresses):
    addresses.add("main", HELP)
    addresses.set_state(HELP, AddressState.OFF)
    mail = make_mail("forwarding-noreply@google.com", subject="(#729154863) x", text=HELP)
    take(store, clock, mail)
    assert addresses.load(HELP).confirmation is None
    assert rows(store, "SELECT flags FROM ticket") == [("forwarding-confirmation",)]


def test_off_and_on(store, clock, addresses):
    addresses.add("main", HELP)
    _, token = asked(addresses)
    assert addresses.set_state(HELP, AddressState.OFF).state == "off"
    take(store, clock, came_back(token))
    assert addresses.load(HELP).state == "off"
    with pytest.raises(UsageError, match=r"address\.off"):
        addresses.ask_test(HELP)
    with pytest.raises(UsageError, match=r"address\.off"):
        addresses.begin_test(HELP)
    assert addresses.set_state(HELP, AddressState.PENDING).state == "pending"
    addresses.set_state(BOX, AddressState.OFF)
    assert addresses.set_state(BOX, AddressState.PENDING).state == "verified"
    with pytest.raises(UsageError, match=r"address\.state-not-set"):
        addresses.set_state(HELP, AddressState.VERIFIED)


def test_a_mailbox_that_is_off_tests_nothing(store, clock, addresses):
    addresses.add("main", HELP)
    Admin(store, SYSTEM, now=clock).set_channel_state(1, enabled=False)
    with pytest.raises(UsageError, match=r"address\.mailbox-off"):
        addresses.ask_test(HELP)


def test_what_can_be_changed_is_kept(clock, addresses):
    addresses.add("main", HELP)
    addresses.rename(HELP, "Help\x1b[2J")
    addresses.set_provider(HELP, "yahoo")
    addresses.set_signature(HELP, "Yours\nAcme\n")
    addresses.mark_done(HELP)
    known = addresses.load(HELP)
    assert (known.name, known.provider, known.signature) == ("Help␛[2J", "yahoo", "Yours\nAcme")
    assert (known.forwarded_at, known.state) == (clock(), "pending")


def test_only_what_was_never_used_is_removed(store, clock, addresses):
    addresses.add("main", HELP)
    addresses.add("main", SHOP)
    take(store, clock, make_mail(to=HELP))
    addresses.remove(SHOP)
    for address, code in ((HELP, "address.used"), (BOX, "address.is-mailbox")):
        with pytest.raises(NotAllowed) as caught:
            addresses.remove(address)
        assert caught.value.code == code
    assert [each.address for each in addresses.list()] == [BOX, HELP, "two@desk.example"]
    with pytest.raises(NotFound, match=r"address\.unknown"):
        addresses.remove(SHOP)


@pytest.mark.parametrize("state", ["pending", "failing", "verified"])
def test_a_reply_leaves_from_the_address_the_customer_wrote_to(store, clock, addresses, state):
    addresses.add("main", HELP, sender_name="Brand")
    with store.write() as connection:
        connection.execute("UPDATE support_address SET state = ? WHERE address = ?", (state, HELP))
    take(store, clock, make_mail(to=HELP, delivered_to=(BOX,)))
    ((ticket, recipient),) = rows(store, "SELECT id, recipient FROM ticket")
    assert recipient == HELP
    agent = add_agent(store, "anna")
    replies = Replies(store, Actor(ActorKind.AGENT, agent, "anna"), now=clock)
    message = replies.reply(ticket, "On its way.", seen=None).message_id
    ((sender,),) = rows(store, f"SELECT sender FROM message WHERE id = {message}")
    assert sender == HELP


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
def test_only_administrators_change_addresses(store, addresses, role):
    addresses.add("main", HELP)
    agent = add_agent(store, "bert")
    limited = Addresses(store, Actor(ActorKind.AGENT, agent, "bert", role))
    for call in (
        lambda: limited.add("main", "a@b.example"),
        lambda: limited.set_state(HELP, AddressState.OFF),
        lambda: limited.rename(HELP, "x"),
        lambda: limited.mark_done(HELP),
        lambda: limited.remove(HELP),
        lambda: limited.ask_test(HELP),
    ):
        with pytest.raises(NotAllowed, match=r"role\.admin-needed"):
            call()
    assert len(limited.list()) == 3


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


def test_a_reply_bears_the_agent_s_signature_and_the_address_s(store, clock, addresses):
    addresses.add("main", HELP)
    addresses.set_signature(HELP, "Brand\nhttps://brand.example")
    take(store, clock, make_mail(to=HELP), make_mail("b@c.example", to=BOX, subject="Other"))
    agent = add_agent(store, "anna", signature="Anna")
    replies = Replies(store, Actor(ActorKind.AGENT, agent, "anna"), now=clock)
    for ticket in (1, 2):
        replies.reply(ticket, "Hello", seen=None)
    texts = rows(store, "SELECT text FROM message WHERE direction = 'outbound' ORDER BY ticket_id")
    assert texts == [
        ("Hello\n\n-- \nAnna\nBrand\nhttps://brand.example",), ("Hello\n\n-- \nAnna",)
    ]  # fmt: skip
