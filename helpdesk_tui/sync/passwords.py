"""What logs in to an account, asked for when a connection is made and kept nowhere."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.webchat.secret_names import former_identity_name, identity_name
from helpdesk_tui.services.secrets import find_secret, get_secret
from helpdesk_tui.sync.channels.email.settings import uses_token
from helpdesk_tui.sync.receiving import Password


def stored_passwords(root: Path) -> Password:
    """Return what gives passwords or access tokens of a store's accounts; raises HelpdeskError.

    An account whose SMTP server wants another password has it under its name with ``-smtp``.
    """

    def password(account: Account, purpose: str) -> str:
        if purpose == "identity-old":
            other = find_secret(root, former_identity_name(account.name), by_name=True)
            return "" if other is None else other.reveal()
        if purpose == "identity":
            return get_secret(root, identity_name(account.name)).reveal()
        if uses_token(account.settings):
            return _token(root, account)
        if purpose == "smtp":
            other = find_secret(root, f"{account.name}-smtp", by_name=True)
            if other is not None:
                return other.reveal()
        return get_secret(root, account.name, account.settings).reveal()

    return password


def _token(root: Path, account: Account) -> str:
    from helpdesk_tui.sync.oauth.tokens import Tokens

    return Tokens(root).access(account)
