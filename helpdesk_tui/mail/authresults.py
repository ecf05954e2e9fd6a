"""Authentication-Results (RFC 8601): what each header says, comments ignored."""

from __future__ import annotations

import re

from helpdesk_tui.domain.mail import AuthResult
from helpdesk_tui.domain.text import clean
from helpdesk_tui.mail.headers import split_head, start_of
from helpdesk_tui.mail.words import raw_text

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|\\.|[();]|[^"();\\]++|\\', re.DOTALL)
_LITERAL = re.compile(r"[();]|[^();]++")
_METHOD = re.compile(r"\s*([A-Za-z][\w-]{0,30})(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]{1,30})")
_MAX_METHODS = 50
_MAX_HEADERS = 10


def without_comments(text: str, token: re.Pattern[str] = _TOKEN) -> list[str]:
    """Return the sections of a structured header between semicolons, comments dropped."""
    sections: list[list[str]] = [[]]
    depth = 0
    for match in token.finditer(text):
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
    text = raw_text(value)
    sections = without_comments(text)
    authserv = sections[0].split()[0].strip('"') if sections[0] else ""
    if _METHOD.match(sections[0]):
        # some servers leave their name out: then nobody can be trusted for it
        authserv = ""
    methods = _methods(sections)
    if '"' in text or "\\" in text:
        methods = _agreed(methods, _methods(without_comments(text, _LITERAL)))
    return AuthResult(authserv_id=clean(authserv).lower()[:255], methods=tuple(methods))


def _methods(sections: list[str]) -> list[tuple[str, str]]:
    found = (_METHOD.match(section) for section in sections)
    return [(match[1].lower(), match[2].lower()) for match in found if match][:_MAX_METHODS]


def _agreed(
    methods: list[tuple[str, str]], literal: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return results with the verdict on the sender that two ways of reading agree in.

    Servers repeat what a sender calls itself, quotes and brackets included, so that a verdict may
    hide behind them. Where one of the readings says "fail" that counts, else none does.
    """
    first, second = (next((value for name, value in each if name == "dmarc"), "")
                     for each in (methods, literal))  # fmt: skip
    if first == second:
        return methods
    others = [each for each in methods if each[0] != "dmarc"]
    return [*others, ("dmarc", "fail")] if "fail" in (first, second) else others


def judging_server(raw: bytes) -> str:
    """Return the name at the top of a mail's Authentication-Results; empty where none is."""
    headers, _body = split_head(raw, start_of(raw), len(raw), [])
    found = auth_results(headers.every(b"authentication-results")[:1])
    return found[0].authserv_id if found else ""
