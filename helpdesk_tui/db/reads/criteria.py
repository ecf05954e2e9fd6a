"""From a parsed query to SQL: words for the full-text index, the rest for columns of tickets."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from helpdesk_tui.db.reads.lists import scope_of
from helpdesk_tui.domain.query import Query, QueryError, Term
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.domain.times import to_us

_COLUMNS = {"subject": "subject", "from": "people", "file": "files"}
"""Fields that are columns of the full-text index."""
_BROKEN_START = re.compile(r"^\w+")
"""A word behind a ``*`` may be the end of a longer one, which the index cannot look up."""
_KNOWN_SHOWN = 30
"""Names listed with an error about an unknown one."""


@dataclass(slots=True)
class Criteria:
    """What a search asks for."""

    view: ViewFilter
    """The plain view it searches in."""
    matches: list[str] = field(default_factory=list)
    """Full-text expressions that one message must match, all of them."""
    without: list[str] = field(default_factory=list)
    """Full-text expressions that no message of the ticket may match."""
    conditions: list[str] = field(default_factory=list)
    """Conditions on columns of ``ticket``."""
    params: dict[str, object] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    """Selects of ticket ids, each of which holds every ticket that can be found."""

    @property
    def match(self) -> str:
        """The full-text expression of all words, or empty."""
        return " AND ".join(self.matches)

    @property
    def where(self) -> str:
        """The condition on tickets, the view's included."""
        return " AND ".join((scope_of(self.view).where, *self.conditions))

    @property
    def all_params(self) -> dict[str, object]:
        """The parameters of :attr:`where` and :attr:`sources`."""
        return {**scope_of(self.view).params, **self.params}

    def bind(self, value: object) -> str:
        """Add a parameter and return its mark."""
        name = f"q{len(self.params)}"
        self.params[name] = value
        return f":{name}"


def criteria_of(
    connection: sqlite3.Connection, view: ViewFilter, query: Query, agent_id: int | None
) -> Criteria:
    """Return what a query asks for within a view.

    Raises:
        QueryError: if it names a tag or an agent that there is none of, or no word at all.
    """
    criteria = Criteria(view)
    for term in query.terms:
        _ADDERS[term.field](_Step(connection, criteria, term, query.text, agent_id))
    if query.terms and not _has_condition(criteria, view):
        raise QueryError("query.no-words", text=query.text, position=0, known=())
    return criteria


