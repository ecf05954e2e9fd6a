"""A plain reading of every ticket: what a search has to find, by the letter of the rules."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from helpdesk_tui.domain.query.parsing import Group, Term, is_text, parse_query
from helpdesk_tui.domain.times import from_us
from tests.support.store import START

NOW = START + timedelta(days=30)
"""The moment at which is asked."""
STATES = ("open", "snoozed", "closed")

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
