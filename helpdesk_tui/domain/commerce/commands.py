"""Changes by their names, as they are typed behind ``:`` and stand in macros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.macros.macro import Actions

COMMANDS: Mapping[str, ActionKind] = {
    "order edit": ActionKind.ORDER_EDIT,
    "order cancel": ActionKind.ORDER_CANCEL,
    "sub skip": ActionKind.SUBSCRIPTION_SKIP,
    "sub unskip": ActionKind.SUBSCRIPTION_UNSKIP,
    "sub date": ActionKind.SUBSCRIPTION_DATE,
    "sub change": ActionKind.SUBSCRIPTION_CHANGE,
    "sub address": ActionKind.SUBSCRIPTION_ADDRESS,
    "sub cancel": ActionKind.SUBSCRIPTION_CANCEL,
    "sub activate": ActionKind.SUBSCRIPTION_ACTIVATE,
}
"""Every change that can be asked for by name. None of them is carried out without a yes."""


@dataclass(frozen=True, slots=True)
class Command:
    """A change that is asked for."""

    kind: ActionKind
    name: str = ""
    """Of the order or subscription, such as ``#1042``; empty: it is asked which."""


def read_command(text: str) -> Command | None:
    """Return the change that a text asks for, such as ``order cancel #1042``; None for no such."""
    words = text.split()
    kind = COMMANDS.get(" ".join(words[:2]).casefold())
    return None if kind is None else Command(kind, " ".join(words[2:]))


def commands_for(text: str) -> tuple[tuple[str, Command], ...]:
    """Return the commands that what is typed so far may become, each by its whole name."""
    typed = " ".join(text.split()).casefold()
    whole = read_command(text)
    if whole is not None:
        name = " ".join(text.split()[:2]).casefold()
        return ((f"{name} {whole.name}".rstrip(), whole),)
    return tuple([(name, Command(kind)) for name, kind in COMMANDS.items()
                  if typed and name.startswith(typed)])  # fmt: skip


def asked_by(actions: Actions) -> tuple[str, ...]:
    """Return the changes of orders and subscriptions that a macro asks for, by their names."""
    orders = [f"order {one}" for one in actions.order]
    return (*orders, *[f"sub {one}" for one in actions.sub])


def commands_of(actions: Actions) -> tuple[Command, ...]:
    """Return the changes that a macro asks for; what is no change is left out."""
    return tuple([one for text in asked_by(actions) if (one := read_command(text)) is not None])
