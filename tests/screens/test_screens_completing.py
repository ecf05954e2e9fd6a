"""What is proposed under the cursor: emoji, colleagues, teams; and nothing behind it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.widgets.completion import word_before
from tests.screens.test_screens_answering import answering, composer, write
from tests.support.store import add_agent


@pytest.mark.parametrize(
    ("before", "word"),
    [
        (":smi", "smi"), ("hi :smi", "smi"), ("(:x", "x"), ("10:30", None), ("http://x", None),
        (": no", None), ("", None), ("lena@exa", None), ("@a b", None), ("@", None),
    ],
)  # fmt: skip
def test_a_sign_begins_a_word_or_nothing(before: str, word: str | None) -> None:
    sign = "@" if "@" in before else ":"
    assert word_before(before, sign) == ("" if before == "@" else word)


async def test_an_emoji_is_taken_by_its_name(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "Hi :tad")
        await it.until(lambda: composer(it).completions.is_open)
        assert ":tada:" in it.text()
        await it.press("tab")
        await it.until(lambda: composer(it).text == "Hi 🎉 ")
        await it.press(*"at 10:30 :sm", "escape", *"i")
        assert composer(it).is_open
        assert not composer(it).completions.is_open
        await it.press("enter", *"x")
        assert composer(it).text == "Hi 🎉 at 10:30 :smi\nx"


async def test_a_mention_in_a_note_eats_no_text_and_reaches_a_team(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        bert = add_agent(it.store, "bert", full_name="Bert Berg")
        with it.store.write() as connection:
            connection.execute("INSERT INTO team (id, name, created_at) VALUES (1, 'billing', 0)")
            connection.execute("INSERT INTO membership (team_id, agent_id) VALUES (1, ?)", (bert,))
        await write(it, "please look", key="i")
        assert composer(it).kind is DraftKind.NOTE
        composer(it).editor.move_cursor((0, 0))
        await it.press(*"@b")
        await it.until(lambda: len(composer(it).completions.proposals) == 2)
        assert "Bert Berg" in it.text()
        assert "team · 1 person" in it.text()
        await it.press("down", "enter")
        assert composer(it).text == "@billing please look"
        await it.press("ctrl+o")
        await it.until(lambda: len(desk.threads.load(ticket).messages) == 2)
        with it.store.read() as connection:
            assert connection.execute("SELECT agent_id FROM mention").fetchall() == [(bert,)]


async def test_a_reply_mentions_nobody(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_agent(it.store, "bert")
        await write(it, "@b")
        await it.pilot.pause(0.1)
        assert not composer(it).completions.is_open
