"""Drive a program in a real pseudo-terminal and see what a person would see."""

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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

from tests.support.waiting import PATIENCE

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "f1": "\x1bOP",
    "f5": "\x1b[15~",
}
_ANSWERS = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
)
_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[a-gi-km-z])")

_TO_OBEY = 3.0
"""Seconds that a program has to end when it is asked to, before it is killed."""

STRING_CONTROL = re.compile(rb"\x1b[\]P_^X](.*?)(?:\x07|\x1b\\)", re.DOTALL)


class Terminal:
    """A program in a pty with a screen model beside it; use it as a context manager."""

    def __init__(
        self,
        argv: Sequence[str],
        size: tuple[int, int] = (120, 36),
        env: Mapping[str, str] | None = None,
        answers: Sequence[tuple[re.Pattern[bytes], bytes]] = (),
    ) -> None:
        self._answers = (*answers, *_ANSWERS)
        self.columns, self.rows = size
        self.screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.raw = bytearray()
        """Every byte the program wrote."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(
                {
                    "TERM": "xterm-256color",
                    "COLORTERM": "truecolor",
                    **(env or {}),
                    # last: test runners have a size of their own in the environment
                    "COLUMNS": str(self.columns),
                    "LINES": str(self.rows),
                }
            )
            try:
                os.execvp(argv[0], list(argv))
            finally:
                os._exit(127)
        self._set_size()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _set_size(self) -> None:
        packed = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, packed)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, as a window would."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self._set_size()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGWINCH)

    def pump(self, seconds: float, quiet: float = 0.15) -> None:
        """Take in output for at most ``seconds``, or until it has been quiet for a while."""
        end = last = time.monotonic()
        end += seconds
        while (now := time.monotonic()) < end and now - last < quiet:
            if self._take(min(quiet, end - now)):
                last = time.monotonic()

    def _take(self, timeout: float) -> bool:
        ready, _, _ = select.select([self.fd], [], [], max(0.0, timeout))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            time.sleep(min(0.02, max(0.0, timeout)))
            return False
        answered: set[bytes] = set()
        for pattern, answer in self._answers:
            found = pattern.search(data)
            # what a test answers itself is not answered a second time
            if found and found[0] not in answered:
                answered.add(found[0])
                os.write(self.fd, answer)
        self.raw += data
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", self._decoder.decode(data)))
        return bool(data)

    def text(self) -> str:
        """The screen as text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def see(self, wanted: str, seconds: float = PATIENCE) -> str:
        """Wait until ``wanted`` is on the screen; returns the screen.

        Raises:
            AssertionError: with the screen, if it never came.
        """
        end = time.monotonic() + seconds
        while wanted not in self.text():
            if time.monotonic() > end:
                raise AssertionError(f"{wanted!r} never came; the screen:\n{self.text()}")
            self._take(0.05)
        return self.text()

    def gone(self, unwanted: str, seconds: float = PATIENCE) -> str:
        """Wait until ``unwanted`` has left the screen; returns the screen."""
        end = time.monotonic() + seconds
        while unwanted in self.text():
            if time.monotonic() > end:
                raise AssertionError(f"{unwanted!r} stayed; the screen:\n{self.text()}")
            self._take(0.05)
        return self.text()

    def writes(self, wanted: bytes, seconds: float = PATIENCE) -> None:
        """Wait until the program has written ``wanted``, seen or unseen.

        Raises:
            AssertionError: if it never did.
        """
        end = time.monotonic() + seconds
        while wanted not in self.raw:
            assert time.monotonic() < end, f"{wanted!r} was never written"
            self._take(0.05)

    def until(self, holds: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Take in output until something holds.

        Raises:
            AssertionError: with the screen, if it never did.
        """
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"it never came to be; the screen:\n{self.text()}")
            self._take(0.05)

    def type(self, text: str) -> None:
        """Type text as it is."""
        os.write(self.fd, text.encode())
        self.pump(2)

    def press(self, *keys: str) -> None:
        """Press keys by name (``enter``, ``ctrl+o``) or letter, one after another."""
        for key in keys:
            if key.startswith("ctrl+"):
                data = bytes([ord(key[-1].upper()) & 0x1F])
            else:
                data = KEYS.get(key, key).encode()
            os.write(self.fd, data)
            self.pump(2)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def ended(self, seconds: float = PATIENCE) -> bool:
        """Wait for the end of the program; False if it went on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._take(0.02)
            try:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    return True
            except ChildProcessError:
                return True
        return False

    def close(self) -> None:
        """End the program, however it stands."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, number)
                if self.ended(_TO_OBEY):
                    break
        with contextlib.suppress(OSError):
            os.close(self.fd)

    def save(self, path: Path) -> None:
        """Keep the raw output for a look by hand."""
        path.write_bytes(bytes(self.raw))


def escapes_of(raw: bytes, mark: str = "LEAKMARK") -> list[str]:
    """Name everything in raw terminal output that only hostile text can have put there."""
    found = []
    if any(mark.encode() in match[1] for match in STRING_CONTROL.finditer(raw)):
        found.append("mark inside a string control")
    for name, pattern in (
        ("OSC 52", rb"\x1b\]52;"),
        ("hyperlink to the attacker", rb"\x1b\]8;[^\x07\x1b]*attacker\.example"),
        ("cursor position query", rb"\x1b\[6n"),
        ("control byte", rb"[\x00\x05\x0b\x0c\x0e\x7f]"),
    ):
        if re.search(pattern, raw):
            found.append(name)
    text = raw.decode("utf-8", "replace")
    for name, pattern_text in (
        ("C1 control", "[\u0080-\u009f]"),
        ("bidi control", "[\u202a-\u202e\u2066-\u2069]"),
        ("zero width space", "\u200b"),
    ):
        if re.search(pattern_text, text):
            found.append(name)
    return found
