"""The options of ``macro``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_macros(commands: type_of_groups) -> None:
    """Add ``macro`` and its commands."""
    group = add_group(commands, "macro", _("ready texts with actions"))
    listed = add_command(
        group, "list", "macro:list_macros", _("list them, or those that fit words")
    )
    listed.add_argument("query", nargs="?", default="", metavar="WORDS", help=_("part of a name"))
    listed.add_argument("--ticket", metavar="ID", help=_("only those offered in this ticket"))
    add_quiet(listed)
    show = add_command(group, "show", "macro:show", _("print one as its file, or filled in"))
    show.add_argument("name", metavar="NAME")
    show.add_argument("--ticket", metavar="ID", help=_("fill it in for this ticket; does nothing"))
    _add_language(show)
    _add_files(group)
    key = add_command(group, "key", "macro:key", _("put one on a key of the picker"))
    key.add_argument("name", metavar="NAME")
    key.add_argument("keys", metavar="KEY", help=_("1 to 9, or none"))
    add_quiet(key)
    delete = add_command(group, "delete", "macro:delete", _("delete one; what it did stays"))
    delete.add_argument("name", metavar="NAME")
    run = add_command(group, "run", "macro:run", _("use one on tickets: its text is sent"))
    run.add_argument("name", metavar="NAME")
    run.add_argument("ids", nargs="+", metavar="ID", help=_("numbers of tickets"))
    run.add_argument("--dry-run", action="store_true", help=_("only say what it would do"))
    run.add_argument("--actions-only", action="store_true", help=_("send nothing"))
    _add_language(run)
    add_quiet(run)


def _add_files(group: type_of_groups) -> None:
    bring = add_command(
        group, "import", "macro_import:run", _("read macros from files, of other helpdesks too")
    )
    bring.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH",
        help=_("TOML files, folders of them, CSV, or the JSON of Gorgias, Zendesk, Help Scout,"
        " Chatwoot or Zammad"),
    )  # fmt: skip
    bring.add_argument("--replace", action="store_true", help=_("overwrite those of the same name"))
    bring.add_argument("--dry-run", action="store_true", help=_("only say what would come of it"))
    out = add_command(group, "export", "macro_export:run", _("write macros as files"))
    out.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help=_("a folder of TOML files, or a file ending in .csv"),
    )
    out.add_argument("names", nargs="*", metavar="NAME", help=_("only these"))
    lint = add_command(group, "lint", "macro_lint:run", _("look for mistakes in macros"))
    lint.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help=_("files or folders; none: the store")
    )


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", default="", metavar="CODE", help=_("which one, such as pl"))
