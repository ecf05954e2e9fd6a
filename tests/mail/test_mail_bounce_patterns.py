"""Phrases that are only searched for where a word of theirs stands: the same ones are found."""

from __future__ import annotations

import re

import pytest

from helpdesk_tui.mail.bounce_patterns import AnyOf
from helpdesk_tui.mail.bounce_words import EARLY, LATE, PROGRAM, UNKNOWN_ADDRESS

TEXTS = (
    "", "no such user", "user ana is unknown", "user unknowns", "the mailbox isn't found",
    "we have no account here", "adresse inconnue", "postfach nicht gefunden", "收件人不存在",
    "mailbox full", "over quota", "over the quota", "a\nvirus", "worms", "worm", "dkim fail",
    "relaying denied", "not a relay", "has been moved to", "abcrbl list", "abcdefghijklmnrbl",
    "sender rejected", "sender. rejected", "the account is disabled", "disabled account",
    "message too large", "size limit", "host not found", "no mx record", "no valid mx records",
    "timed out", "time-out", "unrouteable", "policy", "8-bit", "8bit", "cannot open", "can't lock",
    "ehlo invalid", "access denied", "rejeté", "отклонено", "容量オーバー", "邮箱已满",
    "couldn't create", "|ifs=", "exit status 3",
)  # fmt: skip


@pytest.mark.parametrize(
    "phrases",
    [UNKNOWN_ADDRESS, PROGRAM, *(phrases for _, phrases in (*EARLY, *LATE))],
    ids=lambda phrases: phrases[0][:20],
)
def test_a_text_holds_a_phrase_exactly_where_its_pattern_matches(phrases: tuple[str, ...]):
    any_of = AnyOf(phrases)
    for text in TEXTS:
        found = any(re.search(phrase, text) for phrase in phrases)
        assert any_of.is_in(text) == found, text


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        (r"e?x*", "", True),
        (r"(?:a|b)?c+d", "ccd", True),
        (r"(?:a|b)?c+d", "ab", False),
        (r"not(?! yet) here", "not here", True),
        (r"(?:big|large)(?:st|r)?\b", "larger", True),
        (r"(?:big|large)(?:st|r)?\b", "largely", False),
        (r"\(sent\)", "(sent)", True),
        (r"to{2}l", "tool", True),
        (r"[ab]{1,3}c", "abc", True),
    ],
)
def test_every_way_of_writing_a_phrase_is_understood(phrase: str, text: str, expected: bool):
    assert AnyOf((phrase,)).is_in(text) is expected
