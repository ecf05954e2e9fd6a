"""Administration: the team, channel accounts and support addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db import admin as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.reads.accounts import load_reports
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountReport
from helpdesk_tui.domain.actor import Actor, Role, require_admin
from helpdesk_tui.domain.channels import CHANNELS, EMAIL
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SECRET_KEYS = ("password", "secret", "token")


def check_agent_name(name: str) -> str:
    """Return ``name`` if an agent can be called so.

    Raises:
        UsageError: ``agent.bad-name``.
    """
    if not _NAME.fullmatch(name):
        raise UsageError("agent.bad-name", name=clean(name))
    return name


class Admin:
    """What administrators do; every call blocks.

    Calls that write raise NotAllowed ``role.admin-needed`` for agents without the role.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def add_agent(
        self,
        name: str,
        *,
        full_name: str = "",
        email: str = "",
        role: str = Role.SUPPORT,
        signature: str = "",
    ) -> int:
        """Add somebody to the team and return the id; the first one becomes the owner.

        Raises:
            UsageError: ``agent.bad-name``, ``agent.bad-role``, ``agent.exists`` or
                ``address.invalid``.
            NotAllowed: ``agent.owners-only``.
        """
        require_admin(self._actor)
        check_agent_name(name)
        if role not in list(Role):
            raise UsageError("agent.bad-role", role=clean(role), known=", ".join(Role))
        self._check_may_make(role)
        values = {
            "name": name,
            "full_name": clean(full_name).strip(),
            "email": check_address(email) if email else "",
            "role": Role(role).value,
            "signature": clean_lines(signature).strip(),
        }
        with self._store.write() as connection:
            if not rows.has_agents(connection):
                values["role"] = Role.OWNER.value
            agent_id = rows.insert_agent(connection, values, self._now())
            if agent_id is None:
                raise UsageError("agent.exists", name=name)
        return agent_id

    def set_agent_active(self, name: str, *, active: bool) -> None:
        """Let a former agent come back, or one go; what they did stays.

        Raises:
            NotFound: ``agent.unknown``.
            NotAllowed: ``agent.last-owner``, or ``agent.owners-only`` for the owner's agents.
        """
        require_admin(self._actor)
        with self._store.write() as connection:
            agent_id, role = self._agent(connection, name)
            if not active:
                self._check_owner(connection, agent_id, role, "")
            rows.set_agent_active(connection, name, active=active)
            kind = "agent.restored" if active else "agent.removed"
            self._note(connection, Entry(kind, after={"agent": agent_id}))

    def set_role(self, name: str, role: str) -> None:
        """Say what an agent may do.

        Raises:
            NotFound: ``agent.unknown``.
            UsageError: ``agent.bad-role``.
            NotAllowed: ``agent.last-owner``, or ``agent.owners-only`` for making and unmaking
                owners.
        """
        require_admin(self._actor)
        if role not in list(Role):
            raise UsageError("agent.bad-role", role=clean(role), known=", ".join(Role))
        with self._store.write() as connection:
            agent_id, before = self._agent(connection, name)
            if before == role:
                return
            self._check_owner(connection, agent_id, before, role)
            rows.set_agent_role(connection, agent_id, role)
            was, now = {"agent": agent_id, "role": before}, {"agent": agent_id, "role": role}
            self._note(connection, Entry("agent.role", before=was, after=now))

    def _agent(self, connection: sqlite3.Connection, name: str) -> tuple[int, str]:
        found = rows.load_agent_role(connection, name)
        if found is None:
            raise NotFound("agent.unknown", name=clean(name))
        return found

    def _check_owner(
        self, connection: sqlite3.Connection, agent_id: int, before: str, after: str
    ) -> None:
        """Owners are made and unmade by owners, and one stays."""
        if Role.OWNER not in (before, after):
            return
        self._check_may_make(Role.OWNER)
        if before == Role.OWNER and not rows.has_other_owner(connection, agent_id):
            raise NotAllowed("agent.last-owner")

    def _check_may_make(self, role: str) -> None:
        is_owner = self._actor.agent_id is None or self._actor.role is Role.OWNER
        if role == Role.OWNER and not is_owner:
            raise NotAllowed("agent.owners-only")

    def _note(self, connection: sqlite3.Connection, entry: Entry) -> None:
        activity.record(connection, self._actor, self._now(), [entry])

    def add_channel(
        self,
        name: str,
        channel: str,
        address: str,
        *,
        settings: Mapping[str, Any] | None = None,
        sender_name: str = "",
    ) -> int:
        """Connect an account and return its id; a mailbox's own address is a support address too.

        Args:
            name: How it is called here, such as ``support``.
            channel: Name of the channel.
            address: The mailbox's own address.
            settings: Hosts, ports, folders; never a secret.
            sender_name: Sender name of replies.

        Raises:
            UsageError: ``channel.bad-name``, ``channel.unknown-kind``, ``channel.exists``,
                ``channel.secret-in-settings``, ``address.invalid`` or ``address.exists``.
        """
        require_admin(self._actor)
        if not _CHANNEL_NAME.fullmatch(name):
            raise UsageError("channel.bad-name", name=clean(name))
        if channel not in CHANNELS:
            raise UsageError("channel.unknown-kind", channel=clean(channel))
        values = dict(settings or {})
        if any(key.endswith(_SECRET_KEYS) for key in values):
            raise UsageError("channel.secret-in-settings", name=name)
        own = check_address(address) if channel == EMAIL.name else clean(address)
        with self._store.write() as connection:
            account = rows.insert_account(connection, name, channel, own, values, self._now())
            if account is None:
                raise UsageError("channel.exists", name=name)
            sender = clean(sender_name).strip()
            is_mail = channel == EMAIL.name
            if is_mail and not rows.insert_support_address(connection, account, own, sender):
                raise UsageError("address.exists", address=own)
            entry = Entry("channel.state", after={"account": account, "state": "new"})
            activity.record(connection, self._actor, self._now(), [entry])
        return account

    def channels(self) -> tuple[Account, ...]:
        """Return the channel accounts with their state."""
        with self._store.read() as connection:
            return rows.load_channels(connection)

    def channel_reports(self) -> tuple[AccountReport, ...]:
        """Return how each channel account fares."""
        with self._store.read() as connection:
            return load_reports(connection)

    def set_channel_state(self, account_id: int, *, enabled: bool) -> None:
        """Switch an account on or off; off keeps its tickets, and neither polls nor sends.

        Raises:
            NotFound: ``channel.unknown``.
        """
        require_admin(self._actor)
        with self._store.write() as connection:
            if rows.set_account_enabled(connection, account_id, enabled=enabled) is None:
                raise NotFound("channel.unknown", name=account_id)
            entry = Entry("channel.state", after={"account": account_id, "enabled": enabled})
            activity.record(connection, self._actor, self._now(), [entry])

    def set_channel_settings(self, account_id: int, settings: Mapping[str, Any]) -> None:
        """Replace the settings of an account; the worker starts it anew.

        Raises:
            NotFound: ``channel.unknown``.
            UsageError: ``channel.secret-in-settings``.
        """
        require_admin(self._actor)
        with self._store.write() as connection:
            name = rows.set_account_settings(connection, account_id, settings)
            if name is None:
                raise NotFound("channel.unknown", name=account_id)
            if any(key.endswith(_SECRET_KEYS) for key in settings):
                raise UsageError("channel.secret-in-settings", name=name)
            entry = Entry("channel.state", after={"account": account_id, "settings": True})
            activity.record(connection, self._actor, self._now(), [entry])
