"""Macros in a draft: their files go to it, their actions follow in the change that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.services.drafts import check_sizes
from helpdesk_tui.services.macros.plan import Plan, Step
from helpdesk_tui.services.macros.running import Run, run_one
from helpdesk_tui.services.macros.shelf import MacroRow, checked

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.services.macros.macros import Macros


@dataclass(frozen=True, slots=True)
class Following:
    """A macro whose actions follow once the draft is sent."""

    macro_id: int
    name: str
    steps: tuple[Step, ...]
    then: Then = Then.USUAL


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft after a macro was put into it."""

    files: tuple[AttachmentRow, ...]
    following: tuple[Following, ...]


def put_in_draft(
    connection: sqlite3.Connection, macros: Macros, key: DraftKey, row: MacroRow, plan: Plan,
    text: str,
) -> None:  # fmt: skip
    """Add a macro's files to a draft and note its actions, inside the caller's transaction.

    Args:
        connection: The store.
        macros: Who acts, and when.
        key: The draft.
        row: The macro.
        plan: What it says and does in this ticket.
        text: The whole text of the draft, for one that is not in the store yet.

    Raises:
        UsageError: ``attachment.too-large``.
    """
    channel = draft_rows.channel_of(connection, key.ticket_id) or "email"
    if plan.files:
        there = [(file.filename, file.size) for file in draft_rows.load_files(connection, key)]
        check_sizes(channel, [*there, *((file[0], file[2]) for file in plan.files)])
    draft_rows.add_files(connection, key, plan.files)
    if draft_rows.load_draft(connection, key) is None:
        # a newer text is the keeper's to write; one that is not there would leave the rest alone
        draft_rows.save_draft(connection, key, text, macros.moment())
    if key.kind is DraftKind.REPLY and acts(plan.steps):
        before = draft_rows.load_macros(connection, key)
        wanted = dict(before) | {row.id: plan.language}
        draft_rows.save_macros(connection, key, tuple(wanted.items()))


def acts(steps: Sequence[Step]) -> bool:
    """Tell whether something follows once the text was sent; files go along with it."""
    return any(step.name != "attach" for step in steps)


def following(
    connection: sqlite3.Connection, macros: Macros, key: DraftKey
) -> tuple[Following, ...]:
    """Return the macros of a draft with what they will do; one that was deleted is left out."""
    found: list[Following] = []
    for macro_id, language in draft_rows.load_macros(connection, key):
        try:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            plan = macros.plan(connection, row, key.ticket_id, language)
        except HelpdeskError:
            continue
        steps = tuple(step for step in plan.steps if step.name != "attach")
        found.append(Following(row.id, row.name, steps, row.macro.then))
    return tuple(found)


def follow(
    connection: sqlite3.Connection,
    macros: Macros,
    ticket_id: int,
    wanted: Sequence[tuple[int, str]],
    change_id: str,
) -> None:
    """Do the actions of a draft's macros as part of the change that sent it.

    Raises:
        HelpdeskError: the first action that cannot be done; then nothing is sent either.
    """
    for macro_id, language in wanted:
        stored = rows.load_macro(connection, macro_id)
        if stored is None:
            continue  # nobody can do what nobody knows any more; the composer says so
        row = checked(stored, macro_id)
        plan = macros.plan(connection, row, ticket_id, language)
        run = Run(row.id, macros.actor, macros.moment(), change_id, sends=False, language=language,
                  attended=True)  # fmt: skip
        outcome = run_one(connection, macros.paths, run, ticket_id, plan)
        if outcome.error is not None:
            raise outcome.error


def draft_key(macros: Macros, ticket_id: int, kind: DraftKind) -> DraftKey:
    """Return the draft of the agent who acts.

    Raises:
        NotAllowed: ``agent.missing`` if no agent acts.
    """
    if macros.actor.agent_id is None:
        raise NotAllowed("agent.missing")
    return DraftKey(ticket_id, macros.actor.agent_id, kind)
