"""What is typed outlives the program, whatever goes wrong with the store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.thread.pane import ThreadPane
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.drafts import Drafts
from tests.support.driving import Driving, driving
from tests.support.store import START, FakeClock, add_agent, add_message, add_ticket, make_root

REPLY = DraftKind.REPLY
SAVE = Drafts.save


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = make_root(tmp_path)
    store = Store(root)
    anna = add_agent(store)
    assert anna == 1
    add_message(store, add_ticket(store, assignee="anna", status="open", at=START), at=START)
    store.close()
    return root


def desk(root: Path) -> Desk:
    return Desk(Store(root), Actor(ActorKind.AGENT, 1, "anna"), FakeClock())


def refusing(error: BaseException) -> Any:
    def refuse(*_: object, **_named: object) -> None:
        raise error

    return refuse


def files(root: Path) -> list[Path]:
    return list(root.glob("helpdesk-unsaved-*"))


def pane(it: Driving) -> ThreadPane:
    found = it.inbox.panes.thread
    assert found is not None
    return found


async def type_a_reply(it: Driving) -> None:
    await it.press("enter")
    await it.until(lambda: pane(it).thread is not None)
    await it.press("r")
    await it.until(lambda: pane(it).is_writing)
    await it.press(*"Dear")


async def is_back(root: Path) -> None:
    """See that the next start puts the text back, and says so."""
    async with driving(desk(root)) as it:
        await it.sees("could not be saved last time")
        draft = it.desk.drafts.load(1, REPLY)
        assert draft is not None
        assert draft.text == "Dear"
    assert not files(root)


def test_what_the_store_cannot_take_at_the_end_is_there_at_the_next_start(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def end() -> None:
        async with driving(desk(root)) as it:
            await type_a_reply(it)
            it.app.leave()

    monkeypatch.setattr(Drafts, "save", refusing(StoreError("store.full", path="/x")))
    asyncio.run(end())
    (file,) = files(root)
    assert str(file) in capsys.readouterr().err.replace("\n", "")
    monkeypatch.setattr(Drafts, "save", SAVE)
    asyncio.run(is_back(root))


async def test_a_fault_while_saving_keeps_the_text_and_is_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Drafts, "save", refusing(ZeroDivisionError("planted")))
    async with driving(desk(root)) as it:
        await type_a_reply(it)
        await it.sees("something went wrong inside")
        assert pane(it).keeper.texts == {(1, REPLY): "Dear"}
        monkeypatch.setattr(Drafts, "save", SAVE)
        await it.until(lambda: it.desk.drafts.load(1, REPLY) is not None)
    assert not files(root)


def test_a_fault_while_leaving_ends_the_program_and_keeps_the_text(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end() -> None:
        async with driving(desk(root)) as it:
            await type_a_reply(it)
            with pytest.raises(ZeroDivisionError):
                it.app.leave()

    monkeypatch.setattr(Drafts, "save", refusing(ZeroDivisionError("planted")))
    asyncio.run(end())
    assert files(root)
    monkeypatch.setattr(Drafts, "save", SAVE)
    asyncio.run(is_back(root))


def test_a_crash_of_the_program_keeps_the_text(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash() -> None:
        async with driving(desk(root)) as it:
            await type_a_reply(it)
            it.app.call_later(refusing(KeyError("crash")))
            await it.until(lambda: not it.app.is_running)

    monkeypatch.setattr(Drafts, "save", refusing(ZeroDivisionError("planted")))
    with pytest.raises(KeyError, match="crash"):
        asyncio.run(crash())
    assert files(root)
    monkeypatch.setattr(Drafts, "save", SAVE)
    asyncio.run(is_back(root))
