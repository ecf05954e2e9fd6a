"""Support addresses: adding them, testing their forwarding, and how they fare."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import addresses as rows
from helpdesk_tui.db.accounts import load_accounts
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.settings import DESK, load_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import (
    Account,
    AddressState,
    AddressTest,
    AddressTestStage,
    Job,
    JobState,
    Provider,
    SupportAddress,
)
from helpdesk_tui.domain.actor import Actor, require_admin
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.providers import guess_provider
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.setting.table import ADDRESS_TEST_TIMEOUT, seconds_of, setting
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.verification import TOKEN_BYTES, make_token
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.jobs import ADDRESS_TEST, Jobs

if TYPE_CHECKING:
    import sqlite3


class Addresses:
    """Support addresses; every call blocks.

    Calls that write raise NotAllowed ``role.admin-needed`` for agents without the role, and
    NotFound ``address.unknown`` for an address that is none of ours.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def list(self) -> tuple[SupportAddress, ...]:
        """Return all support addresses, those of one mailbox together."""
        with self._store.read() as connection:
            return rows.load_addresses(connection)

    def load(self, address: str) -> SupportAddress:
        """Return one support address.

        Raises:
            NotFound: ``address.unknown``.
        """
        with self._store.read() as connection:
            return _known(connection, address)

    def mailboxes(self) -> tuple[Account, ...]:
        """Return the mailboxes that addresses can be forwarded into."""
        with self._store.read() as connection:
            return tuple(load_accounts(connection, EMAIL.name))

    def timeout(self) -> float:
        """Return for how many seconds a test mail is waited for."""
        with self._store.read() as connection:
            return _timeout(connection)

    def add(
        self, account_name: str, address: str, *, provider: str = "", sender_name: str = ""
    ) -> SupportAddress:
        """Add an address whose mail is going to be forwarded into a mailbox; it is pending.

        Args:
            account_name: The channel account of the mailbox.
            address: What customers write to.
            provider: Whose mail it is; guessed from the domain where nothing is said.
            sender_name: Sender name of replies; the mailbox's own where nothing is said.

        Raises:
            UsageError: ``address.invalid``, ``address.exists`` or ``address.bad-provider``.
            NotFound: ``channel.unknown``.
        """
        require_admin(self._actor)
        checked = check_address(address)
        kind = _provider(provider) or guess_provider(checked)
        with self._store.write() as connection:
            account = _account(connection, account_name)
            own = rows.load_address(connection, account.address)
            name = clean(sender_name).strip() or (own.name if own else "")
            if not rows.insert_address(connection, account.id, checked, name, kind):
                raise UsageError("address.exists", address=checked)
            added = _known(connection, checked)
            after = {"address": added.id, "account": account.id}
            self._note(connection, Entry("address.added", after=after))
        return added

    def set_provider(self, address: str, provider: str) -> SupportAddress:
        """Say whose instructions apply.

        Raises:
            UsageError: ``address.bad-provider``.
        """
        return self._write(address, provider=_provider(provider))

    def mark_done(self, address: str) -> SupportAddress:
        """Note that somebody says the forwarding is set up; a test has still to show it."""
        return self._write(address, forwarded_at=to_us(self._now()))

    def rename(self, address: str, sender_name: str) -> SupportAddress:
        """Change the sender name of replies."""
        return self._write(address, name=clean(sender_name).strip())

    def set_signature(self, address: str, text: str) -> SupportAddress:
        """Change what is put below replies from this address, after the agent's own."""
        return self._write(address, signature=clean_lines(text).strip())

    def set_state(self, address: str, state: AddressState) -> SupportAddress:
        """Switch an address off, or on again: then it is pending until a test arrives.

        A mailbox's own address needs no forwarding and is verified at once.

        Raises:
            UsageError: ``address.state-not-set``: only a test verifies or fails an address.
        """
        if state not in (AddressState.OFF, AddressState.PENDING):
            raise UsageError("address.state-not-set", state=state)
        require_admin(self._actor)
        with self._store.write() as connection:
            before = _known(connection, address)
            is_own = before.is_workspace and state is AddressState.PENDING
            target = AddressState.VERIFIED if is_own else state
            rows.update_address(
                connection, before.address, state=target.value, error_code="", token=""
            )
            after = _known(connection, address)
            self._note(connection, rows.state_entry(before, after))
        return after

    def remove(self, address: str) -> None:
        """Remove an address that was never used.

        Raises:
            NotAllowed: ``address.is-mailbox`` or ``address.used``: it can be switched off.
        """
        require_admin(self._actor)
        with self._store.write() as connection:
            found = _known(connection, address)
            if found.is_workspace:
                raise NotAllowed("address.is-mailbox", address=found.address)
            if rows.is_used(connection, found.address):
                raise NotAllowed("address.used", address=found.address)
            rows.delete_address(connection, found.address)
            self._note(connection, Entry("address.removed", before={"address": found.id}))

    def ask_test(self, address: str) -> int:
        """Ask the worker to send a test mail to an address; return the id of the job.

        Raises:
            UsageError: ``address.off``, or ``address.mailbox-off`` if its mailbox is.
        """
        require_admin(self._actor)
        with self._store.read() as connection:
            found = _known(connection, address)
            account = _account(connection, found.account)
        if found.state is AddressState.OFF:
            raise UsageError("address.off", address=found.address)
        if not account.enabled:
            raise UsageError("address.mailbox-off", address=found.address, name=account.name)
        asked = {"address": found.address, "asked_at": to_us(self._now())}
        return Jobs(self._store, self._actor, now=self._now).ask(ADDRESS_TEST, asked)

    def test_progress(self, job_id: int) -> AddressTest:
        """Return how far a test is.

        Raises:
            NotFound: ``job.missing``, or ``address.unknown`` if it was removed meanwhile.
        """
        job = Jobs(self._store, self._actor, now=self._now).load(job_id)
        if job.kind != ADDRESS_TEST:
            raise NotFound("job.missing", id=job_id)
        with self._store.read() as connection:
            found = _known(connection, str(job.arguments["address"]))
            timeout = _timeout(connection)
            token = rows.load_token(connection, found.address)
        return progress(job, found, self._now(), timeout, token)

    def last_test(self, address: str) -> AddressTest | None:
        """Return how the last test fares that left, whoever asked for it; None if none did.

        Raises:
            NotFound: ``address.unknown``.
        """
        with self._store.read() as connection:
            found = _known(connection, address)
            token = rows.load_token(connection, found.address)
            timeout = _timeout(connection)
        if found.asked_at is None:
            return None
        left = Job(0, ADDRESS_TEST, {"asked_at": to_us(found.asked_at)}, JobState.DONE, {})
        return progress(left, found, self._now(), timeout, token)

    def begin_test(self, address: str) -> str:
        """Note that a test mail is about to leave; return its token, which no other mail has.

        A former test that is still waited for is given up by that.
        """
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        with self._store.write() as connection:
            found = _known(connection, address)
            if found.state is AddressState.OFF:
                raise UsageError("address.off", address=found.address)
            rows.update_address(
                connection, found.address, token=token, asked_at=to_us(self._now()), error_code=""
            )
        return token

    def not_sent(self, address: str, code: str, *, is_final: bool) -> None:
        """Note that the test mail did not leave.

        Args:
            address: The address to test.
            code: Why not.
            is_final: The mail server knows no such address, so that it cannot work.
        """
        with self._store.write() as connection:
            before = _known(connection, address)
            state = AddressState.FAILING if is_final else before.state
            rows.update_address(
                connection, before.address, token="", state=state.value, error_code=code
            )
            after = _known(connection, address)
            self._note(connection, rows.state_entry(before, after))

    def expire(self) -> datetime | None:
        """Let tests fail that are overdue; return when the next one will be, if any is."""
        now = self._now()
        with self._store.read() as connection:
            span = timedelta(seconds=_timeout(connection))
            oldest = rows.next_expiry(connection)
        if oldest is None:
            return None
        due = from_us(oldest) + span
        if due > now:
            return due
        with self._store.write() as connection:
            for before in rows.expire_tests(connection, to_us(now - span)):
                after = _known(connection, before.address)
                self._note(connection, rows.state_entry(before, after))
            following = rows.next_expiry(connection)
        return None if following is None else from_us(following) + span

    def _write(self, address: str, **values: object) -> SupportAddress:
        require_admin(self._actor)
        with self._store.write() as connection:
            found = _known(connection, address)
            rows.update_address(connection, found.address, **values)
            self._note(connection, Entry("address.changed", after={"address": found.id}))
            return _known(connection, address)

    def _note(self, connection: sqlite3.Connection, entry: Entry) -> None:
        activity.record(connection, self._actor, self._now(), [entry])


