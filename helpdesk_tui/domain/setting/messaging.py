"""The settings of SMS, WhatsApp and Instagram: keywords and what is answered to them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.messaging.keywords import Command
from helpdesk_tui.domain.setting.held import Held, list_in, text_in

STOP_WORDS = "stop-words"
START_WORDS = "start-words"
HELP_WORDS = "help-words"
STOP_ANSWER = "stop-answer"
START_ANSWER = "start-answer"
HELP_ANSWER = "help-answer"

_WORDS = {Command.STOP: STOP_WORDS, Command.START: START_WORDS, Command.HELP: HELP_WORDS}
_ANSWERS = {Command.STOP: STOP_ANSWER, Command.START: START_ANSWER, Command.HELP: HELP_ANSWER}


def more_words(held: Held) -> Mapping[Command, tuple[str, ...]]:
    """Return the keywords that the desk has added to those built in."""
    return {command: list_in(held, name) for command, name in _WORDS.items()}


def answer_text(held: Held, command: Command, word: str, address: str) -> str:
    """Return what is answered to a keyword."""
    return text_in(held, _ANSWERS[command])


def provider_of(account: Account) -> str:
    """Return who carries the messages of an account."""
    return str(json.loads(account.settings).get("provider", ""))
