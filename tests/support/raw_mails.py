"""The bytes of small mails, written for tests."""

from __future__ import annotations

from helpdesk_tui.domain.mail import ParsedMail

BASIC = {
    "From": "Ana <ana@customer.example>",
    "To": "help@store.example",
    "Subject": "Question",
    "Date": "Wed, 04 Jun 2025 09:30:00 +0200",
    "Message-ID": "<one@customer.example>",
}


def mail(
    body: str | bytes = "Hello.\r\n",
    kind: str = "text/plain; charset=utf-8",
    encoding: str = "",
    **headers: str | bytes | None,
) -> bytes:
    """Return a mail; keyword ``message_id="…"`` sets, and ``message_id=None`` drops, a header."""
    values: dict[str, str | bytes | None] = dict(BASIC)
    for name, value in headers.items():
        proper = next((k for k in values if k.lower() == name.replace("_", "-").lower()), None)
        values[proper or name.replace("_", "-")] = value
    values["MIME-Version"] = "1.0"
    values["Content-Type"] = kind
    values["Content-Transfer-Encoding"] = encoding or None
    lines = [
        f"{name}: ".encode() + (value if isinstance(value, bytes) else value.encode())
        for name, value in values.items()
        if value is not None
    ]
    content = body if isinstance(body, bytes) else body.encode()
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def multipart(*parts: str, kind: str = "mixed", boundary: str = "b1", **headers: str) -> bytes:
    """Return a mail of several parts, each given with its own headers."""
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return mail(body, f'multipart/{kind}; boundary="{boundary}"', **headers)


def reply_of(parsed: ParsedMail) -> str:
    """Return the text outside of all folds."""
    out, position = [], 0
    for fold in parsed.folds:
        out.append(parsed.text[position : fold.start])
        position = fold.end
    return "".join([*out, parsed.text[position:]])
