"""Whether a sender is who the mail says: what servers found, and what the shown name pretends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from helpdesk_tui.domain.mail import Address, AuthResult, Evidence, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.text import fold

_IN_NAME = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,253}\.[^\W\d_]{2,63}")


UNCLEAR_FROM = "unclear-from"
"""Defect of a mail whose From names several addresses or none: what is shown was never judged."""


class Proof(StrEnum):
    """What the receiving server says of the From address (DMARC)."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"
    """A trusted server says nothing about it."""
    UNKNOWN = "unknown"
    """No server that we trust has said anything."""


def proof_of(mail: ParsedMail, trusted: frozenset[str]) -> Proof:
    """Return whether a mail is of the sender it shows: forged where it leaves that open."""
    return Proof.FAILED if UNCLEAR_FROM in mail.defects else server_proof(mail, trusted)


def server_proof(mail: ParsedMail, trusted: frozenset[str]) -> Proof:
    """Return what the topmost trusted Authentication-Results say.

    Several programs of one server write a header each, so that a lower header of the same server
    may tell of a failure; never of a success, because anybody can write one that arrives below.
    """
    results = _trusted(mail, trusted)
    if not results:
        return Proof.UNKNOWN
    verdict = _dmarc(results[0])
    if verdict is None and any(_dmarc(each) is Proof.FAILED for each in results[1:]):
        return Proof.FAILED
    return verdict or Proof.NONE


def proof_evidence(mail: ParsedMail, trusted: frozenset[str], proof: Proof) -> Evidence:
    """Return why a sender counts as proven, forged or neither."""
    if UNCLEAR_FROM in mail.defects:
        return Evidence(f"sender.{proof}", "From names several addresses, or none")
    results = _trusted(mail, trusted)
    if results:
        methods = ", ".join(f"{name}={value}" for name, value in results[0].methods)
        return Evidence(f"sender.{proof}", f"{results[0].authserv_id}: {methods or 'nothing'}")
    named = ", ".join(dict.fromkeys(each.authserv_id or "a server without name"
                                    for each in _results(mail)))  # fmt: skip
    return Evidence(f"sender.{proof}", f"not trusted: {named}" if named else "no server says")


def _results(mail: ParsedMail) -> Sequence[AuthResult]:
    return mail.auth_results or ((mail.auth,) if mail.auth is not None else ())


def _trusted(mail: ParsedMail, trusted: frozenset[str]) -> list[AuthResult]:
    found = [each for each in _results(mail) if each.authserv_id in trusted] if trusted else []
    return [each for each in found if each.authserv_id == found[0].authserv_id]


def _dmarc(result: AuthResult) -> Proof | None:
    found = {value for method, value in result.methods if method == "dmarc"}
    if "fail" in found:
        return Proof.FAILED
    if found == {"pass"}:
        return Proof.PASSED
    return Proof.NONE if found else None


def is_spoofed(sender: Address, own: OwnAddresses, names: frozenset[str]) -> bool:
    """Tell whether the name that a mail shows is another's: an address, or one of ours.

    Args:
        sender: Name and address of From.
        own: Our addresses, which may bear our names.
        names: The names under which we write, folded.
    """
    if not sender.name or not sender.addr or sender.addr in own:
        return False
    if "@" in sender.name:
        shown = [found.lower() for found in _IN_NAME.findall(sender.name)]
        if shown and sender.addr not in shown:
            return True
    return bool(names) and fold(sender.name).strip() in names
