"""Texts in the cells of a table (CSV) that spreadsheets open, too."""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r]")
"""How a cell begins that a spreadsheet takes for a formula, unless a quote stands before it."""


def as_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet computes."""
    return f"'{value}" if _FORMULA.match(value) else value


def of_cell(cell: str) -> str:
    """Return the text that :func:`as_cell` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
