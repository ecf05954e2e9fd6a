"""The file that the sample shop lives in: read whole, replaced whole, by one at a time."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from helpdesk_tui.db.commerce.bodies import from_body, to_body
from helpdesk_tui.domain.commerce.sample_shop import SampleShop
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.sync.channels.errors import Retry

_T = TypeVar("_T")
_MOST = 50_000_000


class ShopFile:
    """A sample shop on disk; any number of processes may have it open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._shop = SampleShop()

    def load(self) -> SampleShop:
        """Return the shop as it stands; empty where there is no file yet.

        Raises:
            Retry: ``sandbox.broken`` if what is there is no shop.
        """
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return SampleShop()
        # a change replaces the file, so that it is another one each time
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._shop, self._seen = self._read(), seen
        return self._shop

    def change(self, make: Callable[[SampleShop], tuple[SampleShop, _T]]) -> _T:
        """Replace the shop by what ``make`` makes of it; what it raises leaves all as it was.

        Args:
            make: Returns the shop as it is to be, and what is returned here.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = self._path.with_name(f"{self._path.name}.lock")
        with os.fdopen(os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            shop, made = make(self.load())
            self._write(shop)
        return made

    def _read(self) -> SampleShop:
        try:
            with self._path.open(encoding="utf-8") as file:
                return from_body(SampleShop, file.read(_MOST))
        except (OSError, UnicodeError, StoreError) as error:
            raise Retry("sandbox.broken", path=str(self._path), reason=str(error)) from error

    def _write(self, shop: SampleShop) -> None:
        folder = self._path.parent
        handle, name = tempfile.mkstemp(prefix=f".{self._path.name}-", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(to_body(shop))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
