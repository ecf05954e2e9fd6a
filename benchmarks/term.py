"""A program in a pseudo-terminal, and how long it takes to answer; no wait is without an end."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyte

from benchmarks.common import SIZE, environment

KEYS = {"enter": "\r", "esc": "\x1b", "tab": "\t", "space": " ", "pgdn": "\x1b[6~"}
_ANSWERS = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>1;10;0c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[5n"), b"\x1b[0n"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\]1[01];\?(?:\x07|\x1b\\)"), b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
)
"""What terminals are asked, and what this one says: who gets no answer waits for it."""
_UNKNOWN = re.compile(r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[a-gi-km-z])")
_RESTLESS = 20.0
"""Seconds after which a program that writes on and on is given up."""


class Answer(NamedTuple):
    """What came after a key; times in seconds from the key on, None if nothing came."""

    first: float | None
    last: float | None
    size: int


class Term:
    """A running program, its screen, and its bytes."""

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int] = SIZE,
        env: Mapping[str, str] | None = None,
    ) -> None:
        columns, rows = size
        self._name = Path(command[-1] if command[0] == "env" else command[0]).name
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unseen = bytearray()
        self.total = 0
        self.begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            os.environ.update({"COLUMNS": str(columns), "LINES": str(rows)})
            try:
                os.execvp(command[0], list(command))
            finally:
                os._exit(127)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> bytes:
        """Return what comes next; nothing if all is quiet for so long.

        Raises:
            RuntimeError: if the program ended.
        """
        ready, _, _ = select.select([self._fd], [], [], max(0.0, seconds))
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            raise RuntimeError(f"{self._name} ended; its last screen:\n{self.text()}")
        self.total += len(data)
        self._unseen += data
        for pattern, answer in _ANSWERS:
            if pattern.search(data):
                os.write(self._fd, answer)
        return data

    def text(self) -> str:
        """Return the screen; drawing it costs time, so it is done between measurements."""
        text = self._decoder.decode(bytes(self._unseen))
        self._unseen.clear()
        with contextlib.suppress(TypeError, ValueError, IndexError):
            # what the model of the screen does not know must not end a measurement
            self._stream.feed(_UNKNOWN.sub("", text))
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, wanted: str, limit: float = 60.0) -> float:
        """Wait until a text is on the screen; return the seconds since the start.

        Raises:
            RuntimeError: if it never came, with what was on the screen instead.
        """
        end = time.perf_counter() + limit
        while True:
            came = self.read(0.05)
            now = time.perf_counter()
            if came and wanted in self.text():
                return now - self.begun
            if now > end:
                raise RuntimeError(
                    f"waited {limit:g} s for {wanted!r} in {self._name}; its screen:\n{self.text()}"
                )

    def wait_for_bytes(self, wanted: bytes, what: str, limit: float = 10.0) -> float:
        """Wait until the program writes something; return the seconds that took.

        Raises:
            RuntimeError: if it never did.
        """
        begun = time.perf_counter()
        got = b""
        while wanted not in got:
            got += self.read(0.05)
            if time.perf_counter() > begun + limit:
                raise RuntimeError(f"waited {limit:g} s for {what} in {self._name}; {self.text()}")
        return time.perf_counter() - begun

    def settle(self, gap: float, patience: float = 0.0, what: str = "quiet") -> Answer:
        """Take in what is written until nothing comes for ``gap`` seconds.

        Args:
            gap: seconds of silence that end the answer.
            patience: seconds to wait for its first byte, if more than ``gap``.
            what: what is waited for, for the sentence if it never ends.

        Raises:
            RuntimeError: if the program writes on and on.
        """
        begun, before = time.perf_counter(), self.total
        first = last = None
        while self.read(gap if first is not None else max(gap, patience)):
            last = time.perf_counter() - begun
            first = last if first is None else first
            if last > _RESTLESS:
                raise RuntimeError(
                    f"waited for {what}: {self._name} writes on and on; its screen:\n{self.text()}"
                )
        return Answer(first, last, self.total - before)

    def send(self, *keys: str) -> None:
        """Press keys, all of them at once."""
        os.write(self._fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def press(self, key: str, gap: float, patience: float = 0.5) -> Answer:
        """Press a key and take in its answer."""
        self.send(key)
        answer = self.settle(gap, patience, f"the answer to {key}")
        self.text()
        return answer

    def calm(self, gap: float) -> None:
        """Let everything be drawn that still comes."""
        self.settle(gap, what="a picture that stands still")
        self.text()

    def _family(self) -> list[int]:
        found, to_do = [], [self.pid]
        while to_do:
            pid = to_do.pop()
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                to_do += [int(child) for child in children.split()]
                found.append(pid)
        return found

    def memory(self) -> float:
        """Return the MB that the program and its children hold in memory."""
        return self._sum("status", r"VmRSS:\s+(\d+)") / 1024

    def _sum(self, file: str, pattern: str) -> int:
        total = 0
        for pid in self._family():
            with contextlib.suppress(OSError):
                match = re.search(pattern, Path(f"/proc/{pid}/{file}").read_text())
                total += int(match[1]) if match else 0
        return total

    def cpu(self) -> float:
        """Return the seconds of computing time that were used so far."""
        ticks = 0
        for pid in self._family():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the program, in good order if it lets itself be ended so."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            if _ended(self.pid, 2.0):
                break
        os.close(self._fd)


def _ended(pid: int, seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:
            return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def running(command: Sequence[str], size: tuple[int, int] = SIZE) -> Iterator[Term]:
    """Start a program, and end it whatever happens."""
    term = Term(command, size, environment())
    try:
        yield term
    finally:
        term.close()


@contextlib.contextmanager
def terminal(command: Sequence[str], ready: str, size: tuple[int, int] = SIZE) -> Iterator[Term]:
    """Start a program and wait for its first useful screen."""
    with running(command, size) as term:
        term.wait_for(ready)
        term.calm(0.3)
        yield term


def started(command: Sequence[str], ready: str) -> float:
    """Return the seconds from the start of a program to its first useful screen."""
    with running(command) as term:
        return term.wait_for(ready)
