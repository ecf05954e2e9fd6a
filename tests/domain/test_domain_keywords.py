"""Keywords: the whole message, in any of the languages, whatever its case and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.keywords import BUILT_IN, Command, keyword_of, normal
from helpdesk_tui.domain.setting.table import setting

_WORDS = [
    (command, word)
    for command, languages in BUILT_IN.items()
    for words in languages.values()
    for word in words
]


@pytest.mark.parametrize(("command", "word"), _WORDS)
def test_every_word_is_the_command_it_is_listed_under(command: Command, word: str) -> None:
    for text in (word, word.upper(), f"  {word.title()}!! ", f"\n{word}.\n"):
        found = keyword_of(text)
        assert found is not None
        assert (found.command, found.is_answered) == (command, False)


def test_no_word_stands_for_two_commands() -> None:
    found: dict[str, set[Command]] = {}
    for command, word in _WORDS:
        found.setdefault(normal(word), set()).add(command)
    assert all(len(commands) == 1 for commands in found.values())


@given(st.sampled_from(_WORDS), st.sampled_from(["please", "the parcel", "1001", "nie", "no"]))
def test_a_word_beside_it_makes_it_a_message(entry: tuple[Command, str], beside: str) -> None:
    assert keyword_of(f"{entry[1]} {beside}") is None
    assert keyword_of(f"{beside} {entry[1]}") is None


@pytest.mark.parametrize("text", ["", "  ", "...", "🛑", "x" * 10_000, "stop" * 50])
def test_what_is_no_word_is_no_keyword(text: str) -> None:
    assert keyword_of(text) is None


@pytest.mark.parametrize(
    ("text", "channel", "provider", "is_withdrawn", "command"),
    [
        ("CANCEL", "sms", "twilio", False, Command.STOP),
        ("CANCEL", "whatsapp", "twilio", False, None),
        ("CANCEL", "sms", "other", False, None),
        ("YES", "sms", "twilio", False, None),
        ("YES", "sms", "twilio", True, Command.START),
        ("yes", "whatsapp", "meta", True, None),
        ("INFO", "sms", "twilio", False, Command.HELP),
    ],
)
def test_what_the_provider_obeys_is_obeyed(
    text: str, channel: str, provider: str, is_withdrawn: bool, command: Command | None
) -> None:
    found = keyword_of(text, provider=provider, channel=channel, is_withdrawn=is_withdrawn)
    assert (None if found is None else found.command) == command
    assert found is None or found.is_answered


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stop-answer", "bye {{ customer.shoe_size }}"),
        ("sms-auto-reply-text", "{{ order.last.name }}"),
        ("help-answer", "{{ support.email"),
    ],
)
def test_a_text_with_an_unknown_variable_is_refused(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=r"away\."):
        setting(name).read([text])


@pytest.mark.parametrize("text", ["", "off", "{{ organization.prefix }}: bye", "no variable"])
def test_a_text_that_can_be_filled_in_is_kept(text: str) -> None:
    assert setting("stop-answer").read([text]) == text
