"""A draft that is written from two sides loses nothing of either."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import BETWEEN

REPLY = DraftKind.REPLY


@pytest.mark.parametrize(
    ("stored", "base", "text", "kept"),
    [
        ("a", "a", "ab", "ab"),
        ("a", "a", "", None),
        ("a\n\n* * *\n\nback", "a", "abc", "abc\n\n* * *\n\nback"),
        ("back", "", "half", f"half{BETWEEN}back"),
        ("back", "", "", "back"),
        ("back", "", "half and back", "half and back"),
        ("theirs", "mine", "mine too", f"mine too{BETWEEN}theirs"),
        ("gone", None, "mine", "mine"),
        ("ax", "a", "ax!", "ax!"),
    ],
)
def test_what_came_since_stays_below_the_text(drafts, ticket, stored, base, text, kept):
    drafts.save(ticket, REPLY, stored)
    added = drafts.save(ticket, REPLY, text, base=base)
    draft = drafts.load(ticket, REPLY)
    assert (draft and draft.text) == kept
    assert f"{text}{added}" == (kept or "")


def test_a_draft_that_is_gone_is_written_anew(drafts, ticket):
    assert drafts.save(ticket, REPLY, "again", base="before") == ""
    assert drafts.load(ticket, REPLY).text == "again"
