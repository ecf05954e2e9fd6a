"""The settings of the assistant that answers visitors of the chat before people do."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.setting.values import Kind, Read, Setting, Value
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_safe

AI_AGENT = "ai-agent"
AI_NAME = "ai-name"
AI_HANDOVER = "ai-handover"
AI_HANDOVER_MESSAGE = "ai-handover-message"
AI_WEBHOOK_URL = "ai-webhook-url"
AI_ENDPOINT_URL = "ai-endpoint-url"
AI_ENDPOINT_MODEL = "ai-endpoint-model"
AI_KNOWLEDGE_FOLDER = "ai-knowledge-folder"
AI_PAGES = "ai-pages"
AI_SOLVED_AFTER = "ai-solved-after"
AI_SECRET = "ai"  # noqa: S105 - the name of one
"""Under which the key of the language model is kept."""
AI_WEBHOOK_SECRET = "ai-webhook"  # noqa: S105 - the name of one

OFF = "off"
"""The choice of no assistant."""
DEFAULT_NAME = "Assistant"
DEFAULT_SOLVED_AFTER = "10m"

_AGENT = {
    OFF: "people answer every chat",
    "built-in": "answers from the FAQ and the knowledge folder, in their own words",
    "endpoint": "a language model words the answers from the same passages; without it built-in",
}
_HANDOVER = {
    "inbox": "the chat comes into the inbox with a summary",
    "webhook": "another system is told by a POST to ai-webhook-url, and the chat ends here",
    "message": "the visitor reads ai-handover-message, and the chat ends",
}
MOST_PAGES = 200
"""Pages of the shop's site that are fetched."""


def agent_of(held: Held) -> str:
    """Return who answers a chat first."""
    return text_in(held, AI_AGENT) or OFF


def has_responder(held: Held) -> bool:
    """Tell whether an automatic answer comes first."""
    return agent_of(held) != OFF


def _https(words: Sequence[str]) -> str:
    """Return an https address; nothing is none.

    Raises:
        UsageError: ``setting.not-https``.
    """
    text = "".join(words).strip()
    if text and not (_is_whole(text) and text.startswith("https:")):
        raise UsageError("setting.not-https", value=clean(text))
    return text


def _endpoint(words: Sequence[str]) -> str:
    """Return an https address, or an http address of this machine; nothing is none.

    Raises:
        UsageError: ``setting.not-https``.
    """
    text = "".join(words).strip()
    if text and not _is_whole(text):
        raise UsageError("setting.not-https", value=clean(text))
    return text


def _pages(words: Sequence[str]) -> list[str]:
    """Return addresses of pages, each once; blanks, commas or lines stand between them.

    Raises:
        UsageError: ``setting.not-https``, or ``setting.too-many``.
    """
    found = read.items(words)
    for each in found:
        if not _is_whole(each):
            raise UsageError("setting.not-https", value=clean(each))
    if len(found) > MOST_PAGES:
        raise UsageError("setting.too-many", largest=MOST_PAGES)
    return found


def _is_whole(address: str) -> bool:
    """Tell whether a request can go to an address: one that points into a page is none."""
    return is_safe(address) and "#" not in address


def _setting(
    name: str,
    meaning: str,
    reader: Read,
    kind: Kind = Kind.TEXT,
    default: Value = "",
) -> Setting:
    return Setting(name, meaning, reader, default, kind=kind, group=WEBCHAT.label)


RESPONDER_SETTINGS: tuple[Setting, ...] = (
    Setting(
        AI_AGENT, "who answers a chat first", read.one_of(_AGENT), OFF,
        "built-in, once the FAQ has twenty entries",
        kind=Kind.CHOICE, group=WEBCHAT.label, choices=_AGENT,
    ),
    _setting(
        AI_NAME, "name that visitors see beside its messages", read.text, default=DEFAULT_NAME
    ),
    Setting(
        AI_HANDOVER, "what happens when it does not know, or the visitor asks for a person",
        read.one_of(_HANDOVER), "inbox", "inbox",
        kind=Kind.CHOICE, group=WEBCHAT.label, choices=_HANDOVER,
    ),
    _setting(
        AI_HANDOVER_MESSAGE,
        "what the visitor reads when the chat is handed over; empty: a sentence in their language",
        read.lines,
        Kind.LINES,
    ),
    _setting(
        AI_WEBHOOK_URL,
        "https address that is told of a chat to be taken over; the secret ai-webhook goes along",
        _https,
    ),
    _setting(
        AI_ENDPOINT_URL,
        "base address of an OpenAI-compatible service, such as https://llm.shop.example/v1; its key"
        " is the secret ai; http only on this machine",
        _endpoint,
    ),
    _setting(AI_ENDPOINT_MODEL, "name of the model there", read.text),
    _setting(
        AI_KNOWLEDGE_FOLDER,
        "folder of Markdown files on this machine that answers may come from, too",
        read.text,
    ),
    _setting(
        AI_PAGES,
        "https addresses of pages of the shop that answers may come from, too, or of a sitemap.xml;"
        " fetched daily",
        _pages,
        Kind.LIST,
        default=[],
    ),
    _setting(
        AI_SOLVED_AFTER,
        "how long after its answer a visitor has to be gone for the chat to count as solved",
        read.time,
        Kind.TIME,
        DEFAULT_SOLVED_AFTER,
    ),
)  # fmt: skip
