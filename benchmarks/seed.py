"""Fill a store for benchmarks: ``python benchmarks/seed.py --tickets N STORE``.

The same arguments always give the same tickets. A million take a few minutes: indexes, counters
and guards are put aside while the rows go in, and the journal is off, so a run that is broken off
leaves only a folder that ends in ``.part``.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import seed_words as words
from helpdesk_tui.db.blobs import pack, put_blob
from helpdesk_tui.db.fulltext import index_message, unindex_message
from helpdesk_tui.db.ingest_sql import insert
from helpdesk_tui.db.migrate import ensure_schema
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.store import prepare
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.times import to_us

END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The last message of every seeded store."""
SPAN = timedelta(days=730)
CHUNK = 20_000
BODIES = 2_000
TOP_MESSAGES = 50
FIRST_MESSAGE = 2**32 + 1
SUPPORT = "support@shop.example"
AGENTS = (("anna", "Anna Berg"), ("marek", "Marek Nowak"), ("sofia", "Sofia Lind"))
CHANNELS = {"email": 68, "webchat": 15, "sms": 9, "instagram": 5, "whatsapp": 3}
STATUSES = {"closed": 90, "open": 8, "snoozed": 2}
LABEL = b"%PDF-1.4\n% a label of no parcel\n"

_TICKET = insert(
    "ticket", "id", "channel", "channel_account_id", "subject", "status", "spam", "unread",
    "priority", "assignee_id", "profile_id", "customer_name", "customer_address", "recipient",
    "preview", "tags", "automatic", "created_at", "updated_at", "last_message_at",
    "waiting_since", "closed_at", "snoozed_until", "snooze_zone", "message_count", "has_media",
)  # fmt: skip
_MESSAGE = insert(
    "message", "id", "ticket_id", "original_ticket_id", "channel", "channel_account_id",
    "direction", "author_kind", "agent_id", "author_name", "sender", "recipients", "subject",
    "text", "external_id", "content_hash", "sent_at", "received_at", "delivery",
)  # fmt: skip
_SEARCH = insert("message_fts", "rowid", "subject", "body", "people", "files")
_FILE = insert("attachment", "message_id", "filename", "content_type", "size", "sha256")
_PERSON = insert("profile", "id", "name", "email", "phone", "created_at", "updated_at")
_IDENTITY = insert("identity", "profile_id", "kind", "value")
_PART = insert("participant", "ticket_id", "address", "name", "role")
_TAGGED = insert("ticket_tag", "ticket_id", "tag_id")
_EVENT = insert("activity", "at", "ticket_id", "actor_kind", "kind", "after")
_TALLY = """
    INSERT INTO ticket_tally (assignee_id, status, spam, total, unread)
    SELECT coalesce(assignee_id, 0), status, spam, count(*), sum(unread) FROM ticket
    WHERE merged_into IS NULL GROUP BY 1, 2, 3
"""


class Body(NamedTuple):
    """A text of the pool, ready for its row, its list preview and its search row."""

    text: str
    preview: str
    folded: str


class Person(NamedTuple):
    """A customer."""

    name: str
    address: str
    folded: str


