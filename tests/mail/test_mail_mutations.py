"""Thousands of damaged mails: none raises, takes long, grows large or leaks a control character."""

from __future__ import annotations

import json
import re
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from helpdesk_tui.domain.inbound import Desk, decide
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.matching import Nothing
from helpdesk_tui.domain.own import make_own
from helpdesk_tui.mail.forward import find_forwarded
from helpdesk_tui.mail.parse import parse_mail
from tests.support.material import material
from tests.support.mutator import mutated
from tests.support.raw_mails import multipart
from tests.support.seed_mails import base64_file, seed_mails

SECONDS = 15.0
GROWTH = 200_000
"""Kilobytes that one process may grow by while it reads all of them."""
LEAK = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
OWN_DEFECTS = re.compile(r"bad-(?!header-line|base64|uuencode)|parse-failed")
DESK = Desk(own=make_own(support=("help@store.example",)))


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a value with the way to it; the bytes of files are no text."""
    if isinstance(value, str):
        yield path, value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name), f"{path}.{each.name}")
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from texts(item, path)


def trouble_with(raw: bytes) -> str:
    """Return what is wrong with how a mail is read; nothing if all is well."""
    begin = time.thread_time()
    parsed: ParsedMail = parse_mail(raw)
    forwarded = find_forwarded(parsed.subject, parsed.text)
    decide(parsed, DESK, Nothing())
    taken = time.thread_time() - begin
    if taken > SECONDS:
        return f"took {taken:.1f} s"
    own = [code for code in parsed.defects if OWN_DEFECTS.match(code)]
    if own:
        return f"defects {own}"
    for path, text in (*texts(parsed), *texts(forwarded, "forwarded")):
        found = LEAK.search(text)
        if found:
            return f"{found[0]!r} in {path}"
    return ""


def check(seeds: Sequence[bytes], count: int, *, seed: int) -> None:
    """Read damaged mails and say which of them went wrong."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong = [
        f"mail {number} of seed {seed}: {trouble}"
        for number, raw in enumerate(mutated(seeds, count, seed=seed))
        if (trouble := trouble_with(raw))
    ]
    assert wrong == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH


def test_every_seed_is_read_without_trouble():
    assert [trouble_with(raw) for raw in seed_mails()] == [""] * len(seed_mails())


def test_damaged_mails_of_our_own_do_no_harm():
    check(seed_mails(), 300, seed=1)


def _corpus(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("*/*.expected.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case["format"] == "rfc822":
            yield (path.parent / case["raw"]).read_bytes()
        elif case["format"] == "tnef":
            stream = (path.parent / case["raw"]).read_bytes()
            yield multipart(base64_file("application/ms-tnef", stream, "winmail.dat"))


@pytest.mark.slow
@pytest.mark.material
def test_damaged_mails_of_the_world_do_no_harm():
    hostile = [path.read_bytes() for path in sorted(material("hostile").glob("*.eml"))]
    seeds = [*_corpus(material("mail-corpus")), *hostile, *seed_mails()]
    assert len(seeds) > 400
    check([raw[:60_000] for raw in seeds], 10_000, seed=2026)
