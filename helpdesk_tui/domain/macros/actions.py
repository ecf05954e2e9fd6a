"""Read and write the actions of a macro as they stand in its file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.macro import Actions, MacroFile, macro_file
from helpdesk_tui.domain.tags import tag_name
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Priority

ORDER = (
    "note", "attach", "tag", "assign", "priority", "status", "snooze", "spam", "set", "webhook",
    "order", "sub", "then",
)  # fmt: skip
"""The actions in the order in which they are done."""

STATUSES = ("close", "open")
_MAX_FILES = 20
_LONGEST_LINE = 200
_LONGEST_TEXT = 50_000
_WHO = re.compile(r"me|none|round-robin|@[a-z][a-z0-9_-]{0,39}|[^\s@][^@\n]{0,79}")
_ADDRESS = re.compile(r"https://[\x21-\x7e]{3,500}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Misread(Exception):
    """Something in a macro's file that is not understood."""

    def __init__(self, code: str, key: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.key = key
        self.values = {name: clean(str(value)) for name, value in values.items()}


def text_of(raw: Mapping[str, Any], key: str, where: str = "", *, lines: bool = False) -> str:
    """Return a text of the file, empty where there is none.

    Raises:
        Misread: if it is none, too long, or holds control characters.
    """
    value = raw.get(key, "")
    path = f"{where}{key}"
    if not isinstance(value, str):
        raise Misread("macro.wrong-type", path, name=path, kind="text")
    limit = _LONGEST_TEXT if lines else _LONGEST_LINE
    if len(value) > limit:
        raise Misread("macro.too-long", path, limit=limit)
    if _CONTROL.search(value) or not (lines or clean(value) == value):
        raise Misread("macro.control", path, name=path)
    return value if lines else value.strip()


def texts_of(raw: Mapping[str, Any], key: str, where: str = "") -> tuple[str, ...]:
    """Return a list of texts of the file; a single text counts as a list of one.

    Raises:
        Misread: if it is something else.
    """
    value = raw.get(key, [])
    path = f"{where}{key}"
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise Misread("macro.wrong-type", path, name=path, kind="list of texts")
    return tuple(text_of({path: each}, path) for each in value)


def read_actions(raw: Mapping[str, Any]) -> Actions:
    """Return the actions of a file's ``[actions]``.

    Raises:
        Misread: for the first thing that is not understood.
    """
    where = "actions."
    unknown = [key for key in raw if key not in ORDER]
    if unknown:
        raise Misread("macro.unknown-key", where + unknown[0], name=unknown[0],
                      known=", ".join(ORDER))  # fmt: skip
    added, removed = _tags(texts_of(raw, "tag", where))
    when = text_of(raw, "snooze", where)
    return Actions(
        note=text_of(raw, "note", where, lines=True),
        attach=_files(texts_of(raw, "attach", where)),
        add_tags=added,
        remove_tags=removed,
        assign=_matching(text_of(raw, "assign", where), "assign", _WHO, "me, @name, none …"),
        priority=_priority(text_of(raw, "priority", where)),
        status=one_of(text_of(raw, "status", where), "actions.status", STATUSES),
        snooze=when.removesuffix("!").strip(),
        snooze_keep=when.endswith("!"),
        spam=_switch(raw, "spam"),
        fields=_fields(raw.get("set", {})),
        webhook=_matching(text_of(raw, "webhook", where), "webhook", _ADDRESS, "https://…"),
        order=texts_of(raw, "order", where),
        sub=texts_of(raw, "sub", where),
    )


def _tags(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return tags to add and to take off, from words such as ``+refund -new vip``."""
    added: set[str] = set()
    removed: set[str] = set()
    for word in " ".join(words).split():
        side = removed if word.startswith("-") else added
        try:
            side.add(tag_name(word.lstrip("+-")))
        except UsageError as error:
            raise Misread("macro.bad-tag", "actions.tag", name=word) from error
    both = added & removed
    if both:
        raise Misread("macro.bad-tag", "actions.tag", name=min(both))
    return tuple(sorted(added)), tuple(sorted(removed))


def _files(words: tuple[str, ...]) -> tuple[MacroFile, ...]:
    found = tuple(macro_file(word) for word in words)
    if len(found) > _MAX_FILES:
        raise Misread("macro.too-many-files", "actions.attach", limit=_MAX_FILES)
    for file in found:
        parts = file.path.replace("\\", "/").split("/")
        if not file.path or ".." in parts or parts[0] in ("", "~") or ":" in parts[0]:
            raise Misread("macro.bad-file", "actions.attach", name=file.path)
    return found


def _matching(value: str, name: str, pattern: re.Pattern[str], hint: str) -> str:
    if value and not pattern.fullmatch(value):
        raise Misread("macro.bad-value", f"actions.{name}", name=name, value=value, known=hint)
    return value


def one_of(value: str, key: str, known: tuple[str, ...]) -> str:
    """Return a value that is empty or one of the known ones.

    Raises:
        Misread: if it is something else.
    """
    if value and value not in known:
        raise Misread("macro.bad-value", key, name=key.rpartition(".")[2], value=value,
                      known=", ".join(filter(None, known)))  # fmt: skip
    return value


def _priority(value: str) -> Priority | None:
    names = tuple(each.value for each in Priority)
    return Priority(value) if one_of(value, "actions.priority", names) else None


def _switch(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise Misread("macro.wrong-type", f"actions.{key}", name=key, kind="true or false")
    return value


def _fields(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise Misread("macro.wrong-type", "actions.set", name="set", kind="table")
    for name in raw:
        if not _FIELD.fullmatch(name):
            raise Misread("macro.bad-value", "actions.set", name="set", value=name, known="a_name")
    return {name: text_of(raw, name, "actions.set.") for name in raw}


def tags_text(actions: Actions) -> str:
    """Return the tags as the file has them: ``+refund -new``."""
    words = [f"+{name}" for name in actions.add_tags] + [f"-{name}" for name in actions.remove_tags]
    return " ".join(words)


def written_actions(actions: Actions) -> dict[str, Any]:
    """Return the actions as the file has them, without what is not set."""
    values: dict[str, Any] = {
        "note": actions.note,
        "attach": [file.written for file in actions.attach],
        "tag": tags_text(actions),
        "assign": actions.assign,
        "priority": actions.priority.value if actions.priority else "",
        "status": actions.status,
        "snooze": actions.snooze_text,
        "spam": actions.spam,
        "set": dict(actions.fields),
        "webhook": actions.webhook,
        "order": list(actions.order),
        "sub": list(actions.sub),
    }
    return {name: value for name, value in values.items() if value}
