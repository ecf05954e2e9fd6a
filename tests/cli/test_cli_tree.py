"""The tree of commands: a command that is run is built alone, and is what it is in the whole."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from helpdesk_tui.cli.parser import build_parser
from tests.support.shell import Shell


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    groups = [part for part in parser._actions if isinstance(part, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for found in group.choices.values():
            yield from _leaves(found)


def _helps(parser: argparse.ArgumentParser, command: str) -> list[str]:
    mine = [leaf for leaf in _leaves(parser) if leaf.prog.split()[1] == command]
    return [f"{leaf.get_default('run')}\n{leaf.format_help()}" for leaf in mine]


def test_every_command_built_alone_is_what_it_is_in_the_whole_tree() -> None:
    whole = build_parser()
    commands = {leaf.prog.split()[1] for leaf in _leaves(whole)}
    assert len(commands) > 30
    for command in commands:
        alone = build_parser(only=command)
        assert _helps(alone, command) == _helps(whole, command)
        assert len(list(_leaves(alone))) < len(list(_leaves(whole)))


@pytest.mark.parametrize("name", ["tickets", "tick", "TICKET"])
def test_a_command_that_is_none_is_told_all_there_are(shell: Shell, name: str) -> None:
    said = shell.fails(name, code=2)
    assert "'ticket'" in said
    assert "'backup'" in said
