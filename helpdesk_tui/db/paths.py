"""Where the parts of a store lie: one directory holds everything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StorePaths:
    """The files of an embedded store."""

    root: Path

    @property
    def database(self) -> Path:
        """The main database."""
        return self.root / "helpdesk.db"

    @property
    def live(self) -> Path:
        """Presence and typing: a small second database that is never synced to disk."""
        return self.root / "live.db"

    @property
    def blobs(self) -> Path:
        """Bytes larger than a row should hold, by their SHA-256."""
        return self.root / "blobs"

    @property
    def pages(self) -> Path:
        """What was fetched of the shop's own site: a copy that can be fetched again."""
        return self.root / "pages.json"

    @property
    def log(self) -> Path:
        """The log of all processes of this store."""
        return self.root / "helpdesk.log"

    @property
    def sync_lock(self) -> Path:
        """File lock of the one worker."""
        return self.root / "sync.lock"

    @property
    def write_door(self) -> Path:
        """File lock that a writer holds."""
        return self.root / "write.lock"

    @property
    def write_queue(self) -> Path:
        """File lock that agents hold while they wait to write, so that bulk work lets them."""
        return self.root / "write.queue"

    @property
    def migration_lock(self) -> Path:
        """File lock of the one process that changes the schema."""
        return self.root / "migrate.lock"
