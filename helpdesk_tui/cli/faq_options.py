"""The options of ``faq``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_faq(commands: type_of_groups) -> None:
    """Add ``faq`` and its commands."""
    group = add_group(commands, "faq", _("questions of customers with their answers"))
    listed = add_command(group, "list", "faq:list_faq", _("list them in their order"))
    listed.add_argument("--published", action="store_true", help=_("only what visitors read"))
    listed.add_argument("--removed", action="store_true", help=_("those that were removed"))
    listed.add_argument("--category", default="", metavar="TEXT", help=_("only those of this one"))
    _add_language(listed, _("only those in this one, such as pl"))
    add_quiet(listed)
    show = add_command(group, "show", "faq:show", _("show one with its translations"))
    show.add_argument("key", metavar="KEY")
    _add_language(show, _("only this one"))
    _add_writing(group)
    _add_states(group)
    _add_files(group)
    ask = add_command(
        group,
        "ask",
        "faq_ask:run",
        _("say what the assistant would answer, and why; sends nothing"),
    )
    ask.add_argument("question", metavar="QUESTION")
    _add_language(ask, _("of the visitor's browser (en)"))
    pages = add_command(
        group, "pages", "faq_pages:run", _("list what is known of the pages that ai-pages names")
    )
    pages.add_argument("--fetch", action="store_true", help=_("visit them now"))


def _add_writing(group: type_of_groups) -> None:
    add = add_command(group, "add", "faq:add", _("write a new one; it is not published yet"))
    add.add_argument("question", metavar="QUESTION")
    _add_language(add, _("its language (en)"))
    add.add_argument(
        "--key", default="", help=_("short name; that of another entry makes it a translation")
    )
    add.add_argument("--publish", action="store_true", help=_("show it to visitors at once"))
    edit = add_command(group, "edit", "faq:edit", _("change one: only what is named here"))
    edit.add_argument("key", metavar="KEY")
    _add_language(edit, _("which translation"))
    edit.add_argument("--question", metavar="TEXT")
    edit.add_argument("--new-key", default="", metavar="KEY", help=_("another short name"))
    edit.add_argument("--version", type=int, metavar="N", help=_("refuse if it has another by now"))
    for leaf in (add, edit):
        leaf.add_argument(
            "--answer", metavar="TEXT", help=_("the answer; - reads it from standard input")
        )
        leaf.add_argument("--category", metavar="TEXT")
        leaf.add_argument(
            "--words", metavar="TEXT", help=_("further words that it is found by; never shown")
        )
        add_quiet(leaf)


def _add_states(group: type_of_groups) -> None:
    for name, meaning in (
        ("publish", N_("show entries to visitors")),
        ("unpublish", N_("hide entries from visitors")),
        ("remove", N_("remove entries")),
        ("restore", N_("bring removed entries back")),
    ):
        leaf = add_command(group, name, f"faq:{name}", _(meaning))
        leaf.add_argument("keys", nargs="+", metavar="KEY")
        _add_language(leaf, _("only this translation; else all of them"))
        add_quiet(leaf)
    move = add_command(group, "move", "faq:move", _("put one further up or down"))
    move.add_argument("key", metavar="KEY")
    move.add_argument("way", choices=("up", "down", "first", "last"))
    _add_language(move, _("which translation"))
    add_quiet(move)


def _add_files(group: type_of_groups) -> None:
    bring = add_command(group, "import", "faq_files:bring", _("read entries from files"))
    bring.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=_("TOML or .csv"))
    bring.add_argument("--dry-run", action="store_true", help=_("only say what would come of it"))
    out = add_command(group, "export", "faq_files:export", _("write entries to a file"))
    out.add_argument("path", type=Path, metavar="FILE", help=_("a table if it ends in .csv"))
    _add_language(out, _("only those in this one"))


def _add_language(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--language", default="", metavar="CODE", help=help)
