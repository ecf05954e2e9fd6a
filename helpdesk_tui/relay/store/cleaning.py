"""Housekeeping: what is over is forgotten, and files that nobody knows go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.store.files import known_files, ours_path
from helpdesk_tui.relay.store.hooks import forget_old
from helpdesk_tui.relay.store.links import forget_clicks
from helpdesk_tui.relay.store.media import forget_media, known_media
from helpdesk_tui.relay.store.sessions import KEPT
from helpdesk_tui.relay.store.store import Store, Write

CHATS_KEPT = timedelta(days=7)
"""After its end, so long can a conversation be read again, and its files be fetched."""
_ORPHANS_KEPT = timedelta(days=1)
_SOME = 100
"""Conversations forgotten in one piece of work: the others have to write, too."""


async def clean_up(store: Store) -> int:
    """Forget what is over; returns how many conversations went."""
    total = 0
    while True:
        gone, files = await store.write(partial(_forget_chats, store))
        await store.write(partial(_remove, store, files))
        total += gone
        if gone < _SOME:
            break
    await store.write(_forget_sessions)
    while await store.write(forget_old):
        pass
    await store.write(forget_clicks)
    await store.write(partial(forget_media, folder=store.media))
    files = await store.write(partial(_forget_orphans, store))
    await store.write(partial(_remove, store, files))
    return total


async def sweep(store: Store) -> None:
    """Remove files that the end of the program left without a row; at the start only."""
    known = await store.read(known_files) | await store.read(known_media)

    def remove() -> None:
        for folder in (store.uploads, store.ours, store.media):
            for path in folder.iterdir():
                if path.name not in known:
                    path.unlink(missing_ok=True)

    await asyncio.to_thread(remove)


def _forget_chats(store: Store, write: Write) -> tuple[int, list[Path]]:
    """Forget conversations that ended a while ago and whose events the box all has."""
    before = moment_text(write.now - CHATS_KEPT)
    rows = write.connection.execute(
        "SELECT id FROM conversation WHERE ended_seq > 0 AND ended_at < ? AND NOT EXISTS"
        " (SELECT 1 FROM event WHERE event.conversation = conversation.id) LIMIT ?",
        (before, _SOME),
    ).fetchall()
    files: list[Path] = []
    for row in rows:
        uploads = write.connection.execute(
            "DELETE FROM upload WHERE conversation = ? RETURNING id", row
        ).fetchall()
        files += [store.uploads / each for (each,) in uploads]
        write.connection.execute("DELETE FROM conversation WHERE id = ?", row)
    return len(rows), files


def _forget_sessions(write: Write) -> None:
    execute = write.connection.execute
    execute("DELETE FROM session WHERE expires <= ?", (write.at,))
    execute("DELETE FROM nonce WHERE until <= ?", (write.at,))
    execute(
        "DELETE FROM visitor WHERE seen_at < ?"
        " AND NOT EXISTS (SELECT 1 FROM session WHERE session.visitor = visitor.key)"
        " AND NOT EXISTS (SELECT 1 FROM conversation WHERE conversation.visitor = visitor.key)",
        (moment_text(write.now - KEPT),),
    )


def _forget_orphans(store: Store, write: Write) -> list[Path]:
    """Forget files that were sent up and never used."""
    before = moment_text(write.now - _ORPHANS_KEPT)
    uploads = write.connection.execute(
        "DELETE FROM upload WHERE at < ? AND conversation IS NULL RETURNING id", (before,)
    ).fetchall()
    ours = write.connection.execute(
        "DELETE FROM ours WHERE put_at < ? AND NOT EXISTS (SELECT 1 FROM given"
        " WHERE given.site = ours.site AND given.sha256 = ours.sha256) RETURNING site, sha256",
        (before,),
    ).fetchall()
    return [store.uploads / each for (each,) in uploads] + [
        ours_path(store.ours, site, sha256) for site, sha256 in ours
    ]


def _remove(store: Store, files: Sequence[Path], write: Write) -> None:
    """Remove files whose rows are gone for good; in the writer, so that none comes back."""
    for path in files:
        if path.parent == store.ours:
            site, _, sha256 = path.name.rpartition(".")
            known = write.connection.execute(
                "SELECT 1 FROM ours WHERE site = ? AND sha256 = ?", (site, sha256)
            ).fetchone()
            if known is not None:
                continue
        path.unlink(missing_ok=True)
