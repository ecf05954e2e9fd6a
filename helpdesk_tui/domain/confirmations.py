"""Recognising the mail by which a provider asks to confirm a forwarding, in any language.

Anybody can write such a mail. It is believed only from the address of a provider, and its link
only where it leads to that provider; nothing here opens it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from helpdesk_tui.domain.accounts import AddressState, Confirmation, Provider
from helpdesk_tui.domain.mail import MailClass, ParsedMail
from helpdesk_tui.domain.providers import (
    Confirmer,
    confirmer_of,
    guess_provider,
)
from helpdesk_tui.domain.senders import Proof, proof_of
from helpdesk_tui.domain.verification import AddressChange, Outcome, Watched

_SCAN = 12_000
"""Characters of a text that are looked at; these mails are short."""
_MAX_LINKS = 100
_FORWARD = re.compile(
    r"forward|redirec|rediri|weiterleit|umleit|reenv[ií]|reenvi|transfer|transfér|transfert|inoltr"
    r"|encaminh|reencaminh|doorstu|doorgest|przekaz|przekier|vidarebef|videresend|eftersend"
    r"|edelleen|välit|p[rř]epos|přesměr|presmer|továbbít|átirány|redirecț|пересыл|переадрес"
    r"|перенаправ|переслан|преслед|пренасоч|preusmj|posredov|yönlendir|iletme|iletil|προώθ"
    r"|העבר|إعادة توجيه|تحويل|chuyển tiếp|meneruskan|penerusan|ส่งต่อ|転送|转发|轉寄|轉發|전달"
    r"|अग्रेषित|फ़ॉरवर्ड"
)
_CONFIRM = re.compile(
    r"confirm|verif|vérif|bestätig|confirmaci|confirmaç|conferm|potwierd|weryfik|bekräft|bekreft"
    r"|bekræft|verifi|vahvist|bevestig|ověř|potvrd|potvrz|overen|overte|megerős|ellenőr|podtverd"
    r"|подтверд|підтверд|потвърд|проверк|onay|doğrula|επιβεβα|επαλήθ|אישור|אימות|تأكيد|تحقق"
    r"|xác nhận|xác minh|konfirmasi|verifikasi|pengesahan|ยืนยัน|確認|确认|認証|验证|驗證|확인|인증"
    r"|पुष्टि|सत्यापन"
)
_NUMBERED = re.compile(r"[(（]\s*#?\s*(\d{6,12})\s*[)）]")
_LABELLED = re.compile(r"[:：]\s{0,20}(\d{4,12})(?![\d/.:-])")
_ALONE = re.compile(r"^[ \t]{0,40}(\d{4,12})[ \t]{0,40}$", re.MULTILINE)
_URL = re.compile(r"https://[^\s<>\"'`{}|\\^\]]{4,2000}")
_PLAIN = re.compile(r"https://[A-Za-z0-9.-]+(?::443)?[/?][!#-;=?-\[\]_a-z~]*")
"""A link that every browser understands as we do: https, no user, no port of its own."""
_GOOD = re.compile(r"confirm|verif|valid|activat|approv|accept|token|forward|code=|key=")
_BAD = re.compile(r"cancel|unsubscri|reject|deny|decline|remove|delete|stop|help|support|privacy"
                  r"|terms|legal|about|policies")  # fmt: skip
_ADDRESS = re.compile(r"[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}")
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FoundConfirmation:
    """A provider's mail that asks to confirm a forwarding."""

    confirmation: Confirmation
    change: AddressChange | None
    """None if no address waits for one."""


def read_confirmation(
    mail: ParsedMail,
    watched: Sequence[Watched],
    *,
    account_id: int | None = None,
    trusted: frozenset[str] = frozenset(),
) -> FoundConfirmation | None:
    """Return what a mail says if a provider asks by it to confirm a forwarding, else None.

    Args:
        mail: The mail.
        watched: All support addresses, newest first.
        account_id: The mailbox it came into; None leaves that open.
        trusted: Servers whose Authentication-Results count.
    """
    if mail.mail_class in (MailClass.BOUNCE, MailClass.OOO):
        return None
    domains = (each.address.rpartition("@")[2] for each in watched)
    confirmer = confirmer_of(mail.sender.addr, domains)
    if confirmer is None or _is_ours(mail.sender.addr, watched) or not _is_genuine(mail, trusted):
        return None
    link = _link(mail, confirmer)
    code = _code(mail)
    if not (link or code) or not _asks(mail, confirmer, link):
        return None
    waiting = [each for each in watched
               if each.state in (AddressState.PENDING, AddressState.FAILING)
               and account_id in (None, each.account_id)]  # fmt: skip
    named = _named(mail, watched, confirmer)
    target = next((each for each in waiting if each.address in named), None)
    target = target or next(iter(waiting), None)
    found = Confirmation(
        code, link, _provider(confirmer, named), mail.date or _NO_DATE, named[0] if named else ""
    )
    if target is None:
        return FoundConfirmation(found, None)
    change = AddressChange(target.address, Outcome.CONFIRMATION, confirmation=found)
    return FoundConfirmation(found, change)


