"""Why a message did not arrive."""

from __future__ import annotations

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.errors import SENTENCES, sentence_of

_OF_PROVIDERS = ("meta", "twilio", "provider", "reply", "media")
"""Beginnings of the codes whose sentences say more than what a provider says."""


def delivery_trouble(code: str, text: str) -> str:
    """Return why a message did not arrive: our words for a provider's number, else its own."""
    template = SENTENCES.get(code) if code.partition(".")[0] in _OF_PROVIDERS else None
    if template is not None:
        return sentence_of(code, text=text)
    return clean(text) or clean(code)
