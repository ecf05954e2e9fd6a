"""The FAQ from scripts."""

from __future__ import annotations

import io
import sys

import pytest


@pytest.fixture
def filled(desk):
    desk("faq", "add", "Where is my order?", "--answer", "In your account.", "--key", "status",
         "--category", "Delivery", "--publish")  # fmt: skip
    desk("faq", "add", "Gdzie jest paczka?", "--answer", "Na koncie.", "--key", "status",
         "--language", "pl")  # fmt: skip
    desk("faq", "add", "How do I return?", "--answer", "With the label.")
    return desk


def test_entries_are_written_shown_changed_and_removed(filled, monkeypatch):
    listed = filled.json("faq", "list")["faq"]
    assert [(each["key"], each["language"], each["published"]) for each in listed] == [
        ("status", "en", True), ("how-do-i-return", "en", False), ("status", "pl", False),
    ]  # fmt: skip
    assert "Gdzie" in filled("faq", "show", "status", "--language", "pl")
    monkeypatch.setattr(sys, "stdin", io.StringIO("Two\nlines\n"))
    filled("faq", "edit", "how-do-i-return", "--answer", "-", "--words", "send back")
    shown = filled.json("faq", "show", "how-do-i-return")["faq"][0]
    assert (shown["answer"], shown["words"], shown["version"]) == ("Two\nlines", "send back", 2)
    assert "send back" in filled("faq", "show", "how-do-i-return")
    filled("faq", "publish", "how-do-i-return", "status", "--language", "en")
    assert len(filled.json("faq", "list", "--published")["faq"]) == 2
    filled("faq", "unpublish", "status")
    assert len(filled.json("faq", "list", "--published")["faq"]) == 1
    assert filled("faq", "remove", "status", "-q").split() == ["1", "2"]
    assert "no entries" in filled("faq", "list", "--category", "delivery")
    assert len(filled.json("faq", "list", "--removed")["faq"]) == 2
    filled("faq", "restore", "status", "--language", "pl")
    assert filled("faq", "list", "-q", "--language", "pl").split() == ["2"]


def test_entries_are_put_in_order(filled):
    filled("faq", "move", "how-do-i-return", "first")
    assert filled("faq", "list", "--language", "en", "-q").split() == ["3", "1"]
    assert filled.fails("faq", "move", "status", "up", code=2).count("--language") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show", "nothing"), 4, "nothing"),
        (("edit", "status"), 2, "--question"),
        (("edit", "status", "--language", "pl", "--answer", "x", "--version", "9"), 1, "just now"),
        (("add", "Q?"), 2, "empty"),
        (("restore", "status"), 4, "status"),
        (("remove", "status", "gone"), 4, "gone"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(filled, arguments, code, said):
    assert said in filled.fails("faq", *arguments, code=code)
    assert len(filled.json("faq", "list")["faq"]) == 3


def test_support_may_read_only(filled):
    filled("agent", "add", "sam")
    assert "status" in filled("--agent", "sam", "faq", "list")
    assert "managers" in filled.fails("--agent", "sam", "faq", "remove", "status", code=3)


@pytest.mark.parametrize("name", ["faq.toml", "faq.csv"])
def test_the_faq_goes_out_and_comes_back_exactly(filled, tmp_path, name):
    path = tmp_path / name
    assert "3 entries" in filled("--agent", "anna", "faq", "export", str(path))
    before = path.read_bytes()
    assert "3 unchanged" in filled("--agent", "anna", "faq", "import", str(path))
    listed = filled.json("faq", "list")["faq"]
    filled("faq", "remove", "status", "how-do-i-return")
    assert "3 new" in filled("faq", "import", str(path), "--dry-run")
    assert filled.json("faq", "list")["faq"] == []
    filled("faq", "import", str(path))
    filled("faq", "export", str(path))
    assert path.read_bytes() == before
    again = filled.json("faq", "list")["faq"]
    texts = ("key", "language", "question", "answer", "category", "words", "published", "position")
    assert [[each[name] for name in texts] for each in again] == [
        [each[name] for name in texts] for each in listed
    ]


def test_a_mistake_in_a_file_is_told_with_its_line_and_nothing_is_changed(filled, tmp_path):
    path = tmp_path / "faq.csv"
    path.write_text("question,answer\nnew,one\nnew two,\n", encoding="utf-8")
    said = filled.fails("faq", "import", str(path), code=2)
    assert f"{path}:3: " in said
    assert len(filled.json("faq", "list")["faq"]) == 3
    told = filled.json("faq", "import", str(path), code=2)
    assert (told["faq"], told["errors"][0]["line"]) == ([], 3)
    broken = tmp_path / "faq.toml"
    broken.write_text("[[faq]]\nquestion = \n", encoding="utf-8")
    assert f"{broken}:2: " in filled.fails("faq", "import", str(broken), code=2)
    assert filled.fails("faq", "import", str(tmp_path / "none.toml"), code=2)


def test_what_the_assistant_would_answer_is_explained(filled):
    filled("faq", "publish", "how-do-i-return", "status")
    said = filled("faq", "ask", "i want to send somthing back")
    assert "answers with “How do I return?”" in said
    assert "With the label." in said
    assert "RETURN" in said
    told = filled.json("faq", "ask", "gdzie jest moja paczka?", "--language", "pl")
    assert (told["action"], told["passage"], told["answer"]) == (
        "answer", "faq:status", "Na koncie.",
    )  # fmt: skip
    assert told["candidates"][0]["shared"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("hi", "greets"),
        ("thank you", "pleasure"),
        ("a human please", "asks for a person"),
        ("does the lamp sing opera", "other words"),
        ("??", "other words"),
    ],
)
def test_what_it_would_do_else_is_said_in_words(filled, question, said):
    assert said in filled("faq", "ask", question)
