"""The FAQ by keys: written, published, ordered, translated, taken out; hostile text stays text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind, Role
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.screens.beside.faq import FaqScreen
from helpdesk_tui.screens.dialogs.faq_edit import FaqEditor
from helpdesk_tui.services.faq import Faq
from tests.support.driving import Driving, driving
from tests.support.store import FakeClock, add_agent, add_message, add_ticket, make_desk, make_store

MANAGER = Actor(ActorKind.AGENT, agent_id=1, name="anna", role=Role.MANAGER)
RETURN = FaqDraft("en", "How do I return something?", "Within 30 days.", "returns", "Orders",
                  published=True)  # fmt: skip
SHIPPING = FaqDraft("en", "When does it arrive?", "In two days.", "shipping", "Orders")
ZWROT = FaqDraft("pl", "Jak zwrócić towar?", "W ciągu 30 dni.", "returns")


@asynccontextmanager
async def faq(
    tmp_path: Path,
    *drafts: FaqDraft,
    role: str = "manager",
    size: tuple[int, int] = (120, 36),
) -> AsyncIterator[Driving]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role=role)
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock())
    add_message(desk.store, add_ticket(desk.store, assignee="anna"))
    kept = Faq(desk.store, MANAGER, now=desk.clock)
    for draft in drafts:
        kept.add(draft)
    async with driving(desk, size) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("g", "F")
        await it.until(lambda: isinstance(it.app.screen, FaqScreen))
        yield it


async def test_an_empty_faq_teaches_its_keys_and_a_question_is_written(tmp_path: Path) -> None:
    async with faq(tmp_path) as it:
        await it.sees("No question yet", "a writes the first")
        await it.press("a")
        await it.until(lambda: isinstance(it.app.screen, FaqEditor))
        await it.press("ctrl+o")
        await it.sees("question")
        await it.press(*"Where?", "tab", *"Here.", "enter", *"And there.", "tab", *"Shops")
        await it.press("tab", *"location", "tab", "right", "ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, FaqScreen))
        await it.sees("Where?", "1 question, 1 published")
        (kept,) = it.desk.faq.all()
        assert (kept.answer, kept.category, kept.words) == (
            "Here.\nAnd there.",
            "Shops",
            "location",
        )
        assert kept.published


async def test_questions_are_published_ordered_searched_and_taken_out(tmp_path: Path) -> None:
    async with faq(tmp_path, RETURN, SHIPPING, ZWROT) as it:
        await it.sees("[en] pl", "2 questions, 1 published", "Within 30 days.", "also in")
        await it.press("j", "p")
        await it.sees("2 questions, 2 published")
        await it.press("<")
        await it.until(lambda: it.desk.faq.all("en")[0].key == "shipping")
        await it.press("slash", *"return")
        await it.until(lambda: "When does it arrive?" not in it.text())
        await it.press("enter", "<")
        await it.sees("only the whole list has an order")
        await it.press("x")
        await it.sees("taken out: How do I return something?")
        assert {each.key for each in it.desk.faq.all("en")} == {"shipping"}
        await it.press("z")
        await it.until(lambda: len(it.desk.faq.all("en")) == 2)
        await it.press("q", "]")
        await it.sees("en [pl]", "Jak zwrócić towar?")


async def test_a_question_is_written_in_another_language(tmp_path: Path) -> None:
    async with faq(tmp_path, RETURN) as it:
        await it.sees("How do I return")
        await it.press("t", *"sv", "enter")
        await it.until(lambda: isinstance(it.app.screen, FaqEditor))
        await it.sees("new question · sv")
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, FaqScreen))
        assert [(each.language, each.key) for each in it.desk.faq.find("returns")] == [
            ("en", "returns"),
            ("sv", "returns"),
        ]


async def test_two_who_change_one_are_told(tmp_path: Path) -> None:
    async with faq(tmp_path, RETURN) as it:
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, FaqEditor))
        item = it.desk.faq.all()[0]
        Faq(it.desk.store, MANAGER).change(item.id, SHIPPING)
        await it.press(*"!", "ctrl+o")
        await it.sees("ctrl+o again writes over it")
        await it.press("escape")
        await it.sees("not saved yet")
        await it.press("escape")
        await it.until(lambda: isinstance(it.app.screen, FaqScreen))


async def test_agents_of_support_only_read(tmp_path: Path) -> None:
    async with faq(tmp_path, RETURN, role="support") as it:
        await it.sees("to read: managers change them")
        await it.press("p", "x", "a")
        assert isinstance(it.app.screen, FaqScreen)
        assert it.desk.faq.all()[0].published


@pytest.mark.parametrize("size", [(80, 24), (180, 50)])
async def test_hostile_text_stays_text(tmp_path: Path, size: tuple[int, int]) -> None:
    evil = FaqDraft("en", "[@click=app.quit]x[/] \u202egnp", "\x1b]52;c;eA==\x07[/x] <b>", "evil")
    async with faq(tmp_path, evil, size=size) as it:
        await it.sees("[@click=app.quit]x[/]")
        assert "\x1b]52" not in it.text()
        assert "\u202e" not in it.text()
