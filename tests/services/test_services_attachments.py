"""Files of messages: what is read, how copies are written, what is risky."""

from __future__ import annotations

import stat

import pytest

from helpdesk_tui.domain.errors import NotFound, StoreError, UsageError
from tests.support.store import add_message, add_ticket, make_desk


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def _file(desk, name="label.pdf", data=b"%PDF-1.7"):
    message = add_message(desk.store, add_ticket(desk.store), files=[(name, data)])
    return desk.threads.message(message).attachments[0].id


def test_an_attachment_is_read_whole(desk):
    row, data = desk.attachments.read(_file(desk))
    assert (row.filename, row.size, data) == ("label.pdf", 8, b"%PDF-1.7")


def test_a_missing_attachment_is_named(desk):
    with pytest.raises(NotFound, match=r"attachment\.missing"):
        desk.attachments.read(99)


def test_missing_bytes_are_named(desk):
    number = _file(desk)
    with desk.store.write() as connection:
        connection.execute("DELETE FROM blob")
    with pytest.raises(NotFound, match=r"blob\.missing"):
        desk.attachments.read(number)


def test_a_copy_to_open_is_private_and_goes_with_the_desk(desk):
    number = _file(desk)
    first, second = desk.attachments.open_copy(number), desk.attachments.open_copy(number)
    assert first.is_absolute()
    assert (first.name, second.name) == ("label.pdf", "label (2).pdf")
    assert first.read_bytes() == b"%PDF-1.7"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.parent.stat().st_mode) == 0o700
    desk.attachments.close()
    assert not first.parent.parent.exists()
    assert desk.attachments.open_copy(number).exists(), "it may be asked again"


def test_saving_never_writes_over_anything(desk, folder):
    number = _file(desk)
    (folder / "label.pdf").write_text("mine")
    (folder / "label (2).pdf").symlink_to(folder / "elsewhere")
    saved = desk.attachments.save(number, folder)
    assert saved == folder / "label (3).pdf"
    assert saved.read_bytes() == b"%PDF-1.7"
    assert (folder / "label.pdf").read_text() == "mine"
    assert not (folder / "elsewhere").exists()
    assert not saved.stat().st_mode & 0o111


def test_sixty_equal_names_get_sixty_files(desk, folder):
    number = _file(desk, "a.b")
    saved = {desk.attachments.save(number, folder).name for _ in range(60)}
    assert len(saved) == 60
    assert "a (60).b" in saved


@pytest.mark.parametrize(
    "name",
    ["../../x", "/etc/passwd", "~/.bashrc", "..\\..\\x", "..／x", "a\nb", ".", "..", "", "-rf",
     ".profile", "x" * 4000, "é" * 4000 + ".pdf", "a" * 300 + "/../b", "CON:", "$(id).pdf"],
)  # fmt: skip
def test_whatever_the_name_the_file_stays_in_the_folder(desk, folder, name):
    saved = desk.attachments.save(_file(desk, name), folder)
    assert saved.parent == folder
    assert saved.resolve().parent == folder.resolve()
    assert [entry.name for entry in folder.iterdir()] == [saved.name]
    assert not saved.name.startswith((".", "-", "~"))
    assert len(saved.name.encode()) <= 255


def test_a_folder_that_is_not_there_is_named(desk, folder):
    with pytest.raises(UsageError, match=r"attachment\.no-folder"):
        desk.attachments.save(_file(desk), folder / "nowhere")


def test_a_file_that_cannot_be_written_whole_is_not_left_behind(desk, folder, monkeypatch):
    def full(*_args, **_kwargs):
        return open("/dev/full", "wb")  # noqa: PTH123

    number = _file(desk, data=b"x" * 100_000)
    monkeypatch.setattr("helpdesk_tui.services.private_files.os.fdopen", full)
    with pytest.raises(StoreError, match=r"attachment\.unwritable.*No space"):
        desk.attachments.save(number, folder)
    with pytest.raises(StoreError, match=r"attachment\.unwritable"):
        desk.attachments.open_copy(number)
    assert list(folder.iterdir()) == []


def test_without_a_place_for_private_copies_it_says_so(desk, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(StoreError, match=r"attachment\.unwritable"):
        desk.attachments.open_copy(_file(desk))


def test_when_all_numbers_are_taken_it_gives_up(desk, folder, monkeypatch):
    monkeypatch.setattr("helpdesk_tui.services.private_files._TRIES", 3)
    number = _file(desk)
    for _ in range(2):
        desk.attachments.save(number, folder)
    with pytest.raises(StoreError, match=r"attachment\.unwritable"):
        desk.attachments.save(number, folder)


def test_the_first_bytes_tell_what_the_name_hides(desk):
    row, data = desk.attachments.read(_file(desk, "photo.png", b"\x7fELF\x02\x01"))
    assert desk.attachments.is_risky(row, data) == "file.program"
    row, data = desk.attachments.read(_file(desk, "photo.png", b"\x89PNG\r\n"))
    assert desk.attachments.is_risky(row, data) == ""
