"""The way out and back in: what was typed and could not be saved is in neither case lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.errors import sentence, sentence_of

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.drafting import DraftKeeper
    from helpdesk_tui.screens.dialogs.quit import Unsent
    from helpdesk_tui.services.desk import Desk


def unsent(desk: Desk, running: str) -> Unsent:
    """Return what is not sent, and what is still being done, when the program ends. Blocks."""
    from helpdesk_tui.screens.dialogs.quit import Unsent

    drafts = desk.drafts.all() if desk.actor.agent_id is not None else []
    return Unsent(
        tuple((row.id, clean(row.subject)) for draft, row in drafts if draft.text.strip()),
        tuple((number, clean(subject)) for number, subject in desk.replies.waiting()),
        running,
    )


def rescue(keeper: DraftKeeper, desk: Desk) -> str:
    """Write what is in no draft when the program ends into a file; say where it is. Blocks."""
    if not keeper.is_dirty or desk.actor.agent_id is None:
        return ""
    from helpdesk_tui.services.rescue import keep_unsaved

    try:
        file = keep_unsaved(desk.store.paths.root, desk.actor.agent_id, keeper.texts)
    except HelpdeskError as error:
        return sentence(error)
    return sentence_of("draft.rescued", path=str(file))


def bring_back_words(desk: Desk) -> str:
    """Put the texts of such files back into their drafts; return what to tell of it. Blocks."""
    from helpdesk_tui.services.rescue import bring_back

    if desk.actor.agent_id is None:
        return ""
    found = bring_back(desk.store.paths.root, desk.actor.agent_id, desk.drafts)
    words = []
    if found.tickets:
        numbers = ", ".join(f"#{number}" for number in found.tickets)
        words.append(sentence_of("draft.back", tickets=numbers))
    words += [sentence_of("draft.still-in-file", path=str(file)) for file in found.left]
    return "; ".join(words)
