"""Writing in the agent's own editor, and back in the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_tui.domain.actor import Actor
    from helpdesk_tui.screens.composing.pane import ComposerPane


def write_outside(pane: ComposerPane, actor: Actor) -> None:
    """Write the text of a composer in ``$EDITOR``."""
    from helpdesk_tui.screens.composing.outside import edit_outside

    composer = pane.composer
    text, problem = edit_outside(pane.app, composer.text, actor)
    if problem:
        composer.say(problem)
    elif text != composer.text:
        composer.set_text(text)
        pane.edited(composer.text)
    composer.editor.focus()
