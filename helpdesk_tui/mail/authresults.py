"""Authentication-Results (RFC 8601): what each header says, comments ignored."""

from __future__ import annotations

import re

from helpdesk_tui.domain.mail import AuthResult
from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.words import raw_text

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|\(|\)|;|[^"();]++', re.DOTALL)
_METHOD = re.compile(r"\s*([A-Za-z][\w-]{0,30})(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]{1,30})")
_MAX_METHODS = 50
_MAX_HEADERS = 10


def without_comments(text: str) -> list[str]:
    """Return the sections of a structured header between semicolons, comments dropped."""
    sections: list[list[str]] = [[]]
    depth = 0
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and piece == ";":
            sections.append([])
        elif depth == 0:
            sections[-1].append(piece)
    return ["".join(section).strip() for section in sections]


def auth_results(values: list[bytes]) -> tuple[AuthResult, ...]:
    """Return what the given Authentication-Results headers say, topmost first."""
    return tuple([_read(value) for value in values[:_MAX_HEADERS]])


def _read(value: bytes) -> AuthResult:
    sections = without_comments(raw_text(value))
    authserv = sections[0].split()[0].strip('"') if sections[0] else ""
    if _METHOD.match(sections[0]):
        # some servers leave their name out: then nobody can be trusted for it
        authserv = ""
    else:
        del sections[0]
    methods: list[tuple[str, str]] = []
    for section in sections:
        match = _METHOD.match(section)
        if match and len(methods) < _MAX_METHODS:
            methods.append((match[1].lower(), match[2].lower()))
    return AuthResult(authserv_id=clean(authserv).lower()[:255], methods=tuple(methods))
