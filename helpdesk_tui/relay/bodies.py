"""Reading what somebody sends: sizes and times are bounded before a byte of it is believed.

Headers are watched by :mod:`helpdesk_tui.relay.connections`, since no route has begun by then.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from starlette.requests import ClientDisconnect, Request

from helpdesk_tui.domain.webchat.reading import is_storable
from helpdesk_tui.relay.config import RelayConfig
from helpdesk_tui.relay.refusals import Refused, too_large, unreadable

SLOWEST = 4_000
"""Bytes a second that an upload brings on the average, once its first seconds are over."""
RESERVE = 200_000_000
"""Bytes of the disk that files leave free."""
_FULL_SECONDS = 300
_DEPTH = 20
_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class Saved:
    """A body that was written to a file."""

    path: Path
    size: int
    sha256: str
    head: bytes
    """Its first bytes, to tell its type by."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a body may take."""

    pause: float = 10.0
    """Seconds without a byte; also what a slow one has before its pace counts."""
    total: float = 120.0
    slowest: int = SLOWEST


def patience_for_files(config: RelayConfig) -> Pace:
    """Return how long a file may take."""
    return Pace(config.body_seconds, config.body_seconds_total)


def patience_for_json(config: RelayConfig) -> Pace:
    """Return how long a JSON body may take: it is small, so that all of it comes in one pause."""
    return Pace(config.body_seconds, config.body_seconds)


async def read_json(request: Request, most: int, pace: Pace | None = None) -> Any:
    """Return the JSON of a body: an object or a list.

    Raises:
        Refused: 413, 408, or 400 ``request.unreadable``.
    """
    parts = bytearray()
    async for part in pieces(request, most, pace or Pace(total=10.0)):
        parts += part
    try:
        found = json.loads(parts.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise unreadable() from None
    if not _is_storable(found):
        raise unreadable()
    return found


async def read_object(request: Request, most: int, pace: Pace | None = None) -> Mapping[str, Any]:
    """Return the JSON object of a body; an empty body is an empty object.

    Raises:
        Refused: as :func:`read_json`.
    """
    if request.headers.get("content-length") == "0":
        return {}
    found = await read_json(request, most, pace)
    if not isinstance(found, dict):
        raise unreadable()
    return found


async def read_file(request: Request, most: int, folder: Path, pace: Pace | None = None) -> Saved:
    """Write a body to a new file of a random name in ``folder`` and return it.

    At no time is more of it in memory than one piece. What does not end well leaves no file.

    Raises:
        Refused: 413, 408, 400, or 503 ``relay.full`` while the disk has room for messages only.
    """
    # what is written must never take the room that the store itself needs
    if shutil.disk_usage(folder).free < RESERVE + most:
        raise Refused(503, "relay.full", retry_after=_FULL_SECONDS)
    path = folder / f"{secrets.token_hex(16)}.part"
    digest, size, head = hashlib.sha256(), 0, bytearray()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(path, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            async for piece in pieces(request, most, pace or Pace()):
                digest.update(piece)
                size += len(piece)
                head += piece[: _HEAD - len(head)]
                await asyncio.to_thread(file.write, piece)
            await asyncio.to_thread(_settle, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Saved(path, size, digest.hexdigest(), bytes(head))


async def pieces(request: Request, most: int, pace: Pace) -> AsyncIterator[bytes]:
    """Yield the pieces of a body.

    Raises:
        Refused: 413 as soon as it is known to be too large, 408 when it comes too slowly, 400 when
            the other end stops half-way.
    """
    if announced(request) > most:
        raise too_large(most)
    began = time.monotonic()
    size = 0
    stream = request.stream().__aiter__()
    while True:
        left = min(pace.pause, began + pace.total - time.monotonic())
        try:
            async with asyncio.timeout(max(0.0, left)):
                piece = await anext(stream, None)
        except TimeoutError:
            raise Refused(408, "request.slow") from None
        except ClientDisconnect:
            raise unreadable() from None
        if piece is None:
            return
        size += len(piece)
        if size > most:
            raise too_large(most)
        lasted = time.monotonic() - began
        if lasted > pace.pause and size < (lasted - pace.pause) * pace.slowest:
            raise Refused(408, "request.slow")
        if piece:
            yield piece


def announced(request: Request) -> int:
    """Return how long a body says it is; 0 if it does not say.

    Raises:
        Refused: 400.
    """
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        raise unreadable("content-length")
    return int(said)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _is_storable(value: object) -> bool:
    """Tell whether a value of JSON is flat enough, and its texts and numbers can be kept."""
    level = [value]
    for _ in range(_DEPTH):
        below: list[object] = []
        for each in level:
            if isinstance(each, dict):
                below += (*each, *each.values())
            elif isinstance(each, list):
                below += each
            elif not _is_plain(each):
                return False
        if not below:
            return True
        level = below
    return False


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return is_storable(value)
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
