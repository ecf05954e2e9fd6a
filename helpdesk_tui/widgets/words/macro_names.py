"""Completion of variables while writing: what is taken is the value, never braces."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.macros.names import names
from helpdesk_tui.domain.macros.render import LEFT, RIGHT
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.widgets.completion import Offer, Place, Proposal
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells

_OPENS = "{{"
_NOTE_CELLS = 26


def offer_names(place: Place, values: Mapping[str, str]) -> Offer | None:
    """Return what could stand for ``{{ cust`` before the cursor: values by their names."""
    head, found, typed = place.before.rpartition(_OPENS)
    if not found or "}}" in typed or len(typed) > _NOTE_CELLS * 2:
        return None
    wanted = fold(typed.strip())
    fitting = [name for name, _kind in names() if wanted in fold(name)]
    # what begins so comes first, then what is known
    fitting.sort(key=lambda name: (not values.get(name), not _begins(name, wanted)))
    rows = tuple(_proposal(name, values.get(name, "")) for name in fitting)
    return Offer(len(place.before) - len(head), rows) if rows else None


def _begins(name: str, wanted: str) -> bool:
    return any(part.startswith(wanted) for part in (name, *name.split(".")))


def _proposal(name: str, value: str) -> Proposal:
    if not value:
        return Proposal(f"{LEFT}{name}{RIGHT}", name, _("nothing is known"))
    return Proposal(value, name, shorten_cells(clean(value), _NOTE_CELLS))
