"""``faq pages``: what is known of the pages of the shop, and ``--fetch`` them now."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.setting.responder import AI_PAGES
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.pages import page_trouble

if TYPE_CHECKING:
    from helpdesk_tui.domain.answering.pages import Page, Pages


def run(args: argparse.Namespace) -> int:
    """Print what is known, after a visit if that is asked for; 1 if something did not work."""
    from helpdesk_tui.services.chat.pages import KeptPages

    out = output_of(args)
    with desk_of(args) as desk:
        kept = KeptPages(desk.store)
        wanted, known = kept.wanted(), kept.load()
        if args.fetch:
            from helpdesk_tui.sync.responder.pages import fetch_pages

            require_admin(desk.actor)
            known = fetch_pages(wanted, known)
            kept.save(known)
    if out.json:
        out.document(_json(wanted, known))
    elif not wanted:
        out.say(_("no pages are named: helpdesk setting set ai-pages https://…"))
    else:
        for line in _lines(wanted, known):
            out.say(line)
    return 1 if args.fetch and _troubles(known) else 0


def _troubles(known: Pages) -> dict[str, str]:
    """Return address → code of everything that did not work."""
    return {**known.troubles, **{each.address: each.trouble for each in known.pages
                                 if each.trouble}}  # fmt: skip


def _json(wanted: tuple[str, ...], known: Pages) -> dict[str, Any]:
    return {
        "named": list(wanted),
        "checked_at": rfc3339(known.checked_at) if known.checked_at else None,
        "pages": [
            {
                "address": each.address,
                "title": each.title or None,
                "language": each.language or None,
                "characters": len(each.text),
                "read_at": rfc3339(each.read_at) if each.read_at else None,
                "trouble": each.trouble or None,
            }
            for each in known.pages
        ],
        "troubles": dict(known.troubles),
    }


def _lines(wanted: tuple[str, ...], known: Pages) -> Iterator[str]:
    yield _state(wanted, known)
    for page in known.pages:
        yield _line(page)
    for address, code in known.troubles.items():
        yield f"! {clean(address)}: {page_trouble(code)}"


def _line(page: Page) -> str:
    size = ngettext("{count} character", "{count} characters", len(page.text)).format(
        count=len(page.text)
    )
    parts = [clean(page.address), size, clean(page.title), page_trouble(page.trouble)]
    return f"{'!' if page.trouble else ' '} " + " · ".join(part for part in parts if part)


def _state(wanted: tuple[str, ...], known: Pages) -> str:
    """Return in a line how many pages are known, how old that is, and what is wrong."""
    if known.checked_at is None or known.wanted != wanted:
        return _("not fetched yet: the worker does it while the assistant is on")
    usable = len(known.of(wanted))
    count = ngettext("{count} page is known", "{count} pages are known", usable)
    parts = [count.format(count=usable), _age(known.checked_at)]
    bad = len(_troubles(known))
    if bad:
        parts.append(ngettext("{count} problem", "{count} problems", bad).format(count=bad))
    return ", ".join(parts)


def _age(moment: datetime) -> str:
    hours = max(0, int((utc_now() - moment).total_seconds() // 3600))
    if not hours:
        return _("visited within the last hour")
    return ngettext("visited {count} hour ago", "visited {count} hours ago", hours).format(
        count=hours
    )


def pages_findings(root: Path) -> Iterator[Finding]:
    """Say for ``doctor`` how the pages fare; nothing where none are named."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.db.store import SCHEMA_VERSION, Store
    from helpdesk_tui.services.chat.pages import KeptPages

    if schema_version(root) != SCHEMA_VERSION:
        return
    with closing(Store(root, read_only=True)) as store:
        kept = KeptPages(store)
        wanted, known, is_used = kept.wanted(), kept.load(), kept.is_used()
    if not wanted or not is_used:
        return
    bad = _troubles(known) if known.wanted == wanted else {}
    named = (f"{clean(address)}: {page_trouble(code)}" for address, code in bad.items())
    detail = "; ".join([f"{AI_PAGES}: {_state(wanted, known)}", *list(named)[:3]])
    is_fine = not bad and known.checked_at is not None
    yield Finding("webchat", "ok" if is_fine else "warning", detail, "helpdesk faq pages --fetch")
