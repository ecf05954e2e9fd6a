"""``mail explain``: how each mail is understood, storing nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import output_of, store_root
from helpdesk_tui.cli.mailfiles import is_device
from helpdesk_tui.cli.output import Output
from helpdesk_tui.cli.schemas import Json, explain_json
from helpdesk_tui.domain.inbound import Desk, Verdict, decide
from helpdesk_tui.domain.intake import BY_HAND
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.matching import Nothing
from helpdesk_tui.domain.own import OwnAddresses, make_own
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.inbound import Inbound

Judge = Callable[[ParsedMail], "tuple[Verdict, tuple[str, ...]]"]
"""Gives what becomes of a mail, and which own addresses that assumed."""


def run(args: argparse.Namespace) -> int:
    """Print one line (or, for people, one block) per file; fails only on files it cannot open."""
    from helpdesk_tui.sync.parser import ParserProcess

    out = output_of(args)
    failed = 0
    with _judge(args) as judge, ParserProcess() as parser:
        for path in args.files:
            try:
                raw = _read(path)
            except OSError as error:
                out.warn(
                    "helpdesk: "
                    + _("{path} cannot be read: {reason}").format(
                        path=path, reason=error.strerror or error
                    )
                )
                failed += 1
                continue
            mail = parser.parse([raw])[0].mail
            verdict, assumed = judge(mail)
            reasons = [
                *_reasons(verdict),
                *_found_inside(verdict, mail),
                *_notices(mail),
                *(f"own-address-assumed: {each}" for each in assumed),
            ]
            line = explain_json(str(path), mail, verdict, reasons)
            if out.json:
                out.document(line)
            else:
                _print(out, line)
    return 1 if failed else 0


def _read(path: Path) -> bytes:
    if is_device(path.stat()):
        raise OSError("it is a device")
    return path.read_bytes()


@contextmanager
def _judge(args: argparse.Namespace) -> Iterator[Judge]:
    """Give the judge of these options: by ``--own``, by the store, or by what mails tell."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.inbound import Inbound

    given = tuple(address.strip().lower() for address in args.own)
    root: Path = store_root(args)
    if schema_version(root) is None:
        yield _ByMails(given)
        return
    desk = open_desk(root, SYSTEM, read_only=True)
    try:
        yield _ByStore(Inbound(desk.store, SYSTEM), given)
    finally:
        desk.close()


@dataclass(frozen=True, slots=True)
class _ByStore:
    """Judges as the store's worker would."""

    inbound: Inbound
    given: tuple[str, ...]

    def __call__(self, mail: ParsedMail) -> tuple[Verdict, tuple[str, ...]]:
        desk = Desk(own=make_own(support=self.given)) if self.given else None
        return self.inbound.explain(mail, desk), self.given


@dataclass(frozen=True, slots=True)
class _ByMails:
    """Judges without a store: each mail alone, in an empty desk."""

    given: tuple[str, ...]

    def __call__(self, mail: ParsedMail) -> tuple[Verdict, tuple[str, ...]]:
        # the topmost Delivered-To was written by the last server: the mailbox it lies in
        assumed = self.given or mail.delivered_to[:1]
        own = make_own(support=assumed) if assumed else OwnAddresses()
        return decide(mail, Desk(own=own), Nothing()), assumed


def _reasons(verdict: Verdict) -> list[str]:
    items = [f"{item.code}: {item.detail}" if item.detail else item.code
             for item in verdict.evidence]  # fmt: skip
    codes = (*verdict.flags, *verdict.ticket_flags, verdict.reason)
    passed = [f"passed: {', '.join(verdict.passed)}"] if verdict.passed else []
    return list(dict.fromkeys([*items, *(code for code in codes if code), *passed]))


def _found_inside(verdict: Verdict, mail: ParsedMail) -> list[str]:
    """Return whom a forward by hand names: the customer that the intake list offers."""
    inside = mail.forwarded.sender.addr if mail.forwarded is not None else ""
    return [f"forward.names: {inside}"] if inside and verdict.reason == BY_HAND else []


def _notices(mail: ParsedMail) -> list[str]:
    """Return what the mail carries beside text and files, with what tells one from another."""
    telling = ("method", "scheme", "summary", "subject")
    return [
        f"{notice.kind}: " + " ".join(value for name, value in notice.values if name in telling)
        for notice in mail.notices
    ]


def _print(out: Output, line: Json) -> None:
    customer = line["customer"]
    whose = _person(customer["name"], customer["addr"])
    joins = f" #{line['joins']}" if line["joins"] else ""
    out.say(f"{line['file']}: {line['verdict']}{joins}")
    pairs = (
        ("subject", line["subject"]),
        ("from", _person(line["from_name"], line["from_addr"]) or _("nobody")),
        ("to", ", ".join(line["to"])),
        ("date", line["date"] or ""),
        ("customer", f"{whose} by {customer['found_in']}" if whose else ""),
        ("files", ", ".join(f"{f['filename']} ({f['size']} bytes)" for f in line["attachments"])),
        ("defects", ", ".join(line["defects"])),
        *(("because", reason) for reason in line["reasons"]),
    )
    for name, value in pairs:
        if value:
            out.say(f"  {name:9} {value}")
    for text in line["reply_text"].splitlines()[:20]:
        out.say(f"  │ {text}")


def _person(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address else name or address
