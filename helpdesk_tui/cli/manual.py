"""``man``: the manual page, made from the tree of commands."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence

from helpdesk_tui import __version__
from helpdesk_tui.cli.parser import build_parser
from helpdesk_tui.widgets.words.language import Marked, _

_EXIT: Marked[Mapping[str, str]] = {
    "0": "done",
    "1": "done, but some items failed: each is named on standard error",
    "2": "wrong usage or configuration",
    "3": "not allowed: role, consent or state",
    "4": "not found",
    "5": "a remote service refused or was unreachable",
}
_ENVIRONMENT: Marked[Mapping[str, str]] = {
    "HELPDESK_STORE": "the folder of the store, where --store does not say it",
    "HELPDESK_CONFIG": "the TOML configuration, where --config does not say it",
    "HELPDESK_AGENT": "who acts, where --agent does not say it",
    "NO_COLOR": "no colours at all",
}
_COMMON = frozenset({"--store", "--config", "--agent", "--verbose", "--help"})


def run(args: argparse.Namespace) -> int:
    """Print the manual page as man reads it."""
    print("\n".join(page(build_parser())))
    return 0


def page(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the lines of the page."""
    yield f'.TH HELPDESK 1 "" "helpdesk {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"helpdesk \- a helpdesk worked from the terminal"
    yield ".SH SYNOPSIS"
    yield r".B helpdesk"
    yield _plain(r"[OPTIONS] [COMMAND [ARGUMENTS]]")
    yield ".SH DESCRIPTION"
    yield _plain(parser.description or "")
    yield ".SH OPTIONS"
    yield _plain(_("These may stand before or after the command."))
    yield from _options(parser, ())
    yield ".SH COMMANDS"
    for words, leaf in _leaves(parser, ()):
        yield from _command(words, leaf)
    yield from _table("EXIT STATUS", _EXIT)
    yield from _table("ENVIRONMENT", _ENVIRONMENT)


def _leaves(
    parser: argparse.ArgumentParser, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    groups = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not groups:
        yield words, parser
    for group in groups:
        for name, child in group.choices.items():
            yield from _leaves(child, (*words, name))


def _command(words: Sequence[str], leaf: argparse.ArgumentParser) -> Iterator[str]:
    places = [each for each in leaf._actions if not each.option_strings]
    yield f".SS {_plain(' '.join((*words, *map(_shown, places))))}"
    yield _plain(leaf.description or "")
    yield from _options(leaf, _COMMON)


def _options(
    leaf: argparse.ArgumentParser, without: Sequence[str] | frozenset[str]
) -> Iterator[str]:
    for action in leaf._actions:
        is_group = isinstance(action, argparse._SubParsersAction)
        if is_group or not action.help or action.help == argparse.SUPPRESS:
            continue
        names = action.option_strings
        if set(names) & set(without):
            continue
        yield ".TP"
        value = "" if action.nargs == 0 else f" {_metavar(action)}"
        said = ", ".join([f"{name}{value}" for name in names]) if names else _metavar(action)
        yield f".B {_plain(said)}"
        yield _plain(action.help)


def _shown(action: argparse.Action) -> str:
    name = _metavar(action)
    return {"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} ..."}.get(str(action.nargs), name)


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.dest.upper()


def _table(title: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    for name, meaning in rows.items():
        yield from (".TP", f".B {_plain(name)}", _plain(_(meaning)))


def _plain(text: str) -> str:
    """Return text that troff takes for nothing else."""
    escaped = text.replace("%%", "%").replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^(?=[.'])", lambda _found: r"\&", escaped)
