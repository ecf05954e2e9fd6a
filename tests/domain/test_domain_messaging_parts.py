"""What a reply is split into: nothing lost, nothing too long, and the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.messaging.parts import (
    PartKind,
    PartLimits,
    Reply,
    ReplyFile,
    TemplateUse,
    plan,
    split_text,
)

PICTURE = ReplyFile("a" * 64, "a.png", "image/png", 10)
PDF = ReplyFile("b" * 64, "b.pdf", "application/pdf", 10)
CAPTIONS = PartLimits(4_096, caption=20, caption_kinds=frozenset({"image", "video"}))
_TEXTS = st.text(st.sampled_from("ab cdeå é\n👍🏽👩‍👩‍👧 .\u0301"), max_size=400)


@given(text=_TEXTS, chars=st.integers(1, 60), size=st.integers(4, 60))
def test_every_piece_fits_and_no_sign_is_lost(text, chars, size):
    for limits in (PartLimits(text=chars), PartLimits(text_bytes=size), PartLimits(chars, size)):
        pieces = split_text(text, limits)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(piece.strip() for piece in pieces)
        assert pieces == split_text(text, limits)
        if limits.text:
            assert all(len(piece) <= limits.text for piece in pieces)
        if limits.text_bytes:
            assert all(len(piece.encode()) <= limits.text_bytes for piece in pieces)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("short", 10, ["short"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("a line\nanother line", 12, ["a line", "another line"]),
        ("x" * 12, 5, ["xxxxx", "xxxxx", "xx"]),
        ("abc👍🏽def", 4, ["abc", "👍🏽de", "f"]),
        ("   ", 5, []),
    ],
)
def test_texts_are_cut_at_lines_then_words_then_signs(text, limit, pieces):
    assert split_text(text, PartLimits(text=limit)) == pieces


@pytest.mark.parametrize(
    ("reply", "limits", "kinds"),
    [
        (Reply("hi"), CAPTIONS, ["text"]),
        (Reply("hi", (PICTURE,)), CAPTIONS, ["text-and-files"]),
        (Reply("x" * 21, (PICTURE,)), CAPTIONS, ["text", "file"]),
        (Reply("hi", (PDF, PICTURE)), CAPTIONS, ["text", "file", "file"]),
        (
            Reply("åååå", (PICTURE,)),
            PartLimits(text_bytes=7, caption=20, caption_kinds=frozenset("*")),
            ["text", "text", "file"],
        ),
        (Reply("", (PDF, PICTURE)), CAPTIONS, ["file", "file"]),
        (Reply("hi", (PICTURE, PDF)), PartLimits(text_bytes=1_000), ["text", "file", "file"]),
        (
            Reply("hi", (PICTURE,) * 11),
            PartLimits(1_600, files=10, caption=1_600, caption_kinds=frozenset("*")),
            ["text-and-files", "file"],
        ),
        (Reply("Hello Ada", template=TemplateUse("x", "en", ("Ada",))), CAPTIONS, ["template"]),
    ],
)
def test_text_and_files_become_the_requests_that_a_provider_takes(reply, limits, kinds):
    parts = plan(reply, limits)
    assert [part.kind for part in parts] == [PartKind(kind) for kind in kinds]
    files = [sha256 for part in parts for sha256 in part.files]
    assert files == [file.sha256 for file in reply.files]
    assert "".join(part.text for part in parts) == reply.text
    assert parts == plan(reply, limits)
