"""What was noticed about a mail: codes that messages and tickets bear, and lists and threads show.

They stand in the store as words separated by spaces; sentences are made where they are drawn.
"""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """One thing that was noticed; of a message, of its ticket, or of both."""

    AUTH_FAILED = "auth-failed"
    """The sender could not be verified, or several are named: it may be forged."""
    SPOOFED_NAME = "spoofed-name"
    """The sender's name pretends to be somebody else."""
    NEW_SENDER = "new-sender"
    """A stranger to the ticket was let in by a proof."""
    NEW_PARTICIPANT = "new-participant"
    """Was only copied before and now writes to us alone."""
    FROM_OWN_ADDRESS = "from-own-address"
    """Comes from one of our addresses and was not written by the helpdesk."""
    OWN_CUSTOMER = "own-address-customer"
    """Of a ticket: its customer is one of our own addresses."""
    REPLY_TO_DIFFERS = "reply-to-differs"
    """Of a ticket: answers are wanted at another address."""
    FORGED_REFERENCE = "forged-reference"
    """Names another ticket without a proof."""
    UNPROVEN_THREAD = "unproven-thread"
    """Was matched by person and subject, because the mail it answers had no id."""
    SAME_ID = "same-id"
    """Another mail has the same Message-ID and other content."""
    PASSED_ON = "passed-on"
    """Stood in a mail that a colleague forwarded by hand."""
    CONFIRMATION = "forwarding-confirmation"
    """A provider asks to confirm a forwarding to us."""
    THIRD_PARTY = "third-party"
    """Of a message of ours: it went to somebody other than the customer's side."""
    WOKEN = "woken"
    """Of a ticket: its snooze has ended and nobody has opened it since."""
    BOUNCE = "bounce"
    """A delivery report."""
    ADDRESS_FAILS = "address-fails"
    """Of a ticket: the customer's address gives mail back."""
    REPORTED_AS_SPAM = "reported-as-spam"
    """Of a message of ours: its reader complained to their provider."""
    BLOCKED = "blocked"
    """Its sender is blocked: kept, and put before nobody."""
    GRATITUDE = "gratitude"
    """Says thank you and nothing else."""
    CUT = "cut"
    """Too large or too deep: parts are missing, the original is kept."""
    UNREADABLE = "unreadable"
    """Could not be read: only a byte scan speaks for it."""
