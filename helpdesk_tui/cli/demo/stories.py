"""Read the sample texts: people and stories in several languages, with gaps to fill in.

A story is a thread as it was written down: ``C:`` is the customer, ``A:`` the answering agent,
``N:`` a note, a name after the letter says which agent. ``{order}`` is a gap, ``{a|b}`` a choice,
``[[box.jpg]]`` a file, ``((story what=reply))`` a card, values separated by ``;``, and
``((campaign name=…; text=…))`` what a message answers.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from helpdesk_tui.domain.history import PastCustomer
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.text import fold

LANGUAGES = ("en", "pl", "de", "sv", "pt", "more")
_GAP = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\{([^{}|]*\|[^{}]*)\}")
_CARD = re.compile(r"\n?\(\((\w+) ([^)]*)\)\)")
_CAMPAIGN = "campaign"
_FILE = re.compile(r"\n?\[\[([^\]]+)\]\]")
_LINE = re.compile(r"([CAN])(?: (\w+))?: (.*)", re.DOTALL)
_HOSTS = ("mail.example", "post.example", "inbox.example")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a story, its gaps still open."""

    who: str
    """``C``, ``A`` or ``N``."""
    agent: str
    """The agent it must be; empty for whoever has the ticket."""
    text: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A story that is told once, exactly so."""

    minutes: int
    """How long ago the last message came."""
    person: PastCustomer
    assignee: str
    unread: bool
    priority: str
    last: str
    """Delivery state of the last message if it is not the usual one."""


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation to be told, once or with other people again and again."""

    language: Language
    subject: str
    channels: tuple[str, ...]
    tags: tuple[str, ...]
    lines: tuple[Line, ...]
    pin: Pin | None


@dataclass(frozen=True, slots=True)
class Language:
    """How mails of one language look, and who writes them."""

    code: str
    signoff: str
    wrote: str
    products: tuple[str, ...]
    people: tuple[PastCustomer, ...]


@dataclass(frozen=True, slots=True)
class Spam:
    """An unwanted message."""

    subject: str
    name: str
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class Library:
    """All the sample texts."""

    stories: tuple[Story, ...]
    spam: tuple[Spam, ...]


def load_library() -> Library:
    """Read all sample texts from the package."""
    stories: list[Story] = []
    spam: list[Spam] = []
    for name in LANGUAGES:
        raw = tomllib.loads(
            files("helpdesk_tui.cli.demo").joinpath(f"data/{name}.toml").read_text("utf-8")
        )
        language = Language(
            code=raw["lang"],
            signoff=raw["signoff"],
            wrote=raw["wrote"],
            products=tuple(raw["products"]),
            people=tuple(_person(item) for item in raw.get("person", ())),
        )
        known = {person.name: person for story in stories for person in story.language.people}
        known |= {person.name: person for person in language.people}
        stories += [_story(item, language, known) for item in raw["story"]]
        spam += [
            Spam(item["subject"], item["name"], item.get("channel", "email"), item["text"])
            for item in raw.get("spam", ())
        ]
    return Library(tuple(stories), tuple(spam))


def _person(raw: dict[str, Any]) -> PastCustomer:
    name = raw["name"]
    words = re.findall("[a-z]+", fold(name))
    host = _HOSTS[len(name) % len(_HOSTS)]
    return PastCustomer(
        name=name,
        email=raw.get("email") or (f"{'.'.join(words)}@{host}" if words else ""),
        phone=raw.get("phone", ""),
        handle=raw.get("handle", ""),
        location=raw.get("location", ""),
        timezone=raw.get("timezone", ""),
    )


def _story(raw: dict[str, Any], language: Language, known: dict[str, PastCustomer]) -> Story:
    pin = raw.get("pin")
    return Story(
        language=language,
        subject=raw["subject"],
        channels=tuple(raw["channels"]),
        tags=tuple(raw["tags"]),
        lines=tuple(_line(text) for text in raw["thread"]),
        pin=_pin(pin, raw["channels"][0], known) if pin else None,
    )


def _line(text: str) -> Line:
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError(f"a line of a story begins with C:, A: or N:, not {text[:20]!r}")
    return Line(match[1], match[2] or "", match[3])


def _pin(raw: dict[str, Any], channel: str, known: dict[str, PastCustomer]) -> Pin:
    name = raw["person"]
    if name in known:
        person = known[name]
    elif name.startswith("+"):
        person = PastCustomer("", phone=name)
    elif channel == "instagram" and "handle" not in raw:
        person = PastCustomer(name, handle=name)
    else:
        person = _person({**raw, "name": name})
    return Pin(
        minutes=minutes_of(raw["age"]),
        person=person,
        assignee=raw.get("assignee", ""),
        unread=raw.get("unread", False),
        priority=raw.get("priority", "normal"),
        last=raw.get("last", ""),
    )


def minutes_of(age: str) -> int:
    """Return an age such as ``3h40m`` or ``2d`` in minutes."""
    units = {"m": 1, "h": 60, "d": 1440}
    return sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+)([mhd])", age))


def fill(text: str, gaps: dict[str, str], dice: random.Random) -> str:
    """Return ``text`` with its gaps filled and its choices made."""
    text = _GAP.sub(lambda match: gaps[match[1]], text)
    return _CHOICE.sub(lambda match: dice.choice(match[1].split("|")), text)


def split_cards(text: str) -> tuple[str, tuple[Notice, ...], tuple[str, str] | None]:
    """Return ``text`` without its cards, what these tell, and the campaign that is answered."""
    notices: list[Notice] = []
    answers: tuple[str, str] | None = None
    for kind, told in _CARD.findall(text):
        pairs = [pair.strip().partition("=")[::2] for pair in told.split(";")]
        values = tuple((name, value) for name, value in pairs)
        if kind == _CAMPAIGN:
            found = dict(values)
            answers = (found["name"], found["text"])
        else:
            notices.append(Notice(NoticeKind(kind), values))
    return _CARD.sub("", text), tuple(notices), answers


def split_files(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` without its file marks, and the names these give."""
    return _FILE.sub("", text), tuple(_FILE.findall(text))
