"""The FAQ of a desk: kept, ordered, published; managers change it, everybody reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from helpdesk_tui.db import faq as rows
from helpdesk_tui.db.activity import Entry, new_change_id, record
from helpdesk_tui.db.rehearsal import rehearsed
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, Role
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.faq import FaqDraft, FaqItem, checked, key_of, language_tag
from helpdesk_tui.domain.text import clean
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

MAY_EDIT = (Role.MANAGER, Role.ADMIN, Role.OWNER)


class Brought(StrEnum):
    """What came of an entry of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Bringing:
    """What an import did, or with ``dry_run`` would do."""

    states: tuple[Brought, ...]
    """Of each draft, in their order."""
    is_reordered: bool = False


class Faq:
    """Keeps the FAQ; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    @property
    def may_edit(self) -> bool:
        """Whether this agent may change entries."""
        return self._actor.role in MAY_EDIT

    # reading ---------------------------------------------------------------------------------

    def all(self, language: str = "", *, published: bool = False) -> tuple[FaqItem, ...]:
        """Return the entries by language and place; of one language only, where it is named.

        Raises:
            UsageError: ``faq.bad-language``.
        """
        with self._store.read() as connection:
            found = rows.load_faq(connection, published=published)
        if not language:
            return found
        wanted = language_tag(language)
        return tuple(item for item in found if item.language == wanted)

    def removed(self) -> tuple[FaqItem, ...]:
        """Return the entries that were removed and can be brought back."""
        with self._store.read() as connection:
            return rows.load_faq(connection, is_removed=True)

    def load(self, item_id: int) -> FaqItem:
        """Return one entry.

        Raises:
            NotFound: ``faq.missing``.
        """
        with self._store.read() as connection:
            return _there(connection, item_id)

    def find(self, key: str, language: str = "") -> tuple[FaqItem, ...]:
        """Return an entry with all its translations, or in the one language that is named.

        Raises:
            NotFound: ``faq.unknown``.
        """
        wanted = key.strip().lower()
        found = tuple(item for item in self.all(language) if item.key == wanted)
        if not found:
            raise NotFound("faq.unknown", key=clean(key), language=clean(language) or "-")
        return found

    def find_one(self, key: str, language: str = "") -> FaqItem:
        """Return one entry; its language has to be named where it has several.

        Raises:
            NotFound: ``faq.unknown``.
            UsageError: ``faq.which-language``.
        """
        found = self.find(key, language)
        if len(found) > 1:
            known = ", ".join(item.language for item in found)
            raise UsageError("faq.which-language", key=found[0].key, known=known)
        return found[0]

    def languages(self) -> tuple[str, ...]:
        """Return the languages there are entries in."""
        return tuple(dict.fromkeys(item.language for item in self.all()))

    # writing ---------------------------------------------------------------------------------

    def add(self, draft: FaqDraft) -> FaqItem:
        """Keep a new entry, the last one of its language.

        Raises:
            NotAllowed: ``faq.by-managers``.
            UsageError: ``faq.exists``, or what is wrong with it.
        """
        self._check_role()
        draft = checked(draft)
        with self._store.write() as connection:
            number = self._insert(connection, draft)
            return _there(connection, number)

    def change(self, item_id: int, draft: FaqDraft, *, version: int | None = None) -> FaqItem:
        """Make an entry what a draft says.

        Args:
            item_id: The entry.
            draft: What it shall be; without a key it keeps its own.
            version: The version that was seen; a newer one is not overwritten.

        Raises:
            Conflict: ``faq.changed-meanwhile``.
            NotAllowed: ``faq.by-managers``.
            NotFound: ``faq.missing``.
            UsageError: as for :meth:`add`.
        """
        self._check_role()
        draft = checked(draft)
        with self._store.write() as connection:
            item = _current(connection, item_id, version)
            draft = replace(draft, key=draft.key or item.key)
            self._update(connection, item, draft)
            return _there(connection, item_id)

    def publish(
        self, item_id: int, *, is_published: bool = True, version: int | None = None
    ) -> FaqItem:
        """Show an entry to visitors, or with ``is_published=False`` hide it from them.

        Raises:
            Conflict, NotAllowed, NotFound: as for :meth:`change`.
        """
        self._check_role()
        with self._store.write() as connection:
            item = _current(connection, item_id, version)
            self._update(connection, item, replace(item.draft, published=is_published))
            return _there(connection, item_id)

    def move(self, item_id: int, by: int) -> FaqItem:
        """Move an entry up (below zero) or down among those of its language.

        Raises:
            NotAllowed: ``faq.by-managers``.
            NotFound: ``faq.missing``.
        """
        self._check_role()
        with self._store.write() as connection:
            item = _there(connection, item_id)
            order = [
                each.id for each in rows.load_faq(connection) if each.language == item.language
            ]
            at = order.index(item_id)
            order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
            rows.place_faq(connection, [(number, place) for place, number in enumerate(order)])
            place = order.index(item_id)
            if place != at:
                self._record(connection, "faq.moved", item, {"place": at}, {"place": place})
            return _there(connection, item_id)

    def remove(self, item_id: int, *, version: int | None = None) -> FaqItem:
        """Take an entry out of sight and return what it was; :meth:`restore` brings it back.

        Raises:
            Conflict, NotAllowed, NotFound: as for :meth:`change`.
        """
        self._check_role()
        with self._store.write() as connection:
            item = _current(connection, item_id, version)
            rows.remove_faq(connection, item_id, self._now())
            self._record(connection, "faq.removed", item, {"published": item.published}, {})
        return item

    def restore(self, item_id: int) -> FaqItem:
        """Bring a removed entry back as it was, at its old place.

        Raises:
            NotAllowed: ``faq.by-managers``.
            NotFound: ``faq.missing`` if it never was, or its key is used by a newer one.
        """
        self._check_role()
        with self._store.write() as connection:
            item = rows.load_faq_item(connection, item_id, is_removed=True)
            if item is None:
                raise NotFound("faq.missing", id=item_id)
            rows.remove_faq(connection, item_id, None)
            self._record(connection, "faq.restored", item, {}, {"published": item.published})
            return _there(connection, item_id)

    def bring(self, drafts: Sequence[FaqDraft], *, dry_run: bool = False) -> Bringing:
        """Keep all entries of a file, or none: new ones last, those there are as the file has them.

        They stand in the order of the file afterwards, in the places that they have together.
        Bringing the same file twice changes nothing.

        Raises:
            NotAllowed: ``faq.by-managers``.
            UsageError: what is wrong with one of them.
        """
        self._check_role()
        checked_drafts = [checked(draft) for draft in drafts]
        states: list[Brought] = []
        with (
            self._store.write() as connection,
            rehearsed(connection) if dry_run else nullcontext(),
        ):
            numbers = [self._bring(connection, draft, states) for draft in checked_drafts]
            is_reordered = self._reorder(connection, numbers)
        return Bringing(tuple(states), is_reordered)

    # how it is done --------------------------------------------------------------------------

    def _check_role(self) -> None:
        if not self.may_edit:
            raise NotAllowed("faq.by-managers", role=self._actor.role.value)

    def _insert(self, connection: sqlite3.Connection, draft: FaqDraft) -> int:
        if not draft.key:
            draft = replace(draft, key=key_of(draft.question, rows.load_keys(connection)))
        self._check_free(connection, draft, 0)
        number = rows.insert_faq(connection, draft, self._now())
        item = _there(connection, number)
        self._record(connection, "faq.added", item, {}, {"published": item.published})
        return number

    def _update(self, connection: sqlite3.Connection, item: FaqItem, draft: FaqDraft) -> None:
        if draft == item.draft:
            return
        self._check_free(connection, draft, item.id)
        rows.update_faq(connection, item.id, draft, self._now())
        if replace(item.draft, published=draft.published) != draft:
            kind = "faq.changed"
        else:
            kind = "faq.published" if draft.published else "faq.unpublished"
        before, after = {"published": item.published}, {"published": draft.published}
        self._record(connection, kind, item, before, after)

    def _check_free(self, connection: sqlite3.Connection, draft: FaqDraft, own_id: int) -> None:
        there = rows.find_faq(connection, draft.key, draft.language)
        if there is not None and there.id != own_id:
            raise UsageError("faq.exists", key=draft.key, language=draft.language)

    def _bring(self, connection: sqlite3.Connection, draft: FaqDraft, states: list[Brought]) -> int:
        if draft.key:
            item = rows.find_faq(connection, draft.key, draft.language)
        else:
            # a file without keys names its entries by their questions
            item = rows.find_question(connection, draft.question, draft.language)
            draft = replace(draft, key=item.key if item else "")
        if item is None:
            states.append(Brought.NEW)
            return self._insert(connection, draft)
        states.append(Brought.UNCHANGED if item.draft == draft else Brought.CHANGED)
        self._update(connection, item, draft)
        return item.id

    def _reorder(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> bool:
        """Put entries in this order, in the places that they have; tell whether any moved."""
        wanted = list(dict.fromkeys(numbers))
        items = {item.id: item for item in rows.load_faq(connection)}
        is_moved = False
        for language in {items[number].language for number in wanted}:
            order = [item.id for item in items.values() if item.language == language]
            mine = [number for number in wanted if items[number].language == language]
            chosen = set(mine)
            following = iter(mine)
            new = [next(following) if number in chosen else number for number in order]
            rows.place_faq(connection, [(number, place) for place, number in enumerate(new)])
            is_moved = is_moved or new != order
        return is_moved

    def _record(
        self,
        connection: sqlite3.Connection,
        kind: str,
        item: FaqItem,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> None:
        which = {"faq": item.id, "key": item.key, "language": item.language}
        entry = Entry(kind, before=before, after={**which, **after})
        record(connection, self._actor, self._now(), [entry], new_change_id())


def _there(connection: sqlite3.Connection, item_id: int) -> FaqItem:
    item = rows.load_faq_item(connection, item_id)
    if item is None:
        raise NotFound("faq.missing", id=item_id)
    return item


def _current(connection: sqlite3.Connection, item_id: int, version: int | None) -> FaqItem:
    item = _there(connection, item_id)
    if version is not None and version != item.version:
        raise Conflict("faq.changed-meanwhile", key=item.key, language=item.language)
    return item
