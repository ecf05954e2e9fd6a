"""Bytes by their hash: as rows, as files, once each."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import pytest

from helpdesk_tui.db import blobs
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound
from tests.support.store import make_store

SMALL = b"hello " * 100
RANDOM = random.Random(1).randbytes(500)
LARGE = random.Random(2).randbytes(blobs.ROW_LIMIT + 1)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: Store, data: bytes) -> str:
    with store.write() as connection:
        blobs.put_blob(connection, store.paths, *blobs.pack(digest(data), data))
    return digest(data)


@pytest.mark.parametrize(
    ("data", "codec"), [(SMALL, "zlib"), (RANDOM, "plain"), (b"", "plain"), (LARGE, "file")]
)
def test_bytes_come_back_as_they_went_in(tmp_path: Path, data: bytes, codec: str) -> None:
    store = make_store(tmp_path)
    name = put(store, data)
    put(store, data)
    with store.read() as connection:
        rows = connection.execute("SELECT size, codec FROM blob").fetchall()
        assert rows == [(len(data), codec)]
        assert blobs.get_blob(connection, store.paths, name) == data


def test_large_compressed_bytes_become_a_plain_file(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    import zlib

    with store.write() as connection:
        packed = zlib.compress(LARGE)
        blobs.put_blob(connection, store.paths, digest(LARGE), len(LARGE), "zlib", packed)
    file = blobs.blob_file(store.paths.blobs, digest(LARGE))
    assert file.read_bytes() == LARGE
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_missing_bytes_are_named(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    name = put(store, LARGE)
    blobs.blob_file(store.paths.blobs, name).unlink()
    with store.read() as connection:
        for missing in (name, "0" * 64):
            with pytest.raises(NotFound) as caught:
                blobs.get_blob(connection, store.paths, missing)
            assert caught.value.code == "blob.missing"


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    store = make_store(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    from helpdesk_tui.domain.errors import StoreError

    with pytest.raises(StoreError):
        put(store, LARGE)
    monkeypatch.undo()
    assert not list(store.paths.blobs.glob("*/*"))
    with store.read() as connection:
        assert connection.execute("SELECT count(*) FROM blob").fetchone()[0] == 0


def test_the_sweep_removes_old_files_without_a_row_only(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    kept = blobs.blob_file(store.paths.blobs, put(store, LARGE))
    folder = store.paths.blobs / "aa"
    folder.mkdir()
    orphan, part, young, foreign = (
        folder / name for name in ("aa" * 32, ".aa.part", "ab" * 32, "notes.txt")
    )
    for file in (kept, orphan, part, young, foreign):
        file.touch()
        if file is not young:
            os.utime(file, (1, 1))
    with store.write() as connection:
        assert blobs.sweep_orphans(connection, store.paths) == 2
    assert kept.exists()
    assert sorted(path.name for path in folder.iterdir()) == ["ab" * 32, "notes.txt"]
