"""What the responder answers from: published entries, and a folder that is read anew on change."""

from __future__ import annotations

import os

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.answering.responder import Kind
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.services.chat import knowledge as module
from helpdesk_tui.services.chat.knowledge import Knowledge
from helpdesk_tui.services.faq import Faq
from tests.support.responding import settle
from tests.support.store import make_store


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def folder(store, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    settle(store, ai_knowledge_folder=str(folder))
    return folder


def test_only_published_entries_are_answered_with_as_soon_as_they_are(store):
    knowledge, faq = Knowledge(store), Faq(store, SYSTEM)
    item = faq.add(FaqDraft("en", "How do I return an item?", "Print the label."))
    assert knowledge.responder().passages == ()
    faq.publish(item.id)
    first = knowledge.responder()
    assert first.ask("how do I send it back").answer == "Print the label."
    assert knowledge.responder() is first
    faq.remove(item.id)
    assert knowledge.responder().passages == ()


def test_the_folder_is_read_anew_when_a_file_changes(store, folder):
    knowledge = Knowledge(store)
    (folder / "sub").mkdir()
    file = folder / "sub" / "care.md"
    file.write_text("# Care\nWash the wool blanket by hand.", encoding="utf-8")
    verdict = knowledge.responder().ask("how to wash the wool blanket?")
    assert (verdict.kind, verdict.source) == (Kind.ANSWER, "Care")
    file.write_text("# Care\nWash the wool blanket at thirty degrees.", encoding="utf-8")
    assert "thirty" in knowledge.responder().ask("how to wash the wool blanket?").answer
    file.unlink()
    assert knowledge.responder().passages == ()


def test_links_hidden_files_other_kinds_and_huge_ones_are_left_out(store, folder, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\nx", encoding="utf-8")
    (folder / "link.md").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path)
    (folder / ".hidden.md").write_text("# Hidden\nx", encoding="utf-8")
    (folder / "a.pdf").write_bytes(b"%PDF")
    (folder / "huge.md").write_bytes(b"x" * 1_000_001)
    os.mkfifo(folder / "pipe.md")
    (folder / "fine.txt").write_bytes(b"\xef\xbb\xbf# Fine\n\xff\x00text")
    assert [each.source for each in Knowledge(store).responder().passages] == ["Fine"]


def test_there_is_an_end_to_files_and_passages(store, folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    for name in "abc":
        (folder / f"{name}.md").write_text("# One\nx\n# Two\ny", encoding="utf-8")
    assert len(Knowledge(store).responder().passages) == 4
    monkeypatch.setattr(module, "MOST_PASSAGES", 3)
    assert len(Knowledge(store).responder().passages) == 3


def test_a_folder_that_is_not_there_is_no_knowledge(store, tmp_path):
    settle(store, ai_knowledge_folder=str(tmp_path / "none"))
    assert Knowledge(store).responder().passages == ()
