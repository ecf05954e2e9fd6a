"""How the steps of trying out a channel are told: to people in words, to scripts as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.output import Output
from helpdesk_tui.widgets.words.checks import check_label, check_words

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Check


def report_checks(out: Output, checks: Sequence[Check]) -> bool:
    """Print how each step went to people; return whether all went well."""
    for check in checks:
        sign = "✓" if check.ok else "✗"
        out.say(f"  {sign} {check_label(check):12}  {check_words(check)}".rstrip())
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
