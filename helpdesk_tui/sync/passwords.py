"""What logs in to an account, asked for when a connection is made and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import CHANNELS, WEBCHAT
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.webchat.secret_names import former_identity_name, identity_name
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.secrets import find_secret, get_secret, variable_of
from helpdesk_tui.sync.channels.email.settings import uses_token
from helpdesk_tui.sync.receiving import Password

RELAY = "relay"
"""Name of the secret that a relay wants to see."""
BESIDE: Mapping[str, str] = {
    "app-secret": "app",
    "app-secret-old": "app-old",
    "verify": "verify",
}
"""Purpose → what stands behind the account's name in the name of the secret."""


def stored_passwords(root: Path) -> Password:
    """Return what gives passwords or access tokens of a store's accounts; raises HelpdeskError.

    An account whose SMTP server wants another password has it under its name with ``-smtp``.
    Those of messaging accounts stand in :data:`BESIDE`; what is not there is an empty text, as
    most accounts need only some of them.
    """

    def password(account: Account, purpose: str) -> str:
        if purpose in BESIDE:
            other = find_secret(root, f"{account.name}-{BESIDE[purpose]}", by_name=True)
            return "" if other is None else other.reveal()
        if purpose == "relay" and CHANNELS[account.channel].is_messaging:
            return _relay_token(root, account)
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


def _relay_token(root: Path, account: Account) -> str:
    """Return what the relay of a messaging account wants to see.

    That is the secret ``relay``; without it, the one of a chat at the same relay.

    Raises:
        NotFound: ``secret.missing-relay``, as ``channel password`` cannot keep that one.
    """
    own = find_secret(root, RELAY, by_name=True)
    if own is not None:
        return own.reveal()
    from helpdesk_tui.sync.relay_line import relay_of

    wanted = relay_of(account)
    with closing(Store(root, read_only=True)) as store:
        chats = Accounts(store, SYSTEM).all(WEBCHAT.name)
    for chat in chats:
        if relay_of(chat) == wanted:
            return get_secret(root, chat.name, chat.settings).reveal()
    raise NotFound("secret.missing-relay", name=RELAY, variable=variable_of(RELAY))


def _token(root: Path, account: Account) -> str:
    from helpdesk_tui.sync.oauth.tokens import Tokens

    return Tokens(root).access(account)
