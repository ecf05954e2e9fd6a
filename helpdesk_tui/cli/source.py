"""``source``: connect what tells of customers, and see how it fares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.checks import checks_json, report_checks
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.typed import typed_token
from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.errors import RemoteError, UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.sources import (
    credential_words,
    kind_words,
    reason_words,
    told_pairs,
)
from helpdesk_tui.widgets.wrap import cells

if TYPE_CHECKING:
    from helpdesk_tui.cli.output import Output
    from helpdesk_tui.services.commerce.import_files import Told
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.secrets import Secret

_BATCH = 200
_MOST_ERRORS = 50
"""Lines named one by one; the others are counted."""


def add(args: argparse.Namespace) -> int:
    """Connect a source: try it out, then save it; its key goes to the secrets only."""
    from helpdesk_tui.services.commerce.sources import checked_settings, require_name
    from helpdesk_tui.services.secrets import find_secret, set_secret

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        require_name(args.name)
        if any(one.name == args.name for one in desk.sources.all()):
            raise UsageError("source.exists", name=args.name)
        settings = checked_settings(args.kind, _settings(args.settings))
        unsaved = ConnectedSource(0, args.name, args.kind, settings)
        root, new = desk.store.paths.root, None
        known = None if args.token_stdin else find_secret(root, unsaved.secret_name)
        if unsaved.spec.credential and known is None:
            new = _typed(args, unsaved)
        if not args.no_test and not unsaved.spec.is_imported:
            _require(out, _tried(desk, unsaved, new or known), args.name)
        if new is not None:
            set_secret(root, unsaved.secret_name, new)
        source = desk.sources.add(args.kind, args.name, settings)
    if out.json:
        out.document(source_json(source))
    else:
        out.say(_("{name} is connected").format(name=source.name))
    return 0


def list_sources(args: argparse.Namespace) -> int:
    """Print the connected sources."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.sources.all()
    if out.json:
        out.document({"sources": [source_json(one) for one in found]})
    elif out.quiet:
        out.ids([one.name for one in found])
    elif found:
        rows = [(one.name, kind_words(one), _state(one)) for one in found]
        out.table([(_("name"), _("kind"), _("state")), *rows])
    else:
        out.say(_("nothing is connected: helpdesk source add"))
    return 0


