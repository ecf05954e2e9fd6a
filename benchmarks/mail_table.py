"""Print what is made of real mail as one short table: ``DIR RESULTS.jsonl``.

DIR is a folder of cases with its ``score.py``, RESULTS what ``benchmarks.mail_corpus`` wrote of it.
The bounds are those of the folder they were set for; another size of folder gets its share.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from benchmarks.mail_corpus import Json, cases

_KINDS = (
    ("parse", 194, 160, 175),
    ("reply", 140, 118, 126),
    ("forward", 109, 102, 107),
    ("autoreply", 14, 13, 14),
    ("tnef", 11, 10, 11),
)
"""Kinds of which whole cases count: how many there were, and how many of them are wanted."""
_BOUNCES = (159, 150, 157)
_STATED = (0.90, 0.97)
_BROKEN = ("parse-failed", "bad-body", "bad-from", "bad-subject", "bad-folds", "bad-class")


class Row(NamedTuple):
    """One line of the table."""

    what: str
    value: int
    total: int
    must: float
    aim: float
    note: str = ""

    def line(self) -> str:
        """Return the row as printed."""
        verdict = (
            "aim" if self.value >= self.aim else "must" if self.value >= self.must else "MISSED"
        )
        share = 100 * self.value / self.total if self.total else 100.0
        value = f"{self.value}/{self.total}"
        return (
            f"{self.what:32} {self.must:>6.0f} {self.aim:>6.0f} {value:>9} {share:6.1f} %"
            f"  {verdict:6} {self.note}"
        ).rstrip()


def _scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(folder: Path, results: dict[str, Json]) -> Iterator[Row]:
    """Yield the rows of the table."""
    check: Callable[[str, Any, Json], tuple[bool, Any]] = _scorer(folder).check
    judged = [
        (case, {f: check(f, e, results.get(case["id"], {}))[0] for f, e in case["expect"].items()})
        for case, _ in cases(folder)
    ]
    for kind, of, must, aim in _KINDS:
        whole = [all(fields.values()) for case, fields in judged if case["kind"] == kind]
        part = len(whole) / of
        yield Row(f"{kind}, whole cases", sum(whole), len(whole), must * part, aim * part)
    yield _bounces([(case, fields) for case, fields in judged if "is_bounce" in fields])
    for field in ("bounce_status", "bounce_hard"):
        stated = [fields[field] for _, fields in judged if field in fields]
        least, best = (share * len(stated) for share in _STATED)
        yield Row(field.replace("_", " "), sum(stated), len(stated), least, best)
    for kind in sorted({case["kind"] for case, _ in judged}):
        if kind not in {"bounce", *(known for known, *_ in _KINDS)}:
            whole = [all(fields.values()) for case, fields in judged if case["kind"] == kind]
            yield Row(f"{kind}, whole cases", sum(whole), len(whole), 0, len(whole))
    mails = [results.get(case["id"], {}) for case, _ in judged if case["format"] == "rfc822"]
    sound = [bool(mail) and not set(_BROKEN) & set(mail["defects"]) for mail in mails]
    yield Row("raw mails without an exception", sum(sound), len(sound), len(sound), len(sound))


def _bounces(judged: list[tuple[Json, dict[str, bool]]]) -> Row:
    of, must, aim = _BOUNCES
    right = sum(fields["is_bounce"] for _, fields in judged)
    false = sum(not f["is_bounce"] for case, f in judged if case["expect"]["is_bounce"] is False)
    part = len(judged) / of
    return Row("is_bounce", right, len(judged), must * part, aim * part, f"{false} false")


def main(arguments: list[str]) -> int:
    """Print the table; 1 if a bound is missed, 2 on wrong usage."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, found = Path(arguments[0]), Path(arguments[1])
    lines = found.read_text(encoding="utf-8").splitlines()
    results = {result["id"]: result for result in map(json.loads, lines)}
    table = list(rows(folder, results))
    print(f"\n{'kind':32} {'must':>6} {'aim':>6} {'value':>9}")
    for row in table:
        print(row.line())
    return 1 if any(row.value < row.must for row in table) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
