"""``channel add sms`` and ``channel add whatsapp``: numbers of ours at a provider."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.accounts import account_json, account_of, require, try_out, unsaved_account
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.typed import typed_token
from helpdesk_tui.domain.accounts import settings_in
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import SMS, WHATSAPP, ChannelSpec
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.secrets import Secret

Prepare = Callable[[Mapping[str, "Secret"]], None]
"""Does with the secrets of a new account what it needs before it is tried out."""


def add_sms(args: argparse.Namespace) -> int:
    """Connect a number for text messages."""
    return _add_twilio(args, SMS)


def add_whatsapp(args: argparse.Namespace) -> int:
    """Connect a number for WhatsApp, through the provider that is named."""
    if args.provider == Carrier.TWILIO:
        return _add_twilio(args, WHATSAPP)
    from helpdesk_tui.cli.meta_channel import add_whatsapp as add_at_meta

    return add_at_meta(args)


def _add_twilio(args: argparse.Namespace, spec: ChannelSpec) -> int:
    """Connect a number at Twilio: try it out, then save it; secrets go to the secrets only."""
    from helpdesk_tui.sync.channels.twilio.settings import read_settings

    settings = _settings(args)
    unsaved = unsaved_account(args.name, spec.name, _number(args.number), settings)
    read_settings(unsaved)
    return connect(args, unsaved, {"": _("auth token or key secret of Twilio")}, _signing(settings))


def _number(text: str) -> str:
    """Return a number without what people put between its digits."""
    packed = "".join(char for char in text if char not in " ().-/\u00a0")
    return packed if packed.startswith("+") else text.strip()


def _settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return the settings to save; only what was said, defaults stay defaults."""
    said = {
        "provider": Carrier.TWILIO.value,
        "account_sid": args.account_sid,
        "key_sid": args.key_sid,
        "messaging_service": args.messaging_service,
        "api": args.api,
        "relay": args.relay.rstrip("/"),
        "hook": args.hook,
        # WhatsApp shows links itself and needs none that are short
        "links": getattr(args, "links", "").rstrip("/"),
    }
    return {name: value for name, value in said.items() if value}


def _signing(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets beside the login: Twilio signs webhooks by the account's auth token."""
    if not settings.get("hook") or not settings.get("key_sid"):
        return {}
    return {"app": _("auth token of the account, which signs webhooks")}


def connect(
    args: argparse.Namespace,
    unsaved: Account,
    login: Mapping[str, str],
    beside: Mapping[str, str],
    *,
    prepare: Prepare | None = None,
) -> int:
    """Take in the secrets of an account, try it out, save both and say so.

    Args:
        args: With ``name``, ``token_stdin`` and ``no_test``.
        unsaved: The account.
        login: What stands behind the account's name in the name of a secret → what it is called.
        beside: The same of further ones; each is a line of its own on standard input.
        prepare: What has to be done over there before it can be tried out.
    """
    from helpdesk_tui.services.secrets import set_secret

    out = output_of(args)
    require_relay(unsaved)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        _require_new(desk, unsaved)
        root = desk.store.paths.root
        secrets, new = _secrets(args, desk, {**login, **beside})
        settings = settings_in(unsaved.settings)
        if settings.get("hook") and carrier_of(unsaved) == Carrier.TWILIO and "app" not in secrets:
            # without a key of its own the login is what signs webhooks
            secrets["app"] = secrets[""]
            new.add("app")
        if not args.no_test:
            if prepare is not None:
                prepare(secrets)
            require(out, try_out(root, unsaved, secrets), args.name)
        for each in sorted(new):
            set_secret(root, _name(args.name, each), secrets[each])
        desk.admin.add_channel(args.name, unsaved.channel, unsaved.address, settings=settings)
        account = account_of(desk, args.name)
    if out.json:
        out.document(account_json(account))
    else:
        out.say(_("{name} is connected; the worker begins to fetch now").format(name=args.name))
        if not settings.get("relay"):
            out.say(_("without a relay files cannot be sent: --relay names one"))
    return 0


def renew_signing(root: Path, account: Account, secret: Secret) -> None:
    """Let a new auth token sign webhooks too, where it is what signs them; the former holds on."""
    from helpdesk_tui.services.secrets import find_secret, set_secret
    from helpdesk_tui.sync.passwords import BESIDE

    settings = settings_in(account.settings)
    if carrier_of(account) != Carrier.TWILIO or settings.get("key_sid") or not settings.get("hook"):
        return
    former = find_secret(root, _name(account.name, BESIDE["app-secret"]), by_name=True)
    if former is not None:
        set_secret(root, _name(account.name, BESIDE["app-secret-old"]), former)
    set_secret(root, _name(account.name, BESIDE["app-secret"]), secret)


def require_relay(unsaved: Account) -> None:
    """Refuse a relay that cannot be one, and a webhook without any.

    Raises:
        UsageError: ``relay.bad-url``, ``relay.plain-refused``, ``channel.settings-broken`` or
            ``hook.needs-relay``.
    """
    from helpdesk_tui.sync.relay_line import hook_of, relay_of

    if hook_of(unsaved) and not relay_of(unsaved):
        raise UsageError("hook.needs-relay")


def _require_new(desk: Desk, unsaved: Account) -> None:
    """Refuse a name or a number that is there already.

    Raises:
        UsageError: ``channel.exists`` or ``number.taken``.
    """
    for account in desk.admin.channels():
        if account.name == unsaved.name:
            raise UsageError("channel.exists", name=unsaved.name)
        if (account.channel, account.address) == (unsaved.channel, unsaved.address):
            raise UsageError("number.taken", address=unsaved.address, name=account.name)


def _secrets(
    args: argparse.Namespace, desk: Desk, wanted: Mapping[str, str]
) -> tuple[dict[str, Secret], set[str]]:
    """Return the secrets of a new account, and which of them have to be kept by us."""
    from helpdesk_tui.services.secrets import find_secret

    found: dict[str, Secret] = {}
    new: set[str] = set()
    for each, meaning in wanted.items():
        if not args.token_stdin:
            known = find_secret(desk.store.paths.root, _name(args.name, each), by_name=bool(each))
            if known is not None:
                found[each] = known
                continue
        asked = _("{secret} (not shown):").format(secret=meaning)
        missing = UsageError("token.needs-terminal")
        found[each] = typed_token(asked, by_stdin=args.token_stdin, missing=missing)
        new.add(each)
    return found, new


def _name(account: str, beside: str) -> str:
    return f"{account}-{beside}" if beside else account
