"""Lines of keys and what they do, with the keys set apart."""

from __future__ import annotations

from textual.content import Content

from helpdesk_tui.domain.text import clean


def key_hints(text: str) -> Content:
    """Return ``y send · esc closes`` with the first word of each part as a key.

    Parts without a key begin with a blank: `` draft saved``.
    """
    pieces: list[Content | tuple[str, str]] = []
    for part in clean(text).split(" · "):
        if pieces:
            pieces.append((" · ", "$dim"))
        key, space, rest = part.partition(" ")
        if key:
            pieces.append((key, "bold $link"))
        pieces.append((space + rest if key else rest, "$dim"))
    return Content.assemble(*pieces)
