"""The intake list: what was received and made no ticket, with its reason."""

from __future__ import annotations

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.reads.intake import load_intake, load_intake_row
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.intake import IntakePage, IntakeRow


class Intake:
    """Reads the intake list; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, *, after: int | None = None, limit: int = 50) -> IntakePage:
        """Return the newest rows, or those behind the row with the id ``after``."""
        with self._store.read() as connection:
            rows = load_intake(connection, after=after, limit=limit + 1)
        return IntakePage(rows[:limit], has_more=len(rows) > limit)

    def load(self, intake_id: int) -> tuple[IntakeRow, bytes]:
        """Return a row with the mail byte for byte as it came in.

        Raises:
            NotFound: if there is no such row, or its mail is gone.
        """
        with self._store.read() as connection:
            found = load_intake_row(connection, intake_id)
            if found is None:
                raise NotFound("intake.missing", id=intake_id)
            row, key = found
            return row, get_blob(connection, self._store.paths, key)
