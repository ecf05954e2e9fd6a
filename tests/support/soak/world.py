"""The soak: thousands of messages over all channels, faults, kills, and a look at what is left."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.messaging.consent import ConsentLog
from helpdesk_tui.services.presence import Presence
from helpdesk_tui.services.replies import Replies
from tests.support.dovecot import PASSWORD, USER, running_dovecot
from tests.support.providers.faults import Fault
from tests.support.providers.running import Providers, running_providers
from tests.support.relay import IDENTITY_KEY, ORIGIN, TOKEN
from tests.support.relay_killed import KilledRelay
from tests.support.smtp import MailServer, running_smtp
from tests.support.soak.ends import ChatEnd, EmailEnd, End, InstagramEnd, SmsEnd, WhatsAppEnd
from tests.support.soak.mortal import MortalWorker, Secrets
from tests.support.store import add_agent, make_store

_ANNA = Actor(ActorKind.AGENT, 1, "anna")
_TROUBLE = (
    Fault.BUSY, Fault.BUSY_UNTIL, Fault.BROKEN, Fault.CUT, Fault.BROKEN_AFTER, Fault.CUT_AFTER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    messages: int = 5_000
    people: int = 25
    """For each channel."""
    replies_every: int = 10
    """Messages of a ticket before somebody answers."""
    kills: int = 10
    faults: float = 0.05
    seed: int = 1
    patience: float = 600.0
    """Seconds until everything has to be there once nothing goes wrong any more."""


@dataclass(slots=True)
class Outcome:
    """What was left at the end."""

    written: int = 0
    seconds: float = 0.0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    replies: int = 0
    arrived: int = 0
    unknown: int = 0
    """Replies that nobody can tell of: an agent is asked."""
    sent_twice: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    """Replies that neither arrived nor are said to be in doubt."""
    forgeries_taken: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    integrity: str = ""

    @property
    def wrong(self) -> dict[str, Any]:
        """Return what should not have been: nothing, where all is well."""
        found = {
            "missing": self.missing,
            "doubled": self.doubled,
            "disordered": self.disordered,
            "sent twice": self.sent_twice,
            "unsent": self.unsent,
            "forgeries taken": self.forgeries_taken,
            "integrity": "" if self.integrity == "ok" else self.integrity,
        }
        return {name: value for name, value in found.items() if value}


class World:
    """All that runs during a soak."""

    def __init__(
        self, plan: Plan, store: Store, ends: Sequence[End], worker: MortalWorker,
        relay: KilledRelay, sim: Providers,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.store = store
        self.ends = ends
        self._worker = worker
        self._relay = relay
        self._sim = sim
        self._dice = random.Random(plan.seed)
        self._replies = Replies(store, _ANNA)
        self._presence = Presence(store, _ANNA)
        self._answered: Counter[int] = Counter()
        self.written: dict[tuple[str, int], list[str]] = {}
        self.answers: list[str] = []

    def run(self) -> Outcome:
        """Let everybody write, let things go wrong, and look at what is left."""
        begun = time.monotonic()
        self._write_all()
        self._sim.faults.stop()
        self._wait()
        outcome = self._look()
        outcome.seconds = time.monotonic() - begun
        return outcome

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(query, values)]

    def _write_all(self) -> None:
        plan = self.plan
        kills = {plan.messages * (number + 1) // (plan.kills + 1) for number in range(plan.kills)}
        for number in range(plan.messages):
            if number in kills:
                self._kill()
            end = self.ends[number % len(self.ends)]
            person = self._dice.randrange(plan.people)
            texts = self.written.setdefault((end.channel, person), [])
            text = f"{end.channel} {person} says {len(texts) + 1}"
            texts.append(text)
            end.write(person, text, number, twice=self._dice.random() < plan.faults)
            if number % 50 == 0:
                self._presence.beat(None)
                self._answer()

    def _kill(self) -> None:
        if self._dice.random() < 0.5:
            self._worker.restart()
        else:
            self._relay.restart()

    def _answer(self) -> None:
        """Answer tickets in which enough has been said."""
        counted = self.rows(
            "SELECT ticket_id, channel, count(*) FROM message WHERE direction = 'inbound'"
            " GROUP BY ticket_id"
        )
        for ticket, channel, count in counted:
            if count // self.plan.replies_every > self._answered[ticket]:
                self._answered[ticket] += 1
                text = f"{channel} ticket {ticket} answer {self._answered[ticket]}"
                self._replies.reply(ticket, text, seen=None, undo=False)
                self.answers.append(text)

    def _wait(self) -> None:
        """Wait until nothing is under way."""
        deadline = time.monotonic() + self.plan.patience
        pause = threading.Event()
        while not self._is_settled():
            if time.monotonic() > deadline:
                return
            self._presence.beat(None)
            self._answer()
            pause.wait(0.2)

    def _is_settled(self) -> bool:
        [(heard, open_)] = self.rows(
            "SELECT count(*) FILTER (WHERE direction = 'inbound'),"
            " count(*) FILTER (WHERE delivery IN ('queued', 'sending')) FROM message"
        )
        told = all(postman.is_idle() for postman in self._sim.postmen)
        return told and heard >= self.plan.messages and open_ == 0

    def _look(self) -> Outcome:
        outcome = Outcome(self.plan.messages, replies=len(self.answers))
        # Dovecot numbers mails of one look in the order of the folder: its clock tells theirs
        moment = "CASE channel WHEN 'email' THEN received_at ELSE 0 END"
        found = self.rows(
            f"SELECT ticket_id, text, {moment} FROM message WHERE direction = 'inbound'"
            f" ORDER BY {moment}, id"
        )
        by_ticket: dict[int, list[tuple[int, int]]] = {}
        for ticket, text, at in found:
            by_ticket.setdefault(ticket, []).append((int(text.rpartition(" ")[2]), at))
        heard = Counter(text.strip() for _, text, _ in found)
        said = [text for texts in self.written.values() for text in texts]
        outcome.missing = [text for text in said if not heard[text]]
        outcome.doubled = [text for text, count in heard.items() if count > 1]
        outcome.disordered = [
            f"ticket {ticket}: {told}" for ticket, told in by_ticket.items() if not _rises(told)
        ]
        self._look_at_replies(outcome)
        hooks = (self._sim.twilio.hook, self._sim.whatsapp.hook, self._sim.instagram.hook)
        outcome.forgeries_taken = sum(hook.forgeries_taken for hook in hooks)
        outcome.faults = Counter(self._sim.faults.counts)
        outcome.integrity = str(self.rows("PRAGMA integrity_check")[0][0])
        return outcome

    def _look_at_replies(self, outcome: Outcome) -> None:
        came = Counter(text for end in self.ends for text in end.came())
        states = dict(self.rows("SELECT text, delivery FROM message WHERE direction = 'outbound'"))
        doubt = {text.strip() for text, state in states.items() if state == "unknown"}
        outcome.arrived = sum(came[text] > 0 for text in self.answers)
        outcome.unknown = len(doubt)
        outcome.sent_twice = [text for text in self.answers if came[text] > 1]
        outcome.unsent = [text for text in self.answers if not came[text] and text not in doubt]


def _rises(told: Sequence[tuple[int, int]]) -> bool:
    """Tell whether numbers rise; a mail server's clock knows seconds only."""
    return all(
        one < other or (at > 0 and at == later) for (one, at), (other, later) in pairwise(told)
    )


