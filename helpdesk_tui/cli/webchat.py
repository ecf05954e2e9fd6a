"""``channel add webchat``, ``channel snippet``, ``channel identity-key``: a shop's chat tab."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.accounts import (
    account_json,
    account_of,
    require,
    try_out,
    unsaved_account,
)
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.typed import typed_token
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.webchat import CHAT_ORIGINS, origins
from helpdesk_tui.domain.webchat.reading import is_id
from helpdesk_tui.domain.webchat.secret_names import former_identity_name, identity_name
from helpdesk_tui.services.snippets import snippet_for
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.secrets import Secret

_KEY_BYTES = 32


def add_webchat(args: argparse.Namespace) -> int:
    """Connect a chat tab: try the relay out, save it, make the key the shop signs with."""
    from helpdesk_tui.services.secrets import find_secret, set_secret

    out = output_of(args)
    address, pages = _relay(args.relay), origins(args.origin)
    if not is_id(args.site):
        raise UsageError("channel.bad-site", site=args.site)
    with desk_of(args) as desk:
        root = desk.store.paths.root
        if any(each.name == args.name for each in desk.admin.channels()):
            raise UsageError("channel.exists", name=args.name)
        token, is_new = _token(args, root)
        settings = {"relay": address}
        if not args.no_test:
            unsaved = unsaved_account(args.name, WEBCHAT.name, args.site, settings)
            require(out, try_out(root, unsaved, {"": token}), args.name)
        if is_new:
            set_secret(root, args.name, token)
        if find_secret(root, identity_name(args.name), by_name=True) is None:
            set_secret(root, identity_name(args.name), _new_key())
        desk.admin.add_channel(args.name, WEBCHAT.name, args.site, settings=settings)
        if pages:
            known = list(desk.settings.get(CHAT_ORIGINS) or [])
            desk.settings.set(CHAT_ORIGINS, list(dict.fromkeys([*known, *pages])), desk=True)
        account = account_of(desk, args.name, WEBCHAT.name)
    if out.json:
        out.document(account_json(account))
    else:
        out.say(_("{name} is connected; the worker publishes it now").format(name=args.name))
        out.say(_("for the pages of the shop:"))
        out.say(snippet_for(account, "html").rstrip("\n"))
        out.say(_("how its server signs a customer: helpdesk channel snippet {name} --language"
                  " python").format(name=args.name))  # fmt: skip
    return 0


def snippet(args: argparse.Namespace) -> int:
    """Print what the shop puts on its pages (html) or on its server."""
    out = output_of(args)
    with desk_of(args) as desk:
        account = account_of(desk, args.name, WEBCHAT.name)
    text = snippet_for(account, args.language).rstrip("\n")
    if out.json:
        out.document({"channel": account.name, "language": args.language, "text": text})
    else:
        out.say(text)
    return 0


def identity_key(args: argparse.Namespace) -> int:
    """Print the key that the shop signs with, after renewing it if that is asked for."""
    from helpdesk_tui.services.secrets import Secret, find_secret, get_secret, set_secret

    out = output_of(args)
    if out.json:
        raise UsageError("secret.not-in-json")
    with desk_of(args) as desk:
        account, root = account_of(desk, args.name, WEBCHAT.name), desk.store.paths.root
        require_admin(desk.actor)
        name = identity_name(account.name)
        if args.rotate:
            former = find_secret(root, name, by_name=True)
            if former is not None:
                set_secret(root, former_identity_name(account.name), former)
            set_secret(root, name, _new_key())
        if args.drop_former:
            set_secret(root, former_identity_name(account.name), Secret(""))
        key = get_secret(root, name)
    # the shop's server needs it: this is the one place that shows a secret, and only when asked
    out.say(key.reveal())
    return 0


def _relay(text: str) -> str:
    from helpdesk_tui.domain.setting.webchat import web_address

    return web_address([text]).rstrip("/")


def _token(args: argparse.Namespace, root: Path) -> tuple[Secret, bool]:
    """Return the relay's token, and whether it has to be kept by us."""
    from helpdesk_tui.services.secrets import find_secret

    if not args.token_stdin:
        known = find_secret(root, args.name)
        if known is not None:
            return known, False
    asked = _("Token of the relay (not shown):")
    missing = UsageError("relay.token-missing", name=args.name)
    return typed_token(asked, by_stdin=args.token_stdin, missing=missing), True


def _new_key() -> Secret:
    from helpdesk_tui.services.secrets import Secret

    return Secret(secrets.token_urlsafe(_KEY_BYTES))
