"""Whatever is asked, what is found is what a plain reading of every ticket finds."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from helpdesk_tui.db.reads import guard, search, search_sql
from helpdesk_tui.domain.query import MAX_TERMS, Group, Term, is_text, parse_query
from helpdesk_tui.domain.tickets import Priority, Sort, View, ViewFilter
from helpdesk_tui.domain.times import from_us
from tests.support.store import (
    START,
    FakeClock,
    add_activity,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
)

NOW = START + timedelta(days=30)
WORDS = ("tent", "pole", "tents", "refund", "zelt", "łódź", "退款")
STATES = ("open", "snoozed", "closed")
CHANNELS = ("email", "sms", "webchat")
TAGS = ("vip", "refund", "late")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("truth"), clock=FakeClock(NOW))
    chance = random.Random(11)
    add_agent(desk.store, "marek")
    for number in range(36):
        _make(desk.store, chance, number)
    yield desk
    desk.close()


def _make(store, chance, number):
    at = START + timedelta(hours=12 * number)
    channel = chance.choice(CHANNELS)
    status = chance.choice(STATES)
    ticket = add_ticket(
        store, at=at, channel=channel, status=status, name=chance.choice(["Lena Doe", "Ola Łoś"]),
        email=f"c{number % 7}@example.net", tags=chance.sample(TAGS, chance.choice([0, 1, 2])),
        assignee=chance.choice([None, "anna", "marek"]), spam=int(chance.random() < 0.15),
        unread=chance.randint(0, 1), priority=chance.choice(list(Priority)).value,
        waiting_since=at if chance.random() < 0.4 else None,
        merged_into=1 if number > 5 and chance.random() < 0.1 else None,
        closed_at=at + timedelta(hours=3) if status == "closed" else None,
        snoozed_until=NOW + timedelta(days=number % 5) if status == "snoozed" else None,
        recipient=chance.choice(["sales@shop.example", "help@shop.example"]),
    )  # fmt: skip
    for step in range(chance.randint(1, 3)):
        direction = chance.choice(["inbound", "inbound", "outbound", "note"])
        add_message(
            store, ticket, at=at + timedelta(minutes=step), direction=direction,
            text=" ".join(chance.sample(WORDS, 2)), subject=chance.choice(WORDS),
            agent_id=None if direction == "inbound" else chance.randint(1, 2),
            files=[("tent 1.pdf", b"x" * 2000)] if chance.random() < 0.2 else (),
            copies=["boss@example.net"] if chance.random() < 0.2 else [],
        )  # fmt: skip
    if chance.random() < 0.2:
        add_activity(store, ticket, "ticket.reopened")


# --- a plain reading -----------------------------------------------------------------------------

_PLAIN = str.maketrans("łóźŁś", "lozls")


def _tokens(text):
    return re.findall(r"[a-z0-9]+|[退款]", text.lower().translate(_PLAIN))


def _phrase_in(text, value, *, prefix):
    have, want = _tokens(text), _tokens(value)
    for start in range(len(have) - len(want) + 1):
        part = have[start : start + len(want)]
        if part == want or (prefix and part[:-1] == want[:-1] and part[-1].startswith(want[-1])):
            return True
    return False


class Reader:
    """Reads whole tickets and decides by the letter of the rules."""

    def __init__(self, desk):
        self._me = desk.actor.agent_id
        with desk.store.read() as link:
            self.tickets = [
                _dicts(link, f"SELECT * FROM ticket WHERE id = {number}")[0]
                for (number,) in link.execute("SELECT id FROM ticket").fetchall()
            ]
            self._agents = dict(link.execute("SELECT name, id FROM agent").fetchall())
            for ticket in self.tickets:
                ticket["messages"] = _dicts(
                    link, f"SELECT * FROM message WHERE ticket_id = {ticket['id']}"
                )
                for message in ticket["messages"]:
                    message["files"] = _dicts(
                        link, f"SELECT * FROM attachment WHERE message_id = {message['id']}"
                    )
                ticket["reopens"] = link.execute(
                    "SELECT count(*) FROM activity WHERE kind = 'ticket.reopened'"
                    f" AND ticket_id = {ticket['id']}"
                ).fetchone()[0]

    def ask(self, text, now) -> set[int]:
        query = parse_query(text, now=now)
        named = {
            value
            for term in query.terms
            if term.field == "is" and not term.negated
            for value in term.values
        }
        found = set()
        for ticket in self.tickets:
            if ticket["spam"] and "spam" not in named and not self._asks_merged(query, ticket):
                continue
            if ticket["merged_into"] is not None and "merged" not in named:
                continue
            if self._holds(ticket, query.root, ()):
                found.add(ticket["id"])
        return found

    def _asks_merged(self, query, ticket):
        """A merged ticket is reached by is:merged, spam or not."""
        named = {
            value
            for term in query.terms
            if term.field == "is" and not term.negated
            for value in term.values
        }
        return "merged" in named and ticket["merged_into"] is not None

    def _holds(self, ticket, node, places):
        if isinstance(node, Term) and not is_text(node):
            found = self._field(ticket, node, places)
        elif isinstance(node, Term) or is_text(node):
            found = self._in_one_message(ticket, [node], places)
        elif node.either:
            found = any(self._holds(ticket, part, places) for part in node.parts)
        else:
            found = self._all(ticket, node.parts, places)
        if isinstance(node, Group):
            return found is not node.negated
        return found

    def _all(self, ticket, parts, places):
        for part in parts:
            if isinstance(part, Term) and part.field == "in":
                places = part.values
                break
        words = [part for part in parts if is_text(part)]
        rest = [
            part
            for part in parts
            if part not in words and not (isinstance(part, Term) and part.field == "in")
        ]
        if words and not self._in_one_message(ticket, words, places):
            return False
        return all(self._holds(ticket, part, places) for part in rest)

    def _in_one_message(self, ticket, words, places):
        return any(
            all(self._says(message, word, place) for word in words)
            for message in ticket["messages"]
            for place in (places or ("",))
            if (place != "notes" or message["direction"] == "note")
            and (place != "messages" or message["direction"] != "note")
        )

    def _says(self, message, node, place):
        if isinstance(node, Group):
            join = any if node.either else all
            return join(self._says(message, part, place) for part in node.parts)
        files = " ".join(file["filename"] for file in message["files"])
        columns = {
            "subject": [message["subject"]],
            "files": [files],
            "people": [f"{message['author_name']} {message['sender']}"],
            "body": [message["text"]],
        }
        where = {"subject": "subject", "from": "people", "file": "files"}.get(node.field, place)
        texts = columns.get(where) or [text for column in columns.values() for text in column]
        last = len(node.values) - 1
        return any(
            _phrase_in(text, value, prefix=node.prefix and number == last)
            for number, value in enumerate(node.values)
            for text in texts
        )

    def _field(self, ticket, term, places):
        if not term.field or (term.field in ("subject", "from", "file") and term.op == ":"):
            plain = Term(term.field, term.values, False, term.prefix, 0)
            return not self._in_one_message(ticket, [plain], places)
        found = bool(getattr(self, f"_{term.field}")(ticket, term))
        return found is not term.negated

    def _is(self, ticket, term):
        tests: dict[str, Any] = {
            **{state: ticket["status"] == state for state in STATES},
            "unread": ticket["unread"],
            "read": not ticket["unread"],
            "spam": ticket["spam"],
            "merged": ticket["merged_into"] is not None,
            "mine": ticket["assignee_id"] == self._me,
            "unassigned": ticket["assignee_id"] is None,
            "waiting": ticket["waiting_since"] is not None,
            "reopened": ticket["reopens"] > 0,
            "vip": "vip" in ticket["tags"].split(),
        }
        return any(tests[value] for value in term.values)

    def _assignee(self, ticket, term):
        ids = {"none": None, "me": self._me, **self._agents}
        return ticket["assignee_id"] in [ids[value] for value in term.values]

    def _by(self, ticket, term):
        ids = {"me": self._me, **self._agents}
        wanted = [ids[value] for value in term.values]
        return any(
            message["agent_id"] in wanted
            for message in ticket["messages"]
            if message["direction"] == "outbound"
        )

    def _tag(self, ticket, term):
        return set(term.values) & set(ticket["tags"].split())

    def _channel(self, ticket, term):
        return ticket["channel"] in term.values

    def _priority(self, ticket, term):
        return ticket["priority"] in term.values

    def _customer(self, ticket, term):
        text = f"{ticket['customer_name']} {ticket['customer_address']}".lower().translate(_PLAIN)
        return any(value.lower().translate(_PLAIN) in text for value in term.values)

    def _inbox(self, ticket, term):
        return any(value in ticket["recipient"] for value in term.values)

    def _cc(self, ticket, term):
        return any(
            value in message["copies"] for message in ticket["messages"] for value in term.values
        )

    def _has(self, ticket, term):
        return any(
            {
                "attachment": ticket["has_media"],
                "image": False,
                "note": any(m["direction"] == "note" for m in ticket["messages"]),
            }[value]
            for value in term.values
        )

    def _file(self, ticket, term):
        return any(
            re.search(term.values[0], file["filename"], re.IGNORECASE)
            for message in ticket["messages"]
            for file in message["files"]
        )

    def _subject(self, ticket, term):
        return any(
            re.search(term.values[0], message["subject"], re.IGNORECASE)
            for message in ticket["messages"]
        )

    def _within(self, value, bounds):
        return (
            value is not None
            and (bounds.low is None or value >= bounds.low)
            and (bounds.high is None or value <= bounds.high)
        )

    def _messages(self, ticket, term):
        return self._within(ticket["message_count"], term.bounds)

    def _reopens(self, ticket, term):
        return self._within(ticket["reopens"], term.bounds)

    def _larger(self, ticket, term):
        sizes = [file["size"] for message in ticket["messages"] for file in message["files"]]
        return self._within(max(sizes, default=None), term.bounds)

    def _in_span(self, value, span):
        if value is None:
            return False
        at = from_us(value)
        return (span.start is None or at >= span.start) and (span.end is None or at < span.end)

    def _created(self, ticket, term):
        return self._in_span(ticket["created_at"], term.span)

    def _updated(self, ticket, term):
        return self._in_span(ticket["last_message_at"], term.span)

    def _closed(self, ticket, term):
        return self._in_span(ticket["closed_at"], term.span)

    def _snoozed(self, ticket, term):
        return self._in_span(ticket["snoozed_until"], term.span)

    def _waiting(self, ticket, term):
        return self._in_span(ticket["waiting_since"], term.span)

    def _heard(self, ticket, term):
        times = [m["received_at"] for m in ticket["messages"] if m["direction"] == "inbound"]
        return self._in_span(max(times, default=None), term.span)

    def _answered(self, ticket, term):
        times = [m["sent_at"] for m in ticket["messages"] if m["direction"] == "outbound"]
        return self._in_span(max(times, default=None), term.span)


def _dicts(link, sql):
    found = link.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


@pytest.fixture(scope="module")
def reader(desk):
    return Reader(desk)


TERMS = st.sampled_from([
    "tent", "pole", "ten*", "tents", '"tent pole"', "lodz", "łódź", "退款", "subject:refund",
    "subject:tent,pole", "from:lena", "file:tent", "file:~^tent", "subject:~t.nt$",
    "is:open", "is:snoozed,closed", "is:spam", "is:merged", "is:mine", "is:unassigned",
    "is:unread", "is:read", "is:waiting", "is:reopened", "is:vip", "assignee:me",
    "assignee:none,marek", "by:anna", "by:marek,me", "tag:vip", "tag:late,refund", "channel:sms",
    "channel:email,webchat", "priority:high", "priority:>=high", "priority:<normal",
    "customer:ola", "customer:los", "inbox:sales", "cc:boss@", "has:attachment", "has:note",
    "messages:>1", "messages:2..3", "reopens:0", "larger:1k", "created:<20d", "created:>20d",
    "updated:<15d", "updated:10d..5d", "closed:<25d", "snoozed:<3d", "waiting:>20d",
    "heard:<18d", "answered:>10d",
])  # fmt: skip
TEXTS = st.sampled_from(["tent", "pole", "refund", "zelt", "退款"])


def _grown(inner):
    one = st.one_of(TERMS, inner)
    joined = st.lists(one, min_size=1, max_size=3)
    placed = st.tuples(
        st.sampled_from(["in:notes", "in:messages", "in:subject", "in:notes,subject", "in:files"]),
        TEXTS, st.lists(one, max_size=2),
    ).map(lambda it: [it[0], it[1], *it[2]])  # fmt: skip
    side = st.one_of(joined, joined, placed).map(" ".join)
    sides = st.lists(side, min_size=1, max_size=3).map(" OR ".join)
    return st.tuples(st.sampled_from(["", "", "-"]), sides).map(lambda it: f"{it[0]}({it[1]})")


SIGNED = st.tuples(st.sampled_from(["", "", "", "-"]), TERMS).map("".join)
QUERIES = st.one_of(
    st.lists(st.one_of(SIGNED, st.recursive(SIGNED, _grown, max_leaves=6)), min_size=1, max_size=4)
    .map(" ".join),
    st.lists(st.recursive(SIGNED, _grown, max_leaves=4), min_size=2, max_size=3).map(" OR ".join),
)  # fmt: skip


@pytest.mark.parametrize("way", ["few", "many", "hit by hit"])
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=QUERIES)
@example(query="tent OR tag:vip")
@example(query="is:spam OR is:open tag:late")
@example(query="is:merged is:spam")
@example(query="is:unassigned (is:spam OR tag:vip)")
@example(query="-(tent pole) in:notes refund")
def test_what_is_found_is_what_is_true(desk, reader, monkeypatch, way, query):
    assume(query.count(" ") < MAX_TERMS - 1)
    with monkeypatch.context() as patch:
        patch.setattr(search, "monotonic", lambda: 0.0)  # a busy machine has all the time it needs
        patch.setattr(guard, "monotonic", lambda: 0.0)
        if way == "hit by hit":
            patch.setattr(search_sql, "_SPARSE", 0)
        if way != "few":
            patch.setattr(search, "_RARE_HITS", 0)
            patch.setattr(search, "_RARE_TICKETS", -1)
            patch.setattr(search, "_PLAIN_TICKETS", -1)
            patch.setattr(search, "_FIRST_CHUNK", 7)
        text = f"{query} "
        expected = reader.ask(text, NOW)
        where = ViewFilter(View.ALL, query=text)
        page = desk.inbox.page(where, limit=100)
        found = [row.id for row in page.rows]
        assert not page.partial
        assert sorted(found) == sorted(expected)
        ids = [ticket["id"] for ticket in reader.tickets]
        kept = {number for number, row in desk.inbox.rows(ids, where).items() if row}
        assert kept == expected


def _place(sort):
    def newest(ticket):
        return (ticket["last_message_at"], ticket["id"])

    levels = [priority.value for priority in Priority]
    return {
        Sort.NEWEST: newest,
        Sort.OLDEST: lambda ticket: tuple(-part for part in newest(ticket)),
        Sort.CREATED: lambda ticket: (ticket["created_at"], ticket["id"]),
        Sort.PRIORITY: lambda ticket: (levels.index(ticket["priority"]), *newest(ticket)),
        Sort.WAITING: lambda ticket: (
            (1, -ticket["waiting_since"], ticket["id"])
            if ticket["waiting_since"] is not None else (0, *newest(ticket))
        ),
    }[sort]  # fmt: skip


@pytest.mark.parametrize("way", ["few", "many"])
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    "query", ["", "is:open ", "is:open,spam ", "tag:vip OR is:closed ", "channel:email,sms "]
)
@pytest.mark.parametrize("view", [View.ALL, View.MINE, View.UNASSIGNED, View.SPAM])
def test_every_order_pages_both_ways(desk, reader, monkeypatch, view, query, sort, way):
    if way == "many":
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
        monkeypatch.setattr(search, "_FIRST_CHUNK", 3)
    expected = reader.ask(query, NOW)
    if view is View.SPAM:  # the view itself says that spam is meant
        expected = reader.ask(f"is:spam ({query})" if query else "is:spam ", NOW)
    mine = {View.MINE: desk.actor.agent_id, View.UNASSIGNED: None}
    tickets = [
        ticket for ticket in reader.tickets
        if ticket["id"] in expected
        and (view not in mine or (ticket["assignee_id"] == mine[view] and not ticket["spam"]))
    ]  # fmt: skip
    tickets.sort(key=_place(sort), reverse=True)
    order = [ticket["id"] for ticket in tickets]
    where = ViewFilter(view, query=query, sort=sort)
    walked: list[int] = []
    key, more = None, True
    while more:
        page = desk.inbox.page(where, after=key, limit=6)
        walked += [row.id for row in page.rows]
        key, more = page.last, page.has_more
    assert walked == order
    back = desk.inbox.last_page(where, limit=4)
    assert [row.id for row in back.rows] == order[-4:]
    if back.rows:
        before = desk.inbox.page(where, before=back.first, limit=5)
        assert [row.id for row in before.rows] == order[:-4][-5:]


def test_a_query_says_its_own_order_and_length(desk, reader):
    where = ViewFilter(View.ALL, query="sort:created limit:8")
    tickets = [t for t in reader.tickets if not t["spam"] and t["merged_into"] is None]
    tickets.sort(key=_place(Sort.CREATED), reverse=True)
    order = [ticket["id"] for ticket in tickets][:8]
    first = desk.inbox.page(where, limit=5)
    assert ([row.id for row in first.rows], first.has_more) == (order[:5], True)
    rest = desk.inbox.page(where, after=first.last, limit=5)
    assert ([row.id for row in rest.rows], rest.has_more) == (order[5:], False)
    assert [row.id for row in desk.inbox.last_page(where, 3).rows] == order[-3:]
    assert desk.inbox.height(where) == 8
