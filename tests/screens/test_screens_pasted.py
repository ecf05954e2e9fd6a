"""Which files a paste names, and how a folder is shown to pick from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpdesk_tui.screens.composing.folder import completed, fitting, listing, written
from helpdesk_tui.screens.composing.pasted import existing, readings


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/a/b.txt", ("/a/b.txt",)),
        ("/a/b c.txt", ("/a/b c.txt",)),
        ("'/a/b c.txt'", ("/a/b c.txt",)),
        ("/a/b\\ c.txt", ("/a/b c.txt",)),
        ("'/a/b.txt' '/c d.txt'", ("/a/b.txt", "/c d.txt")),
        ("/a/b.txt\n/c d.txt\n", ("/a/b.txt", "/c d.txt")),
        ("file:///a/b%20c.txt", ("/a/b c.txt",)),
        ("file://localhost/a.txt", ("/a.txt",)),
        ("~/a.txt", ("~/a.txt",)),
    ],
)
def test_a_paste_of_paths_alone_names_files(text: str, named: tuple[str, ...]) -> None:
    assert named in readings(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "/", "hello", "see /a/b.txt", "relative/path", "file://elsewhere/a", "/a\0b",
     "it's /a", "http://x.example/a", "/a " * 21, "/" + "a" * 9000, "file://[bad/x"],
)  # fmt: skip
def test_anything_else_is_text(text: str) -> None:
    assert not existing(readings(text))


def test_only_files_that_are_all_there_are_taken(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.touch()
    os.mkfifo(tmp_path / "pipe")
    assert existing(readings(str(one))) == (one,)
    assert existing(readings(f"{one} {two}")) == ()
    assert existing(readings(str(tmp_path))) == ()
    assert existing(readings(str(tmp_path / "pipe"))) == ()
    two.touch()
    assert existing(readings(f"{one} {two}")) == (one, two)


def test_files_come_first_the_newest_on_top_and_devices_not_at_all(tmp_path: Path) -> None:
    for at, name in enumerate(["old.txt", "new.txt", "b\x1b[31m.txt"]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "Folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert [one.name for one in listing(tmp_path).entries] == ["new.txt", "old.txt", "Folder"]
    assert listing(tmp_path / "gone").problem


def test_typing_filters_by_words_and_beginnings_come_first(tmp_path: Path) -> None:
    for name in ("a label.pdf", "Label 2.pdf", ".label", "other"):
        (tmp_path / name).touch()
    found = listing(tmp_path).entries
    names = [one.name for one in fitting(found, "label", hidden=False)]
    assert names[0] == "Label 2.pdf"
    assert set(names) == {"a label.pdf", "Label 2.pdf"}
    assert [one.name for one in fitting(found, ".l", hidden=False)] == [".label"]
    assert completed(fitting(found, "", hidden=False), "L") == "Label 2.pdf"
    assert completed(fitting(found, "", hidden=False), "x") == ""


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("/a/b", (Path("/a"), "b")), ("/a/", (Path("/a"), "")), ("label", None),
        ("'/a/b c' ", (Path("/a"), "b c")), ("~nobody-here/x", None),
    ],
)  # fmt: skip
def test_a_path_is_told_from_a_filter(typed: str, place: tuple[Path, str] | None) -> None:
    assert written(typed) == place
