"""Typed texts that the store could not take when the program ended: kept in a file till next time.

The file lies in the folder of the store, else in the user's own folder for such things, else in
the one for temporary files; only this user can read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import Drafts

Key = tuple[int, DraftKind]
_MAX_SIZE = 50_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of the texts of such files."""

    tickets: tuple[int, ...] = ()
    """Tickets whose drafts have their text again."""
    left: tuple[Path, ...] = ()
    """Files whose texts the store does not take this time either."""


def keep_unsaved(root: Path, agent_id: int, texts: Mapping[Key, str]) -> Path:
    """Write texts into a new private file and return where it is. Blocks.

    Raises:
        StoreError: ``draft.not-rescued`` if there is no place at all for it.
    """
    data = json.dumps(
        [[ticket, kind.value, text] for (ticket, kind), text in texts.items()]
    ).encode("utf-8")
    reason = ""
    for folder in _folders(root):
        file = folder / f"{_stem(root, agent_id)}{secrets.token_hex(4)}.json"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(file, data)
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            return file
    raise StoreError("draft.not-rescued", reason=reason)


def bring_back(root: Path, agent_id: int, drafts: Drafts) -> Restored:
    """Put the texts of earlier files back into this agent's drafts; blocks.

    A text is put below what its draft holds by now, unless that holds it already.
    """
    tickets: list[int] = []
    left: list[Path] = []
    for file in _files(root, agent_id):
        texts = _read(file)
        refused = dict(texts)
        for key, text in texts.items():
            if _put_back(drafts, key, text):
                del refused[key]
                tickets.append(key[0])
        if refused and len(refused) < len(texts):
            # what is back must not come a second time after it was sent
            left.append(keep_unsaved(root, agent_id, refused))
        elif refused or not texts:
            left.append(file)
        if len(refused) < len(texts):
            file.unlink(missing_ok=True)
    return Restored(tuple(dict.fromkeys(tickets)), tuple(left))


def _put_back(drafts: Drafts, key: Key, text: str) -> bool:
    try:
        stored = drafts.load(*key)
        before = stored.text if stored is not None else ""
        if text not in before:
            drafts.save(*key, f"{before}\n\n{text}" if before.strip() else text)
    except HelpdeskError:
        return False
    return True


def _folders(root: Path) -> Iterator[Path]:
    yield root
    named = os.environ.get("XDG_STATE_HOME", "")
    yield (Path(named) if named else Path.home() / ".local" / "state") / "helpdesk"
    yield Path(tempfile.gettempdir())


def _stem(root: Path, agent_id: int) -> str:
    store = hashlib.sha256(str(root.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return f"helpdesk-unsaved-{store[:16]}-{agent_id}-"


def _files(root: Path, agent_id: int) -> Iterable[Path]:
    """Return the files of this store and agent, each once, oldest first."""
    found = {file for folder in _folders(root) for file in folder.glob(f"{_stem(root, agent_id)}*")}
    return sorted(found, key=lambda file: (file.lstat().st_mtime, file.name))


def _write(file: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(file, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
    except OSError:
        file.unlink(missing_ok=True)
        raise


def _read(file: Path) -> dict[Key, str]:
    """Return the texts of a file of ours; nothing where it is not one."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as source:
            # the folder for temporary files is open to others: theirs is none of our text
            if os.fstat(source.fileno()).st_uid != os.getuid():
                return {}
            rows = json.loads(source.read(_MAX_SIZE))
        return {(int(ticket), DraftKind(kind)): str(text) for ticket, kind, text in rows}
    except (OSError, ValueError, TypeError):
        return {}
