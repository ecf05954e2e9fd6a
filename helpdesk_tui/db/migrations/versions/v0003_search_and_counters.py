"""Full-text search, kept counters, and the append-only activity log of SQLite stores."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIRST_LIVE_MESSAGE = 2**32
"""Ids below are reserved for imported history, so that ids follow the order of arrival."""

_SEARCH = (
    """
    CREATE VIEW message_search AS
    SELECT id, fold(subject) AS subject, fold(text) AS body,
           fold(author_name || ' ' || sender) AS people,
           fold(coalesce((SELECT group_concat(filename, ' ') FROM attachment
                          WHERE message_id = message.id), '')) AS files
    FROM message
    """,
    """
    CREATE VIRTUAL TABLE message_fts USING fts5(
        subject, body, people, files, content='message_search', content_rowid='id',
        prefix='2 3', tokenize="unicode61 remove_diacritics 2")
    """,
    # Mail comes in small transactions, each a segment of the index: merging eight of them at a
    # time instead of four writes less, and a search still reads only a few.
    "INSERT INTO message_fts (message_fts, rank) VALUES ('automerge', 8)",
)

_COUNT_IN = """
    INSERT INTO ticket_tally (assignee_id, status, spam, total, unread)
    VALUES (coalesce(NEW.assignee_id, 0), NEW.status, NEW.spam, 1, NEW.unread)
    ON CONFLICT (assignee_id, status, spam)
    DO UPDATE SET total = total + 1, unread = unread + excluded.unread;
"""
_COUNT_OUT = """
    UPDATE ticket_tally SET total = total - 1, unread = unread - OLD.unread
    WHERE assignee_id = coalesce(OLD.assignee_id, 0) AND status = OLD.status AND spam = OLD.spam
          AND OLD.merged_into IS NULL;
"""
_COUNTERS = (
    f"""
    CREATE TRIGGER ticket_counted AFTER INSERT ON ticket WHEN NEW.merged_into IS NULL
    BEGIN {_COUNT_IN} END
    """,
    f"""
    CREATE TRIGGER ticket_uncounted AFTER DELETE ON ticket BEGIN {_COUNT_OUT} END
    """,
    f"""
    CREATE TRIGGER ticket_recounted_out
    AFTER UPDATE OF status, spam, unread, assignee_id, merged_into ON ticket
    WHEN NEW.status IS NOT OLD.status OR NEW.spam IS NOT OLD.spam OR NEW.unread IS NOT OLD.unread
      OR NEW.assignee_id IS NOT OLD.assignee_id OR NEW.merged_into IS NOT OLD.merged_into
    BEGIN {_COUNT_OUT} END
    """,
    f"""
    CREATE TRIGGER ticket_recounted_in
    AFTER UPDATE OF status, spam, unread, assignee_id, merged_into ON ticket
    WHEN NEW.merged_into IS NULL AND (
         NEW.status IS NOT OLD.status OR NEW.spam IS NOT OLD.spam OR NEW.unread IS NOT OLD.unread
      OR NEW.assignee_id IS NOT OLD.assignee_id OR NEW.merged_into IS NOT OLD.merged_into)
    BEGIN {_COUNT_IN} END
    """,
)

_APPEND_ONLY = tuple(
    f"""
    CREATE TRIGGER activity_no_{verb.lower()} BEFORE {verb} ON activity
    BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
)


def upgrade() -> None:
    """Create the search index, the counters and the guards."""
    for statement in (*_SEARCH, *_COUNTERS, *_APPEND_ONLY):
        op.execute(statement)
    op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('message', {FIRST_LIVE_MESSAGE})")
