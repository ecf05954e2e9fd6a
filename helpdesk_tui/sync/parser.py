"""Parsing in a process of its own: a mail that hangs or crashes it costs a retry, never the run.

The child answers in order, usually several mails at a time. When it fails, a new one gets the
mails without an answer and answers each at once, so that the first one it fails at is the culprit.
That one is tried once more alone in a new child, then kept as unreadable.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, cast

import helpdesk_tui
from helpdesk_tui.services.secrets import without_secrets
from helpdesk_tui.sync.frames import AT_ONCE, BUFFER, LENGTH, read_frame
from helpdesk_tui.sync.parsed import Parsed, packed_mail

LIMIT = 5.0
"""Seconds that a mail may take."""
_START_LIMIT = 60.0
_READY = b""
"""The first frame: from now on the shorter limit holds."""
_START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from helpdesk_tui.sync.parser_child import main; main(float(sys.argv[2]))"
)


def child_command(limit: float = LIMIT) -> list[str]:
    """Return the command line of the parser process; it imports nothing from the work folder."""
    root = Path(helpdesk_tui.__file__).resolve().parent.parent
    return [sys.executable, "-P", "-c", _START, str(root), str(4 * limit)]


class _Child:
    """One run of the parser process, with a thread that feeds it and one that listens to it.

    The threads keep both pipes moving whatever the owner does, so that neither side ever waits
    for the other with a full pipe.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._requests: SimpleQueue[list[tuple[int, bytes]] | None] = SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=BUFFER,
            start_new_session=True,
            env=without_secrets(os.environ),
        )
        for stream in (self._process.stdin, self._process.stdout):
            _widen(cast(BinaryIO, stream))
        self.ready = False
        self._sent = 0
        self._answered = 0
        self.moved = time.monotonic()
        self._threads = [
            threading.Thread(target=self._feed, name="parser-feed", daemon=True),
            threading.Thread(target=self._listen, name="parser-listen", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, mails: Iterable[bytes], *, one_by_one: bool = False) -> None:
        """Hand over mails and return at once; ``one_by_one`` has each answered at once."""
        batch = [(AT_ONCE * one_by_one + len(raw), raw) for raw in mails]
        if batch:
            batch[-1] = AT_ONCE | batch[-1][0], batch[-1][1]
        if self._sent == self._answered:
            self.moved = time.monotonic()  # it was idle until now
        self._sent += len(batch)
        self._requests.put(batch)

    def answer(self, limit: float) -> bytes | None:
        """Return the next answer; nothing when the child died or took too long for it."""
        while True:
            allowed = limit if self.ready else _START_LIMIT
            left = self.moved + allowed - time.monotonic()
            try:
                answer = self.answers.get(timeout=max(0.0, left))
            except Empty:
                if left <= 0:
                    return None
            else:
                if answer != _READY:
                    return answer

    def stop(self, *, kill: bool) -> None:
        """End the process and the threads; without ``kill`` it may finish what it does."""
        self._requests.put(None)
        if kill:
            self._process.kill()
        try:
            self._process.wait(None if kill else LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()
        cast(BinaryIO, self._process.stdout).close()

    def _feed(self) -> None:
        stream = cast(BinaryIO, self._process.stdin)
        try:
            while (mails := self._requests.get()) is not None:
                for marked_length, raw in mails:
                    stream.write(LENGTH.pack(marked_length))
                    stream.write(raw)
                stream.flush()
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            _close(stream)

    def _listen(self) -> None:
        stream = cast(BinaryIO, self._process.stdout)
        while (frame := read_frame(stream)) is not None:
            self.moved = time.monotonic()
            self._answered += self.ready
            self.ready = True
            self.answers.put(frame)
        self.answers.put(None)


def _widen(pipe: BinaryIO) -> None:
    """Let a pipe hold more, where the system can and allows it: fewer turns of both processes."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, BUFFER)


def _close(stream: BinaryIO) -> None:
    try:
        stream.close()
    except (BrokenPipeError, ConnectionResetError):
        return


class ParserProcess:
    """Parses mails in a supervised child process; its results come in the order of the mails.

    Not for use by several threads at once. The child starts with :meth:`start` or the first mail,
    and ends with :meth:`close` or with this process.
    """

    def __init__(self, *, limit: float = LIMIT, command: Sequence[str] | None = None) -> None:
        self._limit = limit
        self._command = list(command) if command else child_command(limit)
        self.restarts = 0
        """How often a child had to be replaced because of a mail."""
        self._child: _Child | None = None
        self._unanswered: deque[bytes] = deque()
        self._one_by_one = 0
        """How many of the unanswered, from the first on, are answered at once."""
        self._done: deque[Parsed] = deque()
        self._batches: deque[int] = deque()

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def pending(self) -> int:
        """How many batches were submitted and not yet taken."""
        return len(self._batches)

    def parse(self, batch: Sequence[bytes]) -> list[Parsed]:
        """Return what the mails of a batch say. Blocks; earlier batches must have been taken."""
        if self._batches:
            raise RuntimeError("take the results of the earlier batches first")
        self.submit(batch)
        return self.result()

    def start(self) -> None:
        """Start the child, if none runs, and return before it is ready."""
        self._running()

    def submit(self, batch: Sequence[bytes]) -> None:
        """Begin to parse a batch and return at once; :meth:`result` gives what it says."""
        self._running().send(batch)
        self._unanswered.extend(batch)
        self._batches.append(len(batch))

    def result(self) -> list[Parsed]:
        """Return the oldest batch that was submitted and not yet taken. Blocks."""
        count = self._batches.popleft()
        while len(self._done) < count:
            self._done.append(self._next())
        return [self._done.popleft() for _ in range(count)]

    def close(self) -> None:
        """End the child; what was submitted and not taken is dropped."""
        if self._child is not None:
            self._child.stop(kill=bool(self._unanswered))
            self._child = None
        self._unanswered.clear()
        self._one_by_one = 0
        self._batches.clear()
        self._done.clear()

    def _running(self) -> _Child:
        if self._child is None:
            self._child = _Child(self._command)
        return self._child

    def _next(self) -> Parsed:
        """Return the result of the first mail that has none yet."""
        assert self._child is not None  # noqa: S101 - submit made it
        answer = self._child.answer(self._limit)
        if answer is None and not self._one_by_one:
            # it may have failed at a later mail, with answers that did not go out yet
            answer = self._resent().answer(self._limit)
        if answer is None:
            return self._again()
        self._unanswered.popleft()
        self._one_by_one = max(0, self._one_by_one - 1)
        return _loaded(answer)

    def _again(self) -> Parsed:
        """Try the mail at which the child failed once more, alone; then let it be unreadable."""
        raw = self._unanswered.popleft()
        child = self._renewed()
        child.send([raw])
        answer = child.answer(self._limit)
        if answer is None:
            self._resent()
            return _unreadable(raw)
        child.send(self._unanswered, one_by_one=True)
        self._one_by_one = len(self._unanswered)
        return _loaded(answer)

    def _resent(self) -> _Child:
        """Return a new child that has all unanswered mails and answers each at once."""
        child = self._renewed()
        child.send(self._unanswered, one_by_one=True)
        self._one_by_one = len(self._unanswered)
        return child

    def _renewed(self) -> _Child:
        if self._child is not None:
            self._child.stop(kill=True)
        self.restarts += 1
        self._child = _Child(self._command)
        return self._child


def _unreadable(raw: bytes) -> Parsed:
    """Return what a byte scan finds in a mail that the parser process fails at."""
    # only this seldom case needs the reading of mail in this process, and its load takes long
    from helpdesk_tui.mail.parse import unreadable_mail

    return packed_mail(raw, unreadable_mail(raw, "parser-failed"))


def _loaded(answer: bytes) -> Parsed:
    parsed = pickle.loads(answer)  # noqa: S301 - made by our own child
    assert isinstance(parsed, Parsed)  # noqa: S101 - tells the type checker what was pickled
    return parsed
