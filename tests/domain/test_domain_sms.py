"""How long a text message is, in parts that are paid for."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.sms import count_segments


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 152 + "€" + "a" * 20, "GSM-7", 174, 2, 131),
        ("ż" * 70, "UCS-2", 70, 1, 0),
        ("ż" * 71, "UCS-2", 71, 2, 63),
        ("ż" * 66 + "😀" + "ż" * 10, "UCS-2", 78, 2, 55),
        ("åäöÅÄÖñ@£{}", "GSM-7", 13, 1, 147),
        ("ção", "UCS-2", 3, 1, 67),
    ],
)
def test_segments_of_a_text_message(
    text: str, encoding: str, units: int, segments: int, left: int
) -> None:
    found = count_segments(text)
    assert (found.encoding, found.units, found.segments, found.left) == (
        encoding, units, segments, left,
    )  # fmt: skip
