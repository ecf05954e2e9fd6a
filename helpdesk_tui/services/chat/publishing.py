"""What a webchat account publishes at its relay: all that the widget shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk_tui.db.chat.timers import load_origin
from helpdesk_tui.db.faq import load_faq
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.languages import TAGS, in_language
from helpdesk_tui.domain.setting import webchat as names
from helpdesk_tui.domain.setting.held import Held, list_in, text_in
from helpdesk_tui.domain.setting.responder import has_responder
from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.domain.webchat.wire import FaqEntry, Site
from helpdesk_tui.services.chat.follow_up import wanted_address
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.hours import load_office_hours

_HOURS_AHEAD = timedelta(days=21)
_HOURS_BEFORE = timedelta(days=1)


def site_of_account(
    store: Store,
    account: Account,
    identity_keys: Sequence[str],
    *,
    now: Clock = utc_now,
    enabled: bool = True,
) -> Site:
    """Return the site of an account as the settings and the FAQ are now; blocks.

    Args:
        store: The store.
        account: The webchat account; its address is the site's id.
        identity_keys: What the shop's server signs with, newest first.
        now: Hours are published for the weeks from here on.
        enabled: Off hides the tab.
    """
    with store.read() as connection:
        said = load_desk_settings(connection)
        faq = tuple(
            FaqEntry(each.key, each.language, each.question, each.answer, each.category, each.words)
            for each in load_faq(connection, published=True)
        )
        languages = _languages(said, faq)
        origin = load_origin(connection, wanted_address(said))
        return Site(
            id=account.address,
            name=names.shop_name(said),
            enabled=enabled,
            login=text_in(said, names.CHAT_LOGIN) or "logged-in",
            origins=list_in(said, names.CHAT_ORIGINS),
            identity_keys=tuple(key for key in identity_keys if key),
            languages=languages,
            texts=_texts(said, languages),
            accent=text_in(said, names.CHAT_ACCENT) or names.DEFAULT_ACCENT,
            scheme=text_in(said, names.CHAT_SCHEME) or "auto",
            side=text_in(said, names.CHAT_SIDE) or "right",
            privacy_url=text_in(said, names.CHAT_PRIVACY_URL),
            terms_url=text_in(said, names.CHAT_TERMS_URL),
            login_url=text_in(said, names.CHAT_LOGIN_URL),
            support_address="" if origin is None else origin.address,
            hours=_hours(said, now()),
            faq=faq,
            has_responder=has_responder(said),
        )


def site_hash(site: Site) -> str:
    """Return what changes with anything that a site shows."""
    said = json.dumps(site_json(site), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _languages(said: Held, faq: Sequence[FaqEntry]) -> tuple[str, ...]:
    wanted = list_in(said, names.CHAT_LANGUAGES) or TAGS
    return tuple(dict.fromkeys([*wanted, *(each.language for each in faq)]))


def _texts(said: Held, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the desk's own texts; where it has none the widget's stand, in each language."""
    own = {"title": text_in(said, names.CHAT_TITLE), "welcome": text_in(said, names.CHAT_WELCOME)}
    found = {
        tag: {name: told for name, text in own.items() if (told := in_language(text, tag))}
        for tag in languages
    }
    return {tag: texts for tag, texts in found.items() if texts}


def _hours(said: Held, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return when the team is there; from midnight on, so that it changes once a day."""
    hours = load_office_hours(said, now)
    if hours.is_always:
        return ()
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) - _HOURS_BEFORE
    return hours.opening_spans(since, since + _HOURS_AHEAD)
