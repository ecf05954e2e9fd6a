"""One mailbox over IMAP: what is new, its bytes, and the Sent folder."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from imapclient import exceptions

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.email.answers import Answer
from helpdesk_tui.sync.channels.email.dial import Client, open_client, said, without
from helpdesk_tui.sync.channels.email.refused import Refused, stand_in
from helpdesk_tui.sync.channels.email.settings import EmailSettings
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry

BATCH_MAILS = 200
PEEK_BYTES = 100_000
"""A batch asks for this much of each mail: 200 of them are 20 MB at most."""
BATCH_BYTES = 20_000_000
_FIRST_WINDOW = 20_000
_WINDOW_LIMIT = 2**32
_WANTED_PER_SEARCH = 10_000
COMMAND_LIMIT = 180.0
"""Seconds a command may take in all, so that a dripping server cannot hold a thread."""
IDLE_RENEW = 9 * 60.0
_TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class FolderState:
    """What a folder says of itself when it is opened."""

    validity: int
    next_uid: int
    """0 where the server does not say."""
    exists: int


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """The bytes of a mail, or of its header where it is too large."""

    uid: int
    raw: bytes
    received_at: datetime | None
    too_large: int = 0
    """Its true size where only the header was fetched."""


class Mailbox:
    """One logged-in IMAP connection; used by one thread, closed by any."""

    def __init__(self, settings: EmailSettings, password: str) -> None:
        """Connect and log in; blocks.

        Raises:
            Retry: if the server is not reached or not to be trusted.
            AuthFailed: if it refuses the login.
        """
        self._settings = settings
        self._client = open_client(settings.imap, max(settings.max_size, PEEK_BYTES) + 65_536)
        try:
            self._login(password)
        except BaseException:
            self.close()
            raise

    def _login(self, password: str) -> None:
        settings = self._settings
        require_plain(settings.user)
        try:
            with self._guarded():
                if settings.uses_token:
                    self._login_with_token(password)
                elif password.isascii():
                    self._client.login(settings.user, password)
                else:
                    self._client.plain_login(settings.user, password)
        except exceptions.LoginError as error:
            text = without(password, said(error))
            if "UNAVAILABLE" in text.upper():
                raise Retry("imap.busy", host=settings.imap.host, text=text) from None
            raise AuthFailed("imap.login-refused", user=settings.user, text=text) from None
        self._client.forget_capabilities()

    def _login_with_token(self, token: str) -> None:
        """Log in by the newer of the two ways the server knows (RFC 7628, else Google's)."""
        if self._client.has_capability("AUTH=OAUTHBEARER"):
            self._client.oauthbearer_login(self._settings.user, token)
        else:
            self._client.oauth2_login(self._settings.user, token)

    def capable(self, name: str) -> bool:
        """Tell whether the server has a capability, such as ``IDLE``."""
        with self._guarded():
            return bool(self._client.has_capability(name))

    def open_folder(self, name: str, *, create: bool = False) -> FolderState:
        """Open a folder for reading and return its state.

        Raises:
            UsageError: if there is no such folder.
        """
        require_folder(name)
        try:
            with self._guarded():
                if create and not self._client.folder_exists(name):
                    self._client.create_folder(name)
                answer = self._client.select_folder(name, readonly=True)
        except Refused as error:
            raise UsageError("imap.folder-missing", folder=name, **error.values) from None
        return FolderState(
            int(answer.get(b"UIDVALIDITY", 0)),
            int(answer.get(b"UIDNEXT", 0)),
            int(answer.get(b"EXISTS", 0)),
        )

    def uids(self, first: int, next_uid: int) -> Iterator[list[int]]:
        """Give the UIDs from ``first`` on, ascending, in lists of limited length."""
        if not next_uid:
            yield [uid for uid in self._search(["UID", f"{first}:*"]) if uid >= first]
            return
        window = _FIRST_WINDOW
        while first < next_uid:
            last = min(first + window, next_uid) - 1
            found = [uid for uid in self._search(["UID", f"{first}:{last}"]) if uid >= first]
            if found:
                yield found
            if len(found) < _WANTED_PER_SEARCH:
                window = min(window * 4, _WINDOW_LIMIT)
            else:
                window = max(window // 2, _FIRST_WINDOW)
            first = last + 1

    def _search(self, criteria: list[str]) -> list[int]:
        with self._guarded():
            return sorted(int(uid) for uid in self._client.search(criteria))

    def fetch(self, uids: Sequence[int]) -> list[FetchedMail]:
        """Return the mails of these UIDs, ascending, those that vanished left out; blocks.

        One command brings every mail up to 100 kB whole; what is larger is asked for its size
        and fetched in portions of limited size. A mail that the server gives to nobody is
        reported by a mail of ours, so that it is seen and the ones behind it are not held up.

        Raises:
            Retry: if the server gives no mail at all for now; nothing may be passed over then.
        """
        try:
            return sorted(self._fetch_many(uids), key=lambda mail: mail.uid)
        except Refused as error:
            if error.is_temporary:
                raise
        given: list[FetchedMail] = []
        refused: list[tuple[int, Refused]] = []
        for uid in uids:
            try:
                given += self._fetch_many([uid])
            except Refused as error:
                if error.is_temporary:
                    raise
                refused.append((uid, error))
        if len(refused) > 1 and not given:
            raise refused[0][1]
        for uid, refusal in refused:
            given += self._in_place_of(uid, refusal)
        return sorted(given, key=lambda mail: mail.uid)

    def _in_place_of(self, uid: int, refusal: Refused) -> Iterator[FetchedMail]:
        """Give what is stored for a mail that is refused; nothing if it is gone by now."""
        try:
            answers = self._ask([uid], ["RFC822.SIZE", "INTERNALDATE"])
        except Refused:
            answers = {uid: {}}
        for answer in answers.values():
            size, came = answer.get(b"RFC822.SIZE"), _aware(answer.get(b"INTERNALDATE"))
            raw = stand_in(uid, size if isinstance(size, int) else 0, came, refusal.text)
            yield FetchedMail(uid, raw, came)

    def _fetch_many(self, uids: Sequence[int]) -> list[FetchedMail]:
        item = f"BODY.PEEK[]<0.{PEEK_BYTES}>"
        done, large = [], []
        for uid, answer in self._ask(uids, [item, "INTERNALDATE"]).items():
            raw = _given(answer, b"BODY[]<0>")
            if len(raw) >= PEEK_BYTES:
                large.append(uid)
            else:
                done.append(FetchedMail(uid, raw, _aware(answer.get(b"INTERNALDATE"))))
        return [*done, *self._fetch_large(large)] if large else done

    def _fetch_large(self, uids: Sequence[int]) -> Iterator[FetchedMail]:
        sizes = {
            uid: int(answer.get(b"RFC822.SIZE", 0))
            for uid, answer in self._ask(uids, ["RFC822.SIZE"]).items()
        }
        limit = self._settings.max_size
        whole = [uid for uid, size in sizes.items() if size <= limit]
        for portion in _portions(whole, sizes):
            for uid, answer in self._ask(portion, ["BODY.PEEK[]", "INTERNALDATE"]).items():
                raw = _given(answer, b"BODY[]")
                yield FetchedMail(uid, raw, _aware(answer.get(b"INTERNALDATE")))
        header = f"BODY.PEEK[HEADER]<0.{PEEK_BYTES}>"
        huge = [uid for uid, size in sizes.items() if size > limit]
        for uid, answer in (self._ask(huge, [header, "INTERNALDATE"]) if huge else {}).items():
            raw = _given(answer, b"BODY[HEADER]<0>")
            yield FetchedMail(uid, raw, _aware(answer.get(b"INTERNALDATE")), sizes[uid])

    def _ask(self, uids: Sequence[int], items: list[str]) -> dict[int, Answer]:
        with self._guarded():
            return self._client.fetch_items(uids, items)

    def idle(self, begun: Callable[[], None], seconds: float = IDLE_RENEW) -> bool:
        """Wait for news of the open folder; True if the server sent any, False after the time.

        Args:
            begun: Called once the server listens. What came before or together with its answer
                may have been read unseen, so a look at the folder belongs there.
            seconds: How long to wait before the wait has to be renewed.

        Raises:
            Retry: if the connection is lost or was closed by another thread.
        """
        client, started = self._client, time.monotonic()
        with self._guarded(seconds + 60.0):
            client.idle()
            begun()
            news = client.idle_check(timeout=seconds)
            if not news and time.monotonic() - started < seconds - 1.0:
                raise OSError("connection closed while waiting")
        with self._guarded(30.0):
            _, more = client.idle_done()
        return any(_is_news(line) for line in (*news, *more))

    def sent_folder(self) -> str:
        """Return the folder that holds sent mail: as set, else by special use, else made."""
        name = self._settings.sent_folder or "Sent"
        require_folder(name)
        with self._guarded():
            if not self._settings.sent_folder:
                found = self._client.find_special_folder(b"\\Sent")
                if found:
                    require_folder(str(found))
                    return str(found)
            if not self._client.folder_exists(name):
                self._client.create_folder(name)
            return name

    def has_message(self, folder: str, message_id: str) -> bool:
        """Tell whether a folder holds the mail with this Message-ID.

        Raises:
            UsageError: if the id has characters that must not stand in a command.
        """
        require_plain(message_id)
        self.open_folder(folder)
        return bool(self._search(["HEADER", "Message-ID", f"<{message_id}>"]))

    def append(self, folder: str, raw: bytes, moment: datetime) -> None:
        """Put a copy of a mail into a folder, as seen."""
        require_folder(folder)
        with self._guarded():
            self._client.append(folder, raw, (b"\\Seen",), moment)

    def alive(self) -> bool:
        """Ask the server for a sign of life."""
        try:
            with self._guarded(15.0):
                self._client.noop()
        except (Retry, Refused):
            return False
        return True

    def close(self) -> None:
        """Drop the connection; a thread that waits on it gets Retry."""
        _drop(self._client)
        with contextlib.suppress(OSError, ValueError, imaplib.IMAP4.error):
            self._client.shutdown()

    @contextlib.contextmanager
    def _guarded(self, seconds: float | None = None) -> Iterator[None]:
        """Turn every failure of the connection into Retry; cut it when it takes too long."""
        timer = threading.Timer(seconds or COMMAND_LIMIT, _drop, [self._client])
        timer.daemon = True
        timer.start()
        try:
            yield
        except exceptions.LoginError:
            raise
        except (imaplib.IMAP4.abort, exceptions.ProtocolError) as error:
            raise self._lost(error) from error
        except imaplib.IMAP4.error as error:
            raise Refused("imap.refused", text=said(error)) from error
        except (OSError, ValueError, AttributeError, IndexError) as error:
            raise self._lost(error) from error
        finally:
            timer.cancel()

    def _lost(self, error: Exception) -> Retry:
        _drop(self._client)
        return Retry("imap.lost", host=self._settings.imap.host, reason=said(error))


def require_plain(text: str) -> None:
    """Refuse text that must not stand inside an IMAP command.

    Raises:
        UsageError: for control characters, anything but ASCII, or more than 200 characters.
    """
    if len(text) > _TEXT_LIMIT or re.search("[^\x20-\x7e]", text):
        raise UsageError("imap.text-refused", text=said(text))


def require_folder(name: str) -> None:
    """Refuse a folder name that must not stand inside an IMAP command; any language may.

    Raises:
        UsageError: for nothing, characters that cannot be seen, or more than 200 characters.
    """
    if not name or len(name) > _TEXT_LIMIT or not name.isprintable():
        raise UsageError("imap.text-refused", text=said(name))


def _given(answer: Answer, item: bytes) -> bytes:
    """Return the bytes of a mail; one without any (NIL) is not given, which is not an empty one."""
    raw = answer.get(item)
    if not isinstance(raw, bytes):
        raise Refused("imap.refused", text="there is nothing in the answer")
    return raw


def _portions(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Split UIDs so that the mails of each list are about 20 MB together."""
    portion: list[int] = []
    total = 0
    for uid in uids:
        if portion and total + sizes[uid] > BATCH_BYTES:
            yield portion
            portion, total = [], 0
        portion.append(uid)
        total += sizes[uid]
    if portion:
        yield portion


def _aware(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _is_news(line: object) -> bool:
    return isinstance(line, tuple) and len(line) > 1 and line[1] in (b"EXISTS", b"RECENT")


def _drop(client: Client) -> None:
    """Cut the connection under a client, whatever another thread does with it."""
    with contextlib.suppress(OSError, AttributeError):
        client.socket().shutdown(socket.SHUT_RDWR)
