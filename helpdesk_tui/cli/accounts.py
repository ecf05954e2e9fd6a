"""Accounts of channels, for the commands that connect, try and change them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.checks import report_checks
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound, RemoteError

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account, Check
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.secrets import Secret


def account_of(desk: Desk, name: str, channel: str = "") -> Account:
    """Return the account of this name, of one channel only where that is named.

    Raises:
        NotFound: ``channel.unknown``.
    """
    for account in desk.admin.channels():
        if account.name == name and channel in ("", account.channel):
            return account
    raise NotFound("channel.unknown", name=name)


def unsaved_account(name: str, channel: str, address: str, settings: Mapping[str, Any]) -> Account:
    """Return an account to try out before it is saved."""
    from helpdesk_tui.domain.accounts import Account, AccountState

    return Account(
        id=0,
        name=name,
        channel=channel,
        address=address,
        enabled=True,
        settings=json.dumps(settings),
        state=AccountState.NEW,
        error_code="",
    )


def account_json(account: Account) -> dict[str, Any]:
    """Return a channel as scripts see it; there is no secret in it to leave out."""
    return {
        "id": str(account.id),
        "name": account.name,
        "channel": account.channel,
        "address": account.address,
        "enabled": account.enabled,
        "state": account.state.value,
        "error": account.error_code or None,
    }


def require(out: Output, checks: Sequence[Check], name: str) -> None:
    """Print how a test went; raises RemoteError ``channel.not-saved`` if a step failed."""
    if not report_checks(out, checks):
        raise RemoteError("channel.not-saved", name=name)


def try_out(root: Path, account: Account, secrets: Mapping[str, Secret]) -> list[Check]:
    """Try an account out by the adapter of its channel, with secrets that are kept nowhere yet.

    Args:
        root: Folder of the store: what is not among the secrets may be kept there.
        account: The account.
        secrets: The login by an empty name, others by what stands behind the account's name.
    """
    from helpdesk_tui.sync.channels.registry import adapter_of
    from helpdesk_tui.sync.passwords import BESIDE, stored_passwords

    stored = stored_passwords(root)

    def password(account: Account, purpose: str) -> str:
        # mailboxes and sites log in by one secret, whatever for
        is_login = purpose == "token" or not CHANNELS[account.channel].is_messaging
        found = secrets.get("" if is_login else BESIDE.get(purpose, purpose))
        return stored(account, purpose) if found is None else found.reveal()

    return adapter_of(account.channel).test(account, password)
