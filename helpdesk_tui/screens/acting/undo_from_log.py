"""Going back on what stands in the log: what it would do is shown, and asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.activity import UndoPreview
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.services.bulk import CHUNK
from helpdesk_tui.widgets.words.activity import (
    outcome_words,
    preview_title,
    preview_verb,
    preview_words,
)
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk


def ask_undo(
    screen: Jobs,
    desk: Desk,
    preview: UndoPreview,
    zone: tzinfo | None,
    done: Callable[[Change, str], object],
) -> None:
    """Show what taking back an action would do, and do it on a yes.

    Args:
        screen: what the question stands over.
        desk: where it is done.
        preview: what would be done.
        zone: the agent's time zone.
        done: takes what was done, and what is said of it.
    """
    from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

    if not preview.tickets:
        done(Change(preview.change_id, (), preview.skipped), _nothing(preview))
        return

    def answer(yes: bool | None) -> None:
        if yes:
            screen.start(
                lambda: _undone(desk, preview),
                lambda change: done(change, outcome_words(change, again=preview.again)),
                partial(_refused, preview, done),
                group="write",
            )

    body = preview_words(preview, zone)
    dialog = ConfirmDialog(preview_title(preview), body, preview_verb(preview))
    screen.app.push_screen(dialog, answer)


def _undone(desk: Desk, preview: UndoPreview) -> Change:
    if preview.tickets <= CHUNK:
        return desk.activity.undo(preview.change_id)
    report = desk.bulk.undo(preview.change_id)
    return Change(report.change_id, tuple(report.changed), report.skipped, report.kept)


def _nothing(preview: UndoPreview) -> str:
    return outcome_words(Change(preview.change_id, (), preview.skipped), again=preview.again)


def _refused(
    preview: UndoPreview, done: Callable[[Change, str], object], error: HelpdeskError
) -> None:
    from helpdesk_tui.widgets.words.errors import sentence

    done(Change(preview.change_id, ()), sentence(error))


def undo_newest(
    screen: Jobs,
    desk: Desk,
    zone: tzinfo | None,
    say: Callable[[str], object],
    done: Callable[[Change], object],
) -> None:
    """Take back this agent's newest action that stands, also one of days ago; asks first.

    For ``z`` where nothing of this session is left to undo.
    """

    def told(change: Change, said: str) -> None:
        say(said)
        if change.changed:
            done(change)

    def found(preview: UndoPreview | None) -> None:
        if preview is None:
            say(_("nothing to undo"))
        else:
            ask_undo(screen, desk, preview, zone, told)

    screen.ask(desk.activity.newest_undoable, found, group="ask")
