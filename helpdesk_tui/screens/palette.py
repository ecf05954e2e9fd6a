"""What the palette finds: every action of the key table, and every theme, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from helpdesk_tui.widgets.keys import KEYS, shown
from helpdesk_tui.widgets.theme import THEMES

if TYPE_CHECKING:
    from helpdesk_tui.app import HelpdeskApp

Entry = tuple[str, str, Callable[[], None]]


class Commands(Provider):
    """Offers actions with their keys, then themes."""

    async def discover(self) -> Hits:
        """Offer everything while nothing is typed."""
        for name, help_text, do in self._entries():
            yield DiscoveryHit(name, do, help=help_text)

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for name, help_text, do in self._entries():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), do, help=help_text)

    def _entries(self) -> Iterator[Entry]:
        app = cast("HelpdeskApp", self.app)
        inbox = app.inbox
        for key in KEYS:
            if key.in_palette and (key.id in inbox.can or key.id.startswith("app.")):
                keys = "  ".join(shown(one) for one in inbox.keymap[key.id])
                yield key.description, keys, partial(inbox.perform, key.id)
        for name in THEMES:
            title = f"Theme: {name.removeprefix('helpdesk-')}"
            yield title, "colours", partial(app.use_theme, name)


PROVIDERS: list[type[Provider]] = [Commands]
"""Where the palette looks."""
