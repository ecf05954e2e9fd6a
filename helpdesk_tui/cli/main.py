"""Parse, dispatch, and turn every way of failing into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.output import use_utf8
from helpdesk_tui.cli.parser import parse
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _, begin

if TYPE_CHECKING:
    import argparse

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    use_utf8()
    begin(_language(argv))
    try:
        args = parse(argv)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    try:
        code = _dispatch(args)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _language(argv: Sequence[str]) -> str:
    """Return the language the configuration names: already the usage is told in it."""
    from helpdesk_tui.services.config import load_config

    named = ""
    for word, following in zip_longest(argv, argv[1:], fillvalue=""):
        name, is_joined, value = word.partition("=")
        if name == "--config":
            named = value if is_joined else following
    try:
        return load_config(Path(named) if named else None).language
    except HelpdeskError:
        # the command says by itself what is wrong with it
        return ""


def _dispatch(args: argparse.Namespace) -> int:
    module, _, function = args.run.partition(":")
    if args.config is not None:
        # whoever reads the configuration later, child processes included, reads the same one
        os.environ["HELPDESK_CONFIG"] = str(args.config.expanduser().absolute())
    try:
        return int(getattr(import_module(module), function)(args))
    except HelpdeskError as error:
        _report(error, verbose=args.verbose)
        return error.exit_code
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - the last handler: a traceback goes to the log
        return _unexpected(error, args)


def _report(error: HelpdeskError, *, verbose: bool) -> None:
    from helpdesk_tui.widgets.words.errors import sentence

    text, position = error.values.get("text"), error.values.get("position")
    where: list[str] = []
    line = clean(sentence(error))
    if isinstance(text, str) and isinstance(position, int):
        # a query that is not understood: name the place
        from helpdesk_tui.cli.caret import caret_lines, place_of

        line = _("{line} (at {place})").format(line=line, place=place_of(text, position))
        where = list(caret_lines(text, position))
    print(f"helpdesk: {line}", file=sys.stderr)
    details = error.values.get("details")
    if isinstance(details, tuple):
        # several things are wrong at once: all are told, so that all can be mended at once
        print(*(f"  {clean(str(each))}" for each in details), sep="\n", file=sys.stderr)
    if verbose:
        print(*where, sep="\n", end="\n" if where else "", file=sys.stderr)
    if verbose and error.__cause__ is not None:
        cause = error.__cause__
        print(
            "  " + _("cause: {reason}").format(reason=clean(f"{type(cause).__name__}: {cause}")),
            file=sys.stderr,
        )


def _unexpected(error: Exception, args: argparse.Namespace) -> int:
    """Write the traceback to the log, where it stays, and say one line."""
    from helpdesk_tui.cli.log import log_crash

    path = log_crash(error, args)
    where = (
        _("the details are in {path}").format(path=path)
        if path
        else _("run with a writable store for the details")
    )
    said = _("this should not have happened; {where}").format(where=clean(where))
    print(f"helpdesk: {said}", file=sys.stderr)
    if args.verbose:
        print(
            "  " + _("cause: {reason}").format(reason=clean(f"{type(error).__name__}: {error}")),
            file=sys.stderr,
        )
    return 1


def _reader_gone() -> int:
    """Leave quietly when the reader of our output has closed it (``| head``)."""
    # Python flushes stdout once more at exit: give it somewhere harmless to write to
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
