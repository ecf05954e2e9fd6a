"""Asks notmuch's library for the newest mails with some words; run by the system's own Python.

``notmuch_peer.py MAILDIR``: a query a line comes in, the seconds and the number of mails go out.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import notmuch2  # type: ignore[import-not-found]

PAGE = 50


def page(database: Any, words: str) -> list[tuple[str, str, int]]:
    """Return what a list of the newest mails shows of each."""
    found = []
    for message in database.messages(words, sort=notmuch2.Database.SORT.NEWEST_FIRST):
        found.append((message.header("Subject"), message.header("From"), message.date))
        if len(found) == PAGE:
            break
    return found


def main() -> None:
    """Answer until there is no question left."""
    config = f"{sys.argv[1]}/notmuch-config"
    with notmuch2.Database(path=sys.argv[1], mode=notmuch2.Database.MODE.READ_ONLY,
                           config=config) as database:  # fmt: skip
        for line in sys.stdin:
            started = time.perf_counter()
            found = page(database, line.strip())
            print(f"{time.perf_counter() - started:.7f} {len(found)}", flush=True)


if __name__ == "__main__":
    main()
