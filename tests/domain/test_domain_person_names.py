"""The first and the last name of a person."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.person_names import split_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Lena Doe", ("Lena", "Doe")),
        ("  Anna   Maria  Nowak ", ("Anna", "Maria Nowak")),
        ('"Doe, Lena"', ("Lena", "Doe")),
        ("Lena", ("Lena", "")),
        ("Lena,", ("Lena", "")),
        ("lena@example.net", ("", "")),
        ("+48 600", ("", "")),
        ("", ("", "")),
    ],
)
def test_the_parts_of_a_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
