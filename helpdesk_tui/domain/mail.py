"""Values of e-mail: what parsing finds, and what sending needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mail address; ``addr`` is lower case, ``name`` cleaned for display."""

    name: str
    addr: str


class FoldKind(StrEnum):
    """What a folded range of a body is."""

    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Fold:
    """A range of a body that is folded away when shown: character offsets, end excluded."""

    start: int
    end: int
    kind: FoldKind


class MailClass(StrEnum):
    """What kind of sender a mail has; the first that applies wins."""

    BOUNCE = "bounce"
    OOO = "ooo"
    AUTO = "auto"
    BULK = "bulk"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something was decided: a code, and the value that led to it."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file of a mail, decoded."""

    filename: str
    """Cleaned label, never a path; empty where the mail names none."""
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One address that a mail did not reach."""

    recipient: str
    status: str
    """Enhanced status code (RFC 3463), given or derived from the text; may be empty."""
    hard: bool
    reason: str
    """The line of the report that says why."""
    kind: str = ""
    """Kind of failure such as ``userunknown``, ``mailboxfull``, ``expired``; may be empty."""
    gave_up: bool = False
    """The server tries no longer, whatever the reason; a report without it may be a warning."""

    @property
    def is_final(self) -> bool:
        """True where the mail does not arrive any more; else it is only late."""
        return self.hard or self.gave_up


@dataclass(frozen=True, slots=True)
class Bounce:
    """A failed delivery as its report tells it."""

    status: str
    """Enhanced status code (RFC 3463) such as ``5.1.1``, or empty."""
    hard: bool
    recipient: str
    original_id: str
    """Message-ID of the mail that did not arrive, without angle brackets, or empty."""
    reason: str
    failures: tuple[FailedRecipient, ...] = ()
    """Every failed recipient; the fields above are those of the first."""

    @property
    def is_final(self) -> bool:
        """True where the report is the last word for somebody, and no mere warning."""
        return any(each.is_final for each in self.failures) if self.failures else self.hard


@dataclass(frozen=True, slots=True)
class AuthResult:
    """The topmost Authentication-Results header (RFC 8601), comments dropped."""

    authserv_id: str
    methods: tuple[tuple[str, str], ...]
    """(method, result) pairs such as ("dmarc", "fail")."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail that somebody forwarded by hand, as far as the forwarding mail shows it."""

    sender: Address
    """Its author; ``addr`` empty where the forwarded header names none."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: str
    """As written there, in whatever language."""
    subject: str
    body: str
    message: str
    """What the forwarder wrote above it; empty for nothing."""
    embedded: str
    """The forwarded block as it stands in the text, header lines included."""
    is_attached: bool = False
    """Came as an attached message/rfc822 instead of as text."""
    inner: Forwarded | None = None
    """The mail that this one passes on in turn, where its author forwarded it too."""


class NoticeKind(StrEnum):
    """What a message carries beside text and files that a reader must be told."""

    INVITATION = "invitation"
    """A calendar invitation; values: method, summary, start, end, all_day, place, organizer,
    attendees."""
    SIGNED = "signed"
    """Carries a signature that nobody checked here; values: scheme (``smime`` or ``pgp``)."""
    ENCRYPTED = "encrypted"
    """Cannot be read here; values: scheme."""
    EMBEDDED = "embedded"
    """An attached mail; values: sender, subject, date."""
    QUOTED = "quoted"
    """Answers a message of the thread; values: id (of ours), author, text."""
    STORY = "story"
    """Instagram: about a story of ours; values: what (``reply`` or ``mention``), link, id."""
    SHARED = "shared"
    """Instagram: a post or reel; values: link, title."""
    LOCATION = "location"
    """A place; values: name, address, latitude, longitude."""
    CONTACT = "contact"
    """A card; values: name, phone, email."""
    REACTION = "reaction"
    """A sign put to this message; values: emoji, by (``customer`` or ``us``)."""
    UNSENT = "unsent"
    """Its writer took it back: what it said is gone."""
    UNSUPPORTED = "unsupported"
    """Of a type that cannot be shown; values: type."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a mail carries, as values; its sentence is made where it is shown."""

    kind: NoticeKind
    values: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs, values cleaned; lists are joined with ``, ``; moments are RFC 3339."""


_SPOKEN = ("name", "title", "address", "phone", "email", "type")
_POINT = ("latitude", "longitude")


def notice_gist(notice: Notice) -> str:
    """Return what a notice is about, in the words that came with it: for a list of tickets."""
    values = {name: value for name, value in notice.values if value}
    said = [values[name] for name in _SPOKEN if name in values]
    point = [values[name] for name in _POINT if name in values]
    return " · ".join(said) or ", ".join(point) or notice.kind.value


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as the desk understands it: texts are cleaned, nothing is a path or markup."""

    message_id: str
    """Without angle brackets; empty where missing or not of valid form."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address
    """From; ``addr`` empty where none was found, without a host for a local mailbox (``root``)."""
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    """Addresses that servers delivered it to or passed it on from, by the headers they leave."""
    original_senders: tuple[tuple[str, Address], ...]
    """(header name in lower case, address) of the headers forwards leave, in rules order."""
    date: datetime | None
    subject: str
    text: str
    folds: tuple[Fold, ...]
    has_html: bool
    links: tuple[tuple[str, str], ...]
    """(address, host shown) of the numbered links of an HTML body; http, https, mailto only."""
    attachments: tuple[MailAttachment, ...]
    mail_class: MailClass
    bounce: Bounce | None
    auth: AuthResult | None
    instance: str
    """Value of X-Helpdesk-Instance, or empty."""
    markers: tuple[str, ...]
    """Body markers found in the text, innermost last."""
    is_forward: bool
    """Looks like a forward made by hand: subject prefix, forwarded block or embedded message."""
    evidence: tuple[Evidence, ...]
    defects: tuple[str, ...]
    """Codes of what was wrong or cut, such as ``too-many-parts``."""
    content_hash: str
    """SHA-256 hex over From, Date, Subject, decoded text and attachment hashes."""
    forwarded: Forwarded | None = None
    """The mail inside, where this one forwards one by hand."""
    notices: tuple[Notice, ...] = ()
    is_signed: bool = False
    """The top level is multipart/signed (RFC 1847)."""
    is_feedback_report: bool = False
    """An abuse report of a mail provider (RFC 5965)."""
    reported_id: str = ""
    """The Message-ID that such a report is about, or empty."""
    is_spam_header: bool = False
    """A filter on the way here wrote into a header that this is spam."""
    address_test: str = ""
    """Token of X-Helpdesk-Address-Test, or empty."""
    auth_results: tuple[AuthResult, ...] = ()
    """All Authentication-Results headers, topmost first; ``auth`` is the first of them."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file of an outgoing mail."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """All that fixes the bytes of an outgoing mail; the same value always gives the same bytes."""

    message_id: str
    date: datetime
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    html: str
    in_reply_to: str
    references: tuple[str, ...]
    instance: str
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False
    reply_to: Address | None = None
    """Where answers go, if not to ``sender``."""
    bcc: tuple[Address, ...] = ()
    """They stand in the envelope only, never in a header."""
