"""Which refusals of providers say that nothing will ever arrive at an address."""

from __future__ import annotations

from helpdesk_tui.domain.messaging import twilio_codes

_META = frozenset(("meta.131026", "meta.551", "meta.no-such-person"))
"""Not on WhatsApp; not to be reached on Instagram, or gone from there."""


def is_dead_end(code: str) -> bool:
    """Tell whether an error of a message means that writing there again is in vain."""
    bad = twilio_codes.Meaning.BAD_ADDRESS
    return code in _META or twilio_codes.meaning_of_code(code) is bad
