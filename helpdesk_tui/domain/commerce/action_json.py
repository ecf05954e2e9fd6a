"""Changes and what they would do as JSON can hold them, and back: for jobs and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, AmountLine, Preview


def request_json(request: ActionRequest) -> dict[str, Any]:
    """Return a change as JSON can hold it."""
    return {
        "kind": request.kind.value,
        "source": request.source_id,
        "target": request.target,
        "name": request.name,
        "arguments": dict(request.arguments),
        "expected": dict(request.expected),
        "key": request.key,
        "profile": request.profile_id,
        "ticket": request.ticket_id,
        "agent": request.agent_id,
    }


def read_request(said: Mapping[str, Any]) -> ActionRequest:
    """Return the change that :func:`request_json` made JSON of."""
    return ActionRequest(
        kind=ActionKind(said["kind"]),
        source_id=said["source"],
        target=said["target"],
        name=said["name"],
        arguments=said["arguments"],
        expected=said["expected"],
        key=said["key"],
        profile_id=said["profile"],
        ticket_id=said["ticket"],
        agent_id=said["agent"],
    )


def preview_json(preview: Preview) -> dict[str, Any]:
    """Return what a change would do as JSON can hold it."""
    return {
        "request": request_json(preview.request),
        "amounts": [[one.name, one.amount, one.currency] for one in preview.amounts],
        "changes": [list(one) for one in preview.changes],
        "beside": list(preview.beside),
        "warnings": [[code, dict(values)] for code, values in preview.warnings],
        "notifies": preview.notifies,
    }


def read_preview(said: Mapping[str, Any]) -> Preview:
    """Return what :func:`preview_json` made JSON of."""
    return Preview(
        request=read_request(said["request"]),
        amounts=tuple(AmountLine(*one) for one in said["amounts"]),
        changes=tuple((what, before, after) for what, before, after in said["changes"]),
        beside=tuple(said["beside"]),
        warnings=tuple((code, values) for code, values in said["warnings"]),
        notifies=said["notifies"],
    )
