"""The log of a store: JSON lines in a file that all its processes share, nothing secret in it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path

from helpdesk_tui.db.modes import open_file
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339

MAX_BYTES = 2_000_000
KEPT = 3
_MAX_TEXT = 4_000
_MAX_TRACE = 40_000

_HEADERS = re.compile(r"(?i)\b((?:proxy-)?authorization|cookie|x-[a-z-]*token)\b(['\"]?\s*[:=]).*")
_BEARER = re.compile(r"(?i)\b(bearer|basic|login|plain|xoauth2)\s+[A-Za-z0-9+/=._~-]{8,}")
_NAMED = re.compile(
    r"(?i)\b([a-z_-]*(?:password|passwd|passphrase|secret|token|api[_-]?key))"
    r"(['\"]?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&]+)"
)
_URL = re.compile(r"\b(https?://)(?:[^\s/@]*@)?([^\s?#\"'<>]+)[?#][^\s\"'<>]*")
_URL_USER = re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@]+@")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,253}")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def redacted(text: str) -> str:
    """Return a text as it may stand in a log: no secret, address or card number in it.

    Addresses become a short hash, so that lines about the same person can still be found.
    """
    text = _HEADERS.sub(r"\1\2 ***", text)
    text = _BEARER.sub(r"\1 ***", text)
    text = _NAMED.sub(r"\1\2***", text)
    text = _URL.sub(r"\1\2?***", text)
    text = _URL_USER.sub(r"\1***@", text)
    text = _ADDRESS.sub(_hashed, text)
    return _CARD.sub(_card, text)


def _hashed(match: re.Match[str]) -> str:
    return "addr:" + hashlib.sha256(match[0].lower().encode()).hexdigest()[:10]


def _card(match: re.Match[str]) -> str:
    digits = [int(char) for char in match[0] if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return "card:***" if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else match[0]


class JsonLines(logging.Formatter):
    """One JSON object a line; texts are cleaned and redacted, tracebacks carry no values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "at": rfc3339(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "text": redacted(clean(record.getMessage()))[:_MAX_TEXT],
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = trace_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def trace_of(error: BaseException) -> list[str]:
    """Return the traceback of an error as harmless lines."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return [redacted(clean(line)) for line in text[-_MAX_TRACE:].splitlines()]


class SharedFileHandler(WatchedFileHandler):
    """Appends to a file that others append to as well; whoever finds it too long turns it over."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        self._max_bytes = max_bytes
        self._kept = kept
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW
        path = Path(self.baseFilename)
        handle = open_file(path, path.parent, flags)
        return TextIOWrapper(
            os.fdopen(handle, "ab", buffering=0),
            encoding=self.encoding,
            errors=self.errors,
            write_through=True,
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, turning the file over first if it has grown too long."""
        try:
            if Path(self.baseFilename).stat().st_size > self._max_bytes:
                self._turn_over()
        except OSError:
            pass  # not there yet, or not to be looked at
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Lose a record that cannot be written: a full disk must not draw over a screen."""

    def _turn_over(self) -> None:
        path = Path(self.baseFilename)
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_ino != path.stat().st_ino:
                return
            for number in range(self._kept - 1, 0, -1):
                older = path.with_name(f"{path.name}.{number}")
                if older.exists():
                    older.replace(path.with_name(f"{path.name}.{number + 1}"))
            path.replace(path.with_name(f"{path.name}.1"))
        finally:
            os.close(handle)


def log_to_store(root: Path, *, level: int = logging.INFO) -> logging.Handler:
    """Send the log of this process to the store's file; return the handler, to be closed.

    Only our own loggers: libraries quote hosts, addresses and mails in what they log.

    Raises:
        OSError: if the file cannot be written.
    """
    path = StorePaths(root).log
    os.close(open_file(path, root, os.O_WRONLY | os.O_APPEND))
    handler = SharedFileHandler(path)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("helpdesk_tui")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    return handler
