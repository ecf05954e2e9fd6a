"""What a visitor is told while an agent still looks into it, in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.languages import base_language, in_language

PRESETS: Mapping[str, str] = {
    "en": "Thank you for waiting. I am still looking into it.",
    "pl": "Dziękuję za cierpliwość. Nadal to sprawdzam.",
    "sv": "Tack för att du väntar. Jag tittar fortfarande på det.",
    "pt": "Obrigado por aguardar. Ainda estou verificando.",
}
"""By the first part of the language tag; the Portuguese one is Brazilian."""


def holding_text(own: str, language: str) -> str:
    """Return what is said.

    Args:
        own: The desk's text; empty for the preset.
        language: Tag of the visitor's browser, such as ``pt-BR``.
    """
    return in_language(own, language) or PRESETS[base_language(language)]
