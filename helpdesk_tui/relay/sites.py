"""The published sites in memory, and what of them a browser may know."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.languages import LANGUAGES, plain, primary
from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.domain.webchat.wire import FILES_LIMIT, TEXT_LIMIT, FaqEntry, Site
from helpdesk_tui.relay.widget import widget_texts

_SHOWN = ("accent", "scheme", "side", "privacy_url", "terms_url", "login_url", "support_address")


class Sites:
    """All sites of one relay; the store has them, too."""

    def __init__(self, file_limit: int) -> None:
        self._file_limit = file_limit
        self._sites: dict[str, Site] = {}
        self._said: dict[tuple[str, str], tuple[bytes, str]] = {}

    def put(self, site: Site) -> None:
        """Take in a site as it is published now."""
        self._sites[site.id] = site
        self._said = {key: said for key, said in self._said.items() if key[0] != site.id}

    def site(self, site_id: str) -> Site | None:
        """Return a published site."""
        return self._sites.get(site_id)

    def sites(self) -> Iterable[Site]:
        """Return all of them."""
        return self._sites.values()

    def public(self, site: Site, asked: str, *, is_known: bool) -> tuple[bytes, str]:
        """Return what a browser may know of a site, as JSON and its tag.

        Args:
            site: Which one.
            asked: Language the browser asks for.
            is_known: Whether a customer is logged in: others see nothing of a site that is for
                customers only.
        """
        if not site.enabled or (site.login == "logged-in" and not is_known):
            return _packed({"id": site.id, "enabled": False, "login": site.login})
        language = language_of(site, asked)
        key = (site.id, language)
        if key not in self._said:
            self._said[key] = _packed(self._config(site, language))
        return self._said[key]

    def _config(self, site: Site, language: str) -> dict[str, Any]:
        return {
            "id": site.id,
            "name": site.name,
            "enabled": True,
            "login": site.login,
            "languages": list(site.languages),
            "language": language,
            "texts": {**widget_texts(language), **_said_otherwise(site, language)},
            **{name: getattr(site, name) for name in _SHOWN},
            "hours": [[moment_text(start), moment_text(end)] for start, end in site.hours],
            "faq": [_entry(each) for each in faq_in(site, language)],
            "has_responder": site.has_responder,
            "limits": {"text": TEXT_LIMIT, "file": self._file_limit, "files": FILES_LIMIT},
        }


def is_news(before: Site | None, site: Site, now: datetime) -> bool:
    """Tell whether open browsers have to hear of a site that was published again.

    That the opening hours reach an hour further into the future is none for them.
    """
    if before is None or bool(before.hours) != bool(site.hours):
        return True
    until = min((each.hours[-1][1] for each in (before, site) if each.hours), default=now)
    old, new = (
        replace(each, hours=_clipped(each, now, until), origins=(), identity_keys=())
        for each in (before, site)
    )
    return old != new


def _clipped(site: Site, since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    spans = ((max(start, since), min(end, until)) for start, end in site.hours)
    return tuple(each for each in spans if each[0] < each[1])


def language_of(site: Site, asked: str) -> str:
    """Return the language of a site that comes nearest to the one asked for."""
    known = {plain(each): each for each in reversed(site.languages)}
    wanted = plain(asked)
    main = primary(asked)
    alike = [each for each in site.languages if primary(each) == main]
    first = site.languages[0] if site.languages else LANGUAGES[0]
    return known.get(wanted) or known.get(main) or (alike[0] if main and alike else first)


def faq_in(site: Site, language: str) -> list[FaqEntry]:
    """Return the answers in a language; one that lacks it stands in the site's first language."""
    wanted = [plain(language), plain(site.languages[0]) if site.languages else LANGUAGES[0]]
    found: dict[str, FaqEntry] = {}
    for entry in site.faq:
        spoken = plain(entry.language)
        before = found.get(entry.key)
        if before is None:
            # an answer in neither language keeps its place only if one of them follows
            found[entry.key] = entry
        elif spoken in wanted and (
            plain(before.language) not in wanted
            or wanted.index(spoken) < wanted.index(plain(before.language))
        ):
            found[entry.key] = entry
    return [each for each in found.values() if plain(each.language) in wanted]


def _said_otherwise(site: Site, language: str) -> dict[str, str]:
    """Return what the site says instead of the widget's own words; nothing is no text."""
    return {name: text for name, text in site.texts.get(language, {}).items() if text.strip()}


def _entry(entry: FaqEntry) -> dict[str, str]:
    return {
        "key": entry.key,
        "question": entry.question,
        "answer": entry.answer,
        "category": entry.category,
        "words": entry.words,
    }


def _packed(said: dict[str, Any]) -> tuple[bytes, str]:
    packed = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return packed, f'"{hashlib.sha256(packed).hexdigest()[:32]}"'
