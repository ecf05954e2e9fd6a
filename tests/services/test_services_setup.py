from __future__ import annotations

import os

import pytest

from helpdesk_tui.db.blobs import blob_file
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.setup import prepare_store, sweep_files
from tests.support.store import make_root


def test_a_new_store_is_ours_alone(tmp_path):
    root = tmp_path / "store"
    assert prepare_store(root)
    assert not prepare_store(root)
    assert root.stat().st_mode & 0o777 == 0o700
    assert StorePaths(root).database.stat().st_mode & 0o777 == 0o600


def test_a_store_that_is_open_to_everybody_is_refused(tmp_path):
    root = make_root(tmp_path)
    root.chmod(0o755)
    with pytest.raises(StoreError, match=r"store\.open-to-all"):
        prepare_store(root)


def test_files_that_a_crash_left_behind_are_removed(tmp_path):
    root = make_root(tmp_path)
    blobs = StorePaths(root).blobs
    old, fresh = blob_file(blobs, "a" * 64), blob_file(blobs, "b" * 64)
    for file in (old, fresh):
        file.parent.mkdir()
        file.write_bytes(b"x")
    os.utime(old, (1, 1))
    assert sweep_files(root) == 1
    assert not old.exists()
    assert fresh.exists()
