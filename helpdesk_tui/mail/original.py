"""A mail as a page for a browser: its HTML made safe, its pictures in it, nothing fetched."""

from __future__ import annotations

import base64
import html as entities
from collections.abc import Iterator

from helpdesk_tui.domain.mail import Address, ParsedMail
from helpdesk_tui.mail.bodies import Body
from helpdesk_tui.mail.files import content_id
from helpdesk_tui.mail.headers import split_head, start_of
from helpdesk_tui.mail.mime import Part, decoded, split_parts
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.safe_html import safe_html

_MOST_PICTURES = 100
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
"""First bytes of the pictures that may be shown; what a part says of itself does not count."""

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{subject}</title>
<style>
body {{ margin: 0; background: #eceef3; color: #1a1d26; font: 15px/1.45 sans-serif; }}
header {{ padding: 12px 20px; background: #20242f; color: #c8cfe0; font-size: 13px; }}
header b {{ color: #eef1fa; font-size: 15px; }}
header p {{ margin: 4px 0 0; color: #98a0b8; }}
main {{ max-width: 860px; margin: 16px auto; padding: 20px; background: #fff;
        overflow: auto; contain: paint; }}
main img {{ max-width: 100%; }}
pre {{ white-space: pre-wrap; }}
.desk-host {{ color: #545b72; }}
.desk-picture {{ border: 1px dashed #98a0b8; padding: 0 4px; color: #545b72; }}
</style></head>
<body><header><b>{subject}</b><br>{people}<p>{note}</p></header>
<main>
{body}
</main></body></html>
"""
_NOTE = (
    "Shown by helpdesk as it came, but harmless: nothing was fetched, scripts, forms and style"
    " sheets are left out, and the real host stands behind each link."
)


def original_page(raw: bytes) -> str:
    """Return a mail as one HTML page without any connection to the outside.

    The page runs no script, loads nothing, sends nothing; a Content-Security-Policy forbids it
    once more. Never raises for what a mail holds; no I/O.
    """
    mail = parse_mail(raw)
    return _PAGE.format(
        subject=entities.escape(mail.subject or "no subject"),
        people="<br>".join(entities.escape(line) for line in _people(mail)),
        note=_NOTE,
        body=_body(raw) or f"<pre>{entities.escape(mail.text)}</pre>",
    )


def _people(mail: ParsedMail) -> Iterator[str]:
    yield f"from {_named(mail.sender)}"
    if mail.to:
        yield f"to {', '.join(_named(person) for person in mail.to[:20])}"
    if mail.date is not None:
        yield f"{mail.date:%Y-%m-%d %H:%M %z}"


def _named(person: Address) -> str:
    return f"{person.name} <{person.addr}>" if person.name else person.addr or "nobody"


def _body(raw: bytes) -> str:
    """Return the HTML parts of a mail, made safe; empty if it has none."""
    defects: list[str] = []
    if b"\n" not in raw[:65_536] and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    headers, start = split_head(raw, start_of(raw), len(raw), defects)
    parts, _ = split_parts(raw, headers, start, defects)
    shown = [part for part in parts if part.kind == "text/html" and _is_text(part)]
    if not shown:
        return ""
    pictures = dict(_pictures(parts, defects))
    body = Body(shown, (), defects)
    return "<hr>".join(safe_html(body.source(part), pictures) for part in shown)


def _is_text(part: Part) -> bool:
    return part.disposition != "attachment"


def _pictures(parts: tuple[Part, ...], defects: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the inline pictures by Content-ID as ``data:`` addresses."""
    marked = [part for part in parts if part.kind != "text/html" and content_id(part)]
    for part in marked[:_MOST_PICTURES]:
        data = decoded(part, defects)
        kind = next((name for head, name in _KINDS if data.startswith(head)), "")
        if kind:
            yield content_id(part), f"data:{kind};base64,{base64.b64encode(data).decode()}"
