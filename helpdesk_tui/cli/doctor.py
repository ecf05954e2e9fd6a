"""``doctor``: what could be wrong with this set-up, each with its mend."""

from __future__ import annotations

import argparse
import codecs
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli import doctor_hours
from helpdesk_tui.cli.context import output_of, store_root
from helpdesk_tui.cli.doctor_chat import chat_findings
from helpdesk_tui.cli.doctor_messaging import messaging_findings
from helpdesk_tui.cli.doctor_senders import senders_findings
from helpdesk_tui.cli.doctor_sources import sources_findings
from helpdesk_tui.cli.faq_pages import pages_findings
from helpdesk_tui.cli.findings import Finding, Step
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.damage import DamageKind
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.words.codes import address_state_name, channel_state_name
from helpdesk_tui.widgets.words.language import N_, _, pgettext
from helpdesk_tui.widgets.wrap import cells

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account

_FREE_MIN = 200_000_000
_SIGNS = {"ok": "✓", "warning": "!", "failed": "✗"}


_MENDS = N_(
    {
        DamageKind.FILE: "restore a backup into a new folder: helpdesk --store DIR restore FILE",
        DamageKind.COUNTERS: "helpdesk doctor --mend",
        DamageKind.LOST: "restore an older backup into a new folder DIR, then"
        " cp -rn DIR/blobs/. {root}/blobs/",
    }
)
"""What to do about each kind of damage."""
_NAME_CELLS = 11
_CHECKS: Mapping[str, str] = N_(
    {
        "program": "program",
        "store": "store",
        "modes": "modes",
        "disk": "disk",
        "secrets": "secrets",
        "channels": "channels",
        "addresses": "addresses",
        "domains": "domains",
        "webchat": "webchat",
        "messaging": "messaging",
        "sources": "sources",
        "hours": "hours",
        "follow-up": "follow-up",
        "team-mail": "team mail",
        "worker": "worker",
        "terminal": "terminal",
    },
    context="check",
)
"""What is looked at, in eleven cells."""


def run(args: argparse.Namespace) -> int:
    """Look at everything and print what was found; 1 if anything failed."""
    out, root = output_of(args), store_root(args)
    if args.mend:
        _mend(root)
    findings = [finding for step in _STEPS for finding in _contained(step, root)]
    if out.json:
        is_fine = all(finding.state != "failed" for finding in findings)
        out.document({"ok": is_fine, "checks": [asdict(finding) for finding in findings]})
    for finding in findings:
        name = pgettext("check", _CHECKS.get(finding.name, finding.name))
        out.say(
            f"{_SIGNS[finding.state]} {name}{' ' * (_NAME_CELLS - cells(name))} {finding.detail}"
        )
        if finding.mend and finding.state != "ok":
            out.say(f"{' ' * (_NAME_CELLS + 3)}→ {finding.mend}")
    return 1 if any(finding.state == "failed" for finding in findings) else 0


def _contained(step: Step, root: Path) -> Iterator[Finding]:
    """Run one step; what it raises is a finding, so that the other steps still run."""
    from helpdesk_tui.widgets.words.errors import sentence

    try:
        yield from step(root)
    except HelpdeskError as error:
        yield Finding(step.__name__.strip("_").removesuffix("_findings"), "failed", sentence(error))
    except OSError as error:
        yield Finding(
            step.__name__.strip("_").removesuffix("_findings"),
            "failed",
            error.strerror or str(error),
        )


