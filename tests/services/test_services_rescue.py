"""Typed texts outlive a store that cannot take them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.rescue import Restored, bring_back, keep_unsaved
from tests.support.store import add_agent, add_message, add_ticket, make_root

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return make_root(tmp_path)


@pytest.fixture
def drafts(root: Path) -> Iterator[Drafts]:
    with closing(Store(root)) as store:
        add_message(store, add_ticket(store))
        yield Drafts(store, Actor(ActorKind.AGENT, add_agent(store), "anna"))


def text_of(drafts: Drafts, kind: DraftKind) -> str:
    draft = drafts.load(1, kind)
    assert draft is not None
    return draft.text


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("helpdesk-unsaved-*"))


def test_a_kept_text_is_back_in_its_draft_next_time(root: Path, drafts: Drafts) -> None:
    file = keep_unsaved(root, 1, {(1, REPLY): "Dear Lena\u2028ж", (1, NOTE): "n"})
    assert file.parent == root
    assert file.stat().st_mode & 0o777 == 0o600
    assert bring_back(root, 1, drafts) == Restored(tickets=(1,))
    assert [text_of(drafts, kind) for kind in (REPLY, NOTE)] == ["Dear Lena\u2028ж", "n"]
    assert not files(root)
    assert bring_back(root, 1, drafts) == Restored()


@pytest.mark.parametrize(
    ("stored", "then"), [("begun", "begun\n\ntyped"), ("typed on", "typed on"), (" ", "typed")]
)
def test_nothing_that_a_draft_holds_is_lost(
    root: Path, drafts: Drafts, stored: str, then: str
) -> None:
    drafts.save(1, REPLY, stored)
    keep_unsaved(root, 1, {(1, REPLY): "typed"})
    bring_back(root, 1, drafts)
    assert text_of(drafts, REPLY) == then


def test_what_the_store_refuses_again_stays_in_a_file(root: Path, drafts: Drafts) -> None:
    keep_unsaved(root, 1, {(1, REPLY): "good", (77, REPLY): "ticket is gone"})
    found = bring_back(root, 1, drafts)
    assert found.tickets == (1,)
    assert list(found.left) == files(root)
    drafts.discard(1, REPLY)
    again = bring_back(root, 1, drafts)
    assert again.tickets == ()
    assert "ticket is gone" in again.left[0].read_text()
    assert drafts.load(1, REPLY) is None


def test_texts_of_another_agent_are_left_alone(root: Path, drafts: Drafts) -> None:
    keep_unsaved(root, 2, {(1, REPLY): "theirs"})
    assert bring_back(root, 1, drafts) == Restored()
    assert len(files(root)) == 1


def test_where_the_store_is_full_another_folder_takes_the_text(
    root: Path, drafts: Drafts, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    file = keep_unsaved(blocked / "store", 1, {(1, REPLY): "kept"})
    assert file.parent == tmp_path / "state" / "helpdesk"
    assert bring_back(blocked / "store", 1, drafts).tickets == (1,)


def test_where_no_folder_takes_it_that_is_said(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    with pytest.raises(StoreError) as caught:
        keep_unsaved(blocked, 1, {(1, REPLY): "lost"})
    assert caught.value.code == "draft.not-rescued"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[["x","reply","t"]]', b"\xff\x00"])
def test_a_file_that_is_none_of_ours_is_named_and_left(
    root: Path, drafts: Drafts, content: bytes
) -> None:
    file = keep_unsaved(root, 1, {(1, REPLY): "x"})
    file.write_bytes(content)
    assert bring_back(root, 1, drafts) == Restored(left=(file,))
    assert drafts.load(1, REPLY) is None


def test_a_link_is_not_followed(root: Path, drafts: Drafts, tmp_path: Path) -> None:
    file = keep_unsaved(root, 1, {(1, REPLY): "x"})
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert bring_back(root, 1, drafts).tickets == ()
