"""P1: reading every real mail with the package, folds and class included, against the library.

The other side is the standard library with ``email.policy.default``, asked for the same: people,
subject, date, ids, the text and the bytes of the files, but no folds and no class.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from benchmarks.common import Result, Skipped, interleaved
from helpdesk_tui.mail.parse import parse_mail

_ROUNDS = 5
_HEADERS = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to",
            "references")  # fmt: skip


def raw_mails(*, hostile: bool = True) -> list[bytes]:
    """Return every raw mail of the material: those of the corpus, and the hostile ones."""
    root = Path(os.environ.get("HELPDESK_MATERIAL", ""))
    if not os.environ.get("HELPDESK_MATERIAL") or not (root / "mail-corpus").is_dir():
        raise Skipped("set HELPDESK_MATERIAL to the folder that holds mail-corpus and hostile")
    files = [*(root / "mail-corpus").rglob("*.eml")]
    files += (root / "hostile").glob("*.eml") if hostile else ()
    return [path.read_bytes() for path in sorted(files)]


def read_by_library(raw: bytes) -> None:
    """Read a mail as a program does that uses the standard library; its errors are passed over."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for name in _HEADERS:
        with contextlib.suppress(Exception):
            str(message[name])
    if not isinstance(message, EmailMessage):
        return
    with contextlib.suppress(Exception):
        body = message.get_body(("plain", "html"))
        if body is not None:
            body.get_content()
    with contextlib.suppress(Exception):
        for part in message.iter_attachments():
            part.get_filename()
            part.get_payload(decode=True)


def speed() -> list[Result]:
    """Measure both sides over all mails, and over those that mean no harm, in turn."""
    return [
        _against_library("P1", "parse + reply + classify / policy.default alone", raw_mails()),
        _against_library("P1", "the same without the hostile mails", raw_mails(hostile=False)),
    ]


def _against_library(name: str, what: str, mails: list[bytes]) -> Result:
    def timed(read: Callable[[bytes], object]) -> float:
        start = time.perf_counter()
        for raw in mails:
            with contextlib.suppress(Exception):
                read(raw)
        return time.perf_counter() - start

    timed(parse_mail)
    sides = (lambda: timed(parse_mail), lambda: timed(read_by_library))
    (ours, library), _ = interleaved(sides, _ROUNDS)
    each = [seconds / len(mails) * 1000 for seconds in (ours, library)]
    note = f"{len(mails)} mails, {each[0]:.2f} ms and {each[1]:.2f} ms a mail"
    return Result(name, what, library / ours, "×", 4, 10, note, more_is_better=True)
