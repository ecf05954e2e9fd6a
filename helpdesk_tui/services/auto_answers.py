"""What everybody should see of automatic answers: that the limit per hour holds some back."""

from __future__ import annotations

from helpdesk_tui.db.auto_answers import load_held
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.auto_answer import HOUR
from helpdesk_tui.domain.times import span_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now


def answers_held(store: Store, *, now: Clock = utc_now) -> str:
    """Return the inbox whose automatic answers were held back within the last hour, or nothing."""
    with store.read() as connection:
        return load_held(connection, to_us(now()) - span_us(HOUR))
