"""What may stand next on a command line, from the tree of commands and from the store."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.tickets import Priority

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

MOST = 200
"""Words that are offered at once."""

Source = Callable[["Desk"], Sequence[str]]


def _agents(desk: Desk) -> list[str]:
    return [agent.name for agent in desk.team.agents() if agent.active]


def _tags(desk: Desk) -> list[str]:
    return list(desk.tags.names())


def _views(desk: Desk) -> list[str]:
    return [view.name for view in desk.views.all()]


def _macros(desk: Desk) -> list[str]:
    return [row.macro.name for row in desk.macros.all()]


def _faq(desk: Desk) -> list[str]:
    return list(dict.fromkeys(item.key for item in desk.faq.all()))


def _teams(desk: Desk) -> list[str]:
    return [team.name for team in desk.teams.all()]


def _channels(desk: Desk) -> list[str]:
    return [each.name for each in desk.admin.channels()]


_BY_METAVAR: Mapping[str, Source] = {
    "AGENT": _agents, "TAG": _tags, "TEAM": _teams, "MACRO": _macros, "VIEW": _views,
}  # fmt: skip
"""What a value is, by how its option names it."""

_BY_PLACE: Mapping[tuple[str, str], Source] = {
    ("ticket list", "view"): _views,
    ("ticket reply", "macro"): _macros,
    ("macro show", "name"): _macros,
    ("macro run", "name"): _macros,
    ("macro key", "name"): _macros,
    ("macro delete", "name"): _macros,
    ("macro export", "names"): _macros,
    ("ticket tag", "words"): _tags,
    ("ticket untag", "words"): _tags,
    ("ticket assign", "ids"): _agents,
    ("view rename", "name"): _views,
    ("view pin", "name"): _views,
    ("view move", "name"): _views,
    ("view delete", "name"): _views,
    ("view save", "name"): _views,
    ("faq show", "key"): _faq,
    ("faq edit", "key"): _faq,
    ("faq move", "key"): _faq,
    ("faq publish", "keys"): _faq,
    ("faq unpublish", "keys"): _faq,
    ("faq remove", "keys"): _faq,
    ("agent available", "name"): _agents,
    ("agent away", "name"): _agents,
    ("channel sign-in", "name"): _channels,
    ("channel password", "name"): _channels,
    ("channel test", "name"): _channels,
    ("channel enable", "name"): _channels,
    ("channel disable", "name"): _channels,
    ("sync", "channel"): _channels,
    ("", "agent"): _agents,
}
"""The same where the name of the option says too little: command and option."""

_MORE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ticket assign", "to"): ("me", "none"),
    ("ticket priority", "level"): tuple(each.value for each in Priority),
    ("ticket snooze", "until"): ("tomorrow", "tonight", "2h", "1d", "1w", "mon"),
    ("ticket reply", "then"): ("close", "snooze="),
    ("activity", "kind"): (
        "status", "assigned", "tags", "messages", "notes", "merges", "customer", "macros",
        "undone", "desk",
    ),
}  # fmt: skip
"""Fixed words beside those of the store."""


@dataclass(slots=True)
class _Line:
    """How far a line has been read."""

    parser: argparse.ArgumentParser
    path: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Values without an option, of the command the line has come to."""
    waiting: argparse.Action | None = None
    """An option whose value comes next."""

    @property
    def command(self) -> str:
        return " ".join(self.path)


def next_words(
    parser: argparse.ArgumentParser, words: Sequence[str], desk_words: Callable[[Source], list[str]]
) -> list[str]:
    """Return what may stand where a line ends.

    Args:
        parser: the tree of commands.
        words: the line without the program's name; the last word is the one being typed.
        desk_words: asks the store for a list of words.
    """
    *before, typed = [*words] or [""]
    line = _read(parser, before)
    found = _fitting(line, typed, desk_words)
    wanted = fold(typed)
    return sorted({word for word in found if fold(word).startswith(wanted)})[:MOST]


def _read(parser: argparse.ArgumentParser, before: Sequence[str]) -> _Line:
    line = _Line(parser)
    for word in before:
        if line.waiting is not None:
            line.waiting = None
        elif word.startswith("-") and len(word) > 1:
            name, is_joined, _value = word.partition("=")
            option = line.parser._option_string_actions.get(name)
            takes = option is not None and option.nargs != 0
            line.waiting = option if takes and not is_joined else None
        elif (child := _children(line.parser).get(word)) is not None and not line.given:
            line.parser = child
            line.path.append(word)
        else:
            line.given.append(word)
    return line


def _children(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def _fitting(line: _Line, typed: str, desk_words: Callable[[Source], list[str]]) -> Iterator[str]:
    if line.waiting is not None:
        yield from _values(line, line.waiting, desk_words)
    elif typed.startswith("-"):
        yield from _options(line.parser)
    else:
        yield from _children(line.parser)
        action = _place(line)
        if action is not None:
            yield from _values(line, action, desk_words)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            yield from (name for name in action.option_strings if name.startswith("--"))


def _place(line: _Line) -> argparse.Action | None:
    """Return the value without an option that comes next; the last one may be repeated."""
    places = [
        action
        for action in line.parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]
    at = len(line.given)
    if at < len(places):
        return places[at]
    return places[-1] if places and places[-1].nargs in ("+", "*") else None


def _values(
    line: _Line, action: argparse.Action, desk_words: Callable[[Source], list[str]]
) -> Iterator[str]:
    if action.choices is not None:
        yield from map(str, action.choices)
        return
    place = line.command, action.dest
    yield from _MORE.get(place, ())
    source = _BY_PLACE.get(place) or _BY_PLACE.get(("", action.dest))
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    source = source or _BY_METAVAR.get(metavar)
    if source is not None:
        yield from desk_words(source)
