"""What would leave if it was sent now, and what an agent should know before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db.own import load_desk
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Evidence
from helpdesk_tui.domain.reply_headers import answers_inline
from helpdesk_tui.services.addressing import addressees, sender_of, signed_text, subject_of
from helpdesk_tui.services.queueing import check_files, check_length
from helpdesk_tui.services.recipients import Envelope, people_on
from helpdesk_tui.services.ways.wanted import Wanted

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.domain.own import OwnAddresses

_TOLD = (Flag.NEW_SENDER, Flag.AUTH_FAILED, Flag.SPOOFED_NAME, Flag.UNPROVEN_THREAD)
"""Flags of the answered message that matter before answering it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would leave."""

    sender: str
    sender_name: str
    envelope: Envelope
    present: tuple[str, ...]
    """Who was on the mail answered, its sender first, without our own addresses."""
    subject: str
    text: str
    """With the signatures, exactly as it leaves; the quotation comes below it."""
    quoted: str
    """Whose message is quoted below; empty where nothing is."""
    warnings: tuple[Evidence, ...]
    """Codes with the address they are about: ``own-address`` and flags of the answered mail."""


def preview_of(
    connection: sqlite3.Connection,
    target: Target,
    agent_id: int,
    wanted: Wanted,
    files: list[StoredFile],
) -> Preview:
    """Return what would leave, refusing what could not.

    Raises:
        UsageError: a bad address, none, files too large, or too much text.
        NotAllowed: an address that may not be written to, with the reason.
    """
    account_id, sender, sender_name = sender_of(connection, target)
    envelope, answered = addressees(connection, target, wanted)
    check_files(connection, target, account_id, files)
    own = load_desk(connection).own
    text, _ = signed_text(connection, target, agent_id, wanted.text)
    check_length(target.channel, text)
    quoted = ""
    if answered is not None and answered.text.strip() and not answers_inline(text, answered.text):
        quoted = answered.name or answered.sender
    return Preview(
        sender=sender,
        sender_name=sender_name,
        envelope=envelope,
        present=people_on(answered, own)[0] if answered is not None else (),
        subject=subject_of(target, is_forward=wanted.is_forward),
        text=text,
        quoted=quoted,
        warnings=tuple(_warnings(envelope, answered, own)),
    )


def _warnings(envelope: Envelope, answered: Answered | None, own: OwnAddresses) -> list[Evidence]:
    found = [Evidence("own-address", each) for each in envelope.everybody if each in own]
    found += [Evidence("left-out", each) for each in envelope.left_out]
    if answered is not None:
        found += [Evidence(flag, answered.sender) for flag in _TOLD if flag in answered.flags]
    return found