def _mend(root: Path) -> None:
    """Mend what can be mended without anything from elsewhere: modes of files, kept counters."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.db.modes import mend_modes
    from helpdesk_tui.db.store import SCHEMA_VERSION, Store
    from helpdesk_tui.services.health import mend_counters

    if schema_version(root) is not None:
        mend_modes(root)
    if schema_version(root) == SCHEMA_VERSION:
        with closing(Store(root)) as store:
            mend_counters(store)


def _program(root: Path) -> Iterator[Finding]:
    from helpdesk_tui import __version__

    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "program",
        "ok",
        _("helpdesk {version} on Python {python}").format(version=__version__, python=version),
    )


def _store(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.db.store import SCHEMA_VERSION, Store
    from helpdesk_tui.services.health import store_damage

    found = schema_version(root)
    if found is None:
        yield Finding(
            "store", "failed", _("there is none in {root}").format(root=root), "helpdesk init"
        )
        return
    if found > SCHEMA_VERSION:
        yield Finding(
            "store",
            "failed",
            _("schema {found} is newer than this program").format(found=found),
            _("update helpdesk"),
        )
        return
    if found < SCHEMA_VERSION:
        yield Finding(
            "store",
            "warning",
            _("schema {found} is older than this program").format(found=found),
            _("any command brings it up to date, after a copy"),
        )
        return
    with closing(Store(root, read_only=True)) as store:
        damage = store_damage(store)
    for kind, mend in _MENDS.items():
        found_here = [each.detail for each in damage if each.kind is kind]
        if found_here:
            yield Finding("store", "failed", "; ".join(found_here), _(mend).format(root=root))
    if not damage:
        yield Finding(
            "store", "ok", _("{root}, schema {found}, sound").format(root=root, found=found)
        )
    yield from _modes(root)


def _modes(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.db.modes import OTHERS, is_shared, wrong_modes

    mode = root.stat().st_mode & 0o7777
    wrong = tuple(wrong_modes(root)) if os.access(root, os.R_OK | os.X_OK) else ()
    if mode & OTHERS:
        detail = _("{root} is open to everybody").format(root=root)
        yield Finding("modes", "failed", detail, f"chmod o= {root}")
    elif not os.access(root, os.W_OK):
        detail = _("{root} cannot be written by this user").format(root=root)
        yield Finding("modes", "failed", detail, _("run as the user it belongs to"))
    elif wrong:
        first = wrong[0]
        detail = _("{count} files have a wrong mode, such as {path}: {found:o}, not {wanted:o}")
        yield Finding(
            "modes",
            "failed",
            detail.format(
                count=len(wrong), path=first.path, found=first.found, wanted=first.wanted
            ),
            _("helpdesk doctor --mend, as root or as their owner"),
        )
    elif is_shared(root):
        detail = _("shared by the group {group}, mode {mode:o}").format(
            group=root.group(), mode=mode
        )
        yield Finding("modes", "ok", detail)
    else:
        yield Finding("modes", "ok", _("folder mode {mode:o}").format(mode=mode))


def _disk(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.services.disks import DOUBTFUL, REFUSED, disk_kind

    place = root if root.exists() else root.parent
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    state = "ok" if free >= _FREE_MIN else "warning"
    yield Finding(
        "disk",
        state,
        _("{free} MB free").format(free=free // 1_000_000),
        _("make room on this disk"),
    )
    kind = disk_kind(place)
    if kind in (*REFUSED, *DOUBTFUL):
        yield Finding(
            "disk",
            "failed",
            _("{place} is on a network disk ({kind})").format(place=place, kind=kind),
            _("move the store to a local disk: SQLite cannot be shared over it"),
        )


def _secrets(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.services.config import load_config
    from helpdesk_tui.services.secrets import Secrets

    keyring = Secrets(root).keyring_name()
    if keyring == "none" or keyring.startswith("refused"):
        file = load_config().secrets_file
        yield Finding(
            "secrets",
            "ok",
            _("no keyring here; passwords go to {file}, mode 600").format(file=file),
        )
    else:
        yield Finding(
            "secrets", "ok", _("passwords go to the keyring {keyring}").format(keyring=keyring)
        )


def _channels(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.accounts import AccountState
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.messaging.providers import is_sandbox
    from helpdesk_tui.services.auto_answers import answers_held
    from helpdesk_tui.services.desk import open_desk

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        accounts = desk.admin.channels()
        held = answers_held(desk.store)
    if held:
        yield Finding(
            "channels",
            "warning",
            _(
                "{held}: too many automatic answers in an hour, so new tickets get none for now"
            ).format(held=held),
            _("look for a loop; helpdesk setting set auto-reply.per-hour"),
        )
    if not accounts:
        yield Finding(
            "channels", "warning", _("none is connected"), "helpdesk channel add email --help"
        )
    for account in accounts:
        trouble = account.state in (AccountState.RETRYING, AccountState.STOPPED)
        detail = f"{account.name} ({account.address}): "
        detail += _state_of(account)
        state = "failed" if trouble and account.enabled else "ok"
        yield Finding("channels", state, detail, f"helpdesk channel test {account.name}")
        if account.enabled and not is_sandbox(account):
            yield _password(root, account)


def _addresses(root: Path) -> Iterator[Finding]:
    """Name the support addresses whose mail is not known to arrive."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.accounts import AddressState
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.widgets.words.errors import address_trouble

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        found = desk.addresses.list()
    states = {AddressState.PENDING: "warning", AddressState.FAILING: "failed"}
    for each in found:
        why = address_trouble(each.error_code, each.address)
        detail = f"{each.address}: {address_state_name(each.state)}" + (f", {why}" if why else "")
        mend = f"helpdesk channel address test {each.address}"
        yield Finding("addresses", states.get(each.state, "ok"), detail, mend)


