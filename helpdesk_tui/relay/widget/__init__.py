"""The chat widget: plain JavaScript, its style and its texts, joined into one script.

A page carries it by one line; ``data-user-id``, ``-email``, ``-name``, ``-expires`` and
``-signature`` may stand instead of the token:

``<script src="https://RELAY/widget.js" data-site="shop" data-token="JWT" async></script>``

A page with a Content-Security-Policy needs ``script-src`` and ``connect-src`` with the relay's
origin and ``img-src blob:``, nothing else: no inline script, no inline style, no frame, no font.
``require-trusted-types-for 'script'`` may stand, since no text is ever read as markup.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from helpdesk_tui.domain.languages import TAGS, primary

_HERE = Path(__file__).parent
_SOURCES = ("dom", "colour", "search", "words", "memory", "line", "stream", "talk", "home",
            "thread", "composer", "panel", "app", "main")  # fmt: skip
"""In the order they need one another."""
_STYLES = ("frame", "pages", "chat", "over")
"""The last ones have the last word: what a phone changes stands there."""
type_of_texts = dict[str, str | dict[str, str]]

_STRINGS = re.compile(r'"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`')
"""Strings of the sources: in double quotes, or templates that hold no other template."""
_GAPS = re.compile(r" ?(=>|[!=]==?|&&|\|\||[<>]=?|[=?:,{}();*]) ?")
_STYLE_GAPS = re.compile(r"\s*([{};,>])\s*")


@cache
def widget_script() -> bytes:
    """Return the whole script, as ``/widget.js`` serves it."""
    styles = "".join(_read(f"style/{name}.css") for name in _STYLES)
    style = _STYLE_GAPS.sub(r"\1", styles).replace(": ", ":").replace(";}", "}")
    parts = [
        '(() => {\n"use strict";',
        f"const STYLE = {json.dumps(style, ensure_ascii=False)};",
        *(_bare(_read(f"source/{name}.js")) for name in _SOURCES),
        "})();\n",
    ]
    return "\n".join(parts).encode()


@cache
def widget_etag() -> str:
    """Return the ETag of the script, quoted as the header wants it."""
    return f'"{hashlib.sha256(widget_script()).hexdigest()[:32]}"'


@cache
def widget_texts(language: str) -> type_of_texts:
    """Return the widget's own texts in a language, or in the nearest one it has.

    They go to the browser with the site, which may put its own over them: nobody loads words in
    languages they do not read. A text with a number has one form per plural category (CLDR).

    Args:
        language: BCP 47, such as ``pt`` or ``sv-FI``; English where there is none of its kind.
    """
    english: type_of_texts = json.loads(_read("texts/en.json"))
    spoken = next((each for each in TAGS if primary(each) == primary(language)), TAGS[0])
    return {**english, **json.loads(_read(f"texts/{spoken}.json"))}


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _bare(source: str) -> str:
    """Return a source without what only its readers need: comment lines, indentation, gaps."""
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    parts, end = [], 0
    for found in _STRINGS.finditer(kept):
        parts += [_GAPS.sub(r"\1", kept[end : found.start()]), found.group()]
        end = found.end()
    return "".join([*parts, _GAPS.sub(r"\1", kept[end:])])
