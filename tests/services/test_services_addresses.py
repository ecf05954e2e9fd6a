"""Support addresses in a real store: added, tested, verified by what comes in, switched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.services.replies import Replies
from tests.support.forwarded import BOX, HELP, SHOP, asked, came_back, forwarding_store, take
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.store import FakeClock, add_agent


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Store:
    return forwarding_store(tmp_path, clock)


@pytest.fixture
def addresses(store: Store, clock: FakeClock) -> Addresses:
    return Addresses(store, SYSTEM, now=clock)


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


def test_numbers_and_handles_of_other_channels_are_no_support_addresses(store, addresses):
    before = addresses.list()
    Admin(store, SYSTEM).add_channel("phone", "sms", "+48800555100")
    assert addresses.list() == before


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
