"""What the worker and its parser process agree on; neither needs the other's modules for it."""

from __future__ import annotations

import struct
from typing import BinaryIO

LENGTH = struct.Struct("!Q")
AT_ONCE = 1 << 63
"""Added to the length of a mail: its answer, and those before it, must not wait for more."""
BUFFER = 256 * 1024
"""Bytes that a pipe's two ends hold ready."""
GARBAGE_OBJECTS = 20_000
"""New objects after which a process of the worker looks for cycles among them."""


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame of a stream, or nothing at its end. Blocks."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
