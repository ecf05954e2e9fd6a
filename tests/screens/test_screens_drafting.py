"""Drafts in memory and in the store."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.composing.drafting import DraftKeeper

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE


class Shelf:
    """Where drafts go; it can refuse."""

    def __init__(self):
        self.saved = {}
        self.is_full = False
        self.fault = None
        self.refused = set()

    def save(self, ticket_id, kind, text, base=None):
        if self.is_full or ticket_id in self.refused:
            raise StoreError("store.full", path="/x")
        if self.fault is not None:
            raise self.fault
        self.saved[ticket_id, kind] = text
        return ""


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


@pytest.mark.parametrize("fault", [ZeroDivisionError("x"), MemoryError(), KeyboardInterrupt()])
def test_an_error_that_nobody_foresaw_loses_nothing(keeper, shelf, fault):
    keeper.remember(1, REPLY, "kept")
    keeper.remember(2, NOTE, "too")
    shelf.fault = fault
    with pytest.raises(type(fault)):
        keeper.flush()
    assert keeper.texts == {(1, REPLY): "kept", (2, NOTE): "too"}
    shelf.fault = None
    keeper.flush()
    assert shelf.saved == {(1, REPLY): "kept", (2, NOTE): "too"}


def test_a_draft_that_is_refused_keeps_no_other_from_being_written(keeper, shelf):
    keeper.remember(1, REPLY, "refused")
    keeper.remember(2, REPLY, "written")
    shelf.refused = {1}
    with pytest.raises(StoreError):
        keeper.flush()
    assert shelf.saved == {(2, REPLY): "written"}
    assert keeper.texts == {(1, REPLY): "refused"}


def test_a_text_that_could_not_be_sent_is_kept(keeper):
    keeper.remember(1, REPLY, "typed")

    def fail():
        assert not keeper.is_dirty
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keeper.hand_over(1, REPLY, "typed", fail)
    assert keeper.texts == {(1, REPLY): "typed"}
    assert keeper.hand_over(1, REPLY, "typed", lambda: 5) == 5
    assert not keeper.is_dirty


class Returning(Shelf):
    """A shelf to which something comes from elsewhere."""

    def __init__(self):
        super().__init__()
        self.bases = []
        self.coming = ""

    def save(self, ticket_id, kind, text, base=None):
        self.bases.append(base)
        added, self.coming = self.coming, ""
        super().save(ticket_id, kind, text + added)
        return added


def test_what_came_from_elsewhere_is_kept_until_the_editor_has_it():
    shelf: Any = Returning()
    keeper = DraftKeeper(lambda: shelf)
    keeper.noted(1, REPLY, "")
    shelf.coming = " back"
    for text in ("a", "ab"):
        keeper.remember(1, REPLY, text)
        keeper.flush()
    assert shelf.saved[1, REPLY] == "ab back"
    assert shelf.bases == ["", "a back"]
    assert keeper.added(1, REPLY) == " back"
    assert keeper.added(1, REPLY) == ""
    keeper.remember(1, REPLY, "ab back!")
    keeper.flush()
    assert shelf.saved[1, REPLY] == "ab back!"
    keeper.forget(1, REPLY)
    keeper.remember(1, REPLY, "new")
    keeper.flush()
    assert shelf.bases[-1] is None


def test_a_text_that_is_being_written_counts_as_unwritten_until_it_is(keeper, shelf):
    seen = []
    save = shelf.save

    def watched(*args: Any, **options: Any) -> Any:
        seen.append((keeper.is_dirty, keeper.unsaved(1, REPLY), keeper.texts))
        return save(*args, **options)

    shelf.save = watched
    keeper.remember(1, REPLY, "kept")
    keeper.flush()
    assert seen == [(True, "kept", {(1, REPLY): "kept"})]
    assert not keeper.is_dirty
