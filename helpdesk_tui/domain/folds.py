"""Folded ranges as they are stored, and what a list shows of a text that has them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.text import shorten

_LENGTH = 120
"""Characters that a list shows of a text."""
_SCANNED = 2_000
"""Characters that are looked at for them; a text may be of any length."""


def packed_folds(folds: Iterable[Fold]) -> str:
    """Return folded ranges as a message keeps them."""
    return json.dumps([[part.start, part.end, part.kind.value] for part in folds])


def unpacked_folds(packed: str) -> tuple[Fold, ...]:
    """Return the folded ranges that a message keeps."""
    if packed == "[]":  # most messages of phones and chats: a thread reads thousands of rows
        return ()
    return tuple([Fold(start, end, FoldKind(kind)) for start, end, kind in json.loads(packed)])


def first_words(text: str, folds: tuple[Fold, ...] = ()) -> str:
    """Return how a message begins, without quotes and signature, on one line.

    One that is nothing but a quote begins with it.
    """
    head = text[:_SCANNED]
    shown = unfolded(head, folds) or head
    return shorten(" ".join(shown[: _LENGTH * 4].split()), _LENGTH)
