"""Find the mails in files and folders: mbox, Maildir, single messages."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpdesk_tui.widgets.words.language import _

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAIL_ENDINGS = (".eml",)
_MBOX_ENDINGS = (".mbox", ".mbx")
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*[!-9;-~]+[ \t]*:")
_PARTS_OF_MAILDIR = ("cur", "new")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file with one mail, or with many of them one after another."""

    path: Path
    is_mbox: bool
    is_guess: bool = False
    """Nothing says yet that it is a mail: it was named by hand, and its name does not tell."""


@dataclass(frozen=True, slots=True)
class Found:
    """One mail as it lies on disk; ``error`` says why it could not be read."""

    raw: bytes
    path: Path
    at: datetime
    """When the file was last written: what stands in for a missing date."""
    error: str = ""


def find_files(paths: Sequence[Path]) -> list[MailFile]:
    """Return the mail files under ``paths`` in a steady order; blocking."""
    found: list[MailFile] = []
    for path in paths:
        found += _in_folder(path) if path.is_dir() else [_named(path)]
    return found


def _named(path: Path) -> MailFile:
    is_mbox = _begins_as_mbox(path)
    return MailFile(path, is_mbox, is_guess=not is_mbox and not _is_mail_name(path))


def _is_mail_name(path: Path) -> bool:
    return path.suffix.lower() in _MAIL_ENDINGS or path.name.isdigit()


def _in_folder(folder: Path) -> list[MailFile]:
    if all((folder / name).is_dir() for name in _PARTS_OF_MAILDIR):
        return _in_maildir(folder)
    found: list[MailFile] = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() and path.is_dir():
            continue
        if path.is_dir():
            found += _in_folder(path)
        elif _is_mail_name(path):
            found.append(MailFile(path, is_mbox=False))
        elif path.suffix.lower() in (*_MBOX_ENDINGS, "") and _begins_as_mbox(path):
            found.append(MailFile(path, is_mbox=True))
    return found


def _in_maildir(folder: Path) -> list[MailFile]:
    """Return the mails of a Maildir in the order of delivery, then those of its subfolders."""
    mails = [path for name in _PARTS_OF_MAILDIR for path in (folder / name).iterdir()]
    mails = [path for path in mails if path.is_file() and not path.name.startswith(".")]
    found = [MailFile(path, is_mbox=False) for path in sorted(mails, key=_delivery_order)]
    for child in sorted(folder.iterdir()):
        if child.is_dir() and not child.is_symlink() and (child / "cur").is_dir():
            found += _in_folder(child)
    return found


def _delivery_order(path: Path) -> tuple[int, str]:
    """Return the time a Maildir name begins with; names of other programs come last."""
    seconds = path.name.partition(".")[0]
    return (int(seconds) if seconds.isascii() and seconds.isdigit() else 2**63, path.name)


def _begins_as_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError:
        return False


def count_mails(files: Sequence[MailFile]) -> int:
    """Return how many mails the files hold."""
    return sum(_count_in(file) for file in files)


def _count_in(file: MailFile) -> int:
    if not file.is_mbox:
        return 1
    try:
        with file.path.open("rb") as lines:
            return sum(1 for _ in _starts(lines))
    except OSError:
        return 1


def _starts(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the separator lines of an mbox: ``From `` after an empty line."""
    is_after_gap = True
    for line in lines:
        if is_after_gap and line.startswith(b"From "):
            yield line
        is_after_gap = not line.strip(b"\r\n")


def is_device(state: os.stat_result) -> bool:
    """Tell whether a file is a device, which may have no end; a pipe is none."""
    return stat.S_ISCHR(state.st_mode) or stat.S_ISBLK(state.st_mode)


def read_mails(file: MailFile) -> Iterator[Found]:
    """Yield the mails of a file; one that cannot be read is yielded with the reason."""
    try:
        state = file.path.stat()
        at = datetime.fromtimestamp(state.st_mtime, UTC)
        if is_device(state):
            yield Found(b"", file.path, at, _("it is a device"))
            return
        if not file.is_mbox:
            raw = file.path.read_bytes()
            is_other = file.is_guess and not _HEADER.match(raw)
            yield Found(raw, file.path, at, _("it is no mail") if is_other else "")
            return
        with file.path.open("rb") as lines:
            for raw in _split(lines):
                yield Found(raw, file.path, at)
    except OSError as error:
        yield Found(b"", file.path, datetime.now(UTC), error.strerror or str(error))


def _split(lines: Iterator[bytes]) -> Iterator[bytes]:
    mail: list[bytes] | None = None
    is_after_gap = True
    for line in lines:
        if is_after_gap and line.startswith(b"From "):
            if mail is not None:
                yield _joined(mail)
            mail = []
        elif mail is not None:
            mail.append(line)
        is_after_gap = not line.strip(b"\r\n")
    if mail is not None:
        yield _joined(mail)


def _joined(lines: list[bytes]) -> bytes:
    """Return one mail of an mbox as it was before ``From `` lines in its text got a ``>``."""
    if lines and not lines[-1].strip(b"\r\n"):
        lines.pop()
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))
