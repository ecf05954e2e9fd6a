"""The published site on the wire: what the box puts and the relay reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from helpdesk_tui.domain.languages import is_language
from helpdesk_tui.domain.webchat.reading import WireError, is_id, moment_of, moment_text, object_of
from helpdesk_tui.domain.webchat.wire import FaqEntry, Site

_TEXTS = ("id", "name", "login", "accent", "scheme", "side", "privacy_url", "terms_url",
          "login_url", "support_address")  # fmt: skip
_LISTS = ("origins", "identity_keys", "languages")
_SWITCHES = ("enabled", "has_responder")


def site_json(site: Site) -> dict[str, Any]:
    """Return a site as JSON."""
    hours = [[moment_text(start), moment_text(end)] for start, end in site.hours]
    return {**asdict(site), "hours": hours, "faq": [asdict(each) for each in site.faq]}


def site_of(value: object) -> Site:
    """Return a site of the wire.

    Raises:
        WireError: ``relay.nonsense`` with the name of the field.
    """
    said = object_of(value, "site")
    words: dict[str, Any] = {name: _typed(said, name, str) for name in _TEXTS}
    lists: dict[str, Any] = {name: _words(said, name) for name in _LISTS}
    if not is_id(words["id"]) or not all(is_language(each) for each in lists["languages"]):
        raise WireError("relay.nonsense", what="id")
    return Site(
        **words,
        **lists,
        **{name: _typed(said, name, bool) for name in _SWITCHES},
        texts=_texts(said),
        hours=tuple(_span(each) for each in _typed(said, "hours", list)),
        faq=tuple(_entry(each) for each in _typed(said, "faq", list)),
    )


def _typed(said: Mapping[str, Any], name: str, kind: type[Any]) -> Any:
    value = said.get(name)
    if not isinstance(value, kind):
        raise WireError("relay.nonsense", what=name)
    return value


def _words(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = said.get(name)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise WireError("relay.nonsense", what=name)
    return tuple(value)


def _texts(said: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for language, texts in _typed(said, "texts", dict).items():
        own = object_of(texts, "texts")
        found[str(language)] = {str(name): str(text) for name, text in own.items()}
    return found


def _span(value: object) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise WireError("relay.nonsense", what="hours")
    return moment_of(value[0]), moment_of(value[1])


def _entry(value: object) -> FaqEntry:
    said = object_of(value, "faq")
    names = ("key", "language", "question", "answer", "category", "words")
    return FaqEntry(**{name: _typed(said, name, str) for name in names})
