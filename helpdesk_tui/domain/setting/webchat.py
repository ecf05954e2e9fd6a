"""The settings of the chat tab: who sees it, where, how it looks and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.languages import is_language
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.setting.interface import DESK_NAME
from helpdesk_tui.domain.setting.values import Kind, Read, Setting, Value
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_safe, origin_of

CHAT_LOGIN = "chat-login"
CHAT_ORIGINS = "chat-origins"
CHAT_NAME = "chat-name"
CHAT_TITLE = "chat-title"
CHAT_WELCOME = "chat-welcome"
CHAT_LANGUAGES = "chat-languages"
CHAT_ACCENT = "chat-accent"
CHAT_SCHEME = "chat-scheme"
CHAT_SIDE = "chat-side"
CHAT_PRIVACY_URL = "chat-privacy-url"
CHAT_TERMS_URL = "chat-terms-url"
CHAT_LOGIN_URL = "chat-login-url"
HOLDING_MESSAGE = "holding-message"

BY_LANGUAGE = "a line that begins with [pl] begins the text for readers of Polish"
DEFAULT_ACCENT = "#3355dd"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LOGIN = {
    "all": "everybody sees the tab and reads the FAQ; whoever writes is asked to log in",
    "logged-in": "only customers who are logged in at the shop see the tab",
}
_SCHEME = {
    "auto": "as the visitor's system has it",
    "light": "light",
    "dark": "dark",
}
_SIDE = {"right": "the right side of the page", "left": "the left side of the page"}


def shop_name(held: Held) -> str:
    """Return the name that customers know the shop by; empty where nobody has named it."""
    return text_in(held, CHAT_NAME) or text_in(held, DESK_NAME)


def web_address(words: Sequence[str]) -> str:
    """Return the address of a page; nothing is none.

    Raises:
        UsageError: ``setting.not-a-page`` unless it is an https address (http on this machine).
    """
    text = "".join(words).strip()
    if text and not is_safe(text):
        raise UsageError("setting.not-a-page", value=clean(text))
    return text


def origins(words: Sequence[str]) -> list[str]:
    """Return web origins such as ``https://shop.example``; a path after one is dropped.

    Raises:
        UsageError: ``setting.not-an-origin``.
    """
    found = []
    for item in read.items(words):
        origin = origin_of(item) if is_safe(item) else ""
        if not origin:
            raise UsageError("setting.not-an-origin", value=clean(item))
        found.append(origin)
    return list(dict.fromkeys(found))


def languages(words: Sequence[str]) -> list[str]:
    """Return language tags in their order.

    Raises:
        UsageError: ``setting.not-a-language``.
    """
    found = read.items(words)
    for item in found:
        if not is_language(item):
            raise UsageError("setting.not-a-language", value=clean(item))
    return found


def colour(words: Sequence[str]) -> str:
    """Return a colour as ``#rrggbb``; nothing is the default one.

    Raises:
        UsageError: ``setting.not-a-colour``.
    """
    text = "".join(words).strip().lower()
    if not text:
        return DEFAULT_ACCENT
    if not _COLOUR.fullmatch(text):
        raise UsageError("setting.not-a-colour", value=clean(text))
    return text


def _chat(
    name: str, meaning: str, reader: Read, kind: Kind, default: Value = "", recommended: str = ""
) -> Setting:
    return Setting(name, meaning, reader, default, recommended, kind=kind, group=WEBCHAT.label)


def _choice(name: str, meaning: str, choices: dict[str, str], default: str) -> Setting:
    return Setting(
        name, meaning, read.one_of(choices), default,
        kind=Kind.CHOICE, group=WEBCHAT.label, choices=choices,
    )  # fmt: skip


WEBCHAT_SETTINGS: tuple[Setting, ...] = (
    _choice(CHAT_LOGIN, "who sees the chat tab; writing always needs a login", _LOGIN, "logged-in"),
    _chat(
        CHAT_ORIGINS,
        "the web addresses of the shop whose pages may carry the tab, such as https://shop.example",
        origins,
        Kind.LIST,
        [],
        "every address of the shop, with and without www",
    ),
    _chat(CHAT_NAME, "name of the shop in the chat; empty: the desk's name", read.text, Kind.TEXT),
    _chat(
        CHAT_TITLE,
        "the line at the top of the chat; empty: in the visitor's language",
        read.lines,
        Kind.LINES,
        "",
        BY_LANGUAGE,
    ),
    _chat(
        CHAT_WELCOME,
        "what a visitor reads before the first message; empty: in the visitor's language",
        read.lines,
        Kind.LINES,
        "",
        BY_LANGUAGE,
    ),
    _chat(
        CHAT_LANGUAGES,
        "languages of the tab, the first one for everybody else; empty: en, pl, sv, pt-BR",
        languages,
        Kind.LIST,
        [],
        "the languages the team answers in",
    ),
    _chat(
        CHAT_ACCENT,
        "colour of buttons and of the visitor's own messages",
        colour,
        Kind.TEXT,
        DEFAULT_ACCENT,
        "the colour of the shop's own buttons",
    ),
    _choice(CHAT_SCHEME, "light or dark", _SCHEME, "auto"),
    _choice(CHAT_SIDE, "where the tab stands", _SIDE, "right"),
    _chat(
        CHAT_PRIVACY_URL,
        "page of the privacy policy, linked before the first message",
        web_address,
        Kind.TEXT,
        "",
        "in every shop",
    ),
    _chat(
        CHAT_TERMS_URL,
        "page of the terms, linked before the first message",
        web_address,
        Kind.TEXT,
        "",
        "in every shop",
    ),
    _chat(
        CHAT_LOGIN_URL,
        "page where customers log in, offered to visitors who are not",
        web_address,
        Kind.TEXT,
        "",
        "where chat-login is all",
    ),
    _chat(
        HOLDING_MESSAGE,
        'what the key for "still looking into it" sends; empty: in the visitor\'s language',
        read.lines,
        Kind.LINES,
        "",
        BY_LANGUAGE,
    ),
)