def _is_ours(sender: str, watched: Sequence[Watched]) -> bool:
    return any(sender in (each.address, each.workspace) for each in watched)


def _is_genuine(mail: ParsedMail, trusted: frozenset[str]) -> bool:
    """Tell whether a server that we trust has nothing against the sender."""
    if proof_of(mail, trusted) is Proof.FAILED:
        return False
    if mail.auth is None or mail.auth.authserv_id not in trusted:
        return True
    judged = [result for name, result in mail.auth.methods if name in ("dmarc", "dkim", "spf")]
    return not judged or "pass" in judged


def _asks(mail: ParsedMail, confirmer: Confirmer, link: str) -> bool:
    """Tell whether a mail of a provider is about confirming a forwarding at all."""
    if confirmer.path:
        # this sender writes about nothing else: the link or the number says enough
        return bool(link) or _NUMBERED.search(mail.subject) is not None
    said = f"{mail.subject}\n{mail.text[:_SCAN]}".casefold()
    return _FORWARD.search(said) is not None and _CONFIRM.search(said) is not None


def _link(mail: ParsedMail, confirmer: Confirmer) -> str:
    """Return the link that confirms, or nothing if none of the provider's own clearly does."""
    links = [address for address, _ in mail.links[:_MAX_LINKS]]
    links += _URL.findall(mail.text[:_SCAN])[:_MAX_LINKS]
    own = [link.rstrip(".,;:!?)") for link in links if _leads_to(link, confirmer.hosts)]
    if confirmer.path:
        return next((link for link in own if urlsplit(link).path.startswith(confirmer.path)), "")
    return next((link for link in own if _confirms(link)), "")


def _confirms(link: str) -> bool:
    """Tell by its words whether a link confirms; help pages and refusals stand beside it."""
    parts = urlsplit(link)
    # the address itself may be a word such as support@
    path = _ADDRESS.sub("", unquote(parts.path).casefold())
    first, _, _ = (parts.hostname or "").partition(".")
    if _BAD.search(f"{first} {path}"):
        return False
    return _GOOD.search(f"{path}?{unquote(parts.query).casefold()}") is not None


def _leads_to(link: str, hosts: Sequence[str]) -> bool:
    """Tell whether a link leads to one of some hosts, and nothing in it pretends so."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if not _PLAIN.fullmatch(link) or ".." in unquote(parts.path):
        return False
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def _code(mail: ParsedMail) -> str:
    """Return the digits to type in, or nothing."""
    text = mail.text[:_SCAN]
    found = (
        _NUMBERED.search(mail.subject)
        or _LABELLED.search(mail.subject)
        or _LABELLED.search(text)
        or _ALONE.search(text)
    )
    return found[1] if found else ""


def _named(mail: ParsedMail, watched: Sequence[Watched], confirmer: Confirmer) -> tuple[str, ...]:
    """Return the addresses a mail names, those of our mailboxes and of the provider left out."""
    said = f"{mail.subject}\n{mail.text[:_SCAN]}".casefold()
    ours = {each.workspace for each in watched}
    found = (match[0].strip(".'") for match in _ADDRESS.finditer(said))
    return tuple(dict.fromkeys(
        each for each in found
        if each not in ours and each not in confirmer.senders and each != mail.sender.addr
    ))  # fmt: skip


def _provider(confirmer: Confirmer, named: Sequence[str]) -> str:
    """Return whose mail it is; Google writes the same for its free mail and for Workspace."""
    if confirmer.provider != Provider.GMAIL or not named:
        return confirmer.provider
    return guess_provider(named[0]) or Provider.WORKSPACE
