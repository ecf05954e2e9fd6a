"""Looking into a store by its tables."""

from __future__ import annotations

from typing import Any

from helpdesk_tui.db.store import Store


class HasRows:
    """Something with a store whose rows tests look at."""

    store: Store

    def rows(self, table: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return rows of a table, in the order of their ids."""
        where = " AND ".join(f"{name} = :{name}" for name in wanted) or "1 = 1"
        with self.store.read() as connection:
            found = connection.execute(
                f"SELECT * FROM {table} WHERE {where} ORDER BY rowid", wanted
            )
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]

    def row(self, table: str, **wanted: Any) -> dict[str, Any]:
        """Return the one row of a table."""
        (found,) = self.rows(table, **wanted)
        return found

    def heard(self) -> list[str]:
        """Return the texts of all messages of customers, oldest first."""
        found = self.rows("message", direction="inbound")
        return [each["text"] for each in sorted(found, key=lambda each: each["id"])]
