"""How the steps of trying out a channel are told: to people in words, to scripts as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.output import Output
from helpdesk_tui.widgets.words.checks import check_label, check_words
from helpdesk_tui.widgets.wrap import cells

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Check

_LABEL = 12
"""Cells of the names of steps; longer ones push all equally far."""


def report_checks(out: Output, checks: Sequence[Check]) -> bool:
    """Print how each step went to people; return whether all went well."""
    labels = [check_label(check) for check in checks]
    width = max([_LABEL, *map(cells, labels)])
    for check, label in zip(checks, labels, strict=True):
        sign = "✓" if check.ok else "✗"
        gap = " " * (width - cells(label) + 2)
        out.say(f"  {sign} {label}{gap}{check_words(check)}".rstrip())
    return all(check.ok for check in checks)


def checks_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the steps as scripts see them."""
    return [
        {
            "name": check.name,
            "ok": check.ok,
            "error": check.code or None,
            "values": {name: str(value) for name, value in check.values.items()},
        }
        for check in checks
    ]
