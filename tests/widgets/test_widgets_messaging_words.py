"""The words of SMS, WhatsApp and Instagram: lengths, spans of time, what fits in a frame."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.channels import EMAIL, INSTAGRAM, SMS, WHATSAPP
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.widgets.composer_heading import Heading, subtitle
from helpdesk_tui.widgets.words.messaging import Meter, length_meter, span_words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=6, hours=3, minutes=20), "6 d 3 h"),
        (timedelta(hours=3, minutes=12), "3 h 12 m"),
        (timedelta(minutes=42, seconds=59), "42 m"),
        (timedelta(seconds=35), "35 s"),
        (timedelta(seconds=-1), "0 s"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(left: timedelta, words: str) -> None:
    assert span_words(left) == words


@pytest.mark.parametrize(
    ("text", "words", "warns"),
    [
        ("a" * 160, "GSM-7 · 0 left · 1 segment", False),
        ("a" * 161, "GSM-7 · 145 left · 2 segments", False),
        ("a" * (153 * 3 + 1), "GSM-7 · 152 left · 4 segments", True),
        ("zażółć", "UCS-2 “ż” · 64 left · 1 segment", False),
    ],
)
def test_segments_warn_from_the_fourth_on(text: str, words: str, warns: bool) -> None:
    meter = length_meter(text, SMS)
    assert meter == Meter(words, warns)


def test_a_hostile_character_is_named_harmlessly() -> None:
    meter = length_meter("\u202e", SMS)
    assert meter is not None
    assert "\u202e" not in meter.words


def test_only_channels_that_count_have_a_meter() -> None:
    assert length_meter("a", EMAIL) is None
    assert length_meter("a", WHATSAPP) is None
    assert length_meter("å", INSTAGRAM) == Meter("2 of 1,000 bytes")


def test_a_narrow_frame_keeps_what_counts_and_drops_keys_and_state() -> None:
    meters = (Meter("GSM-7 · 0 left · 4 segments", warns=True), None)
    keys = ["enter sends", "ctrl+j new line", "ctrl+t note"]
    assert subtitle("draft saved", meters, keys, 200).plain == (
        "draft saved · GSM-7 · 0 left · 4 segments · enter sends · ctrl+j new line · ctrl+t note"
    )
    assert subtitle("draft saved", meters, keys, 45).plain == (
        "GSM-7 · 0 left · 4 segments · enter sends"
    )
    full = subtitle("draft saved", meters, keys, 200).plain
    assert subtitle("draft saved", meters, keys, len(full)).plain == full
    assert subtitle("draft saved", meters, keys, len(full) - 1).plain != full
    assert subtitle("draft saved", meters, keys, 10).plain == "GSM-7 · 0 left · 4 segments"


def test_a_note_is_never_titled_as_a_message() -> None:
    heading = Heading("Lena", "sms", "+1", 7, closed="no", is_messaging=True)
    assert "never sent" in heading.title(DraftKind.NOTE)
    assert heading.title(DraftKind.REPLY) == "reply to Lena · SMS · locked"
