"""Replies leave by Meta as its contract wants them, and what it refuses is told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartKind, Reply, ReplyFile, TemplateUse
from helpdesk_tui.services.messaging.meta import MetaAccount, TokenAge
from helpdesk_tui.services.secrets import Secret, get_secret, set_secret
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import TooFast
from helpdesk_tui.sync.channels.meta import conversations
from helpdesk_tui.sync.channels.meta.read_loop import ReadLoop
from helpdesk_tui.sync.channels.meta.threads import make_provider
from helpdesk_tui.sync.channels.meta.upkeep import UpkeepLoop
from tests.support.meta_desk import MetaDesk, media_of, part_of
from tests.support.providers.faults import Fault
from tests.support.providers.running import running_providers
from tests.support.providers.values import SimFile
from tests.support.relay import running_relay
from tests.support.store import make_desk

ADA = "+15557770001"
BO = "990000000000001"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000")


@pytest.fixture
def sim(monkeypatch):
    monkeypatch.setattr(conversations, "_PER_SECOND", 1_000.0)
    with running_providers() as running:
        running.instagram.calls_per_second = 0
        yield running


@pytest.fixture
def desk(tmp_path, sim):
    made = make_desk(tmp_path)
    yield MetaDesk(made.store, sim)
    made.close()


@pytest.fixture
def number(desk, sim):
    sim.whatsapp.customer_wrote(ADA, datetime.now(UTC))
    found = desk.provider(desk.whatsapp())
    yield found
    found.close()


@pytest.fixture
def account(desk, sim):
    sim.instagram.customer_sends(BO, "hi")
    found = desk.provider(desk.instagram())
    yield found
    found.close()


def test_a_text_is_accepted_and_what_becomes_of_it_comes_by_itself(number, sim):
    accepted = number.send(part_of(ADA, "On its way"))
    assert accepted.state is Delivery.SENDING
    (sent,) = sim.sent_to(ADA)
    assert (sent.external_id, sent.text) == (accepted.provider_id, "On its way")
    assert not number.polls_status
    assert number.find(part_of(ADA)) is None


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("image/png", "image"), ("image/webp", "document"), ("application/pdf", "document"),
     ("audio/ogg", "audio"), ("video/mp4", "video")],
)  # fmt: skip
def test_a_file_is_handed_over_once_with_its_caption(number, sim, content_type, kind):
    file = media_of(PNG, content_type, "label.bin")
    for position in range(2):
        text = "" if kind == "audio" else "see"
        number.send(
            part_of(ADA, text, kind=PartKind.TEXT_AND_FILES, files=(file,), position=position)
        )
    assert len(sim.watch.of("whatsapp.upload")) == 1
    assert [sent.files for sent in sim.sent_to(ADA)] == [(PNG,), (PNG,)]


def test_a_template_leaves_with_its_values(number, sim):
    use = TemplateUse("order_update", "en_US", ("Ada", "1042"))
    number.send(part_of("+15557770009", kind=PartKind.TEMPLATE, template=use))
    assert len(sim.sent_to("+15557770009")) == 1


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (131026, Rejected, "meta.131026"),
        (131047, Rejected, "meta.131047"),
        (131051, Rejected, "meta.131051"),
        (131049, Rejected, "meta.131049"),
        (132001, Rejected, "meta.132001"),
        (131056, TooFast, "meta.131056"),
        (130429, Retry, "meta.130429"),
        (80007, Retry, "meta.80007"),
        (1, Retry, "meta.1"),
        (190, AuthFailed, "meta.190"),
        (10, AuthFailed, "meta.10"),
        (131031, AuthFailed, "meta.131031"),
        (368, AuthFailed, "meta.368"),
        (131052, Gone, "meta.131052"),
        (999999, Rejected, "meta.999999"),
    ],
)
def test_refusals_are_told_apart_by_number(number, sim, code, error, said):
    sim.whatsapp.refusals[ADA] = code
    with pytest.raises(error) as caught:
        number.send(part_of(ADA, "x"))
    assert caught.value.code == said
    if isinstance(caught.value, Retry):
        assert caught.value.after >= 6


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.BROKEN_AFTER])
def test_what_may_have_left_is_never_said_to_have_failed(number, sim, fault):
    sim.faults.next("whatsapp.send", fault)
    with pytest.raises(Uncertain):
        number.send(part_of(ADA, "x"))
    assert len(sim.sent_to(ADA)) == 1


def test_a_customer_is_written_to_every_six_seconds_and_others_at_once(number, sim):
    assert number.pace(ADA) == 0
    number.send(part_of(ADA, "x"))
    assert 5 < number.pace(ADA) <= 6
    assert number.pace("+15557770002") == 0


def test_reading_marks_the_message(number, account, sim):
    number.read(ADA, "wamid.X")
    assert sim.whatsapp.read_marks == ["wamid.X"]
    account.read(BO, "m.1")
    assert sim.instagram.seen_marks == [BO]


def test_parts_of_whatsapp_put_the_text_beside_the_first_file(number):
    png, voice = (
        ReplyFile("a" * 64, "a.png", "image/png", 9),
        ReplyFile("b" * 64, "b", "audio/ogg", 9),
    )
    assert [(each.kind, each.text) for each in number.plan(Reply("hi", (png, voice)))] == [
        (PartKind.TEXT_AND_FILES, "hi"),
        (PartKind.FILE, ""),
    ]
    assert [each.kind for each in number.plan(Reply("hi", (voice,)))] == [
        PartKind.TEXT,
        PartKind.FILE,
    ]
    assert [len(each.text) for each in number.plan(Reply("x" * 5_000))] == [4_096, 904]


def test_parts_of_instagram_are_texts_of_a_thousand_bytes_and_files(account):
    png = ReplyFile("a" * 64, "a.png", "image/png", 9)
    parts = account.plan(Reply("słowo " * 300, (png,)))
    assert all(len(each.text.encode()) <= 1_000 for each in parts)
    assert " ".join(each.text for each in parts[:-1]) == ("słowo " * 300).strip()
    assert parts[-1].kind is PartKind.FILE


def test_a_direct_message_leaves_and_its_id_is_known(account, sim):
    accepted = account.send(part_of(BO, "Yes, to Norway too"))
    (sent,) = sim.sent_to(BO)
    assert (sent.external_id, sent.tag) == (accepted.provider_id, "")


def test_a_person_writes_after_a_day_with_the_tag(desk, sim):
    sim.instagram.customer_sends(BO, "hi", at=datetime.now(UTC) - timedelta(days=3))
    provider = desk.provider(desk.instagram())
    with pytest.raises(Rejected, match=r"meta\.outside-window"):
        provider.send(part_of(BO, "sorry"))
    provider.send(part_of(BO, "sorry", uses_human_tag=True))
    assert [sent.tag for sent in sim.sent_to(BO)] == ["HUMAN_AGENT"]
    provider.close()


def test_a_file_goes_by_its_address_or_by_an_upload(tmp_path, desk, sim):
    sim.instagram.customer_sends(BO, "hi")
    place = sim.instagram.address_of(sim.instagram._token(SimFile(PNG, "image/png")))
    by_url = desk.provider(desk.instagram())
    assert by_url.needs_url
    by_url.send(part_of(BO, kind=PartKind.FILE, files=(media_of(PNG, "image/png", url=place),)))
    by_bytes = desk.provider(desk.instagram("facebook-login"))
    assert not by_bytes.needs_url
    by_bytes.send(part_of(BO, kind=PartKind.FILE, files=(media_of(PNG, "image/png"),)))
    assert [sent.files for sent in sim.sent_to(BO)] == [(PNG,), (PNG,)]
    by_url.close()
    by_bytes.close()


@pytest.mark.parametrize("files", [(), (media_of(PNG, "image/png"),)])
def test_what_may_have_left_on_instagram_is_found_again(desk, sim, files):
    sim.instagram.customer_sends(BO, "hi")
    provider = desk.provider(desk.instagram("facebook-login"))
    part = part_of(
        BO,
        "" if files else "same words",
        kind=PartKind.FILE if files else PartKind.TEXT,
        files=files,
    )
    assert provider.find(part) is None
    sim.faults.next("instagram.send", Fault.CUT_AFTER)
    with pytest.raises(Uncertain):
        provider.send(part)
    (sent,) = sim.sent_to(BO)
    assert provider.find(part) == sent.external_id
    provider.close()


@pytest.mark.parametrize(
    ("numbers", "error", "said"),
    [
        ((551, 2534014), Rejected, "meta.551"),
        ((100, 2018001), Rejected, "meta.no-such-person"),
        ((190, 0), AuthFailed, "meta.190"),
        ((613, 0), Retry, "meta.613"),
    ],
)
def test_refusals_of_instagram_are_told_apart(account, sim, numbers, error, said):
    sim.instagram.refusals[BO] = numbers
    with pytest.raises(error) as caught:
        account.send(part_of(BO, "x"))
    assert caught.value.code == said


def test_trouble_that_may_be_a_block_is_tried_once_more(account, sim):
    sim.instagram.refusals[BO] = (2, 0)
    with pytest.raises(Retry):
        account.send(part_of(BO, "x"))
    with pytest.raises(Rejected):
        account.send(part_of(BO, "x"))


def test_trouble_with_a_message_is_waited_out_longer_each_time_and_not_for_ever(number, sim):
    sim.whatsapp.refusals[ADA] = 131000
    waits = []
    for _ in range(7):
        with pytest.raises(TooFast) as caught:
            number.send(part_of(ADA, "x"))
        waits.append(caught.value.after)
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    with pytest.raises(Rejected, match=r"meta\.131000"):
        number.send(part_of(ADA, "x"))


def test_the_steps_of_a_test_say_what_is_there(tmp_path, desk, sim):
    with running_relay(tmp_path / "relay", site=None) as relay:
        desk.relay = relay
        steps = desk.checks(desk.whatsapp())
        assert all(step.ok for step in steps.values()), steps
        assert steps["templates"].values["approved"] == 1
        assert {"provider-login", "whatsapp-number", "subscription", "token-end", "hook"} <= set(
            steps
        )
        steps = desk.checks(desk.instagram())
        assert all(step.ok for step in steps.values()), steps


@pytest.mark.parametrize(
    ("change", "step", "code"),
    [
        ({"token": "other"}, "provider-login", "meta.190"),
        ({"is_subscribed": False}, "subscription", "meta.not-subscribed"),
        ({"number": "+15559999999"}, "whatsapp-number", "meta.other-number"),
    ],
)
def test_a_test_names_the_step_that_fails(tmp_path, desk, sim, monkeypatch, change, step, code):
    with running_relay(tmp_path / "relay", site=None) as relay:
        desk.relay = relay
        account = desk.whatsapp()
        token = sim.whatsapp.token
        secrets = {**desk.secrets, "token": token}
        monkeypatch.setattr(desk, "password", lambda _, purpose: secrets[purpose])
        for name, value in change.items():
            setattr(sim.whatsapp, name, value)
        steps = desk.checks(account)
        assert (steps[step].ok, steps[step].code) == (False, code)


def test_a_test_wants_what_webhooks_are_signed_with(tmp_path, desk):
    with running_relay(tmp_path / "relay", site=None) as relay:
        desk.relay = relay
        desk.secrets["app-secret"] = ""
        assert desk.checks(desk.whatsapp())["settings"].code == "meta.no-app-secret"
    desk.relay = None
    desk.secrets["app-secret"] = "x"
    assert desk.checks(desk.whatsapp())["settings"].code == "meta.needs-relay"


def test_templates_are_kept_as_meta_lists_them(desk, sim):
    account = desk.whatsapp()
    loop = UpkeepLoop(desk.receiver(account), desk.store, desk.password)
    loop.once()
    found = {row["name"]: (row["status"], row["body"]) for row in desk.rows("template")}
    assert found == {
        "order_update": ("approved", "Hello {{1}}, news of your order {{2}}."),
        "spring_sale": ("paused", "Everything must go."),
    }
    del sim.whatsapp.templates[1]
    loop.once()
    assert [row["name"] for row in desk.rows("template")] == ["order_update"]


def test_a_token_is_renewed_half_way_to_its_end(desk, sim, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    account = desk.instagram()
    root = desk.store.paths.root
    set_secret(root, account.name, Secret(sim.instagram.token))
    now = datetime.now(UTC)
    known = MetaAccount(desk.store, account)
    UpkeepLoop(desk.receiver(account), desk.store, desk.password).once()
    assert sim.instagram.refreshed == 0
    assert known.token_age() is not None
    known.save_token_age(TokenAge(now - timedelta(days=31), now + timedelta(days=29)))
    UpkeepLoop(desk.receiver(account), desk.store, desk.password).once()
    assert sim.instagram.refreshed == 1
    assert get_secret(root, account.name).reveal() == sim.instagram.token
    age = known.token_age()
    assert age is not None
    assert age.until > now + timedelta(days=59)


def test_customers_are_told_once_an_agent_has_read(tmp_path, desk, sim):
    with running_relay(tmp_path / "relay", site=None) as relay:
        desk.relay = relay
        account = desk.whatsapp()
        make = partial(make_provider, desk.store)
        loop = ReadLoop(desk.receiver(account), desk.store, desk.password, make)
        loop.tell()
        message = sim.whatsapp.customer_sends(ADA, "hello")
        desk.fetch(account)
        loop.tell()
        assert sim.whatsapp.read_marks == []
        with desk.store.write() as connection:
            connection.execute("UPDATE ticket SET unread = 0")
        loop.tell()
        loop.tell()
        assert sim.whatsapp.read_marks == [message]
        loop.finish()
