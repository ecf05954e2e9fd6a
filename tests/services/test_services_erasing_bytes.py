"""After a customer is erased, the bytes of the store's files hold nothing of them either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.action_json import request_json
from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.facts import Facts, Order, ProfileFacts, Section
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.services.commerce.erasing import Erasing
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.jobs import ACTION_PREVIEW, Jobs
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_profile,
    add_ticket,
    make_desk,
)

NAME, ADDRESS, STREET = "Quillon Vexmoor", "quillon@vexmoor.example", "Zanderweg 77"
WORD = "flibbertigibbets"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock=FakeClock())
    yield opened
    opened.close()


@pytest.fixture
def profile(desk: Desk) -> int:
    """A customer with a mail, an order, and a change of its address that was worked out."""
    store = desk.store
    add_agent(store, "anna")
    ticket = add_ticket(store, name=NAME, email=ADDRESS, subject=f"{WORD} asked for")
    add_message(store, ticket, text=f"my {WORD} please", sender=ADDRESS, author_name=NAME)
    number = add_profile(store, NAME, ADDRESS)
    owner = Actor(ActorKind.AGENT, 1, "anna", Role.OWNER)
    source = Sources(store, owner, now=desk.clock).add("sandbox", "shop", {"file": "/x/shop.json"})
    order = Order("1", "#1042", START - timedelta(days=1), address=f"{NAME}\n{STREET}")
    ContextStore(store, now=desk.clock).store(
        source, number, Match("c1", MatchedBy.EMAIL, ADDRESS),
        Facts(profile=ProfileFacts(name=NAME), orders=(order,)), asked=tuple(Section),
    )  # fmt: skip
    request = ActionRequest(
        ActionKind.SUBSCRIPTION_ADDRESS, source.id, "s1", "Tea", {"address": STREET}, {},
        key="k", profile_id=number, ticket_id=ticket, agent_id=1,
    )  # fmt: skip
    jobs = Jobs(store, owner, now=desk.clock)
    jobs.ask(ACTION_PREVIEW, request_json(request))
    job = jobs.claim("worker")
    assert job is not None
    jobs.finish(job, {"changes": [["address", "", STREET]]}, failed=False)
    return number


def files_with(desk: Desk, text: str) -> list[str]:
    """Return the files of the store that hold a text, as it is or as a search index folds it."""
    wanted = {text.encode(), text.casefold().encode()}
    return [
        each.name
        for each in desk.store.paths.root.rglob("*")
        if each.is_file() and any(one in each.read_bytes() for one in wanted)
    ]


def test_no_file_of_the_store_holds_a_word_of_an_erased_customer(desk: Desk, profile: int) -> None:
    words = (NAME, ADDRESS, STREET, WORD)
    assert all(files_with(desk, one) for one in words)
    owner = Actor(ActorKind.AGENT, 1, "anna", Role.OWNER)
    Erasing(desk.store, owner, now=desk.clock).erase(profile)
    with desk.store.read() as connection:
        kept = "\n".join(
            str(row) for row in connection.execute("SELECT arguments, result FROM job")
        )
    assert STREET not in kept
    desk.close()
    assert {one: files_with(desk, one) for one in words} == {one: [] for one in words}
