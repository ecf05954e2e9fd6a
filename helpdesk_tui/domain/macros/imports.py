"""Macros as other helpdesks export them (JSON of their interfaces, CSV), made into our files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.import_draft import Foreign, ImportDraft
from helpdesk_tui.domain.text import clean

_WRAPPERS = ("macros", "data", "payload", "replies", "canned_responses", "text_modules", "results")


def read_export(text: str) -> tuple[str, tuple[Foreign, ...]]:
    """Return the helpdesk that an export (JSON) is of, and its macros.

    Raises:
        UsageError: ``macro.export-json`` if it is no JSON, ``macro.export-unknown`` if it is of
            none of the helpdesks that are understood.
    """
    try:
        raw = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UsageError("macro.export-json", reason=clean(str(error))) from error
    items = _items(raw)
    for origin, is_one, make in _ORIGINS:
        if items and all(is_one(item) for item in items):
            return origin, tuple(make(item).finished() for item in items)
    raise UsageError("macro.export-unknown")


def _items(raw: Any) -> list[dict[str, Any]]:
    """Return the macros of an export, whatever they are wrapped in."""
    if isinstance(raw, dict) and isinstance(raw.get("_embedded"), dict):
        raw = raw["_embedded"]
    if isinstance(raw, dict):
        inner = next((raw[key] for key in _WRAPPERS if isinstance(raw.get(key), list)), None)
        single = raw.get("macro")
        raw = inner if inner is not None else [single if isinstance(single, dict) else raw]
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        return []
    return raw


def _listed(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _gorgias(item: Mapping[str, Any]) -> ImportDraft:
    language = str(item.get("language") or "")
    draft = ImportDraft(str(item.get("name", "")), language=language)
    for action in _listed(item.get("actions")):
        given = _table(action.get("arguments"))
        _gorgias_action(draft, str(action.get("name", "")), given)
    return draft


def _gorgias_action(draft: ImportDraft, name: str, given: Mapping[str, Any]) -> None:
    text = given.get("body_text") or given.get("body_html")
    simple: dict[str, Callable[[], None]] = {
        "setResponseText": lambda: draft.say("email", text),
        "addInternalNote": lambda: draft.note(text),
        "addTags": lambda: draft.add_tags(given.get("tags", "")),
        "removeTags": lambda: draft.add_tags(given.get("tags", ""), "-"),
        "setStatus": lambda: draft.status(given.get("status", "")),
        "setPriority": lambda: draft.priority(given.get("priority", "")),
    }
    if name in simple:
        simple[name]()
    elif name == "addAttachments":
        for file in _listed(given.get("attachments")):
            draft.lose("file", file.get("name", "?"))
    else:
        draft.lose("action", f"{name} {json.dumps(given, ensure_ascii=False)}")


def _zendesk(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("title", "")))
    actions = _listed(item.get("actions"))
    values = {str(each.get("field")): each.get("value") for each in actions}
    is_note = str(values.get("comment_mode_is_public", "true")).lower() == "false"
    if item.get("active") is False:
        draft.lose("inactive", draft.name)
    for name, value in values.items():
        if name in ("comment_value", "comment_value_html"):
            _zendesk_comment(draft, name, values, is_note=is_note)
        elif name != "comment_mode_is_public":
            _zendesk_action(draft, name, value)
    return draft


def _zendesk_comment(
    draft: ImportDraft, name: str, values: Mapping[str, Any], *, is_note: bool
) -> None:
    # a macro that has both has the same words twice
    if name == "comment_value" and values.get("comment_value_html"):
        return
    value = values[name]
    if isinstance(value, list):
        # [channel, text]: a comment for one kind of channel
        value = value[-1] if value else ""
    if is_note:
        draft.note(value)
    else:
        draft.say("email", value)


def _zendesk_action(draft: ImportDraft, name: str, value: object) -> None:
    if name in ("current_tags", "set_tags"):
        draft.add_tags(value)
        if name == "set_tags":
            draft.lose("action", "set_tags: the tags that were there stay")
    elif name == "remove_tags":
        draft.add_tags(value, "-")
    elif name == "status":
        draft.status(value)
    elif name == "priority":
        draft.priority(value)
    elif name == "assignee_id" and value == "current_user":
        draft.actions["assign"] = "me"
    elif name == "assignee_id" and not value:
        draft.actions["assign"] = "none"
    else:
        draft.lose("action", f"{name} {value}")


def _help_scout(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("name", "")))
    draft.say("email", item.get("text") or item.get("preview"))
    draft.say("chat", item.get("chatText") or item.get("chatPreview"))
    if not item.get("text") and item.get("preview"):
        draft.lose("action", "preview: only the beginning of its text is in this export")
    return draft


def _chatwoot_canned(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("short_code", "")))
    draft.say("chat", item.get("content"))
    return draft


def _chatwoot(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("name", "")))
    for action in _listed(item.get("actions")):
        given = action.get("action_params")
        params = given if isinstance(given, list) else [given] if given else []
        _chatwoot_action(draft, str(action.get("action_name", "")), params)
    return draft


def _chatwoot_action(draft: ImportDraft, name: str, params: Sequence[Any]) -> None:
    first = params[0] if params else ""
    simple: dict[str, Callable[[], None]] = {
        "send_message": lambda: draft.say("chat", first),
        "add_private_note": lambda: draft.note(first),
        "add_label": lambda: draft.add_tags(list(params)),
        "remove_label": lambda: draft.add_tags(list(params), "-"),
        "resolve_conversation": lambda: draft.status("closed"),
        "open_conversation": lambda: draft.status("open"),
        "change_status": lambda: draft.status(first),
        "change_priority": lambda: draft.priority(first),
    }
    if name in simple:
        simple[name]()
    elif name == "assign_agent" and first == "self":
        draft.actions["assign"] = "me"
    elif name == "send_attachment":
        draft.lose("file", f"{name} {first}")
    else:
        draft.lose("action", f"{name} {first}".strip())


def _zammad_module(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("name", "")))
    draft.say("email", item.get("content"))
    if item.get("active") is False:
        draft.lose("inactive", draft.name)
    return draft


def _zammad(item: Mapping[str, Any]) -> ImportDraft:
    draft = ImportDraft(str(item.get("name", "")))
    for name, given in _table(item.get("perform")).items():
        _zammad_action(draft, name, _table(given))
    if str(item.get("ux_flow_next_up", "")).startswith("next_"):
        draft.actions["then"] = "next"
    if item.get("active") is False:
        draft.lose("inactive", draft.name)
    return draft


def _zammad_action(draft: ImportDraft, name: str, given: Mapping[str, Any]) -> None:
    value = given.get("value", "")
    is_internal = str(given.get("internal", "")).lower() == "true"
    if name == "ticket.tags":
        draft.add_tags(value, "-" if given.get("operator") == "remove" else "+")
    elif name == "article.note" and is_internal:
        draft.note(given.get("body"))
    elif name == "article.note":
        draft.say("email", given.get("body"))
    elif name == "ticket.owner_id" and given.get("pre_condition") == "current_user.id":
        draft.actions["assign"] = "me"
    elif name in ("ticket.state", "ticket.priority"):
        (draft.status if name.endswith("state") else draft.priority)(value)
    else:
        # states, groups and priorities come as numbers of that very installation
        draft.lose("action", f"{name} {value}")


def _has(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda item: all(key in item for key in keys)


def _with_action(key: str, *others: str) -> Callable[[Mapping[str, Any]], bool]:
    def is_one(item: Mapping[str, Any]) -> bool:
        actions = _listed(item.get("actions"))
        return all(name in item for name in others) and all(key in each for each in actions)

    return is_one


def _is_saved_reply(item: Mapping[str, Any]) -> bool:
    texts = {"text", "preview", "chatText", "chatPreview"}
    return "name" in item and not texts.isdisjoint(item)


_ORIGINS: tuple[
    tuple[str, Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], ImportDraft]], ...
] = (
    ("zendesk", _with_action("field", "title", "actions"), _zendesk),
    ("chatwoot", _with_action("action_name", "name", "actions"), _chatwoot),
    ("gorgias", _with_action("arguments", "name", "actions"), _gorgias),
    ("zammad", _has("name", "perform"), _zammad),
    ("zammad", _has("name", "content"), _zammad_module),
    ("chatwoot", _has("short_code", "content"), _chatwoot_canned),
    ("helpscout", _is_saved_reply, _help_scout),
)  # fmt: skip
"""The helpdesks by the shape of what they export."""

_NAME_COLUMNS = (
    "name",
    "title",
    "macro_name",
    "macro_title",
    "short_code",
    "shortcut",
    "reply_name",
)
_TEXT_COLUMNS = (
    "email", "content", "body", "text", "body_text", "response_text", "response", "message",
    "reply", "comment", "comment_value", "comment/description", "body_html",
)  # fmt: skip
_TAG_COLUMNS = ("tags", "labels", "current_tags", "add_tags")
_KNOWN_COLUMNS = frozenset({*_NAME_COLUMNS, *_TEXT_COLUMNS, *_TAG_COLUMNS, "language", "status",
                            "priority", "id", "active", "created_at", "updated_at"})  # fmt: skip


def read_foreign_rows(rows: Sequence[Mapping[str, str]]) -> tuple[Foreign, ...]:
    """Return the macros of a table that another helpdesk, or a person, wrote.

    Raises:
        UsageError: ``macro.table-columns`` if no column holds names, or none texts.
    """
    columns = rows[0] if rows else {}
    name = next((each for each in _NAME_COLUMNS if each in columns), "")
    text = next((each for each in _TEXT_COLUMNS if each in columns), "")
    if not name or not text:
        raise UsageError("macro.table-columns", found=clean(", ".join(columns)) or "-")
    return tuple(_of_row(row, name, text).finished() for row in rows)


def _of_row(row: Mapping[str, str], name: str, text: str) -> ImportDraft:
    draft = ImportDraft(row.get(name, ""), language=row.get("language", ""))
    draft.say("email", row.get(text, ""))
    for column, value in row.items():
        if not value.strip():
            continue
        if column in _TAG_COLUMNS:
            draft.add_tags(value)
        elif column == "status":
            draft.status(value)
        elif column == "priority":
            draft.priority(value)
        elif column not in _KNOWN_COLUMNS:
            draft.lose("action", f"{column} {value}")
    return draft
