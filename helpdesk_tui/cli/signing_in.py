"""Sign in to a mailbox by OAuth: with a code typed on any device, or in a browser."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import NotFound, RemoteError, UsageError
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.sync.oauth.flow import Flow, Grant
    from helpdesk_tui.sync.oauth.providers import App

_PATIENCE = 15 * 60.0


def oauth_settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that signing in needs, the provider's servers included."""
    from helpdesk_tui.sync.oauth.providers import PROVIDERS

    if not args.oauth:
        return {}
    return {
        **dict(PROVIDERS[args.oauth].servers),
        "oauth": args.oauth,
        "oauth_client_id": args.client_id,
        "oauth_tenant": args.tenant,
        "oauth_token_url": args.token_url,
        "oauth_device_url": args.device_url,
        "oauth_authorize_url": args.authorize_url,
        "oauth_scopes": args.scopes,
    }


def sign_in(args: argparse.Namespace) -> int:
    """Sign in to a channel anew: its tokens ran out, or were taken back."""
    from helpdesk_tui.domain.accounts import AccountState

    out = output_of(args)
    with desk_of(args) as desk:
        account = next((each for each in desk.admin.channels() if each.name == args.name), None)
        if account is None:
            raise NotFound("channel.unknown", name=args.name)
        keep_grant(desk.store.paths.root, account, args, out)
        if account.enabled and account.state is AccountState.STOPPED:
            desk.admin.set_channel_state(account.id, enabled=True)
    if out.json:
        out.document({"channel": account.name, "signed_in": True})
    else:
        out.say(_("{name} is signed in").format(name=account.name))
    return 0


def keep_grant(root: Path, account: Account, args: argparse.Namespace, out: Output) -> str:
    """Let a person sign in, keep the tokens with the secrets, and return the access token.

    Raises:
        UsageError: ``oauth.not-used`` if the account has a password.
        RemoteError: ``oauth.*``.
    """
    from helpdesk_tui.services.secrets import Secret, set_secret
    from helpdesk_tui.sync.oauth.flow import Flow
    from helpdesk_tui.sync.oauth.providers import app_of
    from helpdesk_tui.sync.oauth.tokens import Tokens, client_secret

    if args.client_secret_stdin:
        typed = sys.stdin.readline().strip()
        if not typed:
            raise UsageError("password.empty")
        set_secret(root, f"{account.name}-client", Secret(typed))
    app = app_of(account.settings, client_secret(root, account.name))
    if app is None:
        raise UsageError("oauth.not-used", name=account.name)
    with Flow(app) as flow:
        grant = _signed_in(flow, app, account.address, out)
    Tokens(root).keep(account.name, grant)
    return grant.access


def _signed_in(flow: Flow, app: App, user: str, out: Output) -> Grant:
    if app.provider.device_url:
        return _by_device(flow, out)
    if app.provider.authorize_url:
        return _by_browser(flow, user, out)
    raise UsageError("oauth.no-way", provider=app.provider.name)


def _by_device(flow: Flow, out: Output) -> Grant:
    code = flow.start_device()
    out.warn(
        _("open {address} on any device and enter the code {user_code}").format(
            address=code.address, user_code=code.user_code
        )
    )
    deadline = time.monotonic() + min(code.lives, _PATIENCE)
    while time.monotonic() < deadline:
        grant, wait = flow.poll_device(code)
        if grant is not None:
            return grant
        threading.Event().wait(min(wait, max(deadline - time.monotonic(), 0)))
    raise RemoteError("oauth.expired")


def _by_browser(flow: Flow, user: str, out: Output) -> Grant:
    from helpdesk_tui.sync.oauth.flow import new_attempt
    from helpdesk_tui.sync.oauth.loopback import Loopback

    with Loopback() as loopback:
        attempt = new_attempt(loopback.redirect, user)
        out.warn(_("open this page in a browser and sign in:"))
        out.warn(flow.authorize_address(attempt))
        out.warn(
            _("over SSH the browser ends on a page that does not load: paste its address here")
        )
        sent_to = loopback.wait(sys.stdin, _PATIENCE, state=attempt.state)
        return flow.exchange(attempt, sent_to)
