"""The passwords of accounts, asked for when a connection is made and kept nowhere."""

from __future__ import annotations

from helpdesk_tui.domain.accounts import Account


def stored_password(account: Account, purpose: str) -> str:
    """Return the password of an account for ``imap`` or ``smtp``.

    Raises:
        HelpdeskError: if there is none, or its keeper refuses.
    """
    from helpdesk_tui.services.secrets import get_secret

    return get_secret(account.name).reveal()
