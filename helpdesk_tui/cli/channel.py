"""``channel``: connect mailboxes, try them out, switch them on and off."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.accounts import account_json, account_of, require, try_out, unsaved_account
from helpdesk_tui.cli.checks import checks_json, report_checks
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.typed import typed_secret
from helpdesk_tui.domain.channels import CHANNELS, EMAIL
from helpdesk_tui.domain.errors import RemoteError, UsageError
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.codes import channel_state_name
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import AccountReport
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.secrets import Secret

_SECURITY = {"implicit": "tls", "starttls": "starttls", "none": "none"}
"""What the options call it → what the settings call it."""


def add_email(args: argparse.Namespace) -> int:
    """Connect a mailbox: try it out, then save it; the password goes to the secrets only."""
    from helpdesk_tui.cli.signing_in import keep_grant
    from helpdesk_tui.services.secrets import Secret, set_secret

    out = output_of(args)
    settings = _settings(args)
    with desk_of(args) as desk:
        if any(each.name == args.name for each in desk.admin.channels()):
            raise UsageError("channel.exists", name=args.name)
        root = desk.store.paths.root
        unsaved = unsaved_account(args.name, EMAIL.name, args.address, settings)
        if args.oauth:
            password, is_new = Secret(keep_grant(root, unsaved, args, out)), False
        else:
            password, is_new = _password(args, desk)
        if not args.no_test:
            require(out, try_out(root, unsaved, {"": password}), args.name)
        if is_new:
            set_secret(root, args.name, password)
        desk.admin.add_channel(
            args.name, "email", args.address, settings=settings, sender_name=args.sender
        )
        account = account_of(desk, args.name)
    if out.json:
        out.document(account_json(account))
    else:
        out.say(
            _("{name} is connected; 'helpdesk' or 'helpdesk sync' starts fetching").format(
                name=args.name
            )
        )
    return 0


def _settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return the settings to save, checked; only what was said, defaults stay defaults."""
    from helpdesk_tui.cli.signing_in import oauth_settings
    from helpdesk_tui.sync.channels.email import read_settings

    oauth = oauth_settings(args)
    settings: dict[str, Any] = {
        **oauth,
        "imap_host": args.imap_host or oauth.get("imap_host"),
        "imap_port": args.imap_port or None,
        "imap_security": _SECURITY[args.imap_tls],
        "smtp_host": args.smtp_host or oauth.get("smtp_host"),
        "smtp_port": args.smtp_port or None,
        "smtp_security": _smtp_security(args, oauth),
        "user": args.user,
        "ca_file": str(Path(args.ca_file).expanduser().absolute()) if args.ca_file else "",
        "folder": args.folder,
        "sent_folder": args.sent_folder,
        "password_command": args.password_command,
    }
    said = {name: value for name, value in settings.items() if value not in (None, "")}
    read_settings(json.dumps(said), args.address)
    return said


def _smtp_security(args: argparse.Namespace, oauth: dict[str, Any]) -> str:
    if args.smtp_host:
        return _SECURITY[args.smtp_tls]
    return str(oauth.get("smtp_security", "tls"))


def _password(args: argparse.Namespace, desk: Desk) -> tuple[Secret, bool]:
    """Return the password of the new account, and whether it has to be kept by us.

    Raises:
        UsageError: if none came in.
    """
    from helpdesk_tui.services.secrets import find_secret, run_command

    if args.password_command:
        return run_command(args.password_command), False
    if not args.password_stdin:
        known = find_secret(desk.store.paths.root, args.name)
        if known is not None:
            return known, False
    return _typed(args.user or args.address, by_stdin=args.password_stdin), True


def _typed(user: str, *, by_stdin: bool) -> Secret:
    asked = _("Password of {user} (not shown):").format(user=user)
    return typed_secret(asked, by_stdin=by_stdin, missing=UsageError("password.needs-terminal"))


