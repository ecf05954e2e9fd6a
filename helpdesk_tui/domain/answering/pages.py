"""Pages of the shop's own site as they are kept between two visits of the worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.domain.times import rfc3339

EVERY = timedelta(days=1)
"""How old what is known may be before it is fetched anew."""
SOONER = timedelta(hours=1)
"""The same where something did not work."""
KEPT = timedelta(days=7)
"""How long a page that cannot be reached is still answered from."""
_VERSION = 1
_PASSING = frozenset(
    (
        "slow", "unreachable", "host-unknown", "given-up", "no-time", "robots-unknown",
        "status-408", "status-425", "status-429",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page with what was read of it."""

    address: str
    named_by: str
    """The address in the setting that it comes from: its own, or that of a list of pages."""
    title: str = ""
    language: str = ""
    """As the page says it; may be empty."""
    text: str = ""
    """Its readable text, headings marked as in Markdown."""
    etag: str = ""
    modified: str = ""
    read_at: datetime | None = None
    """When the text was last known to be what stands there."""
    trouble: str = ""
    """Why the last visit failed: a code."""


@dataclass(frozen=True, slots=True)
class Pages:
    """All that is known of the pages that a setting names."""

    wanted: tuple[str, ...] = ()
    """The setting when they were fetched."""
    checked_at: datetime | None = None
    pages: tuple[Page, ...] = ()
    troubles: Mapping[str, str] = field(default_factory=dict)
    """Address of a list of pages, or of a whole site → why it is of no use: a code."""

    def due_at(self, wanted: Sequence[str], now: datetime) -> datetime:
        """Return when they are to be fetched again."""
        if self.checked_at is None or tuple(wanted) != self.wanted or self.checked_at > now:
            return now
        passing = [*self.troubles.values(), *(each.trouble for each in self.pages)]
        return self.checked_at + (SOONER if any(map(is_passing, passing)) else EVERY)

    def of(self, wanted: Iterable[str]) -> tuple[Page, ...]:
        """Return the pages with a text that are still wanted."""
        named = frozenset(wanted)
        return tuple(each for each in self.pages if each.text and each.named_by in named)


def is_passing(code: str) -> bool:
    """Tell whether what did not work may well work at the next visit."""
    return code in _PASSING or code.startswith("status-5")


def failed(page: Page, code: str, now: datetime) -> Page:
    """Return a page after a visit that gave nothing; an old text stays for some days."""
    is_fresh = page.read_at is not None and now - page.read_at < KEPT
    if is_fresh and is_passing(code):
        return replace(page, trouble=code)
    return Page(page.address, page.named_by, trouble=code)


def pages_json(pages: Pages) -> dict[str, Any]:
    """Return what is known, to be kept."""
    return {
        "version": _VERSION,
        "wanted": list(pages.wanted),
        "checked_at": rfc3339(pages.checked_at) if pages.checked_at else None,
        "pages": [
            {**asdict(each), "read_at": rfc3339(each.read_at) if each.read_at else None}
            for each in pages.pages
        ],
        "troubles": dict(pages.troubles),
    }


def read_pages(said: Any) -> Pages:
    """Return what was kept; what cannot be understood is nothing, it will be fetched anew."""
    try:
        if said["version"] != _VERSION:
            return Pages()
        return Pages(
            tuple(map(str, said["wanted"])),
            _time(said["checked_at"]),
            tuple(Page(**{**each, "read_at": _time(each["read_at"])}) for each in said["pages"]),
            dict(said["troubles"]),
        )
    except (KeyError, TypeError, ValueError):
        return Pages()


def _time(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(text)
    return moment
