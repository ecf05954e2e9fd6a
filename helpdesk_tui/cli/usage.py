"""The words of argparse itself, in the language of the interface.

The library takes its words from the catalogue of the whole process and the language of the
environment; ours may be chosen in the configuration. What is not known here stays as it says it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import ENGLISH, N_, _, spoken

_ARGUMENT = re.compile(r"argument (?P<name>.+?): (?P<problem>.+)", re.DOTALL)
_SAID = (
    (r"the following arguments are required: (?P<names>.+)", N_("these are required: {names}")),
    (r"one of the arguments (?P<names>.+) is required", N_("one of these is required: {names}")),
    (r"unrecognized arguments: (?P<names>.+)", N_("not understood: {names}")),
    (
        r"ambiguous option: (?P<name>.+) could match (?P<names>.+)",
        N_("{name} may mean each of these: {names}"),
    ),
    (
        r"invalid choice: (?P<value>.+) \(choose from (?P<names>.+)\)",
        N_("{value} is none of these: {names}"),
    ),
    (r"invalid \w+ value: (?P<value>.+)", N_("{value} is no such value")),
    (r"expected one argument", N_("it needs a value")),
    (r"expected at least one argument", N_("it needs one value at least")),
    (r"expected at most one argument", N_("it takes one value at most")),
    (r"not allowed with argument (?P<name>.+)", N_("not together with {name}")),
    (r"ignored explicit argument (?P<value>.+)", N_("it takes no value: {value}")),
)
"""What the library says, as a pattern, and how we say it."""


class _Formatter(argparse.HelpFormatter):
    """Sets help as argparse does, and calls the usage by our word."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, f"{_('usage:')} " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks our language, and repeats wrong arguments as harmless text."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.formatter_class = _Formatter
        self._positionals.title = _("positional arguments")
        self._optionals.title = _("options")
        for action in self._actions:
            # there is none yet but that of the help
            action.help = _("show this help message and exit")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end the process."""
        said = clean(message)
        if spoken() != ENGLISH:
            said = problem_words(said)
        self.print_usage(sys.stderr)
        said = _("{program}: error: {problem}").format(program=self.prog, problem=said)
        self.exit(2, f"{said}\n")


def problem_words(message: str) -> str:
    """Return what is wrong with a command line."""
    about = _ARGUMENT.fullmatch(message)
    if about is not None:
        return f"{about['name']}: {problem_words(about['problem'])}"
    for pattern, said in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return _(said).format(**found.groupdict())
    return message
