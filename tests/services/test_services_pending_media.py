"""Files that a provider holds are fetched after their message, and what became of it is shown."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from helpdesk_tui.db.messaging.media import PendingFile
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.messages import FileState
from helpdesk_tui.domain.messaging.received import Medium, Unsent
from helpdesk_tui.services.attachments import Attachments
from helpdesk_tui.services.messaging.media import PendingMedia
from tests.support.messaging import MessagingBox

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PDF = b"%PDF-1.7 and so on"


@pytest.fixture
def media(box: MessagingBox) -> PendingMedia:
    return PendingMedia(box.store, now=box.clock)


def pending(box: MessagingBox, media: PendingMedia, **fields: Any) -> PendingFile:
    """Receive a message with a file that is still over there."""
    values = {"source": {"url": "/m/1"}, "content_type": "image/png", **fields}
    box.hear(box.sms, box.said("", media=(Medium(**values),)))
    (file,) = media.due(box.sms)
    return file


def test_a_file_that_was_fetched_stands_in_its_message(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media, sha256=hashlib.sha256(PNG).hexdigest().upper())
    assert file.source == {"url": "/m/1"}
    assert media.due(box.whatsapp) == []
    assert media.stored(file, PNG) is FileState.HERE
    row, data = Attachments(box.store).read(file.id)
    assert (data, row.state, row.filename, row.size) == (PNG, FileState.HERE, "image.png", 40)
    assert media.due(box.sms) == []
    assert media.next_due(box.sms) is None


def test_a_file_of_another_type_is_kept_as_what_it_is(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media)
    assert media.stored(file, PDF) is FileState.HERE
    row = box.row("attachment")
    assert (row["content_type"], row["filename"]) == ("application/pdf", "document.pdf")
    assert row["error_code"] == "media.other-type"
    assert box.row("ticket")["preview"] == "document.pdf"


def test_a_file_without_name_and_type_is_called_what_it_is(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media, content_type="")
    assert file.filename == "file"
    media.stored(replace(file, content_type="image/png"), PNG)
    row = box.row("attachment")
    assert (row["filename"], row["content_type"]) == ("image.png", "image/png")
    assert box.row("ticket")["preview"] == "image.png"


@pytest.mark.parametrize(
    ("data", "state", "code"),
    [(b"", "refused", "media.empty"), (PDF, "pending", "media.damaged")],
)
def test_bytes_that_are_not_what_was_announced_are_not_kept(
    box: MessagingBox, media: PendingMedia, data: bytes, state: str, code: str
) -> None:
    file = pending(box, media, sha256=hashlib.sha256(PNG).hexdigest())
    media.stored(file, data)
    row = box.row("attachment")
    assert (row["state"], row["error_code"], row["sha256"]) == (state, code, "")
    assert box.rows("blob") == []


def test_a_file_that_lags_is_asked_for_during_a_minute_and_is_gone_then(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media)
    begun = box.clock.now
    while media.missing(file) is FileState.PENDING:
        assert media.due(box.sms) == []
        box.clock.now = media.next_due(box.sms) or begun
        (file,) = media.due(box.sms)
    assert 55 <= (box.clock.now - begun).total_seconds() <= 90
    assert box.row("attachment")["state"] == "expired"


def test_a_file_that_cannot_be_fetched_is_tried_for_a_day_and_again_when_asked(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media)
    begun = box.clock.now
    while media.failed(file, "provider.unreachable") is FileState.PENDING:
        box.clock.now = media.next_due(box.sms) or begun
        (file,) = media.due(box.sms)
    assert 12 <= (box.clock.now - begun).total_seconds() / 3600 <= 36
    row = box.row("attachment")
    assert (row["state"], row["error_code"]) == ("failed", "provider.unreachable")
    media.ask_again(file.id)
    (again,) = media.due(box.sms)
    assert media.stored(again, PNG) is FileState.HERE
    with pytest.raises(NotAllowed, match=r"media\.is-here"):
        media.ask_again(file.id)
    with pytest.raises(NotFound, match=r"attachment\.missing"):
        media.ask_again(99)


def test_a_file_whose_message_was_taken_back_is_not_kept(
    box: MessagingBox, media: PendingMedia
) -> None:
    file = pending(box, media)
    box.hear(box.sms, Unsent(box.row("message")["external_id"], box.clock.now))
    assert media.stored(file, PNG) is FileState.EXPIRED
    assert media.missing(file) is FileState.EXPIRED
    assert box.rows("blob") == []
    assert box.rows("attachment") == []
