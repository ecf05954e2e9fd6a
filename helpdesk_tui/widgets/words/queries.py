"""A query in words, for the head of the list it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk_tui.domain.query.parsing import Group, Node, Query, Term
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort, Status
from helpdesk_tui.widgets.words.language import N_, Marked, _, pgettext
from helpdesk_tui.widgets.words.locale_forms import quoted
from helpdesk_tui.widgets.words.view_names import status_name

_STATUSES = {each.value: each for each in Status}
_AGE = re.compile(r"\d+(?:min|[hdwmy])")
_FIELDS: Marked[Mapping[str, str]] = {
    "is": "{value}", "assignee": "assigned to {value}", "team": "of team {value}",
    "by": "answered by {value}", "from": "from {value}", "to": "to {value}",
    "cc": "copied to {value}", "customer": "customer {value}", "email": "address {value}",
    "phone": "phone {value}", "channel": "by {value}", "inbox": "written to {value}",
    "in": "in {value}", "subject": "subject {value}", "has": "with {value}",
    "file": "file {value}", "tag": "tagged {value}", "campaign": "answers {value}",
    "segment": "in the segment {value}",
    "priority": "priority {value}",
    "order": "order {value}",
}  # fmt: skip
_TIMES: Marked[Mapping[str, str]] = {
    "created": "created {when}", "updated": "last moved {when}", "closed": "closed {when}",
    "heard": "customer last wrote {when}", "answered": "last answered {when}",
    "waiting": "waiting since {when}", "snoozed": "comes back {when}",
}  # fmt: skip
_NUMBERS: Marked[Mapping[str, str]] = {
    "messages": "{count} messages", "reopens": "{count} times reopened",
    "total": "an order of {count}", "ltv": "worth {count}", "churn": "churn risk {count}",
    "orders": "{count} orders",
    "larger": "file of at least {count}", "smaller": "files below {count}",
}  # fmt: skip
_SIGNS: Marked[Mapping[str, str]] = {
    ":": "{count}", ":>": "more than {count}", ":>=": "at least {count}",
    ":<": "less than {count}", ":<=": "at most {count}",
}  # fmt: skip
_AWAY: Marked[Mapping[tuple[str, bool], str]] = {
    (":", False): "{span} ago", ("<", False): "less than {span} ago",
    (">", False): "more than {span} ago", (":", True): "in {span}",
    ("<", True): "in less than {span}", (">", True): "in more than {span}",
}  # fmt: skip
"""Spans of time: whether a bound is below or above, and whether it lies ahead."""
_DATES: Marked[Mapping[str, str]] = {
    ":": "on {date}", ":<": "before {date}", ":<=": "up to {date}", ":>": "after {date}",
    ":>=": "from {date}",
}  # fmt: skip
_SORTS: Marked[Mapping[Sort, str]] = {
    Sort.NEWEST: "newest first", Sort.OLDEST: "oldest first", Sort.WAITING: "longest waiting first",
    Sort.PRIORITY: "by priority", Sort.CREATED: "last made first",
}  # fmt: skip
_ASSIGNEES: Mapping[str, str] = N_({"none": "nobody", "me": "me"}, context="assigned to")


def sort_words(sort: Sort) -> str:
    """Return the order of a list in words."""
    return _(_SORTS[sort])


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
        return _(_TIMES[term.field]).format(when=_time(term))
    if term.field in _NUMBERS:
        value = " – ".join(part for part in term.values[0].split("..") if part)
        return _number(term, value)
    if term.op == ":~":
        return _("{field} like /{pattern}/").format(field=term.field, pattern=term.values[0])
    values = term.values
    if not term.field:
        star = "…" if term.prefix else ""
        return quoted(f"{values[0]}{star}")
    names = list(values)
    if term.field == "assignee":
        names = [
            pgettext("assigned to", _ASSIGNEES[name]) if name in _ASSIGNEES else name
            for name in names
        ]
    if term.field == "is":
        names = [status_name(_STATUSES[name]) if name in _STATUSES else name for name in names]
    return _(_FIELDS[term.field]).format(value=f" {_('or')} ".join(names))


def _number(term: Term, value: str) -> str:
    if term.field not in ("larger", "smaller"):
        value = _(_SIGNS[term.op]).format(count=value)
    return _(_NUMBERS[term.field]).format(count=value)


def _time(term: Term) -> str:
    value, ahead = term.values[0], term.field == "snoozed"
    first, dots, last = value.partition("..")
    if dots and first and last:
        return _("from {first} to {last}").format(first=first, last=last)
    if dots:
        return (_("from {date}") if first else _("to {date}")).format(date=first or last)
    if _AGE.fullmatch(value):
        bound = term.op[1:2] or ":"
        return _(_AWAY[bound, ahead]).format(span=value)
    return _(_DATES[term.op]).format(date=value)
