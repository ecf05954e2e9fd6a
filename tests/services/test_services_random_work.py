"""Any mix of what two agents, customers and the worker do leaves the kept values true."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.activity import new_change_id
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM, Role
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Priority
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.domain.webchat import responder
from helpdesk_tui.domain.webchat.wire import Event, EventKind, Visitor
from helpdesk_tui.services import bulk
from helpdesk_tui.services.applying import apply_verb
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.outbox import Outbox
from tests.support.chats import SITE, add_site
from tests.support.lies import IN_ORDER, lies
from tests.support.mails import make_mail, receive
from tests.support.receiving import take
from tests.support.store import START, FakeClock, add_agent, add_mailbox, make_desk

MACRO = """
name = "Done"
[actions]
note = "@bert saw {{ customer.name }}"
tag = "+done -red"
status = "close"
[body]
email = "Hi {{ customer.first_name }}"
"""
TAGS = ("red", "green", "blue", "done")
PEOPLE = ("lena", "omar", "iris")


class Day:
    """Random work of two agents, their customers and the worker on one store."""

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = FakeClock(START + timedelta(days=1))
        anna = make_desk(root, clock=self.clock)
        add_agent(anna.store, "bert")
        add_mailbox(anna.store)
        self.desks = (anna, open_desk(anna.store.paths.root, agent="bert", clock=self.clock))
        for desk in self.desks:
            desk.actor = replace(desk.actor, role=Role.ADMIN)
        self.macro = anna.macros.save(MACRO).id
        self.team = anna.teams.add("north")
        self.mails = 0
        self.changes: list[str] = []
        self.told: list[str] = []
        self.site = Account(
            add_site(anna.store), "chat", "webchat", SITE, True, "{}", AccountState.OK, ""
        )
        if seed % 2:
            with anna.store.write() as connection:
                save_setting(connection, "ai-agent", DESK, '"built-in"')
        self.seq = 0
        self.written: dict[str, list[str]] = {}
        """What the visitor of each conversation wrote, in the order of writing."""
        self.running: list[str] = []
        for _ in range(8):
            self.customer_writes()
        for _ in range(3):
            self.visitor_does()

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    # what there is -----------------------------------------------------------------------------

    def column(self, query: str) -> list[int]:
        with self.desks[0].store.read() as connection:
            return [row[0] for row in connection.execute(query)]

    def tickets(self) -> list[int]:
        return self.column("SELECT id FROM ticket ORDER BY id")

    def some(self) -> list[int]:
        tickets = self.tickets()
        return self.chance.sample(tickets, min(len(tickets), self.chance.randint(1, 4)))

    # who does what -----------------------------------------------------------------------------

    def customer_writes(self) -> None:
        self.mails += 1
        who = f"{self.chance.choice(PEOPLE)}@example.net"
        ids = [] if not self.mails else self.known_ids(who)
        thread = (
            {"references": self.chance.choice(ids)} if ids and self.chance.random() < 0.7 else {}
        )
        mail = make_mail(
            who, message_id=f"m{self.mails}@example.net", subject=f"Parcel {self.mails}",
            text=f"words {self.mails}", date=self.clock(), **thread,
        )  # fmt: skip
        take(self.desks[0].store, receive(mail, uid=self.mails, at=self.clock()))

    def visitor_does(self) -> None:
        """Let a visitor begin, write, leave, come back, or end a chat."""
        chance = self.chance
        if not self.running or chance.random() < 0.2:
            name = f"c-{self.seq}"
            person = chance.choice(PEOPLE)
            who = Visitor(person, f"{person}@example.net", person.title())
            self.hears(EventKind.STARTED, name, visitor=who, language="pl")
            self.running.append(name)
            self.written[name] = []
            self.says(name)
            return
        name = chance.choice(self.running)
        kind = chance.choice([EventKind.MESSAGE] * 5 + [
            EventKind.LEFT, EventKind.BACK, EventKind.PERSON, EventKind.ENDED,
        ])  # fmt: skip
        if kind is EventKind.MESSAGE:
            self.says(name)
            return
        self.hears(kind, name)
        if kind is EventKind.ENDED:
            self.running.remove(name)

    def says(self, name: str) -> None:
        text = f"chat words {self.seq}"
        self.written[name].append(text)
        self.hears(EventKind.MESSAGE, name, client_id=f"m-{self.seq}", text=text)

    def hears(self, kind: EventKind, name: str, **fields: Any) -> None:
        self.seq += 1
        event = Event(self.seq, kind, self.clock(), name, **fields)
        Chats(self.desks[0].store, now=self.clock).ingest(self.site, [event], {})

    def heard(self) -> dict[str, list[str]]:
        """Return what stands of each conversation in its ticket."""
        found: dict[str, list[str]] = {}
        with self.desks[0].store.read() as connection:
            for name, text in connection.execute(
                "SELECT conversation, text FROM chat JOIN message USING (ticket_id)"
                " WHERE direction = 'inbound' ORDER BY message.id"
            ):
                found.setdefault(name, []).append(text)
        return found

    def responder_does(self) -> None:
        """Let the automatic responder finish with chats, or give them away."""
        verb = self.chance.choice([responder.hand_over, responder.solved, responder.elsewhere])
        ids = self.column("SELECT ticket_id FROM chat WHERE responder = 'answering'")[:2]
        now = self.clock()
        with self.desks[0].store.write() as connection:
            apply_verb(connection, SYSTEM, now, ids, lambda t: verb(t, now),
                       kind="chat.handed-over", change_id=new_change_id())  # fmt: skip

    def worker_ends(self) -> None:
        """Tell visitors of the end; what they wrote before that was all heard."""
        chats = Chats(self.desks[0].store, now=self.clock)
        for chat, by in chats.to_close(self.site):
            chats.closed(chat, by)
            self.running.remove(chat.conversation)

    def known_ids(self, sender: str) -> list[str]:
        with self.desks[0].store.read() as connection:
            return [row[0] for row in connection.execute(
                "SELECT external_id FROM message WHERE external_id != '' AND (sender = ?"
                " OR recipients LIKE ?) ORDER BY id", (sender, f"%{sender}%"))]  # fmt: skip

    def worker_sends(self) -> None:
        outbox = Outbox(self.desks[0].store, SYSTEM, now=self.clock)
        for claim in outbox.claim_due("worker"):
            end = self.chance.randint(0, 3)
            if end == 0:
                outbox.failed(claim.message_id, "worker", "smtp.550")
            elif end == 1:
                outbox.unknown(claim.message_id, "worker")
            else:
                outbox.sent(claim.message_id, "worker")
        self.desks[0].triage.wake_due()
        self.responder_does()
        self.worker_ends()

    def verb(self, desk: Desk) -> Callable[[Desk, list[int]], Change]:
        chance, now = self.chance, self.clock()
        until = now + timedelta(hours=chance.randint(1, 30))
        return chance.choice([
            lambda d, ids: d.triage.close(ids),
            lambda d, ids: d.triage.close(ids),
            lambda d, ids: d.triage.reopen(ids),
            lambda d, ids: d.triage.reopen(ids),
            lambda d, ids: d.triage.snooze(ids, until, keep=until.hour % 2 == 0),
            lambda d, ids: d.triage.snooze(ids, None),
            lambda d, ids: d.triage.assign(ids, chance.choice([None, 1, 2])),
            lambda d, ids: d.triage.assign_team(ids, self.team),
            lambda d, ids: d.triage.set_priority(ids, chance.choice(list(Priority))),
            lambda d, ids: d.triage.retag(ids, chance.sample(TAGS, 2), chance.sample(TAGS, 1)),
            lambda d, ids: d.triage.mark_unread(ids),
            lambda d, ids: d.triage.mark_read(ids),
            lambda d, ids: d.triage.spam(ids),
            lambda d, ids: d.triage.take_over(ids),
            lambda d, ids: d.triage.not_spam(ids),
            lambda d, ids: d.watching.watch(ids),
            lambda d, ids: d.blocks.block(ids),
            lambda d, ids: d.blocks.unblock(ids),
        ])  # fmt: skip

    def agent_acts(self, desk: Desk) -> None:
        chance = self.chance
        act = chance.choice([
            self.do_verb, self.do_verb, self.do_verb, self.do_verb, self.in_bulk, self.merge,
            self.merge, self.unmerge, self.split, self.move, self.link, self.unlink, self.reply,
            self.reply, self.hold, self.schedule, self.unsend, self.note, self.run_macro,
            self.draft, self.undo, self.undo, self.undo, self.undo, self.undo_from_log, self.decide,
        ])  # fmt: skip
        self.told.append(f"{desk.actor.name} {act.__name__}")
        act(desk)

    def do_verb(self, desk: Desk) -> None:
        self.changes.append(self.verb(desk)(desk, self.some()).change_id)

    def in_bulk(self, desk: Desk) -> None:
        verb = self.verb(desk)
        targets = desk.bulk.named(self.tickets())
        report = desk.bulk.run(lambda d, ids, _seen: verb(d, list(ids)), targets)
        self.changes.append(report.change_id)

    def merge(self, desk: Desk) -> None:
        ids = self.tickets() if self.chance.random() < 0.2 else self.some()
        self.changes.append(desk.merging.merge(ids, self.some()[0]).change_id)

    def unmerge(self, desk: Desk) -> None:
        merged = self.column("SELECT id FROM ticket WHERE merged_into IS NOT NULL")
        if merged:
            self.changes.append(desk.merging.unmerge(self.chance.choice(merged)).change_id)

    def split(self, desk: Desk) -> None:
        messages = self.column("SELECT id FROM message")
        split = desk.merging.split(
            self.chance.choice(messages), following=self.chance.random() < 0.5
        )
        self.changes.append(split.change.change_id)

    def move(self, desk: Desk) -> None:
        address = f"{self.chance.choice(PEOPLE)}@example.net"
        self.changes.append(desk.customers.set_customer(self.some()[0], address).change_id)

    def link(self, desk: Desk) -> None:
        profiles = self.column("SELECT id FROM profile")
        one, two = self.chance.choice(profiles), self.chance.choice(profiles)
        self.changes.append(desk.people.link(one, two).change_id)

    def unlink(self, desk: Desk) -> None:
        linked = self.column("SELECT id FROM profile WHERE merged_into IS NOT NULL")
        if linked:
            self.changes.append(desk.people.unlink(self.chance.choice(linked)).change_id)

    def reply(self, desk: Desk) -> None:
        then = self.chance.choice(["none", "close"])
        self.changes.append(desk.replies.reply(self.some()[0], "we look", then=then).change_id)  # type: ignore[arg-type]

    def hold(self, desk: Desk) -> None:
        chats = self.column("SELECT ticket_id FROM chat")
        self.changes.append(desk.replies.hold(self.chance.choice(chats)).change_id)

    def schedule(self, desk: Desk) -> None:
        at = self.clock() + timedelta(hours=self.chance.randint(1, 5))
        then = self.chance.choice(["none", "close"])
        self.changes.append(
            desk.replies.reply(self.some()[0], "later", at=at, then=then).change_id  # type: ignore[arg-type]
        )

    def unsend(self, desk: Desk) -> None:
        waiting = self.column("SELECT id FROM message WHERE delivery IN ('queued', 'scheduled')")
        if waiting:
            desk.replies.undo_send(self.chance.choice(waiting))

    def decide(self, desk: Desk) -> None:
        for each in self.column("SELECT id FROM message WHERE delivery IN ('failed', 'unknown')"):
            with suppress(HelpdeskError):
                desk.replies.retry(each)
            with suppress(HelpdeskError):
                desk.replies.resolve(each, sent=self.chance.random() < 0.5)

    def note(self, desk: Desk) -> None:
        desk.replies.note(self.some()[0], "@bert @anna please look")

    def run_macro(self, desk: Desk) -> None:
        self.changes.append(desk.macros.apply(self.macro, self.some()).change_id)

    def draft(self, desk: Desk) -> None:
        standing = self.column("SELECT id FROM ticket WHERE merged_into IS NULL")
        kind = self.chance.choice([DraftKind.REPLY, DraftKind.NOTE])
        desk.drafts.save(self.chance.choice(standing), kind, f"begun {self.mails}")

    def undo(self, desk: Desk) -> None:
        if self.changes:
            change = self.chance.choice(self.changes[-8:])
            whole = self.chance.random() < 0.5
            undone = desk.activity.undo(change) if whole else desk.bulk.undo(change)
            self.changes.append(undone.change_id)

    def undo_from_log(self, desk: Desk) -> None:
        found = desk.activity.newest_undoable()
        if found is not None:
            self.changes.append(desk.activity.undo(found.change_id).change_id)

    def goes_on(self) -> None:
        """Let one thing happen; what is refused is refused."""
        self.clock.advance(seconds=self.chance.choice([1, 20, 4000]))
        draw = self.chance.random()
        try:
            if draw < 0.15:
                self.told.append("customer")
                self.customer_writes()
            elif draw < 0.3:
                self.told.append("visitor")
                self.visitor_does()
            elif draw < 0.4:
                self.told.append("worker")
                self.worker_sends()
            else:
                self.agent_acts(self.chance.choice(self.desks))
        except HelpdeskError as error:
            self.told.append(f"  refused: {error.code}")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few tickets be many: transactions of three, and no rest."""
    monkeypatch.setattr(bulk, "CHUNK", 3)
    monkeypatch.setattr(bulk, "_ENTRIES", 4)
    monkeypatch.setattr(bulk, "_REST", 0.0)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", range(3))
def test_any_mix_of_work_leaves_the_kept_values_true(tmp_path: Path, seed: int) -> None:
    day = Day(tmp_path, seed)
    try:
        for _ in range(60):
            day.goes_on()
            assert lies(day.desks[0]) == [], day.told
        assert day.heard() == day.written
    finally:
        day.close()


@pytest.mark.usefixtures("small_parts")
def test_two_agents_at_once_leave_the_kept_values_true(tmp_path: Path) -> None:
    day = Day(tmp_path, 7)

    def work(act: Callable[[], None]) -> None:
        for _ in range(60):
            with suppress(HelpdeskError):
                act()

    def outside() -> None:
        day.clock.advance(seconds=day.chance.choice([1, 4000]))
        day.chance.choice([day.customer_writes, day.visitor_does, day.worker_sends])()

    acts: list[Callable[[], None]] = [
        outside,
        *(partial(day.agent_acts, desk) for desk in day.desks),
    ]
    try:
        with ThreadPoolExecutor(len(acts)) as pool:
            for done in [pool.submit(work, act) for act in acts]:
                done.result()
        found = [each for each in lies(day.desks[0]) if not each.startswith(IN_ORDER)]
        assert found == [], day.told
        assert day.heard() == day.written
    finally:
        day.close()