class Seeder:
    """Makes rows by chunks; all chance comes from one generator."""

    def __init__(self, link: sqlite3.Connection, tickets: int, per_ticket: float) -> None:
        self._link = link
        self._random = random.Random(f"{tickets} {per_ticket:g}")
        self._tickets = tickets
        self._per_ticket = per_ticket
        self._languages = list(words.SHARES)
        self._bodies = {name: self._make_bodies(name) for name in self._languages}
        self._people = max(1, tickets // 3)
        self._message = FIRST_MESSAGE
        self._waiting: list[tuple[int, int, tuple[Any, ...]]] = []
        self._order = 0

    def _make_bodies(self, language: str) -> list[Body]:
        count = max(20, BODIES * words.SHARES[language] // 100)
        found = []
        for _ in range(count):
            picked = self._random.sample(words.SENTENCES[language], self._random.randint(2, 4))
            text = f"{words.GREETINGS[language]}\n\n{' '.join(picked)}"
            found.append(Body(text, first_words(text), fold(text)))
        return found

    def person(self, number: int) -> Person:
        """Return a customer by number: always the same one."""
        first, last = words.FIRST.split(), words.LAST.split()
        name = f"{first[number % len(first)]} {last[number // len(first) % len(last)]}"
        address = f"customer{number}@{words.HOSTS[number % len(words.HOSTS)]}"
        return Person(name, address, fold(f"{name} {address}"))

    def fill(self) -> None:
        """Write everything but indexes and counters."""
        self._write_desk()
        self._write_people()
        for start in range(1, self._tickets + 1, CHUNK):
            self._write_chunk(start, min(start + CHUNK, self._tickets + 1))
        self._flush(None)

    def _write_desk(self) -> None:
        at = to_us(END - SPAN)
        self._link.execute("UPDATE schema_info SET instance = 'seeded', secret = ?", ("5e" * 32,))
        self._link.executemany(
            insert("agent", "name", "full_name", "email", "role", "created_at"),
            [(name, full, f"{name}@shop.example", "admin" if name == "anna" else "support", at)
             for name, full in AGENTS],
        )  # fmt: skip
        self._link.executemany(
            insert("channel_account", "name", "channel", "address", "enabled", "created_at"),
            [(f"{name} shop", name, SUPPORT if name == "email" else name, 0, at)
             for name in CHANNELS],
        )  # fmt: skip
        self._link.execute(
            insert("support_address", "address", "name", "channel_account_id"), (SUPPORT, "Shop", 1)
        )
        self._link.executemany(insert("tag", "name"), [(name,) for name in words.TAGS])

    def _write_people(self) -> None:
        at = to_us(END - SPAN)
        for start in range(1, self._people + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, self._people + 1))
            people = [self.person(number) for number in numbers]
            self._link.executemany(
                _PERSON,
                ((n, p.name, p.address, "", at, at) for n, p in zip(numbers, people, strict=True)),
            )
            self._link.executemany(
                _IDENTITY,
                ((n, "email", p.address) for n, p in zip(numbers, people, strict=True)),
            )

    def _write_chunk(self, start: int, end: int) -> None:
        chance, count = self._random, end - start
        columns = zip(
            range(start, end),
            chance.choices(self._languages, list(words.SHARES.values()), k=count),
            chance.choices(list(CHANNELS), list(CHANNELS.values()), k=count),
            chance.choices(list(STATUSES), list(STATUSES.values()), k=count),
            chance.choices(range(1, self._people + 1), k=count),
            strict=True,
        )
        tickets, parts, tagged, events = [], [], [], []
        for number, language, channel, status, profile in columns:
            row, tags, at = self._ticket(number, language, channel, status, profile)
            tickets.append(row)
            tagged += [(number, tag) for tag in tags]
            parts.append((number, row[11], row[10], "customer"))
            events.append((at, number, "customer", "ticket.created", '{"status": "open"}'))
        self._link.executemany(_TICKET, tickets)
        self._link.executemany(_PART, parts)
        self._link.executemany(_TAGGED, tagged)
        self._link.executemany(_EVENT, events)
        self._flush(self._created(end))

    def _created(self, number: int) -> int:
        """Return when a ticket begins: evenly spread, so that ids follow time."""
        return to_us(END - SPAN) + (to_us(END) - to_us(END - SPAN)) * number // (self._tickets + 1)

    def _ticket(
        self, number: int, language: str, channel: str, status: str, profile: int
    ) -> tuple[tuple[Any, ...], list[int], int]:
        chance, person = self._random, self.person(profile)
        created, top = self._created(number), number == self._tickets
        status = "open" if top else status
        spam = status == "closed" and chance.random() < 0.02
        subject = chance.choice(words.SUBJECTS[language]).format(n=100_000 + number)
        assignee = self._assignee(status)
        count = TOP_MESSAGES if top else self._count()
        has_file = chance.random() < 0.08
        last, body, ours = self._queue(
            number, language, channel, person, subject, created, count, has_file=has_file
        )
        unread = status == "open" and not ours and chance.random() < 0.4
        tags = sorted(chance.sample(range(len(words.TAGS)), chance.choice((0, 0, 0, 1, 1, 2))))
        waits = status == "open" and not ours
        row = (
            number, channel, list(CHANNELS).index(channel) + 1, subject, status, spam, unread,
            chance.choice(("normal", "normal", "normal", "high", "low")), assignee, profile,
            person.name, person.address, SUPPORT if channel == "email" else channel,
            body.preview, " ".join(words.TAGS[tag] for tag in tags), False, created, last, last,
            last if waits else None, last if status == "closed" else None,
            to_us(END) + chance.randint(1, 30) * 86_400_000_000 if status == "snoozed" else None,
            "UTC" if status == "snoozed" else "", count, has_file,
        )  # fmt: skip
        return row, [tag + 1 for tag in tags], created

    def _assignee(self, status: str) -> int | None:
        nobody = 0.4 if status == "open" else 0.1
        return None if self._random.random() < nobody else self._random.randint(1, len(AGENTS))

    def _count(self) -> int:
        """Return how many messages a ticket has: one at least, ``per_ticket`` on average."""
        more = self._per_ticket - 1
        return 1 if more <= 0 else 1 + int(self._random.expovariate(1 / more) + 0.5)

    def _queue(
        self, number: int, language: str, channel: str, person: Person, subject: str, created: int,
        count: int, *, has_file: bool,
    ) -> tuple[int, Body, bool]:  # fmt: skip
        """Queue the messages of a ticket; return time, text and side of the last one."""
        step = min(6 * 3_600_000_000, (to_us(END) - created) // max(1, count))
        at, body, ours = created, self._bodies[language][0], False
        for index in range(count):
            at = to_us(END) if count == TOP_MESSAGES == index + 1 else created + step * index
            body = self._random.choice(self._bodies[language])
            ours = index % 2 == 1
            agent = self._random.randint(1, len(AGENTS))
            self._order += 1
            entry = (number, channel, person, subject, body, agent if ours else None,
                     has_file and index == 0)  # fmt: skip
            heapq.heappush(self._waiting, (at, self._order, entry))
        return at, body, ours

    def _flush(self, before: int | None) -> None:
        """Write the messages that came before a moment, in the order they came."""
        messages, search, files = [], [], []
        for at, entry in self._due(before):
            message, found, has_file = self._message_rows(at, entry)
            messages.append(message)
            search.append(found)
            if has_file:
                files.append((self._message, "label.pdf", "application/pdf", len(LABEL),
                              sha256(LABEL).hexdigest()))  # fmt: skip
            self._message += 1
        self._link.executemany(_MESSAGE, messages)
        self._link.executemany(_SEARCH, search)
        self._link.executemany(_FILE, files)

    def _due(self, before: int | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
        while self._waiting and (before is None or self._waiting[0][0] < before):
            at, _, entry = heapq.heappop(self._waiting)
            yield at, entry

    def _message_rows(
        self, at: int, entry: tuple[Any, ...]
    ) -> tuple[tuple[Any, ...], tuple[Any, ...], bool]:
        number, channel, person, subject, body, agent, has_file = entry
        ours = agent is not None
        name, sender = (AGENTS[agent - 1][1], SUPPORT) if ours else (person.name, person.address)
        to = person.address if ours else SUPPORT
        message = (
            self._message, number, number, channel, list(CHANNELS).index(channel) + 1,
            "outbound" if ours else "inbound", "agent" if ours else "customer", agent, name,
            sender, json.dumps([to]), subject, body.text, f"seed.{self._message}@shop.example",
            f"seed {self._message}", at, at, "sent" if ours else "received",
        )  # fmt: skip
        people = fold(f"{name} {sender}") if ours else person.folded
        files = "label.pdf" if has_file else ""
        return message, (self._message, fold(subject), body.folded, people, files), has_file


def seed(root: Path, tickets: int, per_ticket: float = 1.0) -> None:
    """Make a store with tickets; it appears under its name when it is whole."""
    if StorePaths(root).database.exists():
        raise SystemExit(f"{root} holds a store already: remove it first")
    part = root.with_name(f"{root.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    ensure_schema(part)
    paths = StorePaths(part)
    with closing(sqlite3.connect(paths.database, isolation_level=None)) as link:
        prepare(link)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF",
                       "cache_size=-400000", "temp_store=MEMORY"):  # fmt: skip
            link.execute(f"PRAGMA {pragma}")
        aside = _put_aside(link)
        link.execute("BEGIN")
        put_blob(link, paths, *pack(sha256(LABEL).hexdigest(), LABEL))
        Seeder(link, tickets, per_ticket).fill()
        link.execute(_TALLY)
        for statement in aside:
            link.execute(statement)
        _tune_search(link, merge=8, crisis=16, kilobytes=1024)
        _lift_search(link)
        link.execute("COMMIT")
        link.execute("PRAGMA journal_mode=WAL")
    if root.is_dir():
        root.rmdir()
    part.rename(root)


def _put_aside(link: sqlite3.Connection) -> list[str]:
    """Drop indexes and triggers; return the statements that make them again."""
    found = link.execute(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name"
    ).fetchall()
    for kind, name, _ in found:
        link.execute(f"DROP {kind} {name}")
    _tune_search(link, merge=0, crisis=64, kilobytes=128 * 1024)
    return [statement for _, _, statement in found]


def _tune_search(link: sqlite3.Connection, *, merge: int, crisis: int, kilobytes: int) -> None:
    for name, value in (("automerge", merge), ("crisismerge", crisis),
                        ("hashsize", kilobytes * 1024)):  # fmt: skip
        link.execute("INSERT INTO message_fts (message_fts, rank) VALUES (?, ?)", (name, value))


def _lift_search(link: sqlite3.Connection) -> None:
    """Put the index where one that has grown mail by mail has its mass.

    Filled at once it lies on the lowest level, among the segments of single mails: the sixteenth
    of them would have all of it written anew by one commit.
    """
    newest = link.execute("SELECT max(id) FROM message").fetchone()[0]
    unindex_message(link, newest)
    index_message(link, newest)
    link.execute("INSERT INTO message_fts (message_fts) VALUES ('optimize')")


def main() -> None:
    """Read the arguments and fill the store."""
    parser = argparse.ArgumentParser(description="fill a store for benchmarks")
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--tickets", type=int, required=True, metavar="N")
    parser.add_argument("--messages-per-ticket", type=float, default=1.0, metavar="M")
    given = parser.parse_args()
    if not 1 <= given.tickets <= 1_000_000:
        parser.error("--tickets takes 1 to 1,000,000")
    started = time.perf_counter()
    seed(given.store, given.tickets, given.messages_per_ticket)
    seconds = time.perf_counter() - started
    print(f"{given.tickets:,} tickets in {seconds:.1f} s")


if __name__ == "__main__":
    main()
