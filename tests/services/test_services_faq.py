"""The FAQ of a desk: who changes it, its order, its translations, its votes, its files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk_tui.db.faq import count_vote
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.faq import Bringing, Brought
from tests.support.store import FakeClock, activity_kinds, add_agent, make_desk, row_of


@pytest.fixture
def support(tmp_path):
    desk = make_desk(tmp_path, clock=FakeClock())
    yield desk
    desk.close()


@pytest.fixture
def desk(support):
    add_agent(support.store, "olga", role="manager")
    other = open_desk(support.store.paths.root, agent="olga", clock=support.clock)
    yield other
    other.close()


def _draft(question="Where is my order?", language="en", **fields):
    return FaqDraft(language, question, f"Answer to {question}", **fields)


def _order(desk, language="en"):
    return [item.key for item in desk.faq.all(language)]


def test_an_entry_is_kept_at_the_end_of_its_language_under_a_key_of_its_question(desk):
    first = desk.faq.add(_draft())
    second = desk.faq.add(_draft())
    polish = desk.faq.add(_draft("Gdzie jest paczka?", "pl", key=first.key))
    assert (first.key, first.position, first.published) == ("where-is-my-order", 0, False)
    assert (second.key, second.position) == ("where-is-my-order-2", 1)
    assert polish.position == 0
    assert desk.faq.find("WHERE-is-my-order") == (first, polish)
    assert desk.faq.languages() == ("en", "pl")


@pytest.mark.parametrize(
    "change",
    [
        lambda faq, item: faq.add(_draft("Another?")),
        lambda faq, item: faq.change(item.id, _draft("Another?")),
        lambda faq, item: faq.publish(item.id),
        lambda faq, item: faq.move(item.id, 1),
        lambda faq, item: faq.remove(item.id),
        lambda faq, item: faq.restore(item.id),
        lambda faq, item: faq.bring([_draft()]),
    ],
)
def test_support_reads_the_faq_and_changes_nothing(desk, support, change):
    item = desk.faq.add(_draft())
    assert support.faq.all() == (item,)
    assert not support.faq.may_edit
    with pytest.raises(NotAllowed) as caught:
        change(support.faq, item)
    assert caught.value.code == "faq.by-managers"
    assert desk.faq.all() == (item,)


def test_a_key_stands_once_in_each_language(desk):
    first = desk.faq.add(_draft())
    second = desk.faq.add(_draft("What does it cost?"))
    for do in (
        lambda: desk.faq.add(_draft(key=first.key)),
        lambda: desk.faq.change(second.id, replace(second.draft, key=first.key)),
    ):
        with pytest.raises(UsageError) as caught:
            do()
        assert caught.value.code == "faq.exists"


def test_the_second_of_two_who_edit_at_once_is_told(desk):
    item = desk.faq.add(_draft())
    changed = desk.faq.change(item.id, _draft("Where is my parcel?"), version=item.version)
    assert (changed.key, changed.version) == (item.key, 2)
    for do in (
        lambda: desk.faq.change(item.id, _draft(), version=1),
        lambda: desk.faq.publish(item.id, version=1),
        lambda: desk.faq.remove(item.id, version=1),
    ):
        with pytest.raises(Conflict):
            do()
    assert desk.faq.load(item.id) == changed


def test_writing_the_same_again_is_no_change(desk):
    item = desk.faq.add(_draft())
    assert desk.faq.change(item.id, item.draft) == item
    assert desk.faq.publish(item.id, is_published=False) == item
    assert activity_kinds(desk.store) == ["faq.added"]


def test_only_published_entries_are_what_visitors_read(desk):
    hidden, shown = desk.faq.add(_draft("A?")), desk.faq.add(_draft("B?"))
    desk.faq.publish(shown.id)
    assert [item.id for item in desk.faq.all(published=True)] == [shown.id]
    desk.faq.publish(shown.id, is_published=False)
    desk.faq.publish(hidden.id)
    assert [item.id for item in desk.faq.all("EN", published=True)] == [hidden.id]


def test_entries_move_among_those_of_their_language(desk):
    keys = [desk.faq.add(_draft(f"{name}?")) for name in "abc"]
    desk.faq.add(_draft("x?", "pl"))
    assert desk.faq.move(keys[2].id, -1).position == 1
    assert _order(desk) == ["a", "c", "b"]
    desk.faq.move(keys[0].id, 99)
    assert _order(desk) == ["c", "b", "a"]
    desk.faq.move(keys[0].id, 1)
    assert activity_kinds(desk.store).count("faq.moved") == 2


def test_a_removed_entry_comes_back_as_it_was(desk):
    first, second = desk.faq.add(_draft("A?")), desk.faq.add(_draft("B?"))
    desk.faq.publish(first.id)
    assert desk.faq.remove(first.id).key == "a"
    assert _order(desk) == ["b"]
    assert [item.key for item in desk.faq.removed()] == ["a"]
    for gone in (desk.faq.load, desk.faq.remove, lambda number: desk.faq.publish(number)):
        with pytest.raises(NotFound):
            gone(first.id)
    back = desk.faq.restore(first.id)
    assert (back.key, back.published, back.position) == ("a", True, 0)
    assert _order(desk) == ["a", "b"]
    with pytest.raises(NotFound):
        desk.faq.restore(second.id)


def test_a_key_that_is_used_again_takes_the_place_of_the_removed_one(desk):
    old = desk.faq.add(_draft("A?"))
    other = desk.faq.add(_draft("B?"))
    desk.faq.remove(old.id)
    new = desk.faq.add(_draft("A?", key="a"))
    with pytest.raises(NotFound):
        desk.faq.restore(old.id)
    desk.faq.remove(new.id)
    assert desk.faq.change(other.id, replace(other.draft, key="a")).key == "a"


def test_the_log_says_what_was_done_and_holds_no_texts(desk):
    item = desk.faq.add(_draft())
    desk.faq.change(item.id, _draft("New question?"))
    desk.faq.publish(item.id)
    desk.faq.publish(item.id, is_published=False)
    desk.faq.remove(item.id)
    desk.faq.restore(item.id)
    assert activity_kinds(desk.store) == [
        "faq.added", "faq.changed", "faq.published", "faq.unpublished", "faq.removed",
        "faq.restored",
    ]  # fmt: skip
    for number in range(1, 7):
        row = row_of(desk.store, "activity", number)
        assert "uestion" not in row["before"] + row["after"]


def test_votes_go_to_the_translation_nearest_to_what_the_visitor_speaks(desk):
    english = desk.faq.add(_draft())
    brazilian = desk.faq.add(_draft("Cadê?", "pt-BR", key=english.key))
    with desk.store.write() as connection:
        assert count_vote(connection, english.key, "pt-PT", helpful=True)
        assert count_vote(connection, english.key, "pl", helpful=False)
        assert not count_vote(connection, "unknown", "pl", helpful=False)
    votes = [(item.helped, item.failed) for item in desk.faq.find(english.key)]
    assert votes == [(0, 1), (1, 0)]
    assert desk.faq.load(brazilian.id).version == 1


def test_a_key_in_several_languages_has_to_be_told_which(desk):
    item = desk.faq.add(_draft())
    desk.faq.add(_draft("Gdzie?", "pl", key=item.key))
    assert desk.faq.find_one(item.key, "pl").language == "pl"
    with pytest.raises(UsageError) as caught:
        desk.faq.find_one(item.key)
    assert caught.value.values["known"] == "en, pl"
    with pytest.raises(NotFound):
        desk.faq.find(item.key, "sv")


def test_bringing_a_file_twice_changes_nothing(desk):
    drafts = [_draft("B?", key="b"), _draft("A?", key="a", published=True), _draft("No key?")]
    assert desk.faq.bring(drafts) == Bringing((Brought.NEW,) * 3)
    before, log = desk.faq.all(), activity_kinds(desk.store)
    assert desk.faq.bring(drafts) == Bringing((Brought.UNCHANGED,) * 3)
    assert (desk.faq.all(), activity_kinds(desk.store)) == (before, log)


def test_a_file_sets_texts_and_order_and_leaves_others_where_they_are(desk):
    for name in "abcd":
        desk.faq.add(_draft(f"{name}?", key=name))
    done = desk.faq.bring([_draft("c2?", key="c"), _draft("a?", key="a"), _draft("e?", key="e")])
    assert done == Bringing((Brought.CHANGED, Brought.UNCHANGED, Brought.NEW), is_reordered=True)
    assert _order(desk) == ["c", "b", "a", "d", "e"]


def test_a_dry_run_says_the_same_and_keeps_nothing(desk):
    item = desk.faq.add(_draft())
    drafts = [_draft("New?"), replace(item.draft, answer="other")]
    assert desk.faq.bring(drafts, dry_run=True) == Bringing(
        (Brought.NEW, Brought.CHANGED), is_reordered=True
    )
    assert desk.faq.all() == (item,)
    assert activity_kinds(desk.store) == ["faq.added"]


def test_one_wrong_entry_keeps_the_whole_file_out(desk):
    with pytest.raises(UsageError):
        desk.faq.bring([_draft(), _draft("")])
    assert desk.faq.all() == ()
