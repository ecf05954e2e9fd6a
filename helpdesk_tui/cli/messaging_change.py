"""``channel change``: what a number or an account at a provider has beside its login."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.accounts import account_json, account_of, require
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.messaging_channel import renew_signing, require_relay
from helpdesk_tui.domain.accounts import settings_in
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.sync.receiving import Password

_TEXTS = ("relay", "hook", "links", "messaging_service", "version")


def change(args: argparse.Namespace) -> int:
    """Change what was said of an account, after trying it out; an empty value takes it away."""
    from helpdesk_tui.sync.channels.registry import adapter_of
    from helpdesk_tui.sync.passwords import stored_passwords

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        account = account_of(desk, args.name)
        if not CHANNELS[account.channel].is_messaging:
            raise UsageError("channel.not-changed", name=args.name)
        settings = _settings(args, settings_in(account.settings))
        changed = replace(account, settings=json.dumps(settings))
        require_relay(changed)
        _sign(desk, changed)
        password = stored_passwords(desk.store.paths.root)
        if not args.no_test:
            _subscribe(changed, password)
            require(out, adapter_of(account.channel).test(changed, password), args.name)
        desk.admin.set_channel_settings(account.id, settings)
        account = account_of(desk, args.name)
    if out.json:
        out.document(account_json(account))
    else:
        out.say(_("{name} is changed; the worker begins anew with it").format(name=args.name))
    return 0


def _settings(args: argparse.Namespace, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with what was said put in."""
    for name in _TEXTS:
        value = getattr(args, name)
        if value is None:
            continue
        settings[name] = value.strip().rstrip("/")
        if not settings[name]:
            del settings[name]
    if args.human_agent is not None:
        settings["human_agent"] = args.human_agent == "on"
    return settings


def _subscribe(changed: Account, password: Password) -> None:
    """Let Meta tell our app of an account that has got a webhook; twice does no harm."""
    if carrier_of(changed) != Carrier.TWILIO:
        from helpdesk_tui.cli.meta_channel import subscribe_app

        subscribe_app(changed, password(changed, "token"))


def _sign(desk: Desk, changed: Account) -> None:
    """See to it that there is what Twilio signs a webhook by.

    Raises:
        UsageError: ``hook.needs-secret``.
    """
    from helpdesk_tui.services.secrets import find_secret, get_secret
    from helpdesk_tui.sync.passwords import BESIDE

    settings = settings_in(changed.settings)
    root, name = desk.store.paths.root, f"{changed.name}-{BESIDE['app-secret']}"
    if carrier_of(changed) != Carrier.TWILIO or not settings.get("hook"):
        return
    if find_secret(root, name, by_name=True) is not None:
        return
    if settings.get("key_sid"):
        raise UsageError("hook.needs-secret", name=name)
    renew_signing(root, changed, get_secret(root, changed.name))