def show(args: argparse.Namespace) -> int:
    """Print a source, what it said of itself and how it fares."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.sources.named(args.name)
    if out.json:
        out.document(source_json(found))
        return 0
    out.say(f"{found.name}: {kind_words(found)}")
    rows = (*found.settings.items(), *told_pairs(found))
    width = max([cells(name) for name, _value in rows], default=0)
    for name, value in rows:
        out.say(f"  {name}{' ' * (width - cells(name))}  {value}")
    out.say(f"  {_state(found)}")
    return 0


def test(args: argparse.Namespace) -> int:
    """Try a source and each of its rights; 5 if something is missing."""
    from helpdesk_tui.sync.commerce.trying import try_kept

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        source = desk.sources.named(args.name)
        checks = try_kept(desk.store, source.name)
    is_well = report_checks(out, checks)
    if out.json:
        out.document({"name": source.name, "ok": is_well, "checks": checks_json(checks)})
    return 0 if is_well else RemoteError.exit_code


def change(args: argparse.Namespace) -> int:
    """Change settings of a source."""
    with desk_of(args) as desk:
        source = desk.sources.change(args.name, _settings(args.settings))
    return _told(args, source, _("{name} is changed").format(name=source.name))


def enable(args: argparse.Namespace) -> int:
    """Ask a source again."""
    with desk_of(args) as desk:
        source = desk.sources.set_enabled(args.name, enabled=True)
    return _told(args, source, _("{name} is asked again").format(name=source.name))


def disable(args: argparse.Namespace) -> int:
    """Ask a source no more."""
    with desk_of(args) as desk:
        source = desk.sources.set_enabled(args.name, enabled=False)
    return _told(args, source, _("{name} is asked no more").format(name=source.name))


def remove(args: argparse.Namespace) -> int:
    """Remove a source and all that it has said, once somebody has said yes."""
    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        source = desk.sources.named(args.name)
        if not args.yes and not _agreed(source):
            return 1
        count = desk.sources.remove(args.name)
    if out.json:
        out.document({"removed": source.name, "profiles": count})
    else:
        out.say(_("{name} is removed").format(name=source.name))
    return 0


def secret(args: argparse.Namespace) -> int:
    """Give a source another key, after trying it out; the worker takes it within seconds."""
    from helpdesk_tui.services.secrets import Place, Secrets, set_secret

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        source = desk.sources.named(args.name)
        root, name = desk.store.paths.root, source.secret_name
        place = Secrets(root).find(name)[1]
        if place in (Place.CREDENTIALS, Place.ENVIRONMENT, Place.COMMAND):
            raise UsageError("secret.elsewhere", name=name, place=place.value)
        new = _typed(args, source)
        if not args.no_test:
            _require(out, _tried(desk, source, new), args.name)
        kept = set_secret(root, name, new)
    text = _("{name} is kept in the {place}").format(name=name, place=kept.value)
    return _told(args, source, text)


def source_json(source: ConnectedSource) -> dict[str, Any]:
    """Return a source as scripts see it."""
    return {
        "name": source.name,
        "kind": source.kind,
        "enabled": source.is_enabled,
        "settings": dict(source.settings),
        "told": dict(source.told),
        "sections": [one.value for one in source.spec.sections],
        "actions": [one.value for one in source.spec.actions],
        "error": source.error_code or None,
        "error_at": rfc3339(source.error_at) if source.error_at else None,
        "ok_at": rfc3339(source.ok_at) if source.ok_at else None,
    }


def _settings(said: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in said:
        name, separator, value = each.partition("=")
        if not separator:
            raise UsageError("argument.bad", name="--set", value=clean(each), hint="KEY=VALUE")
        found[name.strip()] = value.strip()
    return found


def _typed(args: argparse.Namespace, source: ConnectedSource) -> Secret:
    wanted = f"{kind_words(source)}: {credential_words(source)}"
    asked = _("{secret} (not shown):").format(secret=wanted)
    missing = UsageError("token.needs-terminal")
    return typed_token(asked, by_stdin=args.token_stdin, missing=missing)


def _tried(desk: Desk, source: ConnectedSource, key: Secret | None) -> tuple[Check, ...]:
    from helpdesk_tui.sync.commerce.trying import try_out

    return try_out(desk.store, source, key.reveal() if key else "")


def _require(out: Output, checks: Sequence[Check], name: str) -> None:
    """Print how a test went; what only lacks some rights is connected all the same.

    Raises:
        RemoteError: ``source.not-saved`` if it cannot be used at all.
    """
    is_well = report_checks(out, checks)
    if not is_well and (not checks[0].ok or not any(one.ok for one in checks[1:])):
        raise RemoteError("source.not-saved", name=name)


def _told(args: argparse.Namespace, source: ConnectedSource, text: str) -> int:
    out = output_of(args)
    if out.json:
        out.document(source_json(source))
    else:
        out.say(text)
    return 0


def _agreed(source: ConnectedSource) -> bool:
    """Ask whether a source may go with all that it has said.

    Raises:
        UsageError: ``source.needs-yes`` where nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise UsageError("source.needs-yes", name=source.name)
    asked = _("Remove {name} and all that it has said of customers? [y/N]").format(name=source.name)
    print(asked, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _state(source: ConnectedSource) -> str:
    """Return in words how a source fares."""
    if not source.is_enabled:
        return _("off")
    if source.error_code:
        return reason_words(source)
    if source.spec.is_imported:
        return _("imported")
    return _("works") if source.ok_at else _("not asked yet")


def import_files(args: argparse.Namespace) -> int:
    """Take customers out of files; whoever of them has written is told of at once."""
    from itertools import islice

    from helpdesk_tui.cli.progress import Progress
    from helpdesk_tui.services.commerce.import_files import read_file
    from helpdesk_tui.services.commerce.importing import Imports

    out, counts = output_of(args), {"seen": 0, "new": 0, "failed": 0}
    with desk_of(args) as desk, Progress(sys.stderr, 0) as progress:
        require_admin(desk.actor)
        source, imports = desk.sources.named(args.name), Imports(desk.store, desk.actor)
        for path in args.files:
            lines = read_file(path, args.what)
            while batch := list(islice(lines, _BATCH)):
                _name_failed(out, path, batch, counts)
                counts["seen"] += len(batch)
                told = [one.customer for one in batch if one.customer is not None]
                counts["new"] += imports.take(source, told)
                progress.show(counts["seen"])
    if out.json:
        out.document(counts)
    else:
        out.say(
            _("{seen} lines: {new} changed something, {failed} not understood").format(**counts)
        )
    return 1 if counts["failed"] else 0


def schema(args: argparse.Namespace) -> int:
    """Print the JSON schema of a customer, for endpoints and files."""
    import json

    from helpdesk_tui.domain.commerce.own_schema import customer_schema

    print(json.dumps(customer_schema(), indent=2))
    return 0


def _name_failed(out: Output, path: Path, batch: Sequence[Told], counts: dict[str, int]) -> None:
    """Name the lines that say nothing, the first ones one by one."""
    for one in batch:
        if one.error is None:
            continue
        counts["failed"] += 1
        if counts["failed"] <= _MOST_ERRORS:
            out.warn(
                _("{file}, line {line}: {reason}").format(
                    file=clean(path.name), line=one.number, reason=sentence(one.error)
                )
            )