def progress(
    job: Job, found: SupportAddress, now: datetime, timeout: float, token: str
) -> AddressTest:
    """Return how far a test is, from its job and its address."""
    started = from_us(int(job.arguments["asked_at"]))
    waited = max(0.0, (now - started).total_seconds())
    stage, code = AddressTestStage.SENT, ""
    if job.state is JobState.QUEUED:
        stage = AddressTestStage.QUEUED
    elif job.state is JobState.RUNNING:
        stage = AddressTestStage.SENDING
    elif job.state is JobState.FAILED:
        stage, code = AddressTestStage.FAILED, str(job.result.get("code", ""))
    elif found.verified_at is not None and found.verified_at >= started:
        stage, waited = AddressTestStage.ARRIVED, (found.verified_at - started).total_seconds()
    elif not token:
        # nothing is on its way any more: it came back, did not leave, or the address was switched
        stage, code = AddressTestStage.FAILED, found.error_code or "address.off"
    elif found.asked_at is None or (now - found.asked_at).total_seconds() > timeout:
        stage, code = AddressTestStage.TIMED_OUT, found.error_code or "address.test-timed-out"
    else:
        code = found.error_code
    values = {"address": found.address, "token": token, **job.result.get("values", {})}
    return AddressTest(stage, started, waited, code, timeout, values)


def _known(connection: sqlite3.Connection, address: str) -> SupportAddress:
    found = rows.load_address(connection, address.strip().lower())
    if found is None:
        raise NotFound("address.unknown", address=clean(address))
    return found


def _account(connection: sqlite3.Connection, name: str) -> Account:
    for account in load_accounts(connection, EMAIL.name):
        if account.name == name:
            return account
    raise NotFound("channel.unknown", name=clean(name))


def _provider(name: str) -> str:
    if name and name not in list(Provider):
        raise UsageError("address.bad-provider", provider=clean(name), known=", ".join(Provider))
    return name


def _timeout(connection: sqlite3.Connection) -> float:
    found = load_setting(connection, ADDRESS_TEST_TIMEOUT, DESK)
    return seconds_of(str(json.loads(found) if found else setting(ADDRESS_TEST_TIMEOUT).default))