def _has_condition(criteria: Criteria, view: ViewFilter) -> bool:
    return bool(
        criteria.matches
        or criteria.without
        or criteria.conditions
        or criteria.view != view
        or criteria.sources
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One term on its way into the criteria."""

    connection: sqlite3.Connection
    criteria: Criteria
    term: Term
    text: str
    agent_id: int | None

    def condition(self, sql: str) -> None:
        """Ask for a condition on the ticket, or for its opposite if the term is negated."""
        self.criteria.conditions.append(f"NOT ({sql})" if self.term.negated else f"({sql})")

    def unknown(self, code: str, known: list[str], value: str) -> QueryError:
        """Return the error about a name that is not in the store."""
        shown = tuple(known[:_KNOWN_SHOWN])
        return QueryError(
            code, text=self.text, position=self.term.position, known=shown, value=value
        )


def phrase(value: str, *, prefix: bool = False) -> str:
    """Return words as a quoted full-text phrase; empty if there is nothing to look for.

    Everything is quoted, so that no character and no word of the query syntax means anything.
    """
    folded = fold(value).replace("\0", " ")
    if not any(char.isalnum() for char in folded):
        return ""
    quoted = '"' + folded.strip().replace('"', '""') + '"'
    return quoted + " *" if prefix and folded[-1:].isalnum() else quoted


def _add_text(step: _Step) -> None:
    column = _COLUMNS.get(step.term.field, "")
    last = len(step.term.values) - 1
    found = [
        phrase(value.replace("*", " "), prefix=step.term.prefix and number == last)
        for number, value in enumerate(step.term.values)
    ]
    parts = [part for part in found if part]
    if not parts:
        return
    expression = parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"
    if column:
        expression = f"{column} : {expression}"
    target = step.criteria.without if step.term.negated else step.criteria.matches
    target.append(expression)


def _add_file(step: _Step) -> None:
    """Add a file name: words of it, or a pattern with ``*``."""
    if not any("*" in value for value in step.term.values):
        _add_text(step)
        return
    tests = []
    for value in step.term.values:
        pattern = f"{value}*" if step.term.prefix else value
        mark = step.criteria.bind(_like(pattern))
        tests.append(f"fold(filename) LIKE {mark} ESCAPE '\\'")
        if len(step.term.values) == 1 and not step.term.negated:
            step.criteria.matches += [f"files : {words}" for words in _whole_words(pattern)]
    step.condition(
        "EXISTS (SELECT 1 FROM message JOIN attachment ON message_id = message.id"
        f" WHERE ticket_id = ticket.id AND ({' OR '.join(tests)}))"
    )


def _whole_words(pattern: str) -> list[str]:
    """Return full-text phrases that every match of a pattern holds, for the index to start from."""
    parts = pattern.split("*")
    found = []
    for number, part in enumerate(parts):
        words = part if number == 0 else _BROKEN_START.sub("", part)
        found.append(phrase(words, prefix=number < len(parts) - 1))
    return [words for words in found if words]


def _like(text: str) -> str:
    """Return a pattern of LIKE for a text with ``*`` for anything."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _add_to(step: _Step) -> None:
    tests = []
    for value in step.term.values:
        mark = step.criteria.bind(f"%{_like(value)}%")
        tests.append(
            f"fold(recipient) LIKE {mark} ESCAPE '\\' OR EXISTS (SELECT 1 FROM message"
            " WHERE ticket_id = ticket.id AND"
            f" fold(recipients || ' ' || copies) LIKE {mark} ESCAPE '\\')"
        )
    step.condition(" OR ".join(tests))


def _add_customer(step: _Step) -> None:
    tests, exact = [], []
    for value in step.term.values:
        mark = step.criteria.bind(f"%{_like(value)}%")
        same = step.criteria.bind(value.lower())
        profiles = f"SELECT profile_id FROM identity WHERE value = {same}"
        tests.append(
            f"profile_id IN ({profiles})"
            f" OR fold(customer_name || ' ' || customer_address) LIKE {mark} ESCAPE '\\'"
        )
        if "@" in value and not step.term.prefix:
            exact.append(f"SELECT id FROM ticket WHERE profile_id IN ({profiles})")
    step.condition(" OR ".join(tests))
    if len(exact) == len(tests) and not step.term.negated:
        step.criteria.sources.append(" UNION ".join(exact))


def _add_channel(step: _Step) -> None:
    marks = ", ".join(step.criteria.bind(value) for value in step.term.values)
    step.condition(f"channel IN ({marks})")


def _add_tag(step: _Step) -> None:
    known = dict(step.connection.execute("SELECT name, id FROM tag ORDER BY name").fetchall())
    ids = set()
    for value in step.term.values:
        hits = _named(known, value, prefix=step.term.prefix)
        if not hits:
            raise step.unknown("query.unknown-tag", list(known), value)
        ids.update(hits)
    marks = ", ".join(str(number) for number in sorted(ids))
    source = f"SELECT ticket_id FROM ticket_tag WHERE tag_id IN ({marks})"
    step.condition(f"id IN ({source})")
    if not step.term.negated:
        step.criteria.sources.append(source)


def _named(known: dict[str, int], value: str, *, prefix: bool) -> list[int]:
    """Return the ids of a name; while it is being typed, of all names that begin with it."""
    wanted = fold(value)
    same = [number for name, number in known.items() if fold(name) == wanted]
    if same or not prefix:
        return same
    return [number for name, number in known.items() if fold(name).startswith(wanted)]


def _add_assignee(step: _Step) -> None:
    known = dict(step.connection.execute("SELECT name, id FROM agent ORDER BY name").fetchall())
    ids: list[int | None] = []
    for value in step.term.values:
        name = value.lower().removeprefix("@")
        if name == "none":
            ids.append(None)
        elif name == "me" and step.agent_id is not None:
            ids.append(step.agent_id)
        else:
            hits = _named(known, name, prefix=step.term.prefix)
            if not hits:
                raise step.unknown("query.unknown-agent", ["me", "none", *known], value)
            ids += hits
    _assign(step, ids)


def _assign(step: _Step, ids: list[int | None]) -> None:
    """Ask for tickets of agents: as a view of its own where possible, since that has an index."""
    view = step.criteria.view
    if len(ids) == 1 and view.view is View.ALL and not step.term.negated:
        wanted = View.UNASSIGNED if ids[0] is None else View.MINE
        step.criteria.view = replace(view, view=wanted, agent_id=ids[0])
        return
    tests = ["assignee_id IS NULL" if one is None else f"assignee_id IS {int(one)}" for one in ids]
    step.condition(" OR ".join(tests))


def _add_span(step: _Step) -> None:
    column = "created_at" if step.term.field == "created" else "last_message_at"
    span = step.term.span
    tests = []
    if span is not None and span.start is not None:
        tests.append(f"{column} >= {step.criteria.bind(to_us(span.start))}")
    if span is not None and span.end is not None:
        tests.append(f"{column} < {step.criteria.bind(to_us(span.end))}")
    if tests:
        step.condition(" AND ".join(tests))


def _add_has(step: _Step) -> None:
    step.condition("has_media = 1")


def _add_is(step: _Step) -> None:
    values = step.term.values
    if len(values) == 1 and not step.term.negated and _narrow(step, values[0]):
        return
    step.condition(" OR ".join(_state(step, value) for value in values))


def _narrow(step: _Step, value: str) -> bool:
    """Take a state into the view itself, where a plain view with an index shows it."""
    criteria = step.criteria
    if value == "spam" and criteria.view.view is View.ALL:
        criteria.view = replace(criteria.view, view=View.SPAM)
        return True
    if value == "unassigned" and criteria.view.view is View.ALL:
        _assign(step, [None])
        return True
    if value == "mine" and criteria.view.view is View.ALL and step.agent_id is not None:
        _assign(step, [step.agent_id])
        return True
    if value in list(Status) and criteria.view.status is None:
        criteria.view = replace(criteria.view, status=Status(value))
        return True
    return False


def _state(step: _Step, value: str) -> str:
    if value in list(Status):
        return f"status = '{value}'"
    if value == "mine":
        return f"assignee_id IS {step.criteria.bind(step.agent_id)} AND assignee_id IS NOT NULL"
    if value == "draft":
        whose = "" if step.agent_id is None else f" AND agent_id = {step.agent_id}"
        return f"EXISTS (SELECT 1 FROM draft WHERE ticket_id = ticket.id{whose})"
    return {
        "unassigned": "assignee_id IS NULL",
        "unread": "unread = 1",
        "read": "unread = 0",
        "spam": "spam = 1",
        "waiting": "waiting_since IS NOT NULL",
        "automatic": "automatic = 1",
    }[value]


_ADDERS: dict[str, Callable[[_Step], None]] = {
    "": _add_text,
    "subject": _add_text,
    "from": _add_text,
    "file": _add_file,
    "to": _add_to,
    "customer": _add_customer,
    "channel": _add_channel,
    "tag": _add_tag,
    "assignee": _add_assignee,
    "created": _add_span,
    "updated": _add_span,
    "has": _add_has,
    "is": _add_is,
}
