"""``init``: make a store and its first agent, by questions or by ``--set``."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from pathlib import Path

from helpdesk_tui.cli.context import output_of, store_root
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.widgets.words.language import N_, _

_QUESTIONS = N_(
    {
        "desk.name": "Name of your desk",
        "agent.name": "Your short name, as colleagues type it",
        "agent.full_name": "Your full name",
        "agent.email": "Your own mail address (may be empty)",
    }
)


def run(args: argparse.Namespace) -> int:
    """Set up the store; refuses one that is there already."""
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.setting.table import DESK_NAME
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.setup import prepare_store, share_store

    root, out = store_root(args), output_of(args)
    if _is_set_up(root):
        raise UsageError("init.exists", path=root)
    answers = _answers(args)
    if args.group:
        share_store(root, args.group)
    prepare_store(root)
    desk = open_desk(root, SYSTEM)
    try:
        desk.settings.set(DESK_NAME, answers["desk.name"], desk=True)
        desk.admin.add_agent(
            answers["agent.name"],
            full_name=answers["agent.full_name"],
            email=answers["agent.email"],
            role="owner",
        )
    finally:
        desk.close()
    if out.json:
        out.document({"store": str(root), "agent": answers["agent.name"]})
    else:
        out.say(
            _("the store is in {root}; its owner is {name}").format(
                root=root, name=answers["agent.name"]
            )
        )
        out.say(_("next: helpdesk channel add email --help   (connect a mailbox)"))
        out.say(_("then: helpdesk                            (open the desk)"))
    return 0


def _is_set_up(root: Path) -> bool:
    """Tell whether somebody can work in the store; one that was left half made is taken up."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.db.store import SCHEMA_VERSION
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk

    version = schema_version(root)
    if version != SCHEMA_VERSION:
        return version is not None
    desk = open_desk(root, SYSTEM, read_only=True)
    try:
        return bool(desk.team.agents())
    finally:
        desk.close()


def _answers(args: argparse.Namespace) -> dict[str, str]:
    """Return an answer to every question, each one checked before anything is written."""
    given = {key: _checked(key, value) for key, value in _given(args.set).items()}
    answers = _defaults() | given
    if args.non_interactive:
        return answers
    if not sys.stdin.isatty():
        raise UsageError("init.needs-terminal")
    for key in _QUESTIONS:
        if key not in given:
            answers[key] = _ask(key, answers[key])
    return answers


def _ask(key: str, default: str) -> str:
    """Ask until the answer is one that can be taken; the end of the input is no answer."""
    from helpdesk_tui.widgets.words.errors import sentence

    hint = f" [{default}]" if default else ""
    while True:
        print(f"{_(_QUESTIONS[key])}{hint}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        try:
            return _checked(key, line.strip() or default)
        except UsageError as error:
            print(f"  {sentence(error)}", file=sys.stderr)


def _checked(key: str, value: str) -> str:
    """Return an answer as it is kept.

    Raises:
        UsageError: ``agent.bad-name`` or ``address.invalid``.
    """
    if key == "agent.name":
        from helpdesk_tui.services.admin import check_agent_name

        return check_agent_name(value.lower())
    if key == "agent.email" and value:
        return check_address(value)
    return value


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
