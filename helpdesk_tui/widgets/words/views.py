"""What is said about saved views."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.tickets import Sort, Status
from helpdesk_tui.widgets.words.language import Marked

VIEW_SENTENCES: Marked[Mapping[str, str]] = {
    "view.bad-name": "“{name}” is no name for a view: write 1 to {most} letters",
    "view.bad-pin": "“{pin}” is no key for a view: there are 1 to 9, and none",
    "view.bad-sort": "a view cannot be in the order {sort}: there are {known}",
    "view.changed-meanwhile": "somebody else changed the view {name} just now: open it again",
    "view.exists": "there is a view named {name} already",
    "view.missing": "there is no view {id} any more",
    "view.nobodys": "a private view is an agent's: name one with --agent, or share it",
    "view.reserved-name": "{name} is a view that every desk has: choose another name",
    "view.shared-by-managers": "shared views are made and changed by managers: keep it private",
    "view.unknown": "there is no view {name}; there are: {known}",
}

SORT_NAMES: Marked[Mapping[Sort, str]] = {
    Sort.NEWEST: "newest first",
    Sort.OLDEST: "oldest first",
    Sort.WAITING: "longest waiting first",
    Sort.PRIORITY: "urgent first",
    Sort.CREATED: "last made first",
}

STATUS_WORDS: Mapping[str, Status | None] = {
    "open": Status.OPEN,
    "snoozed": Status.SNOOZED,
    "closed": Status.CLOSED,
    "any": None,
}
"""The status filters as they are named on the command line."""


def view_score(typed: str, name: str) -> int:
    """Return how well a name fits what was typed; 0 if it does not.

    Best is the beginning of the name, then of a word of it, then anywhere in it, then its letters
    in this order.
    """
    wanted, held = fold(typed).strip(), fold(name)
    if held.startswith(wanted):
        return 4
    if any(word.startswith(wanted) for word in held.split()):
        return 3
    if all(word in held for word in wanted.split()):
        return 2
    letters = iter(held)
    return 1 if all(letter in letters for letter in wanted.replace(" ", "")) else 0
