"""The parser process: reads mails from its standard input, writes what they say to its output.

Frames are eight bytes of length and that many bytes: a raw mail in, a pickled ``Parsed`` out. The
first frame out is empty and says that the process is ready. It ends when its input ends.

Answers go out several at a time, because each write wakes the other side up; a mail whose length
carries the mark ``AT_ONCE`` is answered before the next one is begun.
"""

from __future__ import annotations

import gc
import io
import pickle
import signal
import sys
import time
from collections.abc import Callable
from operator import attrgetter
from typing import Any, BinaryIO

from helpdesk_tui.domain.mail import (
    Address,
    AuthResult,
    Bounce,
    Evidence,
    FailedRecipient,
    Fold,
    Forwarded,
    MailAttachment,
    Notice,
    ParsedMail,
)  # fmt: skip
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.sync.frames import AT_ONCE, BUFFER, GARBAGE_OBJECTS, LENGTH
from helpdesk_tui.sync.parsed import Parsed, packed_mail

_VALUES = (Address, AuthResult, Bounce, Evidence, FailedRecipient, Fold, Forwarded, MailAttachment,
           Notice, Parsed, ParsedMail)  # fmt: skip
_PATIENCE = 0.05
"""Seconds that an answer may wait for others before it goes out with them."""


def _read_request(stream: BinaryIO) -> tuple[bytes, bool] | None:
    """Return the next mail and whether it is to be answered at once; nothing at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (marked,) = LENGTH.unpack(head)
    length = marked & ~AT_ONCE
    raw = stream.read(length)
    return (raw, marked != length) if len(raw) == length else None


_FIELDS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*kind.__slots__) for kind in _VALUES
}


def _as_call(value: object) -> tuple[type, tuple[Any, ...]]:
    kind = type(value)
    return kind, _FIELDS[kind](value)


def dumped(parsed: Parsed) -> bytes:
    """Return a result as bytes for ``pickle.loads``: as calls, which are read the fastest."""
    target = io.BytesIO()
    pickler = pickle.Pickler(target, protocol=5)
    pickler.dispatch_table = dict.fromkeys(_VALUES, _as_call)
    pickler.dump(parsed)
    return target.getvalue()


def serve(
    source: BinaryIO,
    target: BinaryIO,
    parse: Callable[[bytes], ParsedMail] = parse_mail,
    *,
    limit: float = 0.0,
) -> None:
    """Answer frames until the input ends.

    Args:
        source: Where raw mails come from.
        target: Where answers go.
        parse: What reads a mail.
        limit: Seconds after which a mail ends the process from within, should nobody be left to
            end it from outside; 0 for never.
    """
    target.write(LENGTH.pack(0))
    target.flush()
    waiting = bytearray()
    written = time.monotonic()
    while (request := _read_request(source)) is not None:
        raw, at_once = request
        signal.setitimer(signal.ITIMER_REAL, limit)
        answer = dumped(packed_mail(raw, parse(raw)))
        signal.setitimer(signal.ITIMER_REAL, 0)
        waiting += LENGTH.pack(len(answer))
        waiting += answer
        if at_once or len(waiting) > BUFFER or time.monotonic() - written > _PATIENCE:
            target.write(waiting)
            target.flush()
            waiting = bytearray()
            written = time.monotonic()


def main(limit: float = 30.0) -> None:
    """Run the parser process on the standard streams."""
    # a mail leaves no cycles behind: look for them rarely, and never among what was imported
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with open(sys.stdin.fileno(), "rb", buffering=BUFFER, closefd=False) as source:
        serve(source, sys.stdout.buffer, limit=limit)


if __name__ == "__main__":
    main()
