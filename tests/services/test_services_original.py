"""Pages of mails: private, made by a process of their own, and none at all where that fails."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.services.original import Originals

RAW = b"Subject: hello\r\nContent-Type: text/html\r\n\r\n<p onclick=x>Hi <script>bad()</script>"


def test_a_page_is_a_private_file_that_goes_away() -> None:
    originals = Originals()
    path = originals.open_copy("message-7", RAW)
    assert path.is_absolute()
    assert path.name == "message-7.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = path.read_text("utf-8")
    assert "<p>Hi </p>" in text
    assert "bad()" not in text
    originals.close()
    assert not path.exists()


def test_a_saved_page_never_replaces_anything(tmp_path: Path) -> None:
    originals = Originals()
    first = originals.save("message-7", RAW, tmp_path)
    assert originals.save("message-7", RAW, tmp_path) != first
    with pytest.raises(UsageError):
        originals.save("message-7", RAW, tmp_path / "nowhere")


def test_a_page_that_takes_too_long_is_refused() -> None:
    with pytest.raises(HelpdeskError) as refused:
        Originals(limit=0.001).open_copy("message-7", RAW)
    assert refused.value.code == "original.failed"
