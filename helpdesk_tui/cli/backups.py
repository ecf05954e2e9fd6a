"""``backup`` and ``restore``: a whole store in one file, and back."""

from __future__ import annotations

import argparse

from helpdesk_tui.cli.context import output_of, ready_root, store_root


def backup(args: argparse.Namespace) -> int:
    """Copy the store into a new file, also while it is in use."""
    from helpdesk_tui.services import backup as service

    out = output_of(args)
    service.backup(ready_root(args), args.file.absolute())
    size = args.file.stat().st_size
    if out.json:
        out.document({"file": str(args.file), "size": size})
    else:
        out.say(f"{args.file}: {size} bytes; 'helpdesk --store DIR restore' makes a store of it")
    return 0


def restore(args: argparse.Namespace) -> int:
    """Make a store of a backup in a new or empty folder."""
    from helpdesk_tui.services import backup as service

    out, root = output_of(args), store_root(args)
    service.restore(args.file.absolute(), root)
    if out.json:
        out.document({"store": str(root)})
    else:
        out.say(f"the store is in {root}; passwords are not part of a backup")
    return 0
