"""Column types that both databases store alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator, TypeEngine

from helpdesk_tui.domain.times import from_us, to_us


class Large(TypeDecorator[int]):
    """A number that may need more than 32 bits: message ids (from 2^32 on), UIDs of folders.

    SQLite has one kind of whole number, and only a column called INTEGER can count up by itself.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """Say how each database calls it."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as microseconds since 1970: sortable and exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Store; refuses naive datetimes."""
        return None if value is None else to_us(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Load as aware UTC."""
        return None if value is None else from_us(value)
