"""A desk on a real Dovecot and a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.mailboxes import desk_store
from tests.support.smtp import MailServer, running_smtp


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def smtp(dovecot: Dovecot) -> Iterator[MailServer]:
    with running_smtp(dovecot.certificates) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path, dovecot: Dovecot, smtp: MailServer) -> Iterator[Store]:
    opened = desk_store(tmp_path, dovecot.settings() | smtp.settings())
    yield opened
    opened.close()
