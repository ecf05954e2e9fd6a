"""A channel that the program does not know: one declaration, one module, and all else works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "channels.md"
SIXTH = ROOT / "tests" / "support" / "sixth"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def run(*arguments: str) -> str:
    """Run tests in a process that has the channel from its beginning; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.sixth.plug", "--tb=short",
         "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=380,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def test_it_is_read_and_answered_in_the_program():
    assert "2 passed" in run("tests/support/sixth/pilot.py")


def test_it_is_held_to_the_contract_of_all_channels():
    told = run("tests/sync/test_sync_channel_contract.py", "-k", "pigeon or every")
    assert re.search(r"1[0-9] passed", told)


def blocks(language: str) -> list[str]:
    """Return the code of the page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_page_on_channels_shows_this_very_channel():
    declaration, adapter = blocks("python")
    assert declaration.strip() in (SIXTH / "plug.py").read_text()
    assert adapter == (SIXTH / "pigeon" / "adapter.py").read_text()
