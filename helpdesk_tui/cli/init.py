"""``init``: make a store and its first agent, by questions or by ``--set``."""

from __future__ import annotations

import argparse
import getpass
import re
import sys

from helpdesk_tui.cli.context import output_of, store_root
from helpdesk_tui.domain.errors import UsageError

_QUESTIONS = {
    "desk.name": "Name of your desk, as customers see it",
    "agent.name": "Your short name, as colleagues type it",
    "agent.full_name": "Your full name",
    "agent.email": "Your own mail address (may be empty)",
}


def run(args: argparse.Namespace) -> int:
    """Set up the store; refuses one that is there already."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.settings import DESK_NAME
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.setup import prepare_store

    root, out = store_root(args), output_of(args)
    if schema_version(root) is not None:
        raise UsageError("init.exists", path=root)
    answers = _answers(args)
    prepare_store(root)
    desk = open_desk(root, SYSTEM)
    try:
        desk.admin.add_agent(
            answers["agent.name"],
            full_name=answers["agent.full_name"],
            email=answers["agent.email"],
            role="owner",
        )
        desk.settings.set(DESK_NAME, answers["desk.name"], desk=True)
    finally:
        desk.close()
    if out.json:
        out.document({"store": str(root), "agent": answers["agent.name"]})
    else:
        out.say(f"the store is in {root}; its owner is {answers['agent.name']}")
        out.say("next: helpdesk channel add email --help   (connect a mailbox)")
        out.say("then: helpdesk                            (open the desk)")
    return 0


def _answers(args: argparse.Namespace) -> dict[str, str]:
    answers = _defaults() | _given(args.set)
    if args.non_interactive:
        return answers
    if not sys.stdin.isatty():
        raise UsageError("init.needs-terminal")
    given = _given(args.set)
    for key, question in _QUESTIONS.items():
        if key not in given:
            default = answers[key]
            shown = f"{question} [{default}]: " if default else f"{question}: "
            print(shown, end="", file=sys.stderr, flush=True)
            answers[key] = sys.stdin.readline().strip() or default
    return answers


def _defaults() -> dict[str, str]:
    account = re.sub(r"[^a-z0-9_-]", "", _account_name().lower()).lstrip("0123456789-_")
    return {
        "desk.name": "Support",
        "agent.name": account or "agent",
        "agent.full_name": "",
        "agent.email": "",
    }


def _account_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _given(settings: list[str]) -> dict[str, str]:
    given = {}
    for item in settings:
        key, equals, value = item.partition("=")
        if not equals or key not in _QUESTIONS:
            raise UsageError("init.key", key=key, known=", ".join(_QUESTIONS))
        given[key] = value.strip()
    return given
