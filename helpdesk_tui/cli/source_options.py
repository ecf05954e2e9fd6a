"""The options of ``source``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    import argparse

    from helpdesk_tui.cli.options import type_of_groups


def add_sources(commands: type_of_groups) -> None:
    """Add the commands about what tells of customers: Klaviyo, Shopify, Recharge and others."""
    group = add_group(commands, "source", _("what tells of customers: Klaviyo, Shopify …"))
    add = add_command(group, "add", "source:add", _("connect a source, after trying it out"))
    add.add_argument("kind", choices=tuple(SOURCES), metavar="KIND", help=", ".join(SOURCES))
    _add_name(add)
    _add_settings(add)
    _add_secret(add)
    add.add_argument("--no-test", action="store_true", help=_("save it without trying it out"))
    listed = add_command(group, "list", "source:list_sources", _("list the connected sources"))
    add_quiet(listed)
    for name, run, meaning in (
        ("show", "show", N_("show a source and how it fares")),
        ("test", "test", N_("try a source and each of its rights")),
        ("enable", "enable", N_("ask a source again")),
        ("disable", "disable", N_("ask a source no more; what it has said stays")),
        ("remove", "remove", N_("remove a source and all that it has said")),
    ):
        leaf = add_command(group, name, f"source:{run}", _(meaning))
        _add_name(leaf)
        if name == "remove":
            leaf.add_argument("--yes", action="store_true", help=_("do not ask"))
    change = add_command(group, "change", "source:change", _("change settings of a source"))
    _add_name(change)
    _add_settings(change)
    secret = add_command(group, "secret", "source:secret", _("give a source another key"))
    _add_name(secret)
    _add_secret(secret)
    secret.add_argument("--no-test", action="store_true", help=_("keep it without trying it out"))
    _add_import(group)


def _add_import(group: type_of_groups) -> None:
    leaf = add_command(
        group, "import", "source:import_files", _("take customers, orders … out of CSV or JSON")
    )
    _add_name(leaf)
    leaf.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=_("tables (.csv) or JSON lines (.jsonl)"),
    )
    leaf.add_argument(
        "--what",
        choices=("customers", "orders", "subscriptions", "events"),
        default="",
        help=_("what a table holds (default: as its columns tell)"),
    )
    add_command(
        group, "schema", "source:schema", _("print the JSON schema of a customer"), json=False
    )


def _add_name(leaf: argparse.ArgumentParser) -> None:
    leaf.add_argument("name", metavar="NAME", help=_("what your team calls it"))


def _add_settings(leaf: argparse.ArgumentParser) -> None:
    leaf.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="KEY=VALUE",
        help=_("a setting that it needs, such as shop=acme.myshopify.com"),
    )


def _add_secret(leaf: argparse.ArgumentParser) -> None:
    leaf.add_argument(
        "--token-stdin", action="store_true", help=_("read the key from standard input")
    )
