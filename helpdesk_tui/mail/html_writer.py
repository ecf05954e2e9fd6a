"""Lines of text out of the pieces of a document: blanks, breaks, lists, tables, quotes."""

from __future__ import annotations

import re

from helpdesk_tui.mail.html_links import Links, link_target

SPACES = " \t\r\n\f"
_MAX_INDENT = 6
_SPLIT = re.compile(r"[ \t\r\n\f]+")


class _Table:
    """What is known of a table while it is written."""

    __slots__ = ("has_cell", "is_data")

    def __init__(self, *, is_data: bool) -> None:
        self.is_data = is_data
        self.has_cell = False


class Writer:
    """Collects lines: collapses white space, keeps track of breaks, lists and quotes."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.links = Links()
        self.quote = 0
        self.pre = 0
        self._lists: list[int] = []
        self._tables: list[_Table] = []
        self._target: tuple[str, str] | None = None
        self._link_at = 0
        self._pictured = False
        self._breaks = 0
        self._gap = ""
        self._held = False
        self._mark = ""

    def block(self, lines: int) -> None:
        """Begin a new line, or a new paragraph."""
        if self._held:
            return
        self._breaks = max(self._breaks, lines)
        self._gap = ""

    def line_break(self) -> None:
        """Begin a new line even on an empty one."""
        if self._held:
            return
        self._breaks = min(self._breaks + 1, 3)
        self._gap = ""

    def text(self, text: str) -> None:
        """Write running text."""
        if self.pre:
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self.line_break()
                if line:
                    self._put(line)
            return
        words = " ".join(text.split() if text.isascii() else filter(None, _SPLIT.split(text)))
        if not words:
            self._gap = self._gap or (" " if text else "")
            return
        if text[0] in SPACES:
            self._gap = self._gap or " "
        self._put(words)
        self._gap = " " if text[-1] in SPACES else ""

    def _put(self, words: str) -> None:
        if self._breaks or not self.out:
            prefix = "> " * min(self.quote, _MAX_INDENT)
            if self.out:
                self.out.append("\n" + f"{prefix}\n" * (self._breaks - 1))
            self.out.append(prefix + self._mark)
        elif self._gap:
            self.out.append(self._gap)
        self._mark = self._gap = ""
        self._breaks = 0
        self._held = False
        self.out.append(words)

    def open_list(self, *, ordered: bool, start: str) -> None:
        """Enter a list."""
        first = int(start) if start.isdecimal() and len(start) < 5 else 1
        self._lists.append(max(1, first) if ordered else 0)

    def close_list(self) -> None:
        """Leave a list."""
        if self._lists:
            self._lists.pop()

    def item(self) -> None:
        """Begin an item of the innermost list."""
        indent = "  " * min(len(self._lists) - 1, _MAX_INDENT) if self._lists else ""
        if self._lists and self._lists[-1]:
            self._mark = f"{indent}{self._lists[-1]}. "
            self._lists[-1] += 1
        else:
            self._mark = f"{indent}• "

    def open_table(self, *, is_data: bool) -> None:
        """Enter a table; the cells of one that holds data are told apart by a bar."""
        self._tables.append(_Table(is_data=is_data))

    def close_table(self) -> None:
        """Leave a table."""
        self._held = False
        if self._tables:
            self._tables.pop()

    def open_row(self) -> None:
        """Begin a row of the innermost table."""
        self._held = False
        if self._tables:
            self._tables[-1].has_cell = False

    def open_cell(self, *, is_head: bool) -> None:
        """Begin a cell of the innermost table."""
        self._held = False
        table = self._tables[-1] if self._tables else None
        if table is None or not (table.is_data or is_head):
            self._gap = self._gap or " "
            return
        table.is_data = True
        if table.has_cell:
            self._breaks = 0
            self._gap = self._gap + "| " if self._gap.endswith("| ") else " | "
        table.has_cell = True
        self._held = True

    def close_cell(self) -> None:
        """End a cell."""
        self._held = False
        self._gap = self._gap or " "

    def open_link(self, address: str) -> None:
        """Remember where a link leads until its text has been written."""
        self.close_link()
        self._target = link_target(address)
        self._link_at = len(self.out)
        self._pictured = False

    def image(self, description: str) -> None:
        """Write what stands for an image; outside a link it is mostly decoration."""
        if self._target:
            self._pictured = True
            self.text(description)

    def close_link(self) -> None:
        """Write the number of the link that ends here."""
        if self._target is None:
            return
        target, self._target = self._target, None
        shown = "".join(self.out[self._link_at :])
        if self._pictured or shown.strip("> \n\xa0"):
            mark = self.links.mark(target, shown.lstrip("> \n\xa0"))
            if mark:
                self.out.append(mark)
