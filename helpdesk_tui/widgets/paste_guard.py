"""Text that is pasted stays text: no key press can be hidden in it, and its lines stay lines.

Terminals mark where a paste begins and ends, but not all of them take escape sequences out of it,
and the library hands those on as keys: copied from a web page, they could send a draft. Most send
the line breaks of a paste as the Enter key would: as carriage returns.
"""

from __future__ import annotations

import re

_BEGIN = "\x1b[200~"
_END = "\x1b[201~"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class PasteGuard:
    """Takes control characters out of pastes, in whatever pieces the input comes."""

    def __init__(self) -> None:
        self._is_inside = False
        self._before = ""
        """The last characters of what was typed: a mark may be split between two reads."""
        self._held = ""
        """The end of a paste so far, where it may be half of a closing mark."""
        self._after_return = False
        """The paste so far ends with a carriage return, whose line feed may still come."""

    def filtered(self, text: str) -> str:
        """Return what may be read as keys and pastes; what is typed passes at once."""
        out: list[str] = []
        while text:
            text = self._pasted(text, out) if self._is_inside else self._typed(text, out)
        return "".join(out)

    def _typed(self, text: str, out: list[str]) -> str:
        """Pass on what is typed; return what lies behind the beginning of a paste."""
        joined = self._before + text
        at = joined.find(_BEGIN)
        if at < 0:
            self._before = joined[-len(_BEGIN) + 1 :]
            out.append(text)
            return ""
        stop = at + len(_BEGIN) - len(self._before)
        self._is_inside, self._before = True, ""
        out.append(text[:stop])
        return text[stop:]

    def _pasted(self, text: str, out: list[str]) -> str:
        """Pass on what is pasted without control characters; return what lies behind it."""
        text, self._held = self._held + text, ""
        at = text.find(_END)
        if at >= 0:
            out += (self._harmless(text[:at]), _END)
            self._is_inside = self._after_return = False
            return text[at + len(_END) :]
        kept = next((size for size in range(len(_END) - 1, 0, -1) if text.endswith(_END[:size])), 0)
        self._held = text[len(text) - kept :]
        out.append(self._harmless(text[: len(text) - kept]))
        return ""

    def _harmless(self, text: str) -> str:
        """Return pasted text without control characters, every line break a line feed."""
        if not text:
            return ""
        if self._after_return:
            text = text.removeprefix("\n")
            self._after_return = False
        self._after_return = text.endswith("\r")
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
