"""What a shop puts on its pages and on its server, as files ready to be copied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import WEBCHAT

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account
    from helpdesk_tui.services.desk import Desk

LANGUAGES = {
    "html": "page.html",
    "python": "identity.py.txt",
    "node": "identity.mjs",
    "ruby": "identity.rb",
    "php": "identity.php",
    "liquid": "identity.liquid",
}
"""Language of the shop's server → file beside this one."""
_FOLDER = Path(__file__).parent


def snippet_of(language: str, *, relay: str, site: str) -> str:
    """Return a snippet with the relay's address and the site's id filled in."""
    text = (_FOLDER / LANGUAGES[language]).read_text(encoding="utf-8")
    return text.replace("https://chat.shop.example", relay).replace("SITE_ID", site)


def snippet_for(account: Account, language: str) -> str:
    """Return a snippet for the shop of a chat."""
    relay = str(json.loads(account.settings).get("relay", ""))
    return snippet_of(language, relay=relay, site=account.address)


def snippets_of(desk: Desk) -> dict[str, dict[str, str]]:
    """Return the snippets of every chat by its name: language → text. Blocks."""
    return {
        account.name: {language: snippet_for(account, language) for language in LANGUAGES}
        for account in desk.admin.channels()
        if account.channel == WEBCHAT.name
    }
