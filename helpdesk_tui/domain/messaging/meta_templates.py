"""Approved texts as the WhatsApp Cloud API lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.json_fields import id_at, objects_at, text_at, word_at
from helpdesk_tui.domain.messaging.templates import TemplateFound

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
OTHER = "other"
"""Status of a template that Meta has approved, and that takes more than the values of its text."""


def template_of(said: Mapping[str, Any]) -> TemplateFound | None:
    """Return a template of the list; None where it has no name, language or text."""
    name, language = id_at(said, "name"), id_at(said, "language")
    parts = {word_at(each, "type").upper(): each for each in objects_at(said, "components")}
    body = text_at(parts.get("BODY"), "text")
    if not name or not language or not body:
        return None
    status = word_at(said, "status").lower()
    if status == "approved" and not _is_plain(parts, body):
        status = OTHER
    category = word_at(said, "category").lower()
    return TemplateFound(name, language, status, body, category, id_at(said, "id"))


def _is_plain(parts: Mapping[str, Mapping[str, Any]], body: str) -> bool:
    """Tell whether the numbered values of the text are all that has to be given."""
    header = parts.get("HEADER", {})
    if word_at(header, "format").upper() not in ("", "TEXT") or _PLACE.search(
        text_at(header, "text")
    ):
        return False
    buttons = objects_at(parts.get("BUTTONS"), "buttons")
    if any(_PLACE.search(text_at(each, "url")) for each in buttons):
        return False
    return all(found.isdecimal() for found in _PLACE.findall(body))