def test(args: argparse.Namespace) -> int:
    """Log in to the servers of a channel and print how each step went."""
    from helpdesk_tui.sync.channels.registry import adapter_of
    from helpdesk_tui.sync.passwords import stored_passwords

    out = output_of(args)
    with desk_of(args) as desk:
        account = account_of(desk, args.name)
        password = stored_passwords(desk.store.paths.root)
        checks = adapter_of(account.channel).test(account, password)
    is_fine = report_checks(out, checks)
    if out.json:
        out.document({"channel": account.name, "ok": is_fine, "checks": checks_json(checks)})
    return 0 if is_fine else RemoteError.exit_code


def password(args: argparse.Namespace) -> int:
    """Change the password of a channel: try it out, keep it, and let the worker go on."""
    from helpdesk_tui.domain.accounts import AccountState
    from helpdesk_tui.services.secrets import Place, Secrets, set_secret

    out = output_of(args)
    with desk_of(args) as desk:
        account, root = account_of(desk, args.name), desk.store.paths.root
        _unused, place = Secrets(root).find(account.name, account.settings)
        if place in (Place.CREDENTIALS, Place.ENVIRONMENT, Place.COMMAND):
            raise UsageError("secret.elsewhere", name=account.name, place=place.value)
        secret = _typed(account.address, by_stdin=args.password_stdin)
        if not args.no_test:
            require(out, try_out(root, account, {"": secret}), account.name)
        set_secret(root, account.name, secret)
        if CHANNELS[account.channel].is_messaging:
            from helpdesk_tui.cli.messaging_channel import renew_signing

            renew_signing(root, account, secret)
        if account.enabled and account.state is AccountState.STOPPED:
            desk.admin.set_channel_state(account.id, enabled=True)
        account = account_of(desk, args.name)
    if out.json:
        out.document(account_json(account))
    else:
        out.say(_("the new password of {name} is kept").format(name=account.name))
    return 0


def list_channels(args: argparse.Namespace) -> int:
    """Print the channels and how they fare."""
    out = output_of(args)
    with desk_of(args) as desk:
        reports = sorted(desk.admin.channel_reports(), key=lambda report: report.account.id)
    if out.json:
        out.document({"channels": [_report_json(report) for report in reports]})
    elif out.quiet:
        out.ids([report.account.id for report in reports])
    elif reports:
        heading = [
            _("name"), _("channel"), _("address"), _("state"), _("in step"), _("trouble")
        ]  # fmt: skip
        now = datetime.now(UTC)
        out.table([heading, *(_cells(report, now) for report in reports)])
    else:
        out.say(_("no channels yet: helpdesk channel add email --help"))
    return 0


def _cells(report: AccountReport, now: datetime) -> list[str]:
    from helpdesk_tui.domain.accounts import AccountState
    from helpdesk_tui.widgets.ages import age
    from helpdesk_tui.widgets.words.errors import channel_trouble

    account, synced = report.account, report.last_sync_at

    state = channel_state_name(account.state, is_on=account.enabled)
    is_in_trouble = account.state in (AccountState.RETRYING, AccountState.STOPPED)
    trouble = channel_trouble(account.error_code) if is_in_trouble else ""
    in_step = age(synced, now) if synced is not None and account.enabled else "–"
    return [account.name, account.channel, account.address, state, in_step, trouble]


def _report_json(report: AccountReport) -> dict[str, Any]:
    """Return a channel with how it fares."""
    synced, erred = report.last_sync_at, report.error_at
    return {
        **account_json(report.account),
        "last_sync_at": rfc3339(synced) if synced is not None else None,
        "error_at": rfc3339(erred) if erred is not None else None,
        "waiting": report.waiting,
        "failed": report.failed,
    }


def enable(args: argparse.Namespace) -> int:
    """Let the worker use a channel."""
    return _switch(args, enabled=True)


def disable(args: argparse.Namespace) -> int:
    """Keep the worker from a channel."""
    return _switch(args, enabled=False)


def _switch(args: argparse.Namespace, *, enabled: bool) -> int:
    out = output_of(args)
    with desk_of(args) as desk:
        account = account_of(desk, args.name)
        desk.admin.set_channel_state(account.id, enabled=enabled)
        account = account_of(desk, args.name)
    if out.json:
        out.document(account_json(account))
    else:
        said = _("{name} is on") if enabled else _("{name} is off")
        out.say(said.format(name=account.name))
    return 0
