"""``backup`` and ``restore``: a whole store in one file, and back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import output_of, ready_root, store_root
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.output import Output
    from helpdesk_tui.db.copies import LostFile


def backup(args: argparse.Namespace) -> int:
    """Copy the store into a new file, also while it is in use; 1 if files of it are lost."""
    from helpdesk_tui.services import backup as service

    out, root = output_of(args), ready_root(args)
    lost = service.backup(root, args.file.absolute())
    size = args.file.stat().st_size
    if out.json:
        out.document(
            {"file": str(args.file), "size": size, "missing": [asdict(each) for each in lost]}
        )
    else:
        out.say(
            _("{file}: {size} bytes; 'helpdesk --store DIR restore' makes a store of it").format(
                file=args.file, size=size
            )
        )
    return _warn_of(out, lost)


def restore(args: argparse.Namespace) -> int:
    """Make a store of a backup in a new or empty folder; 1 if files were lost before."""
    from helpdesk_tui.services import backup as service

    out, root = output_of(args), store_root(args)
    lost = service.restore(args.file.absolute(), root)
    if out.json:
        out.document({"store": str(root), "missing": [asdict(each) for each in lost]})
    else:
        out.say(_("the store is in {root}; passwords are not part of a backup").format(root=root))
    return _warn_of(out, lost)


def _warn_of(out: Output, lost: Sequence[LostFile]) -> int:
    """Name each file that the store had lost; return the exit code."""
    from helpdesk_tui.widgets.words.errors import sentence_of

    for each in lost:
        name = each.name or (
            _("the source of a mail") if each.ticket_id else _("a file of no ticket")
        )
        out.warn(sentence_of("backup.without", name=name, ticket=each.ticket_id or "-"))
    return 1 if lost else 0