def _domains(root: Path) -> Iterator[Finding]:
    """Name the domains of our addresses that are not said to be ours."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.own import OWN_DOMAINS, unnamed_domains
    from helpdesk_tui.services.desk import open_desk

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        ours = [each.address for each in desk.addresses.list()]
        ours += [each.email for each in desk.team.agents() if each.active]
        ours += [each.address for each in desk.admin.channels() if each.channel == EMAIL.name]
        named = desk.settings.get(OWN_DOMAINS) or []
    missing = unnamed_domains(ours, named)
    if missing:
        yield Finding(
            "domains", "warning",
            _("{missing}: not named as yours, so a colleague without an account counts as"
" a customer").format(missing=', '.join(missing)),
            _("helpdesk setting set own-domains {domains} (leave out domains where customers"
" have addresses)").format(domains=' '.join([*named, *missing])),
        )  # fmt: skip


def _state_of(account: Account) -> str:
    from helpdesk_tui.domain.accounts import AccountState
    from helpdesk_tui.widgets.words.errors import channel_trouble

    if not account.enabled:
        return channel_state_name(account.state, is_on=False)
    if account.state is AccountState.NEW:
        return _("new, the worker has not looked into it yet")
    if account.error_code:
        return f"{channel_state_name(account.state)}, {channel_trouble(account.error_code)}"
    return channel_state_name(account.state)


def _password(root: Path, account: Account) -> Finding:
    from helpdesk_tui.services.secrets import Secrets, variable_of

    _unused, place = Secrets(root).find(account.name, account.settings)
    if place:
        return Finding(
            "secrets",
            "ok",
            _("{name}: password found in the {place}").format(name=account.name, place=place.value),
        )
    mend = _("helpdesk channel password {name}, or set {variable}").format(
        name=account.name, variable=variable_of(account.name)
    )
    return Finding(
        "secrets", "failed", _("{name}: there is no password").format(name=account.name), mend
    )


def _worker(root: Path) -> Iterator[Finding]:
    from helpdesk_tui.db.paths import StorePaths
    from helpdesk_tui.services.worker_state import worker_running

    if worker_running(StorePaths(root)):
        yield Finding("worker", "ok", _("running"))
    else:
        yield Finding("worker", "warning", _("not running; the UI starts one while it is open"),
                      _("helpdesk sync, or the service of docs/admins/worker.md"))  # fmt: skip


def _terminal(root: Path) -> Iterator[Finding]:
    term = os.environ.get("TERM", "")
    encoding = codecs.lookup(sys.getfilesystemencoding()).name
    if not term or term == "dumb":
        yield Finding("terminal", "warning", _("TERM is {term}").format(term=term or _("not set")),
                      _("run the UI in a terminal that can draw"))  # fmt: skip
    elif encoding != "utf-8":
        yield Finding(
            "terminal",
            "warning",
            _("the locale speaks {encoding}").format(encoding=encoding),
            _("use a UTF-8 locale: export LANG=C.UTF-8"),
        )
    else:
        yield Finding("terminal", "ok", _("{term}, UTF-8").format(term=term))


_STEPS: tuple[Step, ...] = (
    _program, _store, _disk, _secrets, senders_findings, _channels, _addresses, _domains,
    chat_findings, messaging_findings, sources_findings, pages_findings, doctor_hours.hours,
    doctor_hours.follow_up, doctor_hours.team_mail, _worker, _terminal,
)  # fmt: skip
