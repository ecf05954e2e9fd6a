"""From a key press to the action it completes, by the key table of a screen."""

from __future__ import annotations

from textual import events

from helpdesk_tui.widgets.chords import Chords, key_name
from helpdesk_tui.widgets.footer import Footer


def action_of(event: events.Key, chords: Chords, footer: Footer) -> str:
    """Return the action that a key press completes, or nothing.

    The footer shows a sequence that is not finished; what means something here goes no further.
    """
    hit = chords.feed(key_name(event.key, event.character))
    footer.show_pending(hit.pending if not hit.action else "")
    if hit:
        event.stop()
        event.prevent_default()
    return hit.action
