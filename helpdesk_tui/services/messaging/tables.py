"""Tables of consent and of marketing sends as files: CSV lines read one by one, errors by line.

The first line names the columns; other programs' names for them are understood. Reading the same
file again changes nothing, so that a stopped import is taken up by running it again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.db.messaging.sends import SendRow
from helpdesk_tui.domain.channels import CHANNELS, SMS
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.messaging.attribution import KINDS
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.text import clean, clean_lines, fold, shorten
from helpdesk_tui.services.messaging.consent import IMPORT
from helpdesk_tui.services.messaging.consent import KINDS as CONSENT_KINDS
from helpdesk_tui.services.messaging.numbers import e164

Row = TypeVar("Row")
_LONGEST_LINE = 100_000
_LONGEST = 500
_LONGEST_TEXT = 2_000

CONSENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("phone", "phone number", "mobile", "address", "to"),
    "state": ("consent", "sms consent", "status", "sms marketing consent"),
    "kind": ("type", "consent type"),
    "channel": (),
    "at": ("date", "time", "timestamp", "consented at", "sms consent timestamp", "updated at"),
    "source": ("detail", "method", "sms consent method", "consent source", "note"),
}
SEND_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("message id", "send id", "external id", "sid"),
    "number": ("phone", "phone number", "to", "recipient", "address"),
    "kind": ("type",),
    "name": ("campaign", "campaign name", "flow", "flow name"),
    "text": ("body", "message"),
    "sent_at": ("sent", "send time", "sent at", "date"),
    "delivered_at": ("delivered", "delivery time", "delivered at", "received at"),
    "channel": (),
}
"""Columns with the names that other programs give them."""
_NEEDED = {"number", "state"}
_SEND_NEEDED = {"id", "number", "name", "sent_at", "delivered_at"}

_STATES: Mapping[str, ConsentState] = {
    **dict.fromkeys(
        ("given", "yes", "true", "1", "subscribed", "opted in", "opt in", "granted"),
        ConsentState.GIVEN,
    ),
    **dict.fromkeys(
        ("withdrawn", "no", "false", "0", "unsubscribed", "opted out", "opt out", "revoked"),
        ConsentState.WITHDRAWN,
    ),
    **dict.fromkeys(
        ("", "unknown", "never subscribed", "not subscribed", "none"), ConsentState.UNKNOWN
    ),
}


@dataclass(frozen=True, slots=True)
class Line(Generic[Row]):
    """One line of a file, or why it says nothing."""

    number: int
    row: Row | None
    error: HelpdeskError | None = None


def read_consents(path: Path, *, region: str = "") -> Iterator[Line[ConsentRow]]:
    """Yield the lines of a file of consent; those of people who never said anything are left out.

    Where the file names no moment, what it says is as old as the file.

    Raises:
        UsageError: ``file.missing``, ``consent.columns`` or ``consent.not-a-table``.
    """
    written = datetime.fromtimestamp(_stat(path), UTC)
    for number, values in _lines(path, CONSENT_COLUMNS, _NEEDED):
        try:
            row = _consent(values, region, written)
        except UsageError as error:
            yield Line(number, None, error)
        else:
            if row.state is not ConsentState.UNKNOWN:
                yield Line(number, row)


def read_sends(path: Path, *, region: str = "", source: str = IMPORT) -> Iterator[Line[SendRow]]:
    """Yield the lines of a file of marketing sends.

    Raises:
        UsageError: ``file.missing``, ``consent.columns`` or ``consent.not-a-table``.
    """
    _stat(path)
    for number, values in _lines(path, SEND_COLUMNS, _SEND_NEEDED):
        try:
            yield Line(number, _send(values, region, source))
        except UsageError as error:
            yield Line(number, None, error)


def _consent(values: Mapping[str, str], region: str, written: datetime) -> ConsentRow:
    state = _STATES.get(_word(values.get("state", "")))
    if state is None:
        raise UsageError("consent.state", state=_shown(values.get("state", "")))
    kind = _word(values.get("kind", "")) or CONSENT_KINDS[0]
    if kind not in CONSENT_KINDS:
        raise UsageError("consent.kind", kind=_shown(kind))
    at = values.get("at", "")
    return ConsentRow(
        channel=_channel(values),
        address=e164(values.get("number", ""), region),
        state=state,
        source=IMPORT,
        # a file knows nothing of what was said after it was written
        at=min(moment(at), written) if at else written,
        kind=kind,
        detail=_shown(values.get("source", "")),
    )


def _send(values: Mapping[str, str], region: str, source: str) -> SendRow:
    kind = _word(values.get("kind", "")) or KINDS[0]
    if kind not in KINDS:
        raise UsageError("sends.kind", kind=_shown(kind))
    external_id, name = _shown(values.get("id", "")), _shown(values.get("name", ""))
    if not external_id:
        raise UsageError("sends.no-id")
    if not name:
        raise UsageError("sends.no-name")
    delivered = values.get("delivered_at", "")
    return SendRow(
        channel=_channel(values),
        address=e164(values.get("number", ""), region),
        source=source,
        external_id=external_id,
        kind=kind,
        name=name,
        text=shorten(clean_lines(values.get("text", "")), _LONGEST_TEXT),
        sent_at=moment(values.get("sent_at", "")),
        delivered_at=moment(delivered) if delivered else None,
    )


def _channel(values: Mapping[str, str]) -> str:
    name = _word(values.get("channel", "")) or SMS.name
    spec = CHANNELS.get(name)
    if spec is None or not spec.has_opt_out:
        raise UsageError("consent.channel", channel=_shown(name))
    return name


def moment(text: str) -> datetime:
    """Return a moment; one without a zone is of UTC.

    Raises:
        UsageError: ``consent.not-a-time``.
    """
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("consent.not-a-time", value=_shown(text)) from None


def _word(text: str) -> str:
    return " ".join(fold(text).replace("_", " ").replace("-", " ").split())


def _shown(text: str) -> str:
    return shorten(" ".join(clean(text).split()), _LONGEST)


def _stat(path: Path) -> float:
    if not path.is_file():
        raise UsageError("file.missing", path=path)
    return path.stat().st_mtime


def _lines(
    path: Path, columns: Mapping[str, tuple[str, ...]], needed: set[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the lines of a table that hold anything, with their numbers in the file."""
    names: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(_LONGEST_LINE)
            file.seek(0)
            reader = csv.reader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if names:
                    held = zip(names, cells, strict=False)
                    yield reader.line_num, {name: cell.strip() for name, cell in held if name}
                else:
                    names = _names(cells, columns, needed)
    except (UnicodeDecodeError, csv.Error):
        raise UsageError("consent.not-a-table", path=path) from None


def _names(
    cells: Sequence[str], columns: Mapping[str, tuple[str, ...]], needed: set[str]
) -> list[str]:
    """Return what each column of a file is here; empty for one that is not wanted."""
    known = {_word(each): name for name, others in columns.items() for each in (name, *others)}
    names = [known.get(_word(cell), "") for cell in cells]
    # of two columns with one meaning the first is read
    names = [name if name not in names[:at] else "" for at, name in enumerate(names)]
    for name in sorted(needed):
        if name not in names:
            raise UsageError("consent.columns", column=name, known=", ".join(columns))
    return names
