"""Every text of the program is translated into every language."""

from __future__ import annotations

import pytest

from scripts.catalogues import PLURALS, extract, po_file, read_po


@pytest.mark.parametrize("language", PLURALS)
def test_every_text_is_translated(language: str) -> None:
    held = {each.key: each for each in read_po(po_file(language).read_text("utf-8"))}
    wanted = {each.key: each for each in extract()}
    assert held.keys() == wanted.keys(), "run: make messages"
    missing = [key for key, each in held.items() if not each.forms or each.fuzzy]
    assert missing == []
    assert all(bool(held[key].plural) == bool(each.plural) for key, each in wanted.items())
