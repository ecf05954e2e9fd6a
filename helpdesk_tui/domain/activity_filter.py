"""What is typed to filter the log: ``by:anna kind:tags since:3d`` and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.activity import ActivityGroup
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.moments import FORMS, Span, span_of

FIELDS = ("by", "kind", "since", "until")


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as it was typed."""

    agent: str = ""
    groups: frozenset[ActivityGroup] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    """In small letters; each has to stand in the line that is shown."""


def parse_filter(text: str, now: datetime, zone: str) -> Asked:
    """Return what a filter asks for.

    Raises:
        UsageError: ``activity.bad-kind`` or ``activity.bad-time``.
    """
    values: dict[str, str] = {}
    words: list[str] = []
    for token in text.split():
        name, colon, value = token.partition(":")
        if colon and value and name.lower() in FIELDS:
            values[name.lower()] = value
        else:
            words.append(token.lower())
    return Asked(
        agent=values.get("by", "").lstrip("@"),
        groups=groups_of(values["kind"]) if "kind" in values else frozenset(),
        since=since_of(values["since"], now, zone) if "since" in values else None,
        until=until_of(values["until"], now, zone) if "until" in values else None,
        words=tuple(words),
    )


def groups_of(names: str) -> frozenset[ActivityGroup]:
    """Return the groups that are named, separated by commas.

    Raises:
        UsageError: ``activity.bad-kind``.
    """
    try:
        return frozenset(ActivityGroup(name.strip().lower()) for name in names.split(","))
    except ValueError:
        known = ", ".join(ActivityGroup)
        raise UsageError("activity.bad-kind", text=names, known=known) from None


def since_of(value: str, now: datetime, zone: str) -> datetime | None:
    """Return the moment from which on something is meant: of a day its beginning.

    Raises:
        UsageError: ``activity.bad-time``.
    """
    return _span(value, now, zone).start


def until_of(value: str, now: datetime, zone: str) -> datetime | None:
    """Return the moment before which something is meant: a day is meant with all of it.

    Raises:
        UsageError: ``activity.bad-time``.
    """
    return _span(value, now, zone).end


def _span(value: str, now: datetime, zone: str) -> Span:
    found = span_of(":", value.lower(), now, zone)
    if found is None:
        raise UsageError("activity.bad-time", text=value, known=", ".join(FORMS[:-1]))
    return found
