"""Notices of a message as they lie in the store: a JSON list of [kind, {name: value}]."""

from __future__ import annotations

import json

from helpdesk_tui.domain.mail import Notice, NoticeKind

_KINDS = frozenset(kind.value for kind in NoticeKind)


def packed_notices(notices: tuple[Notice, ...]) -> str:
    """Return notices for a column."""
    if not notices:
        return "[]"
    return json.dumps([[notice.kind, dict(notice.values)] for notice in notices])


def unpacked_notices(packed: str) -> tuple[Notice, ...]:
    """Return the notices of a column; kinds of a newer program are left out."""
    if packed == "[]":
        return ()
    return tuple(
        [
            Notice(NoticeKind(kind), tuple(values.items()))
            for kind, values in json.loads(packed)
            if kind in _KINDS
        ]
    )
