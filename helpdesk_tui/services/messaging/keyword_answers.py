"""Answers to keywords of people without a ticket: each leaves once at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk_tui.db.messaging import answers as rows
from helpdesk_tui.db.messaging.answers import KeywordAnswer
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.services.clock import Clock, utc_now

__all__ = ["KeywordAnswer", "KeywordAnswers"]

_AT_ONCE = 10
_TRIES = 6
_PAUSE = timedelta(seconds=30)
_TOO_OLD = timedelta(hours=1)
"""Nobody waits for an answer to a word of that long ago."""


class KeywordAnswers:
    """What is still to be answered on an account; every call blocks."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now

    def due(self, account: Account) -> list[KeywordAnswer]:
        """Return the answers that may leave now."""
        with self._store.read() as connection:
            return rows.load_due_answers(connection, account.id, self._now(), _AT_ONCE)

    def next_due(self, account: Account) -> datetime | None:
        """Return when the next answer may leave; None where none waits."""
        with self._store.read() as connection:
            return rows.next_due_answer(connection, account.id)

    def recover(self, account: Account) -> None:
        """Call unknown what was being sent when a worker died: it is not sent again."""
        with self._store.write(bulk=True) as connection:
            rows.give_up_sending(connection, account.id)

    def begin(self, answer: KeywordAnswer) -> bool:
        """Write down that an answer is about to be sent; False if it is not to be any more."""
        is_late = self._now() - answer.created_at > _TOO_OLD or answer.attempts >= _TRIES
        state = "failed" if is_late else "sending"
        code = "keyword.too-late" if is_late else ""
        return self._move(answer, state, "queued", code=code) and not is_late

    def sent(self, answer: KeywordAnswer, provider_id: str) -> None:
        """The provider has taken an answer."""
        self._move(answer, "sent", "sending", provider_id=provider_id)

    def later(self, answer: KeywordAnswer, after: float) -> None:
        """An answer certainly did not leave: it is tried again."""
        wait = max(_PAUSE, timedelta(seconds=after))
        self._move(answer, "queued", "sending", due_at=self._now() + wait)

    def failed(self, answer: KeywordAnswer, code: str) -> None:
        """An answer never leaves."""
        self._move(answer, "failed", "sending", code=code)

    def unknown(self, answer: KeywordAnswer) -> None:
        """Nobody knows whether an answer has left; twice would be worse than never."""
        self._move(answer, "unknown", "sending")

    def _move(
        self, answer: KeywordAnswer, state: str, former: str, *, provider_id: str = "",
        code: str = "", due_at: datetime | None = None,
    ) -> bool:  # fmt: skip
        with self._store.write(bulk=True) as connection:
            return rows.save_answer(
                connection, answer.id, state, former=former, provider_id=provider_id,
                error_code=code, due_at=due_at,
            )  # fmt: skip
