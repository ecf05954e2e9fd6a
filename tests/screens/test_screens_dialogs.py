"""Dialogs: the first row is selected, typing filters, the opening key closes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from textual.app import App
from textual.pilot import Pilot

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.tickets import AgentRow
from helpdesk_tui.screens.composing.sending import Choice, Plan, review_of
from helpdesk_tui.screens.dialogs.assign import AssignChoice, AssignDialog
from helpdesk_tui.screens.dialogs.attach import AttachDialog
from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog
from helpdesk_tui.screens.dialogs.links import LinksDialog
from helpdesk_tui.screens.dialogs.quit import QuitDialog, Unsent, quit_text
from helpdesk_tui.screens.dialogs.recipients import Chosen, RecipientsDialog, is_address
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.dialogs.snooze import SnoozeChoice, SnoozeDialog
from helpdesk_tui.screens.dialogs.tags import TagChange, TagsDialog
from helpdesk_tui.screens.thread.links import make_link
from helpdesk_tui.widgets.theme import DARK, textual_theme
from tests.support.thread_values import (
    HOSTILE,
    NOW,
    detail,
    file,
    is_harmless,
    message,
    row,
    thread,
)
from tests.support.waiting import until_so

NOTHING = object()


class Below(App[None], inherit_bindings=False):
    """A screen to open dialogs over."""

    def __init__(self):
        super().__init__()
        self.register_theme(textual_theme(DARK))
        self.theme = DARK.name
        self.answer = NOTHING

    pilot: Pilot[None]

    def get_theme_variable_defaults(self):
        return textual_theme(DARK).variables


async def until(app, condition):
    """Wait until something is so."""
    await until_so(app.pilot, condition)


@asynccontextmanager
async def asked(dialog):
    app = Below()
    async with app.run_test(size=(100, 40)) as app.pilot:
        app.push_screen(dialog, lambda answer: setattr(app, "answer", answer))
        await app.pilot.pause()
        yield app


async def answer_to(dialog, *keys):
    async with asked(dialog) as app:
        for key in keys:
            await app.pilot.press(key)
            await app.pilot.pause()
        return app.answer


def agent(id, name, full_name="", *, active=True):
    return AgentRow(id, name, full_name or name.title(), "", "support", "", active)


TEAM = (agent(1, "anna"), agent(2, "marek"), agent(3, "sofia"), agent(4, "gone", active=False))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["enter"], AssignChoice(2, "marek")),
        (["down", "enter"], AssignChoice(1, "anna")),
        (["up", "enter"], AssignChoice(None, "nobody")),
        ([*"sof", "enter"], AssignChoice(3, "sofia")),
        ([*"an", "enter"], AssignChoice(1, "anna")),
        ([*"zz", "enter"], NOTHING),
        (["escape"], None),
    ],
)
async def test_assigning_takes_the_selected_or_typed_agent(keys, expected):
    assert await answer_to(AssignDialog(TEAM, me=2, current=None), *keys) == expected


@pytest.mark.parametrize(("current", "words"), [(2, "me · now"), (3, "me"), (None, "me")])
def test_oneself_is_marked_and_set_apart_from_who_has_the_ticket(current, words):
    first = AssignDialog(TEAM, me=2, current=current).rows("")[0]
    assert "".join(text for text, _ in first.right) == words


async def test_the_opening_key_closes_unless_a_row_begins_with_it():
    others = [one for one in TEAM if one.name != "anna"]
    assert await answer_to(AssignDialog(others, me=2), "a") is None
    assert await answer_to(AssignDialog(TEAM, me=2), "a") is NOTHING
    assert await answer_to(SnoozeDialog(NOW, "UTC"), "b") is None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([*"3d", "enter"], SnoozeChoice(NOW + timedelta(days=3), keep=False)),
        ([*"3d!", "enter"], SnoozeChoice(NOW + timedelta(days=3), keep=True)),
        (["enter"], SnoozeChoice(NOW + timedelta(hours=1), keep=False)),
        ([*"whenever", "enter"], NOTHING),
        (["escape"], None),
    ],
)
async def test_snoozing_understands_words_and_offers_the_usual(keys, expected):
    assert await answer_to(SnoozeDialog(NOW, "UTC"), *keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([*"ret", "enter"], TagChange(("returns",), ())),
        (["space", "enter"], TagChange((), ("vip",))),
        ([*"brand-new", "enter"], TagChange(("brand-new",), ())),
        ([*"ret", "space", *"dam", "space", "enter"], TagChange(("damaged", "returns"), ())),
        (["enter"], TagChange((), ())),
        (["escape"], None),
    ],
)
async def test_tags_go_on_and_off(keys, expected):
    dialog = TagsDialog(["vip"], ["damaged", "returns", "vip"])
    assert await answer_to(dialog, *keys) == expected


async def test_links_show_their_real_host_and_are_opened_or_copied():
    links = (make_link("https://evil.example/a"), make_link("https://shop.example/b"))
    assert await answer_to(LinksDialog(links), "enter") == (links[0], "open")
    assert await answer_to(LinksDialog(links), "2", "enter") == (links[1], "open")
    assert await answer_to(LinksDialog(links), *"shop", "ctrl+y") == (links[1], "copy")
    assert await answer_to(LinksDialog(links), "escape") is None


async def test_a_question_takes_only_y_for_yes():
    assert await answer_to(ConfirmDialog("Open?", "Sure?", "open"), "enter") is NOTHING
    assert await answer_to(ConfirmDialog("Open?", "Sure?", "open"), "y") is True
    assert await answer_to(ConfirmDialog("Open?", "Sure?", "open"), "escape") is False
    assert await answer_to(QuitDialog(Unsent()), "ctrl+q") is True


def test_quitting_names_what_is_unsent():
    text = quit_text(Unsent(drafts=((7, "Refund"),), queued=tuple((n, "x") for n in range(9))))
    assert "#7  Refund" in text
    assert "and 4 more" in text


def recipients(to=("a@b.example",), cc=(), bcc=(), people=(), **more):
    return RecipientsDialog(Chosen(to, cc, bcc), people, **more)


async def test_recipients_are_checked():
    chosen = Chosen(("a@b.example",), ("c@d.example",), ("e@f.example",))
    assert await answer_to(recipients(*vars_of(chosen)), "enter") == chosen
    assert await answer_to(recipients(), "enter") == Chosen(("a@b.example",))
    for wrong in (
        recipients(cc=("nobody",)),
        recipients(bcc=("nobody",)),
        recipients(to=()),
        recipients(to=("a@b.example", "c@d.example")),
        recipients(cc=tuple(f"a{number}@b.example" for number in range(60))),
    ):
        assert await answer_to(wrong, "enter") is NOTHING
    several = recipients(to=("a@b.example", "c@d.example"), is_forward=True)
    assert await answer_to(several, "enter") == Chosen(("a@b.example", "c@d.example"))


def vars_of(chosen):
    return chosen.to, chosen.cc, chosen.bcc


async def test_recipients_are_completed_from_the_people_of_the_ticket():
    people = (Address("Eva Nowak", "eva@x.example"), Address("", "friend@y.example"))
    async with asked(recipients(people=people)) as app:
        await app.pilot.press(*"now", "tab")
        assert app.screen.query_one("#dialog-cc").value == "eva@x.example"
        await app.pilot.press(",", "f", "tab")
        assert app.screen.query_one("#dialog-cc").value == "eva@x.example, friend@y.example"
        await app.pilot.press("tab")
        assert app.screen.focused.id == "dialog-bcc"
        await app.pilot.press("e")
        await app.pilot.pause()
        await app.pilot.press("tab")
        assert app.screen.focused.id == "dialog-to"
        await app.pilot.press("shift+tab", "backspace", *"new@z.example", "enter")
        await app.pilot.pause()
        assert app.answer == Chosen(
            ("a@b.example",), ("eva@x.example", "friend@y.example"), ("new@z.example",)
        )


@pytest.mark.parametrize("text", ["a@b", "a b@c.example", "a@b.example\n", "<a@b.example>", "@b.c"])
def test_what_is_no_address_is_refused(text):
    assert not is_address(text)


async def test_attaching_completes_a_path_and_takes_files_only(tmp_path):
    label = tmp_path / "label-1042.pdf"
    label.write_bytes(b"%PDF")
    async with asked(AttachDialog()) as app:
        line = app.screen.query_one("#dialog-input")
        line.value = f"{tmp_path}/lab"
        await app.pilot.press("tab")
        await until(app, lambda: line.value == str(label))
        line.value = str(tmp_path)
        await app.pilot.press("enter")
        await until(app, lambda: line.value == f"{tmp_path}/")
        assert app.answer is NOTHING
        line.value = f"'{label}' "
        await app.pilot.press("enter")
        await until(app, lambda: app.answer == (label,))


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        ("y", Choice.SEND),
        ("c", Choice.CLOSE),
        ("b", Choice.SNOOZE),
        ("e", Choice.EDIT),
        ("p", Choice.KEEP),
        ("escape", Choice.EDIT),
    ],
)
async def test_the_review_is_decided_by_one_key(key, choice):
    review = review_of(thread(message(1)), Plan(seen=1), "text", ())
    assert await answer_to(ReviewDialog(review), key) is choice


async def test_nothing_hostile_gets_through_any_dialog():
    evil = message(2, author_name=HOSTILE, text=HOSTILE, sender=HOSTILE)
    header = detail(row=row(subject=HOSTILE), customer_address=HOSTILE, reply_to=HOSTILE + "x")
    review = review_of(
        thread(message(1), evil, ticket=header), Plan(seen=1, cc=(HOSTILE,)), HOSTILE,
        (file(filename=HOSTILE),),
    )  # fmt: skip
    dialogs = [
        AssignDialog([agent(1, HOSTILE, HOSTILE)]),
        TagsDialog([HOSTILE], [HOSTILE]),
        LinksDialog([make_link(HOSTILE), make_link(f"https://x.example/{HOSTILE}")]),
        ConfirmDialog(HOSTILE, HOSTILE, HOSTILE),
        QuitDialog(Unsent(((1, HOSTILE),), ((2, HOSTILE),))),
        RecipientsDialog(Chosen((HOSTILE,), (HOSTILE,)), (Address(HOSTILE, HOSTILE),)),
        ReviewDialog(review),
    ]
    for dialog in dialogs:
        async with asked(dialog) as app:
            for strip in app.screen._compositor.render_strips():
                assert is_harmless("".join(segment.text for segment in strip))
