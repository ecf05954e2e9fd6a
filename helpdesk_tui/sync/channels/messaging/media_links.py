"""Files for providers that take addresses only: the relay serves them for a while."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.webchat.reading import WireError
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.channels.messaging.provider import OutgoingMedia, OutgoingPart
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relay_line import RelayLine, line_of

_KEPT = 12 * 3600
"""Seconds: providers hold a message back for up to ten hours before they fetch its files."""
_TOKEN_BYTES = 20
OpenLine = Callable[[Account, Password], RelayLine | None]


class MediaLinks:
    """The relay of one account, asked for nothing before a file has to leave."""

    def __init__(
        self, account: Account, password: Password, *, open_line: OpenLine = line_of
    ) -> None:
        self._account = account
        self._password = password
        self._open = open_line
        self._line: RelayLine | None = None

    def served(self, part: OutgoingPart, secret: str) -> OutgoingPart:
        """Return a part whose files the relay serves; put there again, they are the same.

        Args:
            part: What is about to leave.
            secret: The store's: nobody without it guesses an address.

        Raises:
            Rejected: ``reply.no-relay``, or a file is too large for the relay.
            Retry: the relay cannot be reached.
        """
        if self._line is None:
            self._line = self._open(self._account, self._password)
        if self._line is None:
            raise Rejected("reply.no-relay", channel=self._account.channel)
        files = [self._put(self._line, part, file, secret) for file in part.files]
        return replace(part, files=tuple(files))

    def close(self) -> None:
        """Drop the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _put(
        self, line: RelayLine, part: OutgoingPart, file: OutgoingMedia, secret: str
    ) -> OutgoingMedia:
        token = token_of(secret, part.message_id, file.sha256)
        try:
            url = line.put_media(
                token,
                file.read(),
                name=file.name,
                content_type=file.content_type,
                seconds=_KEPT,
            )
        except WireError as error:
            self.close()
            raise Retry(error.code, reason=str(error)) from error
        except Retry:
            self.close()
            raise
        return replace(file, url=url)


def token_of(secret: str, message_id: int, sha256: str) -> str:
    """Return what nobody guesses, and what is the same each time a file is put there."""
    said = f"media {message_id} {sha256}".encode()
    key = hmac.new(secret.encode(), said, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.b32encode(key).decode().lower()
