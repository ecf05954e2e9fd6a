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
import threading
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

_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
_A_FRAME = 2.0
"""Seconds within which a frame that has begun to come is there."""

_A_QUESTION = 64
"""Bytes that a question to the terminal has at most."""

_TO_OBEY = 3.0
"""Seconds that a program has to end when it is asked to, before it is killed."""

STRING_CONTROL = re.compile(rb"\x1b[\]P_^X](.*?)(?:\x07|\x1b\\)", re.DOTALL)


class Terminal:
    """A program in a pty with a screen model beside it; use it as a context manager.

    What the program writes is taken in at once, whatever the test does meanwhile: a program whose
    terminal does not read stands still as soon as the line to it is full.
    """

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
        self._asked = b""
        """The end of that: a question may have begun in it."""
        self._news = threading.Condition(threading.RLock())
        """Guards the screen model; told whenever something has been written."""
        self._written = self._noticed = 0
        """How often something was written, and how much of that a wait has known."""
        self._is_whole = True
        """No frame is half drawn."""
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
        self._leave, self._left = os.pipe()
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

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
        with self._news:
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
        """Wait for output that no wait has known; True if there was some."""
        with self._news:
            if self._noticed == self._written:
                self._news.wait(max(0.0, timeout))
            is_new = self._noticed != self._written
            self._noticed = self._written
        return is_new

    def _read(self) -> None:
        """Take in what is written until the program has ended or the terminal is closed."""
        while True:
            ready, _, _ = select.select([self.fd, self._leave], [], [])
            data = b"" if self._leave in ready else self._came()
            if not data:
                with self._news:
                    self._is_whole = True
                return
            self._answer(data)
            with self._news:
                self.raw += data
                self._stream.feed(_UNKNOWN_TO_PYTE.sub("", self._decoder.decode(data)))
                self._is_whole = self.raw.rfind(_FRAME_BEGINS) <= self.raw.rfind(_FRAME_ENDS)
                self._written += 1
                self._news.notify_all()

    def _came(self) -> bytes:
        try:
            return os.read(self.fd, 1 << 16)
        except OSError:
            return b""

    def _answer(self, data: bytes) -> None:
        """Answer what the program asks, though the question came in two parts."""
        answered: set[bytes] = set()
        before, text = len(self._asked), self._asked + data
        self._asked = text[-_A_QUESTION:]
        for pattern, answer in self._answers:
            found = next((one for one in pattern.finditer(text) if one.end() > before), None)
            # what a test answers itself is not answered a second time
            if found and found[0] not in answered:
                answered.add(found[0])
                with contextlib.suppress(OSError):
                    os.write(self.fd, answer)

    def text(self) -> str:
        """The screen as text, as soon as no frame is half drawn."""
        with self._news:
            self._news.wait_for(lambda: self._is_whole, _A_FRAME)
            return "\n".join(line.rstrip() for line in self.screen.display)

    def see(self, wanted: str, seconds: float = PATIENCE) -> str:
        """Wait until ``wanted`` is on the screen; returns the screen.

        Raises:
            AssertionError: with the screen, if it never came.
        """
        return self._when(lambda text: wanted in text, f"{wanted!r} never came", seconds)

    def gone(self, unwanted: str, seconds: float = PATIENCE) -> str:
        """Wait until ``unwanted`` has left the screen; returns the screen."""
        return self._when(lambda text: unwanted not in text, f"{unwanted!r} stayed", seconds)

    def _when(self, is_so: Callable[[str], bool], problem: str, seconds: float) -> str:
        end = time.monotonic() + seconds
        while not is_so(text := self.text()):
            assert time.monotonic() < end, f"{problem}; the screen:\n{text}"
            self._take(0.05)
        return text

    def writes(self, wanted: bytes, seconds: float = PATIENCE) -> None:
        """Wait until the program has written ``wanted``, seen or unseen.

        Raises:
            AssertionError: if it never did.
        """
        end = time.monotonic() + seconds
        while wanted not in self.raw:
            assert time.monotonic() < end, (
                f"{wanted!r} was never written; of control strings there were"
                f" {[each[:60] for each in STRING_CONTROL.findall(self.raw)][-20:]}"
            )
            self._take(0.05)

    def until(self, holds: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Take in output until something holds.

        Raises:
            AssertionError: with the screen, if it never did.
        """
        self._when(lambda _text: bool(holds()), "it never came to be", seconds)

    def again(self, act: Callable[[], object], holds: Callable[[], object]) -> None:
        """Do something again every second until something holds, such as that it was noticed.

        For what does not last: who does not write on is soon not typing any more.
        """
        acted = -PATIENCE

        def is_so() -> object:
            nonlocal acted
            if not (held := holds()) and time.monotonic() - acted > 1:
                acted = time.monotonic()
                act()
            return held

        self.until(is_so)

    def typing_at(self, wanted: str, seconds: float = PATIENCE) -> None:
        """Wait until the cursor stands in a line with ``wanted``: what is typed goes there.

        Raises:
            AssertionError: with the screen, if it never does.
        """
        self.until(lambda: wanted in self._line(), seconds)

    def _line(self) -> str:
        with self._news:
            return str(self.screen.display[self.screen.cursor.y])

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
        """Wait for the end of the program, and for its last words; False if it went on."""
        end = time.monotonic() + seconds
        while not self._is_over():
            if time.monotonic() > end:
                return False
            self._take(0.02)
        self._reader.join(_A_FRAME)
        return True

    def _is_over(self) -> bool:
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True

    def close(self) -> None:
        """End the program, however it stands."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, number)
                if self.ended(_TO_OBEY):
                    break
        os.write(self._left, b"x")
        self._reader.join()
        for fd in (self.fd, self._leave, self._left):
            os.close(fd)

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
