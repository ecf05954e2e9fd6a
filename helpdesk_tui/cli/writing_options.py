"""The options of ``ticket reply``, ``hold``, ``note`` and ``forward``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_quiet
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    import argparse

    from helpdesk_tui.cli.options import type_of_groups


def add_writing(group: type_of_groups) -> None:
    """Add ``hold``, ``reply``, ``note`` and ``forward`` to the commands of a ticket."""
    _add_hold(group)
    _add_reply(group)
    note = add_command(
        group, "note", "writing:note", _("add an internal note; never leaves the desk")
    )
    _add_text(note)
    add_quiet(note)
    _add_forward(group)


def _add_hold(group: type_of_groups) -> None:
    hold = add_command(
        group, "hold", "writing:hold", _("ask a visitor for patience; prints the message id")
    )
    hold.add_argument("id", metavar="ID")
    hold.add_argument(
        "--text", default="", metavar="TEXT", help=_("what they read, else the holding message")
    )
    add_quiet(hold)


def _add_reply(group: type_of_groups) -> None:
    reply = add_command(group, "reply", "writing:reply", _("queue a reply; prints the message id"))
    text = _add_text(reply)
    text.add_argument("--macro", metavar="NAME", help=_("a macro: its text and its actions"))
    text.add_argument(
        "--template",
        metavar="NAME",
        help=_("an approved template (WhatsApp), also while the window is shut"),
    )
    add_quiet(reply)
    reply.add_argument(
        "--language", default="", metavar="CODE", help=_("of the macro or template, such as pl")
    )
    reply.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="TEXT",
        help=_("what stands in the template's next place; may be repeated"),
    )
    _add_sending(reply)
    reply.add_argument(
        "--and",
        dest="then",
        default="",
        metavar="ACTION",
        help=_("what then: close, or snooze=WHEN"),
    )


def _add_forward(group: type_of_groups) -> None:
    forward = add_command(
        group, "forward", "writing:forward", _("pass a ticket's mail on to somebody outside it")
    )
    _add_text(forward)
    add_quiet(forward)
    _add_sending(forward)
    forward.add_argument(
        "--to",
        action="append",
        default=[],
        required=True,
        metavar="ADDRESS",
        help=_("whom it goes to; may be repeated"),
    )
    forward.add_argument(
        "--message", metavar="MESSAGE", help=_("only this one, as 'ticket show --json' names it")
    )


def _add_text(leaf: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add where the text comes from; return the group of it, for further sources."""
    leaf.add_argument("id", metavar="ID")
    leaf.add_argument("stdin", nargs="?", choices=("-",), metavar="-", help=_("read stdin"))
    text = leaf.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="TEXT", help=_("what to write"))
    text.add_argument("--file", type=Path, metavar="FILE", help=_("the file to read it from"))
    return text


def _add_sending(leaf: argparse.ArgumentParser) -> None:
    """Add what else leaves with a text, who else gets it, and when."""
    leaf.add_argument(
        "--attach",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("a file to send along; may be repeated"),
    )
    leaf.add_argument(
        "--cc",
        action="append",
        default=[],
        metavar="ADDRESS",
        help=_("somebody who gets a copy; may be repeated"),
    )
    leaf.add_argument(
        "--bcc",
        action="append",
        default=[],
        metavar="ADDRESS",
        help=_("the same, unseen by the others; may be repeated"),
    )
    leaf.add_argument(
        "--at",
        default="",
        metavar="WHEN",
        help=_("when it leaves, such as 'mon 9:00', in your time zone; else at once"),
    )
