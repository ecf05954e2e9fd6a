"""Support addresses: listed with their state, added by a wizard that waits for its test mail."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.domain.received import Source
from helpdesk_tui.screens.beside.addresses import AddressesScreen
from helpdesk_tui.screens.dialogs.address_wizard import AddressWizard
from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog
from helpdesk_tui.screens.help import HelpScreen
from helpdesk_tui.screens.palette import Palette
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.widgets.wizard_pages import Step
from tests.support.addressed import addressed_desk
from tests.support.driving import Driving, driving
from tests.support.mails import make_mail, receive
from tests.support.store import FakeClock, make_desk
from tests.support.thread_values import HOSTILE, is_harmless

HELP, BOX = "help@brand.example", "desk@shop.example"
INTO = Source(account_id=1, folder="INBOX", validity=7)


async def opened(it: Driving) -> AddressesScreen:
    """Open the addresses from the palette, and wait for them."""
    it.inbox.perform("go.addresses")
    await it.until(lambda: isinstance(it.app.screen, AddressesScreen))
    screen = it.app.screen
    assert isinstance(screen, AddressesScreen)
    await it.until(lambda: screen.list.rows)
    return screen


def wizard(it: Driving) -> AddressWizard:
    assert isinstance(it.app.screen, AddressWizard)
    return it.app.screen


async def at_step(it: Driving, step: Step) -> None:
    await it.until(lambda: isinstance(it.app.screen, AddressWizard))
    await it.until(lambda: wizard(it)._state.step is step)


def send(desk: Desk, address: str = HELP) -> str:
    """Do what the worker does with a test that was asked for; return the token."""
    jobs = Jobs(desk.store, SYSTEM, now=desk.clock)
    job = jobs.claim("worker")
    assert job is not None
    token = Addresses(desk.store, SYSTEM, now=desk.clock).begin_test(address)
    jobs.finish(job, {})
    return token


def arrive(desk: Desk, token: str, address: str = HELP) -> None:
    """Let the test mail come back through the forwarding."""
    mail = make_mail(
        BOX, to=address, subject=f"Forwarding test {token}", text=token, address_test=token,
        mail_class=MailClass.AUTO,
    )  # fmt: skip
    Inbound(desk.store, SYSTEM, now=desk.clock).ingest(
        [receive(mail, at=desk.clock())], source=INTO
    )


def clock_of(desk: Desk) -> FakeClock:
    return cast("FakeClock", desk.clock)


TYPED = (*"help", "at", *"brand", "full_stop", *"example")


async def test_the_palette_knows_them_by_name(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await it.press("colon")
        await it.until(lambda: isinstance(it.app.screen, Palette))
        await it.press(*"addresses")
        await it.sees("Support addresses")
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, AddressesScreen))


async def test_each_state_has_a_sign_and_a_word_and_the_workspace_is_copied(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    for name, state in (("b@x.example", "pending"), ("c@x.example", "failing")):
        desk.addresses.add("shop", name)
        with desk.store.write() as connection:
            connection.execute(
                "UPDATE support_address SET state = ? WHERE address = ?", (state, name)
            )
    desk.addresses.add("shop", "d@x.example")
    desk.addresses.set_state("d@x.example", AddressState.OFF)
    async with driving(desk) as it:
        await opened(it)
        await it.sees("✓ verified", "… pending", "✗ failing", "○ off", "1 failing")
        await it.press("y")
        await it.sees(f"copied {BOX}")
        assert it.app.clipboard == BOX


async def test_the_wizard_leads_from_nothing_to_a_verified_address(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    async with driving(desk) as it:
        screen = await opened(it)
        await it.press("a")
        await at_step(it, Step.ACCESS)
        await it.sees("Administrator access", "step 1 of 4")
        await it.press("c")
        await it.sees("copied the steps")
        assert f"forwarded automatically to {BOX}" in it.app.clipboard
        await it.press("enter")
        await at_step(it, Step.ADDRESS)
        await it.sees("is there an administrator?")
        await it.press(*TYPED, "down", "down", "enter")
        await at_step(it, Step.FORWARD)
        await it.sees("GOOGLE WORKSPACE", "step 3 of 4")
        assert desk.addresses.load(HELP).state is AddressState.PENDING
        assert desk.addresses.load(HELP).provider == "workspace"
        await it.press("y")
        assert it.app.clipboard == BOX
        await it.press("l")
        assert it.app.clipboard.startswith("https://support.google.com/")
        await it.press("d")
        await at_step(it, Step.TEST)
        await it.press("t")
        await it.sees("waiting for the worker")
        token = send(desk)
        await it.sees("on its way through the forwarding", "of 10:00")
        arrive(desk, token)
        await it.sees("is verified: customers can write to it")
        await it.press("enter")
        await it.until(lambda: it.app.screen is screen)
        await it.until(lambda: screen.list.current and screen.list.current.address == HELP)
        assert desk.addresses.load(HELP).state is AddressState.VERIFIED


@pytest.mark.parametrize(
    ("typed", "said"),
    [((), "type the address first"), (("x",), "is no mail address"),
     ((*"desk", "at", *"shop", "full_stop", *"example"), "already one of our addresses")],
)  # fmt: skip
async def test_what_cannot_be_added_is_said_where_it_is_typed(
    tmp_path: Path, typed: tuple[str, ...], said: str
) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await opened(it)
        await it.press("a")
        await it.until(lambda: wizard(it)._state.mailboxes)
        await it.press("enter", *typed, "enter")
        await it.sees(said)
        assert wizard(it)._state.step is Step.ADDRESS


async def test_a_free_address_is_known_by_its_domain(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await opened(it)
        await it.press("a")
        await it.until(lambda: wizard(it)._state.mailboxes)
        await it.press("enter", *"shop", "at", *"gmail", "full_stop", *"com", "enter")
        await at_step(it, Step.FORWARD)
        assert it.desk.addresses.load("shop@gmail.com").provider == "gmail"


async def test_a_wizard_that_was_left_goes_on_where_it_was(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP, provider="microsoft")
    async with driving(desk) as it:
        screen = await opened(it)
        screen.list.select(desk.addresses.load(HELP).id)
        await it.press("enter")
        await at_step(it, Step.FORWARD)
        await it.press("d")
        await at_step(it, Step.TEST)
        await it.press("t")
        await it.sees("waiting for the worker")
        await it.press("escape")
        await it.until(lambda: it.app.screen is screen)
        token = send(desk)
        await it.until(lambda: screen.list.current and screen.list.current.asked_at)
        await it.press("enter")
        await at_step(it, Step.TEST)
        await it.sees("on its way through the forwarding")
        arrive(desk, token)
        await it.sees("is verified")


async def test_a_test_that_does_not_arrive_says_what_to_check(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP, provider="gmail")
    desk.addresses.mark_done(HELP)
    async with driving(desk, size=(120, 50)) as it:
        screen = await opened(it)
        screen.list.select(desk.addresses.load(HELP).id)
        await it.press("t")
        await it.sees("waiting for the worker")
        send(desk)
        await it.sees("on its way")
        clock_of(desk).advance(minutes=11)
        await it.sees("did not arrive in time", "WHAT TO CHECK", "switched on?", "by hand")
        await it.press("l")
        assert it.app.clipboard.startswith("https://support.google.com/")
        await it.press("t")
        await it.sees("waiting for the worker")


async def test_the_code_of_the_provider_shows_up_by_itself(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP, provider="gmail")
    async with driving(desk) as it:
        screen = await opened(it)
        screen.list.select(desk.addresses.load(HELP).id)
        await it.press("enter")
        await at_step(it, Step.FORWARD)
        await it.sees("shows up on this page by itself")
        with desk.store.write() as connection:
            connection.execute(
                "UPDATE support_address SET confirmation = ? WHERE address = ?",
                ('{"code": "482913377", "link": "https://mail-settings.google.com/mail/vf-1",'
                 ' "provider": "gmail", "seen_at": 1}', HELP),
            )  # fmt: skip
        await it.sees("482913377", "https://mail-settings.google.com/mail/vf-1")
        await it.press("l")
        assert it.app.clipboard == "https://mail-settings.google.com/mail/vf-1"


async def test_another_provider_is_picked_in_the_wizard(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP)
    async with driving(desk) as it:
        screen = await opened(it)
        screen.list.select(desk.addresses.load(HELP).id)
        await it.press("enter")
        await at_step(it, Step.FORWARD)
        await it.press("p", "down", "down", "enter")
        await it.sees("OUTLOOK / MICROSOFT 365")
        await it.press("p", "escape")
        await it.until(lambda: "p provider" in it.text())
        assert isinstance(it.app.screen, AddressWizard)


async def test_a_mailbox_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.admin.add_channel("second", "email", "two@desk.example")
    async with driving(desk) as it:
        await opened(it)
        await it.press("a")
        await it.until(lambda: len(wizard(it)._state.mailboxes) == 2)
        await it.press("enter")
        await at_step(it, Step.MAILBOX)
        await it.press("down", "enter")
        await at_step(it, Step.ADDRESS)
        await it.press(*TYPED, "enter")
        await at_step(it, Step.FORWARD)
        assert desk.addresses.load(HELP).workspace == "two@desk.example"


async def test_names_signatures_and_states_are_changed(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP)
    async with driving(desk) as it:
        screen = await opened(it)
        screen.list.select(desk.addresses.load(HELP).id)
        await it.press("r")
        await it.sees("sender name of")
        await it.press("ctrl+u", *"Brand", "enter")
        await it.until(lambda: desk.addresses.load(HELP).name == "Brand")
        await it.press("s")
        await it.sees("signature of")
        await it.press(*"Bye", "enter", *"us", "ctrl+o")
        await it.until(lambda: desk.addresses.load(HELP).signature == "Bye\nus")
        await it.press("o")
        await it.until(lambda: desk.addresses.load(HELP).state is AddressState.OFF)
        await it.sees("○ off")
        await it.press("enter")
        await it.sees("it is off: o switches it on")
        await it.press("t", "o")
        await it.until(lambda: desk.addresses.load(HELP).state is AddressState.PENDING)
        await it.press("x")
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        await it.press("y")
        await it.until(lambda: len(screen.list.rows) == 1)
        await it.press("x", "y")
        await it.sees("is the connected mailbox itself")


async def test_who_may_not_change_them_is_told(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, role="support")) as it:
        await opened(it)
        await it.press("o")
        await it.sees("needs the role admin or owner")


async def test_where_no_mailbox_is_connected_the_wizard_says_how(tmp_path: Path) -> None:
    async with driving(make_desk(tmp_path)) as it:
        it.inbox.perform("go.addresses")
        await it.sees("No support address yet.")
        await it.press("enter")
        await it.sees("No mailbox is connected yet")
        await it.press("enter", "c", "q")
        await it.until(lambda: isinstance(it.app.screen, AddressesScreen))
        await it.press("a")
        await it.until(lambda: isinstance(it.app.screen, AddressWizard))
        await it.press("a")
        await it.until(lambda: isinstance(it.app.screen, AddressesScreen))


async def test_nothing_in_an_address_acts(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.addresses.add("shop", HELP)
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE support_address SET address = :x || address, name = :x, signature = :x,"
            " provider = :x, error_code = :x",
            {"x": HOSTILE},
        )
    async with driving(desk) as it:
        await opened(it)
        await it.sees("[@click=app.quit]x[/]")
        assert is_harmless(it.text().replace("\n", ""))
        await it.press("r")
        await it.sees("sender name of")
        assert is_harmless(it.text().replace("\n", ""))


async def test_the_keys_of_the_screen_are_shown_and_q_leads_back(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path), size=(80, 24)) as it:
        screen = await opened(it)
        await it.press("question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        await it.sees("SUPPORT ADDRESSES", "Send a test mail")
        await it.press("q", "enter")
        await it.sees("The connected mailbox itself")
        await it.press("q")
        await it.until(lambda: not screen.on_page)
        await it.press("q")
        await it.until(lambda: it.app.screen is it.inbox)
