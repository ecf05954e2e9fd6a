"""Tables of the relay's own store, and the way from an older file to this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from helpdesk_tui.domain.errors import StoreError

_FIRST = """
CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
CREATE TABLE site (id TEXT PRIMARY KEY, said TEXT NOT NULL, put_at TEXT NOT NULL);
CREATE TABLE visitor (
  key INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  UNIQUE (site, id)
);
CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  site TEXT NOT NULL,
  visitor INTEGER REFERENCES visitor(key) ON DELETE CASCADE,
  expires TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_expires ON session(expires);
CREATE INDEX session_visitor ON session(visitor);
CREATE TABLE nonce (
  site TEXT NOT NULL,
  nonce TEXT NOT NULL,
  until TEXT NOT NULL,
  session BLOB NOT NULL,
  PRIMARY KEY (site, nonce)
) WITHOUT ROWID;
CREATE INDEX nonce_until ON nonce(until);
CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  visitor INTEGER NOT NULL REFERENCES visitor(key),
  started_seq INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_seq INTEGER NOT NULL DEFAULT 0,
  ended_at TEXT NOT NULL DEFAULT '',
  ended_by TEXT NOT NULL DEFAULT '',
  delivered INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  agent_seen INTEGER NOT NULL DEFAULT 0,
  agent_seen_seq INTEGER NOT NULL DEFAULT 0,
  is_left INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX conversation_running ON conversation(visitor) WHERE ended_seq = 0;
CREATE INDEX conversation_visitor ON conversation(visitor, started_seq);
CREATE INDEX conversation_ended ON conversation(ended_at) WHERE ended_seq > 0;
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
  visitor INTEGER NOT NULL,
  author TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  files TEXT NOT NULL
);
CREATE UNIQUE INDEX message_theirs ON message(visitor, id) WHERE author = 'visitor';
CREATE UNIQUE INDEX message_ours ON message(conversation, id) WHERE author <> 'visitor';
CREATE INDEX message_visitor ON message(visitor, seq);
CREATE INDEX message_conversation ON message(conversation, seq);
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  kind TEXT NOT NULL,
  conversation TEXT NOT NULL,
  at TEXT NOT NULL,
  said TEXT NOT NULL
);
CREATE INDEX event_site ON event(site, seq);
CREATE INDEX event_conversation ON event(conversation, kind);
CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  visitor INTEGER NOT NULL,
  conversation TEXT REFERENCES conversation(id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL,
  is_used INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX upload_conversation ON upload(conversation);
CREATE INDEX upload_visitor ON upload(visitor);
CREATE TABLE ours (
  site TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  put_at TEXT NOT NULL,
  PRIMARY KEY (site, sha256)
) WITHOUT ROWID;
CREATE TABLE given (
  conversation TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  site TEXT NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (conversation, sha256)
) WITHOUT ROWID;
CREATE INDEX given_file ON given(site, sha256);
CREATE TABLE bucket (key TEXT PRIMARY KEY, free_at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX bucket_free ON bucket(free_at);
"""

_MESSAGING = """
CREATE TABLE hook (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  secrets TEXT NOT NULL,
  verify_tokens TEXT NOT NULL,
  put_at TEXT NOT NULL,
  last_at TEXT NOT NULL DEFAULT '',
  verified_at TEXT NOT NULL DEFAULT '',
  refused INTEGER NOT NULL DEFAULT 0,
  refused_at TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE consumer (
  hook TEXT NOT NULL REFERENCES hook(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  through INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (hook, name)
) WITHOUT ROWID;
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY,
  hook TEXT NOT NULL REFERENCES hook(id) ON DELETE CASCADE,
  sha256 BLOB NOT NULL,
  at TEXT NOT NULL,
  content_type TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX delivery_waiting ON delivery(hook, sha256);
CREATE INDEX delivery_hook ON delivery(hook, seq);
CREATE TABLE media (
  token TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  expires TEXT NOT NULL,
  fetched INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX media_expires ON media(expires);
CREATE TABLE link (code TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE click (seq INTEGER PRIMARY KEY, code TEXT NOT NULL, at TEXT NOT NULL);
"""


def _run(connection: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _first(connection: sqlite3.Connection, now: datetime) -> None:
    _run(connection, _FIRST)
    # numbers go on above those of a lost store, so that no position of a box or a browser
    # lies in the future; milliseconds since 1970 stay whole numbers in a browser too
    connection.execute("INSERT INTO counter VALUES (1, ?)", (int(now.timestamp() * 1000),))


def _messaging(connection: sqlite3.Connection, now: datetime) -> None:
    _run(connection, _MESSAGING)


STEPS: tuple[Callable[[sqlite3.Connection, datetime], None], ...] = (_first, _messaging)
"""Step *n* makes version *n + 1* of version *n*."""


def open_connection(path: Path) -> sqlite3.Connection:
    """Open the file for one thread; transactions are begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def upgrade(connection: sqlite3.Connection, now: datetime) -> None:
    """Bring the tables to this version, in one transaction.

    Raises:
        StoreError: ``store.newer`` if a newer program wrote the file.
    """
    connection.execute("BEGIN IMMEDIATE")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        connection.execute("ROLLBACK")
        raise StoreError("store.newer", found=version, known=len(STEPS))
    for step in STEPS[version:]:
        step(connection, now)
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    connection.execute("COMMIT")
