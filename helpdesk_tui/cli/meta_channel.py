"""``channel add whatsapp --provider meta`` and ``channel add instagram``: accounts at Meta."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.accounts import account_of, unsaved_account
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.messaging_channel import connect
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import CHANNELS, INSTAGRAM, WHATSAPP
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.services.secrets import Secret

_HOOK = "meta"
"""Id of the webhook at the relay, where no other one is named: an app at Meta has only one."""
_VERIFY_BYTES = 24


def add_whatsapp(args: argparse.Namespace) -> int:
    """Connect a number of WhatsApp's Cloud API."""
    from helpdesk_tui.domain.messaging.people import is_number

    settings = _settings(
        args,
        provider=Carrier.META.value,
        phone_number_id=args.phone_number_id,
        waba_id=args.waba_id,
    )
    number = "".join(args.number.split())
    if not is_number(number):
        raise UsageError("number.bad", address=args.number)
    if not settings.get("relay"):
        raise UsageError("meta.needs-relay", name=args.name)
    return _connect(args, unsaved_account(args.name, WHATSAPP.name, number, settings))


def add_instagram(args: argparse.Namespace) -> int:
    """Connect an account of Instagram."""
    settings = _settings(
        args,
        provider=f"{args.login}-login",
        account_id=args.account_id,
        page_id=args.page_id,
        human_agent=args.human_agent,
    )
    handle = f"@{clean(args.handle).strip().removeprefix('@').lower()}"
    return _connect(args, unsaved_account(args.name, INSTAGRAM.name, handle, settings))


def _settings(args: argparse.Namespace, **own: Any) -> dict[str, Any]:
    """Return the settings to save; only what was said, defaults stay defaults."""
    relay = args.relay.strip().rstrip("/")
    said = {
        **own,
        "version": args.version,
        "api": args.api,
        "relay": relay,
        "hook": (args.hook or _HOOK) if relay else "",
    }
    return {name: value for name, value in said.items() if value}


def _connect(args: argparse.Namespace, unsaved: Account) -> int:
    """Try an account out, save it, and say what has to be entered at Meta."""
    from helpdesk_tui.sync.channels.meta.settings import read_settings

    settings = read_settings(unsaved)
    beside = {"app": _("app secret, which signs webhooks")} if settings.has_hook else {}
    login = {"": _("access token of Meta")}

    def prepare(found: Mapping[str, Secret]) -> None:
        subscribe_app(unsaved, found[""].reveal())

    done = connect(args, unsaved, login, beside, prepare=prepare)
    if settings.has_hook and not output_of(args).json:
        return webhook(args)
    return done


def webhook(args: argparse.Namespace) -> int:
    """Print what is entered at the provider, after making the token that Meta has to show."""
    from helpdesk_tui.sync.relay_line import hook_of, relay_of

    out = output_of(args)
    if out.json:
        raise UsageError("secret.not-in-json")
    with desk_of(args) as desk:
        require_admin(desk.actor)
        account, root = account_of(desk, args.name), desk.store.paths.root
        relay, hook = relay_of(account), hook_of(account)
        if not CHANNELS[account.channel].is_messaging or not relay or not hook:
            raise UsageError("hook.none", name=account.name)
        verify = "" if carrier_of(account) == Carrier.TWILIO else _verify_token(root, account.name)
    if verify:
        out.say(_("once the worker runs, enter at Meta (app dashboard, webhooks):"))
    else:
        out.say(_("enter at Twilio, for messages that come in:"))
    address = f"{relay}/hooks/{hook}"
    out.say(f"  {_('callback URL')}  {address}")
    if verify:
        # Meta shows it to the relay: this is where a person takes it from
        out.say(f"  {_('verify token')}  {verify}")
    return 0


def subscribe_app(account: Account, token: str) -> None:
    """Ask Meta to tell our app of the messages of an account that has a webhook.

    Raises:
        HelpdeskError: as Meta answers, or the settings are.
    """
    from helpdesk_tui.sync.channels.meta.checks import subscribe
    from helpdesk_tui.sync.channels.meta.graph import Graph
    from helpdesk_tui.sync.channels.meta.settings import read_settings

    settings = read_settings(account)
    if settings.has_hook:
        with closing(Graph(settings, token)) as graph:
            subscribe(graph)


def _verify_token(root: Path, account: str) -> str:
    """Return what Meta shows the relay when it looks whether the address is ours; made once."""
    from helpdesk_tui.services.secrets import Secret, find_secret, set_secret
    from helpdesk_tui.sync.passwords import BESIDE

    name = f"{account}-{BESIDE['verify']}"
    known = find_secret(root, name, by_name=True)
    if known is not None:
        return known.reveal()
    made = secrets.token_urlsafe(_VERIFY_BYTES)
    set_secret(root, name, Secret(made))
    return made
