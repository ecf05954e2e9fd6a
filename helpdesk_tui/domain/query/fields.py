"""The operators of the query language: what each of them takes. One table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.tickets import Priority, Sort


class Kind(StrEnum):
    """What stands behind the colon."""

    CHOICE = "choice"
    """One of a fixed list."""
    NAME = "name"
    """A name the store knows: an agent, a team, a tag."""
    WORDS = "words"
    """Words that the full-text index finds."""
    PART = "part"
    """A part of an address or a name."""
    TIME = "time"
    NUMBER = "number"
    SIZE = "size"
    LEVEL = "level"
    """A priority."""
    SORT = "sort"
    LIMIT = "limit"
    AMOUNT = "amount"
    """A number that may have decimals: money, or a share."""
    LATER = "later"
    """Something that cannot be told yet."""


class Section(StrEnum):
    """Groups in which operators are listed."""

    STATE = "state"
    PEOPLE = "people"
    PLACE = "place"
    CONTENT = "content"
    LABELS = "labels"
    TIME = "time"
    COMMERCE = "commerce"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Field:
    """One operator."""

    name: str
    kind: Kind
    section: Section
    values: tuple[str, ...] = ()
    """What it takes, where that is a fixed list."""
    takes_pattern: bool = False
    """``:~`` compares with a regular expression."""


STATES = (
    "open", "snoozed", "closed", "unread", "read", "spam", "mine", "unassigned", "waiting",
    "overdue", "draft", "scheduled", "failed", "reopened", "merged", "mentioned", "watched",
    "vip", "automatic", "ai", "chatting", "left",
)  # fmt: skip
"""Values of ``is:``."""
HOLDINGS = ("attachment", "image", "video", "voice", "link", "note", "order", "subscription")
"""Values of ``has:``."""
PLACES = ("notes", "messages", "subject", "files")
"""Values of ``in:``."""
LEVELS = tuple(priority.value for priority in Priority)
"""Priorities from low to high."""
SORTS = {
    "newest": Sort.NEWEST, "oldest": Sort.OLDEST, "waiting": Sort.WAITING,
    "priority": Sort.PRIORITY, "created": Sort.CREATED, "updated": Sort.NEWEST,
}  # fmt: skip
"""Values of ``sort:``."""

_ALL = (
    Field("is", Kind.CHOICE, Section.STATE, STATES),
    Field("assignee", Kind.NAME, Section.PEOPLE),
    Field("team", Kind.NAME, Section.PEOPLE),
    Field("by", Kind.NAME, Section.PEOPLE),
    Field("from", Kind.WORDS, Section.PEOPLE, takes_pattern=True),
    Field("to", Kind.PART, Section.PEOPLE, takes_pattern=True),
    Field("cc", Kind.PART, Section.PEOPLE, takes_pattern=True),
    Field("customer", Kind.PART, Section.PEOPLE, takes_pattern=True),
    Field("email", Kind.PART, Section.PEOPLE, takes_pattern=True),
    Field("phone", Kind.PART, Section.PEOPLE),
    Field("channel", Kind.CHOICE, Section.PLACE, tuple(CHANNELS)),
    Field("inbox", Kind.PART, Section.PLACE, takes_pattern=True),
    Field("in", Kind.CHOICE, Section.PLACE, PLACES),
    Field("subject", Kind.WORDS, Section.CONTENT, takes_pattern=True),
    Field("has", Kind.CHOICE, Section.CONTENT, HOLDINGS),
    Field("file", Kind.WORDS, Section.CONTENT, takes_pattern=True),
    Field("larger", Kind.SIZE, Section.CONTENT),
    Field("smaller", Kind.SIZE, Section.CONTENT),
    Field("lang", Kind.LATER, Section.CONTENT),
    Field("tag", Kind.NAME, Section.LABELS),
    Field("priority", Kind.LEVEL, Section.LABELS, LEVELS),
    Field("segment", Kind.NAME, Section.LABELS),
    Field("campaign", Kind.PART, Section.LABELS),
    Field("created", Kind.TIME, Section.TIME),
    Field("updated", Kind.TIME, Section.TIME),
    Field("closed", Kind.TIME, Section.TIME),
    Field("heard", Kind.TIME, Section.TIME),
    Field("answered", Kind.TIME, Section.TIME),
    Field("waiting", Kind.TIME, Section.TIME),
    Field("snoozed", Kind.TIME, Section.TIME),
    Field("order", Kind.WORDS, Section.COMMERCE),
    Field("total", Kind.AMOUNT, Section.COMMERCE),
    Field("ltv", Kind.AMOUNT, Section.COMMERCE),
    Field("churn", Kind.AMOUNT, Section.COMMERCE),
    Field("orders", Kind.NUMBER, Section.COMMERCE),
    Field("messages", Kind.NUMBER, Section.SHAPE),
    Field("reopens", Kind.NUMBER, Section.SHAPE),
    Field("sort", Kind.SORT, Section.SHAPE, tuple(SORTS)),
    Field("limit", Kind.LIMIT, Section.SHAPE),
)
BY_NAME: dict[str, Field] = {one.name: one for one in _ALL}
"""Every operator by its own name."""
FIELDS = tuple(BY_NAME)
"""The names of all operators."""
OFFERED = tuple(name for name in FIELDS if BY_NAME[name].kind is not Kind.LATER)
"""The names of those that can be answered: what is completed and listed."""

ALIASES: dict[str, str] = {
    "label": "tag", "tags": "tag", "status": "is", "requester": "customer", "filename": "file",
    "size": "larger", "via": "channel", "group": "team", "commenter": "by", "recipient": "inbox",
}  # fmt: skip
"""Other programs' names of our operators."""
GMAIL_TIMES: dict[str, tuple[str, str]] = {
    "before": (":<", ":>"), "after": (":>=", ":<"), "older": (":<", ":>"), "newer": (":>=", ":<"),
    "older_than": (":<", ":>"), "newer_than": (":>=", ":<"),
}  # fmt: skip
"""Gmail's time operators, as comparisons of ``updated``: with a date, and with an age."""
VALUE_ALIASES: dict[str, dict[str, str]] = {
    "is": {"solved": "closed", "resolved": "closed", "done": "closed", "pending": "snoozed",
           "hold": "snoozed", "new": "open", "active": "open", "junk": "spam",
           "starred": "vip"},
    "has": {"audio": "voice", "file": "attachment", "files": "attachment", "images": "image",
            "photo": "image", "notes": "note", "links": "link"},
    "channel": {"mail": "email", "chat": "webchat", "web": "webchat", "text": "sms",
                "ig": "instagram", "wa": "whatsapp"},
    "in": {"note": "notes", "message": "messages", "body": "messages", "file": "files"},
    "sort": {"longest": "waiting", "urgent": "priority"},
}  # fmt: skip
"""Other words for values of fixed lists."""
IN_STATES: dict[str, str] = {"spam": "spam", "junk": "spam", "inbox": "open", "archive": "closed"}
"""Gmail's folders, as values of ``is:``."""
KNOWN = tuple(sorted({*FIELDS, *ALIASES, *GMAIL_TIMES}))
"""Every name that may stand before a colon."""
COMPARED = (Kind.TIME, Kind.NUMBER, Kind.LEVEL, Kind.AMOUNT)
"""Kinds that take ``<`` and ``>``."""


def own_name(name: str) -> str:
    """Return our name of an operator that may be another program's."""
    return ALIASES.get(name, name)


def like(given: str, known: tuple[str, ...]) -> str:
    """Return what was probably meant, or empty."""
    from difflib import get_close_matches  # needed for mistakes only

    found = get_close_matches(given.casefold(), known, n=1, cutoff=0.6)
    return found[0] if found else ""