@contextmanager
def soaking(folder: Path, plan: Plan) -> Iterator[World]:
    """Give a world with everything running; not yet begun."""
    with ExitStack() as stack:
        sim = stack.enter_context(
            running_providers(seed=plan.seed, validate_one_in=20, is_strict=True)
        )
        imap = stack.enter_context(running_dovecot())
        smtp = stack.enter_context(running_smtp(imap.certificates))
        relay = stack.enter_context(KilledRelay(folder / "relay"))
        store = make_store(folder)
        stack.callback(store.close)
        mail = {**imap.settings(), **smtp.settings()}
        secrets = _connect(store, sim, relay, mail, plan)
        _trouble(sim, smtp, relay.url, plan)
        chat = ChatEnd(relay.running())
        stack.callback(chat.close)
        ends = [EmailEnd(imap, smtp), chat, SmsEnd(sim), WhatsAppEnd(sim), InstagramEnd(sim)]
        worker = MortalWorker(store.paths.root, secrets)
        stack.callback(worker.kill)
        yield World(plan, store, ends, worker, relay, sim)


def _connect(
    store: Store, sim: Providers, relay: KilledRelay, mail: dict[str, Any], plan: Plan
) -> Secrets:
    reached = {"relay": relay.url}
    accounts: dict[str, tuple[str, dict[str, Any]]] = {
        "email": (USER, mail),
        "webchat": ("shop", reached),
        "sms": (
            sim.twilio.numbers[0],
            {"provider": "twilio", "account_sid": sim.twilio.account_sid, "api": sim.twilio.url,
             "hook": "sms", **reached},
        ),
        "whatsapp": (
            sim.whatsapp.number,
            {"provider": "meta", "phone_number_id": sim.whatsapp.phone_id,
             "waba_id": sim.whatsapp.waba_id, "version": "v23.0", "api": sim.whatsapp.url,
             "hook": "whatsapp", **reached},
        ),
        "instagram": (
            f"@{sim.instagram.handle}",
            {"provider": "instagram-login", "account_id": sim.instagram.ig_id,
             "version": "v24.0", "api": sim.instagram.url, "hook": "instagram", **reached},
        ),
    }  # fmt: skip
    add_agent(store)
    with store.write() as connection:
        for channel, (address, settings) in accounts.items():
            connection.execute(
                "INSERT INTO channel_account (name, channel, address, enabled, settings,"
                " created_at, error_code, error_text, state) VALUES (?, ?, ?, 1, ?, 0, '', '',"
                " 'new')",
                (channel, channel, address, json.dumps(settings)),
            )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id, state)"
            " VALUES (?, 'Shop Support', 1, 'verified')",
            (USER,),
        )
        connection.executemany(
            "INSERT INTO setting (scope, agent_id, name, value) VALUES ('desk', 0, ?, ?)",
            [("chat-origins", json.dumps([ORIGIN])), ("chat-login", '"all"')],
        )
    consents = ConsentLog(store, _ANNA)
    for person in range(plan.people):
        consents.record(SmsEnd.address(person), ConsentState.GIVEN, "at the till", channel="sms")
    beside = {"verify": "verify-token-of-tests", "relay": TOKEN}
    return Secrets(
        {
            "email": {"imap": PASSWORD, "smtp": PASSWORD},
            "webchat": {"relay": TOKEN, "identity": IDENTITY_KEY},
            "sms": {"token": sim.twilio.token, "app-secret": sim.twilio.hook.secret, **beside},
            "whatsapp": {
                "token": sim.whatsapp.token, "app-secret": sim.whatsapp.hook.secret, **beside
            },
            "instagram": {
                "token": sim.instagram.token, "app-secret": sim.instagram.hook.secret, **beside
            },
        }
    )  # fmt: skip


def _trouble(sim: Providers, smtp: MailServer, relay: str, plan: Plan) -> None:
    """Let a share of everything go wrong."""
    sim.faults.at_rate("*", plan.faults, *_TROUBLE)
    # once for certain, whatever chance does in a short run
    sim.faults.next("*", _TROUBLE[0], skip=3)
    hooks = {"sms": sim.twilio.hook, "whatsapp": sim.whatsapp.hook, "instagram": sim.instagram.hook}
    for name, hook in hooks.items():
        hook.duplicates = hook.forged = plan.faults
        hook.url = f"{relay}/hooks/{name}"
    dice = random.Random(plan.seed)

    def answer(server: Any) -> str:
        return "451 4.7.1 try later" if dice.random() < plan.faults else "250 queued as 1"

    smtp.after_data = answer
