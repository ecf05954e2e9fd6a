"""Run the mail package over a folder of cases with expected results: ``DIR OUT.jsonl``.

Writes one line a case with what the package finds, in the words of the folder's ``score.py``,
which compares it with what the sources of the cases expect (``make corpus`` runs both).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.mail import FoldKind, MailClass, ParsedMail
from helpdesk_tui.domain.matching import referenced_ids
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.subjects import base_subject
from helpdesk_tui.mail.folding import find_folds
from helpdesk_tui.mail.forward import find_forwarded
from helpdesk_tui.mail.html import html_to_text
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.tnef import read_tnef

Json = dict[str, Any]
_LINK = re.compile(r" \[(\d{1,3})\](?: \([\w.-]{1,255}\))?")


def cases(folder: Path) -> Iterator[tuple[Json, Path]]:
    """Yield every case of a folder with the folder its inputs lie in."""
    for path in sorted(folder.glob("*/*.expected.json")):
        yield json.loads(path.read_text(encoding="utf-8")), path.parent


def result_of(case: Mapping[str, Any], folder: Path) -> Json:
    """Return what the package finds in a case."""
    kinds: dict[str, Callable[[Mapping[str, Any], Path], Json]] = {
        "rfc822": _mail,
        "rfc822-set": _thread,
        "body-text": _text,
        "body-html": _html,
        "tnef": _tnef,
    }
    return {"id": case["id"], **kinds[case["format"]](case, folder)}


def _raw(case: Mapping[str, Any], folder: Path) -> bytes:
    path: Path = folder / case["raw"]
    return path.read_bytes()


def _mail(case: Mapping[str, Any], folder: Path) -> Json:
    mail = parse_mail(_raw(case, folder))
    return {
        **_envelope(mail),
        **_body(mail.text, len(mail.links)),
        **_class(mail),
        **_attachments(mail),
        "defects": list(mail.defects),
    }


def _envelope(mail: ParsedMail) -> Json:
    return {
        "from_addr": mail.sender.addr,
        "from_name": mail.sender.name,
        "to": [person.addr for person in mail.to],
        "cc": [person.addr for person in mail.cc],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "references": list(mail.references),
        "in_reply_to": list(mail.in_reply_to),
        "is_signed": mail.is_signed,
    }


def _attachments(mail: ParsedMail) -> Json:
    return {
        "attachments": [
            {
                "filename": file.filename,
                "content_type": file.content_type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in mail.attachments
        ]
    }


def without_marks(text: str, links: int) -> str:
    """Leave out the numbers that the package puts behind the links of an HTML body."""

    def shown(match: re.Match[str]) -> str:
        return "" if int(match[1]) <= links else match[0]

    return _LINK.sub(shown, text) if links else text


def _body(text: str, links: int = 0) -> Json:
    folds = find_folds(text)
    signatures = [text[f.start : f.end] for f in folds if f.kind is FoldKind.SIGNATURE]
    return {
        "body_text": without_marks(text, links),
        "reply_text": without_marks(unfolded(text, folds), links),
        "signature": "\n".join(part.strip() for part in signatures),
    }


def _class(mail: ParsedMail) -> Json:
    failures = mail.bounce.failures if mail.bounce else ()
    return {
        "is_auto_reply": mail.mail_class in (MailClass.OOO, MailClass.AUTO)
        and not mail.is_feedback_report,
        "is_bounce": mail.mail_class is MailClass.BOUNCE,
        "is_feedback_report": mail.is_feedback_report,
        "is_spam_header": mail.is_spam_header,
        "bounce_status": sorted({each.status for each in failures if each.status}),
        "bounce_hard": any(each.hard for each in failures),
        "bounce_reason": sorted({each.kind for each in failures if each.kind}),
        "bounce_recipients_count": len(failures),
        **_forward(mail.subject, mail.text),
    }


def _forward(subject: str, text: str) -> Json:
    found = find_forwarded(subject, text)
    if found is None:
        return {"is_forward": False}
    return {
        "is_forward": True,
        "fwd_from_addr": found.sender.addr,
        "fwd_from_name": found.sender.name,
        "fwd_to": [person.addr for person in found.to],
        "fwd_cc": [person.addr for person in found.cc],
        "fwd_subject": found.subject,
        "fwd_body": found.body,
        "fwd_message": found.message,
        "fwd_embedded": found.embedded,
    }


def _text(case: Mapping[str, Any], folder: Path) -> Json:
    text = _raw(case, folder).decode("utf-8", "replace").replace("\r\n", "\n")
    subject = str(case.get("input", {}).get("subject", ""))
    return {**_body(text), **_forward(subject, text)}


def _html(case: Mapping[str, Any], folder: Path) -> Json:
    text, links = html_to_text(_raw(case, folder).decode("utf-8", "replace"))
    return _body(text, len(links))


def _tnef(case: Mapping[str, Any], folder: Path) -> Json:
    found = read_tnef(_raw(case, folder))
    if found is None:
        return {}
    return {
        "tnef_attachments": [
            {
                "filename": file.filename,
                "size": len(file.data),
                "sha256": hashlib.sha256(file.data).hexdigest(),
            }
            for file in found.files
        ],
        "tnef_body_kinds": list(found.body_kinds),
    }


def _thread(case: Mapping[str, Any], folder: Path) -> Json:
    """Group a set of mails as the desk's references would."""
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while group.setdefault(name, name) != name:
            name = group[name]
        return name

    found = [parse_mail((folder / name).read_bytes()) for name in case["raw"]]
    # a mail that came twice counts once, and one without an id stands for itself
    mails = {mail.message_id or f"no id {place}": mail for place, mail in enumerate(found)}
    for name, mail in mails.items():
        for other in referenced_ids(mail):
            group[root(name)] = root(other)
    threads: dict[str, list[ParsedMail]] = {}
    for name, mail in mails.items():
        threads.setdefault(root(name), []).append(mail)
    return {
        "threads": [[mail.message_id for mail in each] for each in threads.values()],
        "thread_sizes": [[base_subject(each[0].subject), len(each)] for each in threads.values()],
    }


def main(arguments: list[str]) -> int:
    """Write the results of a folder; 2 on wrong usage."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, target = Path(arguments[0]), Path(arguments[1])
    with target.open("w", encoding="utf-8") as out:
        for case, place in cases(folder):
            out.write(json.dumps(result_of(case, place), ensure_ascii=True) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
