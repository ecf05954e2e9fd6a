"""Why a source of facts about customers cannot be asked, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

SOURCE_SENTENCES: Marked[Mapping[str, str]] = {
    "provider.paced": "as many were asked for as the provider allows: it is asked again by itself",
    "source.bad-url": "{url} is not where a key may be sent: give an address with https",
    "source.credentials": "the key is refused: make a new one over there and give it with"
    " 'helpdesk source secret'",
    "source.refused": "the source refused the question: {text}",
    "source.scope": "the key lacks the right {scope}: make one over there that has it and give it"
    " with 'helpdesk source secret'",
    "source.version": "the source no longer speaks as this version of the program does"
    " ({version}): update helpdesk-tui",
}
"""Sentences of keys, rights and revisions."""
