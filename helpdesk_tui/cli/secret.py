"""``secret``: keep what services of others ask for, and say where it is; never what it is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.typed import typed_secret
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import CHANNELS, EMAIL, WEBCHAT
from helpdesk_tui.domain.errors import HelpdeskError, NotFound, UsageError
from helpdesk_tui.domain.setting.responder import AI_SECRET, AI_WEBHOOK_SECRET
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.webchat.secret_names import former_identity_name, identity_name
from helpdesk_tui.sync.passwords import BESIDE, RELAY
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.secrets import Secret

_OWN = N_(
    {
        AI_SECRET: "key of the language model",
        AI_WEBHOOK_SECRET: "bearer token for the webhook of handed over chats",
        RELAY: "token of the relay, for numbers and accounts of providers",
    }
)
"""Secrets of no channel, with what they are for."""


def list_secrets(args: argparse.Namespace) -> int:
    """Print the names of the secrets that there may be, and where each is found."""
    from helpdesk_tui.services.secrets import Secrets, variable_of
    from helpdesk_tui.widgets.words.errors import sentence

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        places = Secrets(desk.store.paths.root)
        # the command for all names is asked only for those that it is asked for at work
        asked = {
            *_OWN,
            *(account.name for account in desk.admin.channels()),
            *(source.secret_name for source in desk.sources.all()),
        }
        rows = []
        for name, meaning, settings in _all(desk):
            try:
                found, trouble = places.find(name, settings, by_name=name not in asked)[1].value, ""
            except HelpdeskError as error:
                found, trouble = "", sentence(error)
            rows.append((name, found, variable_of(name), meaning, trouble))
    if out.json:
        keys = ("name", "place", "variable", "meaning", "trouble")
        out.document({"secrets": [dict(zip(keys, row, strict=True)) for row in rows]})
    else:
        out.table(
            [
                (_("name"), _("place"), _("for"), _("trouble")),
                *((name, place or "-", meaning, bad) for name, place, _no, meaning, bad in rows),
            ]
        )
    return 0


def _all(desk: Desk) -> list[tuple[str, str, str]]:
    """Return (name, what it is for, settings of its account) of every secret."""
    found = [(name, _(meaning), "") for name, meaning in _OWN.items()]
    for account in desk.admin.channels():
        what = _("password of {name}").format(name=account.name)
        found.append((account.name, what, account.settings))
        if CHANNELS[account.channel].is_messaging:
            signs = _("signs the webhooks of {name}").format(name=account.name)
            found += [(_signing(account.name), signs, "")]
        elif account.channel == WEBCHAT.name:
            key = _("key that the shop signs customers with")
            found.append((identity_name(account.name), key, ""))
            found.append((former_identity_name(account.name), _("the key before it"), ""))
        else:
            found.append((_smtp(account.name), _("password for sending, if another"), ""))
    for source in desk.sources.all():
        if source.spec.credential:
            what = _("key of the source {name}").format(name=source.name)
            found.append((source.secret_name, what, ""))
    return found


def _smtp(account: str) -> str:
    return f"{account}-smtp"


def _signing(account: str) -> str:
    return f"{account}-{BESIDE['app-secret']}"


def set_one(args: argparse.Namespace) -> int:
    """Keep a secret that comes by standard input, or that a person types unseen."""
    from helpdesk_tui.services.secrets import Place, Secrets, set_secret

    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        root = desk.store.paths.root
        _check(desk, args.name)
        _found, place = Secrets(root).find(args.name, by_name=args.name not in _OWN)
        if place in (Place.CREDENTIALS, Place.ENVIRONMENT, Place.COMMAND):
            raise UsageError("secret.elsewhere", name=args.name, place=place.value)
        kept = set_secret(root, args.name, _typed(args))
    if out.json:
        out.document({"name": args.name, "place": kept.value})
    else:
        out.say(_("{name} is kept in the {place}").format(name=args.name, place=kept.value))
    return 0


def _check(desk: Desk, name: str) -> None:
    """Refuse a name under which nobody would look, and those that other commands try out.

    Raises:
        UsageError: ``secret.by-channel``.
        NotFound: ``secret.unknown``.
    """
    accounts = desk.admin.channels()
    allowed = [
        *_OWN,
        *(_smtp(each.name) for each in accounts if each.channel == EMAIL.name),
        *(_signing(each.name) for each in accounts if CHANNELS[each.channel].is_messaging),
    ]
    if name in allowed:
        return
    for account in accounts:
        if name == account.name:
            command = f"helpdesk channel password {name}"
            raise UsageError("secret.by-channel", name=name, command=command)
        if name in (identity_name(account.name), former_identity_name(account.name)):
            command = f"helpdesk channel identity-key {account.name} --rotate"
            raise UsageError("secret.by-channel", name=name, command=command)
    for source in desk.sources.all():
        if name == source.secret_name:
            command = f"helpdesk source secret {source.name}"
            raise UsageError("secret.by-channel", name=name, command=command)
    raise NotFound("secret.unknown", name=clean(name), known=", ".join(allowed))


def _typed(args: argparse.Namespace) -> Secret:
    asked = _("Secret {name} (not shown):").format(name=args.name)
    missing = UsageError("secret.needs-terminal")
    return typed_secret(asked, by_stdin=args.stdin, missing=missing, empty="secret.empty")
