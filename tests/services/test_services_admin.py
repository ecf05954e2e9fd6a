from __future__ import annotations

import pytest

from helpdesk_tui.db.own import load_desk
from helpdesk_tui.domain.accounts import AccountState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.services.team import Team
from tests.support.store import FakeClock, make_store


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def admin(store):
    return Admin(store, SYSTEM, now=FakeClock())


def test_the_first_agent_owns_the_desk(store, admin):
    admin.add_agent("anna", full_name="Anna\x1b Nowak", email="Anna@Shop.example", signature="A\n")
    admin.add_agent("bert", role="manager")
    anna, bert = Team(store).agents()
    assert (anna.role, anna.full_name, anna.email, anna.signature) == (
        "owner", "Anna␛ Nowak", "anna@shop.example", "A",
    )  # fmt: skip
    assert bert.role == "manager"


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("anna", {}, "agent.exists"),
        ("Anna", {}, "agent.bad-name"),
        ("", {}, "agent.bad-name"),
        ("a b", {}, "agent.bad-name"),
        ("carl", {"role": "king"}, "agent.bad-role"),
        ("carl", {"email": "x\n@y.example"}, "address.invalid"),
    ],
)
def test_what_is_wrong_with_an_agent_is_named(admin, name, fields, code):
    admin.add_agent("anna")
    with pytest.raises(UsageError) as caught:
        admin.add_agent(name, **fields)
    assert caught.value.code == code


def test_agents_go_and_come_back(store, admin):
    admin.add_agent("anna")
    admin.add_agent("bert")
    admin.set_agent_active("bert", active=False)
    assert not Team(store).agent("bert").active
    with pytest.raises(NotAllowed, match=r"agent\.last-owner"):
        admin.set_agent_active("anna", active=False)
    with pytest.raises(NotFound, match=r"agent\.unknown"):
        admin.set_agent_active("nobody", active=True)


def test_a_mailbox_brings_its_address(store, admin):
    account = admin.add_channel(
        "main", "email", "Box@shop.example", settings={"imap_host": "localhost"}, sender_name="Shop"
    )
    (channel,) = admin.channels()
    assert (channel.id, channel.name, channel.address) == (account, "main", "box@shop.example")
    assert (channel.state, channel.enabled) == (AccountState.NEW, True)
    (own,) = Addresses(store, SYSTEM).list()
    assert (own.address, own.name, own.state) == ("box@shop.example", "Shop", "verified")
    assert own.is_workspace
    with store.read() as connection:
        assert "box@shop.example" in load_desk(connection).own


@pytest.mark.parametrize(
    ("name", "channel", "fields", "code"),
    [
        ("main", "email", {}, "channel.exists"),
        ("a b", "email", {}, "channel.bad-name"),
        ("new", "fax", {}, "channel.unknown-kind"),
        ("new", "email", {"settings": {"imap_password": "x"}}, "channel.secret-in-settings"),
    ],
)
def test_a_refused_channel_leaves_nothing_behind(store, admin, name, channel, fields, code):
    admin.add_channel("main", "email", "a@shop.example")
    with pytest.raises(UsageError) as caught:
        admin.add_channel(name, channel, "b@shop.example", **fields)
    assert caught.value.code == code
    assert len(admin.channels()) == 1
    assert len(Addresses(store, SYSTEM).list()) == 1


def test_a_mailbox_is_connected_once(store, admin):
    admin.add_channel("main", "email", "a@shop.example")
    with pytest.raises(UsageError, match=r"address\.exists"):
        admin.add_channel("second", "email", "A@shop.example")
    assert len(admin.channels()) == 1


def test_a_channel_is_switched_off_and_a_stopped_one_tried_again(store, admin):
    account = admin.add_channel("main", "email", "a@shop.example")
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET state = 'stopped'")
    admin.set_channel_state(account, enabled=False)
    assert admin.channels()[0].state is AccountState.STOPPED
    admin.set_channel_state(account, enabled=True)
    assert admin.channels()[0].state is AccountState.NEW
    with pytest.raises(NotFound, match=r"channel\.unknown"):
        admin.set_channel_state(99, enabled=True)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
def test_only_administrators_administer(store, admin, role):
    agent = admin.add_agent("anna")
    limited = Admin(store, Actor(ActorKind.AGENT, agent, "anna", role))
    for call in (
        lambda: limited.add_agent("bert"),
        lambda: limited.set_agent_active("anna", active=False),
        lambda: limited.add_channel("x", "email", "a@b.example"),
        lambda: limited.set_channel_state(1, enabled=False),
    ):
        with pytest.raises(NotAllowed, match=r"role\.admin-needed"):
            call()
    Admin(store, Actor(ActorKind.AGENT, agent, "anna", Role.ADMIN)).add_agent("bert")
