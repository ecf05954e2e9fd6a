"""Drafts in memory and in the store."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.drafting import DraftKeeper

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE


class Shelf:
    """Where drafts go; it can refuse."""

    def __init__(self):
        self.saved = {}
        self.is_full = False

    def save(self, ticket_id, kind, text):
        if self.is_full:
            raise StoreError("store.full", path="/x")
        self.saved[ticket_id, kind] = text


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def keeper(shelf):
    return DraftKeeper(lambda: shelf)


def test_the_newest_text_of_each_draft_is_written(keeper, shelf):
    keeper.remember(1, REPLY, "a")
    keeper.remember(1, REPLY, "ab")
    keeper.remember(1, NOTE, "n")
    assert keeper.unsaved(1, REPLY) == "ab"
    keeper.flush()
    assert shelf.saved == {(1, REPLY): "ab", (1, NOTE): "n"}
    assert not keeper.is_dirty


def test_a_full_disk_loses_nothing(keeper, shelf):
    keeper.remember(1, REPLY, "kept")
    shelf.is_full = True
    with pytest.raises(StoreError):
        keeper.flush()
    assert keeper.unsaved(1, REPLY) == "kept"
    shelf.is_full = False
    keeper.flush()
    assert shelf.saved == {(1, REPLY): "kept"}


def test_a_sent_text_is_not_written_any_more(keeper, shelf):
    keeper.remember(1, REPLY, "sent")
    keeper.forget(1, REPLY)
    keeper.flush()
    assert shelf.saved == {}


def test_only_what_was_asked_for_is_written(keeper, shelf):
    keeper.remember(1, REPLY, "old")
    before = keeper.dirty
    keeper.remember(2, REPLY, "new")
    keeper.flush(before)
    assert shelf.saved == {(1, REPLY): "old"}
