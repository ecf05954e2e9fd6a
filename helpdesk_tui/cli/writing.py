"""``ticket reply``, ``hold``, ``forward`` and ``note``: writing into a thread."""

from __future__ import annotations

import argparse
import mimetypes
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.snoozing.snooze import parse_snooze, parse_when
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.services.clock import local_zone
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_tui.services.desk import Desk


def reply(args: argparse.Namespace) -> int:
    """Queue a reply and print its message id."""
    if args.macro is not None:
        return _reply_by_macro(args)
    if args.template is not None:
        return _reply_by_template(args)
    ticket_id, text = number(args.id), read_text(args)
    files = tuple(read_file(path) for path in args.attach)
    out = output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        draft = desk.drafts.load(ticket_id, DraftKind.REPLY)
        queued = desk.replies.reply(
            ticket_id,
            text,
            cc=_listed(args.cc),
            bcc=_listed(args.bcc),
            then=_then(args.then),
            files=files,
            undo=False,
            at=_moment(args.at),
        )
        if draft is not None and draft.text.strip():
            # queueing ends the draft; what the agent has typed there is not this text
            desk.drafts.save(ticket_id, DraftKind.REPLY, draft.text)
    if out.json:
        out.document({"message": str(queued.message_id), "ticket": str(ticket_id)})
    else:
        out.ids([queued.message_id])
    return 0


def _reply_by_macro(args: argparse.Namespace) -> int:
    """Queue the reply of a macro and do its actions; what the agent has drafted stays."""
    from helpdesk_tui.domain.macros.macro import Mode

    if args.stdin or args.attach or args.cc or args.bcc or args.then or args.at:
        hint = _("alone: a macro says by itself what it sends and does")
        raise UsageError("argument.bad", name="--macro", value=args.macro, hint=hint)
    ticket_id, out = number(args.id), output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        row = desk.macros.find(args.macro)
        if not desk.macros.preview(row.id, ticket_id, language=args.language).text:
            raise UsageError("macro.no-text", name=row.name)
        applied = desk.macros.apply(
            row.id, [ticket_id], mode=Mode.RUN, language=args.language, undo=False
        )
    outcome = applied.outcomes[0]
    if outcome.error is not None:
        raise outcome.error
    if out.json:
        out.document(
            {
                "message": str(outcome.message_id),
                "ticket": str(ticket_id),
                "change": applied.change_id,
            }
        )
    else:
        out.ids([outcome.message_id])
    return 0


def _reply_by_template(args: argparse.Namespace) -> int:
    """Queue an approved template with what stands in its places; a draft stays."""
    from helpdesk_tui.domain.messaging.parts import TemplateUse

    if args.stdin or args.attach or args.cc or args.bcc:
        hint = _("without text and files: only what was approved is sent")
        raise UsageError("argument.bad", name="--template", value=args.template, hint=hint)
    use = TemplateUse(args.template, args.language, tuple(args.value))
    ticket_id, out = number(args.id), output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        if not use.language:
            use = replace(use, language=_only_language(desk, ticket_id, use.name))
        queued = desk.replies.reply(
            ticket_id, "", template=use, then=_then(args.then), undo=False, at=_moment(args.at)
        )
    if out.json:
        out.document({"message": str(queued.message_id), "ticket": str(ticket_id)})
    else:
        out.ids([queued.message_id])
    return 0


def _only_language(desk: Desk, ticket_id: int, name: str) -> str:
    """Return the language of a template that is there in one only.

    Raises:
        UsageError: if it is there in several.
    """
    found = [each.language for each in desk.templates.of_ticket(ticket_id) if each.name == name]
    if len(found) > 1:
        hint = ", ".join(found)
        raise UsageError("argument.bad", name="--language", value="", hint=hint)
    return found[0] if found else ""


def hold(args: argparse.Namespace) -> int:
    """Ask the visitor of a chat for patience and print the message id."""
    ticket_id, out = number(args.id), output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        queued = desk.replies.hold(ticket_id, args.text)
    if out.json:
        out.document({"message": str(queued.message_id), "ticket": str(ticket_id)})
    else:
        out.ids([queued.message_id])
    return 0


def forward(args: argparse.Namespace) -> int:
    """Queue a forward of a message, or of the whole talk, and print its message id."""
    ticket_id = number(args.id)
    message_id = number(args.message) if args.message else None
    is_written = args.text is not None or args.file is not None or args.stdin == "-"
    text = read_text(args) if is_written else ""
    files = tuple(read_file(path) for path in args.attach)
    out = output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        mails = desk.replies.passed_on(ticket_id, message_id)
        queued = desk.replies.forward(
            ticket_id,
            f"{text}{mails.text}",
            to=_listed(args.to),
            cc=_listed(args.cc),
            bcc=_listed(args.bcc),
            files=(*mails.files, *files),
            use_draft_files=False,
            undo=False,
            at=_moment(args.at),
        )
    if out.json:
        out.document({"message": str(queued.message_id), "ticket": str(ticket_id)})
    else:
        out.ids([queued.message_id])
    return 0


def note(args: argparse.Namespace) -> int:
    """Add an internal note and print its message id."""
    ticket_id, text = number(args.id), read_text(args)
    out = output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        message_id = desk.replies.note(ticket_id, text)
    if out.json:
        out.document({"message": str(message_id), "ticket": str(ticket_id)})
    else:
        out.ids([message_id])
    return 0


def read_text(args: argparse.Namespace) -> str:
    """Return the text from ``--text``, ``--file`` or standard input.

    Raises:
        UsageError: if there is none, or more than one.
    """
    given = [args.text is not None, args.file is not None, args.stdin == "-"]
    if sum(given) != 1:
        raise UsageError("text.missing")
    if args.text is not None:
        text = args.text
    elif args.file is not None:
        text = _bytes_of(args.file).decode("utf-8", "replace")
    else:
        text = sys.stdin.read()
    if not text.strip():
        raise UsageError("text.missing")
    return str(text).rstrip("\n")


def read_file(path: Path) -> OutgoingFile:
    """Return a regular file as an attachment; only its name goes out, never its path.

    Raises:
        UsageError: if it is missing, no regular file, or cannot be read.
    """
    data = _bytes_of(path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return OutgoingFile(path.name, kind, data)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise UsageError("file.unreadable", path=path, reason=_("not a regular file"))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError("file.missing", path=path) from error
    except OSError as error:
        raise UsageError("file.unreadable", path=path, reason=error.strerror) from error


def _listed(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _moment(text: str) -> datetime | None:
    """Return when a message leaves; None is now."""
    return parse_when(text, datetime.now(UTC), local_zone()) if text else None


def _then(text: str) -> Snooze | Literal["none", "close"]:
    """Return what happens after sending, from ``close`` or ``snooze=WHEN``."""
    verb, _unused, when = text.partition("=")
    if not verb:
        return "none"
    if verb == "close" and not when:
        return "close"
    if verb == "snooze" and when:
        return parse_snooze(when, datetime.now(UTC), local_zone())
    raise UsageError("argument.bad", name="--and", value=text, hint=_("close or snooze=WHEN"))
