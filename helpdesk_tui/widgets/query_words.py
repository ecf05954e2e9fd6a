"""A query in words, for the head of the list it makes."""

from __future__ import annotations

import re

from helpdesk_tui.domain.query import Group, Node, Query, Term
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.widgets.language import _

_AGE = re.compile(r"\d+(?:min|[hdwmy])")
_PREFIXES = {
    "is": "", "assignee": "assigned to ", "team": "of team ", "by": "answered by ",
    "from": "from ", "to": "to ", "cc": "copied to ", "customer": "customer ", "email": "address ",
    "phone": "phone ", "channel": "by ", "inbox": "written to ", "in": "in ", "subject": "subject ",
    "has": "with ", "file": "file ", "tag": "tagged ", "priority": "priority ", "order": "order ",
}  # fmt: skip
_TIMES = {
    "created": "created", "updated": "last moved", "closed": "closed",
    "heard": "customer last wrote", "answered": "last answered", "waiting": "waiting since",
    "snoozed": "comes back",
}  # fmt: skip
_NUMBERS = {
    "messages": "messages", "reopens": "times reopened", "larger": "file of at least",
    "smaller": "files below",
}  # fmt: skip
_SIGNS = {":": "", ":>": "more than ", ":>=": "at least ", ":<": "less than ", ":<=": "at most "}
_SORTS = {
    Sort.NEWEST: "newest first", Sort.OLDEST: "oldest first", Sort.WAITING: "longest waiting first",
    Sort.PRIORITY: "by priority", Sort.CREATED: "last made first",
}  # fmt: skip
_MANY = {"none": "nobody", "me": "me"}


def sort_words(sort: Sort) -> str:
    """Return the order of a list in words."""
    return _SORTS[sort]


def describe(query: Query) -> str:
    """Return what a query asks for, in words of one line."""
    parts = [_words(part) for part in query.root.parts]
    if query.sort is not None:
        parts.append(sort_words(query.sort))
    if query.limit is not None:
        parts.append(_("the first {limit}").format(limit=query.limit))
    return clean(" · ".join(parts))


def name_of(part: Node) -> str:
    """Return a part of a query in words."""
    return clean(_words(part))


def _words(node: Node) -> str:
    if isinstance(node, Group):
        sign = " " + _("or") + " " if node.either else " " + _("and") + " "
        inner = sign.join(_words(part) for part in node.parts)
        if len(node.parts) > 1:
            inner = f"({inner})"
    else:
        inner = _term(node)
    return _("not {inner}").format(inner=inner) if node.negated else inner


def _term(term: Term) -> str:
    if term.field in _TIMES:
        return f"{_TIMES[term.field]} {_time(term)}"
    if term.field in _NUMBERS:
        value = term.values[0].replace("..", " to ").strip()
        return _number(term, value)
    if term.op == ":~":
        return _("{field} like /{values}/").format(field=term.field, values=term.values[0])
    values = term.values
    if not term.field:
        star = "…" if term.prefix else ""
        return f"“{values[0]}{star}”"
    names = [_MANY.get(value, value) if term.field == "assignee" else value for value in values]
    return _PREFIXES[term.field] + _(" or ").join(names)


def _number(term: Term, value: str) -> str:
    sign = _SIGNS[term.op]
    if term.field in ("larger", "smaller"):
        return f"{_NUMBERS[term.field]} {value}"
    return f"{sign}{value} {_NUMBERS[term.field]}"


def _time(term: Term) -> str:
    value, ahead = term.values[0], term.field == "snoozed"
    first, dots, last = value.partition("..")
    if dots:
        return " ".join(f"{word} {at}" for word, at in (("from", first), ("to", last)) if at)
    if _AGE.fullmatch(value):
        if term.op == ":":
            return (
                _("in {value}").format(value=value)
                if ahead
                else _("{value} ago").format(value=value)
            )
        sign = _("less than") if "<" in term.op else _("more than")
        return (
            _("in {sign} {value}").format(sign=sign, value=value)
            if ahead
            else _("{sign} {value} ago").format(sign=sign, value=value)
        )
    sign = {":": "on", ":<": "before", ":<=": _("up to"), ":>": "after", ":>=": "from"}[term.op]
    return f"{sign} {value}"
